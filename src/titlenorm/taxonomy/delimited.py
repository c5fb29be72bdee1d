"""A taxonomy from a user's own CSV files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from titlenorm.errors import TableError
from titlenorm.result import Role
from titlenorm.taxonomy.taxonomy import Alias

__all__ = ["read_aliases", "read_roles"]


def read_roles(path: Path, make_role: Callable[..., Role], make_alias: Callable[..., Alias]) -> tuple[list[Role], list[Alias]]:
    """Roles, and the aliases of their `aliases` column ("|" between)."""
    roles, aliases = [], []
    for where, cells in _read(path, {"name"}, ("id", "role_id")):
        role = make_role(cells, where)
        roles.append(role)
        aliases += [make_alias(part.strip(), role.id, "synonym", "", where) for part in cells.get("aliases", "").split("|") if part.strip()]
    return roles, aliases


def read_aliases(path: Path, make_alias: Callable[..., Alias]) -> list[Alias]:
    """Rows of `alias` and `role_id`, with `kind` and `language` when they are there."""
    return [
        make_alias(cells["alias"], cells["role_id"], cells.get("kind") or "synonym", cells.get("language", ""), where)
        for where, cells in _read(path, {"alias", "role_id"}, ())
    ]


def _read(path: Path, required: set[str], one_of: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            header = {name.strip().lower() for name in reader.fieldnames or ()}
            missing = sorted(required - header) + ([" or ".join(one_of)] if one_of and not header & set(one_of) else [])
            if missing:
                raise TableError(f"{path}:1: the column {missing[0]!r} is missing. Columns found: {', '.join(sorted(header)) or 'none'}.")
            for row in reader:
                if None in row:
                    raise TableError(f"{path}:{reader.line_num}: more cells than the header has. Quote cells that hold a comma.")
                yield f"{path}:{reader.line_num}", {str(name).strip().lower(): (value or "").strip() for name, value in row.items()}
    except UnicodeDecodeError:
        raise TableError(f"{path} is not UTF-8. Save it as UTF-8 first.") from None
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}.") from None
