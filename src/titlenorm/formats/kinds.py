"""Kinds of files: which one a path or the first bytes of a stream say."""

from __future__ import annotations

import os

from titlenorm.errors import InputError
from titlenorm.packing import PACKED

__all__ = ["KINDS", "ending_of", "kind_of", "packing_of", "sniff"]

KINDS = {
    "csv": ("delimited", ".csv"), "tsv": ("delimited", ".tsv"), "jsonl": ("jsonl", ".jsonl"), "parquet": ("parquet", ".parquet"),
    "arrow": ("arrow", ".arrow"), "feather": ("arrow", ".feather"), "xlsx": ("workbook", ".xlsx"),
}  # fmt: skip
"""What `--to` can say: the kind of file, and the ending that such a file gets."""

_ENDINGS = {
    ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".txt": "delimited", ".psv": "delimited",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
    ".xlsx": "workbook", ".xlsm": "workbook",
}  # fmt: skip
_OTHER = {".json": "one JSON document. Write one object a line, with the ending .jsonl", ".xls": "an old Excel file. Save it as .xlsx"}
_TEXT = ("delimited", "jsonl")


def ending_of(path: str) -> str:
    """The ending of a path in lower case, without that of its packing.

    >>> ending_of("a/People.CSV.gz"), ending_of("people")
    ('.csv', '')
    """
    name = os.path.basename(path).lower()
    return os.path.splitext(name.removesuffix(packing_of(name)))[1]


def packing_of(path: str) -> str:
    """The ending that says how a file is packed, or nothing.

    >>> packing_of("people.csv.zst")
    '.zst'
    """
    return next((ending for ending in PACKED if path.lower().endswith(ending)), "")


def kind_of(path: str) -> str | None:
    """The kind of a file by its ending; None for an ending that says nothing.

    Raises:
        InputError: a kind that cannot be read or written, or a packed file of a kind that is packed already.

    >>> kind_of("people.csv.gz"), kind_of("people.parquet"), kind_of("people")
    ('delimited', 'parquet', None)
    """
    ending = ending_of(path)
    if ending in _OTHER:
        raise InputError(f"{path} is {_OTHER[ending]}.")
    kind = _ENDINGS.get(ending)
    if kind is not None and kind not in _TEXT and packing_of(path):
        raise InputError(f"{path}: {ending} files are packed already. Leave out {packing_of(path)}.")
    return kind


def sniff(start: bytes) -> str:
    """The kind of a file by its first bytes.

    >>> sniff(b'{"title": "CEO"}'), sniff(b"PAR1"), sniff(b"id,title")
    ('jsonl', 'parquet', 'delimited')
    """
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return "arrow"
    if start.startswith(b"PK\x03\x04"):
        return "workbook"
    return "jsonl" if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else "delimited"
