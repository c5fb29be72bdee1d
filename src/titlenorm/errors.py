"""The errors that titlenorm raises; each says what to do next.

TitlenormError
|-- TableError(ValueError)          a row of a table is wrong: file, line, value
|-- UnknownRoleError(LookupError)   a role id that the taxonomy does not have
|-- InputError(ValueError)          a file that cannot be read as asked
|-- WorkerError(RuntimeError)       a process that was to help has ended
`-- MissingExtraError(ImportError)  an optional package that is not installed
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["InputError", "MissingExtraError", "TableError", "TitlenormError", "UnknownRoleError", "WorkerError"]


class TitlenormError(Exception):
    """Base of every error that titlenorm raises on purpose."""


class TableError(TitlenormError, ValueError):
    """A row of a taxonomy table is wrong; the message names the file, the line and the value."""


class UnknownRoleError(TitlenormError, LookupError):
    """A role id that the taxonomy does not have; the message names the closest ids.

    >>> print(UnknownRoleError.of("software-enginer", ["software-engineer", "teacher"]))
    Unknown role 'software-enginer'. Close: 'software-engineer'. List all: titlenorm roles
    """

    @classmethod
    def of(cls, role_id: str, known: Iterable[str], where: str = "", listing: str = "titlenorm roles") -> UnknownRoleError:
        """The error for `role_id`, with up to three close ids out of `known` and the command that lists all of them."""
        from rapidfuzz import process

        close = [match for match, score, _ in process.extract(role_id, list(known), limit=3) if score >= 70]
        hint = f" Close: {', '.join(map(repr, close))}." if close else ""
        place = f" in {where}" if where else ""
        return cls(f"Unknown role {role_id!r}{place}.{hint} List all: {listing}")


class InputError(TitlenormError, ValueError):
    """An input that cannot be read or an output that cannot be written; the message says the way out."""


class WorkerError(TitlenormError, RuntimeError):
    """A process that was to help has ended; the message says the way out."""


class MissingExtraError(TitlenormError, ImportError):
    """An optional package is missing; the message gives the `pip install` line.

    >>> print(MissingExtraError.of("polars", "polars"))
    polars is not installed. Install it: pip install 'titlenorm[polars]'
    """

    @classmethod
    def of(cls, package: str, extra: str) -> MissingExtraError:
        """The error for a package that the extra `extra` installs."""
        return cls(f"{package} is not installed. Install it: pip install 'titlenorm[{extra}]'")
