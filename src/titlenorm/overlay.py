"""Overlays: what labelled titles taught, as plain files that a person can read, edit and merge."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from titlenorm.errors import InputError, TableError, UnknownRoleError
from titlenorm.match.reliability import Bin, Reliability, bin_of
from titlenorm.taxonomy import Alias, Taxonomy
from titlenorm.taxonomy.cells import make_alias, one_line
from titlenorm.taxonomy.sheet import columns, read_text

__all__ = ["FILES", "Contradiction", "Learned", "Overlay", "decided", "write_table"]

FILES = ("aliases.csv", "contradictions.csv", "reliability.csv")
"""The files of an overlay; only the first one must be there, and the second one is for reading only."""

_CONTRADICTION_COLUMNS = ("phrase", "role_id", "labelled", "kept")


class Contradiction(NamedTuple):
    """A phrase that titles label with several roles: how often with each, most first; `kept` is the role of more than half, or None."""

    phrase: str
    counts: tuple[tuple[str, int], ...]
    kept: str | None


class Learned(NamedTuple):
    """What titles with the same words are labelled with.

    The role of more than half of them is a `synonym`; another one is an `example`, which makes the role likelier for titles
    that are alike and never decides. `labelled` of the `of` titles have the label; both are 0 in a row that a person wrote.
    `overrules` is the role that these titles had before, or empty, and `row` the table row that says so, where there is one.
    `where` is the file and line it was read from.
    """

    alias: str
    role_id: str
    kind: str = "synonym"
    labelled: int = 0
    of: int = 0
    overrules: str = ""
    row: str = ""
    where: str = ""


_COLUMNS = Learned._fields[:-1]


class Overlay(NamedTuple):
    """What was learnt from labelled titles.

    Attributes:
        learned: aliases, by phrase.
        bins: how reliable answers are, measured by leaving titles out; empty when there were too few.

    >>> overlay = Overlay((Learned("growth hacker", "growth-marketer", labelled=2, of=2),))
    >>> overlay.on(Taxonomy.bundled()).aliases[-1].labelled
    2
    """

    learned: tuple[Learned, ...]
    bins: tuple[Bin, ...] = ()

    @property
    def aliases(self) -> list[Alias]:
        """The rows as aliases of a taxonomy. A row that a person wrote counts as one label, and as the only one of its phrase."""
        written = {row.alias for row in self.learned if not row.labelled}
        kept = (row for row in self.learned if not row.labelled or row.alias not in written)
        return [Alias(row.alias, row.role_id, row.kind, where=row.where or "overlay", labelled=max(1, row.labelled)) for row in kept]

    @property
    def contradictions(self) -> list[Contradiction]:
        """The phrases with several roles."""
        found: dict[str, list[Learned]] = {}
        for row in self.learned:
            found.setdefault(row.alias, []).append(row)
        return [
            Contradiction(phrase, tuple((row.role_id, row.labelled) for row in rows), next((row.role_id for row in rows if row.kind != "example"), None))
            for phrase, rows in found.items()
            if len(rows) > 1
        ]

    def on(self, taxonomy: Taxonomy) -> Taxonomy:
        """A taxonomy with the aliases added; they go before its own.

        Raises:
            UnknownRoleError: a row names a role that the taxonomy does not have.
        """
        strange = [row for row in self.learned if row.role_id not in taxonomy.roles]
        if strange:
            error = taxonomy.unknown(strange[0].role_id, strange[0].where or f"alias {strange[0].alias!r}")
            if 2 * len(strange) <= len(self.learned):
                raise UnknownRoleError(f"{error} Correct the row, or delete it.")
            count = f"{len(strange):,} of {len(self.learned):,} rows of the overlay name no role of the taxonomy {taxonomy.name!r}"
            raise UnknownRoleError(f"{count}. Name the one that it was learnt with: --taxonomy FILE. The first: {error}")
        return taxonomy.merge(self.aliases)

    def joined(self, newer: Overlay) -> Overlay:
        """Both together: the counts of a phrase are added up, and rows that a person wrote stay; reliability is that of the newer one, if it has one.

        >>> older, newer = (Overlay((Learned("doer", role_id, "synonym", 1, 1),)) for role_id in ("a", "b"))
        >>> older.joined(newer).contradictions
        [Contradiction(phrase='doer', counts=(('a', 1), ('b', 1)), kept=None)]
        """
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        written: dict[str, Learned] = {}
        before: dict[str, tuple[str, str]] = {}
        for row in (*self.learned, *newer.learned):
            if not row.labelled:
                written[row.alias] = row
            votes[row.alias][row.role_id] += row.labelled
            if row.overrules:
                before.setdefault(row.alias, (row.overrules, row.row))
        return Overlay(decided(votes, before, written), newer.bins or self.bins)

    def save(self, folder: str | Path) -> None:
        """Write aliases.csv, contradictions.csv and reliability.csv into a folder, which is made if it is not there.

        Raises:
            InputError: the folder cannot be written.
        """
        target = Path(folder)
        contradictions = [(c.phrase, role_id, count, "yes" if role_id == c.kept else "") for c in self.contradictions for role_id, count in c.counts]
        rows = [(*row[:3], row.labelled or "", row.of or "", row.overrules, row.row) for row in self.learned]
        try:
            target.mkdir(parents=True, exist_ok=True)
            write_table(target / FILES[0], _COLUMNS, rows)
            write_table(target / FILES[1], _CONTRADICTION_COLUMNS, contradictions)
            write_table(target / FILES[2], Bin._fields, self.bins)
        except OSError as error:
            raise InputError(f"The overlay {folder} cannot be written: {error.strerror or error}. Name another folder with -o.") from None

    @staticmethod
    def load(folder: str | Path) -> Overlay:
        """Read an overlay that `save` wrote or a person made; only aliases.csv must be there, with the columns `alias` and `role_id`.

        Raises:
            InputError: there is no such folder, or a file of it cannot be read.
            TableError: a wrong row; the message has file, line and value.
        """
        source = Path(folder)
        if not (source / FILES[0]).is_file():
            what = "has no aliases.csv" if source.is_dir() else "is no folder" if source.exists() else "does not exist"
            raise InputError(f"{folder} is no overlay: it {what}. Make one with: titlenorm learn LABELLED -o {folder}")
        learned = tuple(_learned(where, cells) for where, cells in _read(source / FILES[0], ("alias", "role_id"), _COLUMNS[2:]))
        bins: list[Bin] = []
        if (source / FILES[2]).is_file():
            for where, cells in _read(source / FILES[2], Bin._fields):
                bins.append(bin_of(cells["method"], cells["strength"], cells["score"], cells["rows"], where))
            try:
                Reliability(bins)
            except TableError as error:
                raise TableError(f"{source / FILES[2]}: {error}. Delete the file to go without it.") from None
        return Overlay(learned, tuple(bins))


def decided(votes: Mapping[str, Counter[str]], before: Mapping[str, tuple[str, str]], written: Mapping[str, Learned] | None = None) -> tuple[Learned, ...]:
    """The rows of phrases: the role of more than half of the titles is the synonym, the others are examples.

    Args:
        votes: phrase to how often it has each label.
        before: phrase to the role it had before, and the table row that says so.
        written: rows that a person wrote; they are the synonym, whatever was voted.
    """
    rows: list[Learned] = []
    for phrase, counts in sorted(votes.items()):
        by_hand = (written or {}).get(phrase)
        if by_hand is not None:
            rows.append(by_hand)
        ranked = sorted(((role_id, count) for role_id, count in counts.items() if count), key=lambda item: (-item[1], item[0]))
        for role_id, count in ranked:
            if by_hand is not None and by_hand.role_id == role_id:
                continue
            kept = by_hand is None and 2 * count > counts.total()
            overruled = before.get(phrase, ("", "")) if kept else ("", "")
            rows.append(Learned(phrase, role_id, "synonym" if kept else "example", count, counts.total(), *(overruled if overruled[0] != role_id else ())))
    return tuple(rows)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a small table of text; an error of the file system is passed on."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _read(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table, each with file and line; it may have been saved by a spreadsheet, in its encoding and with its delimiter."""
    try:
        rows = read_text(str(path), path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    header = next(rows)
    places = columns(header, required, optional)
    for row in rows:
        if len(row.cells) < max(places[name] for name in required) + 1:
            raise TableError(f"{path}:{row.line}: {len(row.cells)} cells, expected {len(header.cells)}. Correct or delete the row.")
        yield f"{path}:{row.line}", {name: one_line(row.cells[place]) if place < len(row.cells) else "" for name, place in places.items()}


def _learned(where: str, cells: Mapping[str, str]) -> Learned:
    if not cells["alias"] or not cells["role_id"]:
        missing = "role_id" if cells["alias"] else "alias"
        raise TableError(f"{where}: a row needs an alias and a role_id; this one has no {missing}. Fill it in, or delete the row.")
    alias = make_alias(cells["alias"], cells["role_id"], cells.get("kind") or "synonym", "", where)
    labelled = _count(where, "labelled", cells.get("labelled", ""))
    of = _count(where, "of", cells.get("of", "")) or labelled
    return Learned(*alias[:3], labelled, of, cells.get("overrules", ""), cells.get("row", ""), where)


def _count(where: str, column: str, text: str) -> int:
    if text and not (text.isascii() and text.isdecimal()):
        raise TableError(f"{where}: {column} {text!r} is no count of titles. Write a whole number, or leave it empty for a row of your own.")
    return int(text or 0)
