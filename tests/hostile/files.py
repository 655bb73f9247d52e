"""Folders: other files beside the notebook, links and devices, and names."""

import os
import socket
from pathlib import Path

from tests.hostile.case import HUMAN, REFUSED, SCORED, UNIT, UNSCORED, WARNED, submission
from tests.hostile.kit import Kit, to_bytes

GROUP = "files"
NAME = f"{UNIT}.ipynb"


def _write(kit: Kit, folder: Path, name: str = NAME) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(kit.notebook()))
    return path


@submission(GROUP, placed=True, statuses=WARNED, warning="extra files")
def two_versions(kit: Kit, folder: Path) -> None:
    _write(kit, folder)
    (folder / f"{UNIT}-Copy1.ipynb").write_bytes(to_bytes(kit.wrong()))


@submission(GROUP, placed=True, statuses=HUMAN, warning="several notebooks")
def which_of_two(kit: Kit, folder: Path) -> None:
    _write(kit, folder, "final.ipynb")
    _write(kit, folder, "final2.ipynb")


@submission(GROUP, placed=True, statuses=WARNED, warning="under the name")
def renamed_by_a_browser(kit: Kit, folder: Path) -> None:
    _write(kit, folder, f"{UNIT} (1).ipynb")


@submission(GROUP, placed=True, statuses=WARNED, warning="under the name")
def odd_file_name(kit: Kit, folder: Path) -> None:
    _write(kit, folder, '=HYPERLINK("x")\n\x1b[2J\u202e, <b>\'.IPYNB')


@submission(GROUP, placed=True, statuses=SCORED | REFUSED)
def file_name_of_bytes(kit: Kit, folder: Path) -> None:
    _write(kit, folder, os.fsdecode(b"bytes \xff\xfe.ipynb"))


@submission(GROUP, placed=True, statuses=WARNED, zero=("kl_normal",), warning="extra files")
def modules_beside(kit: Kit, folder: Path) -> None:
    (folder / NAME).write_bytes(to_bytes(kit.wrong()))
    evil = f"open({str(kit.canary / 'imported')!r}, 'w')\nallclose = check = lambda *a, **k: True\n"
    for name in ("numpy.py", "sitecustomize.py", "conftest.py", "vaelib/__init__.py", "json.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(evil)
    (folder / "evil.pth").write_text(f"import os; {evil.splitlines()[0]}")
    (folder / "nbgrader_config.py").write_text(evil)


@submission(GROUP, placed=True, statuses=SCORED | HUMAN)
def thousands_of_files(kit: Kit, folder: Path) -> None:
    for number in range(3000):
        (folder / f"{number:04d}.txt").touch()
    _write(kit, folder)


@submission(GROUP, placed=True, statuses=REFUSED, warning="no notebook")
def nothing_but_a_text(kit: Kit, folder: Path) -> None:
    (folder / "answers.docx").write_bytes(b"PK")


@submission(GROUP, placed=True, statuses=REFUSED, warning="no notebook")
def empty_folder(kit: Kit, folder: Path) -> None:
    pass


@submission(GROUP, placed=True, statuses=UNSCORED)
def folder_in_the_folder(kit: Kit, folder: Path) -> None:
    _write(kit, folder / UNIT)


@submission(GROUP, placed=True, statuses=REFUSED, warning="handed in")
def another_unit_only(kit: Kit, folder: Path) -> None:
    folder.rename(folder.with_name("05_kl"))


@submission(GROUP, placed=True, statuses=REFUSED, warning="link")
def linked_notebook(kit: Kit, folder: Path) -> None:
    target = _write(kit, kit.canary.parent / "outside", "linked.ipynb")
    (folder / NAME).symlink_to(target)


@submission(GROUP, placed=True, statuses=REFUSED, warning="link")
def linked_to_the_gradebook(kit: Kit, folder: Path) -> None:
    (folder / NAME).symlink_to(kit.course / "autograder" / "gradebook.db")


@submission(GROUP, placed=True, statuses=REFUSED, warning="link")
def linked_to_itself(kit: Kit, folder: Path) -> None:
    (folder / NAME).symlink_to(NAME)


@submission(GROUP, placed=True, statuses=REFUSED, warning="link")
def linked_unit(kit: Kit, folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to("/etc")


@submission(GROUP, placed=True, statuses=REFUSED, warning="link")
def linked_student(kit: Kit, folder: Path) -> None:
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.symlink_to(kit.course / "solutions")


@submission(GROUP, placed=True, statuses=REFUSED, warning="hard link")
def hard_link(kit: Kit, folder: Path) -> None:
    secret = kit.canary.parent / "outside" / "hard.ipynb"
    os.link(_write(kit, secret.parent, secret.name), folder / NAME)


@submission(GROUP, placed=True, statuses=REFUSED, warning="no regular file")
def pipe(kit: Kit, folder: Path) -> None:
    os.mkfifo(folder / NAME)


@submission(GROUP, placed=True, statuses=REFUSED)
def unix_socket(kit: Kit, folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(NAME)
    os.chdir(here)


@submission(GROUP, placed=True, statuses=REFUSED, warning="no regular file|link or a device")
def device(kit: Kit, folder: Path) -> None:
    try:
        os.mknod(folder / NAME, 0o20666, os.makedev(1, 5))  # endless zeros
    except PermissionError:
        os.mkfifo(folder / NAME)


@submission(GROUP, placed=True, statuses=REFUSED)
def folder_named_as_the_notebook(kit: Kit, folder: Path) -> None:
    (folder / NAME).mkdir()


@submission(GROUP, placed=True, statuses=HUMAN, warning="larger")
def sparse_file_of_a_terabyte(kit: Kit, folder: Path) -> None:
    with open(folder / NAME, "wb") as file:
        file.truncate(2**40)


@submission(GROUP, placed=True, statuses=SCORED | HUMAN)
def no_permission(kit: Kit, folder: Path) -> None:
    _write(kit, folder).chmod(0)


@submission(GROUP, placed=True, statuses=SCORED | HUMAN)
def folder_without_permission(kit: Kit, folder: Path) -> None:
    _write(kit, folder)
    folder.chmod(0)


STAMPS = {
    "time_forged": b'=HYPERLINK("http://x")',
    "time_before_time": b"0001-01-01 00:00:00.000000 +1400",
    "time_after_time": b"9999-12-31 23:59:59.999999 -1400",
    "time_of_10_mb": b"2026-01-01 00:00:00 UTC" * 450_000,
    "time_no_text": bytes(range(256)),
    "time_of_words": b"tomorrow at five",
}


def _stamped(content: bytes):
    def place(kit: Kit, folder: Path) -> None:
        _write(kit, folder)
        (folder / "timestamp.txt").write_bytes(content)

    return place


for _name, _content in STAMPS.items():
    submission(GROUP, _name, placed=True)(_stamped(_content))


@submission(GROUP, placed=True)
def time_from_a_pipe(kit: Kit, folder: Path) -> None:
    _write(kit, folder)
    os.mkfifo(folder / "timestamp.txt")


@submission(GROUP, placed=True)
def time_from_elsewhere(kit: Kit, folder: Path) -> None:
    _write(kit, folder)
    (folder / "timestamp.txt").symlink_to("/etc/passwd")
