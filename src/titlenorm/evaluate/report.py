"""The report of an evaluation, as data: figures, curves, confusions and slices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from titlenorm.evaluate.curve import Bin, Point, at_coverages, at_precisions, curve, reliability
from titlenorm.evaluate.figures import Figures, figures, scored
from titlenorm.evaluate.judged import Judged, Reply, judge
from titlenorm.evaluate.labels import Label
from titlenorm.normalizer import Normalizer
from titlenorm.result import Method

__all__ = ["Confusion", "Report", "Slice", "evaluate", "report"]

_CHUNK = 10_000
_EXAMPLES = 3
_METHOD_BINS = 5


class Confusion(NamedTuple):
    """Rows that were to get `expected` and got `got`; either is empty for none. `examples` are some of their titles."""

    expected: str
    got: str
    rows: float
    examples: tuple[str, ...]


class Slice(NamedTuple):
    """The figures of the rows with one value in a column."""

    column: str
    value: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Attributes:
        figures: of all rows.
        min_score: the threshold of the run, 0 to 1; where `Options.precision` set it, the lowest score that was resolved.
        curve: precision and coverage for each threshold.
        at_coverages, at_precisions: points of the curve at round values.
        reliability: the score against the share that is right; `by_method` the same for each method.
        confusions: rows that got a wrong role, or one where none is right: most rows first, then by ids.
        missed: rows with a role that titlenorm left open; `got` is their first candidate.
        levels: rows with a wrong level.
        slices: figures of parts, larger parts first.
        rows: all rows, in the order of the labels.
    """

    figures: Figures
    min_score: float
    curve: tuple[Point, ...]
    at_coverages: tuple[tuple[float, Point | None], ...]
    at_precisions: tuple[tuple[float, Point | None], ...]
    reliability: tuple[Bin, ...]
    by_method: tuple[tuple[str, tuple[Bin, ...]], ...]
    confusions: tuple[Confusion, ...]
    missed: tuple[Confusion, ...]
    levels: tuple[Confusion, ...]
    slices: tuple[Slice, ...]
    rows: tuple[Judged, ...]

    @property
    def errors(self) -> tuple[Judged, ...]:
        """The rows of which something that is labelled is wrong."""
        return tuple(row for row in self.rows if not all(row.aspects.values()))


def evaluate(labels: Iterable[Label], normalizer: Normalizer | None = None, known_roles: Collection[str] | None = None) -> Report:
    """Normalize labelled titles and report how often the answers are right.

    Args:
        labels: titles and what is right for them; `read_labels` reads them from a file.
        normalizer: what is evaluated; one with the bundled taxonomy when None.
        known_roles: the roles that the labels know, when that is not all of the taxonomy; see `judge`.

    >>> found = evaluate([Label("Sr. Accountant", ("accountant",)), Label("Manager")])
    >>> found.figures.precision, found.figures.abstains
    (1.0, 1.0)
    """
    normalizer = normalizer if normalizer is not None else Normalizer()
    left, rows = iter(labels), []
    while chunk := list(islice(left, _CHUNK)):  # results are large and replies are small
        replies = map(Reply.of, normalizer.normalize_many(label.title for label in chunk))
        rows += [judge(label, reply, normalizer.taxonomy, known_roles) for label, reply in zip(chunk, replies, strict=True)]
    options = normalizer.options
    resolved = (row.reply.score for row in rows if row.answered)
    min_score = options.min_score if options.precision is None else min(resolved, default=options.min_score)
    return report(rows, min_score, options.min_margin)


def report(rows: Sequence[Judged], min_score: float, min_margin: float) -> Report:
    """The report on judged rows.

    Args:
        rows: judged rows.
        min_score, min_margin: the options that they were answered with.
    """
    points, scores = curve(rows, min_margin), scored(rows)
    methods = ((method.value, reliability(scored(row for row in rows if row.reply.method == method.value), _METHOD_BINS)) for method in Method)
    wrong = [row for row in rows if row.counts and row.answered and not row.right]
    missed = [row for row in rows if row.label.roles and not row.answered]
    return Report(
        figures(rows), min_score, points, at_coverages(points), at_precisions(points), reliability(scores),
        tuple((method, bins) for method, bins in methods if bins),
        _confusions(wrong, _expected_role, lambda row: row.reply.role or ""),
        _confusions(missed, _expected_role, lambda row: row.reply.best or ""),
        _confusions([row for row in rows if row.level is False], _expected_level, lambda row: row.reply.level or ""),
        tuple(_slices(rows)), tuple(rows),
    )  # fmt: skip


def _expected_role(row: Judged) -> str:
    return row.label.roles[0] if row.label.roles else ""


def _expected_level(row: Judged) -> str:
    return row.label.levels[0] if row.label.levels else ""


def _confusions(rows: Iterable[Judged], expected: Callable[[Judged], str], got: Callable[[Judged], str]) -> tuple[Confusion, ...]:
    """The rows by what was expected and what came, most rows first."""
    found: dict[tuple[str, str], list[Judged]] = {}
    for row in rows:
        found.setdefault((expected(row), got(row)), []).append(row)
    confusions = (Confusion(*pair, sum(row.label.weight for row in some), _examples(some)) for pair, some in found.items())
    return tuple(sorted(confusions, key=lambda confusion: (-confusion.rows, confusion.expected, confusion.got)))


def _examples(rows: Iterable[Judged]) -> tuple[str, ...]:
    """A few distinct titles, those that stand for most first."""
    weights: dict[str, float] = {}
    for row in rows:
        weights[row.label.title] = weights.get(row.label.title, 0) + row.label.weight
    return tuple(sorted(weights, key=lambda title: (-weights[title], title))[:_EXAMPLES])


def _slices(rows: Sequence[Judged]) -> Iterator[Slice]:
    for column in rows[0].label.slices if rows else ():
        parts: dict[str, list[Judged]] = {}
        for row in rows:
            parts.setdefault(row.label.slices.get(column, ""), []).append(row)
        found = [Slice(column, value, figures(some)) for value, some in parts.items()]
        yield from sorted(found, key=lambda part: (-part.figures.weight, part.value))
