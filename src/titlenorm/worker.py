"""Worker: a process that looks up titles for another one; it reads questions and writes answers until the other is gone."""

from __future__ import annotations

import os
import pickle
import sys

from titlenorm.crew import receive, send

__all__ = ["main"]


def main() -> None:
    """Answer until nobody asks any more.

    The messages are pickles: they come from the process that started this one, and from nowhere else.
    """
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what is printed must not get between the answers
    try:
        normalizer = pickle.loads(receive(questions))
        while True:
            titles, contexts = pickle.loads(receive(questions))
            send(answers, pickle.dumps(normalizer.normalize_columns(titles, contexts=contexts)))
    except (EOFError, BrokenPipeError):
        os._exit(0)
