"""Cells: the cells of one row, by column, become a role or an alias."""

from __future__ import annotations

from collections.abc import Mapping

from titlenorm.errors import TableError
from titlenorm.result import Role
from titlenorm.taxonomy.alias import ALIAS_KINDS, Alias
from titlenorm.tuples import make

__all__ = ["TRACKS", "make_alias", "make_role", "one_line"]

TRACKS = ("ic", "management", "executive", "ownership")
"""What the track of a role may be."""

_ROLE_COLUMNS = frozenset({"role_id", "id", "name", "family", "function", "track", "broader", "see_also", "definition", "aliases", "seeds"})


def make_role(cells: Mapping[str, str], where: str) -> Role:
    """The role of a row; columns that no role has become codes.

    Args:
        cells: column to cell.
        where: file and line, for messages.

    Raises:
        TableError: no id, no name, or a track that does not exist.

    >>> make_role({"id": "B1", "name": "Baker", "payscale": "7"}, "roles.csv:2").codes
    {'payscale': '7'}
    """
    role_id, name = cells.get("id") or cells.get("role_id") or "", cells.get("name", "")
    if not role_id or not name:
        raise TableError(f"{where}: a role needs an id and a name; this row has no {'name' if role_id else 'id'}. Fill it in, or delete the row.")
    track = cells.get("track") or "ic"
    if track not in TRACKS:
        raise TableError(f"{where}: track {track!r} is not one of {', '.join(TRACKS)}. Leave it empty for an individual role.")
    return Role(
        role_id, name, cells.get("family", ""), cells.get("function", ""), track, cells.get("broader") or None,
        {column: value for column, value in cells.items() if value and column not in _ROLE_COLUMNS},
        cells.get("definition", ""), tuple(filter(None, cells.get("see_also", "").split(";"))),
    )  # fmt: skip


def make_alias(alias: str, role_id: str, kind: str, language: str, where: str) -> Alias:
    """The alias of a row.

    Raises:
        TableError: a kind that does not exist.
    """
    if kind not in ALIAS_KINDS:
        raise TableError(f"{where}: kind {kind!r} is not one of {', '.join(ALIAS_KINDS)}. Leave it empty for a synonym.")
    return make(Alias, (alias, role_id, kind, language, where, 0))


def one_line(text: str) -> str:
    r"""A cell without line breaks, and with single blanks only.

    >>> one_line(" head \n\xa0baker ")
    'head baker'
    """
    return " ".join(text.split())
