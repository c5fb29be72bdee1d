"""Batch: a table becomes the same rows with the columns of titlenorm; each distinct title is looked up once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from titlenorm.answer import CODES, COLUMNS
from titlenorm.chunk import Chunk, Table
from titlenorm.columns import output_columns
from titlenorm.crew import Crew
from titlenorm.errors import InputError
from titlenorm.formats import writer_for
from titlenorm.formats.kinds import packing_of
from titlenorm.formats.writer import Added
from titlenorm.journal import Journal
from titlenorm.normalizer import Normalizer
from titlenorm.outputs import Outputs, rejects_path
from titlenorm.packing import packer
from titlenorm.recall import REMEMBERED, Open, Recall
from titlenorm.record import write_manifest
from titlenorm.sink import check_target, is_plain
from titlenorm.tally import Summary, Tally

__all__ = ["Keep", "Progress", "Summary", "Unfinished", "normalize_file", "rejects_path"]

Progress = Callable[[int, int], None]
"""Called with how much of the input and how many rows are done so far."""


class Keep(NamedTuple):
    """What is kept of a run beside its rows: a journal while it goes on, and a record of it at the end.

    Attributes:
        file: the input.
        head: what the output depends on, see `titlenorm.record.head_of`.
        resume: go on after the last whole chunk of a run that was stopped.
    """

    file: str
    head: Mapping[str, Any]
    resume: bool = False


class Unfinished(KeyboardInterrupt):
    """A run was stopped that can go on later."""


def normalize_file(
    source: Table,
    output: str,
    columns: int | Sequence[int],
    normalizer: Normalizer,
    context: Sequence[int] = (),
    progress: Progress | None = None,
    codes: bool = False,
    *,
    to: str | None = None,
    defuse: bool = False,
    workers: int | None = 1,
    remembered: int = REMEMBERED,
    first: int | None = None,
    keep: Keep | None = None,
) -> Summary:
    """Write the rows of a table with the columns of titlenorm added; what is there stays as it was.

    Rows that cannot be read go to `<output>.rejects.csv` with line number, reason and text. Both files are written
    beside their targets and renamed when they are whole. The kind of the output is that of its ending, else that of the
    source. Text keeps its encoding, and its delimiter unless the ending (.csv, .tsv) says otherwise.

    Args:
        source: an open table.
        output: a path, or "-" for standard output.
        columns: the index of the title column, or several; the names of the added columns then begin with theirs.
        normalizer: what answers.
        context: indexes of columns whose words decide ambiguous acronyms.
        progress: called now and then.
        codes: whether a column with the codes of the role follows the others.
        to: the kind of the output, one of `titlenorm.formats.kinds.KINDS`, whatever its ending.
        defuse: put an apostrophe before cells that a spreadsheet would run.
        workers: processes that look up titles; 1 is this one alone, None starts some when there are many titles.
        remembered: how many distinct titles are remembered at most.
        first: write only that many rows, and no file of rejected rows.
        keep: keep a journal, to go on after a stop, and write a record at the end. Both for an output that is a file.

    Raises:
        InputError: the input cannot be read or the output cannot be written; nothing half-written stays under its name.
        Unfinished: the run was stopped, and `keep` with `resume` goes on with it.
    """
    started = time.perf_counter()
    columns = [columns] if isinstance(columns, int) else list(columns)
    writer = writer_for(source, output, _added(source, columns, (*COLUMNS, CODES) if codes else COLUMNS), to, defuse)
    tally = Tally()
    outputs = _outputs(source, output, first is None, keep)
    try:
        for entry in outputs.entries:
            tally.add(entry)
        if outputs.mark:
            source.seek(outputs.mark)
        else:
            outputs.write(writer.begin())
        with Crew(normalizer, workers, source.size) as crew:
            roles = normalizer.taxonomy.roles if codes else None
            recall = Recall(crew, source.cell, writer.tails, len(columns), [source.header[index] for index in context], roles, remembered)
            for opened in _opened(_chunks(source, [*columns, *context], first), recall, crew):
                tails, counted = recall.close(opened)
                chunk = opened.chunk
                outputs.add(writer.encode(chunk, tails), chunk.rejects if first is None else (), chunk.mark, counted)
                tally.add(counted)
                if progress is not None:
                    progress(chunk.position, tally.rows)
        made = outputs.finish(None if writer.grows else writer.finish)
    except BaseException as error:
        if outputs.stop(isinstance(error, _Damaged)):
            if isinstance(error, KeyboardInterrupt):
                raise Unfinished("What is written so far is kept: go on with --resume.") from None
            if isinstance(error, InputError):
                raise InputError(f"{error} What is written so far is kept: go on with --resume.") from None
        raise
    summary = tally.summary()
    summary.output, summary.rejects = output, outputs.rejects
    if keep and is_plain(output):
        write_manifest(output, keep.head, keep.file, summary, made)
    summary.seconds = time.perf_counter() - started
    return summary


class _Damaged(InputError):
    """The input cannot be read further: going on later would not help."""


def _added(source: Table, columns: Sequence[int], names: Sequence[str]) -> Added:
    """The columns to add; with several title columns their names begin with that of their title column."""
    if len(columns) == 1:
        return Added([output_columns(source.header, names)], names)
    wanted = [f"{source.header[column]}_{name}" for column in columns for name in names]
    free = output_columns(source.header, wanted)
    return Added([free[start : start + len(names)] for start in range(0, len(free), len(names))], names)


def _outputs(source: Table, output: str, with_rejects: bool, keep: Keep | None) -> Outputs:
    """The files to write; a journal that is not needed goes when they cannot be made."""
    check_target(output)
    packing = packing_of(output)
    journal = Journal(output, keep.head, keep.resume) if keep and is_plain(output) and is_plain(keep.file) else None
    try:
        return Outputs(output, rejects_path(output) if with_rejects else "", source.dialect, packer(packing) if packing else bytes, journal)
    except BaseException:
        if journal:
            journal.give_up()
        raise


def _chunks(source: Table, columns: Sequence[int], first: int | None) -> Iterator[Chunk]:
    """The chunks of a table, or of its first rows."""
    left = first
    try:
        for chunk in source.chunks(columns):
            if left is None:
                yield chunk
                continue
            yield chunk._replace(rows=chunk.rows[:left], size=min(left, chunk.size), cells=[cells[:left] for cells in chunk.cells])
            left -= min(left, chunk.size)
            if not left:
                return
    except InputError as error:
        raise _Damaged(str(error)) from None


def _opened(chunks: Iterator[Chunk], recall: Recall, crew: Crew) -> Iterator[Open]:
    """Chunks in order, opened some time before they are given, so that others can look up their titles meanwhile."""
    waiting = deque[Open]()
    for chunk in chunks:
        waiting.append(recall.open(chunk))
        crew.seen(chunk.position)
        if len(waiting) > crew.ahead:
            yield waiting.popleft()
    yield from waiting
