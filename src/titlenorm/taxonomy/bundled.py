"""Bundled: the roles and aliases of the tables that come with titlenorm."""

from __future__ import annotations

from titlenorm import tables
from titlenorm.result import Role
from titlenorm.taxonomy.alias import Alias
from titlenorm.taxonomy.cells import make_alias, make_role

__all__ = ["read_aliases", "read_roles"]


def read_roles() -> list[Role]:
    """The rows of roles.csv."""
    columns = tables.COLUMNS["roles.csv"]
    return [make_role(dict(zip(columns, row.cells, strict=True)), f"{row.file}:{row.line}") for row in tables.read("roles.csv")]


def read_aliases() -> list[Alias]:
    """The rows of aliases.csv."""
    aliases = []
    for row in tables.read("aliases.csv"):
        alias, role_id, kind, language, _, _ = row.cells
        aliases.append(make_alias(alias, role_id, kind, language, f"{row.file}:{row.line}"))
    return aliases
