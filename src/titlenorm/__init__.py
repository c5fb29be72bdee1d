"""titlenorm turns raw job titles into canonical roles, with level, score and reason."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from titlenorm.errors import InputError, MissingExtraError, TableError, TitlenormError, UnknownRoleError, WorkerError
    from titlenorm.match import Proposal
    from titlenorm.normalizer import Normalizer, normalize, normalize_many
    from titlenorm.options import Options
    from titlenorm.result import Candidate, Level, Method, Modifier, Result, Role, Status
    from titlenorm.taxonomy import Alias, Taxonomy

_HOMES = {
    **dict.fromkeys(("InputError", "MissingExtraError", "TableError", "TitlenormError", "UnknownRoleError", "WorkerError"), "errors"),
    **dict.fromkeys(("Normalizer", "normalize", "normalize_many"), "normalizer"),
    **dict.fromkeys(("Candidate", "Level", "Method", "Modifier", "Result", "Role", "Status"), "result"),
    **dict.fromkeys(("Alias", "Taxonomy"), "taxonomy"),
    "Options": "options",
    "Proposal": "match",
}

__all__ = [
    "Alias", "Candidate", "InputError", "Level", "Method", "MissingExtraError", "Modifier", "Normalizer", "Options", "Proposal", "Result", "Role", "Status",
    "TableError", "Taxonomy", "TitlenormError", "UnknownRoleError", "WorkerError", "__version__", "normalize", "normalize_many",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that `import titlenorm` stays light."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'titlenorm' has no attribute {name!r}")
    value = getattr(import_module(f"titlenorm.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
