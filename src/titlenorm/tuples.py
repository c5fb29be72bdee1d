"""Tuples: named tuples made without the call of their own constructor, which takes longer than all else where many are made."""

from __future__ import annotations

from typing import Final

__all__ = ["make"]

make: Final = tuple.__new__
"""`make(Token, (0, 3, "SWE", "swe"))` is `Token(0, 3, "SWE", "swe")`; defaults are not filled in."""
