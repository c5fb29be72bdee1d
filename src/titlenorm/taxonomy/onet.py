"""O*NET: a taxonomy from the files of a release, text or Excel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from titlenorm.errors import TableError
from titlenorm.result import Role
from titlenorm.tables import Row
from titlenorm.taxonomy.alias import Alias
from titlenorm.taxonomy.cells import one_line
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.release import Release
from titlenorm.taxonomy.sheet import columns, read_text, read_workbook
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["OCCUPATIONS", "read_onet"]

OCCUPATIONS = ("Occupation Data.txt", "Occupation Data.xlsx")
"""The file by which a release is recognised."""

_TITLES = (  # file, column; later releases call "Alternate Titles" "Job Titles"
    ("Alternate Titles", "Alternate Title"),
    ("Job Titles", "Job Title"),
    ("Sample of Reported Titles", "Reported Job Title"),
)
_SITE = "Download the database, text or Excel, at onetcenter.org/database.html"
_CODE = "O*NET-SOC Code"
_CODE_FORM = re.compile(r"\d\d-\d{4}\.\d\d")
_VERSION = r"(?:db|o\*?net)[-_ ]*v?(\d{1,2})[._](\d)(?!\d)"
_SOC_2018 = (25, 1)  # the first release with the codes of SOC 2018
_NOTHING = ("", "n/a")
_MANAGING = re.compile(r"(Manager|Administrator|Director|Superintendent|Controller)s\b")


def read_onet(path: str | Path) -> Taxonomy:
    """The occupations and titles of a release; see `Taxonomy.from_onet`."""
    path = Path(path)
    release = Release(path)
    occupations = release.find(*OCCUPATIONS)
    if occupations is None:
        raise TableError(f"{path} has no file Occupation Data.txt or Occupation Data.xlsx. {_SITE}, and name its folder or zip.")
    ending = Path(occupations).suffix
    version = release.version(_VERSION)
    roles, lines = _read_roles(_rows(release, occupations), _scheme(version))
    found = [(name, column) for file, column in _TITLES if (name := release.find(file + ending)) is not None]
    if not found:
        raise TableError(f"{path} has no file Alternate Titles{ending} or Job Titles{ending} beside Occupation Data{ending}. {_SITE}.")
    aliases = [alias for name, column in found for alias in _read_titles(_rows(release, name), column)]
    kept, strange = _distinct(aliases, {role.id: role.name for role in roles})
    notes = [f"Titles left out because {Path(occupations).name} does not have their codes: {strange:,}."] if strange else []
    return Taxonomy(roles, kept, "O*NET", "onet", Origin(path.resolve().name, version, _licence(version), tuple(notes), lines))


def _licence(version: str) -> str:
    database = f"O*NET {version} Database" if version else "O*NET Database"
    return (
        f"Includes information from the {database} by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA). "
        "Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. titlenorm has modified this information; "
        "USDOL/ETA has not approved, endorsed, or tested these modifications."
    )


def _scheme(version: str) -> str:
    """The classification that the codes of a release extend; the present one when the version is not known."""
    numbers = tuple(int(part) for part in version.split(".") if part)
    return "soc2010" if numbers and numbers < _SOC_2018 else "soc2018"


def _rows(release: Release, name: str) -> Iterator[Row]:
    label, data = release.label(name), release.read(name)
    if name.endswith(".xlsx"):
        yield from read_workbook(label, data)[0]
    else:
        yield from read_text(label, data, "\t", quoted=False)


def _read_roles(rows: Iterator[Row], scheme: str) -> tuple[list[Role], dict[str, str]]:
    header = next(rows)
    places = columns(header, (_CODE, "Title"), ("Description",))
    lines: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    for row in rows:
        code, title = _cell(row, places[_CODE]), _cell(row, places["Title"])
        where = f"{row.file}:{row.line}"
        if not _CODE_FORM.fullmatch(code):
            raise TableError(f"{where}: {code!r} is not an O*NET-SOC code such as 15-1252.00. Is this the file as it was downloaded?")
        if code in lines:
            raise TableError(f"{where}: the code {code} is in {lines[code]} already. Is this the file as it was downloaded?")
        if not title:
            raise TableError(f"{where}: the code {code} has no title. Is this the file as it was downloaded?")
        lines[code] = where
        found.append((code, title, _cell(row, places["Description"]) if "Description" in places else ""))
    if not found:
        raise TableError(f"{header.file} has a header and no rows. Download it again.")
    return [Role(code, title, "", "", _track(code, title), _broader(code, lines), {scheme: code[:7]}, text) for code, title, text in found], lines


def _broader(code: str, known: dict[str, str]) -> str | None:
    wider = code[:7] + ".00"
    return wider if code != wider and wider in known else None


def _track(code: str, title: str) -> str:
    """The track that the group of a code and the words of its title say.

    >>> _track("11-2022.00", "Sales Managers"), _track("11-1011.00", "Chief Executives"), _track("11-1031.00", "Legislators")
    ('management', 'executive', 'ic')
    """
    if code.startswith("11-1011"):
        return "executive"
    manages = title.startswith("First-Line Supervisors") or (code.startswith("11-") and _MANAGING.search(title))
    return "management" if manages else "ic"


def _read_titles(rows: Iterator[Row], column: str) -> Iterator[Alias]:
    """The titles of a file, their short forms, and for "Long Form (Short)" the long form by itself."""
    places = columns(next(rows), (_CODE, column), ("Short Title",))
    for row in rows:
        code, title = _cell(row, places[_CODE]), _cell(row, places[column])
        where = f"{row.file}:{row.line}"
        if title in _NOTHING:
            continue
        yield Alias(title, code, "synonym", "", where)
        short = _cell(row, places["Short Title"]) if "Short Title" in places else ""
        if short in _NOTHING:
            continue
        outer, _, inner = title.removesuffix(")").partition(" (")
        if short in (outer, inner):
            yield Alias(outer if short == inner else inner, code, "synonym", "", where)
        yield Alias(short, code, "abbreviation", "", where)


def _distinct(aliases: list[Alias], names: dict[str, str]) -> tuple[list[Alias], int]:
    """Each phrase of an occupation once, without its name; and how many belong to no occupation."""
    seen = {(code, name.casefold()) for code, name in names.items()}
    kept, strange = [], 0
    for alias in aliases:
        if alias.role_id not in names:
            strange += 1
            continue
        key = (alias.role_id, alias.alias.casefold())
        if key not in seen and alias.alias:
            seen.add(key)
            kept.append(alias)
    return kept, strange


def _cell(row: Row, place: int) -> str:
    return one_line(row.cells[place]) if place < len(row.cells) else ""
