"""Batch: a file of rows becomes the same rows with the columns of titlenorm; distinct titles are looked up once."""

from __future__ import annotations

import csv
import os
import stat
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from titlenorm.delimited import Dialect, Source
from titlenorm.errors import InputError
from titlenorm.answer import COLUMNS
from titlenorm.normalizer import Normalizer

__all__ = ["Summary", "find_column", "guess_title_column", "normalize_file", "output_columns"]

_CHUNK = 20_000
_STATUS, _SCORE = COLUMNS.index("status"), COLUMNS.index("score")
_TITLE_NAMES = (
    ("jobtitle", "titleofjob", "rawtitle", "jobtitles", "currenttitle", "currentjobtitle", "positiontitle", "roletitle", "worktitle"),
    ("title", "position", "designation", "occupation", "jobname", "jobposition", "currentposition", "stelle", "poste", "cargo", "beruf"),
    ("role", "job", "jobrole", "headline", "titles"),
)


@dataclass
class Summary:
    """What a run did: counts, and the unresolved titles that occur most."""

    rows: int = 0
    rejected: int = 0
    blank: int = 0
    distinct: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    unresolved: list[tuple[str, int]] = field(default_factory=list)
    rejects: str = ""


def guess_title_column(header: Sequence[str]) -> list[int]:
    """The columns whose name says that they hold job titles, best kind first; several when they fit equally.

    >>> guess_title_column(["id", "Job Title", "role"])
    [1]
    >>> guess_title_column(["position", "title"])
    [0, 1]
    """
    plain = ["".join(c for c in name.casefold() if c.isalnum()) for name in header]
    for names in _TITLE_NAMES:
        found = [index for index, name in enumerate(plain) if name in names]
        if found:
            return found
    return [index for index, name in enumerate(plain) if "title" in name and "salut" not in name and name not in ("titleid", "jobtitleid")]


def find_column(source: Source, name: str) -> int:
    """The index of a column by its name, or by its number (1 is the first).

    Raises:
        InputError: no such column (close names are given), or two with that name.
    """
    header = source.header
    found = [index for index, cell in enumerate(header) if cell == name] or [index for index, cell in enumerate(header) if cell.strip().casefold() == name.strip().casefold()]
    if len(found) > 1:
        raise InputError(f"{source.name} has {len(found)} columns {name!r}. Choose one by number: --column {found[0] + 1} or --column {found[1] + 1}.")
    if found:
        return found[0]
    if name.isdigit() and 1 <= int(name) <= len(header):
        return int(name) - 1
    from rapidfuzz import process, utils

    close = [repr(match) for match, score, _ in process.extract(name, header, processor=utils.default_process, limit=3) if score >= 60]
    columns = ", ".join(repr(cell) for cell in header[:20])
    raise InputError(f"{source.name} has no column {name!r}. {'Close: ' + ', '.join(close) + '. ' if close else ''}Columns: {columns}.")


def output_columns(header: Sequence[str]) -> list[str]:
    """The names of the added columns; one that the file already has gets the prefix `titlenorm_`.

    >>> output_columns(["id", "level"])[4]
    'titlenorm_level'
    """
    taken = {name.casefold() for name in header}
    return [f"titlenorm_{name}" if name in taken else name for name in COLUMNS]


