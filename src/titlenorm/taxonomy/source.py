"""Sources: what kind of taxonomy a path holds, and the reader for it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from titlenorm.errors import TableError
from titlenorm.taxonomy.archive import ENDING, read_archive
from titlenorm.taxonomy.catalogue import ENDINGS, read_aliases, read_catalogue
from titlenorm.taxonomy.esco import OCCUPATIONS as ESCO
from titlenorm.taxonomy.esco import read_esco
from titlenorm.taxonomy.onet import OCCUPATIONS as ONET
from titlenorm.taxonomy.onet import read_onet
from titlenorm.taxonomy.release import Release
from titlenorm.taxonomy.taxonomy import Taxonomy

__all__ = ["read_any"]


def read_any(path: str | Path, aliases: str | Path | None = None) -> Taxonomy:
    """A taxonomy of any known form; see `Taxonomy.from_file`."""
    path = Path(path)
    ending = path.suffix.lower()
    if ending in ENDINGS and not path.is_dir() and not ESCO.fullmatch(path.name):
        return read_catalogue(path, aliases)
    if ending == ENDING:
        taxonomy = read_archive(path)
    elif ESCO.fullmatch(path.name):
        taxonomy = read_esco(path)
    elif ending == ".zip" or path.is_dir() or not path.exists():
        taxonomy = _read_release(path)
    else:
        raise TableError(f"{path} is no taxonomy: its ending is none of {', '.join((ENDING, *ENDINGS, '.zip'))}. Save it as one of these.")
    return taxonomy.merge(read_aliases(aliases)) if aliases is not None else taxonomy


def _read_release(path: Path) -> Taxonomy:
    release = Release(path)
    if release.find(*ONET) is not None:
        return read_onet(path)
    if any(ESCO.fullmatch(PurePosixPath(name).name) for name in release.names):
        return read_esco(path)
    found = ", ".join(release.names[:5]) or "nothing"
    raise TableError(f"{path} is no download of O*NET (Occupation Data) or ESCO (occupations_en.csv). It holds {found}.")
