"""How a difference looks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from titlenorm.console import one_line, plain_table, print_left, printed
from titlenorm.difference import BANDS, Difference, Pair

__all__ = ["print_difference"]

_HEADINGS = {"role_id": "Roles", "level": "Levels", "grade": "Grades", "status": "Statuses", "other_role_ids": "Roles of further titles"}
_PAIRS = 15


def print_difference(found: Difference, output: str | None = None) -> None:
    """Totals, rows per column, what changed into what, and how scores moved.

    Args:
        found: what changed.
        output: where the changed rows are; with "-" standard output is taken.
    """
    with printed(to_stderr=output == "-") as console:
        console.print(Text(f"Rows compared: {found.rows:,}; with another answer: {found.changed:,}{_share(found.changed, found.rows)}", style="bold"))
        for count, what in ((found.retitled, "with another title"), (found.old_only, "in the old file only"), (found.new_only, "in the new file only")):
            if count:
                console.print(Text(f"Not compared, {what}: {count:,}"))
        _print_columns(console, found)
        for name, pairs in found.pairs.items():
            _print_pairs(console, _HEADINGS[name], pairs)
        _print_scores(console, found)
        if output is not None:
            console.print(Text(f"\nRows with another answer are in {output if output != '-' else 'standard output'}"))


def _share(part: int, whole: int) -> str:
    return f" ({part / whole:.2%})" if whole else ""


def _print_columns(console: Console, found: Difference) -> None:
    if not found.columns:
        return
    table = plain_table("\nchanged column", ">rows", ">share")
    for name in found.compared:
        if found.columns[name]:
            table.add_row(name, f"{found.columns[name]:,}", f"{found.columns[name] / found.rows:.2%}")
    console.print(table)


def _print_pairs(console: Console, heading: str, pairs: Sequence[Pair]) -> None:
    if not pairs:
        return
    console.print(Text(f"\n{heading}", style="bold"))
    table = plain_table(">rows", "before", "now", "such as (rows)")
    for before, after, rows, examples in pairs[:_PAIRS]:
        titles = "; ".join(f"{one_line(title, 50)} ({count:,})" for title, count in examples)
        table.add_row(f"{rows:,}", *(Text(one_line(cell) or "none") for cell in (before, after)), Text(titles))
    console.print(table)
    print_left(console, len(pairs) - _PAIRS)


def _print_scores(console: Console, found: Difference) -> None:
    if not found.bands:
        return
    console.print(Text(f"\nScores: on average {found.mean_shift:+.4f}", style="bold"))
    table = plain_table("moved by", ">up", ">down")
    for band in BANDS:
        table.add_row(f"{band:g} or more" if band else "less", *(f"{found.bands[direction, band]:,}" for direction in (1, -1)))
    console.print(table)
