"""Accessor: the methods behind `.titlenorm` on a column of titles, whatever the library."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

from titlenorm.normalizer import Normalizer

__all__ = ["Accessor"]

Column = TypeVar("Column")
Other = TypeVar("Other")


class Accessor(ABC, Generic[Column, Other]):
    """A method for each column of the answer that is asked for by itself.

    Each takes `normalizer`, what answers (the shared one with the bundled taxonomy when None), and `context`, a column
    or several whose words decide between the readings of an acronym. The result is named like the method.
    A missing title gives a missing cell. The methods share what was looked up: a second one costs little.
    """

    @abstractmethod
    def _column(self, name: str, normalizer: Normalizer | None, context: Other | Iterable[Other]) -> Column:
        """The column `name` of the answer."""

    def role_id(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """The id of the role; missing unless the status is `resolved`."""
        return self._column("role_id", normalizer, context)

    def role(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """The name of the role; missing unless the status is `resolved`."""
        return self._column("role", normalizer, context)

    def family(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """The narrow group of the role."""
        return self._column("family", normalizer, context)

    def function(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """The wide group of the role."""
        return self._column("function", normalizer, context)

    def level(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """The seniority band, such as `senior`; missing where the title says none."""
        return self._column("level", normalizer, context)

    def grade(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """The number in a ladder, an integer: "II" is 2."""
        return self._column("grade", normalizer, context)

    def status(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """`resolved`, `ambiguous`, `unresolved` or `empty`."""
        return self._column("status", normalizer, context)

    def score(self, *, normalizer: Normalizer | None = None, context: Other | Iterable[Other] = ()) -> Column:
        """How likely the best candidate is right, 0 to 1."""
        return self._column("score", normalizer, context)
