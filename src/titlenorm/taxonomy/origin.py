"""Origin: where a taxonomy came from, under which terms, and what its reader had to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["Origin"]


class Origin(NamedTuple):
    """Where a taxonomy came from.

    `source` is the file or folder it was read from, `version` that of the source, `licence` the terms of its data; each
    may be empty. `notes` are sentences about what was left out or decided while reading, `lines` maps a role id to its
    file and line; both are for messages and are not saved.
    """

    source: str = ""
    version: str = ""
    licence: str = ""
    notes: tuple[str, ...] = ()
    lines: Mapping[str, str] = {}

    def joined(self, other: Origin) -> Origin:
        """The origin of a taxonomy with another one on top.

        >>> Origin("onet", "30.0", "CC BY 4.0").joined(Origin("ours.csv", "2")).version
        '30.0 + 2'
        """
        source, version, licence = (_both(*pair) for pair in zip(self[:3], other[:3], strict=True))
        return Origin(source, version, licence, (*self.notes, *other.notes), {**self.lines, **other.lines})


def _both(mine: str, theirs: str) -> str:
    return " + ".join(dict.fromkeys(filter(None, (mine, theirs))))
