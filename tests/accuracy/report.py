"""The generated part of docs/accuracy.md: one table by exercise, and each fault by its name."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.answers import Solutions
from autograder.specification import Unit
from tests.accuracy.measured import Measured, version

FILE = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COLUMNS = {
    "answers": ("wrong", "accepted", "own hint", "right", "rejected"),
    "seeds": ("verdicts", "flips"),
    "mutants": ("mutants", "alike", "by check", "by verdict"),
}
LISTS = {
    ("answers", "accepted"): "Wrong answers that earned points",
    ("answers", "rejected"): "Right answers that lost points",
    ("answers", "other_hints"): "Wrong answers that were told another hint than their own",
    ("seeds", "flips"): "Right answers that some seed failed",
    ("mutants", "survivors"): "Mutants that the verdict missed",
}
OLD = "\N{DAGGER}"


def write(measured: Measured, units: Sequence[tuple[Unit, Solutions]], path: Path = FILE) -> None:
    """Put the present figures between the marks of the page."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{before}{BEGIN}\n\n{render(measured, units)}\n\n{END}{after}"
    path.write_text(text, encoding="utf-8")


def render(measured: Measured, units: Sequence[tuple[Unit, Solutions]]) -> str:
    """All figures as Markdown."""
    heads = [column for columns in COLUMNS.values() for column in columns]
    table = [f"| | {' | '.join(heads)} |", f"|---|{'--:|' * len(heads)}"]
    sums: list[list[int | None]] = []
    for unit, solutions in units:
        rows = [_numbers(measured, unit.name, exercise.name) for exercise in unit]
        for exercise, row in zip(unit, rows, strict=True):
            old = _is_old(measured, unit, exercise.name, version(exercise, solutions))
            table.append(_row(f"`{exercise.name}`{OLD if old else ''}", row))
        table.append(_row(f"**{unit.name[:2]}**", total(rows), "**"))
        sums += rows
    table.append(_row("**all**", total(sums), "**"))
    return "\n".join([*table, *_repeats(measured), *_lists(measured)])


def _numbers(measured: Measured, unit: str, exercise: str) -> list[int | None]:
    """The figures of one exercise in the order of the columns; None for what was not measured."""
    counted = {
        "answers": lambda f: (
            f["wrong"],
            len(f["accepted"]),
            f["wrong"] - len(f["other_hints"]),
            f["right"],
            len(f["rejected"]),
        ),
        "seeds": lambda f: (f["seeds"] * f["answers"], len(f["flips"])),
        "mutants": lambda f: (f["made"], f["equivalent"], f["checked"], f["judged"]),
    }
    found: list[int | None] = []
    for part, columns in COLUMNS.items():
        figures = measured.find(part, unit, exercise)
        found += counted[part](figures) if figures else [None] * len(columns)
    return found


def total(rows: Iterable[Sequence[int | None]]) -> list[int | None]:
    """Sums by column of what was measured; None where nothing was."""
    columns = ([n for n in column if n is not None] for column in zip(*rows, strict=True))
    return [sum(column) if column else None for column in columns]


def _row(name: str, numbers: Sequence[int | None], mark: str = "") -> str:
    cells = ["" if number is None else f"{mark}{number:,}{mark}" for number in numbers]
    return f"| {name} | {' | '.join(cells)} |"


def _is_old(measured: Measured, unit: Unit, exercise: str, now: str) -> bool:
    found = (measured.find(part, unit.name, exercise) for part in COLUMNS)
    return any(figures is not None and figures["version"] != now for figures in found)


def _repeats(measured: Measured) -> Iterator[str]:
    rows = [(unit, figures) for unit, _, figures in measured.all("repeats")]
    if rows:
        yield "\n| class | submissions | seeds | jobs | scores that differ |"
        yield "|---|--:|---|---|--:|"
    for unit, figures in rows:
        seeds, jobs = (", ".join(map(str, figures[key])) for key in ("seeds", "jobs"))
        differing = len(figures["differing"])
        yield f"| {unit} | {figures['submissions']} | {seeds} | {jobs} | {differing} |"


def _lists(measured: Measured) -> Iterator[str]:
    for (part, key), title in LISTS.items():
        entries = [
            f"- `{name}`: {_code(entry)}"
            for _, name, figures in measured.all(part)
            for entry in figures[key]
        ]
        if entries:
            yield from (f"\n{title}:\n", *entries)


def _code(entry: str) -> str:
    return f"`` {entry} ``" if "`" in entry else f"`{entry}`"
