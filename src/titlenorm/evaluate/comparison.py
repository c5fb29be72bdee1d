"""Comparison: what has changed since an earlier run, by the labels of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from titlenorm.evaluate.curve import Point, curve
from titlenorm.evaluate.figures import Figures, figures
from titlenorm.evaluate.judged import ASPECTS, Judged, judge
from titlenorm.evaluate.report import Report
from titlenorm.evaluate.run import Row, Run
from titlenorm.normalizer import Normalizer

__all__ = ["Change", "Comparison", "compare"]


class Change(NamedTuple):
    """A row whose answer changed; `aspects` are those of `ASPECTS` that were right and are not, or the other way round."""

    before: Judged
    after: Judged
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same titles.

    Attributes:
        earlier: the earlier run.
        before, after: the figures of the rows that both runs have; the earlier answers are judged anew.
        curve: the curve of the earlier answers.
        fixed: rows of which something became right and nothing wrong.
        broken: rows of which something became wrong and nothing right.
        otherwise: other rows whose answer changed.
        rescored: rows with the same answer and another score.
        new, gone: how many rows only this run has, or only the earlier one.
        differs: what the runs do not have in common beside their rows: version, data, taxonomy or options, each as a sentence.
    """

    earlier: Run
    before: Figures
    after: Figures
    curve: tuple[Point, ...]
    fixed: tuple[Change, ...]
    broken: tuple[Change, ...]
    otherwise: tuple[Change, ...]
    rescored: int
    new: int
    gone: int
    differs: tuple[str, ...]


def compare(report: Report, run: Run, earlier: Run, normalizer: Normalizer, known_roles: Collection[str] | None = None) -> Comparison:
    """What has changed since an earlier run.

    Rows belong together when they have the same title; equal titles belong together in order. The earlier answers are
    judged by the labels and the taxonomy of today, so that a corrected label does not look like a better answer.

    Args:
        report: what was found today.
        run: today's run.
        earlier: the run to compare with.
        normalizer: what answered today.
        known_roles: as for `evaluate`.
    """
    pairs = _pairs(report.rows, earlier.rows)
    before = [judge(row.label, old.reply, normalizer.taxonomy, known_roles) for row, old in pairs]
    after = [row for row, _ in pairs]
    changes = [_change(*pair) for pair in zip(before, after, strict=True) if pair[0].reply.answer != pair[1].reply.answer]
    directions = [{after.aspects[name] for name in aspects} for _, after, aspects in changes]
    fixed, broken = ([change for change, to in zip(changes, directions, strict=True) if to == {right}] for right in (True, False))
    return Comparison(
        earlier, figures(before), figures(after), curve(before, normalizer.options.min_margin), tuple(fixed), tuple(broken),
        tuple(change for change, to in zip(changes, directions, strict=True) if len(to) != 1),
        sum(old.reply.answer == new.reply.answer and old.reply.score != new.reply.score for old, new in zip(before, after, strict=True)),
        len(report.rows) - len(pairs), len(earlier.rows) - len(pairs), tuple(_differences(earlier, run)),
    )  # fmt: skip


def _pairs(rows: Sequence[Judged], earlier: Sequence[Row]) -> list[tuple[Judged, Row]]:
    waiting: dict[str, list[Row]] = defaultdict(list)
    for row in reversed(earlier):
        waiting[row.title].append(row)
    return [(row, waiting[row.label.title].pop()) for row in rows if waiting[row.label.title]]


def _change(before: Judged, after: Judged) -> Change:
    then, now = before.aspects, after.aspects
    return Change(before, after, tuple(name for name in ASPECTS if name in then and name in now and then[name] != now[name]))


def _differences(earlier: Run, run: Run) -> list[str]:
    found = [("titlenorm", earlier.version, run.version), ("data", earlier.data_version, run.data_version), ("taxonomy", earlier.taxonomy, run.taxonomy)]
    options = {**dict.fromkeys(earlier.options), **run.options}
    found += [(f"option {name}", str(earlier.options.get(name)), str(run.options.get(name))) for name in options]
    return [f"{name}: {old}, now {new}" for name, old, new in found if old != new]
