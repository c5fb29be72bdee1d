"""Reliability: how often answers of some strength were right, so that a score is a probability and a precision can be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from titlenorm import tables
from titlenorm.errors import TableError
from titlenorm.result import Method

__all__ = ["ANY", "Bin", "Reliability", "Threshold", "bin_of"]


ANY: Final = "any"
"""Stands for every method where the strength of all methods means the same."""


_FINE: Final = 10_000  # a score has four digits; `round` takes longer than all else here


class Bin(NamedTuple):
    """Answers of one method, or `ANY`, whose strength was about `strength`: the share that was right, and how many there were."""

    method: str
    strength: float
    score: float
    rows: int


def bin_of(method: str, strength: str, score: str, rows: str, where: str) -> Bin:
    """The bin of a table row.

    Raises:
        TableError: no method, or a number that cannot be; the message begins with `where`, the file and line.

    >>> bin_of("alias", "0.9", "0.98", "50", "reliability.csv:2")
    Bin(method='alias', strength=0.9, score=0.98, rows=50)
    """
    try:
        found = Bin(method if method == ANY else Method(method).value, float(strength), float(score), int(rows))
    except ValueError as error:
        raise TableError(f"{where}: {error}") from None
    if not (0 <= found.strength <= 1 and 0 <= found.score <= 1 and found.rows >= 0):
        raise TableError(f"{where}: strength and score lie between 0 and 1, and rows is a count; found {strength}, {score}, {rows}")
    return found


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
        self._curves = {method: ([entry.strength for entry in entries], [entry.score for entry in entries]) for method, entries in self._bins.items()}
        self._any = self._curves.get(ANY)

    def __reduce__(self) -> tuple[object, ...]:
        return Reliability, (self.bins,)

    @staticmethod
    def of(kind: str) -> Reliability:
        """The bundled reliability of a kind of taxonomy (bundled, onet, esco, custom)."""
        bins = []
        for row in tables.read("reliability.csv"):
            taxonomy, method, strength, score, rows, _ = row.cells
            if taxonomy == kind:
                bins.append(bin_of(method, strength, score, rows, f"{row.file}:{row.line}"))
        return Reliability(bins)

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return any(entry.rows for entry in self.bins)

    @property
    def bins(self) -> list[Bin]:
        """All bins, by method and strength."""
        return [entry for some in self._bins.values() for entry in some]

    def overlaid(self, bins: Iterable[Bin]) -> Reliability:
        """Other bins, with those of here for the methods that the other ones say nothing of.

        Bins for any method stay until all methods are said.

        >>> Reliability([Bin("alias", 0.5, 0.6, 50), Bin("tfidf", 0.5, 0.3, 9)]).overlaid([Bin("alias", 0.5, 0.9, 40)]).bins
        [Bin(method='alias', strength=0.5, score=0.9, rows=40), Bin(method='tfidf', strength=0.5, score=0.3, rows=9)]
        """
        over = list(bins)
        said = {entry.method for entry in over}
        said |= {ANY} if said >= set(Method) else set()
        return Reliability([*over, *(entry for entry in self.bins if entry.method not in said)])

    def calibrate(self, method: Method, strength: float) -> float:
        """The probability, 0 to 1, that an answer of a method with this strength is right; the strength itself where nothing is known."""
        curve = self._curves.get(method, self._any)
        if curve is None:
            return strength
        strengths, scores = curve
        place = 0
        while place < len(strengths) and strengths[place] <= strength:  # some ten of them
            place += 1
        if place == 0 or place == len(strengths):
            return scores[min(place, len(scores) - 1)]
        share = (strength - strengths[place - 1]) / (strengths[place] - strengths[place - 1])
        return int((scores[place - 1] + share * (scores[place] - scores[place - 1])) * _FINE + 0.5) / _FINE

    def highest(self, method: Method) -> float:
        """The highest score, 0 to 1, that an answer of a method can have.

        >>> Reliability([Bin("tfidf", 0.5, 0.3, 9)]).highest(Method.TFIDF)
        0.3
        """
        curve = self._curves.get(method, self._any)
        return curve[1][-1] if curve is not None else 1.0

    def threshold(self, precision: float) -> Threshold:
        """The lowest score from which on answers reach a precision on average, with the coverage that is left.

        A bin stands for the answers around it, so the threshold lies half way to the bin below. Where no score reaches the
        precision, it is the highest score there is, with the precision that it has.
        """
        scores = sorted({entry.score for entry in self.bins if entry.rows}, reverse=True)
        if not scores:
            return Threshold(precision, 1.0, precision)
        edges = [*(round((upper + lower) / 2, 4) for upper, lower in pairwise(scores)), scores[-1]]
        enough = [threshold for threshold in map(self.at, edges) if threshold.precision >= precision]
        return enough[-1] if enough else self.at(edges[0])

    def at(self, score: float) -> Threshold:
        """What comes of resolving from a score on: the coverage and the precision of the answers.

        >>> Reliability([Bin("alias", 0.5, 0.6, 50), Bin("alias", 0.9, 0.98, 50)]).at(0.6)
        Threshold(score=0.6, coverage=1.0, precision=0.79)
        """
        total = sum(entry.rows for entry in self.bins)
        kept = [entry for entry in self.bins if entry.score >= score]
        rows = sum(entry.rows for entry in kept)
        right = sum(entry.score * entry.rows for entry in kept)
        return Threshold(score, round(rows / total, 4) if total else 1.0, round(right / rows, 4) if rows else 0.0)
