"""Catalogues: a taxonomy from a user's own file: CSV, TSV, XLSX or TOML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from titlenorm.errors import TableError, UnknownRoleError
from titlenorm.result import Role
from titlenorm.tables import Row
from titlenorm.taxonomy.alias import Alias, folded
from titlenorm.taxonomy.cells import make_alias, make_role, one_line
from titlenorm.taxonomy.claims import contradictions
from titlenorm.taxonomy.document import read_document
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.release import read_file
from titlenorm.taxonomy.sheet import read_text, read_workbook, shown
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["ENDINGS", "read_aliases", "read_catalogue"]

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".toml")
"""The endings of files that are read; .csv, .tsv and .txt are one form."""

_ROLE_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "roleid", "code", "rolecode", "jobcode", "jobid", "jobprofileid", "jobprofilecode", "positioncode", "titlecode", "key"),
    "name": ("name", "rolename", "title", "jobtitle", "roletitle", "jobname", "jobprofile", "jobprofilename", "preferredlabel", "label", "role", "job"),
    "aliases": ("aliases", "alias", "synonyms", "alternatetitles", "alternativetitles", "alternatenames", "othertitles", "alsoknownas", "aka", "altlabels"),
    "family": ("family", "jobfamily", "jobfamilyname", "rolefamily"),
    "function": ("function", "jobfunction", "jobfunctionname", "jobfamilygroup", "jobgroup"),
    "track": ("track", "careertrack", "jobtrack"),
    "broader": ("broader", "parent", "parentid", "broaderid", "parentcode", "widerrole"),
    "definition": ("definition", "description", "jobdescription", "roledescription", "summary", "jobsummary"),
    "see_also": ("seealso",),
}
_ALIAS_NAMES: Mapping[str, tuple[str, ...]] = {
    "alias": ("alias", "aliases", "synonym", "title", "jobtitle", "rawtitle", "raw", "alternatetitle", "name"),
    "role_id": _ROLE_NAMES["id"],
    "kind": ("kind",),
    "language": ("language",),
}
_TRACK_NAMES = {"individualcontributor": "ic", "individual": "ic", "professional": "ic", "manager": "management", "peoplemanager": "management"}
_HEADER_ROWS = 10  # a title and a date may stand above the header
_BETWEEN = re.compile(r"[|;\n]")


def read_catalogue(path: str | Path, aliases: str | Path | None = None) -> Taxonomy:
    """The roles of a file and the aliases of a second one; see `Taxonomy.from_file`."""
    path = Path(path)
    name, origin = path.stem, Origin(path.name)
    if path.suffix.lower() == ".toml":
        name, origin, found = read_document(path)
        rows: Iterable[tuple[str, dict[str, str]]] = [
            (where, dict(zip(_named(list(cells), _ROLE_NAMES), cells.values(), strict=True))) for where, cells in found
        ]
    else:
        rows = _rows(path, _ROLE_NAMES, ("id", "name"))
    roles, own, lines = _roles(rows)
    own += read_aliases(aliases) if aliases is not None else []
    _check_references(roles, own, lines, path)
    origin = origin._replace(lines=lines)
    taxonomy = Taxonomy(roles, own, name, "custom", origin)
    taxonomy.origin = origin._replace(notes=tuple(message for _, message in contradictions(taxonomy, folded)))
    return taxonomy


def read_aliases(path: str | Path) -> list[Alias]:
    """The rows of a table of aliases.

    Raises:
        TableError: a missing column, an alias or a role that is empty, a kind that does not exist; the message has the line.
    """
    path = Path(path)
    aliases = []
    for where, cells in _rows(path, _ALIAS_NAMES, ("alias", "role_id")):
        kind = cells.get("kind") or "synonym"
        text, role_id = one_line(cells["alias"]), cells["role_id"]
        if not text or not (role_id or kind in ("unlisted", "function")):
            raise TableError(f"{where}: an alias row needs an alias and a role_id; this row has no {'role_id' if text else 'alias'}. Delete the row.")
        aliases.append(make_alias(text, role_id, kind, cells.get("language", ""), where))
    return aliases


def _roles(rows: Iterable[tuple[str, dict[str, str]]]) -> tuple[list[Role], list[Alias], dict[str, str]]:
    """Roles, the aliases of their `aliases` column, and role ids with their file and line."""
    roles: list[Role] = []
    aliases: list[Alias] = []
    lines: dict[str, str] = {}
    for where, cells in rows:
        texts = cells.pop("aliases", "")
        cells = {column: one_line(value) for column, value in cells.items()}
        cells["track"] = _track(cells.get("track", ""))
        role = make_role(cells, where)
        if role.id in lines:
            other = next(known for known in roles if known.id == role.id)
            both = f"Two roles have the id {role.id!r}: {other.name!r} ({lines[role.id]}) and {role.name!r}"
            raise TableError(f"{where}: {both}. Keep one; further titles of a role go into its aliases, with | between.")
        lines[role.id] = where
        roles.append(role)
        parts = dict.fromkeys(one_line(part) for part in _BETWEEN.split(texts))
        aliases += [make_alias(part, role.id, "synonym", "", where) for part in parts if part]
    return roles, aliases, lines


def _track(text: str) -> str:
    plain = _plain(text)
    return _TRACK_NAMES.get(plain, plain if plain in _TRACK_NAMES.values() or plain in ("executive", "ownership") else text)


def _check_references(roles: Sequence[Role], aliases: Sequence[Alias], lines: Mapping[str, str], path: Path) -> None:
    """Whether every `broader` and every alias names a role of the file; the error has the line of the row that does not."""
    if not roles:
        raise TableError(f"{path} has a header and no roles. Add a row for each role.")
    listing = f"titlenorm roles --taxonomy {path}"
    for role in roles:
        if role.broader is not None and role.broader not in lines:
            raise UnknownRoleError.of(role.broader, lines, f"{lines[role.id]}, broader of {role.id!r}", listing)
    for alias in aliases:
        if alias.role_id and alias.role_id not in lines:
            raise UnknownRoleError.of(alias.role_id, lines, f"{alias.where}, alias {alias.alias!r}", listing)


def _rows(path: Path, known: Mapping[str, tuple[str, ...]], needed: Sequence[str]) -> Iterable[tuple[str, dict[str, str]]]:
    """The rows below the header: file and line, and the cells by the names of columns that are known here."""
    ending, data = path.suffix.lower(), read_file(path)
    sheets = read_workbook(str(path), data) if ending == ".xlsx" else [list(read_text(str(path), data, "\t" if ending == ".tsv" else None))]
    for rows in sheets:
        for number, header in enumerate(rows[:_HEADER_ROWS]):
            names = _named(header.cells, known)
            if set(needed) <= set(names):
                return [(f"{row.file}:{row.line}", _cells(row, names)) for row in rows[number + 1 :]]
    raise _missing(sheets[0][0], known, needed)


def _missing(header: Row, known: Mapping[str, tuple[str, ...]], needed: Sequence[str]) -> TableError:
    found = _named(header.cells, known)
    missing = next(name for name in needed if name not in found)
    wanted = "id or role_id" if missing == "id" else missing
    others = ", ".join(known[missing][1:6])
    return TableError(
        f"{header.file}:{header.line}: the column {wanted!r} is missing. Columns found: {shown(header.cells)}. "
        f"Rename one of them to {missing!r}; also understood: {others}."
    )


def _named(header: Sequence[str], known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What each column of a header is here: a known name, or its own in lower case; of several that fit, the best name wins."""
    plain = [_plain(cell) for cell in header]
    names = ["_".join(cell.casefold().split()) for cell in header]
    taken: set[int] = set()
    for name, spellings in known.items():
        place = next((plain.index(spelling) for spelling in spellings if spelling in plain and plain.index(spelling) not in taken), None)
        if place is not None:
            names[place] = name
            taken.add(place)
    return [name if place in taken or name not in known else f"{name}_{place + 1}" for place, name in enumerate(names)]


def _cells(row: Row, names: Sequence[str]) -> dict[str, str]:
    if len(row.cells) > len(names) and any(cell.strip() for cell in row.cells[len(names) :]):
        raise TableError(f"{row.file}:{row.line}: more cells than the header has. Quote cells that hold the delimiter.")
    cells = dict.fromkeys((name for name in names if name), "")
    cells.update((name, cell.strip()) for name, cell in zip(names, row.cells, strict=False) if name)
    return cells


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
