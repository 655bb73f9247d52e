"""`autograder doctor`: what this machine can do, and the mend for what it cannot."""

from collections.abc import Callable, Iterator

from rich.console import Console

from autograder.course import Course
from autograder.doctor import folder, hub, machine
from autograder.doctor.finding import Finding

CHECKS: tuple[Callable[[Course], Iterator[Finding]], ...] = (
    machine.python,
    machine.needed_packages,
    machine.locked_packages,
    machine.kernel,
    machine.memory,
    machine.disk,
    machine.isolation,
    folder.units,
    folder.gradebook,
    folder.data,
    hub.proxy,
    hub.exchange,
    hub.own_folder,
    hub.closed,
)


def examine(course: Course, console: Console) -> int:
    """Print a line for each finding; return 1 where something needs mending, else 0."""
    findings = [finding for check in CHECKS for finding in check(course)]
    for finding in findings:
        console.print(finding.line, soft_wrap=True)
    return 1 if any(finding.kind == "mend" for finding in findings) else 0
