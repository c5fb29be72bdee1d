"""The taxonomy: roles by id, and the aliases that mean them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from titlenorm.errors import TableError, UnknownRoleError
from titlenorm.result import Role
from titlenorm.taxonomy.alias import Alias, folded, is_overruled
from titlenorm.taxonomy.origin import Origin

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KINDS", "Taxonomy"]

KINDS = ("bundled", "onet", "esco", "custom")
"""What a taxonomy may be; the score of a candidate is calibrated for each kind."""


class Taxonomy:
    """Roles and aliases.

    Args:
        roles: the roles; ids must be unique.
        aliases: surface forms; each must name a known role, or none when its kind is `unlisted` or `function`.
        name: what the taxonomy is called in messages.
        kind: one of `KINDS`.
        origin: source, version and licence of its data.
        members: further data of a saved taxonomy by name; `save` keeps them. Those below `texts/` say something of single names
            and aliases; `merge` keeps them too.

    Raises:
        TableError: two roles with one id, or a `broader` id that no role has.
        UnknownRoleError: an alias of a role that is not there.

    >>> taxonomy = Taxonomy([Role("baker", "Baker")], [Alias("bread maker", "baker")])
    >>> taxonomy.role("baker").name
    'Baker'
    """

    def __init__(
        self, roles: Iterable[Role], aliases: Iterable[Alias] = (), name: str = "custom", kind: str = "custom",
        origin: Origin | None = None, members: Mapping[str, bytes] | None = None,
    ) -> None:  # fmt: skip
        self.name, self.kind, self.origin = name, kind, origin or Origin()
        self.members: dict[str, bytes] = dict(members or {})
        self._parts: tuple[Taxonomy, Taxonomy | tuple[Alias, ...]] | None = None
        self.roles: dict[str, Role] = {}
        for role in roles:
            if role.id in self.roles:
                raise TableError(f"Two roles have the id {role.id!r}: {self.roles[role.id].name!r} and {role.name!r}. Keep one.")
            self.roles[role.id] = role
        for role in self.roles.values():
            if role.broader is not None and role.broader not in self.roles:
                raise self.unknown(role.broader, f"broader of {role.id!r}")
        self._aliases = self.checked(aliases)

    def __len__(self) -> int:
        return len(self.roles)

    def __repr__(self) -> str:
        return f"Taxonomy({self.name!r}, {len(self.roles)} roles, {len(self.aliases)} aliases)"

    def __reduce__(self) -> tuple[object, ...]:
        """The bundled taxonomy is on every machine that has titlenorm: it travels as a word, and so it does below an overlay."""
        if self.name == "bundled" and self is Taxonomy.bundled():
            return Taxonomy.bundled, ()
        if self._parts and not self.members:
            return Taxonomy.merge, self._parts
        return Taxonomy, (tuple(self.roles.values()), self.aliases, self.name, self.kind, self.origin, self.members)

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """All surface forms that mean its roles, in the order in which they were given."""
        return self._aliases

    def written(self) -> list[tuple[str, list[str]]]:
        """The alias and what its row says of it, first the role id, kind and language; without those that titles were labelled with."""
        return [(alias.alias, [alias.role_id, alias.kind, alias.language]) for alias in self.aliases if not (alias.labelled and alias.role_id)]

    def labelled(self) -> list[Alias]:
        """The aliases that titles were labelled with."""
        return [alias for alias in self.aliases if alias.labelled and alias.role_id]

    @property
    def source(self) -> str:
        """The file or folder that it was read from; empty when it was made in memory."""
        return self.origin.source

    @property
    def version(self) -> str:
        """The version of the source, such as "30.0"; empty when it is not known."""
        return self.origin.version

    @property
    def licence(self) -> str:
        """The terms of its data; empty when they are not known."""
        return self.origin.licence

    def checked(self, aliases: Iterable[Alias]) -> tuple[Alias, ...]:
        """The aliases, when every one of them names a role."""
        found = tuple(aliases)
        for alias in found:
            if alias.role_id not in self.roles and (alias.role_id or alias.kind not in ("unlisted", "function")):
                raise self.unknown(alias.role_id, alias.where or f"alias {alias.alias!r}")
        return found

    def unknown(self, role_id: str, where: str = "") -> UnknownRoleError:
        """The error for a role id that is not there, with close ids and the command that lists all of them."""
        listing = "titlenorm roles" if self.kind == "bundled" else f"titlenorm roles --taxonomy {self.source or 'FILE'}"
        return UnknownRoleError.of(role_id, self.roles, where, listing)

    def role(self, role_id: str) -> Role:
        """The role with this id.

        Raises:
            UnknownRoleError: (a LookupError) no such role; the message names close ids.
        """
        try:
            return self.roles[role_id]
        except KeyError:
            raise self.unknown(role_id) from None

    def wider(self, role_id: str) -> list[str]:
        """A role and its wider roles through `broader`, narrowest first.

        >>> Taxonomy.bundled().wider("backend-engineer")
        ['backend-engineer', 'software-engineer']
        """
        chain: list[str] = []
        current: str | None = role_id
        while current is not None and current not in chain:
            chain.append(current)
            current = self.roles[current].broader
        return chain

    def is_within(self, role_id: str, wider_id: str) -> bool:
        """Whether a role is another one or, through `broader`, a narrower form of it.

        >>> Taxonomy.bundled().is_within("backend-engineer", "software-engineer")
        True
        """
        return wider_id in self.wider(role_id)

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
        from titlenorm.taxonomy.bundled import Bundled

        return Bundled()

    @staticmethod
    def from_file(path: str | Path, aliases: str | Path | None = None) -> Taxonomy:
        """A taxonomy from any of the forms that are known, chosen by what `path` is.

        Args:
            path: .titlenorm (see `save`); .csv, .tsv, .xlsx or .toml of one's own; or a folder or .zip of O*NET or ESCO.
            aliases: a table of one's own with further aliases: the columns `alias` and `role_id` (and `kind`, if you like).

        Raises:
            TableError: the file is of none of these forms, or something in it is wrong; the message has file and line.
            UnknownRoleError: an alias or `broader` of a role that is not there.
            MissingExtraError: an .xlsx file without openpyxl.
        """
        from titlenorm.taxonomy.source import read_any

        return read_any(path, aliases)

    @staticmethod
    def from_csv(path: str | Path, aliases: str | Path | None = None) -> Taxonomy:
        """A taxonomy of a user's own: a CSV with the columns `id` (or `role_id`) and `name`, or usual names for these.

        Further columns: family, function, track, broader, definition, `aliases` ("|" between). Other columns become codes.

        Args:
            path: the roles.
            aliases: a second CSV with the columns `alias` and `role_id` (and `kind`, if you like).

        Raises:
            TableError: a missing column, an empty or double id; the message has file and line.
            UnknownRoleError: an alias or `broader` of a role that is not there.
        """
        from titlenorm.taxonomy.catalogue import read_catalogue

        return read_catalogue(path, aliases)

    @staticmethod
    def from_onet(path: str | Path) -> Taxonomy:
        """O*NET as it is downloaded: the ids of the roles are O*NET-SOC codes.

        Args:
            path: the folder or zip of the text or the Excel release.

        Raises:
            TableError: a file or column is missing, or a row is wrong.
            MissingExtraError: the Excel release without openpyxl.
        """
        from titlenorm.taxonomy.onet import read_onet

        return read_onet(path)

    @staticmethod
    def from_esco(path: str | Path, language: str = "en") -> Taxonomy:
        """The occupations of ESCO as they are downloaded: the ids of the roles are concept URIs.

        Args:
            path: the occupations CSV, or the folder or zip that has it.
            language: which of several, two letters as in `occupations_en.csv`.

        Raises:
            TableError: a file or column is missing, or a row is wrong.
        """
        from titlenorm.taxonomy.esco import read_esco

        return read_esco(path, language)

    def save(self, path: str | Path) -> None:
        """Write all of it to one compact file, which `load` and the command line read fast.

        The same taxonomy gives the same bytes. Files and lines of the origin are not kept.

        Args:
            path: the file, by custom with the ending .titlenorm.

        Raises:
            InputError: the file cannot be written.
            TableError: something that the file cannot hold, such as a member with a wrong name.
        """
        from titlenorm.taxonomy.archive import write_archive

        write_archive(self, path)

    @staticmethod
    def load(path: str | Path) -> Taxonomy:
        """A taxonomy that `save` wrote. Nothing in the file is run, so that it may come from anywhere.

        Raises:
            TableError: no such file, not a taxonomy, damaged, or written by a newer titlenorm; the message says which.
        """
        from titlenorm.taxonomy.archive import read_archive

        return read_archive(path)

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
        if isinstance(overlay, Taxonomy):
            roles, aliases, name, origin = overlay.roles, overlay.aliases, overlay.name, overlay.origin
        else:
            roles, aliases, name, origin = {}, tuple(overlay), "overlay", Origin()
        said = {folded(alias.alias): alias.labelled for alias in aliases if alias.kind not in ("related", "example")}
        kept = [alias for alias in self.aliases if alias.kind == "related" or not is_overruled(alias, said)]
        members = {name: data for name, data in self.members.items() if name.startswith("texts/")}
        merged = Taxonomy({**self.roles, **roles}.values(), [*kept, *aliases], f"{self.name}+{name}", self.kind, self.origin.joined(origin), members)
        merged._parts = self, overlay if isinstance(overlay, Taxonomy) else aliases
        return merged
