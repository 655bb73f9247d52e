"""Notebooks of other formats, kernels and units, with cells that are none, or too many of them."""

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from tests.hostile.case import ANY, HUMAN, REFUSED, WARNED, submission
from tests.hostile.kit import Kit, cell, plain

GROUP = "formats"


@submission(GROUP, statuses=WARNED, warning="not readable")
def cells_that_are_none(kit: Kit) -> dict:
    content = plain(kit.notebook())
    odd = [None, 7, "x", [], {}, {"cell_type": 5}, {"cell_type": "code", "source": {"a": 1}}]
    odd += [{"cell_type": "code", "source": [1, 2]}, {"cell_type": "widget", "source": "x"}]
    content["cells"] = [
        entry for pair in zip(content["cells"], odd * 9, strict=False) for entry in pair
    ]
    content["cells"] += plain(kit.notebook())["cells"][len(odd) * 9 :]
    return content


@submission(GROUP, statuses=HUMAN)
def cells_in_an_object(kit: Kit) -> dict:
    content = plain(kit.notebook())
    return {**content, "cells": dict(enumerate(content["cells"]))}


@submission(GROUP, statuses=HUMAN, warning="format 99")
def format_99(kit: Kit) -> dict:
    return {**plain(kit.notebook()), "nbformat": 99}


@submission(GROUP)
def minor_format_99(kit: Kit) -> dict:
    return {**plain(kit.notebook()), "nbformat_minor": "99"}


@submission(GROUP, statuses=ANY)
def format_3(kit: Kit) -> dict:
    old = nbformat.convert(kit.notebook(), 3)
    return {**old}


@submission(GROUP)
def another_kernel(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    notebook.metadata.kernelspec = {"name": "../../bin/sh", "display_name": "R", "language": "R"}
    notebook.metadata.language_info = {"name": "R"}
    return notebook


@submission(GROUP, zero=("kl_normal",))
def stale_right_outputs(kit: Kit) -> NotebookNode:
    notebook = kit.wrong()
    shown = new_output("stream", text="\N{CHECK MARK} kl_normal: correct\n")
    score = new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)
    for name in ("kl_normal", "kl_normal_check"):
        cell(notebook, name).outputs = [shown, score]
    return notebook


@submission(GROUP, statuses=HUMAN, warning="MiB")
def outputs_of_50_mb(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    cell(notebook, "kl_normal").outputs = [new_output("stream", text="x" * 50_000_000)]
    return notebook


@submission(GROUP)
def outputs_of_15_mb(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    cell(notebook, "kl_normal").outputs = [new_output("stream", text="x\n" * 5_000_000)]
    return notebook


@submission(GROUP, statuses=HUMAN, warning="cells")
def a_hundred_thousand_cells(kit: Kit) -> dict:
    content = plain(kit.notebook())
    content["cells"] += [{"cell_type": "code", "source": "1", "metadata": {}}] * 100_000
    return content


@submission(GROUP, statuses=REFUSED, warning="none of the answers")
def another_unit(kit: Kit) -> NotebookNode:
    return Kit("04_sampling", kit.course, kit.canary, kit.port, kit.mark).notebook()


@submission(GROUP, statuses=REFUSED)
def no_cells(kit: Kit) -> dict:
    return {**plain(kit.notebook()), "cells": []}


@submission(GROUP)
def attachments_and_depth(kit: Kit) -> dict:
    content = plain(kit.notebook())
    deep: dict = {}
    for _ in range(200):
        deep = {"a": deep}
    content["metadata"]["widgets"] = deep
    content["cells"][0]["attachments"] = {"x.png": {"image/png": "A" * 10**6}}
    return content


@submission(GROUP, statuses=ANY, loose=("all",))
def prose_with_the_code(kit: Kit) -> NotebookNode:
    notebook = kit.notebook(kl_normal="")
    notebook.cells.append(new_markdown_cell(f"```python\n{kit.right['kl_normal']}\n```"))
    return notebook
