"""How a report and a comparison look on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from titlenorm.console import one_line, plain_table, print_left, printed
from titlenorm.evaluate import Change, Comparison, Confusion, Report
from titlenorm.evaluate.curve import Bin, Point
from titlenorm.evaluate.figures import Figures
from titlenorm.evaluate.judged import Judged
from titlenorm.evaluate.wording import MEANINGS, moves, show_count, show_figure, show_got, show_interval, show_share, show_wanted

__all__ = ["print_comparison", "print_report"]

_CONFUSIONS = 10
_SLICES = 20
_SLICE_FIGURES = ("precision", "coverage", "recall", "abstains", "level", "ece")


def print_report(report: Report, errors: int = 0, to_stderr: bool = False) -> None:
    """Figures, curves, confusions and slices.

    Args:
        report: what was found.
        errors: how many wrong rows are listed.
        to_stderr: standard output is taken.
    """
    with printed(to_stderr) as console:
        _print_figures(console, report.figures)
        _print_points(console, "Lowest threshold for a precision of at least", report.at_precisions)
        _print_points(console, "Highest threshold for a coverage of at least", report.at_coverages)
        _print_bins(console, report.reliability)
        for heading, confusions, nothing in (
            ("Wrong role", report.confusions, "no role"),
            ("Left open, with the nearest candidate", report.missed, "none"),
            ("Wrong level", report.levels, "no level"),
        ):
            _print_confusions(console, heading, confusions, nothing)
        for column, parts in groupby(report.slices, key=lambda part: part.column):
            _print_slices(console, column, [(part.value, part.figures) for part in parts])
        if errors and report.errors:
            _print_errors(console, report.errors, errors)


def print_comparison(comparison: Comparison, rows: int, to_stderr: bool = False) -> None:
    """Figures that moved and rows that changed.

    Args:
        comparison: what has changed.
        rows: how many rows are listed of each kind.
        to_stderr: standard output is taken.
    """
    with printed(to_stderr) as console:
        counts = [f"rows in both runs: {comparison.before.rows:,}"]
        counts += [f"{what}: {count:,}" for count, what in ((comparison.new, "in this one only"), (comparison.gone, "in the earlier one only")) if count]
        console.print(Text(f"\nSince the earlier run; {', '.join(counts)}", style="bold"))
        for difference in comparison.differs:
            console.print(Text(f"  {difference}"))
        table = plain_table("", ">before", ">now", ">moved", "")
        for move in moves(comparison.before, comparison.after):
            if move.better is not None:
                table.add_row(move.name, move.before, move.after, move.moved, "better" if move.better else "worse", style="green" if move.better else "red")
        console.print(table if table.row_count else Text("  No figure moved."))
        _print_changes(console, "Broken", comparison.broken, rows)
        _print_changes(console, "Fixed", comparison.fixed, rows)
        _print_changes(console, "Changed otherwise", comparison.otherwise, rows)
        if comparison.rescored:
            console.print(Text(f"\nAnother score only: {comparison.rescored:,}"))


def _print_figures(console: Console, figures: Figures) -> None:
    weight = "" if figures.weight == figures.rows else f", which count for {show_count(figures.weight)}"
    console.print(Text(f"{figures.rows:,} row{'s' * (figures.rows != 1)}{weight}\n", style="bold"))
    table = plain_table("", ">", "", "")
    for name, meaning in MEANINGS.items():
        value = getattr(figures, name)
        if value is not None:
            table.add_row(name, show_figure(name, value), show_interval(figures, name), Text(meaning, style="dim"))
    console.print(table)


def _print_points(console: Console, heading: str, points: Sequence[tuple[float, Point | None]]) -> None:
    console.print(Text(f"\n{heading}", style="bold"))
    table = plain_table("", ">threshold", ">precision", ">coverage", ">recall", ">rows resolved")
    for wanted, point in points:
        shown = ["none"]
        if point is not None:
            shown = [f"{point.threshold:.4f}", *map(show_share, point[1:4]), show_count(point.resolved)]
        table.add_row(f"{wanted:.0%}", *shown)
    console.print(table)


def _print_bins(console: Console, bins: Sequence[Bin]) -> None:
    if not bins:
        return
    console.print(Text("\nScore against the share that is right", style="bold"))
    table = plain_table("scores", ">mean score", ">right", ">rows")
    for part in bins:
        scores = f"{part.low:.4f}" + (f" to {part.high:.4f}" if part.high != part.low else "")
        table.add_row(scores, f"{part.score:.4f}", show_share(part.right), show_count(part.rows))
    console.print(table)


def _print_confusions(console: Console, heading: str, confusions: Sequence[Confusion], nothing: str) -> None:
    if not confusions:
        return
    console.print(Text(f"\n{heading}", style="bold"))
    table = plain_table(">rows", "expected", "got", "such as")
    for confusion in confusions[:_CONFUSIONS]:
        table.add_row(show_count(confusion.rows), *(Text(name or nothing) for name in confusion[:2]), Text(one_line(confusion.examples[0])))
    console.print(table)
    print_left(console, len(confusions) - _CONFUSIONS)


def _print_slices(console: Console, column: str, parts: Sequence[tuple[str, Figures]]) -> None:
    console.print(Text(f"\nBy {one_line(column)}", style="bold"))
    table = plain_table("", ">rows", *(f">{name}" for name in _SLICE_FIGURES))
    for value, figures in parts[:_SLICES]:
        table.add_row(Text(one_line(value) or "(empty)"), f"{figures.rows:,}", *(show_figure(name, getattr(figures, name)) for name in _SLICE_FIGURES))
    console.print(table)
    print_left(console, len(parts) - _SLICES)


def _print_errors(console: Console, rows: Sequence[Judged], most: int) -> None:
    console.print(Text("\nRows with an error", style="bold"))
    table = plain_table("title", "expected", "got", ">score", "method", "wrong")
    for row in rows[:most]:
        wrong = ", ".join(name for name, right in row.aspects.items() if not right)
        table.add_row(*_texts(row.label.title, show_wanted(row), show_got(row.reply)), f"{row.reply.score:.4f}", row.reply.method or "", wrong)
    console.print(table)
    print_left(console, len(rows) - most)


def _print_changes(console: Console, heading: str, changes: Sequence[Change], most: int) -> None:
    console.print(Text(f"\n{heading}: {len(changes):,}", style="bold"))
    table = plain_table("title", "expected", "before", "now", "turned")
    for before, after, aspects in changes[:most]:
        table.add_row(*_texts(after.label.title, show_wanted(after), show_got(before.reply), show_got(after.reply)), ", ".join(aspects))
    if table.row_count:
        console.print(table)
    print_left(console, len(changes) - most if most else 0)


def _texts(title: str, *cells: str) -> Iterable[Text]:
    return Text(one_line(title)), *map(Text, cells)
