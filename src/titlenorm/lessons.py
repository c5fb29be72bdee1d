"""Lessons: the labelled titles of a file that something can be learnt from, and the rows that are set aside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from titlenorm.columns import find_column
from titlenorm.delimited import Source
from titlenorm.errors import InputError, UnknownRoleError
from titlenorm.evaluate.labels import Reader, guess_columns, label_text
from titlenorm.taxonomy import Taxonomy

if TYPE_CHECKING:
    from titlenorm.normalizer import Normalizer

__all__ = ["Lessons", "SetAside", "read_lessons"]


class SetAside(NamedTuple):
    """A row from which nothing is learnt: its line, why, its title and its label."""

    line: int
    reason: str
    title: str
    role: str


class Lessons(NamedTuple):
    """What a file teaches.

    Attributes:
        titles, roles: titles, and the ids of the acceptable roles of each, best first.
        columns: the names of the columns of the title and of the role.
        rejects: rows whose role the taxonomy does not have.
        unlabelled: how many rows have no role.
    """

    titles: list[str]
    roles: list[tuple[str, ...]]
    columns: Mapping[str, str]
    rejects: list[SetAside]
    unlabelled: int

    def role_ids(self, normalizer: Normalizer) -> list[str]:
        """The role that each title teaches: the one that a normalizer answers with already, where it is acceptable, or the best one."""
        answered = normalizer.normalize_columns(self.titles)["role_id"]
        return [got if got in roles else roles[0] for got, roles in zip(answered, self.roles, strict=True)]


def read_lessons(source: Source, taxonomy: Taxonomy, columns: Mapping[str, str] | None = None) -> Lessons:
    """The labelled titles of an open file. A label is a role id or a name; there may be several, with "|" between.

    Args:
        source: the file.
        taxonomy: the roles that labels may name.
        columns: names of the columns `title` and `role`; what is missing is guessed.

    Raises:
        InputError: a column that is not there, or no row that teaches anything; the message says why.
    """
    said = {what: find_column(source.header, name, source.name) for what, name in (columns or {}).items()}
    places = {**guess_columns(source, said), **said}
    title, role = places["title"], places["role"]
    if title == role:
        raise InputError(f"{source.header[title]!r} of {source.name} cannot hold both titles and roles. Choose with --title NAME and --role NAME.")
    read = cache(partial(_role_of, Reader(taxonomy)))
    lessons = Lessons([], [], {"title": source.header[title], "role": source.header[role]}, [], 0)
    unlabelled = 0
    for line, (text, label) in source.rows(lambda cells: (label_text(cells[title]), label_text(cells[role]))):
        role_ids, reason = read(label)
        if reason:
            lessons.rejects.append(SetAside(line, reason, text, label))
        elif role_ids and text.strip():
            lessons.titles.append(text)
            lessons.roles.append(role_ids)
        else:
            unlabelled += 1
    if not lessons.titles:
        raise InputError(_nothing(source, lessons, unlabelled, taxonomy))
    return lessons._replace(unlabelled=unlabelled)


def _role_of(reader: Reader, label: str) -> tuple[tuple[str, ...], str]:
    """The roles that a label names, or why there is none."""
    try:
        return reader.role(label, ""), ""
    except UnknownRoleError as error:
        return (), str(error)


def _nothing(source: Source, lessons: Lessons, unlabelled: int, taxonomy: Taxonomy) -> str:
    """Why a file teaches nothing."""
    if not lessons.rejects:
        return f"{source.name} has {'no row with a title and a role' if unlabelled else 'a header and no rows'}. Label some titles first."
    first = lessons.rejects[0]
    count = f"No label in the column {lessons.columns['role']!r} is a role of the taxonomy {taxonomy.name!r}"
    return f"{source.name}:{first.line}: {first.reason} {count}: choose another column with --role NAME, or the taxonomy with --taxonomy FILE."
