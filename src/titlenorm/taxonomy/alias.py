"""Aliases: surface forms that mean a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from titlenorm.text import key

__all__ = ["ALIAS_KINDS", "Alias", "folded", "is_overruled"]

ALIAS_KINDS = ("synonym", "abbreviation", "misspelling", "function", "related", "unlisted", "example")
"""What an alias row may be: the first four resolve, `related` adds a candidate, `unlisted` names a job without a role.

An `example` was learnt from labelled titles: it makes the role likelier for titles that are alike. A `function` row without a
role says that the phrase is a field whose role is open; its `related` rows are the candidates.
"""


class Alias(NamedTuple):
    """A surface form that means a role.

    `where` is the file and line that it came from, `labelled` how many labelled titles say it (0 for a row that was written).
    """

    alias: str
    role_id: str
    kind: str = "synonym"
    language: str = ""
    where: str = ""
    labelled: int = 0


def folded(phrase: str) -> tuple[str, ...]:
    """The keys of the words of a phrase, by which aliases of different tables are compared."""
    return tuple(key(word) for word in phrase.replace("-", " ").split())


def is_overruled(alias: Alias, said: Mapping[tuple[str, ...], int]) -> bool:
    """Whether an overlay says something else of a phrase; a label is about whole titles, so a field of work stays one inside longer titles."""
    labelled = said.get(folded(alias.alias))
    return labelled is not None and not (labelled and alias.kind == "function")
