"""Columns of a taxonomy: its roles and aliases as plain lists, and back again with every type looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from titlenorm.errors import TableError
from titlenorm.result import Role
from titlenorm.taxonomy.alias import ALIAS_KINDS, Alias
from titlenorm.taxonomy.cells import TRACKS
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["from_columns", "to_columns"]

_Types = frozenset[type]
_TEXT: _Types = frozenset({str})
_OPTIONAL: _Types = frozenset({str, type(None)})
_NUMBER: _Types = frozenset({int})
_LIST: _Types = frozenset({list})
_ROLE_COLUMNS = {
    "id": _TEXT, "name": _TEXT, "family": _TEXT, "function": _TEXT, "track": _TEXT, "broader": _OPTIONAL, "definition": _TEXT, "see_also": _LIST,
}  # fmt: skip
_ALIAS_COLUMNS = {"alias": _TEXT, "role": _NUMBER, "kind": _TEXT, "language": _TEXT, "labelled": _NUMBER}
_NO_ROLE = -1


def to_columns(taxonomy: Taxonomy) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of the roles and of the aliases; an alias names its role by its number, -1 is none.

    >>> to_columns(Taxonomy([Role("b", "Baker")], [Alias("bread maker", "b")]))[1]["role"]
    [0]
    """
    all_roles = list(taxonomy.roles.values())
    schemes = dict.fromkeys(scheme for role in all_roles for scheme in role.codes)
    roles: dict[str, Any] = {name: [getattr(role, name) for role in all_roles] for name in _ROLE_COLUMNS}
    roles["codes"] = {scheme: [role.codes.get(scheme) for role in all_roles] for scheme in schemes}
    numbers = {role_id: number for number, role_id in enumerate(taxonomy.roles)}
    aliases: dict[str, Any] = {name: [getattr(alias, name) for alias in taxonomy.aliases] for name in _ALIAS_COLUMNS if name != "role"}
    aliases["role"] = [numbers.get(alias.role_id, _NO_ROLE) for alias in taxonomy.aliases]
    return roles, aliases


def from_columns(role_table: Any, alias_table: Any, where: str) -> tuple[list[Role], list[Alias]]:
    """Roles and aliases again.

    Args:
        role_table, alias_table: what a file holds in place of the columns; nothing about it is taken for granted.
        where: the file, for messages.

    Raises:
        TableError: anything is not what `to_columns` gives.
    """
    roles = _roles(role_table, where)
    columns = _columns(alias_table, _ALIAS_COLUMNS, f"{where}: aliases")
    numbers = columns["role"]
    if numbers and (min(numbers) < _NO_ROLE or max(numbers) >= len(roles)):
        raise TableError(f"{where}: aliases: a role number is out of range. Make the file again: titlenorm taxonomy import")
    if columns["labelled"] and min(columns["labelled"]) < 0:
        raise _wrong(f"{where}: aliases", "labelled")
    _among(columns["kind"], ALIAS_KINDS, f"{where}: aliases", "kind")
    open_kinds = {kind for kind, number in zip(columns["kind"], numbers, strict=True) if number == _NO_ROLE}
    _among(open_kinds, ("unlisted", "function"), f"{where}: aliases", "role")
    ids = [*(role.id for role in roles), ""]  # the last one, -1, is no role
    nowhere = [""] * len(numbers)
    rows = zip(columns["alias"], map(ids.__getitem__, numbers), columns["kind"], columns["language"], nowhere, columns["labelled"], strict=True)
    return roles, list(map(Alias._make, rows))


def _roles(table: Any, where: str) -> list[Role]:
    columns = _columns(table, _ROLE_COLUMNS, f"{where}: roles")
    size = len(columns["id"])
    if not all(columns["id"]) or not all(columns["name"]):
        raise TableError(f"{where}: roles: a role has no id or no name. Make the file again: titlenorm taxonomy import")
    known = set(columns["id"])
    if len(known) != size:
        raise TableError(f"{where}: roles: two roles have one id. Make the file again: titlenorm taxonomy import")
    _among(columns["track"], TRACKS, f"{where}: roles", "track")
    _among(columns["broader"], {None, *known}, f"{where}: roles", "broader")
    if not all(type(item) is str for items in columns["see_also"] for item in items):
        raise _wrong(f"{where}: roles", "see_also")
    _check_whole([item for items in columns["see_also"] for item in items], f"{where}: roles", "see_also")
    codes = table.get("codes")
    if not isinstance(codes, dict):
        raise _wrong(f"{where}: roles", "codes")
    _check_whole(list(codes), f"{where}: roles", "codes")
    schemes = {scheme: _column(values, _OPTIONAL, size, f"{where}: roles", f"codes {scheme}") for scheme, values in codes.items()}
    by_role: list[dict[str, str]] = [{} for _ in range(size)]
    for scheme, values in schemes.items():
        for mine, value in zip(by_role, values, strict=True):
            if value is not None:
                mine[scheme] = value
    see_also = map(tuple, columns["see_also"])
    plain = (columns[name] for name in ("id", "name", "family", "function", "track", "broader"))
    return list(map(Role._make, zip(*plain, by_role, columns["definition"], see_also, strict=True)))


def _columns(table: Any, wanted: Mapping[str, _Types], where: str) -> dict[str, list[Any]]:
    first = next(iter(wanted))
    if not isinstance(table, dict) or not isinstance(table.get(first), list):
        raise _wrong(where, first)
    return {name: _column(table.get(name), types, len(table[first]), where, name) for name, types in wanted.items()}


def _column(values: Any, types: _Types, size: int, where: str, name: str) -> list[Any]:
    if not isinstance(values, list) or len(values) != size or not set(map(type, values)) <= types:
        raise _wrong(where, name)
    if str in types:
        _check_whole(values, where, name)
    return values


def _check_whole(values: Sequence[str | None], where: str, name: str) -> None:
    """No half characters, which could not be written anywhere."""
    try:
        "".join(filter(None, values)).encode()
    except UnicodeEncodeError:
        raise _wrong(where, name) from None


def _among(values: Iterable[str | None], known: Iterable[str | None], where: str, name: str) -> None:
    if not set(values) <= set(known):
        raise _wrong(where, name)


def _wrong(where: str, name: str) -> TableError:
    return TableError(f"{where}: the column {name!r:.60} is not what it should be. Make the file again: titlenorm taxonomy import")
