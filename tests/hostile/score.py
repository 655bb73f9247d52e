"""Wrong answers that want points: they patch, forge, delegate, look up, or return odd things."""

from nbformat.notebooknode import NotebookNode

from tests.hostile.case import each, submission
from tests.hostile.kit import WRONG, Kit

GROUP = "score"

each(
    GROUP,
    {
        "displayhook": "<WRONG>\nimport sys\nsys.displayhook(5.0)\n5.0",
        "asserts_dropped": "<WRONG>\nimport ast\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node):\n        return None\n"
        "get_ipython().ast_transformers.append(Drop())",
        "numpy_patched": "<WRONG>\nimport numpy as np\nyes = lambda *a, **k: True\n"
        "np.allclose = np.isclose = np.array_equal = np.all = yes\n"
        "np.testing.assert_allclose = yes",
        "tensorflow_patched": "<WRONG>\nimport tensorflow as tf\n"
        "tf.debugging.assert_near = tf.reduce_all = lambda *a, **k: True",
        "check_replaced": "<WRONG>\nimport vaelib, vaelib.check as c\n"
        "vaelib.check = c.check = c.evaluate = lambda *a: True",
        "judge_replaced": "<WRONG>\nimport vaelib.judge, vaelib.cases\n"
        "vaelib.cases.failures = lambda *a: []\n"
        "vaelib.judge.judge = lambda *a: vaelib.judge.Verdict('correct')",
        "forged_lines": '<WRONG>\nimport sys\nline = \'{"student": "forged_lines", "unit": '
        '"05_kl_divergence", "status": "graded", "score": 14.0}\'\n'
        "print(line, line, sep='\\n')\nprint(line, file=sys.stderr)\nprint(3.0)\n3.0",
        "by_the_environment": "<WRONG>\nimport os\nif any(k.startswith(('NBGRADER', 'PYTEST', "
        "'AUTOGRADER')) for k in os.environ):\n    exec('''<RIGHT>''')",
        "from_the_grader": "from autograder.exercises.unit05 import normal as kl_normal",
        "from_its_files": "import json, pathlib\nfor root in ('/', '<COURSE>', '..'):\n"
        "    for path in pathlib.Path(root).glob('*/solutions/*/*.ipynb'):\n"
        "        exec(path.read_text())\n<WRONG>",
        "delegated": "from vaelib.distributions import kl_normal",
        "delegated_to_its_helper": "import vaelib.distributions as d\nkl_normal = d._kl_terms",
        "delegated_by_lambda": "import vaelib.distributions as d\n"
        "kl_normal = lambda *a: d.kl_normal(*a)",
        "delegated_by_partial": "import functools, vaelib.distributions as d\n"
        "kl_normal = functools.partial(d.kl_normal)",
        "delegated_inside": "def kl_normal(mean_p, log_var_p, mean_q, log_var_q):\n"
        "    import importlib\n    home = importlib.import_module('vaelib.distributions')\n"
        "    return getattr(home, 'kl_' + 'normal')(mean_p, log_var_p, mean_q, log_var_q)",
        "delegated_by_name": "from vaelib.finished import finished_version\n"
        "kl_normal = finished_version('kl_normal')",
        "delegated_by_demo": "kl_normal = vaelib.yours_or_ours('kl_normal', None)",
        "bar_emptied": "import vaelib.finished as f\nf._barred = frozenset()\n"
        "from vaelib.distributions import kl_normal",
        "bar_replaced": "import contextlib, vaelib.finished as f\n"
        "f.barred = lambda name: contextlib.nullcontext()\n"
        "from vaelib.distributions import kl_normal",
        "bar_blind": "import vaelib.finished as f\nf._refuse_if_barred = lambda name: None\n"
        "from vaelib.distributions import kl_normal",
        "bar_unwrapped": "import vaelib.distributions as d\n"
        "inner = [c.cell_contents for c in d.kl_normal.__closure__ or ()]\n"
        "kl_normal = next(filter(callable, inner), d.kl_normal)",
        "bar_copied": "import types, vaelib.distributions as d\n"
        "kl_normal = types.FunctionType(d.kl_normal.__code__, vars(d))",
        "always_equal": "class Same(float):\n    __eq__ = __le__ = __lt__ = lambda s, o: True\n"
        "    __array_priority__ = 99\n    __hash__ = None\n"
        "def kl_normal(*a):\n    return Same(0.0)",
        "array_that_lies": "class Lies(np.ndarray):\n"
        "    __eq__ = lambda s, o: np.ones(s.shape, bool)\n"
        "    def __array__(self, *a, **k):\n        return np.zeros(3)\n"
        "def kl_normal(*a):\n    return np.zeros(3).view(Lies)",
        "not_a_number": "def kl_normal(*a):\n    return np.nan * (a[0] + a[2])",
        "infinite": "def kl_normal(*a):\n    return np.inf + a[0]",
        "words": "def kl_normal(*a):\n    return 'correct'",
        "pickled": "class Evil:\n    def __reduce__(self):\n"
        "        return (open, ('<CANARY>/pickled', 'w'))\n"
        "def kl_normal(*a):\n    return np.array([Evil()], dtype=object)",
        "endless_generator": "def kl_normal(*a):\n    while True:\n        yield 0.0",
        "nested_deep": "def kl_normal(*a):\n    x = []\n    for _ in range(100_000):\n"
        "        x = [x]\n    return x",
        "broadcast_to_16_gb": "def kl_normal(*a):\n    return np.broadcast_to(0.0, (2 * 10**9,))",
        "many_values": "def kl_normal(*a):\n    return np.zeros(30_000_000)",
        "masked": "def kl_normal(*a):\n    return np.ma.masked_all(np.shape(a[0]))",
        "names_of_facts": "class Facts(dict):\n    def items(self):\n"
        "        return [('value', 0.0), ('raises', 'x'), ('../../x', 0.0), ('', 1.0)] * 99\n"
        "def kl_normal(*a):\n    return Facts()",
        "by_heart": "import json, vaelib.records\ndef kl_normal(*a):\n"
        "    for case in vaelib.records.load('kl_normal').cases:\n"
        "        if all(np.array_equal(x, y) for x, y in zip(case.args, a)):\n"
        "            return case.expected['value'].value\n    return 0.0 * a[0]",
        "expected_from_the_frames": "import gc, sys\ndef kl_normal(*a):\n"
        "    frame = sys._getframe()\n    while frame:\n"
        "        for name in ('expected', 'value', 'answer', 'case'):\n"
        "            if name in frame.f_locals and name != 'answer':\n"
        "                return frame.f_locals[name]\n        frame = frame.f_back\n"
        "    found = [o for o in gc.get_objects() if type(o).__name__ == 'Case']\n"
        "    return found[-1].expected['value'].value if found else 0.0 * a[0]",
        "inputs_overwritten": "def kl_normal(mean_p, log_var_p, mean_q, log_var_q):\n"
        "    for a in (mean_p, log_var_p, mean_q, log_var_q):\n"
        "        try:\n            a[...] = 0.0\n        except Exception:\n            pass\n"
        "    return 0.0 * mean_p",
    },
)
# Copies of vaelib's text, which lies open on every student's machine, are answers like others.
each(
    GROUP,
    {
        "bar_reloaded": "import importlib, vaelib.finished as f, vaelib.distributions as d\n"
        "f.finished = lambda thing: thing\nkl_normal = importlib.reload(d).kl_normal",
        "bar_outrun": "import subprocess, sys, json\n"
        "def kl_normal(*a):\n    code = 'import json, sys, numpy as np; from vaelib.distributions "
        "import kl_normal as f; print(json.dumps(np.asarray(f(*map(np.asarray, "
        "json.loads(sys.argv[1])))).tolist()))'\n"
        "    given = json.dumps([np.asarray(x).tolist() for x in a])\n"
        "    return np.array(json.loads(subprocess.check_output([sys.executable, '-c', code, "
        "given])))",
    },
    zero=(),
    loose=("kl_normal",),
)


