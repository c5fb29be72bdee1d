"""Tally: what a run counts, in bounded memory, chunk by chunk so that it can be counted on after a stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any
from zlib import adler32, crc32

__all__ = ["Summary", "Tally", "hashes", "shown"]

_TOP = 10
_SHOWN = 200
"""Characters of an unresolved title by which it is counted."""
_MOST_TITLES = 100_000
"""Unresolved titles that are counted; when there are twice as many, the rarer half is forgotten."""
_MOST_HASHES = 1 << 17
"""Distinct titles that are counted one by one; above, their number is estimated, to about a third of a percent."""
_SPACE = 1 << 64


@dataclass
class Summary:
    """What a run did.

    Attributes:
        rows: rows written.
        titles: title cells in them; more than rows when there are several title columns.
        rejected: rows in the rejects file.
        blank: blank lines left out.
        distinct: distinct title cells; an estimate when there are more than 131,072.
        seconds: how long it took.
        statuses: title cells per status.
        unresolved: the unresolved titles that occur most, with their rows, most first.
        reasons: rejected rows per reason.
        output, rejects: where the rows and the rejected rows are; `rejects` is empty when there are none.
    """

    rows: int = 0
    titles: int = 0
    rejected: int = 0
    blank: int = 0
    distinct: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    unresolved: list[tuple[str, int]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    output: str = ""
    rejects: str = ""


class Tally:
    """Counts a run.

    A chunk is counted as a dict that JSON can hold: `rows`, `titles`, `blank` (so far), `statuses`, `reasons`,
    `unresolved` and `new` (hashes of titles that were not met before, as far as is remembered).

    >>> tally = Tally()
    >>> tally.add({"rows": 2, "titles": 2, "blank": 0, "statuses": {"unresolved": 2}, "reasons": {}, "unresolved": {"x": 2}, "new": hashes(["x"])})
    >>> summary = tally.summary()
    >>> summary.rows, summary.distinct, summary.unresolved
    (2, 1, [('x', 2)])
    """

    def __init__(self) -> None:
        self.rows, self.titles, self.blank = 0, 0, 0
        self._statuses, self._reasons, self._unresolved = Counter[str](), Counter[str](), Counter[str]()
        self._hashes, self._below = set[int](), _SPACE

    def add(self, chunk: dict[str, Any]) -> None:
        """Count a chunk."""
        self.rows += chunk["rows"]
        self.titles += chunk["titles"]
        self.blank = chunk["blank"]
        self._statuses.update(chunk["statuses"])
        self._reasons.update(chunk["reasons"])
        self._unresolved.update(chunk["unresolved"])
        if len(self._unresolved) > 2 * _MOST_TITLES:
            self._unresolved = Counter(dict(self._unresolved.most_common(_MOST_TITLES)))
        self._hashes.update(number for number in chunk["new"] if number < self._below)
        if len(self._hashes) > 2 * _MOST_HASHES:
            self._hashes = set(nsmallest(_MOST_HASHES, self._hashes))
            self._below = max(self._hashes)

    def summary(self) -> Summary:
        """What was counted."""
        top = sorted(self._unresolved.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
        rejected = sum(self._reasons.values())
        return Summary(self.rows, self.titles, rejected, self.blank, self._distinct(), 0.0, self._statuses, top, self._reasons)

    def _distinct(self) -> int:
        """How many hashes there are, out of the part of all possible ones that is kept."""
        return len(self._hashes) if self._below == _SPACE else round(len(self._hashes) * _SPACE / self._below)


def shown(title: str) -> str:
    """An unresolved title as it is counted."""
    return title[:_SHOWN].encode("utf-8", "replace").decode() if not title.isascii() else title[:_SHOWN]


def hashes(titles: Iterable[str]) -> list[int]:
    """Numbers that stand for titles, the same on every machine."""
    return [crc32(data) << 32 | adler32(data) for data in (title.encode("utf-8", "surrogatepass") for title in titles)]
