"""Measures: how good ranked answers are. Every function is plain arithmetic over ranks, so that figures can be checked by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["average_precision", "elements", "mean", "rank_of", "reciprocal", "within"]


def rank_of(ranked: Sequence[str], right: Collection[str]) -> int | None:
    """The place, from 1, of the first right answer; None when there is none.

    >>> rank_of(["a", "b", "c"], {"b", "c"}), rank_of(["a"], {"b"})
    (2, None)
    """
    return next((place for place, one in enumerate(ranked, 1) if one in right), None)


def reciprocal(ranks: Sequence[int | None]) -> float:
    """Mean reciprocal rank (MRR), 0 to 1; an answer that was not found counts as 0.

    >>> reciprocal([1, 2, None, 4])
    0.4375
    """
    return mean(1 / rank if rank else 0.0 for rank in ranks)


def within(ranks: Sequence[int | None], places: int) -> float:
    """The share of titles with a right answer among the first `places`: success@k, and R@k where one answer is right.

    >>> within([1, 2, None, 4], 2)
    0.5
    """
    return mean(rank is not None and rank <= places for rank in ranks)


def elements(ranked: Iterable[str], sizes: Mapping[str, int], right: Collection[str], limit: int) -> list[bool]:
    """A ranking of concepts as one of their labels: for each label, a concept's all in a row, whether its concept is right.

    >>> elements(["a", "b"], {"a": 2, "b": 3}, {"b"}, 4)
    [False, False, True, True]
    """
    flags: list[bool] = []
    for one in ranked:
        flags += [one in right] * sizes[one]
        if len(flags) >= limit:
            break
    return flags[:limit]


def average_precision(flags: Sequence[bool], relevant: int) -> float:
    """Average precision as trec_eval has it: relevant elements that were not found count as 0.

    >>> average_precision([False, True, True], 4)
    0.29166666666666663
    """
    found, total = 0, 0.0
    for place, flag in enumerate(flags, 1):
        if flag:
            found += 1
            total += found / place
    return total / relevant


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
