"""Batch: a file of rows becomes the same rows with the columns of titlenorm; each distinct title is looked up once."""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from operator import itemgetter

from titlenorm.answer import CODES, COLUMNS, codes_of
from titlenorm.columns import output_columns
from titlenorm.delimited import Source
from titlenorm.dialect import Dialect, readable
from titlenorm.normalizer import Normalizer
from titlenorm.rows import Reject, render
from titlenorm.sink import Sink, is_plain

__all__ = ["Progress", "Summary", "normalize_file", "rejects_path"]

Key = str | tuple[str, ...]
"""What an answer depends on: the title cell, or with context a tuple of it and the context cells."""
Progress = Callable[[int, int], None]
"""Called with the bytes of input and the rows done so far."""

_TOP = 10


@dataclass
class Summary:
    """What a run did.

    Attributes:
        rows: rows written.
        rejected: rows in the rejects file.
        blank: blank lines left out.
        distinct: distinct title cells.
        seconds: how long it took.
        statuses: rows per status.
        unresolved: the unresolved titles that occur most, with their rows, most first.
        reasons: rejected rows per reason.
        output, rejects: where the rows and the rejected rows are; `rejects` is empty when there are none.
    """

    rows: int = 0
    rejected: int = 0
    blank: int = 0
    distinct: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    unresolved: list[tuple[str, int]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    output: str = ""
    rejects: str = ""


def normalize_file(
    source: Source,
    output: str,
    column: int,
    normalizer: Normalizer,
    context: Sequence[int] = (),
    progress: Progress | None = None,
    codes: bool = False,
) -> Summary:
    """Write the rows of a file with the columns of titlenorm added; the text of each row stays as it was.

    Rows that cannot be read go to `<output>.rejects.csv` with line number, reason and text. Both files are written
    beside their targets and renamed when they are whole. The encoding is that of the source, and so is the delimiter,
    unless the ending of `output` (.csv, .tsv) says otherwise.

    Args:
        source: an open delimited file.
        output: a path, or "-" for standard output.
        column: the index of the title column.
        normalizer: what answers.
        context: indexes of columns whose words decide ambiguous acronyms.
        progress: called now and then.
        codes: whether a column with the codes of the role follows the others.

    Raises:
        InputError: the input cannot be read or the output cannot be written; nothing half-written stays behind.
    """
    started = time.perf_counter()
    dialect = source.dialect._replace(delimiter=_output_delimiter(output, source.dialect.delimiter))
    summary = Summary(output=output)
    answers = _Answers(normalizer, [source.header[index] for index in context], dialect, source.newline, codes)
    bodies = _bodies(source.dialect.delimiter, dialect.delimiter)
    rejects = _Rejects(rejects_path(output), source, summary)
    sink = Sink(output, dialect)
    try:
        if source.header_text:
            sink.write(bodies([source.header_text])[0] + answers.render([output_columns(source.header, answers.columns)])[0])
        for block in source.blocks(itemgetter(column, *context)):
            answers.add(block.picked)
            tails = answers.tails
            sink.write("".join([body + tails[key] for body, key in zip(bodies(block.lines), block.picked, strict=True)]))
            rejects.add(block.rejects)
            summary.rows += len(block.lines)
            if progress is not None:
                progress(source.position, summary.rows)
        sink.close()
        rejects.close()
        sink.publish()
        rejects.publish()
    finally:
        sink.discard()
        rejects.discard()
    summary.blank = source.blank
    answers.count(summary)
    summary.seconds = time.perf_counter() - started
    return summary


def rejects_path(output: str) -> str:
    """Where the rejected rows go: beside the output, or into the working directory when the output is no file.

    >>> rejects_path("out.csv"), rejects_path("-")
    ('out.csv.rejects.csv', 'titlenorm.rejects.csv')
    """
    return f"{output}.rejects.csv" if is_plain(output) else "titlenorm.rejects.csv"


def _output_delimiter(output: str, delimiter: str) -> str:
    ending = os.path.splitext(output)[1].lower()
    if ending in (".tsv", ".tab"):
        return "\t"
    return "," if ending == ".csv" and delimiter == "\t" else delimiter


def _bodies(before: str, after: str) -> Callable[[Sequence[str]], list[str]]:
    """What turns rows with line endings into rows without; they stay as they are unless the delimiter changes."""
    if before == after:
        return lambda lines: [line.rstrip("\r\n") for line in lines]
    return lambda lines: render(csv.reader(lines, delimiter=before), after)


class _Answers:
    """The added cells for each distinct title, as the text that ends its rows."""

    def __init__(self, normalizer: Normalizer, context: Sequence[str], dialect: Dialect, newline: str, codes: bool) -> None:
        self.tails: dict[Key, str] = {}
        self.columns = (*COLUMNS, CODES) if codes else COLUMNS
        self._normalizer, self._context, self._dialect, self._newline = normalizer, context, dialect, newline
        self._rows: Counter[Key] = Counter()
        self._statuses: dict[Key, str] = {}

    def add(self, keys: Sequence[Key]) -> None:
        """Count rows, and look up the titles that are new."""
        rows, here = self._rows, Counter(keys)
        new = [key for key in here if key not in rows]
        for key, count in here.items():
            rows[key] += count
        if not new:
            return
        titles = [readable(_title(key)) for key in new]
        contexts = [dict(zip(self._context, map(readable, key[1:]), strict=True)) for key in new] if self._context else None
        columns = self._normalizer.normalize_columns(titles, contexts=contexts)
        if CODES in self.columns:
            roles = self._normalizer.taxonomy.roles
            columns[CODES] = [codes_of(roles[role_id]) if role_id else "" for role_id in columns["role_id"]]
        self._statuses.update(zip(new, columns["status"], strict=True))
        self.tails.update(zip(new, self.render(zip(*columns.values(), strict=True)), strict=True))

    def render(self, rows: Iterable[Sequence[object]]) -> list[str]:
        """The ends of rows: a delimiter, the added cells and the line ending."""
        delimiter = self._dialect.delimiter
        return [delimiter + self._encodable(text) + self._newline for text in render(rows, delimiter)]

    def count(self, summary: Summary) -> None:
        """Fill in what the titles say of the run."""
        unresolved: Counter[str] = Counter()
        for key, rows in self._rows.items():
            status = self._statuses[key]
            summary.statuses[status] += rows
            if status == "unresolved":
                unresolved[_title(key)] += rows
        summary.distinct = len({_title(key) for key in self._rows}) if self._context else len(self._rows)
        summary.unresolved = sorted(((readable(title), rows) for title, rows in unresolved.items()), key=lambda item: (-item[1], item[0]))[:_TOP]

    def _encodable(self, text: str) -> str:
        """Added text in the encoding of the file, with "?" for what that cannot say."""
        if text.isascii():
            return text
        try:
            text.encode(self._dialect.encoding)
        except UnicodeEncodeError:
            return text.encode(self._dialect.encoding, "replace").decode(self._dialect.encoding)
        return text


def _title(key: Key) -> str:
    return key if isinstance(key, str) else key[0]


class _Rejects:
    """The rejects file: made when the first row comes; one of an earlier run is removed when none comes."""

    def __init__(self, path: str, source: Source, summary: Summary) -> None:
        self._path, self._dialect, self._summary = path, source.dialect, summary
        self._sink: Sink | None = None

    def add(self, rejects: Sequence[Reject]) -> None:
        if not rejects:
            return
        if self._sink is None:
            self._sink = Sink(self._path, self._dialect)
            self._sink.write("line,reason,row\n")
        self._sink.write("".join(f"{row}\n" for row in render([(str(line), reason, text) for line, reason, text in rejects], ",")))
        self._summary.rejected += len(rejects)
        self._summary.reasons.update(reject.reason for reject in rejects)
        self._summary.rejects = self._path

    def close(self) -> None:
        if self._sink is not None:
            self._sink.close()

    def publish(self) -> None:
        if self._sink is not None:
            self._sink.publish()
        elif os.path.isfile(self._path):
            with suppress(OSError):
                os.unlink(self._path)

    def discard(self) -> None:
        if self._sink is not None:
            self._sink.discard()
