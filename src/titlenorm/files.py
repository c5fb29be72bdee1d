"""Files: which files are meant by a name, a folder or a pattern, and where the output of each goes."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from titlenorm.errors import InputError
from titlenorm.formats.kinds import KINDS, ending_of, kind_of, packing_of

__all__ = ["Files", "default_output", "find_files"]


class Files(NamedTuple):
    """Inputs with their outputs.

    Attributes:
        pairs: each file and its output.
        left_out: files of a folder whose kind is not known.
        are_many: whether a folder, a pattern or several files were named, also if only one was found.
    """

    pairs: list[tuple[str, str]]
    left_out: list[str]
    are_many: bool


def find_files(named: Sequence[str], output: str | None, to: str | None = None) -> Files:
    """The files that are meant.

    A folder means the files in it whose ending is known; a pattern (`exports/**/*.csv`) the files that fit it. The
    output of each goes into one folder, under its own name.

    Args:
        named: files, folders and patterns; "-" is standard input.
        output: the output of one file, or the folder for those of many.
        to: the kind of the outputs, one of `KINDS`, which decides their endings.

    Raises:
        InputError: nothing is found, there is no folder for the outputs, or two outputs would have one name.
    """
    if len(named) == 1 and not os.path.isdir(named[0]) and not _is_pattern(named[0]):
        return Files([(named[0], output or default_output(named[0], to))], [], False)
    if "-" in named:
        raise InputError("Standard input can be read alone only. Name it, or the files.")
    found, left_out = list[tuple[str, str]](), list[str]()
    for name in named:
        mine, others = _found(name)
        found += mine
        left_out += others
    folder = _folder(named, output)
    pairs = [(file, os.path.join(folder, _renamed(below, to))) for file, below in found]
    _refuse_clashes(pairs)
    for _, target in pairs:
        _make_folder(os.path.dirname(target))
    return Files(pairs, left_out, True)


def default_output(file: str, to: str | None = None) -> str:
    """Where the output of one file goes when nothing is said.

    >>> default_output("-")
    '-'
    """
    if not os.path.isfile(file):  # standard input or a pipe
        return "-"
    path = Path(file)
    packing, ending = packing_of(path.name), ending_of(path.name)
    stem = path.name[: len(path.name) - len(packing) - len(ending)]
    ending = path.name[len(stem) :] if to is None else KINDS[to][1]
    return str(path.with_name(f"{stem}.normalized{ending}"))


def _is_pattern(name: str) -> bool:
    return glob.has_magic(name) and not os.path.exists(name)


def _found(name: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The files that one name means, each with its place below what was named; and those that are left out."""
    if os.path.isdir(name):
        files = sorted(entry.path for entry in os.scandir(name) if entry.is_file() and not entry.name.startswith("."))
        known = [file for file in files if _is_known(file)]
        if not known:
            raise InputError(f"{name} has no CSV, TSV, JSONL, Parquet, Arrow or Excel file in it. Name a folder with such files, or a pattern: '{name}/*.dat'.")
        return [(file, os.path.basename(file)) for file in known], [file for file in files if file not in known]
    if _is_pattern(name):
        files = sorted(file for file in glob.glob(name, recursive=True) if os.path.isfile(file))
        if not files:
            raise InputError(f"No file fits {name}. Check the pattern, and put it in quotes.")
        root = os.path.dirname(name[: next(index for index, sign in enumerate(name) if sign in "*?[")])
        return [(file, os.path.relpath(file, root or ".")) for file in files], []
    return [(name, os.path.basename(name))], []


def _is_known(file: str) -> bool:
    try:
        return kind_of(file) is not None
    except InputError:
        return False


def _folder(named: Sequence[str], output: str | None) -> str:
    if output is None:
        if len(named) > 1 or not os.path.isdir(named[0]) or os.path.basename(os.path.normpath(named[0])) in (".", ".."):
            raise InputError("Several files need a folder for their outputs. Name one with -o FOLDER.")
        return f"{os.path.normpath(named[0])}.normalized"
    if output == "-" or (not os.path.isdir(output) and (os.path.exists(output) or kind_of(output) is not None)):
        raise InputError(f"Several files are written into a folder, each under its own name, and {output} is none. Name a folder with -o.")
    for name in named:
        if os.path.isdir(name) and os.path.isdir(output) and os.path.samefile(name, output):
            raise InputError(f"The outputs would replace the inputs in {name}. Name another folder with -o.")
    return output


def _renamed(name: str, to: str | None) -> str:
    if to is None:
        return name
    return name[: len(name) - len(packing_of(name)) - len(ending_of(name))] + KINDS[to][1]


def _refuse_clashes(pairs: Sequence[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for file, target in pairs:
        other = seen.setdefault(os.path.normcase(target), file)
        if other != file:
            raise InputError(f"{other} and {file} would both be written to {target}. Rename one of them, or run them one by one.")


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be made: {error.strerror or error}. Choose another one with -o.") from None
