"""Crew: who looks up the titles of a run: this process, or some more beside it."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, cast

from titlenorm.errors import WorkerError
from titlenorm.normalizer import Normalizer
from titlenorm.recall import Columns

__all__ = ["Crew", "receive", "send"]

Question = tuple[list[str], list[dict[str, str]] | None]

_BLOCK = 4_000
"""Titles that are looked up in one go: enough for TF-IDF to be fast, and not so many that their drafts fill the memory."""
_PIECE = 500
"""Titles that a worker gets at once."""
_AHEAD = 3
"""Chunks that are read while workers look up titles."""
_MOST = 8
"""Workers that are started unasked."""
_MANY = 20_000
"""Titles that are looked up before workers are thought of."""
_WORTH_IT = 40_000
"""Titles that must be expected to come before workers are started unasked: each takes a second of work to start."""
_WORKER = "import sys; sys.path[:] = {path!r}; from titlenorm.worker import main; main()"
_SIZE = struct.Struct(">Q")


class Crew:
    """Answers for titles.

    Args:
        normalizer: what answers; workers get a copy.
        workers: how many processes; 1 is this one alone, None starts some when many titles are to come.
        size: how much there is to read, to tell how many titles are to come; 0 when unknown.

    >>> with Crew(Normalizer(), 1) as crew:
    ...     crew.ask(["CEO"], None).result()["role_id"]
    ['chief-executive-officer']
    """

    def __init__(self, normalizer: Normalizer, workers: int | None = 1, size: int = 0) -> None:
        self._normalizer, self._wanted, self._size = normalizer, workers, size
        self._looked_up, self._before, self._position = 0, 0, 0
        self._workers: list[_Worker] = []
        self._threads: ThreadPoolExecutor | None = None
        self._idle: list[_Worker] = []

    def __enter__(self) -> Crew:
        if self._wanted is not None and self._wanted > 1:
            self._hire(self._wanted)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._workers:
            worker.dismiss()
        if self._threads:
            self._threads.shutdown(cancel_futures=True)

    @property
    def ahead(self) -> int:
        """How many chunks are worth reading before the first is answered."""
        return _AHEAD if self._workers else 0

    def ask(self, titles: list[str], contexts: list[dict[str, str]] | None) -> Future[Columns]:
        """The columns of the answers, now or, with workers, later."""
        self._looked_up += len(titles)
        answers: Future[Columns] = Future()
        if self._threads is None:
            answers.set_result(_joined([self._normalizer.normalize_columns(some, contexts=more) for some, more in _pieces(titles, contexts, _BLOCK)]))
            return answers
        return _Joined([self._threads.submit(self._delegate, piece) for piece in _pieces(titles, contexts, _PIECE)])

    def seen(self, position: int) -> None:
        """Say how much is read, so that workers are started where that pays."""
        new, read = self._looked_up - self._before, position - self._position
        self._before, self._position = self._looked_up, position
        if self._wanted is None and self._looked_up >= _MANY and read > 0 and new * (self._size - position) / read >= _WORTH_IT:
            self._wanted = min(_cores(), _MOST)
            if self._wanted > 1:
                self._hire(self._wanted)

    def _hire(self, count: int) -> None:
        recipe = pickle.dumps(self._normalizer)
        for _ in range(count):
            self._workers.append(_Worker(recipe))
        self._idle = list(self._workers)
        self._threads = ThreadPoolExecutor(count)

    def _delegate(self, question: Question) -> Columns:
        worker = self._idle.pop()  # there are as many threads as workers
        answer = worker.ask(question)
        self._idle.append(worker)
        return answer


class _Joined(Future[Columns]):
    """The answers to the pieces of a question as one."""

    def __init__(self, pieces: Sequence[Future[Columns]]) -> None:
        super().__init__()
        self._pieces = pieces

    def result(self, timeout: float | None = None) -> Columns:
        return _joined([piece.result(timeout) for piece in self._pieces])


class _Worker:
    """A process that answers; it ends when this one does, whatever the reason."""

    def __init__(self, recipe: bytes) -> None:
        code = _WORKER.format(path=sys.path)
        self._process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self._questions, self._answers = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
        self._recipe: bytes | None = recipe

    def ask(self, question: Question) -> Columns:
        """Its answer.

        Raises:
            WorkerError: it has ended.
        """
        try:
            if self._recipe is not None:
                send(self._questions, self._recipe)
                self._recipe = None
            send(self._questions, pickle.dumps(question))
            answer: Columns = pickle.loads(receive(self._answers))
        except (OSError, EOFError, ValueError):
            raise WorkerError(f"A worker has ended ({self._process.wait()}), perhaps for want of memory. Try --workers 1.") from None
        return answer

    def dismiss(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):  # half a question may still be held
            self._questions.close()
        self._answers.close()


def send(stream: BinaryIO, data: bytes) -> None:
    """Write a message to a pipe."""
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read a message from a pipe.

    Raises:
        EOFError: the other side is gone.
    """
    start = stream.read(_SIZE.size)
    if len(start) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(start)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _pieces(titles: list[str], contexts: list[dict[str, str]] | None, size: int) -> list[Question]:
    return [(titles[start : start + size], contexts[start : start + size] if contexts else None) for start in range(0, len(titles), size)]


def _joined(answers: Sequence[Columns]) -> Columns:
    if len(answers) == 1:
        return answers[0]
    return {name: [cell for answer in answers for cell in answer[name]] for name in answers[0]}


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
