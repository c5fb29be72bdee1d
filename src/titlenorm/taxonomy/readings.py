"""Readings: what the bundled tables read in the texts of another taxonomy, as a member of its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from titlenorm.errors import TableError
from titlenorm.taxonomy.archive import parse_json

__all__ = ["MEMBER", "Reading", "Readings", "from_member", "to_member"]

MEMBER = "texts/readings.json"
"""The name of the member."""

Reading = dict[int, float]
"""The numbers of the bundled roles that a text is read as, and their scores."""


class Readings(NamedTuple):
    """What texts are read as, and the stamp of the tables that read them (see `tables.stamp`)."""

    stamp: str
    texts: Mapping[str, Reading]


def to_member(readings: Readings) -> bytes:
    """The readings as columns of JSON.

    >>> to_member(Readings("2026.1", {"Cook": {7: 0.99}}))
    b'{"stamp":"2026.1","texts":["Cook"],"sizes":[1],"roles":[7],"scores":[0.99]}'
    """
    found = readings.texts.values()
    columns = {
        "stamp": readings.stamp,
        "texts": list(readings.texts),
        "sizes": [len(reading) for reading in found],
        "roles": [role for reading in found for role in reading],
        "scores": [score for reading in found for score in reading.values()],
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def from_member(data: bytes, roles: int, where: str) -> Readings:
    """The readings again.

    Args:
        data: what a file holds in place of them; nothing about it is taken for granted.
        roles: how many bundled roles there are.
        where: the taxonomy, for messages.

    Raises:
        TableError: anything is not what `to_member` gives.

    >>> from_member(to_member(Readings("2026.1", {"Cook": {7: 0.99}, "###": {}})), 9, "a").texts
    {'Cook': {7: 0.99}, '###': {}}
    """
    table = parse_json(data, MEMBER, where)
    if not isinstance(table, dict) or not isinstance(table.get("stamp"), str):
        raise _wrong(where)
    texts, sizes, numbers, scores = (
        _column(table.get(name), kind, where) for name, kind in (("texts", str), ("sizes", int), ("roles", int), ("scores", float))
    )
    if len(texts) != len(sizes) or len(numbers) != len(scores) or sum(sizes) != len(numbers) or min(sizes, default=0) < 0:
        raise _wrong(where)
    if not (all(0 <= number < roles for number in set(numbers)) and all(0 <= score <= 1 for score in set(scores))):
        raise _wrong(where)
    cells = iter(zip(numbers, scores, strict=True))
    return Readings(table["stamp"], {text: dict(next(cells) for _ in range(size)) for text, size in zip(texts, sizes, strict=True)})


def _column(values: Any, kind: type, where: str) -> list[Any]:
    if not isinstance(values, list) or not set(map(type, values)) <= {kind}:
        raise _wrong(where)
    return values


def _wrong(where: str) -> TableError:
    return TableError(f"{where}: the member {MEMBER} is not what it should be. Make the file again: titlenorm taxonomy import")
