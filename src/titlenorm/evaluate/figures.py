"""Figures: how often a set of judged rows is right."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from titlenorm.evaluate.judged import Judged

__all__ = ["Figures", "Interval", "Scored", "bin_of", "figures", "scored", "wilson"]

_Z = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5 % on each side."""
_BINS = 10


class Interval(NamedTuple):
    """Where a share lies with 95 % confidence, 0 to 1."""

    low: float
    high: float


class Scored(NamedTuple):
    """The score of a row with a candidate, whether its best candidate is right, and the weight of the row."""

    score: float
    right: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a set of rows, each a share from 0 to 1, or None where there is nothing to count.

    Attributes:
        rows: how many rows.
        weight: what they count for; without weights, the rows.
        accuracy: of all rows, those with an acceptable role or rightly without one.
        precision: of the rows that are resolved, those whose role is acceptable; its interval is `precision_interval`.
        coverage: of the rows that have a role, those that are resolved, rightly or not.
        recall: of the rows that have a role, those resolved to an acceptable one; its interval is `recall_interval`.
        top1, top3: of the rows that have a role, those with an acceptable one first, or among the first three candidates,
            whatever the status.
        mrr: the mean of 1 / place of the first acceptable candidate, 0 where there is none.
        abstains: of the rows without a role, those that are not resolved.
        level, grade: of the rows where it is labelled, those with an acceptable one.
        others: F1 over further titles in the cells.
        ece: expected calibration error: how far the score is from the share of right rows, in ten bins of equal weight.
        brier: the mean square of that distance, row by row.
    """

    rows: int
    weight: float
    accuracy: float | None
    precision: float | None
    precision_interval: Interval | None
    coverage: float | None
    recall: float | None
    recall_interval: Interval | None
    top1: float | None
    top3: float | None
    mrr: float | None
    abstains: float | None
    level: float | None
    grade: float | None
    others: float | None
    ece: float | None
    brier: float | None


def figures(rows: Sequence[Judged]) -> Figures:
    """The figures of some rows."""
    counted = [row for row in rows if row.counts]
    with_role = [row for row in rows if row.label.roles]
    resolved = [row for row in counted if row.answered]
    points = scored(rows)
    hits, false, lost = (math.fsum(row.label.weight * count(row) for row in rows) for count in _OTHERS)
    return Figures(
        rows=len(rows),
        weight=_weight(rows),
        accuracy=_share(counted, lambda row: row.right),
        precision=_share(resolved, lambda row: row.right),
        precision_interval=_interval(resolved, lambda row: row.right),
        coverage=_share(with_role, lambda row: row.answered),
        recall=_share(with_role, lambda row: row.right),
        recall_interval=_interval(with_role, lambda row: row.right),
        top1=_share(with_role, lambda row: row.rank == 1),
        top3=_share(with_role, lambda row: 1 <= row.rank <= 3),
        mrr=_share(with_role, lambda row: 1 / row.rank if row.rank else 0),
        abstains=_share([row for row in counted if not row.label.roles], lambda row: not row.answered),
        level=_share([row for row in rows if row.level is not None], lambda row: bool(row.level)),
        grade=_share([row for row in rows if row.grade is not None], lambda row: bool(row.grade)),
        others=_ratio(2 * hits, 2 * hits + false + lost),
        ece=_calibration_error(points),
        brier=_ratio(math.fsum(weight * (score - right) ** 2 for score, right, weight in points), math.fsum(point.weight for point in points)),
    )


_OTHERS: tuple[Callable[[Judged], int], ...] = (lambda row: row.hits, lambda row: row.false, lambda row: row.lost)


def scored(rows: Iterable[Judged]) -> list[Scored]:
    """The rows with a candidate, by score and then wrong before right, which never flatters."""
    points = (Scored(row.reply.score, row.rank == 1, row.label.weight) for row in rows if row.counts and row.reply.best is not None)
    return sorted(point for point in points if point.weight)


def bin_of(reached: float, total: float, bins: int = _BINS) -> int:
    """The bin, from 0, of a row with whose weight a running sum reaches `reached` of `total`.

    >>> [bin_of(reached, 5, 2) for reached in (1, 2, 3, 4, 5)]
    [0, 0, 1, 1, 1]
    """
    return min(bins - 1, math.ceil(bins * reached / total) - 1)


def wilson(share: float, count: float) -> Interval:
    """The 95 % interval of a share, after Wilson (1927); it is never outside 0 to 1.

    Args:
        share: what was observed, 0 to 1.
        count: of how many rows, above 0.

    >>> low, high = wilson(0.9, 100)
    >>> round(low, 4), round(high, 4)
    (0.8256, 0.9448)
    """
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    middle, scale = share + _Z**2 / (2 * count), 1 + _Z**2 / count
    return Interval(max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))


def _weight(rows: Iterable[Judged]) -> float:
    return math.fsum(row.label.weight for row in rows)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _share(rows: Sequence[Judged], value: Callable[[Judged], float]) -> float | None:
    return _ratio(math.fsum(row.label.weight * value(row) for row in rows), _weight(rows))


def _interval(rows: Sequence[Judged], value: Callable[[Judged], float]) -> Interval | None:
    """The interval of a share; with weights, of as many rows as tell equally much (Kish)."""
    share = _share(rows, value)
    return None if share is None else wilson(share, _weight(rows) ** 2 / math.fsum(row.label.weight**2 for row in rows))


def _calibration_error(points: Sequence[Scored]) -> float | None:
    total, reached = math.fsum(point.weight for point in points), 0.0
    gaps: list[list[float]] = [[] for _ in range(_BINS)]
    for score, right, weight in points:
        reached += weight
        gaps[bin_of(reached, total)].append(weight * (score - right))
    return _ratio(math.fsum(abs(math.fsum(gap)) for gap in gaps), total)
