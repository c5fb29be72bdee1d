"""The commands that look something up: `explain` a title, list `roles`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from titlenorm.errors import InputError

if TYPE_CHECKING:
    from titlenorm.result import Role

__all__ = ["explain", "roles"]


@click.command()
@click.argument("title")
@click.option("--context", multiple=True, metavar="TEXT", help="Words from another cell of the row, such as its department. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def explain(title: str, context: tuple[str, ...], as_json: bool) -> None:
    """Show how TITLE is read, word by word."""
    from titlenorm.normalizer import normalize as one

    result = one(title, context={str(number): text for number, text in enumerate(context)} or None)
    click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2) if as_json else result.explain())


@click.command()
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
