"""Native: what compiled modules can be told about their classes; nothing where they run as plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["mypyc_attr"]

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr
else:

    def mypyc_attr(**attributes):
        """A decorator that leaves a class as it is; the compiler reads its arguments and never calls it.

        `acyclic=True` says that objects of the class never hold each other in a ring, so that the collector need not watch them;
        `free_list_len=1` that the memory of the last one is kept for the next, where there is one a title.

        >>> @mypyc_attr(acyclic=True)
        ... class Leaf: ...
        """
        return lambda cls: cls
