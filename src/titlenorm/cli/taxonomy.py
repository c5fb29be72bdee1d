"""The commands of `taxonomy`: check one, describe it, and make a file of it."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from titlenorm import __version__
from titlenorm.cli.options import describe, echo_notes, printable
from titlenorm.errors import InputError

if TYPE_CHECKING:
    from titlenorm.taxonomy import Taxonomy

__all__ = ["taxonomy"]

_ENDING = ".titlenorm"
_OUTPUT = click.option("-o", "--output", metavar="FILE", help="The file to write, *.titlenorm. Default: in this folder, named like the source.")


@click.group()
def taxonomy() -> None:
    """Check, describe and import taxonomies."""


@taxonomy.command()
@click.argument("file", required=False)
@click.option("--aliases", metavar="FILE", help="A table with more aliases: the columns alias and role_id.")
@click.option("--fix", is_flag=True, help="Sort the bundled tables and renew their manifest (in a source checkout).")
def check(file: str | None, aliases: str | None, fix: bool) -> None:
    """Read every name and alias of FILE as a title, and say what does not give its role.

    Without FILE: check every row of the bundled tables. Exit code 1 when something is wrong.
    """
    if file is None:
        if aliases is not None:
            raise click.UsageError("--aliases belongs to a FILE of your own.")
        problems, rows = _check_bundled(fix)
        count = f"{len(problems)} problems in {rows:,} rows."
    else:
        if fix:
            raise click.UsageError("--fix is for the bundled tables: leave FILE out.")
        from titlenorm.inspection import inspect
        from titlenorm.taxonomy import Taxonomy

        own = Taxonomy.from_file(file, aliases)
        problems = inspect(own)
        count = f"{len(problems)} problems in {describe(own)}."
    for problem in problems:
        click.echo(printable(problem))
    click.echo(count, err=bool(problems))
    if problems:
        sys.exit(1)


def _check_bundled(fix: bool) -> tuple[list[str], int]:
    from titlenorm import check as checks

    if fix:
        checks.fix()
    return checks.check(), checks.count_rows()


@taxonomy.command()
@click.argument("file", required=False)
def info(file: str | None) -> None:
    """Counts, version, source and licence of the taxonomy in FILE, or of the bundled one."""
    from titlenorm.taxonomy import Taxonomy

    known = Taxonomy.bundled() if file is None else Taxonomy.from_file(file)
    click.echo("\n".join(printable(line) for line in [*_facts(known), *(_bundled_files() if file is None else [*_members(file), *_readings(known)])]))


def _facts(known: Taxonomy) -> list[str]:
    roles = known.roles.values()
    families = {role.family for role in roles} - {""}
    schemes = Counter(scheme for role in roles for scheme in role.codes)
    version = f", {'data version' if known.kind == 'bundled' else 'version'} {known.version}" if known.version else ""
    return [
        f"{known.name} taxonomy{version}, titlenorm {__version__}",
        f"{len(roles):,} roles in {len(families)} families, {sum(role.broader is not None for role in roles):,} with a wider role",
        f"{len(known.aliases):,} aliases",
        f"codes: {', '.join(f'{scheme} {count:,}' for scheme, count in schemes.items()) or 'none'}",
        f"kind: {known.kind}, source: {known.source or 'not known'}",
        f"licence: {known.licence or 'not known'}",
    ]


def _bundled_files() -> list[str]:
    from titlenorm import tables

    files = tables.manifest()["files"].items()
    return [f"{name:<15} {entry['rows']:>7,} rows  sha256 {entry['sha256'][:12]}" for name, entry in files] + ["Written by hand for titlenorm."]


def _members(file: str) -> list[str]:
    """The members of a .titlenorm file; nothing for other sources."""
    if not file.lower().endswith(_ENDING):
        return []
    from titlenorm.taxonomy.archive import read_manifest

    manifest = read_manifest(Path(file))
    sizes = [f"{name:<19} {size:>11,} bytes  sha256 {manifest.digests[name][:12]}" for name, size in manifest.sizes.items()]
    return [f"{os.path.getsize(file):,} bytes, written by {manifest.written_by}", *sizes]


def _readings(known: Taxonomy) -> list[str]:
    """Whether what the bundled tables read in the texts is kept, and still holds."""
    from titlenorm import tables
    from titlenorm.taxonomy import Taxonomy
    from titlenorm.taxonomy.readings import MEMBER, from_member

    if MEMBER not in known.members:
        return []
    kept = from_member(known.members[MEMBER], len(Taxonomy.bundled().roles), known.name)
    made = f"{len(kept.texts):,} texts were read by {kept.stamp}"
    return [made if kept.stamp == tables.stamp() else f"{made}; they are read again at each start. Import it again to be faster."]


@taxonomy.group(name="import")
def import_() -> None:
    """Make one fast file of a taxonomy, for --taxonomy."""


@import_.command()
@click.argument("path")
@_OUTPUT
def onet(path: str, output: str | None) -> None:
    """O*NET: PATH is the folder or zip of a release, text or Excel, as it was downloaded."""
    from titlenorm.taxonomy import Taxonomy

    _import(path, output or f"onet{_ENDING}", lambda: Taxonomy.from_onet(path))


@import_.command()
@click.argument("path")
@click.option("--language", default="en", show_default=True, help="Two letters, as in occupations_en.csv.")
@_OUTPUT
def esco(path: str, language: str, output: str | None) -> None:
    """ESCO: PATH is the occupations CSV, or the folder or zip that has it, as it was downloaded."""
    from titlenorm.taxonomy import Taxonomy

    _import(path, output or f"esco{_ENDING}", lambda: Taxonomy.from_esco(path, language))


@import_.command(name="file")
@click.argument("path")
@click.option("--aliases", metavar="FILE", help="A table with more aliases: the columns alias and role_id.")
@_OUTPUT
def file_(path: str, aliases: str | None, output: str | None) -> None:
    """A list of your own: PATH is .csv, .tsv, .xlsx or .toml, with at least an id and a name for each role."""
    from titlenorm.taxonomy import Taxonomy

    _import(path, output or f"{Path(path).stem}{_ENDING}", lambda: Taxonomy.from_file(path, aliases))


def _import(path: str, output: str, read: Callable[[], Taxonomy]) -> None:
    """Read a taxonomy, write it, and say on standard error what was read and written."""
    if not output.lower().endswith(_ENDING):
        raise InputError(f"The output {output} has to end in {_ENDING}, by which it is known later. Name it so with -o.")
    if os.path.exists(path) and os.path.exists(output) and os.path.samefile(path, output):
        raise InputError(f"The output would replace the input {path}. Name another file with -o.")
    from titlenorm.normalizer import keep_readings

    started = time.perf_counter()
    known = read()
    keep_readings(known)
    seconds = time.perf_counter() - started
    known.save(output)
    click.echo(f"Read {describe(known)}, in {seconds:.1f} s", err=True)
    echo_notes(known, path)
    click.echo(f"Wrote {output}: {os.path.getsize(output):,} bytes", err=True)
    if known.licence:
        click.echo(f"Licence: {printable(known.licence)}", err=True)
