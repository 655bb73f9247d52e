"""Honest work, as odd as it comes: it must lose nothing."""

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder.results import GRADED
from autograder.roles import grade_id
from tests.hostile.case import submission
from tests.hostile.kit import Kit, cell, plain

GROUP = "honest"
CLEAN = frozenset({GRADED})
UNITS = ("02_normal_distributions", "03_batch_norm", "04_sampling")


@submission(GROUP, statuses=CLEAN)
def full_marks(kit: Kit) -> NotebookNode:
    """With a line that nobody else's page or notebook may show."""
    return kit.with_cell(kit.notebook(), "# <MARK>-private")


for _number, _unit in enumerate(UNITS, 2):
    submission(GROUP, f"full_marks_{_number}", statuses=CLEAN, unit=_unit)(full_marks)


@submission(GROUP, statuses=CLEAN, zero=("all",), written=False)
def untouched(kit: Kit) -> NotebookNode:
    return kit.released


@submission(GROUP, statuses=CLEAN, zero=("kl_normal", "implied_beta"))
def half_done(kit: Kit) -> NotebookNode:
    stubs = {cell.source: grade_id(cell) for cell in kit.released.cells if grade_id(cell)}
    source = {name: text for text, name in stubs.items()}
    return kit.notebook(kl_normal=source["kl_normal"], implied_beta=source["implied_beta"])


@submission(GROUP, zero=("kl_normal",))
def one_syntax_error(kit: Kit) -> NotebookNode:
    return kit.notebook(kl_normal="def kl_normal(a, b, c, d)\n    return a")


@submission(GROUP)
def helper_cells(kit: Kit) -> NotebookNode:
    notebook = kit.notebook(
        kl_normal="def kl_normal(a, b, c, d):\n    return half(a, b, c, d) + 0.5 * (d - b - 1)"
    )
    place = [grade_id(entry) for entry in notebook.cells].index("kl_normal")
    helper = "def half(a, b, c, d):\n    return 0.5 * (np.exp(b - d) + (a - c) ** 2 / np.exp(d))"
    notebook.cells.insert(place, new_code_cell(helper))
    return notebook


TAKEN = {
    "compile": "compile = exec = globals = None",
    "all_of_re": "from re import *",
    "how_text_is_shown": "from rich import pretty\npretty.install()",
    "a_module_beside": "%%writefile own_half.py\ndef half(x):\n    return 0.5 * x",
    "what_the_unit_imports": "plots.use_style()\nload_digits('bundled')",
}
for _name, _source in TAKEN.items():
    submission(GROUP, f"takes_{_name}")(
        lambda kit, source=_source: kit.with_cell(kit.notebook(), source, after="kl_discrete")
    )


@submission(GROUP)
def imports_a_module_beside(kit: Kit) -> NotebookNode:
    text = "from own_half import half\n" + kit.right["kl_normal"].replace("0.5 * (", "half(")
    notebook = kit.notebook(kl_normal=text)
    return kit.with_cell(notebook, TAKEN["a_module_beside"], after="kl_discrete")


@submission(GROUP)
def name_taken_later(kit: Kit) -> NotebookNode:
    right = kit.right["kl_normal"].replace("0.5 * (", "eps * (")
    notebook = kit.notebook(kl_normal=f"eps = 0.5\n{right}")
    return kit.with_cell(notebook, "eps = 'of another cell'", after="implied_beta")


@submission(GROUP)
def defined_under_a_condition(kit: Kit) -> NotebookNode:
    body = kit.right["kl_normal"].replace("\n", "\n    ")
    notebook = kit.notebook(kl_normal=f"if True:\n    {body}")
    cell(notebook, "kl_normal").metadata = {}
    return notebook


