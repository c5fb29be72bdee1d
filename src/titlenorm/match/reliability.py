"""Reliability: how often answers of some strength were right, so that a score is a probability and a precision can be asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from titlenorm import tables
from titlenorm.errors import TableError
from titlenorm.result import Method

__all__ = ["ANY", "Bin", "Reliability", "Threshold", "method_name"]


ANY = "any"
"""Stands for every method where the strength of all methods means the same."""


def method_name(text: str) -> str:
    """The name of a method, or `ANY`; ValueError for another text."""
    return text if text == ANY else Method(text).value


class Bin(NamedTuple):
    """Answers of one method, or `ANY`, whose strength was about `strength`: the share that was right, and how many there were."""

    method: str
    strength: float
    score: float
    rows: int


class Threshold(NamedTuple):
    """The score from which on answers have a precision, and the share of titles that is left then (their coverage)."""

    score: float
    coverage: float
    precision: float


class Reliability:
    """How often answers were right, by method and strength; the score of a strength lies between those of the bins around it.

    Args:
        bins: at least one; per method the score must not fall when the strength rises.

    >>> reliability = Reliability([Bin("alias", 0.5, 0.6, 50), Bin("alias", 0.9, 0.98, 50)])
    >>> reliability.calibrate(Method.ALIAS, 0.7)
    0.79
    >>> reliability.threshold(0.95)
    Threshold(score=0.79, coverage=0.5, precision=0.98)
    """

    def __init__(self, bins: Iterable[Bin]) -> None:
        self._bins: dict[str, list[Bin]] = {}
        for entry in sorted(bins):
            self._bins.setdefault(entry.method, []).append(entry)
        for method, entries in self._bins.items():
            for lower, upper in pairwise(entries):
                if upper.score < lower.score:
                    raise TableError(f"reliability: the score of {method} falls from {lower.score} to {upper.score} at strength {upper.strength}")
        self._memory: dict[tuple[str, float], float] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """What was remembered stays: workers know a normalizer that they have built by the bytes that travel."""
        return Reliability, ([entry for some in self._bins.values() for entry in some],)

    @staticmethod
    def of(kind: str) -> Reliability:
        """The bundled reliability of a kind of taxonomy (bundled, onet, esco, custom)."""
        bins = []
        for row in tables.read("reliability.csv"):
            taxonomy, method, strength, score, rows, _ = row.cells
            if taxonomy == kind:
                try:
                    bins.append(Bin(method_name(method), float(strength), float(score), int(rows)))
                except ValueError as error:
                    raise TableError(f"{row.file}:{row.line}: {error}") from None
        return Reliability(bins)

    def calibrate(self, method: Method, strength: float) -> float:
        """The probability, 0 to 1, that an answer of a method with this strength is right; the strength itself where nothing is known."""
        known = self._memory.get((method, strength))
        if known is None:
            known = self._memory[method, strength] = self._between(self._bins.get(method) or self._bins.get(ANY, []), strength)
        return known

    @staticmethod
    def _between(entries: list[Bin], strength: float) -> float:
        if not entries:
            return strength
        place = bisect_right([entry.strength for entry in entries], strength)
        if place in (0, len(entries)):
            return entries[min(place, len(entries) - 1)].score
        lower, upper = entries[place - 1], entries[place]
        share = (strength - lower.strength) / (upper.strength - lower.strength)
        return round(lower.score + share * (upper.score - lower.score), 4)

    def threshold(self, precision: float) -> Threshold:
        """The lowest score from which on answers reach a precision on average, with the coverage that is left.

        A bin stands for the answers around it, so the threshold lies half way to the bin below. Where no score reaches the
        precision, it is the highest score there is, with the precision that it has.
        """
        entries = sorted((entry for some in self._bins.values() for entry in some if entry.rows), key=lambda entry: -entry.score)
        total = sum(entry.rows for entry in entries)
        if not total:
            return Threshold(precision, 1.0, precision)
        best, right, rows = None, 0.0, 0
        for place, entry in enumerate(entries):
            right, rows = right + entry.score * entry.rows, rows + entry.rows
            if place + 1 < len(entries) and entries[place + 1].score == entry.score:
                continue
            if best is None or right / rows >= precision:
                below = entries[place + 1].score if place + 1 < len(entries) else entry.score
                best = Threshold(round((entry.score + below) / 2, 4), round(rows / total, 4), round(right / rows, 4))
        return best if best is not None else Threshold(precision, 1.0, precision)
