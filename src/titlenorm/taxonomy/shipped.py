"""Shipped: the taxonomy that comes with titlenorm."""

from __future__ import annotations

from functools import cached_property

from titlenorm import tables
from titlenorm.taxonomy.alias import Alias
from titlenorm.taxonomy.bundled import read_aliases, read_roles
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["Shipped"]


class Shipped(Taxonomy):
    """The taxonomy of the tables: the lexicon reads their rows, and an object for each alias is made only when aliases are asked for."""

    def __init__(self) -> None:
        super().__init__(read_roles(), (), "bundled", "bundled", Origin("titlenorm", tables.version(), "MIT"))

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """All rows of aliases.csv."""
        return self.checked(read_aliases())

    def written(self) -> list[tuple[str, list[str]]]:
        """All rows of aliases.csv, as they are read."""
        return tables.entries("aliases.csv")

    def labelled(self) -> list[Alias]:
        """None: the tables are written."""
        return []
