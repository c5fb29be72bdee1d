"""Drawings: the curves of a report as SVG that stands inside a page, without styles or scripts of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from titlenorm.errors import MissingExtraError
from titlenorm.evaluate.curve import Bin, Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_precision", "draw_reliability", "draw_thresholds", "need_matplotlib"]

_COLOURS = {"#1c2430": "ink", "#6b7685": "faint", "#d5dae1": "grid", "#0b62c4": "first", "#b3470a": "second"}
"""Colour to the class that a page can give another colour, for dark screens."""
_INK, _FAINT, _GRID, _FIRST, _SECOND = _COLOURS
_SIZE = (4.8, 3.4)
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "titlenorm", "font.size": 11, "axes.edgecolor": _FAINT, "axes.labelcolor": _INK, "text.color": _INK,
    "xtick.color": _FAINT, "ytick.color": _FAINT, "xtick.labelcolor": _INK, "ytick.labelcolor": _INK, "grid.color": _GRID, "axes.grid": True,
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "lines.linewidth": 2, "legend.frameon": False,
    "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
}  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"#([\w-]+)")


def need_matplotlib() -> None:
    """Stop when curves cannot be drawn.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise MissingExtraError.of("matplotlib", "report") from None


def draw_precision(points: Sequence[Point], min_score: float, earlier: Sequence[Point] = ()) -> str:
    """Precision against coverage, for this run and perhaps an earlier one; the threshold of the run is marked.

    Args:
        points: the curve of this run, at least one point.
        min_score: the threshold.
        earlier: the curve of an earlier run.
    """
    with _axes("precision", "coverage", "precision") as (axes, drawn):
        if earlier:
            axes.plot(*_steps(earlier), color=_SECOND, linestyle=(0, (4, 2)), label="earlier run")
        axes.plot(*_steps(points), color=_FIRST, label="this run")
        here = next((point for point in reversed(points) if point.threshold >= min_score), None)
        if here is not None:
            axes.plot([here.coverage], [here.precision], marker="o", markersize=8, linestyle="none", color=_FIRST, label=f"threshold {min_score:g}")
        axes.set_xlim(0, 1.01)
        axes.set_ylim(_floor(point.precision for point in (*points, *earlier)), 1.005)
        axes.legend(loc="lower left")
    return drawn[0]


def draw_thresholds(points: Sequence[Point], min_score: float) -> str:
    """Precision and coverage for every threshold.

    Args:
        points: the curve, at least one point.
        min_score: the threshold of the run.
    """
    whole = [*points, points[-1]._replace(threshold=0.0)]
    thresholds = [point.threshold for point in whole]  # from high to low: a point holds down to the next one
    with _axes("thresholds", "threshold (min_score)", "share") as (axes, drawn):
        axes.step(thresholds, [point.precision for point in whole], where="post", color=_FIRST, label="precision")
        axes.step(thresholds, [point.coverage for point in whole], where="post", color=_SECOND, linestyle=(0, (4, 2)), label="coverage")
        axes.axvline(min_score, color=_FAINT, linewidth=1.2, linestyle=(0, (1, 2)), label=f"threshold {min_score:g}")
        axes.set_xlim(0, 1.01)
        axes.set_ylim(0, 1.03)
        axes.legend(loc="lower left")
    return drawn[0]


def draw_reliability(bins: Sequence[Bin]) -> str:
    """The share that is right against the score; a larger dot is more rows, and on the diagonal the score is honest.

    Args:
        bins: the bins of all rows, at least one.
    """
    with _axes("reliability", "mean score", "share that is right") as (axes, drawn):
        axes.plot([0, 1], [0, 1], color=_FAINT, linewidth=1.2, linestyle=(0, (4, 2)), label="an honest score")
        most = max(part.rows for part in bins)
        axes.plot([part.score for part in bins], [part.right for part in bins], color=_FIRST, linewidth=1.2)
        for part in bins:
            axes.plot([part.score], [part.right], marker="o", linestyle="none", color=_FIRST, markersize=4 + 10 * (part.rows / most) ** 0.5)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.06)
        axes.legend(loc="upper left")
    return drawn[0]


def _steps(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [point.coverage for point in points], [point.precision for point in points]


def _floor(values: Iterator[float]) -> float:
    """Where the axis of precision begins: near precisions are to be told apart, and no curve is cut off."""
    lowest = min(values)
    return next((floor for floor in (0.9, 0.75, 0.5) if lowest >= floor), -0.02)


@contextmanager
def _axes(name: str, across: str, up: str) -> Iterator[tuple[Axes, list[str]]]:
    """Axes to draw on; afterwards the list holds the drawing.

    Figures are made without pyplot, which would keep them, and without the settings of the user, so that the same
    curve is drawn the same everywhere.
    """
    from matplotlib import rc_context, rcdefaults, rcParams
    from matplotlib.figure import Figure

    drawn: list[str] = []
    with rc_context():
        rcdefaults()
        rcParams.update(_SETTINGS)
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot(xlabel=across, ylabel=up)
        yield axes, drawn
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        drawn.append(_embedded(target.getvalue(), name))


def _embedded(text: str, name: str) -> str:
    """A drawing as an element of a page: attributes instead of styles, colours with classes, ids that no other drawing has."""
    root = ElementTree.fromstring(text)
    used = set(_REFERENCE.findall(text))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}style", f"{_SVG}metadata") or child.tag.endswith("}metadata"):
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        attributes = _attributes(element.attrib, name, used)
        element.attrib.clear()
        element.attrib.update(attributes)
    root.attrib.update({"class": "plot", "aria-hidden": "true", "focusable": "false", "stroke-linejoin": "round", "stroke-linecap": "butt"})
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    return ElementTree.tostring(root, encoding="unicode")


def _attributes(given: dict[str, str], name: str, used: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute, value in given.items():
        if attribute == "style":
            found.update(_presentation(value))
        elif attribute != "id":
            found[attribute.replace(_LINK, "href")] = value
        elif value in used:
            found["id"] = value
    classes = [f"{attribute}-{_COLOURS[found[attribute]]}" for attribute in ("fill", "stroke") if found.get(attribute) in _COLOURS]
    found = {attribute: _REFERENCE.sub(rf"#{name}-\1", value) if attribute in ("href", "clip-path") else value for attribute, value in found.items()}
    if "id" in found:
        found["id"] = f"{name}-{found['id']}"
    return {**found, "class": " ".join(classes)} if classes else found


def _presentation(style: str) -> Iterator[tuple[str, str]]:
    """The declarations of a style as attributes; of a font the size stays, so that the page says which one it is."""
    for declaration in filter(str.strip, style.split(";")):
        attribute, _, value = (part.strip() for part in declaration.partition(":"))
        if attribute == "font":
            attribute, value = "font-size", value.split()[0]
        yield attribute, value
