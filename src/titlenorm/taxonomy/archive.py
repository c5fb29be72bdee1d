"""Archives: a taxonomy in one file, a zip of JSON with checksums; nothing in it is ever run."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from titlenorm import __version__
from titlenorm.delimited import close_names
from titlenorm.dialect import Dialect
from titlenorm.errors import TableError
from titlenorm.sink import Sink
from titlenorm.taxonomy.columnar import from_columns, to_columns
from titlenorm.taxonomy.manifest import Manifest, from_json, to_json
from titlenorm.taxonomy.origin import Origin
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["ENDING", "parse_json", "read_archive", "read_manifest", "write_archive"]

ENDING = ".titlenorm"
"""The ending by which the command line knows such a file."""

_MANIFEST = "manifest.json"
_TABLES = ("roles.json", "aliases.json")
_MEMBER_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(?:/[a-z][a-z0-9_]{0,39}){0,2}\.(?:json|npy)")
_MOST_MEMBERS = 64
_LARGEST_MANIFEST = 1 << 16
_LARGEST_TABLE = 1 << 25  # the largest known one, ESCO, has a tenth of it
_LARGEST = 1 << 29
_MOST_SIGNS = {b",": 6_000_000, b":": 1_000_000, b"[": 1_000_000, b"{": 1_000_000}
"""How often a table may hold what makes a value of JSON; a megabyte of brackets would become a hundred of lists."""
_END = b"PK\x05\x06"
_END_SIZE = 22
_END_64 = b"PK\x06\x07"
_END_64_SIZE = 20
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError, KeyError, IndexError,
)  # fmt: skip
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same taxonomy gives the same bytes, today and tomorrow
_AGAIN = "Make it again: titlenorm taxonomy import"


def write_archive(taxonomy: Taxonomy, path: str | Path) -> None:
    """Write a taxonomy; see `Taxonomy.save`."""
    path = Path(path)
    strange = [name for name in taxonomy.members if name in (*_TABLES, _MANIFEST) or not _MEMBER_NAME.fullmatch(name)]
    if strange or len(taxonomy.members) > _MOST_MEMBERS - len(_TABLES) - 1:
        what = f"A member cannot be called {strange[0]!r}" if strange else f"{len(taxonomy.members)} members are too many"
        raise TableError(f"{what}. At most {_MOST_MEMBERS - len(_TABLES) - 1} are kept, with names such as index/terms.npy or index/notes.json.")
    members = {name: _to_json(table) for name, table in zip(_TABLES, to_columns(taxonomy), strict=True)} | dict(sorted(taxonomy.members.items()))
    sizes, digests = {name: len(data) for name, data in members.items()}, {name: sha256(data).hexdigest() for name, data in members.items()}
    counts = len(taxonomy.roles), len(taxonomy.aliases)
    manifest = Manifest(taxonomy.name, taxonomy.kind, *taxonomy.origin[:3], f"titlenorm {__version__}", *counts, sizes, digests)
    data = _pack({_MANIFEST: _to_json(to_json(manifest), indent=1), **members})
    _unpack(data, "The taxonomy cannot be saved")
    sink = Sink(str(path), Dialect("utf-8", b"", ","))
    try:
        sink.write_bytes(data)
        sink.close()
        sink.publish()
    finally:
        sink.discard()


def read_archive(path: str | Path) -> Taxonomy:
    """Read a taxonomy; see `Taxonomy.load`."""
    path = Path(path)
    return _unpack(_bytes(path), str(path))


def read_manifest(path: Path) -> Manifest:
    """What an archive says of itself.

    Raises:
        TableError: as for `Taxonomy.load`; only the manifest is read.
    """
    where = str(path)
    with _open(_bytes(path), where) as archive:
        return _manifest(archive, where)


def _to_json(value: object, indent: int | None = None) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=(",", ": " if indent else ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise TableError(f"The taxonomy cannot be saved: {text[max(0, error.start - 20) : error.end]!r} holds half a character.") from None


def _pack(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise TableError(f"{path} is larger than any taxonomy file ({path.stat().st_size:,} bytes). Is it the right file?")
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{path} does not exist. {close_names(path)}") from None
    except (OSError, ValueError) as error:
        raise TableError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def _unpack(data: bytes, where: str) -> Taxonomy:
    with _open(data, where) as archive:
        manifest = _manifest(archive, where)
        members = {}
        for name, size in manifest.sizes.items():
            members[name] = _read(archive, name, where)
            if len(members[name]) != size or sha256(members[name]).hexdigest() != manifest.digests[name]:
                raise TableError(f"{where}: the member {name} is damaged: it does not match its checksum. {_AGAIN}")
    role_table, alias_table = (parse_json(members.pop(name), name, where) for name in _TABLES)
    roles, aliases = from_columns(role_table, alias_table, where)
    if (len(roles), len(aliases)) != (manifest.roles, manifest.aliases):
        raise TableError(f"{where}: the manifest counts {manifest.roles} roles and {manifest.aliases} aliases, the tables do not. {_AGAIN}")
    origin = Origin(manifest.source, manifest.source_version, manifest.licence)
    return Taxonomy(roles, aliases, manifest.name, manifest.kind, origin, members)


def _open(data: bytes, where: str) -> zipfile.ZipFile:
    """The archive, once its directory is known to be small; a directory of millions of names takes long to read."""
    end = data[-_END_SIZE:]
    if not data.startswith(b"PK\x03\x04"):
        raise TableError(f"{where} is no taxonomy file. Make one: titlenorm taxonomy import")
    if not end.startswith(_END) or data[-_END_SIZE - _END_64_SIZE :].startswith(_END_64):
        raise TableError(f"{where} is no taxonomy file, or only a part of one. Copy it again, or make it: titlenorm taxonomy import")
    if int.from_bytes(end[10:12], "little") > _MOST_MEMBERS or int.from_bytes(end[12:16], "little") > _LARGEST_MANIFEST:
        raise TableError(f"{where} is no taxonomy file: it holds too many members.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        raise TableError(f"{where} is damaged: its directory cannot be read. {_AGAIN}") from None


def _read(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    """The bytes of a member; its size and its form are looked at before it is unpacked."""
    try:
        info = archive.getinfo(name)
        largest = _LARGEST_MANIFEST if name == _MANIFEST else _LARGEST_TABLE if name.endswith(".json") else _LARGEST
        if info.file_size > largest:
            raise TableError(f"{where}: the member {name} would have {info.file_size:,} bytes when it is unpacked; at most {largest:,} are read.")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise TableError(f"{where}: the member {name} is locked or packed in another way. {_AGAIN}")
        with archive.open(info) as stream:
            return stream.read(largest + 1)
    except TableError:
        raise
    except _BROKEN:
        raise TableError(f"{where} is damaged: the member {name} cannot be read. {_AGAIN}") from None


def parse_json(data: bytes, name: str, where: str) -> Any:
    """The values of a member of JSON, unless they would fill the memory.

    Raises:
        TableError: too many values, or no JSON.
    """
    if any(data.count(sign) > most for sign, most in _MOST_SIGNS.items()):
        raise TableError(f"{where}: the member {name} holds more values than any taxonomy has. Is it the right file?")
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError):
        raise TableError(f"{where}: the member {name} is not the JSON that it should be. {_AGAIN}") from None


def _manifest(archive: zipfile.ZipFile, where: str) -> Manifest:
    if _MANIFEST not in archive.namelist():
        raise TableError(f"{where} is a zip, but no taxonomy file: it has no {_MANIFEST}. Make one: titlenorm taxonomy import")
    manifest = from_json(parse_json(_read(archive, _MANIFEST, where), _MANIFEST, where), where)
    _check_names(archive, list(manifest.sizes), sum(manifest.sizes.values()), where)
    return manifest


def _check_names(archive: zipfile.ZipFile, names: list[str], size: int, where: str) -> None:
    """The members of the zip are those of the manifest, with names that no path can hide in, and not too large together."""
    if not set(_TABLES) <= set(names) or sorted(archive.namelist()) != sorted([_MANIFEST, *names]):
        raise TableError(f"{where}: members are missing, or there are some that the manifest does not name. {_AGAIN}")
    if not all(_MEMBER_NAME.fullmatch(name) for name in names):
        raise TableError(f"{where}: a member has a name that no taxonomy file has. {_AGAIN}")
    if size > _LARGEST:
        raise TableError(f"{where} would have {size:,} bytes when it is unpacked; at most {_LARGEST:,} are read.")
