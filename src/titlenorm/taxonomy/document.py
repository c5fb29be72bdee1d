"""Documents: roles that a user wrote as TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from titlenorm.errors import TableError
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.release import read_file

__all__ = ["read_document"]

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*roles[ \t]*\]\]", re.MULTILINE)
_TOP = ("name", "version", "licence", "license", "roles")


def read_document(path: Path) -> tuple[str, Origin, list[tuple[str, dict[str, str]]]]:
    """The name, the origin, and for each role its file and line and its cells.

    Raises:
        TableError: not TOML, no roles, or a value that is no text; the message has the line.
    """
    try:
        text = read_file(path).decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        raise TableError(f"{path} is not UTF-8, as TOML has to be. Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TableError(f"{path} is not TOML: {error}.") from None
    strange = sorted(document.keys() - set(_TOP))
    if strange:
        raise TableError(f"{path}: {strange[0]!r} is not known at the top. Known: name, version, licence, and a [[roles]] table for each role.")
    roles = document.get("roles")
    if not isinstance(roles, list) or not roles or not all(isinstance(role, dict) for role in roles):
        raise TableError(f"{path} has no [[roles]]. Write such a table for each role, with id and name.")
    for key in ("name", "version", "licence", "license"):
        if not isinstance(document.get(key, ""), str):
            raise TableError(f"{path}: {key} has to be text, in quotes.")
    origin = Origin(path.name, document.get("version", ""), document.get("licence") or document.get("license") or "")
    wheres = _places(path, text, len(roles))
    return document.get("name") or path.stem, origin, [(where, _cells(role, where)) for where, role in zip(wheres, roles, strict=True)]


def _places(path: Path, text: str, count: int) -> list[str]:
    """File and line of each role; its number where the lines cannot be told."""
    lines = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
    return [f"{path}:{line}" for line in lines] if len(lines) == count else [f"{path}, role {number}" for number in range(1, count + 1)]


def _cells(role: Mapping[str, object], where: str) -> dict[str, str]:
    """The values of a role as the cells of a row; `codes` may be a table of its own."""
    cells: dict[str, str] = {}
    for key, value in role.items():
        if key == "codes" and isinstance(value, dict):
            cells.update(_cells(value, where))
        elif key in ("aliases", "see_also") and isinstance(value, list) and all(isinstance(item, str) for item in value):
            cells[key] = ("\n" if key == "aliases" else ";").join(value)
        elif isinstance(value, (str, int)) and not isinstance(value, bool):
            cells[key] = str(value).strip()
        else:
            wanted = "a list of texts" if key == "aliases" else "text"
            raise TableError(f"{where}: {key} has to be {wanted}, not {value!r:.60}.")
    return cells
