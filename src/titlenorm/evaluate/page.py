"""The page: a report as one HTML file that needs nothing else, no network and no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from titlenorm.errors import MissingExtraError
from titlenorm.evaluate import drawing, wording
from titlenorm.evaluate.comparison import Comparison
from titlenorm.evaluate.report import Report, Slice
from titlenorm.evaluate.run import Run

__all__ = ["need_report", "render"]

_ERRORS = 2000
_SLICES = 100
_SLICE_FIGURES = ("precision", "coverage", "recall", "abstains", "level", "grade", "ece")


class _Drawing(NamedTuple):
    """A curve: its title, what it shows in words, and the SVG."""

    title: str
    text: str
    svg: str


def need_report() -> None:
    """Stop when no page can be made.

    Raises:
        MissingExtraError: a package of the extra `report` is not installed.
    """
    drawing.need_matplotlib()
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise MissingExtraError.of("jinja2", "report") from None


def render(name: str, report: Report, run: Run, comparison: Comparison | None = None) -> str:
    """The page of a report; the same report gives the same text.

    Args:
        name: what was evaluated, for the heading.
        report: the figures.
        run: the versions and options.
        comparison: what has changed since an earlier run.

    Raises:
        MissingExtraError: a package of the extra `report` is not installed.
    """
    need_report()
    from importlib_resources import files
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    here = files("titlenorm.evaluate")
    css = (here / "page.css").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters.update({shown.removeprefix("show_"): getattr(wording, shown) for shown in wording.__all__ if shown.startswith("show_")})
    return environment.from_string((here / "page.jinja").read_text(encoding="utf-8")).render(
        name=name, report=report, figures=report.figures, run=run, comparison=comparison,
        css=Markup(css), css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        meanings=wording.MEANINGS, moves=list(wording.moves(comparison.before, comparison.after)) if comparison else [],
        drawings=[shown._replace(svg=Markup(shown.svg)) for shown in _drawings(report, comparison)],
        slices=_by_column(report), slice_figures=_SLICE_FIGURES, most_slices=_SLICES, most_errors=_ERRORS,
    )  # fmt: skip


def _by_column(report: Report) -> Mapping[str, list[Slice]]:
    return {column: list(parts) for column, parts in groupby(report.slices, key=lambda part: part.column)}


def _drawings(report: Report, comparison: Comparison | None) -> Iterator[_Drawing]:
    """The curves that there is something to draw for."""
    if report.curve:
        first, last = report.curve[0], report.curve[-1]
        text = (
            f"From {wording.show_share(first.precision)} precision at {wording.show_share(first.coverage)} coverage (threshold {first.threshold:.2f}) "
            f"to {wording.show_share(last.precision)} precision at {wording.show_share(last.coverage)} coverage (threshold {last.threshold:.2f})."
        )
        svg = drawing.draw_precision(report.curve, report.min_score, comparison.curve if comparison else ())
        yield _Drawing("Precision against coverage", text, svg)
        lowest = min(report.curve, key=lambda point: point.precision)
        text = f"Precision is never below {wording.show_share(lowest.precision)}; the threshold of this run is {report.min_score:g}."
        yield _Drawing("Precision and coverage for each threshold", text, drawing.draw_thresholds(report.curve, report.min_score))
    if report.reliability:
        bins = [f"score {part.score:.2f}: {wording.show_share(part.right)} right" for part in report.reliability]
        text = f"From low scores to high ones: {'; '.join(bins)}."
        yield _Drawing("Is the score honest?", text, drawing.draw_reliability(report.reliability))
