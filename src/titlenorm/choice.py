"""Choice: of several rows of one phrase, the one that says its role, and the further roles that it may mean."""

from __future__ import annotations

from typing import Final

__all__ = ["KIND", "LANGUAGE", "ROLE", "chosen", "names_role", "resolves"]

ROLE: Final = 0
"""Places in what a row says of its phrase: the role id, or none; and behind it the kind ("name" for the name of a role) and the language."""
KIND: Final = 1
LANGUAGE: Final = 2


def chosen(rows: list[list[str]]) -> tuple[list[str] | None, tuple[str, ...]]:
    """The row that resolves a phrase, a name first and English before other languages, and the ids of further roles."""
    firm = [row for row in rows if resolves(row)]
    if len(firm) > 1:
        firm.sort(key=lambda row: (row[KIND] != "name", row[LANGUAGE] != ""))
        if firm[1][KIND] == "name":  # two roles of a user's taxonomy with one name
            return None, tuple(dict.fromkeys([row[ROLE] for row in firm]))
    others = [row[ROLE] for row in firm[1:]] + [row[ROLE] for row in rows if row[KIND] == "related"]
    first = firm[0] if firm else None
    return first, tuple(dict.fromkeys([role_id for role_id in others if first is None or role_id != first[ROLE]])) if others else ()


def resolves(row: list[str]) -> bool:
    """Whether a row says the role of its phrase."""
    return names_role(row[ROLE], row[KIND]) and row[KIND] != "unlisted"


def names_role(role_id: str, kind: str) -> bool:
    """Whether a row of this kind gives a name of a role, which titles can be like; a further reading does not."""
    return bool(role_id) and kind != "related"
