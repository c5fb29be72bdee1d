"""Schema: which columns an adapter adds, how they are called beside those that are there, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from titlenorm.answer import COLUMNS
from titlenorm.columns import no_column, output_columns
from titlenorm.errors import InputError

__all__ = ["NESTED", "TYPES", "added", "listed", "position", "wanted"]

TYPES: dict[str, type] = {**dict.fromkeys(COLUMNS, str), "grade": int, "score": float}
"""What each column holds where it holds something."""

NESTED = "titlenorm"
"""The name of the one column that holds all others as a struct."""


def wanted(columns: str | Iterable[str] | None) -> list[str]:
    """The columns that a user asked for, each once; all when None.

    Raises:
        InputError: there is no such column.

    >>> wanted("level"), wanted(["role", "level", "role"]), len(wanted(None))
    (['level'], ['role', 'level'], 12)
    """
    names = list(dict.fromkeys(COLUMNS if columns is None else listed(columns)))
    for name in names:
        if name not in COLUMNS:
            raise no_column(COLUMNS, str(name), "The answer")
    return names


def added(header: Sequence[object], columns: str | Iterable[str] | None, nested: bool) -> dict[str, str]:
    """The columns to add, and how each is called in a frame; with `nested` only the struct.

    >>> added(["id", "level"], ["role_id", "level"], nested=False)
    {'role_id': 'role_id', 'level': 'titlenorm_level'}
    """
    names = [NESTED] if nested else wanted(columns)
    return dict(zip(names, output_columns([str(name) for name in header], names), strict=True))


def position(header: Sequence[object], name: str) -> int:
    """The place of a column in a frame.

    Raises:
        InputError: no such column, or several.

    >>> position(["id", "job_title"], "job_title")
    1
    """
    if header.count(name) == 1:
        return header.index(name)
    if name in header:
        raise InputError(f"The frame has {header.count(name)} columns {name!r}. Rename all but one.")
    raise no_column([str(other) for other in header], str(name), "The frame")


def listed(names: str | Iterable[str]) -> list[str]:
    """Names as a list; one name may come alone.

    >>> listed("department"), listed(("team", "department"))
    (['department'], ['team', 'department'])
    """
    return [names] if isinstance(names, str) else list(names)
