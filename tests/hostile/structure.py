"""Notebooks whose cells, names and metadata are not what was released."""

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.roles import grade_id, is_answer, is_check
from tests.hostile.case import WARNED, submission
from tests.hostile.kit import Kit, cell, plain

GROUP = "structure"


@submission(GROUP, zero=("kl_normal",), statuses=WARNED, warning="skip-execution")
def skipped_check(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    cell(notebook, "kl_normal_check").metadata["tags"] = ["skip-execution"]
    return notebook


@submission(GROUP, statuses=WARNED, warning="skip-execution")
def skipped_answer(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    cell(notebook, "kl_normal").metadata["tags"] = ["skip-execution", "raises-exception"]
    return notebook


@submission(GROUP, zero=("kl_normal",))
def every_tag(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    for entry in notebook.cells:
        entry.metadata["tags"] = ["demo", "skip-execution", "training", "NBVAL_SKIP", "remove_cell"]
    return notebook


@submission(GROUP, statuses=WARNED, warning="same name")
def answer_twice(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    again = new_code_cell(kit.right["kl_normal"], metadata=cell(notebook, "kl_normal").metadata)
    notebook.cells.append(again)
    return notebook


@submission(GROUP, statuses=WARNED, warning="same name")
def stub_pasted_below(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    notebook.cells.append(cell(kit.released, "kl_normal").copy())
    return notebook


@submission(GROUP, statuses=WARNED, warning="copy of a check", zero=("kl_normal",))
def check_copied(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    again = cell(notebook, "kl_normal_check").copy()
    again.source = "5.0"
    notebook.cells.append(again)
    return notebook


@submission(GROUP)
def schema_of_tomorrow(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for entry, version in zip(notebook.cells[::3], (99, "x", None, [], {}, -1) * 20, strict=False):
        entry.metadata["nbgrader"] = {
            **entry.metadata.get("nbgrader", {}),
            "schema_version": version,
        }
    return notebook


@submission(GROUP, zero=("kl_normal",))
def points_edited(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    for entry in notebook.cells:
        if is_check(entry):
            entry.metadata["nbgrader"].update(points=10**6, solution=True, locked=False)
    return notebook


@submission(GROUP, zero=("kl_normal",))
def answer_is_the_grade(kit: Kit) -> NotebookNode:
    notebook = kit.notebook(kl_normal="3.0")
    cell(notebook, "kl_normal").metadata["nbgrader"].update(grade=True, points=3)
    return notebook


@submission(GROUP, statuses=WARNED, warning="by its cell id")
def names_of_other_types(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    named = [entry for entry in notebook.cells if grade_id(entry)]
    for entry, name in zip(
        named, ([1], {"a": 1}, 7, None, True, "", "x" * 10**5) * 9, strict=False
    ):
        entry.metadata["nbgrader"]["grade_id"] = name
    return notebook


@submission(GROUP)
def metadata_of_other_types(kit: Kit) -> dict:
    content = plain(kit.notebook())
    for entry, value in zip(content["cells"][::5], ([], "x", 5, None, True) * 9, strict=False):
        entry["metadata"] = value
    return content


@submission(GROUP, statuses=WARNED, warning="by its cell id")
def metadata_stripped(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for entry in notebook.cells:
        entry.metadata = {}
    return notebook


@submission(GROUP, statuses=WARNED, warning="by what it defines")
def metadata_and_ids_stripped(kit: Kit) -> dict:
    content = plain(kit.notebook())
    for entry in content["cells"]:
        entry["metadata"] = {}
        entry.pop("id")
    return {**content, "nbformat_minor": 4}


@submission(GROUP, statuses=WARNED, warning="by what it defines")
def stripped_under_magics(kit: Kit) -> dict:
    notebook = kit.notebook()
    notebook.cells = [entry for entry in notebook.cells if not is_check(entry)]
    for entry, magic in zip(
        filter(is_answer, notebook.cells), ("%%time", "!ls", "%pwd") * 2, strict=False
    ):
        entry.source = f"{magic}\n{entry.source}"
    for number, entry in enumerate(notebook.cells):
        entry.metadata, entry.id = {}, f"new-{number}"
    return plain(notebook)


@submission(GROUP, statuses=WARNED, warning="put back", zero=("kl_normal",))
def checks_deleted(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    notebook.cells = [entry for entry in notebook.cells if not is_check(entry)]
    return notebook


@submission(GROUP, statuses=WARNED, warning="no answer cell", zero=("kl_normal",))
def answer_deleted(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    notebook.cells = [entry for entry in notebook.cells if grade_id(entry) != "kl_normal"]
    return notebook


@submission(GROUP, statuses=WARNED, warning="set-up|setup")
def setup_deleted(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    notebook.cells = [e for e in notebook.cells if "setup" not in e.metadata.get("tags", [])]
    return notebook


@submission(GROUP)
def setup_rewritten(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    setup = next(e for e in notebook.cells if "setup" in e.metadata.get("tags", []))
    setup.source += "\nimport math  # mine"
    return notebook


@submission(GROUP, statuses=WARNED)
def only_the_answers(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    kept = (*kit.right, kit.reflection)
    notebook.cells = [entry for entry in notebook.cells if grade_id(entry) in kept]
    return notebook


@submission(GROUP, statuses=WARNED, warning="had become")
def answers_as_prose(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for entry, kind in (("kl_normal", "markdown"), ("kl_loss", "raw")):
        changed = cell(notebook, entry)
        changed.cell_type = kind
        changed.pop("outputs"), changed.pop("execution_count")
    return notebook


@submission(GROUP, statuses=WARNED, warning="had become", written=False)
def everything_raw(kit: Kit) -> dict:
    content = plain(kit.notebook())
    for entry in content["cells"]:
        entry["cell_type"] = "raw"
    return content


@submission(GROUP, statuses=WARNED, warning="moved back")
def backwards(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    notebook.cells.reverse()
    return notebook


@submission(GROUP)
def one_id_for_all(kit: Kit) -> dict:
    content = plain(kit.notebook())
    for entry in content["cells"]:
        entry["id"] = "same"
    return content


@submission(GROUP, loose=("kl_normal", "kl_loss"))
def names_swapped(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    one, other = cell(notebook, "kl_normal"), cell(notebook, "kl_loss")
    one.metadata, other.metadata = other.metadata, one.metadata
    return notebook


@submission(GROUP, statuses=WARNED)
def all_answers_in_one_cell(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    first, *others = kit.right
    cell(notebook, first).source = "\n\n".join(kit.right.values())
    notebook.cells = [entry for entry in notebook.cells if grade_id(entry) not in others]
    return notebook


@submission(GROUP, zero=("kl_normal",))
def check_turned_into_answer(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    changed = cell(notebook, "kl_normal_check")
    changed.source = "print('\\N{CHECK MARK} kl_normal: correct')\n3.0"
    changed.metadata["nbgrader"].update(grade=False, solution=True)
    return notebook
