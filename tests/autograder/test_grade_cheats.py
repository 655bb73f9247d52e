"""Does a wrong answer stay wrong, whatever its notebook tries, and is nobody else touched?"""

import zlib
from collections.abc import Callable

import numpy as np
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder import asking, kernels
from autograder.grade import Graded
from autograder.kernels import Limits
from autograder.specification import Exercise
from tests.autograder import toy
from tests.autograder.canned import verdicts
from vaelib.cases import Case

Answers = Callable[..., NotebookNode]
Run = Callable[..., Graded]

SHORT = Limits(call=2.0, cell=3.0, notebook=6.0)
FALSE = "def toy_share(x):\n    return x\n"
CHEATS = {
    "forged result": 'print(\'{"student": "ada", "score": 8.0, "verdict": "correct"}\')',
    "forged number": "import sys\nsys.displayhook(5.0)\n5.0",
    "numpy patched": "np.allclose = np.array_equal = np.isclose = np.all = lambda *a, **k: True",
    "check replaced": "import vaelib\nvaelib.check = vaelib.evaluate = lambda *a: True",
    "asserts dropped": "import ast\nget_ipython().ast_transformers.append("
    "type('T', (ast.NodeTransformer,), {'visit_Assert': lambda s, n: None})())",
    "result replaced": "class D(dict):\n    def __getitem__(s, k):\n        return 'correct'\n"
    "__question__ = D()",
    "shown as another": "get_ipython().display_formatter.formatters['text/plain']"
    ".for_type(str, lambda s, p, c: p.text('correct'))",
    "environment": "import os\nos.environ['NBGRADER_EXECUTION'] = 'validate'",
    "everything is equal": "class E:\n    def __eq__(s, o):\n        return True\n"
    "    __array_priority__ = 9\ndef toy_share(x):\n    return E()",
    "magic": "%reset -f\nimport numpy as np\ndef toy_share(x):\n    return x",
    "bar lifted": "import vaelib.finished\nvaelib.finished._functions.clear()",
    "file beside": "open('numpy.py', 'w').write('allclose = lambda *a, **k: True')",
}


SABOTAGE = {
    "json patched": "import json\njson.dumps = json.loads = lambda *a, **k: {'score': 8}",
    "builtins patched": "import builtins\nbuiltins.float = builtins.str = lambda *a: 1",
    "exec patched": "import builtins\nbuiltins.exec = builtins.compile = lambda *a, **k: None",
}


@pytest.mark.parametrize("code", CHEATS.values(), ids=CHEATS)
def test_cheats_earn_nothing(graded: Run, answers: Answers, code: str) -> None:
    """Does a wrong answer stay wrong, whatever its cell does besides?"""
    result = graded(answers(toy_share=f"{FALSE}{code}"))
    assert result.result.graded
    assert verdicts(result)["toy_pair"] in ("correct", "error")
    assert result.result.exercises["toy_share"].score == 0.0


