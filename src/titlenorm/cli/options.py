"""What several commands share: the taxonomy that a user names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from titlenorm.taxonomy import Taxonomy

__all__ = ["describe", "echo_notes", "load_taxonomy", "printable"]

_NOTES = 5


def load_taxonomy(path: str | None, quiet: bool = False) -> Taxonomy | None:
    """The taxonomy in a file, or None when no file was named; what it is goes to standard error."""
    if path is None:
        return None
    from titlenorm.taxonomy import Taxonomy

    taxonomy = Taxonomy.from_file(path)
    if not quiet:
        click.echo(f"Taxonomy: {describe(taxonomy)}", err=True)
        echo_notes(taxonomy, path)
    return taxonomy


def echo_notes(taxonomy: Taxonomy, path: str) -> None:
    """What the reader of a taxonomy left out or decided, on standard error; the first few where there are many."""
    notes = taxonomy.origin.notes
    for note in notes[:_NOTES]:
        click.echo(f"  {printable(note)}", err=True)
    if len(notes) > _NOTES:
        click.echo(f"  and {len(notes) - _NOTES:,} more: titlenorm taxonomy check {path}", err=True)


def describe(taxonomy: Taxonomy) -> str:
    """A taxonomy in a few words, for people."""
    name = " ".join(filter(None, (taxonomy.name, taxonomy.version)))
    return printable(f"{name}: {len(taxonomy.roles):,} roles, {len(taxonomy.aliases):,} aliases")


def printable(text: str) -> str:
    r"""Text of a file without what would steer a terminal.

    >>> printable("Baker\x1b[2J\n")
    'Baker\ufffd[2J\ufffd'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
