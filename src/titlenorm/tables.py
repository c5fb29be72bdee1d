"""The data files: the one place that knows their names and columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pkgutil import get_data
from typing import Any

from titlenorm import __version__
from titlenorm.errors import TableError

__all__ = ["COLUMNS", "Row", "manifest", "read", "stamp", "text", "version"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "roles.csv": ("role_id", "name", "family", "function", "track", "broader", "soc2018", "isco08", "esco_label", "seeds", "see_also", "definition"),
    "aliases.csv": ("alias", "role_id", "kind", "language", "source", "note"),
    "modifiers.csv": ("surface", "category", "value", "level", "place", "guard", "example", "expect", "note"),
    "acronyms.csv": ("acronym", "role_ids", "policy", "level", "words", "note"),
    "heads.csv": ("head", "qualifier", "role_id", "example", "note"),
    "words.csv": ("word", "kind", "note"),
    "forms.csv": ("form", "standard", "kind", "note"),
    "glue.csv": ("unit", "standard", "note"),
    "weights.csv": ("feature", "weight", "note"),
    "reliability.csv": ("taxonomy", "method", "strength", "score", "rows", "note"),
}
"""File name to its columns, in order; the first column is the sort key."""


class Row:
    """One line of a table: where it stands and its cells."""

    __slots__ = ("cells", "file", "line")

    def __init__(self, file: str, line: int, cells: tuple[str, ...]) -> None:
        self.file = file
        self.line = line
        self.cells = cells


def text(name: str) -> str:
    """The bundled file `name`, decoded."""
    found = get_data("titlenorm", f"data/{name}")  # some milliseconds sooner than importlib.resources, and from a zip as well
    if found is None:
        raise TableError(f"{name}: this installation of titlenorm cannot be read. Install it again.")
    return found.decode("utf-8").replace("\r\n", "\n")


def read(name: str) -> Iterator[Row]:
    """The rows of the bundled table `name`, in file order.

    Raises:
        TableError: the header or the number of cells of a line is not what `COLUMNS` says.
    """
    lines = text(name).splitlines()
    columns = COLUMNS[name]
    if lines[:1] != [",".join(columns)]:
        raise TableError(f"{name}:1: the header must be {','.join(columns)}")
    width = len(columns)
    for number, line in enumerate(lines):
        if not number or not line:
            continue
        cells = next(csv.reader([line])) if '"' in line else line.split(",")
        if len(cells) != width:
            raise TableError(f"{name}:{number + 1}: {len(cells)} cells, expected {width}. Quote cells that hold a comma; a row is one line.")
        yield Row(name, number + 1, tuple(cells))


def manifest() -> dict[str, Any]:
    """The data version, and rows and SHA-256 per file."""
    import tomllib

    return tomllib.loads(text("MANIFEST.toml"))


def version() -> str:
    """The data version: the first line of the manifest, read without loading a parser.

    >>> version() == manifest()["version"]
    True
    """
    return text("MANIFEST.toml").partition("\n")[0].partition(" = ")[2].strip('"')


def stamp() -> str:
    """What is made with this version of titlenorm and of its tables carries it, to be known as such.

    >>> stamp().startswith("titlenorm 0.")
    True
    """
    from hashlib import sha256

    known = manifest()
    digests = "".join(known["files"][name]["sha256"] for name in sorted(known["files"]))
    return f"titlenorm {__version__}, tables {known['version']} ({sha256(digests.encode()).hexdigest()[:12]})"
