"""The command line: normalize, explain, roles, taxonomy."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from titlenorm import __version__
from titlenorm.errors import TitlenormError

__all__ = ["main"]

REJECTED_EXIT = 3
"""Exit code of a run that finished but put rows into the rejects file."""


class _Group(click.Group):
    """Turns the errors of titlenorm into one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TitlenormError as error:
            click.echo(f"titlenorm: {' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="titlenorm")
def main() -> None:
    """Turn raw job titles into canonical roles, with level, score and reason."""


@main.command()
@click.argument("file")
@click.option("-c", "--column", help="The column with the titles: its name, or its number from 1. Guessed when missing.")
@click.option("-o", "--output", help="Where to write; '-' is standard output. Default: FILE with '.normalized' before its ending.")
@click.option("--context", multiple=True, metavar="COLUMN", help="A column whose words decide ambiguous acronyms (department). May be repeated.")
@click.option("--delimiter", help="The delimiter of FILE, if the guess is wrong; '\\t' for a tab.")
@click.option("--encoding", help="The encoding of FILE, if the guess is wrong.")
@click.option("--no-header", is_flag=True, help="The first line of FILE is a row; name the column by its number.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Resolve only from this score on (0 to 1).")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
def normalize(
    file: str, column: str | None, output: str | None, context: tuple[str, ...], delimiter: str | None, encoding: str | None, no_header: bool,
    min_score: float | None, quiet: bool,
) -> None:  # fmt: skip
    """Add role, level, score and more to each row of FILE (CSV or TSV; '-' is standard input).

    Every cell stays as it was. Rows whose number of cells is wrong go to OUTPUT.rejects.csv with their line number.
    Exit code: 0 all rows written, 3 some rows rejected, 2 nothing written.
    """
    from titlenorm.batch import find_column, normalize_file
    from titlenorm.delimited import open_source
    from titlenorm.normalizer import Normalizer
    from titlenorm.options import Options

    source = open_source(file, delimiter, encoding, not no_header)
    try:
        target = output or _default_output(file)
        _refuse_same_file(file, target)
        if no_header and column is None:
            column = "1" if len(source.header) == 1 else _fail(f"{source.name} has no header: name the column by its number, such as --column 3.")
        index = find_column(source, column) if column is not None else _guess(source, file)
        if not quiet:
            click.echo(f"Reading {source.name}: {source.dialect.describe()}; titles in column {source.header[index]!r}.", err=True)
        normalizer = Normalizer(options=Options() if min_score is None else Options(min_score=min_score))
        with _progress(source, quiet) as progress:
            summary = normalize_file(source, target, index, normalizer, [find_column(source, name) for name in context], progress, not no_header)
    finally:
        source.close()
    if not quiet:
        _print_summary(summary, target)
    if summary.rejected:
        sys.exit(REJECTED_EXIT)


def _fail(message: str) -> Any:
    from titlenorm.errors import InputError

    raise InputError(message)


def _default_output(file: str) -> str:
    if file == "-":
        return "-"
    path = Path(file)
    return str(path.with_name(f"{path.stem}.normalized{path.suffix}"))


def _refuse_same_file(file: str, target: str) -> None:
    if "-" not in (file, target) and Path(target).exists() and Path(target).samefile(file):
        _fail(f"The output {target} is the input. Name another file with -o.")


def _guess(source: Any, file: str) -> int:
    """The title column by its name; when two fit, ask at a terminal and stop elsewhere."""
    from titlenorm.batch import guess_title_column

    found = guess_title_column(source.header)
    names = ", ".join(repr(name) for name in source.header[:20])
    if not found:
        if all(any(c.isdigit() for c in cell) or not cell.strip() or " " in cell.strip() for cell in source.header):
            _fail(f"{source.name} seems to have no header; its first line is {names}. Use --no-header --column NUMBER.")
        _fail(f"No column of {source.name} looks like job titles. Choose one with --column: {names}. Without a header line: --no-header --column NUMBER.")
    if len(found) == 1:
        return found[0]
    options = [source.header[index] for index in found]
    if file == "-" or not sys.stdin.isatty():
        _fail(f"{len(found)} columns could hold the titles: {', '.join(map(repr, options))}. Choose: --column {options[0]!r}.")
    chosen = click.prompt("Which column holds the titles?", type=click.Choice(options), default=options[0], err=True)
    return found[options.index(chosen)]


class _progress:
    """A progress bar on a terminal, by bytes; silent elsewhere."""

    def __init__(self, source: Any, quiet: bool) -> None:
        self._source = source
        self._bar: Any = None
        self._quiet = quiet or not sys.stderr.isatty()

    def __enter__(self) -> Callable[[int], None] | None:
        if self._quiet:
            return None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._bar.start()
        task = self._bar.add_task("Normalizing", total=self._source.size or None)
        return lambda done: self._bar.update(task, completed=done)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _print_summary(summary: Any, target: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, highlight=False)
    share = {status: f"{summary.statuses[status]:,} ({summary.statuses[status] / max(summary.rows, 1):.1%})" for status in ("resolved", "ambiguous", "unresolved", "empty")}
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("rows", f"{summary.rows:,}")
    table.add_row("distinct titles", f"{summary.distinct:,}")
    for status, text in share.items():
        if summary.statuses[status]:
            table.add_row(status, text)
    if summary.rejected:
        table.add_row("rejected", f"{summary.rejected:,} rows, in {summary.rejects}")
    if summary.blank:
        table.add_row("blank lines", f"{summary.blank:,} left out")
    table.add_row("seconds", f"{summary.seconds:.1f}")
    table.add_row("written to", "standard output" if target == "-" else target)
    console.print(table)
    if summary.unresolved:
        console.print("Open titles, most frequent first:")
        width = len(f"{summary.unresolved[0][1]:,}")
        for title, count in summary.unresolved:
            click.echo(f"  {count:>{width},}  {' '.join(title.split())[:80]}", err=True)


@main.command()
@click.argument("title")
@click.option("--context", multiple=True, metavar="TEXT", help="Words from another cell of the row, such as its department.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def explain(title: str, context: tuple[str, ...], as_json: bool) -> None:
    """Show how TITLE is read, word by word."""
    from titlenorm.normalizer import normalize as one

    result = one(title, context={str(number): text for number, text in enumerate(context)} or None)
    click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2) if as_json else result.explain())


