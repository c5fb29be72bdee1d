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
    return [make_role(dict(zip(columns, row, strict=True)), f"roles.csv:{index + 2}") for index, row in enumerate(tables.cells("roles.csv"))]


def read_aliases() -> list[Alias]:
    """The rows of aliases.csv."""
    rows = enumerate(tables.entries("aliases.csv"))
    return [make_alias(alias, others[0], others[1], others[2], f"aliases.csv:{index + 2}") for index, (alias, others) in rows]
