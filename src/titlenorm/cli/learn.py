"""The command `learn`: labelled titles in, an overlay of plain files out, and what was learnt from them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from titlenorm.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from titlenorm.lessons import Lessons, SetAside
    from titlenorm.overlay import Learned, Overlay

__all__ = ["learn"]

REJECTED_EXIT = 3
"""Exit code of a run that learnt something but put rows into the rejects file."""

_REJECTS = "rejects.csv"
_SHOWN = 15
_SHOWN_REJECTS = 5
_PRECISIONS = (0.99, 0.98, 0.95, 0.9)


@click.command(short_help="Learn from labelled titles, for --overlay.")
@click.argument("file")
@click.option("-o", "--output", required=True, metavar="DIR", help="The folder for the overlay: aliases, contradictions and reliability as CSV.")
@click.option("--title", "--column", metavar="COLUMN", help="The column with the titles: its name, or its number from 1. Guessed when missing.")
@click.option("--role", "--label", metavar="COLUMN", help="The column with the role ids. Guessed when missing.")
@click.option("--taxonomy", metavar="FILE", help="The roles that the labels name: .titlenorm, .csv, .tsv, .xlsx, .toml, O*NET or ESCO.")
@click.option("--add", is_flag=True, help="Add to the overlay that is in DIR already: counts are added up.")
@click.option("--delimiter", help="The delimiter of FILE, if the guess is wrong: one character, or 'tab'.")
@click.option("--encoding", help="The encoding of FILE, if the guess is wrong.")
def learn(file: str, output: str, title: str | None, role: str | None, taxonomy: str | None, add: bool, delimiter: str | None, encoding: str | None) -> None:
    """Learn from the labelled titles of FILE. `normalize --overlay DIR` then answers as they are labelled.

    Rows whose role the taxonomy does not have go to DIR/rejects.csv with line number and reason.

    Exit code: 0 learnt; 3 learnt, but some rows rejected; 2 an error, nothing written.
    """
    from titlenorm.cli.options import load_taxonomy
    from titlenorm.delimited import open_source
    from titlenorm.learn import learn as learn_from
    from titlenorm.lessons import read_lessons
    from titlenorm.normalizer import Normalizer

    older = _older(output, add)
    known = load_taxonomy(taxonomy)
    normalizer = Normalizer(known)
    if older is not None:
        older.on(normalizer.taxonomy)  # an overlay of another taxonomy stops here
    with open_source(file, delimiter, encoding) as source:
        lessons = read_lessons(source, normalizer.taxonomy, {what: name for what, name in (("title", title), ("role", role)) if name is not None})
        columns = ", ".join(f"{what} in {name!r}" for what, name in lessons.columns.items())
        click.echo(f"Reading {source.name}: {source.dialect.describe()}; {columns}.", err=True)
    newer = learn_from(normalizer, lessons.titles, lessons.role_ids(normalizer))
    overlay = newer if older is None else older.joined(newer)
    overlay.save(output)
    _save_rejects(Path(output), lessons.rejects)
    _print(overlay, lessons, output, measured=bool(newer.bins), own=taxonomy)
    if lessons.rejects:
        _tell_rejects(lessons.rejects, file, output)
        sys.exit(REJECTED_EXIT)


def _older(folder: str, add: bool) -> Overlay | None:
    """The overlay that is in a folder already, if it is to be added to; a folder with other things in it is left alone."""
    from titlenorm.overlay import FILES, Overlay

    path = Path(folder)
    if add:
        return Overlay.load(folder)
    if (path / FILES[0]).exists():
        raise InputError(f"{folder} holds an overlay already. Add to it with --add, or name another folder with -o; several can be used together.")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(f"{folder} is {'not empty' if path.is_dir() else 'a file'}, and no overlay. Name a new folder with -o.")
    return None


def _save_rejects(folder: Path, rejects: Sequence[SetAside]) -> None:
    """Write the rejected rows, or remove those of an earlier run."""
    from titlenorm.overlay import write_table

    path = folder / _REJECTS
    try:
        if rejects:
            write_table(path, ("line", "reason", "title", "role"), rejects)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None


def _print(overlay: Overlay, lessons: Lessons, folder: str, measured: bool, own: str | None) -> None:
    from rich.text import Text

    from titlenorm.console import plain_table, printed

    decide = sum(row.kind != "example" for row in overlay.learned)
    overruled = sorted((row for row in overlay.learned if row.overrules), key=lambda row: (-row.labelled, row.alias))
    with printed() as console:
        console.print(Text(f"Learnt from {len(lessons.titles):,} labelled titles", style="bold"))
        table = plain_table("", ">", "")
        for name, count, meaning in (
            ("aliases", decide, "phrases that now have the role of more than half of their titles"),
            ("examples", len(overlay.learned) - decide, "other labels; they make a role likelier and decide nothing"),
            ("contradictions", len(overlay.contradictions), "phrases with several labels"),
            ("overruled", len(overruled), "phrases that had another role before"),
            ("without a role", lessons.unlabelled, "rows that teach nothing"),
            ("rejected", len(lessons.rejects), f"rows whose role is not known, in {_REJECTS}"),
        ):
            if count or name in ("aliases", "examples"):
                table.add_row(name, f"{count:,}", Text(meaning, style="dim"))
        console.print(table)
        _print_overruled(console, overruled)
        _print_contradictions(console, overlay)
        _print_reliability(console, overlay, measured)
        taxonomy = f" --taxonomy {own}" if own is not None else ""
        console.print(Text(f"\nThe overlay is in {folder}. Use it: titlenorm normalize FILE{taxonomy} --overlay {folder}"))


def _print_overruled(console: Console, rows: Sequence[Learned]) -> None:
    """Both rows of each conflict: what a table said, and what the labels say."""
    from rich.text import Text

    from titlenorm.console import one_line, plain_table, print_left

    if not rows:
        return
    console.print(Text("\nOverruled, most titles first; the labels win", style="bold"))
    table = plain_table("phrase", "was", "by", "is now", ">titles")
    for row in rows[:_SHOWN]:
        by = row.row or "its parts, no row"
        table.add_row(*(Text(one_line(cell)) for cell in (row.alias, row.overrules, by, row.role_id)), f"{row.labelled:,} of {row.of:,}")
    console.print(table)
    print_left(console, len(rows) - _SHOWN)


def _print_contradictions(console: Console, overlay: Overlay) -> None:
    from rich.text import Text

    from titlenorm.console import one_line, plain_table, print_left

    found = sorted(overlay.contradictions, key=lambda entry: (-sum(count for _, count in entry.counts), entry.phrase))
    if not found:
        return
    console.print(Text("\nContradictions, most titles first; more than half decides", style="bold"))
    table = plain_table("phrase", "labels (titles)", "kept")
    for phrase, counts, kept in found[:_SHOWN]:
        labels = ", ".join(f"{role_id} ({count or 'by hand'})" for role_id, count in counts)
        table.add_row(*(Text(one_line(cell)) for cell in (phrase, labels, kept or "none")))
    console.print(table)
    print_left(console, len(found) - _SHOWN)


def _print_reliability(console: Console, overlay: Overlay, measured: bool) -> None:
    """How reliable answers are with the overlay, as the coverage that a precision leaves."""
    from rich.text import Text

    from titlenorm.console import plain_table
    from titlenorm.learn import FEWEST_FOR_RELIABILITY
    from titlenorm.match.reliability import Reliability

    if not measured:
        kept = "that of the overlay stays" if overlay.bins else "scores stay as they were"
        console.print(Text(f"\nReliability is not measured, {kept}: that takes {FEWEST_FOR_RELIABILITY} labelled titles."))
        return
    rows = sum(entry.rows for entry in overlay.bins)
    console.print(Text(f"\nReliability, measured on {rows:,} titles, each half answered by what the other half teaches", style="bold"))
    reliability = Reliability(overlay.bins)
    table = plain_table(">precision", ">from score", ">coverage")
    for precision in _PRECISIONS:
        found = reliability.threshold(precision)
        reached = found.precision >= precision
        table.add_row(f"{precision:.0%}", *((f"{found.score:.4f}", f"{found.coverage:.1%}") if reached else ("not reached", "")))
    console.print(table)


def _tell_rejects(rejects: Sequence[SetAside], file: str, folder: str) -> None:
    from titlenorm.cli.options import printable

    for line, reason, _, _ in rejects[:_SHOWN_REJECTS]:
        click.echo(printable(f"titlenorm: {file}:{line}: {reason}"), err=True)
    if len(rejects) > _SHOWN_REJECTS:
        click.echo(f"titlenorm: and {len(rejects) - _SHOWN_REJECTS:,} more rows, see {Path(folder) / _REJECTS}", err=True)
