"""Claims: phrases that the roles of a taxonomy dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["contradictions"]


def contradictions(taxonomy: Taxonomy, fold: Callable[[str], tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Names and aliases that two roles claim, each with a sentence that says where and what then happens.

    Args:
        taxonomy: roles and aliases; a name is used before an alias, and an earlier alias before a later one.
        fold: gives the words by which phrases are compared.

    >>> from titlenorm.result import Role
    >>> from titlenorm.taxonomy.alias import Alias
    >>> disputed = Taxonomy([Role("b", "Baker"), Role("c", "Cook")], [Alias("baker", "c", where="a.csv:7")])
    >>> [message for _, message in contradictions(disputed, lambda phrase: tuple(phrase.casefold().split()))]
    ["a.csv:7: 'baker' means 'c', but it is the name of 'b' already. The name is used. Delete one, or make it related."]
    """
    lines = taxonomy.origin.lines
    owners: dict[tuple[str, ...], tuple[str, str]] = {}
    for role in taxonomy.roles.values():
        words = fold(role.name)
        if words in owners:
            other, _ = owners[words]
            places = f"{_place(lines.get(role.id, ''))}{role.name!r} is the name of two roles, {other!r} and {role.id!r}"
            yield role.name, f"{places}. A title with it is ambiguous. Give one of them another name."
        elif words:
            owners[words] = role.id, "it is the name of"
    for alias in taxonomy.aliases:
        if alias.kind == "related" or not alias.role_id:
            continue
        words = fold(alias.alias)
        owner, how = owners.setdefault(words, (alias.role_id, f"{alias.where or 'another alias'} gives it to"))
        if owner != alias.role_id and words:
            used = "The name is used" if how.startswith("it is") else "Likeness decides between them"
            already = f"but {how} {owner!r} already. {used}. Delete one, or make it related."
            yield alias.alias, f"{_place(alias.where)}{alias.alias!r} means {alias.role_id!r}, {already}"


def _place(where: str) -> str:
    return f"{where}: " if where else ""
