"""The commands that look something up: `explain` a title, list `roles`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from titlenorm.cli.options import BACKOFF, OVERLAY, PRECISION, build_normalizer, load_taxonomy, printable, read_options
from titlenorm.errors import InputError

if TYPE_CHECKING:
    from titlenorm.result import Role

__all__ = ["explain", "roles"]

_OWN = "Use the roles of this taxonomy: .titlenorm, .csv, .tsv, .xlsx, .toml, O*NET or ESCO."


@click.command()
@click.argument("title")
@click.option("--context", multiple=True, metavar="TEXT", help="Words from another cell of the row, such as its department. May be repeated.")
@PRECISION
@BACKOFF
@click.option("--taxonomy", metavar="FILE", help=_OWN)
@OVERLAY
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def explain(
    title: str, context: tuple[str, ...], precision: float | None, backoff: bool, taxonomy: str | None, overlays: tuple[str, ...], as_json: bool
) -> None:
    """Show how TITLE is read, word by word."""
    from titlenorm.answer import codes_of

    own = load_taxonomy(taxonomy, quiet=True)
    normalizer = build_normalizer(own, overlays, read_options(precision=precision, backoff=backoff))
    result = normalizer.normalize(title, context={str(number): text for number, text in enumerate(context)} or None)
    if as_json:
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
        return
    lines = result.explain().splitlines()
    if own is not None:
        lines += [f"codes of {answer.role.id}: {codes_of(answer.role)}" for answer in (result, *result.others) if answer.role and answer.role.codes]
    click.echo("\n".join(map(printable, lines)))


@click.command()
@click.option("--family", help="Only roles of this family (data, sales, ...).")
@click.option("--search", help="Only roles with these words in id, name, alias or definition.")
@click.option("--tree", is_flag=True, help="Narrower roles below their wider ones.")
@click.option("--taxonomy", metavar="FILE", help=_OWN)
@OVERLAY
def roles(family: str | None, search: str | None, tree: bool, taxonomy: str | None, overlays: tuple[str, ...]) -> None:
    """List the canonical roles."""
    from titlenorm.overlay import Overlay
    from titlenorm.taxonomy import Taxonomy

    own = load_taxonomy(taxonomy, quiet=True)
    known = Taxonomy.bundled() if own is None else own
    for folder in overlays:
        known = Overlay.load(folder).on(known)
    families = sorted({role.family for role in known.roles.values()} - {""})
    if family is not None and family not in families:
        raise InputError(f"There is no family {family!r}. Families: {', '.join(families) or 'none in this taxonomy'}.")
    found = known.search(search or "", family)
    if not found:
        raise InputError(f"No role has the words {search!r}. Try fewer words, or: titlenorm explain {search!r}")
    lines = _tree(found) if tree else _table(found, named=own is not None)
    click.echo("\n".join(map(printable, lines)))


def _table(found: list[Role], named: bool) -> list[str]:
    """A line for each role: its id, its name where the id does not say it, its family and definition."""
    width = max(len(role.id) for role in found)
    if not named:
        return [f"{role.id:<{width}}  {role.family:<20}  {role.definition or role.name}" for role in found]
    return ["  ".join(filter(None, (f"{role.id:<{width}}", role.name, role.family and f"({role.family})", role.definition))) for role in found]


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