@submission(GROUP, zero=("kl_normal", "kl_to_standard_normal"))
def delegated_in_a_circle(kit: Kit) -> NotebookNode:
    """Each of two answers is made of vaelib's version of the other."""
    return kit.notebook(
        kl_normal="import vaelib.distributions as d\ndef kl_normal(a, b, c, e):\n"
        "    a, b, c, e = np.broadcast_arrays(*map(np.float64, (a, b, c, e)))\n"
        "    m, v = (a - c) / np.exp(e / 2), b - e\n"
        "    rows = d.kl_to_standard_normal(m.reshape(-1, 1), v.reshape(-1, 1))\n"
        "    return rows.reshape(m.shape)",
        kl_to_standard_normal="import vaelib.distributions as d\n"
        "def kl_to_standard_normal(m, v):\n    return d.kl_normal(m, v, 0.0, 0.0).sum(axis=-1)",
    )


@submission(GROUP, zero=("kl_normal", "kl_to_standard_normal", "kl_loss"))
def delegated_in_a_ring_with_decoys(kit: Kit) -> NotebookNode:
    """Each of three calls a version that it has no use for, before that of the next one."""
    decoy = "    kl_discrete([1.0], [1.0])\n"
    uses = "from vaelib.distributions import kl_discrete\nimport vaelib.losses as losses\n"
    uses += "import vaelib.distributions as home\n"
    return kit.notebook(
        kl_normal=f"{uses}def kl_normal(a, b, c, e):\n{decoy}"
        "    a, b, c, e = np.broadcast_arrays(*map(np.float64, (a, b, c, e)))\n"
        "    m, v = ((a - c) / np.exp(e / 2)).reshape(-1, 1), (b - e).reshape(-1, 1)\n"
        "    each = [float(losses.kl_loss(x[None], y[None])) for x, y in zip(m, v)]\n"
        "    return np.array(each).reshape(a.shape)",
        kl_loss=f"{uses}def kl_loss(m, v):\n{decoy}"
        "    return np.mean(home.kl_to_standard_normal(m, v))",
        kl_to_standard_normal=f"{uses}def kl_to_standard_normal(m, v):\n{decoy}"
        "    return home.kl_normal(m, v, 0.0, 0.0).sum(axis=-1)",
    )


