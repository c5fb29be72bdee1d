"""The taxonomy: roles by id, and aliases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from titlenorm.errors import TableError, UnknownRoleError
from titlenorm.result import Role
from titlenorm.text import key

__all__ = ["ALIAS_KINDS", "Alias", "Taxonomy"]

ALIAS_KINDS = ("synonym", "abbreviation", "misspelling", "function", "related", "unlisted")
"""What an alias row may be: the first four resolve, `related` adds a candidate, `unlisted` names a job without a role.

A `function` row without a role says that the phrase is a field whose role is open; its `related` rows are the candidates.
"""

_TRACKS = ("ic", "management", "executive", "ownership")


class Alias(NamedTuple):
    """A surface form that means a role; `where` is the file and line that it came from."""

    alias: str
    role_id: str
    kind: str = "synonym"
    language: str = ""
    where: str = ""


class Taxonomy:
    """Roles and aliases.

    Args:
        roles: the roles; ids must be unique.
        aliases: surface forms; each must name a known role, or none when its kind is `unlisted` or `function`.
        name: what the taxonomy is called in messages.

    Raises:
        TableError: two roles with one id, or a `broader` id that no role has.
        UnknownRoleError: an alias of a role that is not there.

    >>> taxonomy = Taxonomy([Role("baker", "Baker")], [Alias("bread maker", "baker")])
    >>> taxonomy.role("baker").name
    'Baker'
    """

    def __init__(self, roles: Iterable[Role], aliases: Iterable[Alias] = (), name: str = "custom") -> None:
        self.name = name
        self.roles: dict[str, Role] = {}
        for role in roles:
            if role.id in self.roles:
                raise TableError(f"Two roles have the id {role.id!r}: {self.roles[role.id].name!r} and {role.name!r}. Keep one.")
            self.roles[role.id] = role
        self.aliases: tuple[Alias, ...] = tuple(aliases)
        for role in self.roles.values():
            if role.broader is not None and role.broader not in self.roles:
                raise UnknownRoleError.of(role.broader, self.roles, f"broader of {role.id!r}")
        for alias in self.aliases:
            if alias.role_id not in self.roles and (alias.role_id or alias.kind not in ("unlisted", "function")):
                raise UnknownRoleError.of(alias.role_id, self.roles, alias.where or f"alias {alias.alias!r}")

    def __len__(self) -> int:
        return len(self.roles)

    def __repr__(self) -> str:
        return f"Taxonomy({self.name!r}, {len(self.roles)} roles, {len(self.aliases)} aliases)"

    def __reduce__(self) -> tuple[object, ...]:
        """The bundled taxonomy is on every machine that has titlenorm: it travels as a word, not as 40,000 aliases."""
        if self.name == "bundled" and self is Taxonomy.bundled():
            return Taxonomy.bundled, ()
        return Taxonomy, (tuple(self.roles.values()), self.aliases, self.name)

    def role(self, role_id: str) -> Role:
        """The role with this id.

        Raises:
            UnknownRoleError: (a LookupError) no such role; the message names close ids.
        """
        try:
            return self.roles[role_id]
        except KeyError:
            raise UnknownRoleError.of(role_id, self.roles) from None

    def is_within(self, role_id: str, wider_id: str) -> bool:
        """Whether a role is another one or, through `broader`, a narrower form of it.

        >>> Taxonomy.bundled().is_within("backend-engineer", "software-engineer")
        True
        """
        seen: set[str] = set()
        current: str | None = role_id
        while current is not None and current not in seen:
            if current == wider_id:
                return True
            seen.add(current)
            current = self.roles[current].broader
        return False

    def search(self, words: str = "", family: str | None = None) -> list[Role]:
        """Roles with all these words in id, name, definition or an alias, sorted by id.

        >>> [role.id for role in Taxonomy([Role("baker", "Baker", definition="Bakes bread.")]).search("bread")]
        ['baker']
        """
        wanted = words.casefold().split()
        texts = {role.id: f"{role.id} {role.name} {role.definition}".casefold() for role in self.roles.values()}
        if wanted:
            for alias in self.aliases:
                if alias.role_id and alias.kind != "related":
                    texts[alias.role_id] += " " + alias.alias.casefold()
        roles = (role for role in self.roles.values() if family is None or role.family == family)
        return sorted((role for role in roles if all(word in texts[role.id] for word in wanted)), key=lambda role: role.id)

    @staticmethod
    @cache
    def bundled() -> Taxonomy:
        """The taxonomy that comes with titlenorm; the same object each time.

        >>> Taxonomy.bundled().role("software-engineer").family
        'software-engineering'
        """
        from titlenorm import tables

        roles = [_role(dict(zip(tables.COLUMNS["roles.csv"], row.cells, strict=True)), f"{row.file}:{row.line}") for row in tables.read("roles.csv")]
        aliases = []
        for row in tables.read("aliases.csv"):
            alias, role_id, kind, language, _, _ = row.cells
            aliases.append(_alias(alias, role_id, kind, language, f"{row.file}:{row.line}"))
        return Taxonomy(roles, aliases, name="bundled")

    @staticmethod
    def from_csv(path: str | Path, aliases: str | Path | None = None) -> Taxonomy:
        """A taxonomy of a user's own: a CSV with the columns `id` (or `role_id`) and `name`.

        Further columns: family, function, track, broader, definition, `aliases` ("|" between). Other columns become codes.

        Args:
            path: the roles.
            aliases: a second CSV with the columns `alias` and `role_id` (and `kind`, if you like).

        Raises:
            TableError: a missing column, an empty or double id; the message has file and line.
        """
        from titlenorm.taxonomy.delimited import read_aliases, read_roles

        roles, extra = read_roles(Path(path), _role, _alias)
        rows = [*extra, *(read_aliases(Path(aliases), _alias) if aliases else ())]
        return Taxonomy(roles, rows, name=Path(path).stem)

    def merge(self, overlay: Taxonomy | Iterable[Alias]) -> Taxonomy:
        """This taxonomy with an overlay added; where both say something, the overlay wins.

        Args:
            overlay: roles and aliases of one's own, or aliases alone that name roles of this taxonomy.

        Raises:
            UnknownRoleError: an alias of a role that neither has.

        >>> taxonomy = Taxonomy([Role("baker", "Baker")]).merge([Alias("loaf maker", "baker")])
        >>> len(taxonomy.aliases)
        1
        """
        roles, aliases, name = ({}, tuple(overlay), "overlay") if not isinstance(overlay, Taxonomy) else (overlay.roles, overlay.aliases, overlay.name)
        theirs = {_folded(alias) for alias in aliases if alias.kind != "related"}
        kept = [alias for alias in self.aliases if alias.kind == "related" or _folded(alias) not in theirs]
        return Taxonomy({**self.roles, **roles}.values(), [*kept, *aliases], name=f"{self.name}+{name}")


def _folded(alias: Alias) -> tuple[str, ...]:
    return tuple(key(word) for word in alias.alias.replace("-", " ").split())


def _role(cells: Mapping[str, str], where: str) -> Role:
    role_id, name = cells.get("role_id") or cells.get("id") or "", cells.get("name", "")
    if not role_id or not name:
        raise TableError(f"{where}: a role needs an id and a name")
    track = cells.get("track") or "ic"
    if track not in _TRACKS:
        raise TableError(f"{where}: track {track!r} is not one of {', '.join(_TRACKS)}")
    known = {"role_id", "id", "name", "family", "function", "track", "broader", "see_also", "definition", "aliases", "seeds"}
    return Role(
        role_id, name, cells.get("family", ""), cells.get("function", ""), track, cells.get("broader") or None,
        {name: value for name, value in cells.items() if value and name not in known},
        cells.get("definition", ""), tuple(filter(None, cells.get("see_also", "").split(";"))),
    )  # fmt: skip


def _alias(alias: str, role_id: str, kind: str, language: str, where: str) -> Alias:
    if kind not in ALIAS_KINDS:
        raise TableError(f"{where}: kind {kind!r} is not one of {', '.join(ALIAS_KINDS)}")
    return Alias(alias, role_id, kind, language, where)
