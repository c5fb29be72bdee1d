"""Calibration: what the evidence of an answer weighs, and how often answers of some strength are right."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy
from scipy.optimize import minimize

from labelled import Ground, Judged
from titlenorm.match.reliability import Bin, Reliability
from titlenorm.result import Method, Status

FOLDS = 10
FIRSTS = ("listed", "margin", "sole")
"""Evidence that only the best candidate by likeness has."""
BY_HAND = {
    "alias": 3.6, "ambiguous": -0.4, "clash": -1.4, "clue": 3.0, "composed": 3.0, "composed_part": 1.6, "edits": -0.5, "field": -0.3, "field_head": 1.2,
    "field_level": 1.0, "field_unknown": -2.1, "function": 2.4, "head_any": 2.6, "head_domain": 1.8, "head_technology": 2.6, "name": 4.6, "phrase": 2.8,
    "second_role": -0.6, "unknown": -0.6, "weak": -0.9,
}  # fmt: skip
"""What the tables' evidence weighed before anything was fitted. A fit is always pulled towards these, so that it does not drift when it is repeated."""
_AGAINST = ("clash", "edits", "field", "field_unknown", "second_role", "unknown")
"""Evidence that never speaks for a role."""
_PULLS = (2.0, 5.0, 10.0)
"""How hard a weight is held back at where it was: many kinds of evidence stand in a handful of rows only."""
_FEWEST = 20
_MOST_BINS = 48


class Answer(NamedTuple):
    """The best candidate of a title: how it was found, whether it was right (0 to 1), how much it counts, and whether it can resolve."""

    method: str
    evidence: Mapping[str, float]
    right: float
    weight: float = 1.0
    decided: bool = True


class Point(NamedTuple):
    """An answer on a scale from 0 to 1."""

    strength: float
    right: float
    weight: float
    decided: bool


class Kept(NamedTuple):
    """What a threshold leaves: the share that was right, and the share of the titles with a role that is answered."""

    precision: float
    coverage: float


def answers_of(ground: Ground) -> list[Answer | None]:
    """The answer to each title of a ground; None where there is no candidate."""
    found: list[Answer | None] = []
    taxonomy = ground.normalizer.taxonomy
    for result, right, weight in zip(ground.normalizer.normalize_many(ground.titles), ground.right, ground.weights, strict=True):
        if not result.candidates:
            found.append(None)
            continue
        best = result.candidates[0]
        fits = not right.isdisjoint(taxonomy.wider(best.role.id))
        decided = result.status is not Status.AMBIGUOUS
        found.append(Answer(best.method.value, best.evidence, float(fits), weight, decided))
    return found


def of_judged(rows: Iterable[Judged]) -> list[Answer]:
    """One answer for each judged title; the share that was right counts for all of its kind."""
    return [Answer(row.method, row.evidence, row.right / row.rows, 1.0, "ambiguous" not in row.evidence) for row in rows for _ in range(row.rows)]


