"""Collector: Python's garbage collector rests while much is built or read that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused", "settle"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: it would walk the tables, some hundred thousand objects that stay, over and over."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def settle() -> None:
    """What was built meanwhile counts as old: the collector need not walk it two times on its way there.

    Nothing is done where a program has frozen objects of its own.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
