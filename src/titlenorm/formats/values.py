"""Values: a cell of one kind of file as a cell of another."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Sequence

__all__ = ["Shown", "as_json", "as_text", "defused"]

_RUN = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet runs."""
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?%?")


class Shown:
    """A value and the number format in which a workbook shows it.

    >>> as_text(Shown(42, "00000"))
    '00042'
    """

    __slots__ = ("format", "value")

    def __init__(self, value: object, form: str) -> None:
        self.value, self.format = value, form


def as_text(value: object) -> str:
    """A value as the cell of a file of text.

    >>> as_text(None), as_text(1.5), as_text(True), as_text(["a", 1]), as_text(datetime.datetime(2024, 5, 1, 9, 30))
    ('', '1.5', 'true', '["a", 1]', '2024-05-01 09:30:00')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Shown):
        return _as_shown(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (list, dict)):
        return json.dumps(as_json(value), ensure_ascii=False)
    return str(as_json(value)) if isinstance(value, (bytes, datetime.date, datetime.time)) else str(value)


def as_json(value: object) -> object:
    """A value as something that JSON can say.

    >>> as_json({"at": datetime.date(2024, 5, 1), "of": (1, float("nan"))})
    {'at': '2024-05-01', 'of': [1, None]}
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Shown):
        return _as_shown(value) if set(value.format) == {"0"} else as_json(value.value)
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def defused(cells: Sequence[str]) -> list[str]:
    """Cells with an apostrophe before those that a spreadsheet would run; plain numbers stay.

    >>> defused(["=1+1", "-12.5", "+44 20", "@x", "CEO"])
    ["'=1+1", '-12.5', "'+44 20", "'@x", 'CEO']
    """
    return ["'" + cell if cell.startswith(_RUN) and not _NUMBER.fullmatch(cell) else cell for cell in cells]


def _as_shown(shown: Shown) -> str:
    """Numbers with leading zeros, and days without a time, as a person sees them."""
    value, form = shown.value, shown.format
    if isinstance(value, int) and set(form) == {"0"}:
        return str(value).zfill(len(form))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return as_text(value)