@pytest.mark.parametrize("code", SABOTAGE.values(), ids=SABOTAGE)
def test_sabotage_earns_nothing(
    graded: Run, answers: Answers, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does a kernel that is made useless cost its own student, and no more than the limits?"""
    monkeypatch.setattr(kernels, "GRACE", 0.2)
    result = graded(answers(toy_share=f"{FALSE}{code}"), limits=SHORT)
    assert result.result.graded
    assert result.result.exercises["toy_share"].score == 0.0


def test_cheats_reach_nobody_else(
    graded: Run, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is the next student's score what it was, after all of these in one notebook?"""
    with monkeypatch.context() as patched:
        patched.setattr(kernels, "GRACE", 0.2)
        every = "\n".join([*CHEATS.values(), *SABOTAGE.values()])
        graded(answers(toy_share=FALSE + every), limits=SHORT)
    assert graded(answers()).result.score == toy.ALL


FORGER = """\
import numpy, zipfile
saved = numpy.savez
def forged(file, **arrays):
    if "value" in arrays:
        arrays["value"] = right(kept[-1])
    return saved(file, **arrays)
numpy.savez = forged
kept = []
def right(x):
    return x / x.sum()
def toy_share(x):
    kept.append(x)
    return 0.0
"""


def test_forged_report(graded: Run, answers: Answers) -> None:
    """Is a kernel found out that reports something else than what an answer returned?"""
    result = graded(answers(toy_share=FORGER)).result
    assert result.exercises["toy_share"].score == 0.0
    assert result.exercises["toy_share"].message == asking.FORGED
    assert result.exercises["toy_width"].verdict == "correct"


def test_hidden_inputs_stay_hidden(graded: Run, answers: Answers) -> None:
    """Does an answer that keeps its inputs, and tells them later, tell only public ones?"""
    keeper = "kept = []\ndef toy_share(x):\n    kept.append(x.tolist())\n    raise ValueError(kept)"
    result = graded(answers(toy_share=keeper)).result.exercises["toy_share"]
    hidden = [x for case in _hidden(toy.toy_share, 1) for x in case.args[0]]
    assert "raised ValueError: [[" in result.message
    assert not [x for x in hidden if f"{x:.6f}" in result.message]


def _hidden(exercise: Exercise, seed: int) -> list[Case]:
    entropy = [seed, zlib.crc32(exercise.name.encode())]
    return exercise.draw(int(np.random.SeedSequence(entropy).generate_state(1)[0]))


SPOILERS = {
    "numpy": "np.exp = np.sum = None",
    "setting": "np.seterr(all='raise')\nnp.exp = np.log",
    "name": "np = 'mine'",
    "builtins": "import builtins\nbuiltins.float = None\nnp.power = None",
    "later": "def spoil(x):\n    np.exp = np.sum = np.divide = None\n"
    "toy_width_before = toy_width\ndef toy_width(x):\n    spoil(x)\n    return x",
}


@pytest.mark.parametrize("code", SPOILERS.values(), ids=SPOILERS)
def test_spoilt_state_costs_no_other_answer(
    graded: Run, answers: Answers, right: dict[str, str], code: str
) -> None:
    """Does an answer that breaks what all share cost itself only?"""
    found = verdicts(graded(answers(toy_width=f"{right['toy_width']}\n{code}")))
    assert (found["toy_share"], found["toy_pair"]) == ("correct", "correct")


@pytest.mark.parametrize("later", ["factor = 'mine'", "def factor(x, y):\n    return x"])
def test_name_that_is_taken_later(
    graded: Run, answers: Answers, right: dict[str, str], later: str
) -> None:
    """Is an answer right whose helper is another thing at the notebook's end?"""
    helped = right["toy_share"].replace("return ", "return factor() * ")
    notebook = answers(toy_share=f"def factor():\n    return 1.0\n{helped}")
    notebook.cells.append(new_code_cell(later))
    assert verdicts(graded(notebook))["toy_share"] == "correct"


def test_dead_kernel_is_told(
    graded: Run, answers: Answers, right: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Does a cell after which nothing can be asked cost itself only, and is it named?"""
    monkeypatch.setattr(kernels, "GRACE", 0.5)
    code = f"{right['toy_width']}\nimport builtins\nbuiltins.exec = builtins.compile = None"
    result = graded(answers(toy_width=code), limits=SHORT).result
    assert result.exercises["toy_width"].verdict == "crashed"
    assert result.exercises["toy_pair"].verdict == "correct"
    assert "toy_width: left the kernel unable to go on" in result.warnings


def test_stored_outputs(graded: Run, released: NotebookNode) -> None:
    """Does a notebook earn nothing that shows right outputs over stubs?"""
    for cell in released.cells:
        if cell.cell_type == "code":
            cell.outputs = [new_output("stream", name="stdout", text="\N{CHECK MARK} correct")]
    assert graded(released).result.score == 0.0


def test_public_examples_by_heart(graded: Run, answers: Answers) -> None:
    """Is an answer found out that holds the public examples?"""
    lines = ["def toy_share(x):"]
    for case in toy.toy_share.draw(zlib.crc32(b"toy_share")):
        value = case.expected["value"].value
        lines.append(f"    if np.allclose(x[:1], {float(case.args[0][0])!r}):")
        lines.append(f"        return np.array({value.tolist()})")
    result = graded(answers(toy_share="\n".join(lines))).result.exercises["toy_share"]
    assert (result.score, result.verdict) == (0.0, "wrong")
    assert result.message == asking.ONLY_PUBLIC