@main.command()
@click.option("--family", help="Only roles of this family (data, sales, ...).")
@click.option("--search", help="Only roles with these words in id, name, alias or definition.")
@click.option("--tree", is_flag=True, help="Narrower roles below their wider ones.")
def roles(family: str | None, search: str | None, tree: bool) -> None:
    """List the canonical roles."""
    from titlenorm.taxonomy import Taxonomy

    taxonomy = Taxonomy.bundled()
    families = sorted({role.family for role in taxonomy.roles.values()})
    if family is not None and family not in families:
        _fail(f"There is no family {family!r}. Families: {', '.join(families)}.")
    found = taxonomy.search(search or "", family)
    if not found:
        _fail(f"No role has the words {search!r}. Try fewer words, or: titlenorm explain {search!r}")
    if tree:
        _print_tree(found, taxonomy)
        return
    width = max(len(role.id) for role in found)
    for role in found:
        click.echo(f"{role.id:<{width}}  {role.family:<20}  {role.definition or role.name}")


def _print_tree(found: list[Any], taxonomy: Any) -> None:
    shown = {role.id for role in found}
    children: dict[str | None, list[Any]] = {}
    for role in found:
        children.setdefault(role.broader if role.broader in shown else None, []).append(role)

    def walk(parent: str | None, depth: int) -> None:
        for role in children.get(parent, ()):
            click.echo(f"{'  ' * depth}{role.id}")
            walk(role.id, depth + 1)

    walk(None, 0)


@main.group()
def taxonomy() -> None:
    """Check and describe the tables."""


@taxonomy.command()
@click.option("--fix", is_flag=True, help="Sort the tables and renew the manifest (in a source checkout).")
def check(fix: bool) -> None:
    """Check every row of the bundled tables; exit code 1 when a row is wrong."""
    from titlenorm import check as checks

    if fix:
        checks.fix()
    problems = checks.check()
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(problems)} problems in {checks.count_rows():,} rows.", err=bool(problems))
    if problems:
        sys.exit(1)


@taxonomy.command()
def info() -> None:
    """Counts, version and source of the bundled taxonomy."""
    from titlenorm import tables
    from titlenorm.taxonomy import Taxonomy

    bundled = Taxonomy.bundled()
    click.echo(f"bundled taxonomy, data version {tables.manifest()['version']}, titlenorm {__version__}")
    click.echo(f"{len(bundled):,} roles in {len({role.family for role in bundled.roles.values()})} families")
    for name, entry in tables.manifest()["files"].items():
        click.echo(f"{name:<15} {entry['rows']:>7,} rows  sha256 {entry['sha256'][:12]}")
    click.echo("Written by hand for titlenorm; MIT licence.")


if __name__ == "__main__":
    main()
