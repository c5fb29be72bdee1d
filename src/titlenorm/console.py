"""Console: what a run shows on the terminal: the progress bar and the summary on standard error, and how reports are printed."""

from __future__ import annotations

import datetime
import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich import progress
from rich.console import Console
from rich.table import Table
from rich.text import Text

from titlenorm.batch import Progress, Summary

__all__ = ["one_line", "plain_table", "print_left", "print_summary", "printed", "progress_bar", "progress_lines"]

_STYLES = {"resolved": "green", "ambiguous": "yellow", "unresolved": "red", "empty": "dim"}
_BAR = 24
_REASONS = 5
_WIDE = 1000
"""Columns of what is no terminal: nothing is cut there."""


@contextmanager
def progress_bar(size: int) -> Iterator[Progress | None]:
    """A bar that moves with the bytes read, on a terminal; None elsewhere.

    Args:
        size: bytes in all, 0 when unknown.
    """
    if not sys.stderr.isatty():
        yield None
        return
    name, rows = progress.TextColumn("Normalizing"), progress.TextColumn("{task.fields[rows]:,} rows")
    columns: tuple[progress.ProgressColumn, ...] = (progress.SpinnerColumn(), name, rows, progress.TimeElapsedColumn())
    if size:
        columns = (name, progress.BarColumn(), progress.TaskProgressColumn(), rows, progress.TimeRemainingColumn(compact=True), progress.TextColumn("left"))
    columns = (*columns[:-1], _Rate(), columns[-1]) if not size else (*columns[:4], _Rate(), *columns[4:])
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size or None, rows=0)
        yield lambda done, count: bar.update(task, completed=done, rows=count)


class _Rate(progress.ProgressColumn):
    """Rows per second since the beginning."""

    def render(self, task: progress.Task) -> Text:
        """The rate, once there is one."""
        return Text(f"{task.fields['rows'] / task.elapsed:,.0f} rows/s" if task.elapsed else "")


@contextmanager
def progress_lines(size: int, name: str, seconds: float = 10.0) -> Iterator[Progress]:
    """Lines on standard error, now and then and at the end: rows, rows per second, share and time left.

    Args:
        size: how much there is to do, 0 when unknown.
        name: the file.
        seconds: from one line to the next, at least.
    """
    begun = time.monotonic()
    said, last, shown = begun, (0, 0), False

    def line(done: int, rows: int) -> None:
        took = max(time.monotonic() - begun, 1e-9)
        left = f", {done / size:.0%}, {datetime.timedelta(seconds=round(took * (size - done) / done))} left" if size and done else ""
        click.echo(f"{name}: {rows:,} rows, {rows / took:,.0f} rows/s{left}", err=True)

    def update(done: int, rows: int) -> None:
        nonlocal said, last, shown
        last, shown = (done, rows), False
        if time.monotonic() - said >= seconds:
            said, shown = time.monotonic(), True
            line(done, rows)

    yield update
    if not shown:
        line(*last)


def print_summary(summary: Summary) -> None:
    """Rows, distinct titles, rows per status, rejects, and the unresolved titles that occur most."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    table.add_column()
    table.add_row("rows", f"{summary.rows:,}", "", f"in {summary.seconds:.1f} s")
    if summary.titles != summary.rows:
        table.add_row("titles", f"{summary.titles:,}")
    table.add_row("distinct titles", f"{summary.distinct:,}")
    for status, style in _STYLES.items():
        rows = summary.statuses[status]
        if rows:
            share = rows / summary.titles
            table.add_row(status, f"{rows:,}", f"{share:.1%}", "\N{BOX DRAWINGS HEAVY HORIZONTAL}" * round(share * _BAR), style=style)
    if summary.rejected:
        table.add_row("rejected", f"{summary.rejected:,}", style="red")
    if summary.blank:
        table.add_row("blank lines", f"{summary.blank:,}", "", "left out")
    console.print(table)
    if summary.unresolved:
        console.print("\nMost frequent unresolved titles:")
        _print_counts(console, summary.unresolved)
    if summary.rejected:
        console.print("\nRejected rows, by reason:")
        _print_counts(console, summary.reasons.most_common(_REASONS))
    console.print()
    console.print(Text(f"Rows are in {summary.output if summary.output != '-' else 'standard output'}"))
    if summary.rejected:
        console.print(Text(f"Rejected rows are in {summary.rejects}"))


def _print_counts(console: Console, counts: list[tuple[str, int]]) -> None:
    width = len(f"{counts[0][1]:,}")
    for text, count in counts:
        console.print(Text(f"  {count:>{width},}  {one_line(text)}"))


def one_line(title: str, width: int = 70) -> str:
    r"""A title without line breaks and control characters, cut to a width.

    >>> one_line("VP,\nSales\x1b", 10), one_line("Vice President of Sales", 10)
    ('VP, Sales�', 'Vice Pr...')
    """
    text = " ".join(title[: width * 4].split())
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= width else text[: width - 3] + "..."


@contextmanager
def printed(to_stderr: bool = False) -> Iterator[Console]:
    """A console whose lines are printed at the end, in one go: a reader that stops early is then dealt with like elsewhere."""
    stream = sys.stderr if to_stderr else sys.stdout
    text, is_terminal = io.StringIO(), stream.isatty()
    yield Console(file=text, force_terminal=is_terminal, width=None if is_terminal else _WIDE, highlight=False)
    click.echo("\n".join(line.rstrip() for line in text.getvalue().splitlines()), err=to_stderr)


def plain_table(*columns: str) -> Table:
    """A table without lines; ">" before the name of a column puts it to the right."""
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=any(column.strip(">") for column in columns))
    for column in columns:
        table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
    return table


def print_left(console: Console, count: int) -> None:
    """Say how many more there are than what was shown, if there are."""
    if count > 0:
        console.print(Text(f"and {count:,} more", style="dim"))
