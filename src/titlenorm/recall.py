"""Recall: the answers for the titles of a run, each distinct title looked up once and remembered while it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from itertools import filterfalse
from typing import Any, NamedTuple, Protocol

from titlenorm.answer import CODES, codes_of
from titlenorm.chunk import Chunk
from titlenorm.result import Role
from titlenorm.tally import hashes, shown

__all__ = ["REMEMBERED", "Asker", "Key", "Open", "Recall"]

Key = str | tuple[str, ...]
"""What an answer depends on: the title cell, or with context a tuple of it and the context cells."""
Columns = dict[str, list[Any]]

REMEMBERED = 200_000
"""How many distinct titles are remembered, some 100 MB; then those that were not met for the longest time are forgotten."""


class Asker(Protocol):
    """Whoever answers for titles, now or later."""

    def ask(self, titles: list[str], contexts: list[dict[str, str]] | None) -> Future[Columns]:
        """The columns of the answers."""


class Open(NamedTuple):
    """A chunk whose titles are being looked up.

    Attributes:
        chunk: its rows.
        keys: for each title column what each row asks for; None is a missing title.
        counts: how often each key occurs, in all columns.
        tails: what is added for each key, as far as it was known when the chunk was opened; else None.
        forgotten: how many titles had been forgotten by then.
        asked: keys that were asked for, and their answers to come.
    """

    chunk: Chunk
    keys: list[list[Key | None]]
    counts: Counter[Key | None]
    tails: dict[Key | None, Any]
    forgotten: int
    asked: list[tuple[list[Key], Future[Columns]]]


class Recall:
    """Answers for chunks.

    Args:
        asker: who answers.
        cell: what a cell of the table says.
        tails: what makes of answers what is added to rows.
        columns: how many title columns there are; they come first in the cells of a chunk, and context columns after them.
        context: the names of the context columns.
        roles: the roles of the taxonomy, when their codes are wanted.
        limit: how many distinct titles are remembered.
    """

    def __init__(
        self,
        asker: Asker,
        cell: Callable[[str], str],
        tails: Callable[[Sequence[tuple[Any, ...] | None]], list[Any]],
        columns: int = 1,
        context: Sequence[str] = (),
        roles: dict[str, Role] | None = None,
        limit: int = REMEMBERED,
    ) -> None:
        self._asker, self._cell, self._make_tails = asker, cell, tails
        self._columns, self._context, self._roles, self._limit = columns, context, roles, limit
        self._tails: dict[Key | None, Any] = {None: tails([None])[0]}
        self._statuses: dict[Key | None, str] = {None: "empty"}
        """Of those that are not resolved."""
        self._pending: set[Key] = set()
        self._forgotten = 0

    def open(self, chunk: Chunk) -> Open:
        """Ask for the titles of a chunk that are new."""
        titles, context = chunk.cells[: self._columns], chunk.cells[self._columns :]
        keys: list[list[Key | None]] = [_keys(column, context) if context else column for column in titles]  # type: ignore[misc]
        counts = Counter(keys[0])
        for column in keys[1:]:
            counts.update(column)
        tails = dict(zip(counts, map(self._tails.get, counts), strict=True))  # few titles, which stay in the cache of the processor
        new: list[Key] = [key for key, tail in tails.items() if tail is None and key is not None and key not in self._pending]
        asked = []
        if new:
            self._pending.update(new)
            asked.append((new, self._ask(new)))
        return Open(chunk, keys, counts, tails, self._forgotten, asked)

    def close(self, opened: Open) -> tuple[list[list[Any]], dict[str, Any]]:
        """For each title column the tail of each row, and what there is to be counted."""
        chunk, keys, counts, tails, forgotten, asked = opened
        for new, answers in asked:
            self._keep(new, answers.result())
            self._pending.difference_update(new)
        if forgotten != self._forgotten:  # some of them, perhaps
            gone: list[Key] = [key for key in filterfalse(self._tails.__contains__, counts) if key is not None]
            if gone:
                self._keep(gone, self._ask(gone).result())
        for key, tail in tails.items():
            if tail is None:
                tails[key] = self._tails[key]
        found = [list(map(tails.__getitem__, column)) for column in keys]
        counted = self._count(chunk, counts, [key for new, _ in asked for key in new])
        self._forget(counts)
        return found, counted

    def _ask(self, keys: Sequence[Key]) -> Future[Columns]:
        if not self._context:
            return self._asker.ask([self._cell(_title(key)) for key in keys], None)
        contexts = [dict(zip(self._context, map(self._cell, key[1:]), strict=True)) for key in keys]
        return self._asker.ask([self._cell(_title(key)) for key in keys], contexts)

    def _keep(self, keys: Sequence[Key], columns: Columns) -> None:
        if self._roles is not None:
            columns[CODES] = [codes_of(self._roles[role_id]) if role_id else "" for role_id in columns["role_id"]]
        self._tails.update(zip(keys, self._make_tails(list(zip(*columns.values(), strict=True))), strict=True))
        self._statuses.update((key, status) for key, status in zip(keys, columns["status"], strict=True) if status != "resolved")

    def _count(self, chunk: Chunk, counts: Counter[Key | None], new: Sequence[Key]) -> dict[str, Any]:
        statuses, unresolved = Counter[str](), Counter[str]()
        open_statuses = self._statuses
        for key in counts.keys() & open_statuses.keys():
            status, rows = open_statuses[key], counts[key]
            statuses[status] += rows
            if status == "unresolved" and key is not None:
                unresolved[shown(self._cell(_title(key)))] += rows
        titles = chunk.size * self._columns
        statuses["resolved"] = titles - statuses.total()
        reasons = Counter(reject.reason for reject in chunk.rejects)
        return {
            "rows": chunk.size, "titles": titles, "blank": chunk.mark.blank, "statuses": dict(sorted(statuses.items())),
            "reasons": dict(sorted(reasons.items())), "unresolved": dict(sorted(unresolved.items())), "new": hashes(map(_title, new)),
        }  # fmt: skip

    def _forget(self, counts: Counter[Key | None]) -> None:
        """Once the memory is half full, put what was used last at the end; once it is full, drop from the front."""
        tails = self._tails
        if len(tails) * 2 > self._limit:
            for key in counts:
                tails[key] = tails.pop(key)
        while len(tails) > self._limit:
            oldest = next(iter(tails))
            tail = tails.pop(oldest)
            if oldest is None:  # what a missing title gets stays
                tails[None] = tail
                if len(tails) == 1:
                    break
            else:
                self._statuses.pop(oldest, None)
                self._forgotten += 1


def _title(key: Key) -> str:
    return key if isinstance(key, str) else key[0]


def _keys(titles: Sequence[str | None], context: Sequence[Sequence[str | None]]) -> list[Key | None]:
    cells = zip(*[["" if cell is None else cell for cell in column] for column in context], strict=True)
    return [None if title is None else (title, *more) for title, more in zip(titles, cells, strict=True)]
