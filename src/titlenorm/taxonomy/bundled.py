"""Bundled: the taxonomy of the tables that come with titlenorm."""

from __future__ import annotations

from functools import cached_property

from titlenorm import tables
from titlenorm.result import Role
from titlenorm.taxonomy.alias import Alias
from titlenorm.taxonomy.cells import make_alias, make_role
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["Bundled"]


class Bundled(Taxonomy):
    """The taxonomy of the tables: the lexicon reads their rows, and an object for each alias is made only when aliases are asked for."""

    def __init__(self) -> None:
        super().__init__(_read_roles(), (), "bundled", "bundled", Origin("titlenorm", tables.version(), "MIT"))

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """All rows of aliases.csv."""
        rows = enumerate(tables.entries("aliases.csv"))
        return self.checked(make_alias(alias, others[0], others[1], others[2], f"aliases.csv:{index + 2}") for index, (alias, others) in rows)

    def written(self) -> list[tuple[str, list[str]]]:
        """All rows of aliases.csv, as they are read."""
        return tables.entries("aliases.csv")

    def labelled(self) -> list[Alias]:
        """None: the tables are written."""
        return []


def _read_roles() -> list[Role]:
    columns = tables.COLUMNS["roles.csv"]
    return [make_role(dict(zip(columns, row, strict=True)), f"roles.csv:{index + 2}") for index, row in enumerate(tables.cells("roles.csv"))]
