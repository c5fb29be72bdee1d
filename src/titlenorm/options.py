"""Options: every threshold and every switch of titlenorm, in one frozen place."""

from __future__ import annotations

from dataclasses import dataclass, fields

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
        for option in fields(self):
            value = getattr(self, option.name)
            if value is option.default:
                continue
            if isinstance(option.default, bool):
                if not isinstance(value, bool):
                    raise TypeError(f"{option.name} must be True or False; found {value!r}.")
                continue
            lowest, highest, kind = _RANGES[option.name]
            whole = kind is int
            wanted = f"{option.name} must be a {'whole ' if whole else ''}number from {lowest} to {highest}; found {value!r}."
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                raise TypeError(wanted)
            if not lowest <= value <= highest or (option.name == "precision" and value in (0, 1)):
                raise ValueError(wanted)


_RANGES = {"min_score": (0, 1, float), "min_margin": (0, 1, float), "precision": (0, 1, float), "candidates": (1, 100, int), "others": (0, 100, int)}
"""Option to the lowest and highest number that it may be, and its type."""
