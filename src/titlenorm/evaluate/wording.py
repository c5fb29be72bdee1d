"""Wording: how figures and rows read for people, on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from titlenorm.evaluate.figures import Figures, Interval
from titlenorm.evaluate.judged import Judged, Reply

__all__ = ["MEANINGS", "Move", "moves", "show_count", "show_figure", "show_got", "show_interval", "show_share", "show_wanted"]

MEANINGS = {
    "accuracy": "of all rows: an acceptable role, or rightly none",
    "precision": "of the resolved rows: the role is acceptable",
    "coverage": "of the rows with a role: resolved, rightly or not",
    "recall": "of the rows with a role: resolved to an acceptable one",
    "top1": "of the rows with a role: an acceptable one is first, whatever the status",
    "top3": "of the rows with a role: an acceptable one is among the first three",
    "mrr": "of the rows with a role: mean of 1 / place of the first acceptable one",
    "abstains": "of the rows without a role: not resolved",
    "level": "of all rows: the level is acceptable",
    "grade": "of all rows: the grade is right",
    "others": "F1 over further titles in the cells",
    "ece": "how far the score is from the share that is right; 0 is best",
    "brier": "mean square of that distance, row by row; 0 is best",
}
"""What each figure says, in a few words, in the order in which they are shown."""

_DECIMAL = ("mrr", "others", "ece", "brier")
_LOWER_IS_BETTER = ("ece", "brier")


class Move(NamedTuple):
    """A figure then and now, as text; `better` is None when it did not move."""

    name: str
    before: str
    after: str
    moved: str
    better: bool | None


def moves(before: Figures, after: Figures) -> Iterator[Move]:
    """How each figure moved, in points of percent for a share.

    Args:
        before, after: figures of the same rows.
    """
    for name in MEANINGS:
        old, new = getattr(before, name), getattr(after, name)
        if old is None and new is None:
            continue
        moved = "" if old is None or new is None else f"{new - old:+.4f}" if name in _DECIMAL else f"{(new - old) * 100:+.2f}"
        if not moved.strip("+-0."):
            yield Move(name, show_figure(name, old), show_figure(name, new), "", None)
        else:
            yield Move(name, show_figure(name, old), show_figure(name, new), moved, (new > old) != (name in _LOWER_IS_BETTER))


def show_figure(name: str, value: float | None) -> str:
    """A figure: a share in percent, any other as a decimal, "-" where there is none.

    >>> show_figure("precision", 0.98945), show_figure("ece", 0.0478), show_figure("grade", None)
    ('98.95%', '0.0478', '-')
    """
    if value is None:
        return "-"
    return f"{value:.4f}" if name in _DECIMAL else show_share(value)


def show_share(value: float) -> str:
    """A share in percent.

    >>> show_share(0.98945), show_share(1.0)
    ('98.95%', '100.00%')
    """
    return f"{value:.2%}"


def show_interval(figures: Figures, name: str) -> str:
    """The 95 % interval of a figure; empty for one that has none."""
    interval: Interval | None = getattr(figures, f"{name}_interval", None)
    return "" if interval is None else f"{interval.low * 100:.1f} to {interval.high:.1%}"


def show_count(value: float) -> str:
    """A number of rows; weights can make it broken.

    >>> show_count(1234.0), show_count(0.5)
    ('1,234', '0.50')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def show_wanted(row: Judged) -> str:
    """What a label asks for.

    >>> from titlenorm.evaluate.labels import Label
    >>> show_wanted(Judged(Label("Founder", ("founder", "co-founder"), levels=("owner", "")), Reply("empty")))
    'founder | co-founder, level owner | none'
    """
    parts = [" | ".join(row.label.roles) or "no role"]
    for name, labelled, right in (("level", row.label.levels, row.level), ("grade", row.label.grades, row.grade)):
        if labelled is not None and (right is False or any(labelled)):
            parts.append(f"{name} {' | '.join(value or 'none' for value in labelled)}")
    parts += [f"also {' | '.join(roles)}" for roles in row.label.others or ()]
    return ", ".join(parts)


def show_got(reply: Reply) -> str:
    """What was answered.

    >>> show_got(Reply("ambiguous", level="owner", candidates=(("founder", 0.5),)))
    'no role (ambiguous, nearest founder), level owner'
    """
    nearest = f", nearest {reply.best}" if reply.best else ""
    parts = [reply.role or f"no role ({reply.status}{nearest})"]
    parts += [f"level {reply.level}"] if reply.level else []
    parts += [f"grade {reply.grade}"] if reply.grade is not None else []
    parts += [f"also {role}" for role in reply.others]
    return ", ".join(parts)