def strength(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic function of the weighted evidence, as titlenorm computes it."""
    return 1 / (1 + math.exp(-sum(weights[name] * value for name, value in evidence.items())))


def fit_evidence(answers: Sequence[Answer], prior: Mapping[str, float], pull: float) -> dict[str, float]:
    """Weights of a logistic model, each pulled towards what it was; evidence against a role keeps its sign."""
    free = list(BY_HAND)
    places = {name: place for place, name in enumerate(free)}
    values, start = numpy.zeros((len(answers), len(free))), numpy.zeros(len(answers))
    for row, answer in enumerate(answers):
        for name, value in answer.evidence.items():
            if name in places:
                values[row, places[name]] = value
            else:
                start[row] += prior[name] * value
    before = numpy.array([prior[name] for name in free])
    right, counts = numpy.array([answer.right for answer in answers]), numpy.array([answer.weight for answer in answers])

    def loss(weights: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        total = start + values @ weights
        off = weights - before
        error = counts * (numpy.logaddexp(0, total) - right * total)
        slope = values.T @ (counts * (1 / (1 + numpy.exp(-total)) - right))
        return float(error.sum() + pull * off @ off / 2), slope + pull * off

    bounds = [(None, 0.0) if name in _AGAINST else (None, None) for name in free]
    found = minimize(loss, before, jac=True, method="L-BFGS-B", bounds=bounds).x
    return {**prior, **{name: round(float(value), 2) for name, value in zip(free, found, strict=True)}}


def choose_pull(asked: Sequence[Answer], more: Sequence[Answer], prior: Mapping[str, float]) -> tuple[float | None, dict[float | None, float]]:
    """The pull with the least cross-validated loss over the asked answers, and the loss of each; None stands for the weights as they were."""
    losses: dict[float | None, float] = {None: log_loss(asked, lambda _: prior)}
    for pull in _PULLS:
        fitted = [fit_evidence([*(a for place, a in enumerate(asked) if fold_of(place) != fold), *more], prior, pull) for fold in range(FOLDS)]
        losses[pull] = log_loss(asked, lambda place, fitted=fitted: fitted[fold_of(place)])
    return min(losses, key=lambda pull: losses[pull]), losses


def log_loss(answers: Sequence[Answer], weights_of: Callable[[int], Mapping[str, float]]) -> float:
    """The mean logarithmic loss of the strengths of answers, with the weights for each place."""
    total = 0.0
    for place, answer in enumerate(answers):
        likely = min(max(strength(answer.evidence, weights_of(place)), 1e-6), 1 - 1e-6)
        total -= answer.right * math.log(likely) + (1 - answer.right) * math.log(1 - likely)
    return total / len(answers)


def fold_of(place: int) -> int:
    """The fold of a row, the same in every run."""
    return place * 7919 % 104729 % FOLDS


def points_of(answers: Iterable[Answer], weights: Mapping[str, float]) -> list[Point]:
    return [Point(round(strength(answer.evidence, weights), 6), answer.right, answer.weight, answer.decided) for answer in answers]


def bins_of(method: str, points: Iterable[Point]) -> list[Bin]:
    """Neighbours pooled until there are enough of them and their share never falls.

    Half a right and half a wrong answer are added to each (Jeffreys' prior), so that no bin is surer than its rows are many. Equal
    strengths share a bin. `rows` counts the answers that can resolve: an ambiguous one has a score and never resolves. The first bin has no
    rows: no evidence, no chance.
    """
    ranked = sorted(points)
    fewest = max(_FEWEST, sum(point.weight for point in ranked) / _MOST_BINS)
    full: list[list[Point]] = []
    for _, group in groupby(ranked, key=lambda point: round(point.strength, 4)):
        if full and _size(full[-1]) < fewest:
            full[-1].extend(group)
        else:
            full.append(list(group))
    if len(full) > 1 and _size(full[-1]) < fewest:
        full[-2:] = [full[-2] + full[-1]]
    pools: list[list[Point]] = []
    for pool in full:
        pools.append(pool)
        while len(pools) > 1 and _share(pools[-2]) >= _share(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    found = [Bin(method, round(_middle(pool), 6), round(_share(pool), 4), round(sum(p.weight for p in pool if p.decided))) for pool in pools]
    return [Bin(method, 0.0, 0.0, 0), *found]


def _size(pool: Sequence[Point]) -> float:
    return sum(point.weight for point in pool)


def _share(pool: Sequence[Point]) -> float:
    return (sum(point.right * point.weight for point in pool) + 0.5) / (_size(pool) + 1)


def _middle(pool: Sequence[Point]) -> float:
    return sum(point.strength * point.weight for point in pool) / _size(pool)


def calibration_error(scored: Iterable[tuple[float, Answer]], bins: int = 10) -> float:
    """The mean distance between score and share that was right, over bins of equal count; answers count by their weight."""
    ranked = sorted(((score, answer.right, answer.weight) for score, answer in scored))
    edges = [number * len(ranked) // bins for number in range(bins + 1)]
    parts = [ranked[start:end] for start, end in pairwise(edges)]
    return sum(abs(sum((score - right) * weight for score, right, weight in part)) for part in parts) / sum(weight for _, _, weight in ranked)


def kept(answers: Sequence[tuple[float, Answer]], titles: float, threshold: Callable[[int], float]) -> Kept:
    """What is left of scored answers by the threshold for each place, of `titles` titles that could be answered."""
    left = [answer for place, (score, answer) in enumerate(answers) if answer.decided and score >= threshold(place)]
    count, right = sum(answer.weight for answer in left), sum(answer.right * answer.weight for answer in left)
    return Kept(right / count if count else 0.0, count / titles)


def scores(answers: Iterable[Answer], weights: Mapping[str, float], reliability: Reliability) -> list[float]:
    return [reliability.calibrate(Method(answer.method), round(strength(answer.evidence, weights), 6)) for answer in answers]
