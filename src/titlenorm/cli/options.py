"""What several commands share: the taxonomy and overlays that a user names, and how sure answers must be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from titlenorm.normalizer import Normalizer
    from titlenorm.options import Options
    from titlenorm.taxonomy import Taxonomy

__all__ = ["BACKOFF", "OVERLAY", "PRECISION", "build_normalizer", "describe", "echo_notes", "load_taxonomy", "printable", "read_options", "tell_precision"]

_Command = TypeVar("_Command", bound=Callable[..., Any])

OVERLAY: Callable[[_Command], _Command] = click.option(
    "--overlay", "overlays", multiple=True, metavar="DIR", help="Use what `titlenorm learn` wrote into this folder. May be repeated; the last one wins."
)
PRECISION: Callable[[_Command], _Command] = click.option(
    "--precision", type=click.FloatRange(0, 1, min_open=True, max_open=True), metavar="P", help="Resolve so that this share of the answers is right (0.98)."
)
BACKOFF: Callable[[_Command], _Command] = click.option("--backoff", is_flag=True, help="Where roles tie, answer with the role that is wider than all of them.")

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


def read_options(min_score: float | None = None, precision: float | None = None, backoff: bool = False, rollup: bool = False) -> Options:
    """The options that a command was given."""
    from titlenorm.options import Options

    if min_score is not None and precision is not None:
        raise click.UsageError("--precision chooses the score itself: leave out --min-score, or --precision.")
    said = Options(precision=precision, backoff=backoff, rollup=rollup)
    return said if min_score is None else replace(said, min_score=min_score)


def build_normalizer(taxonomy: Taxonomy | None, overlays: Sequence[str], options: Options) -> Normalizer:
    """What answers: a taxonomy, or the bundled one, with the overlays of some folders on top, one over the other."""
    from titlenorm.normalizer import Normalizer

    if not overlays:
        return Normalizer(taxonomy, options)
    from titlenorm.match.reliability import Reliability
    from titlenorm.overlay import Overlay
    from titlenorm.taxonomy import Taxonomy

    known = taxonomy if taxonomy is not None else Taxonomy.bundled()
    reliability = Reliability.of(known.kind)
    for folder in overlays:
        overlay = Overlay.load(folder)
        known, reliability = overlay.on(known), reliability.overlaid(overlay.bins)
    return Normalizer(known, options, reliability=reliability)


def tell_precision(normalizer: Normalizer) -> str:
    """What the precision that was asked for costs, in one line; empty when none was asked for."""
    precision = normalizer.options.precision
    if precision is None:
        return ""
    if not normalizer.reliability:
        kind = normalizer.taxonomy.kind
        return f"Precision {precision:.1%}: how reliable answers are is not known for this taxonomy ({kind}). Measure it: titlenorm learn LABELLED -o DIR"
    found, without = normalizer.reliability.threshold(precision), normalizer.reliability.at(normalizer.options.min_score)
    if found.precision < precision:
        surest = f"the surest answers, from score {found.score:.4f} on, are right for {found.precision:.1%}; they are {found.coverage:.1%} of the titles"
        return f"Precision {precision:.1%} is not reached: {surest}."
    kept = f"{found.precision:.1%} right, for {found.coverage:.1%} of the titles instead of {without.coverage:.1%}"
    return f"Precision {precision:.1%}: resolved from score {found.score:.4f} on, by experience {kept}."