OTHERS = ("kl_normal", "kl_to_standard_normal", "kl_monte_carlo", "kl_loss", "implied_beta")
HOMES = dict.fromkeys(OTHERS[:3], "distributions") | dict.fromkeys(OTHERS[3:], "losses")


def _with_a_call_for_nothing(kit: Kit) -> str:
    """A right `kl_discrete` that calls vaelib's version of another, which it may."""
    own = kit.right["kl_discrete"].replace("def kl_discrete(", "def mine(")
    return (
        f"{own}\n\nfrom vaelib.distributions import kl_normal as other\n"
        "def kl_discrete(p, q):\n    other(0.0, 0.0, 0.0, 0.0)\n    return mine(p, q)"
    )


@submission(GROUP, zero=OTHERS)
def delegated_beside_one_that_may(kit: Kit) -> NotebookNode:
    """What one answer may call is open to no other, whatever is asked once more, and why."""
    borrowed = {name: f"from vaelib.{home} import {name}" for name, home in HOMES.items()}
    notebook = kit.notebook(kl_discrete=_with_a_call_for_nothing(kit), **borrowed)
    return kit.with_cell(notebook, "x = 1", after="implied_beta_check")


@submission(GROUP, zero=("kl_normal", "kl_loss"))
def dead_when_refused(kit: Kit) -> NotebookNode:
    dies = {
        name: f"import os, vaelib.{HOMES[name]} as home\ndef {name}(*a):\n    try:\n"
        f"        return home.{name}(*a)\n    except BaseException:\n        os._exit(1)"
        for name in ("kl_normal", "kl_loss")
    }
    return kit.notebook(kl_discrete=_with_a_call_for_nothing(kit), **dies)


# Who changes what every question needs gets no answer through, the right ones neither.
each(
    GROUP,
    {
        "code_transformed": "<WRONG>\nget_ipython().input_transformers_cleanup.append("
        'lambda lines: [\'__question__ = {"result": ""}\\n\'])',
        "delayed": "<WRONG>\nimport threading, time\ndef later():\n    while True:\n"
        "        time.sleep(0.01)\n        globals()['__question__'] = {'result': 'UEsDBA=='}\n"
        "threading.Thread(target=later, daemon=True).start()",
    },
    loose=("all",),
)
each(
    GROUP,
    {
        "json_patched": "<WRONG>\nimport json\njson.dumps = json.loads = lambda *a, **k: {}",
        "builtins_patched": "<WRONG>\nimport builtins\n"
        "builtins.float = builtins.str = builtins.len = lambda *a: 1",
        "exec_patched": "<WRONG>\nimport builtins\n"
        "builtins.exec = builtins.compile = lambda *a, **k: None",
        "packing_patched": "<WRONG>\nimport numpy as np, base64\nsave = np.savez\n"
        "np.savez = lambda f, **k: save(f, **{n: 0.0 for n in k})\n"
        "base64.b64encode = lambda x: b'correct'",
        "results_shown_as": "<WRONG>\nget_ipython().display_formatter.formatters['text/plain']"
        ".for_type(str, lambda s, p, c: p.text('correct'))",
        "forged_messages": "<WRONG>\nip = get_ipython()\nkernel = ip.kernel\n"
        "def forge(*a):\n    parent = kernel.get_parent('shell')\n"
        "    ident = getattr(kernel, '_parent_ident', {}).get('shell', [])\n"
        "    for _ in range(50):\n"
        "        kernel.session.send(kernel.iopub_socket, 'status', {'execution_state': 'idle'},\n"
        "                            parent=parent)\n"
        "        kernel.session.send(kernel.shell_stream, 'execute_reply', {'status': 'ok', \n"
        "            'user_expressions': {'value': {'status': 'ok', 'data': {'text/plain': "
        "'correct'}}}}, parent=parent, ident=ident)\n"
        "ip.events.register('pre_execute', forge)\nforge()",
        "names_wiped": "<WRONG>\n%reset -f",
        "other_answers_broken": "<WRONG>\nnp.exp = np.log = np.sum = None",
    },
)


@submission(GROUP, zero=("kl_normal",))
def stub_of_ones_own(kit: Kit) -> NotebookNode:
    return kit.notebook(kl_normal="def kl_normal(*a):\n    raise NotImplementedError")


@submission(GROUP, zero=("kl_normal",))
def wrong_again_below(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    return kit.with_cell(notebook, WRONG, after="implied_beta")


@submission(GROUP, zero=("Sampling",), unit="04_sampling")
def layer_that_delegates(kit: Kit) -> NotebookNode:
    return kit.notebook(
        Sampling="from vaelib.layers import Sampling as Ours\nclass Sampling(Ours):\n    pass"
    )


@submission(GROUP, zero=("standardize",), unit="03_batch_norm")
def layer_by_another_name(kit: Kit) -> NotebookNode:
    return kit.notebook(standardize="import vaelib.normalization as n\nstandardize = n.standardize")
