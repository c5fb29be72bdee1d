"""Columns: which column of a file holds the titles, and how the added ones are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from titlenorm.answer import COLUMNS
from titlenorm.errors import InputError

__all__ = ["columns_named", "find_column", "guess_title_columns", "no_column", "output_columns", "title_columns"]

_TITLE_NAMES = (
    ("jobtitle", "jobtitles", "titleofjob", "rawtitle", "rawjobtitle", "currenttitle", "currentjobtitle", "positiontitle", "roletitle", "worktitle"),
    ("title", "position", "designation", "occupation", "jobname", "jobposition", "currentposition", "stelle", "poste", "cargo", "beruf"),
    ("role", "job", "jobrole", "headline", "titles"),
)
_SHOWN = 20


def title_columns(header: Sequence[str], where: str, name: str | None = None, has_header: bool = True) -> list[int]:
    """The columns that can be the title column: one, or several among which the user has to choose.

    Args:
        header: the names of the columns, or their numbers.
        where: the file, for messages.
        name: what the user said, or None.
        has_header: whether the file is said to have a header.

    Raises:
        InputError: no such column, none that looks like it, or no header where one is needed.
    """
    if not has_header:
        if name is None and len(header) > 1:
            raise InputError(f"{where} has no header: name the column by its number, such as --column 3.")
        return [find_column(header, name or "1", where)]
    if (name is None or name.isdecimal()) and name not in header and _looks_like_row(header):
        way_out = "Add --no-header and --column NUMBER, or, if it is the header, --column NAME."
        raise InputError(f"{where} seems to have no header; its first row is {_names(header)}. {way_out}")
    if name is not None:
        return [find_column(header, name, where)]
    found = guess_title_columns(header)
    if not found:
        way_out = "Choose one with --column NAME; without a header: --no-header --column NUMBER."
        raise InputError(f"No column of {where} is named like job titles: {_names(header)}. {way_out}")
    return found


def guess_title_columns(header: Sequence[str]) -> list[int]:
    """The columns whose names say that they hold job titles, of the surest kind of name only; several when they fit equally.

    >>> guess_title_columns(["id", "Job Title", "role"])
    [1]
    >>> guess_title_columns(["position", "title"])
    [0, 1]
    """
    plain = [_plain(name) for name in header]
    named = columns_named(header, _TITLE_NAMES)
    return named or [index for index, name in enumerate(plain) if "title" in name and "salut" not in name and not name.endswith("titleid")]


def columns_named(header: Sequence[str], groups: Iterable[Sequence[str]]) -> list[int]:
    """The columns of the first group of names that any column has; only the letters and digits of a name count.

    >>> columns_named(["Role", "role_id", "Role ID"], [["roleid"], ["role"]])
    [1, 2]
    """
    plain = [_plain(name) for name in header]
    found = ([index for index, name in enumerate(plain) if name in names] for names in groups)
    return next(filter(None, found), [])


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def find_column(header: Sequence[str], name: str, where: str) -> int:
    """The index of a column by its name, or by its number (1 is the first).

    Args:
        header: the names of the columns.
        name: what the user said; case and outer blanks do not matter where that is enough.
        where: the file, for messages.

    Raises:
        InputError: no such column (close names are given), or several with that name.

    >>> find_column(["id", "Job Title"], "job title", "a.csv"), find_column(["id", "Job Title"], "2", "a.csv")
    (1, 1)
    """
    found = [index for index, cell in enumerate(header) if cell == name]
    found = found or [index for index, cell in enumerate(header) if cell.strip().casefold() == name.strip().casefold()]
    if len(found) > 1:
        numbers = " or ".join(str(index + 1) for index in found[:_SHOWN])
        raise InputError(f"{where} has {len(found)} columns {name!r}. Choose one by its number: {numbers}.")
    if found:
        return found[0]
    if name.isdecimal() and 1 <= int(name) <= len(header):
        return int(name) - 1
    raise no_column(header, name, where)


def no_column(header: Sequence[str], name: str, where: str) -> InputError:
    """The error for a column that is not there, with the names of those that are, close ones first.

    >>> print(no_column(["id", "job_title"], "titel", "a.csv"))
    a.csv has no column 'titel'. Close: 'job_title'. Columns: 'id', 'job_title'.
    """
    from rapidfuzz import process, utils

    close = [repr(match) for match, score, _ in process.extract(name, header, processor=utils.default_process, limit=3) if score >= 60]
    hint = f"Close: {', '.join(close)}. " if close else ""
    return InputError(f"{where} has no column {name!r}. {hint}Columns: {_names(header)}.")


def _names(header: Sequence[str]) -> str:
    """The names of the columns, for people; long names and long headers are cut."""
    shown = [repr(cell if len(cell) <= 40 else cell[:40] + "...") for cell in header[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(header) - _SHOWN} more" if len(header) > _SHOWN else "")


def _looks_like_row(header: Sequence[str]) -> bool:
    """Whether a first row holds data instead of names: one of its cells is a number, a date or an e-mail address."""
    return any("@" in cell or (any(c.isdigit() for c in cell) and not any(c.isalpha() for c in cell)) for cell in header)


def output_columns(header: Sequence[str], names: Sequence[str] = COLUMNS) -> list[str]:
    """The names of the added columns; one that the file already has gets the prefix `titlenorm_`, and then a number.

    Args:
        header: the columns that are there.
        names: the columns to add.

    >>> output_columns(["id", "Level"])[4]
    'titlenorm_level'
    >>> output_columns(["level", "titlenorm_level"])[4]
    'titlenorm_level_2'
    """
    taken = {name.strip().casefold() for name in header}
    return [_free_name(name, taken) for name in names]


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    free, number = f"titlenorm_{name}", 1
    while free in taken:
        number += 1
        free = f"titlenorm_{name}_{number}"
    return free
