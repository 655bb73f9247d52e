"""From facts to a verdict: is an answer right, and if not, what does it look like?

Used with the public record by `vaelib.check` in the student's kernel, and by the grader outside of
it, so that a student is told the same by both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vaelib.cases import Case, Expectation, Facts, failures, likeness
from vaelib.describe import describe_call, describe_difference
from vaelib.records import Record

LN2 = float(np.log(2.0))
FACTORS = {"2": 2.0, "1/2": 0.5, "-1": -1.0, "784": 784.0, "1/784": 1 / 784, "ln 2": LN2}
FACTORS |= {"1/ln 2": 1 / LN2}


@dataclass(frozen=True)
class Difference:
    """The fact that is off in the call that a verdict shows; `got` is None where there is none."""

    case: Case
    name: str
    got: np.ndarray | None

    @property
    def wanted(self) -> Expectation:
        """What the fact must be."""
        return self.case.expected[self.name]


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    verdict: "correct", "wrong", "error", "delegated" or "unanswered".
    misconception: name of the known mistake that gives the same facts, if there is one.
    lines: for the student: what was called, what came back, what was expected.
    hint: names the symptom, never the answer; may be empty.
    difference: what `lines` are about, as data; None where nothing was compared.
    """

    verdict: str
    misconception: str | None = None
    lines: tuple[str, ...] = ()
    hint: str = ""
    difference: Difference | None = field(default=None, compare=False)

    @property
    def passed(self) -> bool:
        return self.verdict == "correct"


def judge(record: Record, observed: Sequence[Facts]) -> Verdict:
    """Verdict on the facts that an answer showed on the first `len(observed)` cases of a record."""
    pairs = list(zip(record.cases, observed, strict=False))
    wrong = [(case, facts) for case, facts in pairs if failures(case, facts)]
    if not wrong:
        return Verdict("correct")
    case, facts = wrong[0]
    raised = str(facts.get("raises", ""))
    if raised in ("Unanswered", "Delegated"):
        return Verdict(raised.lower(), hint=str(facts["message"]) if raised == "Delegated" else "")
    trace = max(record.traces, key=lambda t: _agreement(t.facts, pairs), default=None)
    if trace is not None and _agreement(trace.facts, pairs) == 0:
        trace = None
    if trace is not None:  # show a case that the hint is about: there may be other mistakes too
        known = zip(pairs, trace.facts, strict=False)
        about = (pair for pair, fact in known if failures(*pair) and failures(pair[0], fact))
        case, facts = next(about, (case, facts))
    name = failures(case, facts)[0]
    called = describe_call(record.exercise, record.parameters, case)
    lines = (called, *describe_difference(name, case.expected[name], facts))
    hint = trace.hint if trace else _ratio_hint(pairs) or _own_hint(case, name, facts)
    found = trace.name if trace else None
    difference = Difference(case, name, None if "raises" in facts else facts.get(name))
    return Verdict("error" if raised else "wrong", found, lines, hint, difference)


def _own_hint(case: Case, name: str, facts: Facts) -> str:
    """What a case says where a fact is off; an error says enough itself."""
    return "" if "raises" in facts else case.expected[name].hint


def _agreement(trace: Sequence[Facts], pairs: Sequence[tuple[Case, Facts]]) -> float:
    """How many cases agree with a misconception; 0 unless all of its symptoms are there.

    Cases in which the misconception does no harm may differ: an answer can have two mistakes.
    """
    agreeing, symptoms = 0.0, 0
    for (case, facts), known in zip(pairs, trace, strict=False):
        alike, harmful = likeness(case, facts, known), bool(failures(case, known))
        if harmful and not alike:
            return 0.0
        agreeing += alike
        symptoms += harmful
    return agreeing if symptoms else 0.0


def _ratio_hint(pairs: Sequence[tuple[Case, Facts]]) -> str:
    """A sentence where the result is off by one named factor in every case, else nothing."""
    common = set.intersection(*({*_factors(case, facts)} for case, facts in pairs))
    names = sorted(common, key=lambda name: (name in FACTORS, len(name)))
    return f"In every case your result is {names[0]} times what is expected." if names else ""


def _factors(case: Case, facts: Facts) -> list[str]:
    """Names of the factors f with value = f * expected in this case."""
    wanted = case.expected.get("value")
    got = facts.get("value")
    if wanted is None or got is None or wanted.kind != "close":
        return []
    if got.shape != wanted.value.shape or got.dtype.kind not in "fiu":
        return []
    named = dict(FACTORS)
    for size, n in case.sizes.items():
        named |= {size: float(n), f"1/{size}": 1.0 / n}
    rtol = max(1e-3, wanted.rtol)
    return [n for n, f in named.items() if np.allclose(got, f * wanted.value, rtol=rtol, atol=0)]
