"""Options: every threshold and every switch of titlenorm, in one frozen place."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Options"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How a `Normalizer` decides.

    Attributes:
        min_score: a best candidate below this score (0 to 1), the probability that it is right, is not resolved. With the
            bundled roles, 0.72 resolves a known field with a general noun ("Treasury Specialist") and leaves open a known field
            with a word that no table knows, of which one answer in three is wrong.
        min_margin: a runner-up closer than this (0 to 1) makes the title ambiguous.
        precision: of the titles that are resolved, the share that must be right (between 0 and 1): sets `min_score` by how
            reliable answers of the taxonomy are. None leaves `min_score` as it is.
        backoff: resolve a tie between roles to the role that is wider than all of them.
        spelling: repair unknown words against the vocabulary.
        tfidf: propose candidates by TF-IDF for what the tables miss.
        candidates: how many candidates a `Result` carries, 1 to 100.
        rollup: answer with the wider role (`broader`) of the role that was found, where there is one.
        others: how many further titles of one cell are kept, 0 to 100.

    Raises:
        TypeError: an option that does not exist, or a value of the wrong type.
        ValueError: a number out of its range.

    >>> Options(min_score=0.8).min_score
    0.8
    >>> Options(min_score=80)
    Traceback (most recent call last):
    ...
    ValueError: min_score must be a number from 0 to 1; found 80.
    """

    min_score: float = 0.72
    min_margin: float = 0.05
    precision: float | None = None
    backoff: bool = False
    spelling: bool = True
    tfidf: bool = True
    candidates: int = 5
    rollup: bool = False
    others: int = 8

    def __post_init__(self) -> None:
        for name in ("backoff", "spelling", "tfidf", "rollup"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} must be True or False; found {getattr(self, name)!r}.")
        _check("min_score", self.min_score, 0, 1)
        _check("min_margin", self.min_margin, 0, 1)
        if self.precision is not None:
            _check("precision", self.precision, 0, 1)
            if self.precision in (0, 1):
                raise ValueError(f"precision must be between 0 and 1; found {self.precision!r}.")
        _check("candidates", self.candidates, 1, 100, whole=True)
        _check("others", self.others, 0, 100, whole=True)


def _check(name: str, value: float, lowest: int, highest: int, whole: bool = False) -> None:
    """Complain of a value that is no number, or no whole one, or out of its range."""
    wanted = f"{name} must be a {'whole ' if whole else ''}number from {lowest} to {highest}; found {value!r}."
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise TypeError(wanted)
    if not lowest <= value <= highest:
        raise ValueError(wanted)
