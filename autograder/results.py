"""Result lines: what `grade` says about each submission, one JSON object a line."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

GRADED, WITH_WARNINGS = "graded", "graded-with-warnings"
NEEDS_HUMAN, REJECTED = "needs-human", "rejected"
NOTHING = "nothing was handed in for {}"  # a unit


@dataclass(frozen=True)
class ExerciseResult:
    """Score and verdict of one exercise.

    verdict: correct, partial, wrong, error, timeout, crashed, unanswered, missing or delegated.
    message: for the student; holds neither hidden inputs nor hidden expectations.
    """

    score: float
    max_score: float
    verdict: str
    misconception: str | None = None
    message: str = ""

    @property
    def hint(self) -> str:
        """The hint that the message ends with, if it has one."""
        return self.message.rpartition("hint: ")[2] if "hint: " in self.message else ""


@dataclass(frozen=True)
class Result:
    """The one line of a submission.

    score: points of the automatic exercises; None for `needs-human` and `rejected`, whose
        `message` says the reason and the mend.
    digest: SHA-256 of the notebook as it was graded; seed: what the hidden cases were drawn from.
    version: of the released notebook and the specification that it was graded against.
    sandboxed: whether the student's code ran in the sandbox.
    """

    student: str
    unit: str
    status: str
    score: float | None
    max_score: float
    exercises: dict[str, ExerciseResult] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    message: str = ""
    seconds: float = 0.0
    digest: str = ""
    seed: int | None = None
    version: str = ""
    sandboxed: bool = False

    @property
    def graded(self) -> bool:
        return self.status in (GRADED, WITH_WARNINGS)

    @property
    def absent(self) -> bool:
        """Whether there was nothing of this student's for this unit."""
        return self.message == NOTHING.format(self.unit)

    def to_line(self) -> str:
        """The result as JSON on one line, newlines and odd characters of names escaped."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> "Result":
        """Undo `to_line`; ValueError where the line is none."""
        data: dict[str, Any] = json.loads(line)
        try:
            data["exercises"] = {k: ExerciseResult(**v) for k, v in data["exercises"].items()}
            return cls(**{**data, "warnings": tuple(data["warnings"])})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a result line: {error}") from None
