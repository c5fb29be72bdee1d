"""Explanations: the way an answer was found, as text for a person: where each word went, and what speaks for the role."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from titlenorm import tables
from titlenorm.result import Candidate, Result, Role, Status

__all__ = ["Feature", "explain", "features"]

_LONGEST = 200
_OTHERS = 5


class Feature(NamedTuple):
    """A named feature of evidence as weights.csv describes it: its weight, and what it says."""

    name: str
    weight: float
    meaning: str


@cache
def features() -> dict[str, Feature]:
    """All features by name; the one place that says what each of them is.

    >>> features()["name"].meaning
    'the whole core is the name of the role'
    """
    return {row.cells[0]: Feature(row.cells[0], float(row.cells[1]), row.cells[2]) for row in tables.read("weights.csv")}


def explain(result: Result) -> str:
    """The explanation of an answer; see `Result.explain`."""
    raw, role = result.raw, result.role
    width = max((len(repr(raw[step.start : step.end])) for step in result.steps), default=0)
    lines = [repr(raw if len(raw) <= _LONGEST else raw[:_LONGEST] + "...")]
    lines += [f"  {step.place:<9} {raw[step.start : step.end]!r:<{width}} {step.reason or step.value}".rstrip() for step in result.steps]
    said = [f": {role.name} ({role.id})" if role else "", f", level {result.level.value}" if result.level else ""]
    said += [f", grade {result.grade}" if result.grade is not None else "", f", score {_short(result.score)}"]
    said += [f", {result.method.value}" if result.method else ""]
    lines.append(result.status.value + "".join(said))
    if result.reason:
        lines.append(result.reason)
    lines += _evidence(_telling(result))
    rest = [candidate for candidate in result.candidates if candidate.role != role][:_OTHERS]
    if rest:
        lines.append("other candidates: " + ", ".join(f"{_called(candidate.role)} {_short(candidate.score)}" for candidate in rest))
    for other in result.others:
        lines += ["also:", *("  " + line for line in explain(other).splitlines()[1:])]
    return "\n".join(lines)


def _short(score: float) -> str:
    """A score with two digits; one that is not quite 1 does not look as if it were.

    >>> _short(0.9786), _short(0.9972), _short(1.0)
    ('0.98', '>0.99', '1.00')
    """
    return ">0.99" if 0.995 <= score < 1 else f"{score:.2f}"


def _called(role: Role) -> str:
    """The id of a role if it says what the role is, else its name: nobody knows 15-1252.00 by heart.

    >>> _called(Role("bread-baker", "Bread Baker")), _called(Role("51-3011.00", "Bakers"))
    ('bread-baker', 'Bakers')
    """
    return role.id if role.id == "-".join(role.name.lower().split()) else role.name


def _telling(result: Result) -> Sequence[Candidate]:
    """The candidates whose evidence is shown: the best one, and where two are close the next one, if something else speaks for it."""
    first, second = result.candidates[:1], result.candidates[1:2]
    return (*first, *second) if result.status is Status.AMBIGUOUS and second and second[0].evidence != first[0].evidence else first


def _evidence(candidates: Sequence[Candidate]) -> Iterator[str]:
    """For each candidate a table of its features: value, weight, what that adds, and what the feature is; most telling first."""
    known = features()
    for candidate in candidates:
        rows = [(known[name], value, known[name].weight * value) for name, value in candidate.evidence.items()]
        rows.sort(key=lambda row: (-abs(row[2]), row[0].name))
        total = sum(added for *_, added in rows)
        width = max(len(feature.name) for feature, *_ in rows)
        yield f"evidence for {_called(candidate.role)}"
        for feature, value, added in rows:
            yield f"  {feature.name:<{width}}  {value:4.2f} x {feature.weight:5.2f} = {added:+5.2f}  {feature.meaning}"
        yield f"  {'sum':<{width}}  {'':4}   {'':5}   {total:+5.2f}  strength {1 / (1 + math.exp(-total)):.4f}, score {candidate.score:.4f}"
