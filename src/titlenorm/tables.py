"""The data files: the one place that knows their names and columns."""

from __future__ import annotations

import csv
from pkgutil import get_data
from typing import Any

from titlenorm import __version__
from titlenorm.errors import TableError

__all__ = ["COLUMNS", "Row", "cells", "entries", "manifest", "read", "stamp", "text", "version"]

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
    decoded = found.decode("utf-8")
    return decoded.replace("\r\n", "\n") if "\r" in decoded else decoded


def cells(name: str) -> list[list[str]]:
    """The cells of the bundled table `name`, row by row in file order; the first row is line 2.

    Raises:
        TableError: the header or the number of cells of a line is not what `COLUMNS` says.
    """
    width = len(COLUMNS[name])
    return [_split(line, width, name, index) for index, line in enumerate(_lines(name))]


def entries(name: str) -> list[tuple[str, list[str]]]:
    """The rows as `cells` gives them: the first cell and the others, which are one list for all rows that are alike behind the first cell.

    A long table takes half the memory so.
    """
    width = len(COLUMNS[name])
    rows: list[tuple[str, list[str]]] = []
    known: dict[str, list[str]] = {}
    for index, line in enumerate(_lines(name)):
        first, _, rest = line.partition(",")
        others = known.get(rest)
        if others is None or '"' in first:
            row = _split(line, width, name, index)
            first, others = row[0], row[1:]
            known[rest] = others
        rows.append((first, others))
    return rows


def _lines(name: str) -> list[str]:
    """The lines below the header."""
    lines = text(name).split("\n")
    columns = COLUMNS[name]
    if lines[0] != ",".join(columns):
        raise TableError(f"{name}:1: the header must be {','.join(columns)}")
    return lines[1:] if lines[-1] else lines[1:-1]


def _split(line: str, width: int, name: str, index: int) -> list[str]:
    row = line.split(",") if '"' not in line else next(csv.reader([line]))
    if len(row) != width:
        raise TableError(f"{name}:{index + 2}: {len(row)} cells, expected {width}. Quote cells that hold a comma; a row is one line.")
    return row


def read(name: str) -> list[Row]:
    """The rows of the bundled table `name`, with where they stand, for messages; see `cells`."""
    return [Row(name, index + 2, tuple(row)) for index, row in enumerate(cells(name))]


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
