"""Files that are damaged, of another encoding, or no notebook at all."""

import gzip
import io
import json
import zipfile
from typing import Any

from tests.hostile.case import ANY, HUMAN, REFUSED, SCORED, UNSCORED, WARNED, submission
from tests.hostile.kit import Kit, cell, plain, to_bytes

GROUP = "documents"


@submission(GROUP, statuses=HUMAN, warning="empty")
def empty(kit: Kit) -> bytes:
    return b""


@submission(GROUP, statuses=HUMAN, warning="empty")
def blank(kit: Kit) -> bytes:
    return b" \n\t\r\n" * 1000


@submission(GROUP, statuses=HUMAN, warning="cut short")
def truncated(kit: Kit) -> bytes:
    content = to_bytes(kit.notebook())
    return content[: len(content) * 2 // 3]


@submission(GROUP, statuses=UNSCORED)
def only_zero_bytes(kit: Kit) -> bytes:
    return bytes(100_000)


@submission(GROUP, statuses=REFUSED, warning="list")
def list_on_top(kit: Kit) -> Any:
    return [plain(kit.notebook())]


@submission(GROUP, statuses=REFUSED)
def text_on_top(kit: Kit) -> Any:
    return "notebook"


@submission(GROUP, statuses=UNSCORED)
def null_on_top(kit: Kit) -> Any:
    return None


@submission(GROUP, statuses=UNSCORED)
def empty_object(kit: Kit) -> Any:
    return {}


@submission(GROUP, statuses=WARNED, warning="byte-order mark")
def byte_order_mark(kit: Kit) -> bytes:
    return b"\xef\xbb\xbf" + to_bytes(kit.notebook())


def _recoded(kit: Kit, encoding: str) -> bytes:
    """The notebook in another encoding, its characters as they are."""
    notebook = kit.notebook(**{kit.reflection: f"Größer als π? {kit.words}"})
    if encoding in ("latin-1", "cp1252"):
        for entry in notebook.cells:
            entry.source = entry.source.encode(encoding, "ignore").decode(encoding)
    return json.dumps(plain(notebook), ensure_ascii=False).encode(encoding)


for _encoding in ("utf-16", "utf-32", "cp1252"):
    submission(GROUP, f"encoded_{_encoding}", statuses=WARNED, warning="read as")(
        lambda kit, encoding=_encoding: _recoded(kit, encoding)
    )
for _encoding in ("utf-16-le", "utf-16-be"):
    submission(GROUP, f"unmarked_{_encoding}", statuses=WARNED | HUMAN)(
        lambda kit, encoding=_encoding: _recoded(kit, encoding)
    )


@submission(GROUP)
def windows_lines(kit: Kit) -> bytes:
    notebook = kit.notebook()
    for entry in notebook.cells:
        entry.source = entry.source.replace("\n", "\r\n")
    return to_bytes(notebook).replace(b"\n", b"\r\n")


@submission(GROUP, statuses=HUMAN)
def merge_conflict(kit: Kit) -> bytes:
    lines = to_bytes(kit.notebook()).splitlines()
    lines[9:9] = [b"<<<<<<< HEAD", b"=======", b">>>>>>> main"]
    return b"\n".join(lines)


@submission(GROUP, statuses=HUMAN)
def two_notebooks_in_a_row(kit: Kit) -> bytes:
    return to_bytes(kit.notebook()) * 2


@submission(GROUP, statuses=UNSCORED)
def compressed(kit: Kit) -> bytes:
    return gzip.compress(to_bytes(kit.notebook()))


@submission(GROUP, statuses=UNSCORED)
def zipped_bomb(kit: Kit) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("05_kl_divergence.ipynb", bytes(50_000_000))
        archive.writestr("../../gradebook.db", b"x")
    return file.getvalue()


@submission(GROUP, statuses=UNSCORED)
def web_page(kit: Kit) -> bytes:
    return b"<!doctype html><title>Sign in</title><script>alert(1)</script>"


@submission(GROUP, statuses=UNSCORED)
def python_text(kit: Kit) -> bytes:
    return "\n".join(kit.right.values()).encode()


@submission(GROUP, statuses=HUMAN, warning="deep")
def nested_lists(kit: Kit) -> bytes:
    return b"[" * 5_000_000


@submission(GROUP, statuses=ANY)
def nested_objects_inside(kit: Kit) -> bytes:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    return to_bytes(kit.notebook()).replace(
        b'"metadata": {', b'"metadata": {"deep": ' + deep + b",", 1
    )


@submission(GROUP, statuses=ANY)
def long_number(kit: Kit) -> bytes:
    return to_bytes(kit.notebook()).replace(b'"nbformat": 4', b'"nbformat": 4' + b"0" * 10**6)


@submission(GROUP)
def numbers_that_are_none(kit: Kit) -> dict:
    content = plain(kit.notebook())
    content["metadata"] = {"a": float("nan"), "b": float("inf"), "c": 1e308}
    return content


@submission(GROUP, statuses=ANY, loose=("all",))
def keys_twice(kit: Kit) -> bytes:
    content = to_bytes(kit.wrong()).rstrip()
    return content[:-1] + b', "cells": [], "cells": null, "nbformat": 4}'


@submission(GROUP, zero=("kl_normal",))
def half_characters(kit: Kit) -> dict:
    notebook = kit.notebook(kl_normal="x = '\ud83d'\n\udcff = 1")
    return {**notebook, "cells": [dict(entry) for entry in notebook.cells]}


@submission(GROUP)
def control_characters(kit: Kit) -> dict:
    content = plain(kit.notebook())
    own = "# \x00\x07\x1b[2J\x1b]0;title\x07\x08\u202e\u2028\ufeff\nprint('\x1b[31mred')"
    content["cells"].append({"cell_type": "code", "source": own, "metadata": {}, "id": "a\x1b[2Jb"})
    return content


@submission(GROUP, zero=("kl_normal",))
def zero_byte_in_the_answer(kit: Kit) -> dict:
    content = plain(kit.notebook(kl_normal="kl_normal = 'a\x00b'"))
    return content


@submission(GROUP, statuses=SCORED, loose=("kl_normal",))
def one_line_of_10_mb(kit: Kit) -> Any:
    notebook = kit.notebook()
    cell(notebook, "kl_normal").source += "\n# " + "x" * 10_000_000
    return notebook
