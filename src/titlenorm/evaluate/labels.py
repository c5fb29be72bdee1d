"""Labels: titles whose right answers are known, read from a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from titlenorm.columns import columns_named, find_column, guess_title_columns
from titlenorm.delimited import Source
from titlenorm.dialect import readable
from titlenorm.errors import InputError, TitlenormError
from titlenorm.result import Level
from titlenorm.taxonomy import Taxonomy

__all__ = ["COLUMNS", "Label", "Labelled", "Reader", "guess_columns", "label_text", "read_labels"]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("raw", "rawtitle"),
    "role": ("roleid", "roleids", "expectedroleid", "expectedroleids", "expectedrole", "canonicalrole", "role", "roles", "label"),
    "level": ("level", "levels", "expectedlevel", "seniority"),
    "grade": ("grade", "grades", "expectedgrade"),
    "others": ("others", "otherroleids", "otherroles"),
    "status": ("status",),
    "weight": (),
}
"""What a labelled file can say of a title, and how such a column is usually called, surest first; a weight is never guessed."""

_STATUSES = ("resolved", "no_role", "off_list", "junk")


@dataclass(frozen=True, slots=True)
class Label:
    """A title and the answers that are right for it.

    Attributes:
        title: the raw title.
        roles: ids of the acceptable roles, best first; empty where abstaining is right.
        levels: the acceptable levels, "" among them where no level is acceptable; None when the level is not labelled.
        grades: the acceptable grades, likewise, as text.
        others: the acceptable roles of each further title in the cell; None when they are not labelled.
        off_list: the title names a job that the list of roles lacked when it was labelled.
        weight: how many rows the title stands for, 0 or more.
        slices: column to value, for the figures of parts.

    >>> Label("Sr. Accountant", ("accountant",), levels=("senior",)).weight
    1.0
    """

    title: str
    roles: tuple[str, ...] = ()
    levels: tuple[str, ...] | None = None
    grades: tuple[str, ...] | None = None
    others: tuple[tuple[str, ...], ...] | None = None
    off_list: bool = False
    weight: float = 1.0
    slices: Mapping[str, str] = field(default_factory=dict)


class Labelled(NamedTuple):
    """What was read: the labels, the column of each thing that is labelled, and why a likely column was left out."""

    labels: tuple[Label, ...]
    columns: Mapping[str, str]
    notes: tuple[str, ...]


def read_labels(source: Source, taxonomy: Taxonomy, columns: Mapping[str, str] | None = None, slices: Sequence[str] = ()) -> Labelled:
    """The labels of an open file.

    Args:
        source: the file.
        taxonomy: the roles that labels may name, by id or by name.
        columns: names of columns for the keys of `COLUMNS`; what is missing is guessed, except for the weight.
        slices: further columns whose values cut the rows into parts.

    Raises:
        InputError: a column that is not there, or a cell that cannot be a label.
        UnknownRoleError: a role that the taxonomy does not have.
    """
    said = {what: find_column(source.header, name, source.name) for what, name in (columns or {}).items()}
    places = {**guess_columns(source, said), **said}
    cuts = {source.header[index]: index for index in (find_column(source.header, name, source.name) for name in slices)}
    rows = [(line, [label_text(cell) for cell in cells]) for line, cells in source.rows(list)]
    if not rows:
        raise InputError(f"{source.name} has a header and no rows. Label some titles first.")
    reader = Reader(taxonomy)
    values: dict[str, list[Any]] = {}
    notes = []
    for what, index in places.items():
        try:
            values[what] = [getattr(reader, what)(cells[index], f"{source.name}:{line}") for line, cells in rows]
            if what == "status":
                _check_statuses(values, [f"{source.name}:{line}" for line, _ in rows])
        except TitlenormError as error:
            if what in said or what in ("title", "role"):
                raise
            values.pop(what, None)
            notes.append(f"Column {source.header[index]!r} is not read as {what}: {error}")
    labels = [
        _label({what: column[number] for what, column in values.items()}, {name: cells[index] for name, index in cuts.items()})
        for number, (_, cells) in enumerate(rows)
    ]
    return Labelled(tuple(labels), {what: source.header[places[what]] for what in COLUMNS if what in values}, tuple(notes))


def guess_columns(source: Source, said: Mapping[str, int]) -> dict[str, int]:
    """The columns that nobody named, by their names; those of titles and of roles must be there.

    Args:
        source: the file.
        said: for the keys of `COLUMNS`, the indexes of the columns that were named.

    Raises:
        InputError: no column, or several, could hold the titles or the roles.
    """
    header, free = source.header, set(range(len(source.header))) - set(said.values())
    places: dict[str, int] = {}
    for what in ("role", "title", "level", "grade", "others", "status"):  # a column `role` can be taken for titles, so roles come first
        if what in said:
            continue
        names = [header[index] if index in free else "" for index in range(len(header))]
        found = columns_named(names, [[name] for name in COLUMNS[what]]) or (guess_title_columns(names) if what == "title" else [])
        if len(found) > 1 and what in ("title", "role"):
            raise InputError(f"{len(found)} columns of {source.name} could hold the {what}s: {_listed(header, found)}. Choose one with --{what} NAME.")
        if found:
            places[what] = found[0]
            free.discard(found[0])
        elif what in ("title", "role"):
            raise InputError(f"No column of {source.name} is named like {what}s: {_listed(header, range(len(header)))}. Choose one with --{what} NAME.")
    return {what: places[what] for what in COLUMNS if what in places}


def _listed(header: Sequence[str], indexes: Sequence[int]) -> str:
    return ", ".join(f"{header[index]!r} ({index + 1})" for index in indexes[:20])


def label_text(cell: str) -> str:
    """A cell as text that every encoding of Unicode can hold."""
    return readable(cell).encode("utf-8", "replace").decode()


def _label(values: Mapping[str, Any], slices: Mapping[str, str]) -> Label:
    return Label(
        values["title"], values["role"], values.get("level"), values.get("grade"), values.get("others"),
        values.get("status") == "off_list", values.get("weight", 1.0), slices,
    )  # fmt: skip


def _check_statuses(values: Mapping[str, Sequence[Any]], places: Sequence[str]) -> None:
    """A row has a role, or a status that says why it has none."""
    for status, roles, where in zip(values["status"], values["role"], places, strict=True):
        if status and (status == "resolved") != bool(roles):
            raise InputError(f"{where}: status {status!r} and {f'role {roles[0]!r}' if roles else 'no role'} contradict each other. Change one of them.")


class Reader:
    """Reads cells; each method has the name of what it reads, and raises an error that begins with `where`, the file and line."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy, self._roles = taxonomy, taxonomy.roles
        self._names = {role.name.casefold(): role.id for role in taxonomy.roles.values()}

    def title(self, cell: str, where: str) -> str:
        """The title, as it is."""
        return cell

    def role(self, cell: str, where: str) -> tuple[str, ...]:
        """The ids of the acceptable roles, given by id or by name."""
        return _parts(cell, lambda part: [] if part == "none" else [self._role_id(part, where)])

    def level(self, cell: str, where: str) -> tuple[str, ...]:
        """The acceptable levels, "" for none."""
        return _parts(cell, lambda part: [_level(part, where)]) or ("",)

    def grade(self, cell: str, where: str) -> tuple[str, ...]:
        """The acceptable grades, "" for none."""
        return _parts(cell, lambda part: [_grade(part, where)]) or ("",)

    def others(self, cell: str, where: str) -> tuple[tuple[str, ...], ...]:
        """The acceptable roles of each further title."""
        return tuple(self.role(part, where) for part in cell.split(";") if part.strip())

    def status(self, cell: str, where: str) -> str:
        """Why there is no role."""
        if cell.strip() and cell.strip() not in _STATUSES:
            raise InputError(f"{where}: status {cell!r} is not one of {', '.join(_STATUSES)}.")
        return cell.strip()

    def weight(self, cell: str, where: str) -> float:
        """How many rows the row counts for."""
        weight = _number(cell)
        if not 0 <= weight < math.inf:
            raise InputError(f"{where}: weight {cell!r} is not a number from 0 up.")
        return weight

    def _role_id(self, part: str, where: str) -> str:
        role_id = part if part in self._roles else self._names.get(part.casefold())
        if role_id is None:
            raise self._taxonomy.unknown(part, where)
        return role_id


def _parts(cell: str, read: Callable[[str], list[str]]) -> tuple[str, ...]:
    """What the alternatives of a cell mean, each once; "|" is between them."""
    parts = (part.strip() for part in cell.split("|"))
    return tuple(dict.fromkeys(value for part in parts if part for value in read(part)))


def _level(part: str, where: str) -> str:
    level = part.casefold()
    if level == "none":
        return ""
    if level not in list(Level):
        raise InputError(f"{where}: level {part!r} is not one of {', '.join(Level)}, none.")
    return level


def _grade(part: str, where: str) -> str:
    if part == "none":
        return ""
    grade = _number(part)
    if not grade.is_integer():
        raise InputError(f"{where}: grade {part!r} is not a whole number. Write 2 for II.")
    return str(int(grade))


def _number(cell: str) -> float:
    """The number in a cell, or one that is not a number."""
    try:
        return float(cell)
    except ValueError:
        return math.nan
