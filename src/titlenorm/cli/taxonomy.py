"""The commands of `taxonomy`: check the tables, describe them."""

from __future__ import annotations

import sys

import click

from titlenorm import __version__

__all__ = ["taxonomy"]


@click.group()
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
