"""Likeness: what is measured of the most similar roles of labelled titles, and the weights that rank the right ones first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy

from labelled import Ground
from titlenorm.match.index import FEATURES

NAMES = [f"like_{name}" for name in FEATURES]
_LOGARITHMS = ("like_known", "like_labels")  # they run far beyond 1, so their steps are finer
_AIMS = {
    "vacancies": {"MRR": 0.38, "R@10": 0.57},
    "learned": {"MRR": 0.56, "R@10": 0.78},
    "MELO": {"S@1": 0.56, "MRR": 0.68, "MAP": 0.60},
    "O*NET": {"R@1": 0.60, "R@5": 0.85},
}
"""What is measured on each ground, and what must be reached."""
_DEPTH = 40
_STEPS = (-0.6, -0.3, -0.1, 0.1, 0.3, 0.6)
_ROUNDS = 3
_HASTE = 30.0  # how much more a figure counts that is close to its aim
_BEST_ONLY = ("listed", "margin", "sole")  # they change no order
FOLDS = 5


class Sheet(NamedTuple):
    """Candidates of the titles of one ground: `values[title, candidate, feature]`, which exist, which are right, and how many labels each has.

    `beside` is what weighs beside likeness: that a title is the name of a role, or was labelled with it.
    """

    name: str
    values: numpy.ndarray
    there: numpy.ndarray
    right: numpy.ndarray
    sizes: numpy.ndarray
    beside: numpy.ndarray

    def part(self, rows: numpy.ndarray) -> Sheet:
        return Sheet(self.name, *(column[rows] for column in self[1:]))


def sheet_of(ground: Ground, weights: Mapping[str, float]) -> Sheet:
    """The candidates that a normalizer ranks for each title of a ground."""
    count = len(ground.titles)
    values = numpy.zeros((count, _DEPTH, len(NAMES)), dtype=numpy.float32)
    there, right = (numpy.zeros((count, _DEPTH), dtype=bool) for _ in range(2))
    beside = numpy.zeros((count, _DEPTH))
    sizes = numpy.ones((count, _DEPTH), dtype=int)
    places = {name: place for place, name in enumerate(NAMES)}
    for row, candidates in enumerate(ground.normalizer.candidates_many(ground.titles, _DEPTH)):
        for column, candidate in enumerate(candidates):
            there[row, column], right[row, column] = True, candidate.role.id in ground.right[row]
            beside[row, column] = _beside(candidate.evidence, weights)
            sizes[row, column] = (ground.sizes or {}).get(candidate.role.id, 1)
            for name, value in candidate.evidence.items():
                if name in places:
                    values[row, column, places[name]] = value
    return Sheet(ground.name.split()[0], values, there, right, sizes, beside)


def _beside(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """What the evidence says for a role beside likeness, counted from a role that is found by likeness only."""
    skipped = _BEST_ONLY if "tfidf" in evidence else ()
    return sum(weights[name] * value for name, value in evidence.items() if name not in NAMES and name not in skipped) - weights["tfidf"]


def figures(sheets: Sequence[Sheet], weights: numpy.ndarray) -> dict[str, dict[str, float]]:
    """What weights reach on each ground; several halves of one ground count together."""
    return _measured(sheets, [_totals(sheet, weights) for sheet in sheets])


def fit(sheets: Sequence[Sheet], start: numpy.ndarray) -> numpy.ndarray:
    """Weights found by moving one at a time, as long as the figures together get better; no weight is below 0."""
    weights = start.copy()
    totals = [_totals(sheet, weights) for sheet in sheets]
    best = _worth(_measured(sheets, totals))
    for _ in range(_ROUNDS):
        before = best
        for place, name in enumerate(NAMES):
            for step in _STEPS:
                move = step * (0.3 if name in _LOGARITHMS else 1.0)
                if weights[place] + move < 0:
                    continue
                tried = [total + move * sheet.values[:, :, place] for total, sheet in zip(totals, sheets, strict=True)]
                worth = _worth(_measured(sheets, tried))
                if worth > best + 1e-4:
                    best, totals = worth, tried
                    weights[place] = round(weights[place] + move, 2)
        if best - before < 1e-3:
            break
    return weights


def cross_validated(sheets: Sequence[Sheet], start: numpy.ndarray) -> dict[str, dict[str, float]]:
    """What weights reach on the fifth of each ground that they were not fitted on, over all five."""
    folds = [numpy.random.default_rng(number).permutation(len(sheet.right)) % FOLDS for number, sheet in enumerate(sheets)]
    parts, totals = [], []
    for fold in range(FOLDS):
        weights = fit([sheet.part(group != fold) for sheet, group in zip(sheets, folds, strict=True)], start)
        for sheet, group in zip(sheets, folds, strict=True):
            parts.append(sheet.part(group == fold))
            totals.append(_totals(parts[-1], weights))
    return _measured(parts, totals)


def _totals(sheet: Sheet, weights: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(sheet.there, sheet.values @ weights.astype(numpy.float32) + sheet.beside, -1e9)


def _measured(sheets: Sequence[Sheet], totals: Sequence[numpy.ndarray]) -> dict[str, dict[str, float]]:
    ranks: dict[str, list[numpy.ndarray]] = {}
    precisions: dict[str, list[numpy.ndarray]] = {}
    for sheet, total in zip(sheets, totals, strict=True):
        best = numpy.where(sheet.right, total, -numpy.inf).max(axis=1, initial=-numpy.inf)
        ahead = total > best[:, None]
        rank = numpy.where(numpy.isfinite(best), ahead.sum(axis=1) + 1.0, numpy.inf)
        ranks.setdefault(sheet.name, []).append(rank)
        if sheet.name == "MELO":
            precisions.setdefault(sheet.name, []).append(_label_precision(sheet, total, best, ahead))
    found = {}
    for name, aims in _AIMS.items():
        if name not in ranks:
            continue
        rank = numpy.concatenate(ranks[name])
        known = {"MRR": (1 / rank).mean(), **{f"{letter}@{depth}": (rank <= depth).mean() for letter, depth in (("S", 1), ("R", 1), ("R", 5), ("R", 10))}}
        if name in precisions:
            known["MAP"] = numpy.concatenate(precisions[name]).mean()
        found[name] = {figure: float(known[figure]) for figure in aims}
    return found


def _label_precision(sheet: Sheet, total: numpy.ndarray, best: numpy.ndarray, ahead: numpy.ndarray) -> numpy.ndarray:
    """Average precision over labels, when the labels of a role follow each other."""
    before = (ahead * sheet.sizes).sum(axis=1)
    size = numpy.where(sheet.right & (total == best[:, None]), sheet.sizes, 0).max(axis=1, initial=0)
    return numpy.array([numpy.mean([(k + 1) / (b + k + 1) for k in range(s)]) if s else 0.0 for b, s in zip(before, size, strict=True)])


def _worth(found: Mapping[str, Mapping[str, float]]) -> float:
    """One number for all figures; the nearer one is to its aim, the more a gain on it counts."""
    return -sum(math.exp(-_HASTE * (value / _AIMS[name][figure] - 1)) for name, some in found.items() for figure, value in some.items())


def shown(found: Mapping[str, Mapping[str, float]]) -> str:
    return "   ".join(f"{name} " + " ".join(f"{figure} {value:.3f}" for figure, value in some.items()) for name, some in found.items())
