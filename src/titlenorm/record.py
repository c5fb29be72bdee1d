"""Record: what a run depends on and what it made, in a file beside the output, so that the result can be made again."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from titlenorm import __version__
from titlenorm.errors import InputError
from titlenorm.normalizer import Normalizer
from titlenorm.sink import Sink, is_plain
from titlenorm.tables import text
from titlenorm.tally import Summary
from titlenorm.taxonomy import Taxonomy
from titlenorm.taxonomy.columnar import to_columns

__all__ = ["checksum", "head_of", "is_made", "manifest_path", "read_manifest", "write_manifest"]

_PACKAGES = ("numpy", "rapidfuzz", "scipy")
"""Those whose version can change an answer."""
_BLOCK = 1 << 20


def manifest_path(output: str) -> str:
    """Where the record of a run stands.

    >>> manifest_path("out.csv")
    'out.csv.run.json'
    """
    return f"{output}.run.json"


def checksum(path: str) -> tuple[int, str]:
    """The length of a file in bytes, and its SHA-256.

    Raises:
        InputError: it cannot be read.
    """
    digest, size = sha256(), 0
    try:
        with open(path, "rb") as stream:
            while data := stream.read(_BLOCK):
                digest.update(data)
                size += len(data)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    return size, digest.hexdigest()


def head_of(file: str, normalizer: Normalizer, options: Mapping[str, Any]) -> dict[str, Any]:
    """What the output of a run depends on.

    Args:
        file: the input.
        normalizer: what answers.
        options: what else was said: columns, delimiter, and so on; JSON can hold it.
    """
    taxonomy = normalizer.taxonomy
    said = {**asdict(normalizer.options), **options}
    size, digest = checksum(file) if is_plain(file) else (None, None)
    return {
        "titlenorm": __version__,
        "python": platform.python_version(),
        "packages": {name: version for name in _PACKAGES if (version := _version(name))},
        "taxonomy": {"name": taxonomy.name, "version": taxonomy.version, "sha256": _fingerprint(normalizer)},
        "options": dict(sorted(said.items())),
        "input": {"bytes": size, "sha256": digest},
    }


def write_manifest(output: str, head: Mapping[str, Any], file: str, summary: Summary, made: tuple[int, str]) -> None:
    """Write the record of a finished run; the same run gives the same record, so no times are in it.

    Args:
        output: the file that was written.
        head: as `head_of` gave it.
        file: the input.
        summary: what was counted.
        made: length and SHA-256 of the output.
    """
    rejects = dict(zip(("file", "bytes", "sha256"), (Path(summary.rejects).name, *checksum(summary.rejects)), strict=True)) if summary.rejects else None
    counts = {name: getattr(summary, name) for name in ("rows", "titles", "rejected", "blank", "distinct")}
    record = {
        **head,
        "input": {"file": file if file == "-" else Path(file).name, **head["input"]},
        "output": {"file": Path(output).name, "bytes": made[0], "sha256": made[1]},
        "rejects": rejects,
        "counts": {**counts, "statuses": dict(sorted(summary.statuses.items())), "reasons": dict(sorted(summary.reasons.items()))},
    }
    from titlenorm.dialect import Dialect

    sink = Sink(manifest_path(output), Dialect("utf-8", b"", ","))
    try:
        sink.write(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        sink.close()
        sink.publish()
    finally:
        sink.discard()


def read_manifest(output: str) -> dict[str, Any]:
    """The record beside an output; empty when there is none that can be read."""
    try:
        record = json.loads(Path(manifest_path(output)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def is_made(output: str, head: Mapping[str, Any]) -> bool:
    """Whether a finished run with this head has written the output, and nobody has changed it since."""
    record = read_manifest(output)
    before = record.get("input")
    if not isinstance(before, dict) or not isinstance(record.get("output"), dict) or not Path(output).is_file():
        return False
    same = {name: record.get(name) for name in head} | {"input": {name: before.get(name) for name in head["input"]}}
    wanted = json.loads(json.dumps(head))
    return same == wanted and [record["output"].get(name) for name in ("bytes", "sha256")] == list(checksum(output))


def _fingerprint(normalizer: Normalizer) -> str:
    """A checksum of the roles, aliases and scores that answer."""
    if normalizer.taxonomy is Taxonomy.bundled():
        own = b""
    else:
        own = json.dumps(to_columns(normalizer.taxonomy)).encode()
    return sha256(text("MANIFEST.toml").encode() + own + repr(normalizer.reliability.__reduce__()[1:]).encode()).hexdigest()


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""
