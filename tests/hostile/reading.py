"""What a person or a program reads afterwards: pages, terminals, spreadsheets."""

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from tests.hostile.case import each, submission
from tests.hostile.kit import Kit, cell

GROUP = "reading"
LIVE = (
    "<script>document.title='live'</script><img src=x onerror=\"document.title='live'\">"
    "<iframe srcdoc='<script>parent.document.title=1</script>'></iframe><style>*{display:none}"
    "</style><svg onload=alert(1)></svg></pre></main><a href='javascript:alert(1)'>x</a>"
)


@submission(GROUP, zero=("kl_normal",))
def live_everywhere(kit: Kit) -> NotebookNode:
    shown = "from IPython.display import *\n" + "\n".join(
        f"display({kind}({LIVE!r}))" for kind in ("HTML", "Markdown", "Javascript", "Latex")
    )
    source = f"# {LIVE}\n{shown}\nprint({LIVE!r})\nraise ValueError({LIVE!r})"
    notebook = kit.notebook(kl_normal=source, **{kit.reflection: f"{LIVE} {kit.words}"})
    data = {"text/html": LIVE, "image/svg+xml": LIVE, "image/png": LIVE}
    cell(notebook, "kl_loss").outputs = [new_output("display_data", data)]
    return kit.with_cell(notebook, f"'''{LIVE}'''")


@submission(GROUP, zero=("kl_normal",))
def live_in_names(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    cell(notebook, "kl_normal").metadata["tags"] = [LIVE, "skip-execution"]
    cell(notebook, "kl_loss").metadata["nbgrader"]["grade_id"] = LIVE
    return notebook


@submission(GROUP)
def formulas_and_escapes(kit: Kit) -> NotebookNode:
    return kit.notebook(**{kit.reflection: f'=HYPERLINK("x")\n\x1b[2J\x1b]0;x\x07 {kit.words}'})


each(
    GROUP,
    {
        "escapes_printed": "<WRONG>\nimport os\nprint('\\x1b[2J\\x1b]0;title\\x07\\x9b31m')\n"
        "os.write(1, b'\\x1b[2J')\nraise ValueError('\\x1b[2J\\x07')",
        "live_error": "def kl_normal(*a):\n    raise type('<script>x</script>', (ValueError,), {})"
        f"({LIVE!r})",
        "live_value": f"def kl_normal(*a):\n    return {LIVE!r}",
        "inputs_printed": "asked = []\ndef kl_normal(*a):\n    asked.append(a)\n    print(a)\n"
        "    import sys\n    print(a, file=sys.stderr)\n    return 0.0 * a[0]",
        "inputs_raised": "def kl_normal(*a):\n    raise ValueError([np.asarray(x).tolist() for x "
        "in a])",
        "inputs_returned": "def kl_normal(*a):\n    return str([x.tolist() for x in a])",
        "inputs_shown_later": "import threading, time, atexit\nasked = []\n"
        "def kl_normal(*a):\n    asked.append([np.asarray(x).tolist() for x in a])\n"
        "    display({'text/plain': str(asked)}, raw=True)\n    return 0.0 * a[0]\n"
        "def later():\n    for _ in range(50):\n        time.sleep(0.1)\n        print(asked)\n"
        "threading.Thread(target=later, daemon=True).start()",
    },
)


@submission(GROUP, zero=("kl_normal",))
def inputs_in_the_next_answer(kit: Kit) -> NotebookNode:
    """The answer asked first passes its inputs on to the one that fails in public."""
    spy = kit.right["kl_discrete"] + (
        "\nasked = []\nfirst = kl_discrete\n"
        "def kl_discrete(p, q):\n    asked.append((p.tolist(), q.tolist()))\n    return first(p, q)"
    )
    tell = "def kl_normal(*a):\n    print(asked)\n    raise ValueError(str(asked)[-250:])"
    return kit.notebook(kl_discrete=spy, kl_normal=tell)
