"""The command line: normalize, explain, roles, taxonomy."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from titlenorm import __version__
from titlenorm.errors import InputError, TitlenormError

if TYPE_CHECKING:
    from titlenorm.batch import Progress
    from titlenorm.delimited import Source
    from titlenorm.result import Role

__all__ = ["main"]

REJECTED_EXIT = 3
"""Exit code of a run that finished but put rows into the rejects file."""
_INTERRUPTED_EXIT = 130


class _Group(click.Group):
    """Turns errors into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TitlenormError as error:
            click.echo(f"titlenorm: {' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("titlenorm: stopped.", err=True)
            ctx.exit(_INTERRUPTED_EXIT)
        except OSError as error:
            if error.filename is None:
                _give_up_stdout()
            if error.errno == errno.EPIPE:  # the reader has seen enough
                ctx.exit(0)
            what = "Standard output cannot be written" if error.filename is None else error.filename
            click.echo(f"titlenorm: {what}: {error.strerror or error}.", err=True)
            ctx.exit(2)


def _give_up_stdout() -> None:
    """Send what is still held for standard output nowhere, so that the interpreter does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="titlenorm")
def main() -> None:
    """Turn raw job titles into canonical roles, with level, score and reason."""


@main.command(short_help="Add role, level, score and more to each row of a file.")
@click.argument("file")
@click.option("-c", "--column", help="The column with the titles: its name, or its number from 1. Guessed when missing.")
@click.option("-o", "--output", help="Where to write; '-' is standard output. Default: FILE with '.normalized' before its ending.")
@click.option("--context", multiple=True, metavar="COLUMN", help="A column whose words decide ambiguous acronyms (department). May be repeated.")
@click.option("--delimiter", help="The delimiter of FILE, if the guess is wrong: one character, or 'tab'.")
@click.option("--encoding", help="The encoding of FILE, if the guess is wrong.")
@click.option("--no-header", is_flag=True, help="The first line of FILE is a row; name columns by their numbers.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Resolve only from this score on (0 to 1).")
@click.option("--rollup", type=click.Choice(["broader"]), help="Answer with the wider role of each role, where there is one.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
def normalize(
    file: str, column: str | None, output: str | None, context: tuple[str, ...], delimiter: str | None, encoding: str | None, no_header: bool,
    min_score: float | None, rollup: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Add role, level, score and more to each row of FILE (CSV or TSV; '-' is standard input).

    Every cell stays as it was. Rows that cannot be read go to OUTPUT.rejects.csv with line number and reason.

    Exit code: 0 all rows written; 3 written, but some rows rejected; 2 an error, nothing written; 130 stopped.
    """
    from titlenorm.delimited import open_source

    with open_source(file, delimiter, encoding, not no_header) as source, _stoppable():
        from titlenorm.batch import normalize_file, rejects_path
        from titlenorm.columns import find_column, title_columns
        from titlenorm.normalizer import Normalizer
        from titlenorm.options import Options

        target = output or _default_output(file)
        for path in (target, rejects_path(target)):
            _refuse_same_file(file, path)
        found = title_columns(source.header, source.name, column, not no_header)
        if len(found) > 1:
            found = [_choose(source, found, file == "-")]
            column = source.header[found[0]]
        index = found[0]
        contexts = [find_column(source.header, name, source.name) for name in context]
        if not quiet:
            click.echo(_describe(source, index, column, delimiter, encoding), err=True)
        options = Options(rollup=rollup is not None) if min_score is None else Options(rollup=rollup is not None, min_score=min_score)
        normalizer = Normalizer(options=options)
        with _progress(source, target, quiet) as progress:
            summary = normalize_file(source, target, index, normalizer, contexts, progress)
    if not quiet:
        from titlenorm.console import print_summary

        print_summary(summary)
    if summary.rejected:
        sys.exit(REJECTED_EXIT)


def _default_output(file: str) -> str:
    if not os.path.isfile(file):  # standard input or a pipe
        return "-"
    path = Path(file)
    return str(path.with_name(f"{path.stem}.normalized{path.suffix}"))


def _refuse_same_file(file: str, target: str) -> None:
    if "-" not in (file, target) and os.path.exists(target) and os.path.samefile(file, target):
        raise InputError(f"The output would replace the input {file}. Name another file with -o.")


def _choose(source: Source, found: list[int], is_stdin: bool) -> int:
    """One of several columns that fit: ask at a terminal, stop elsewhere."""
    from titlenorm.columns import find_column

    choices = ", ".join(f"{source.header[index]!r} ({index + 1})" for index in found)
    question = f"{len(found)} columns of {source.name} could hold the titles: {choices}."
    if is_stdin or not sys.stdin.isatty():
        raise InputError(f"{question} Choose one by name or number: --column {found[0] + 1}.")

    def column(answer: str) -> int:
        try:
            return find_column(source.header, answer, source.name)
        except InputError as error:
            raise click.UsageError(str(error)) from None

    click.echo(question, err=True)
    chosen: int = click.prompt("Which one", default=str(found[0] + 1), value_proc=column, err=True)
    return chosen


def _describe(source: Source, index: int, column: str | None, delimiter: str | None, encoding: str | None) -> str:
    """What is read and how; what was guessed, and the options that say otherwise."""
    said = {"--encoding": encoding, "--delimiter": delimiter, "--column": column}
    guessed = [option for option, value in said.items() if value is None]
    hint = f"\nThat is a guess; change it with {', '.join(guessed)}." if guessed else ""
    return f"Reading {source.name}: {source.dialect.describe()}, titles in column {source.header[index]!r}.{hint}\n"


def _progress(source: Source, target: str, quiet: bool) -> AbstractContextManager[Progress | None]:
    """The progress bar, unless rows go to the same terminal."""
    if quiet or not sys.stderr.isatty() or (target == "-" and sys.stdout.isatty()):
        return nullcontext()
    from titlenorm.console import progress_bar

    return progress_bar(source.size)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a polite kill end the run like Ctrl-C, so that no unfinished file stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@main.command()
@click.argument("title")
@click.option("--context", multiple=True, metavar="TEXT", help="Words from another cell of the row, such as its department. May be repeated.")
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
        raise InputError(f"There is no family {family!r}. Families: {', '.join(families)}.")
    found = taxonomy.search(search or "", family)
    if not found:
        raise InputError(f"No role has the words {search!r}. Try fewer words, or: titlenorm explain {search!r}")
    width = max(len(role.id) for role in found)
    lines = _tree(found) if tree else [f"{role.id:<{width}}  {role.family:<20}  {role.definition or role.name}" for role in found]
    click.echo("\n".join(lines))


def _tree(found: list[Role]) -> list[str]:
    """The ids of roles, each below the wider role and indented, if that is among them."""
    shown = {role.id for role in found}
    narrower: dict[str | None, list[str]] = {}
    for role in found:
        narrower.setdefault(role.broader if role.broader in shown else None, []).append(role.id)

    def walk(parent: str | None, depth: int) -> Iterator[str]:
        for role_id in narrower.get(parent, ()):
            yield "  " * depth + role_id
            yield from walk(role_id, depth + 1)

    return list(walk(None, 0))


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

    bundled, manifest = Taxonomy.bundled(), tables.manifest()
    families = {role.family for role in bundled.roles.values()}
    click.echo(f"bundled taxonomy, data version {manifest['version']}, titlenorm {__version__}")
    click.echo(f"{len(bundled):,} roles in {len(families)} families")
    for name, entry in manifest["files"].items():
        click.echo(f"{name:<15} {entry['rows']:>7,} rows  sha256 {entry['sha256'][:12]}")
    click.echo("Written by hand for titlenorm; MIT licence.")


if __name__ == "__main__":
    main()
