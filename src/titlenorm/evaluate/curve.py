"""Curves: what another threshold would give, and how far the score can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from titlenorm.evaluate.figures import Scored, bin_of
from titlenorm.evaluate.judged import Judged

__all__ = ["COVERAGES", "PRECISIONS", "Bin", "Point", "at_coverages", "at_precisions", "curve", "reliability"]

COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
PRECISIONS = (0.99, 0.98, 0.95, 0.90)


class Point(NamedTuple):
    """What resolving from `threshold` on gives: precision, coverage and recall (0 to 1), and the rows resolved."""

    threshold: float
    precision: float
    coverage: float
    recall: float
    resolved: float


class Bin(NamedTuple):
    """Rows with scores from `low` to `high`: their mean score, the share that is right, and what they count for."""

    low: float
    high: float
    score: float
    right: float
    rows: float


def curve(rows: Sequence[Judged], min_margin: float = 0.0) -> tuple[Point, ...]:
    """Precision and coverage for each threshold at which they change, highest first.

    A row can be resolved when it has a candidate that no other comes near. Rows that this run left unresolved are
    counted with the candidates that they have: below the threshold of the run the curve is an estimate.

    Args:
        rows: judged rows.
        min_margin: a runner-up closer than this keeps a row from being resolved.

    Returns:
        The points; none when no row has a role.
    """
    total = math.fsum(row.label.weight for row in rows if row.label.roles)
    open_rows = sorted((row for row in rows if row.counts and row.label.weight and _can_resolve(row, min_margin)), key=lambda row: -row.reply.score)
    points, resolved, right, covered = [], 0.0, 0.0, 0.0
    for score, group in groupby(open_rows if total else [], key=lambda row: row.reply.score):
        for row in group:
            resolved += row.label.weight
            right += row.label.weight * (row.rank == 1)
            covered += row.label.weight * bool(row.label.roles)
        points.append(Point(score, right / resolved, covered / total, right / total, resolved))
    return tuple(points)


def _can_resolve(row: Judged, min_margin: float) -> bool:
    if row.answered:
        return True
    scores = [score for _, score in row.reply.candidates]
    return row.reply.status == "unresolved" and bool(scores) and (len(scores) == 1 or scores[0] - scores[1] >= min_margin)


def at_coverages(points: Sequence[Point], coverages: Sequence[float] = COVERAGES) -> tuple[tuple[float, Point | None], ...]:
    """For each coverage the first point that has it, or None where no threshold gives it."""
    return tuple((wanted, next((point for point in points if point.coverage >= wanted), None)) for wanted in coverages)


def at_precisions(points: Sequence[Point], precisions: Sequence[float] = PRECISIONS) -> tuple[tuple[float, Point | None], ...]:
    """For each precision the lowest threshold that gives it, or None where no threshold does."""
    return tuple((wanted, next((point for point in reversed(points) if point.precision >= wanted), None)) for wanted in precisions)


def reliability(points: Sequence[Scored], bins: int = 10) -> tuple[Bin, ...]:
    """The score against the share that is right, in up to `bins` bins of about equal weight, lowest first.

    Rows with one score are never parted, so a score that many rows have gives a larger bin.

    >>> reliability([Scored(0.5, False, 1), Scored(0.75, True, 1), Scored(0.75, False, 1)], bins=2)
    (Bin(low=0.5, high=0.5, score=0.5, right=0.0, rows=1.0), Bin(low=0.75, high=0.75, score=0.75, right=0.5, rows=2.0))
    """
    total, reached = math.fsum(point.weight for point in points), 0.0
    filled: dict[int, list[Scored]] = {}
    for _, group in groupby(sorted(points), key=lambda point: point.score):
        same = list(group)
        reached += math.fsum(point.weight for point in same)
        filled.setdefault(bin_of(reached, total, bins), []).extend(same)
    return tuple(_bin(part) for part in filled.values())


def _bin(points: Sequence[Scored]) -> Bin:
    weight = math.fsum(point.weight for point in points)
    score = math.fsum(point.weight * point.score for point in points) / weight
    right = math.fsum(point.weight * point.right for point in points) / weight
    return Bin(points[0].score, points[-1].score, score, right, weight)
