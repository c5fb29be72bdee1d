"""Dialect: the encoding and the delimiter of a text file, as said or guessed from its first bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import NamedTuple

from titlenorm.errors import InputError

__all__ = ["Dialect", "guess_dialect", "readable"]

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SPOKEN = {"\\t": "\t", **{name: delimiter for delimiter, name in _NAMES.items()}}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of utf-16-le, so it is tried first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FOREIGN = {
    b"PK\x03\x04": "an Excel or zip file. Save the table as CSV first, or give a workbook the ending .xlsx",
    b"\xd0\xcf\x11\xe0": "an old Excel file. Save the table as CSV first",
    b"PAR1": "a Parquet file. Give it the ending .parquet, or export the table as CSV",
    b"%PDF": "a PDF. Export the table as CSV first",
}
_HEAD = 4096
_ESCAPED = re.compile("[\udc80-\udcff]+")
_ROWS = 200


class Dialect(NamedTuple):
    """How a file is written. `bom` is the byte order mark that it begins with, or empty."""

    encoding: str
    bom: bytes
    delimiter: str

    @property
    def errors(self) -> str:
        """The error handler that carries bytes which the encoding does not allow from input to output unchanged."""
        return "surrogatepass" if self.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"

    def describe(self) -> str:
        """The dialect, for people.

        >>> Dialect("utf-8", b"", ",").describe()
        'utf-8, comma'
        """
        return f"{self.encoding}{' with BOM' if self.bom else ''}, {_NAMES.get(self.delimiter, repr(self.delimiter))}"


def guess_dialect(sample: bytes, name: str, delimiter: str | None = None, encoding: str | None = None) -> Dialect:
    r"""The dialect of a file, by its first bytes.

    Args:
        sample: the beginning of the file.
        name: the file, for messages and for its ending.
        delimiter: one character, its name or `\t`; guessed when None.
        encoding: a codec of Python; guessed when None.

    Raises:
        InputError: an empty or binary file, no such encoding, an impossible delimiter.

    >>> guess_dialect("Poste;Ville\nComptable confirmé;Lyon\n".encode("cp1252"), "export.csv")
    Dialect(encoding='cp1252', bom=b'', delimiter=';')
    """
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise InputError(f"{name} is empty: no header and no rows. Check the export.")
    for magic, what in _FOREIGN.items():
        if sample.startswith(magic):
            raise InputError(f"{name} is {what}.")
    bom, codec = next(((bom, codec) for bom, codec in _BOMS if sample.startswith(bom)), (b"", ""))
    if encoding is not None:
        asked = _look_up(encoding, codec or _utf_16(sample))
        bom, codec = (bom if asked == codec else b""), asked
    elif not codec:
        codec = _guess_encoding(sample, name)
    if delimiter is not None:
        return Dialect(codec, bom, _check_delimiter(delimiter))
    return Dialect(codec, bom, _guess_delimiter(sample[len(bom) :].decode(codec, errors="replace"), name))


def _look_up(encoding: str, seen: str) -> str:
    """The codec that a user named; for one that comes in two byte orders, the order that was seen."""
    try:
        codec = codecs.lookup(encoding).name
        "".encode(codec)
    except (LookupError, UnicodeError):
        raise InputError(f"There is no encoding {encoding!r}. Usual ones: utf-8, utf-16, cp1252.") from None
    if codec in ("utf-16", "utf-32"):
        return seen if seen.startswith(codec) else f"{codec}-le"
    return "utf-8" if codec == "utf-8-sig" else codec


def _guess_encoding(sample: bytes, name: str) -> str:
    if codec := _utf_16(sample):
        return codec
    head = sample[:_HEAD]
    if sum(byte < 9 or 13 < byte < 32 for byte in head) > max(8, len(head) // 20):
        raise InputError(f"{name} looks like a binary file, not text. Export the table as CSV first, or name its --encoding.")
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(sample)
    broken = sum("\udc80" <= c <= "\udcff" for c in text) if not text.isascii() else 0
    valid = sum(c > "\x7f" for c in text) - broken if broken else 0
    return "utf-8" if not broken or valid > broken else "cp1252"


def _utf_16(sample: bytes) -> str:
    """The byte order of UTF-16 without a mark, by where its zeros are; empty for other text."""
    head = sample[:_HEAD]
    for codec, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) > len(zeros) * 0.7 and head.count(0) < zeros.count(0) * 1.2:
            return codec
    return ""


def _check_delimiter(delimiter: str) -> str:
    delimiter = _SPOKEN.get(delimiter, delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise InputError(f"A delimiter is one character other than a quote, not {delimiter!r}. For a tab: --delimiter tab.")
    return delimiter


def _guess_delimiter(text: str, name: str) -> str:
    """The delimiter that cuts the header and most of the first rows into many cells, equally many for most rows."""
    lines = list(islice(io.StringIO(text, newline=""), _ROWS))
    best, most = "", 0.0
    for delimiter in _NAMES:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
        share = count / max(len(widths), 1)
        if width > 1 and widths[0] > 1 and share >= 0.5 and share * widths[0] > most:
            best, most = delimiter, share * widths[0]
    if best:
        return best
    single = all(len(row) < 2 for row in csv.reader(lines))
    return "," if single and not name.lower().endswith((".tsv", ".tab")) else "\t"  # in a plain list of titles a comma is part of a title


def readable(text: str) -> str:
    r"""A cell with bytes that are not of its encoding read as cp1252, the usual stray.

    >>> readable(b"Charg\xe9 de projet".decode("utf-8", "surrogateescape"))
    'Chargé de projet'
    """
    return text if text.isascii() else _ESCAPED.sub(lambda match: match[0].encode("ascii", "surrogateescape").decode("cp1252", "replace"), text)
