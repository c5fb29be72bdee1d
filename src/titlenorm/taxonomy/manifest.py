"""The manifest: what a taxonomy file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from titlenorm.errors import TableError
from titlenorm.taxonomy.taxonomy import KINDS

__all__ = ["Manifest", "from_json", "to_json"]

_FORMAT = "titlenorm taxonomy"
_FORMAT_VERSION = 1
_AGAIN = "Make it again: titlenorm taxonomy import"


class Manifest(NamedTuple):
    """What a taxonomy file says of itself.

    `source_version` is that of the data, `written_by` the titlenorm that wrote the file; `roles` and `aliases` are
    counts; `sizes` (bytes) and `digests` (SHA-256) are by member.
    """

    name: str
    kind: str
    source: str
    source_version: str
    licence: str
    written_by: str
    roles: int
    aliases: int
    sizes: Mapping[str, int]
    digests: Mapping[str, str]


def to_json(manifest: Manifest) -> dict[str, Any]:
    """The manifest as plain values."""
    return {
        "format": _FORMAT,
        "format_version": _FORMAT_VERSION,
        **{name: getattr(manifest, name) for name in Manifest._fields[:6]},
        "counts": {"roles": manifest.roles, "aliases": manifest.aliases},
        "members": {name: {"size": size, "sha256": manifest.digests[name]} for name, size in manifest.sizes.items()},
    }


def from_json(said: Any, where: str) -> Manifest:
    """The manifest again.

    Args:
        said: plain values; nothing about them is taken for granted.
        where: the file, for messages.

    Raises:
        TableError: another format, a newer one, or a value that is not what `to_json` gives.
    """
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        raise TableError(f"{where} is a zip, but no taxonomy file: its manifest says another format. Make one: titlenorm taxonomy import")
    version = _number(said, "format_version", where)
    if version > _FORMAT_VERSION:
        raise TableError(f"{where} has format {version} and this titlenorm reads up to {_FORMAT_VERSION}. Update it: pip install --upgrade titlenorm")
    if version < 1 or _text(said, "kind", where) not in KINDS:
        raise _wrong(where, "kind" if version == 1 else "format_version")
    counts, members = _table(said, "counts", where), _table(said, "members", where)
    entries = {str(name): _table(members, name, where) for name in members}
    sizes = {name: _number(entry, "size", where) for name, entry in entries.items()}
    digests = {name: _text(entry, "sha256", where) for name, entry in entries.items()}
    name, kind, source, source_version, licence, written_by = (_text(said, key, where) for key in Manifest._fields[:6])
    roles, aliases = _number(counts, "roles", where), _number(counts, "aliases", where)
    return Manifest(name, kind, source, source_version, licence, written_by, roles, aliases, sizes, digests)


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or any("\ud800" <= c <= "\udfff" for c in value):  # half a character could not be written anywhere
        raise _wrong(where, key)
    return value


def _number(table: Mapping[str, Any], key: str, where: str) -> int:
    value = table.get(key)
    if type(value) is not int or value < 0:
        raise _wrong(where, key)
    return value


def _table(table: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    value = table.get(key)
    if not isinstance(value, dict):
        raise _wrong(where, key)
    return value


def _wrong(where: str, key: str) -> TableError:
    return TableError(f"{where}: {key!r:.60} in the manifest is not what it should be. {_AGAIN}")
