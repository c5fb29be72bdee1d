"""Difference: two outputs of `normalize` for the same titles, and what one answers otherwise than the other."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from titlenorm.answer import COLUMNS
from titlenorm.columns import find_column, guess_title_columns
from titlenorm.delimited import Source
from titlenorm.dialect import readable
from titlenorm.errors import InputError

__all__ = ["ANSWERS", "BANDS", "Changed", "Difference", "Pair", "answer_columns", "difference"]

ANSWERS = ("role_id", "level", "grade", "status", "other_role_ids")
"""The columns that are the answer; the others say how it was found, or follow from these."""
BANDS = (0.25, 0.05, 0.0)
"""A score moved by this much or more: the first that fits."""

_EXAMPLES = 3
_NO_KEY = "Normalize the same export with both versions, or match rows by an id: --key COLUMN."


class Pair(NamedTuple):
    """Rows whose cell changed from `before` to `after`; `examples` are titles of them with their rows, most first."""

    before: str
    after: str
    rows: int
    examples: tuple[tuple[str, int], ...]


class Changed(NamedTuple):
    """A row whose answer changed: its cells in the new file, the old and the new cells of `Difference.compared`, and which of `ANSWERS` differ."""

    cells: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]
    answers: tuple[str, ...]


@dataclass
class Difference:
    """What changed from one output to another.

    Attributes:
        rows: rows compared.
        changed: rows whose answer changed.
        compared: the columns that both files have.
        columns: rows per changed column.
        pairs: for each of `ANSWERS` the changes, most rows first, then by their text.
        bands: rows whose score moved, by direction (1 up, -1 down) and the band of `BANDS`.
        mean_shift: of the score, over the rows that have one in both files; None when there are none.
        retitled: rows with a key in both files and another title; they are not compared.
        old_only, new_only: rows with a key that one file has.
    """

    compared: tuple[str, ...]
    rows: int = 0
    changed: int = 0
    columns: Counter[str] = field(default_factory=Counter)
    pairs: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    bands: Counter[tuple[int, float]] = field(default_factory=Counter)
    mean_shift: float | None = None
    retitled: int = 0
    old_only: int = 0
    new_only: int = 0


class _Row(NamedTuple):
    """A row of an output: where it stands, its title, its compared cells and all cells."""

    where: str
    title: str
    answer: tuple[str, ...]
    cells: list[str]


def difference(old: Source, new: Source, title: str | None = None, key: str | None = None, write: Callable[[Changed], None] | None = None) -> Difference:
    """What changed from one output to another.

    Args:
        old, new: open outputs of `normalize`; rows belong together by their order.
        title: the column with the titles; guessed when None.
        key: a column whose values tell the rows apart; rows then belong together by it, whatever their order.
        write: called with each row whose answer changed, in the order of the new file.

    Raises:
        InputError: a file is no output, or the two are not of the same titles.
    """
    places = _places(old, new)
    found = Difference(tuple(places))
    title = title if title is not None else _guess_title(old)
    before, after = (_Side(source, title, [pair[side] for pair in places.values()]) for side, source in enumerate((old, new)))
    if key is None:
        pairs = _by_order(before, after)
    else:
        pairs = _by_key(before, after, (find_column(old.header, key, old.name), find_column(new.header, key, new.name)), found)
    tally = _Tally(found)
    for was, now in pairs:
        answers = tally.add(was, now)
        if answers and write is not None:
            write(Changed(now.cells, was.answer, now.answer, answers))
    tally.close()
    if key is not None and not found.rows:
        raise InputError(f"{old.name} and {new.name} have no row with the same {key!r} and the same title. Choose another column with --key or --title.")
    return found


def answer_columns(header: Sequence[str]) -> dict[str, int]:
    """Where an output has the columns of titlenorm: it adds them at the end, under other names where theirs were taken.

    >>> answer_columns(["id", "level", "role_id", "titlenorm_level"])
    {'role_id': 2, 'level': 3}
    """
    found: dict[str, int] = {}
    for name in COLUMNS:
        named = re.compile(rf"{name}|titlenorm_{name}(_\d+)?")
        places = [index for index, cell in enumerate(header) if named.fullmatch(cell)]
        if places:
            found[name] = places[-1]
    return found


def _places(old: Source, new: Source) -> dict[str, tuple[int, int]]:
    """The columns of titlenorm that both files have, with their place in each."""
    columns = []
    for source in (old, new):
        columns.append(answer_columns(source.header))
        if "role_id" not in columns[-1]:
            raise InputError(f"{source.name} has no column 'role_id', so it is no output of titlenorm. Make it with: titlenorm normalize FILE")
    return {name: (place, columns[1][name]) for name, place in columns[0].items() if name in columns[1]}


def _guess_title(source: Source) -> str:
    added = set(answer_columns(source.header).values())
    found = guess_title_columns(["" if index in added else name for index, name in enumerate(source.header)])
    if len(found) != 1:
        what = "No column" if not found else f"{len(found)} columns"
        names = ", ".join(repr(name) for index, name in enumerate(source.header) if index in found or (not found and index not in added))
        raise InputError(f"{what} of {source.name} could hold the titles: {names}. Choose one with --title NAME.")
    return source.header[found[0]]


class _Side:
    """One of the two files: its rows, as they are compared."""

    def __init__(self, source: Source, title: str, places: Sequence[int]) -> None:
        self.name, self._source, self._places = source.name, source, places
        self._title = find_column(source.header, title, source.name)

    def rows(self) -> Iterator[_Row]:
        for line, cells in self._source.rows(list):
            yield _Row(f"{self.name}:{line}", readable(cells[self._title]), tuple([cells[index] for index in self._places]), cells)

    def keyed(self, place: int) -> Iterator[tuple[str, _Row]]:
        seen: dict[str, str] = {}
        for row in self.rows():
            key = readable(row.cells[place])
            if key in seen:
                raise InputError(f"{seen[key]} and {row.where} have the same key {key[:80]!r}. Choose a column that tells rows apart with --key.")
            seen[key] = row.where
            yield key, row


def _by_order(old: _Side, new: _Side) -> Iterator[tuple[_Row, _Row]]:
    left = old.rows(), new.rows()
    for number, rows in enumerate(zip_longest(*left)):
        before, after = rows
        if before is None or after is None:
            counts = [number + (row is not None) + sum(1 for _ in more) for row, more in zip(rows, left, strict=True)]
            raise InputError(f"{old.name} and {new.name} have different numbers of rows: {counts[0]:,} and {counts[1]:,}. {_NO_KEY}")
        if before.title != after.title:
            raise InputError(f"{before.where} has the title {before.title[:80]!r} and {after.where} has {after.title[:80]!r}. {_NO_KEY}")
        yield before, after


def _by_key(old: _Side, new: _Side, keys: tuple[int, int], found: Difference) -> Iterator[tuple[_Row, _Row]]:
    waiting = dict(old.keyed(keys[0]))
    for key, after in new.keyed(keys[1]):
        before = waiting.pop(key, None)
        if before is None:
            found.new_only += 1
        elif before.title != after.title:
            found.retitled += 1
        else:
            yield before, after
    found.old_only = len(waiting)


class _Tally:
    """Counts what changed, row by row."""

    def __init__(self, found: Difference) -> None:
        self._found = found
        self._titles: Mapping[str, dict[tuple[str, str], Counter[str]]] = {name: defaultdict(Counter) for name in ANSWERS if name in found.compared}
        self._score = found.compared.index("score") if "score" in found.compared else None
        self._shift, self._scores = 0.0, 0

    def add(self, before: _Row, after: _Row) -> tuple[str, ...]:
        """Count a row; which parts of its answer changed."""
        found = self._found
        found.rows += 1
        if self._score is not None:
            self._add_score(before.answer[self._score], after.answer[self._score])
        if before.answer == after.answer:
            return ()
        answers = []
        for name, old, new in zip(found.compared, before.answer, after.answer, strict=True):
            if old != new:
                found.columns[name] += 1
                if name in self._titles:
                    self._titles[name][old, new][after.title] += 1
                    answers.append(name)
        found.changed += bool(answers)
        return tuple(answers)

    def close(self) -> None:
        """Put what was counted in order."""
        found = self._found
        found.mean_shift = self._shift / self._scores if self._scores else None
        for name, changes in self._titles.items():
            pairs = [Pair(*pair, titles.total(), tuple(_most(titles))) for pair, titles in changes.items()]
            found.pairs[name] = tuple(sorted(pairs, key=lambda pair: (-pair.rows, pair.before, pair.after)))

    def _add_score(self, old: str, new: str) -> None:
        try:
            shift = float(new) - float(old)
        except ValueError:  # a cell that somebody emptied
            return
        if not math.isfinite(shift):
            return
        self._scores += 1
        self._shift += shift
        if shift:
            size = round(abs(shift), 6)
            self._found.bands[1 if shift > 0 else -1, next(band for band in BANDS if size >= band)] += 1


def _most(titles: Counter[str]) -> list[tuple[str, int]]:
    return sorted(titles.items(), key=lambda item: (-item[1], item[0]))[:_EXAMPLES]