def normalize_file(
    source: Source,
    output: str,
    column: int,
    normalizer: Normalizer,
    context: Sequence[int] = (),
    progress: Callable[[int], None] | None = None,
    has_header: bool = True,
) -> Summary:
    """Write the rows of `source` to `output` with the twelve columns added.

    Rows whose number of cells is not that of the header go to `<output>.rejects.csv`, with line number and reason. The
    output is written beside its target and renamed when it is whole.

    Args:
        source: an open delimited file.
        output: a path, or "-" for standard output.
        column: the index of the title column.
        normalizer: what answers.
        context: indexes of columns that decide ambiguous acronyms.
        progress: called with the bytes read so far.
        has_header: whether to write a header line.

    Raises:
        InputError: the output cannot be written; nothing half-written stays behind.
    """
    started = time.perf_counter()
    summary = Summary()
    rejects = Path(output + ".rejects.csv") if output != "-" else Path("titlenorm.rejects.csv")
    answers: dict[Any, list[str]] = {}
    titles: Counter[Any] = Counter()
    width = len(source.header)
    kept: list[list[str]] = []
    bad: list[tuple[int, list[str]]] = []
    with _writing(output, source.dialect) as out, _writing_rejects(rejects, source) as reject:
        writer = csv.writer(out, delimiter=source.dialect.delimiter, lineterminator=source.dialect.newline)
        if has_header:
            writer.writerow([*source.header, *output_columns(source.header)])

        def flush() -> None:
            keys = [row[column] for row in kept] if not context else [(row[column], *(row[i] for i in context)) for row in kept]
            titles.update(keys)
            new = [key for key in dict.fromkeys(keys) if key not in answers]
            _answer(new, normalizer, answers, [source.header[i] for i in context])
            writer.writerows([row + answers[key] for row, key in zip(kept, keys, strict=True)])
            summary.rows += len(kept)
            kept.clear()
            if bad:
                reject([(line, f"{len(row)} cells, expected {width}", row) for line, row in bad])
                summary.rejected += len(bad)
                bad.clear()
            if progress is not None:
                progress(source.position)

        for line, row in source:
            if len(row) == width:
                kept.append(row)
                if len(kept) == _CHUNK:
                    flush()
            else:
                bad.append((line, row))
        flush()
    summary.blank = source.blank
    summary.distinct = len(titles)
    for key, count in titles.items():
        summary.statuses[answers[key][_STATUS]] += count
    open_titles = Counter({(key if isinstance(key, str) else key[0]): count for key, count in titles.items() if answers[key][_STATUS] in ("unresolved", "ambiguous")})
    summary.unresolved = sorted(open_titles.items(), key=lambda item: (-item[1], item[0]))[:10]
    summary.rejects = str(rejects) if summary.rejected else ""
    summary.seconds = time.perf_counter() - started
    return summary


def _answer(keys: Sequence[Any], normalizer: Normalizer, answers: dict[Any, list[str]], context: Sequence[str]) -> None:
    """Look up new titles and keep their cells as text."""
    if not keys:
        return
    if context:
        contexts = [dict(zip(context, key[1:], strict=True)) for key in keys]
        columns = normalizer.normalize_columns([key[0] for key in keys], contexts=contexts)
    else:
        columns = normalizer.normalize_columns(keys)
    for key, row in zip(keys, zip(*columns.values(), strict=True), strict=True):
        answers[key] = ["" if cell is None else str(cell) for cell in row]


@contextmanager
def _writing(output: str, dialect: Dialect):  # type: ignore[no-untyped-def]
    """A text stream to the output: standard output, or a temporary file that is renamed at the end."""
    if output == "-":
        stream = open(sys.stdout.fileno(), "wb", closefd=False)  # noqa: SIM115
        with _text(stream, dialect) as text:
            yield text
        return
    target = Path(output)
    if target.is_dir():
        raise InputError(f"{output} is a directory. Name a file in it: -o {target / 'out.csv'}")
    if not target.parent.is_dir():
        raise InputError(f"The directory {target.parent} does not exist. Create it first.")
    special = target.exists() and not stat.S_ISREG(target.stat().st_mode)
    temporary = ""
    try:
        if special:
            stream = target.open("wb")
        else:
            handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
            stream = os.fdopen(handle, "wb")
        with _text(stream, dialect) as text:
            yield text
        if not special:
            _keep_mode(temporary, target)
            os.replace(temporary, target)
            temporary = ""
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror or error}. Choose another place with -o.") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _keep_mode(temporary: str, target: Path) -> None:
    """Give the new file the rights that a plain new file (or the old one) would have."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(temporary, stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~mask)


@contextmanager
def _text(stream: IO[bytes], dialect: Dialect):  # type: ignore[no-untyped-def]
    import io

    text = io.TextIOWrapper(stream, dialect.encoding, errors="surrogateescape", newline="", write_through=False)  # type: ignore[arg-type]
    try:
        stream.write(dialect.bom)
        yield text
        text.flush()
    finally:
        try:
            text.close()
        except OSError:
            stream.close()
            raise


@contextmanager
def _writing_rejects(path: Path, source: Source):  # type: ignore[no-untyped-def]
    """A function that writes rejected rows; the file is made when the first comes."""
    opened: list[tuple[Any, Any]] = []

    def reject(rows: list[tuple[int, str, list[str]]]) -> None:
        if not opened:
            manager = _writing(str(path), source.dialect)
            writer = csv.writer(manager.__enter__(), delimiter=source.dialect.delimiter, lineterminator=source.dialect.newline)
            writer.writerow(["line", "reason", *source.header])
            opened.append((manager, writer))
        opened[0][1].writerows([[line, reason, *row] for line, reason, row in rows])

    failure: tuple[Any, Any, Any] = (None, None, None)
    try:
        yield reject
    except BaseException:
        failure = sys.exc_info()
        raise
    finally:
        if opened:
            opened[0][0].__exit__(*failure)
