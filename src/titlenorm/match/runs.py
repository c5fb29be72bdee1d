"""Runs: arrays that hold one short run of numbers after the other, and what is asked of all runs at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

__all__ = ["best_of", "bounds_of", "ranges"]

_FEW = 16  # runs that are sorted together: short sorts are faster
_GRAIN = 1 << 30  # what is sorted is whole numbers of this grain,
_FINE = 32  # which leave the upper bits to the run that they belong to


def bounds_of(sizes: Any) -> Any:
    """Where runs of these sizes begin that follow each other, and where the last one ends."""
    import numpy

    bounds = numpy.zeros(len(sizes) + 1, dtype=numpy.intp)
    numpy.cumsum(sizes, out=bounds[1:])
    return bounds


def ranges(begin: Any, sizes: Any) -> Any:
    """The numbers from begin[0] on, sizes[0] of them, those from begin[1] on, sizes[1] of them, ... in one array."""
    import numpy

    bounds = bounds_of(sizes)
    return numpy.repeat(begin - bounds[:-1], sizes) + numpy.arange(bounds[-1])


def best_of(values: Any, bounds: Any, count: int) -> Any:
    """The best, second best, ... of each run of `values` (about 0 to 1), `count` rows of them; 0 where a run has no more."""
    import numpy

    places = numpy.flatnonzero(values != 0)
    bounds = numpy.searchsorted(places, bounds)
    sizes = bounds[1:] - bounds[:-1]
    runs = numpy.arange(len(sizes), dtype=numpy.int64) << _FINE
    keys = numpy.repeat(runs, sizes) - (values[places] * _GRAIN).astype(numpy.int64)
    for begin, end in pairwise([*bounds[::_FEW].tolist(), len(keys)]):
        keys[begin:end].sort()
    ranks = numpy.arange(count)[:, None]
    found = (runs - keys[numpy.minimum(bounds[:-1] + ranks, len(keys) - 1)]) / _GRAIN
    found[ranks >= sizes] = 0
    return found
