"""ESCO: a taxonomy from the occupations of a release, in one language."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePosixPath

from titlenorm.errors import TableError
from titlenorm.result import Role
from titlenorm.tables import Row
from titlenorm.taxonomy.alias import Alias
from titlenorm.taxonomy.cells import one_line
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.release import Release, read_file, version_in
from titlenorm.taxonomy.sheet import columns, read_text
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["OCCUPATIONS", "read_esco"]

OCCUPATIONS = re.compile(r"occupations_([a-z]{2}(?:-[a-z]{2})?)\.csv", re.IGNORECASE)
"""The name of the file that is read, with its language."""

_SITE = "Download the classification as CSV at esco.ec.europa.eu/en/use-esco/download"
_NEEDED = ("conceptUri", "preferredLabel")
_KNOWN = ("conceptType", "iscoGroup", "altLabels", "hiddenLabels", "status", "description", "code")
_VERSION = r"esco[^\d]{0,20}(\d+)\.(\d+)(?:\.(\d+))?"
_LICENCE = (
    "This service uses the ESCO classification of the European Commission. "
    "ESCO may be reused free of charge with this acknowledgement (Commission Decision 2011/833/EU); titlenorm has adapted it."
)
_MANAGING = re.compile(r"\b(?:manager|director|head|headteacher|principal|supervisor|superintendent|administrator|dean)\b", re.IGNORECASE)
_MANAGED_GROUPS = ("12", "13", "14", "312")
"""ISCO-08: managers, and supervisors in mining, manufacturing and construction."""


def read_esco(path: str | Path, language: str = "en") -> Taxonomy:
    """The occupations of a release; see `Taxonomy.from_esco`."""
    path = Path(path)
    if path.is_file() and path.suffix.lower() != ".zip":
        label, data, version = str(path), read_file(path), version_in([path.name, path.resolve().parent.name], _VERSION)
        match = OCCUPATIONS.fullmatch(path.name)
        language = match[1].lower() if match else language
    else:
        release = Release(path)
        name = _find(release, language)
        label, data, version = release.label(name), release.read(name), release.version(_VERSION)
    rows = read_text(label, data)
    header = next(rows)
    places = columns(header, _NEEDED, _KNOWN)
    records, skipped = [], Counter[str]()
    lines: dict[str, str] = {}
    for row in rows:
        cells = {column: row.cells[place] if place < len(row.cells) else "" for column, place in places.items()}
        if why := _why_not(cells):
            skipped[why] += 1
            continue
        _check(cells, row, lines)
        records.append(cells)
    if not records:
        raise TableError(f"{label} has no released occupations. {_SITE}.")
    notes = tuple(f"Rows left out that are {why}: {count:,}." for why, count in sorted(skipped.items()))
    roles = _roles(records, language)
    aliases = [alias for cells in records for alias in _aliases(cells, lines[cells["conceptUri"].strip()])]
    return Taxonomy(roles, aliases, f"ESCO ({language})", "esco", Origin(path.resolve().name, version, _LICENCE, notes, lines))


def _find(release: Release, language: str) -> str:
    found = {match[1].lower(): name for name in release.names if (match := OCCUPATIONS.fullmatch(PurePosixPath(name).name))}
    if language.lower() in found:
        return found[language.lower()]
    if found:
        raise TableError(f"{release.path} has no occupations_{language}.csv. Languages there: {', '.join(sorted(found))}.")
    raise TableError(f"{release.path} has no occupations_{language}.csv. {_SITE}, and name its folder or zip.")


def _why_not(cells: dict[str, str]) -> str:
    """Why a row is left out, or nothing."""
    if cells.get("conceptType", "Occupation").strip() not in ("Occupation", ""):
        return "no occupations"
    return "not released" if cells.get("status", "released").strip() not in ("released", "") else ""


def _check(cells: dict[str, str], row: Row, lines: dict[str, str]) -> None:
    uri, where = cells["conceptUri"].strip(), f"{row.file}:{row.line}"
    if not uri or not cells["preferredLabel"].strip():
        raise TableError(f"{where}: the occupation has no {'preferredLabel' if uri else 'conceptUri'}. Is this the file as it was downloaded?")
    if uri in lines:
        raise TableError(f"{where}: {uri} is in {lines[uri]} already. Is this the file as it was downloaded?")
    lines[uri] = where


def _roles(records: list[dict[str, str]], language: str) -> list[Role]:
    used = Counter(cells.get("code", "").strip() for cells in records)
    owners = {code: cells["conceptUri"].strip() for cells in records if used[code := cells.get("code", "").strip()] == 1 and code}
    roles = []
    for cells in records:
        name, code = one_line(cells["preferredLabel"]), cells.get("code", "").strip()
        group = cells.get("iscoGroup", "").strip().rpartition("/")[2].removeprefix("C")
        group = group.zfill(4) if group else ""  # a spreadsheet takes the zero from the armed forces
        broader = owners.get(code.rpartition(".")[0]) if code.count(".") > 1 else None  # 2654.1.7 is a form of 2654.1
        known = {"isco08": group, "esco_label": name, "esco_code": code}
        codes = {scheme: value for scheme, value in known.items() if value}
        definition = one_line(cells.get("description", ""))
        roles.append(Role(cells["conceptUri"].strip(), name, "", "", _track(group, name, language), broader, codes, definition))
    return roles


def _track(group: str, name: str, language: str) -> str:
    """The track that the ISCO group says; in English the name has to say so too.

    >>> _track("1221", "sales manager", "en"), _track("1120", "chief executive officer", "en"), _track("1431", "zoo curator", "en")
    ('management', 'executive', 'ic')
    """
    if group.startswith("112") or (group.startswith("1") and name.startswith("chief ") and name.endswith(" officer")):
        return "executive"
    manages = group.startswith(_MANAGED_GROUPS) and (language != "en" or _MANAGING.search(name))
    return "management" if manages else "ic"


def _aliases(cells: dict[str, str], where: str) -> list[Alias]:
    """The other labels of an occupation, each once and without its name."""
    seen = {one_line(cells["preferredLabel"]).casefold(), ""}
    aliases = []
    for label in (cells.get("altLabels", "") + "\n" + cells.get("hiddenLabels", "")).splitlines():
        text = one_line(label)
        if text.casefold() not in seen:
            seen.add(text.casefold())
            aliases.append(Alias(text, cells["conceptUri"].strip(), "synonym", "", where))
    return aliases