@submission(GROUP)
def split_over_two_cells(kit: Kit) -> NotebookNode:
    notebook = kit.notebook(kl_normal="def var(log_var):\n    return np.exp(log_var)")
    rest = (
        "def kl_normal(a, b, c, d):\n"
        "    return 0.5 * (d - b + (var(b) + (a - c) ** 2) / var(d) - 1)"
    )
    return kit.with_cell(notebook, rest, after="kl_normal")


@submission(GROUP)
def magics(kit: Kit) -> NotebookNode:
    notebook = kit.notebook(kl_normal=f"%%time\n{kit.right['kl_normal']}")
    kit.with_cell(notebook, "%matplotlib inline\n!ls\n%pip install numpy\n?np.exp")
    return kit.with_cell(notebook, "%%timeit -n 1 -r 1\nkl_normal(0, 0, 0, 0)", after="kl_normal")


@submission(GROUP)
def own_cells_that_fail(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for source in ("1 / 0", "import seaborn_of_tomorrow", "raise SystemExit", "def broken(:", "\\"):
        kit.with_cell(notebook, source, after="kl_normal")
    return notebook


@submission(GROUP)
def warns(kit: Kit) -> NotebookNode:
    noise = "import sys, warnings, logging\nwarnings.warn('careful')\nlogging.error('x')\n"
    noise += "print('on stderr', file=sys.stderr)"
    notebook = kit.notebook(kl_normal=f"{noise}\n{kit.right['kl_normal']}")
    return kit.with_cell(notebook, noise)


@submission(GROUP)
def slow_but_right(kit: Kit) -> NotebookNode:
    return kit.with_cell(kit.notebook(), "import time\ntime.sleep(2)", after="kl_normal")


@submission(GROUP)
def saved_by_colab(kit: Kit) -> dict:
    content = plain(kit.notebook())
    for number, entry in enumerate(content["cells"]):
        entry["metadata"] = {"id": f"colab{number}", "colab": {"base_uri": "https://x.org"}}
        entry.pop("id")
    return {
        "nbformat": 4,
        "nbformat_minor": 0,
        "cells": content["cells"],
        "metadata": {
            "colab": {"provenance": []},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
        },
    }


@submission(GROUP)
def saved_by_an_editor(kit: Kit) -> dict:
    content = plain(kit.notebook())
    for number, entry in enumerate(content["cells"]):
        entry["id"] = f"W{number}sZmlsZQ=="
        entry["metadata"]["vscode"] = {"languageId": "python"}
        entry["source"] = "".join(entry["source"])
    return content


@submission(GROUP)
def tabs_and_spaces(kit: Kit) -> NotebookNode:
    right = {name: text.replace("    ", "\t") for name, text in kit.right.items()}
    return kit.notebook(**right)


@submission(GROUP)
def own_alphabet(kit: Kit) -> NotebookNode:
    return kit.notebook(
        kl_normal="def kl_normal(μ_p, λ_p, μ_q, λ_q):\n    # Größe, 大きさ 🙂\n"
        "    return 0.5 * (λ_q - λ_p + (np.exp(λ_p) + (μ_p - μ_q) ** 2) / np.exp(λ_q) - 1)"
    )


@submission(GROUP)
def as_a_lambda(kit: Kit) -> NotebookNode:
    return kit.notebook(implied_beta="implied_beta = lambda latent_dim: 1 / latent_dim")


@submission(GROUP)
def own_cells_without_end(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for number in range(300):
        kit.with_cell(notebook, f"scratch_{number} = {number}", after="kl_loss")
    return notebook


@submission(GROUP)
def large_figures(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    picture = {"image/png": "iVBORw0KGgo" + "A" * 3_000_000, "text/plain": "<Figure>"}
    for name in ("kl_discrete_check", "kl_normal_check", "kl_loss_check"):
        cell(notebook, name).outputs = [new_output("display_data", picture)]
    return notebook


@submission(GROUP)
def unseeded(kit: Kit) -> NotebookNode:
    return kit.with_cell(kit.notebook(), "rng = np.random.default_rng()\nnp.random.seed()")
