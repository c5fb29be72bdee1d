"""Check: every row of the tables is sorted, folded once, known and true."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from titlenorm import tables
from titlenorm.lexicon import WORD_KINDS, Lexicon
from titlenorm.match.spelling import Spelling
from titlenorm.normalizer import Normalizer
from titlenorm.result import Result, Status
from titlenorm.taxonomy import Alias, Taxonomy

__all__ = ["check", "count_rows", "fix"]

_SORTED = [name for name in tables.COLUMNS if name != "forms.csv"]


def check() -> list[str]:
    """All that is wrong with the bundled tables, a sentence each; empty when they are sound."""
    taxonomy = Taxonomy.bundled()
    normalizer = Normalizer(taxonomy)
    lexicon = Lexicon(taxonomy)
    return [
        *_unsorted(), *_manifest(), *_roles(taxonomy), *_aliases(taxonomy, lexicon), *_words(lexicon), *_references(taxonomy),
        *_examples(normalizer), *_reachable(normalizer, lexicon), *_compositions(taxonomy, lexicon), *_spelling(lexicon),
    ]  # fmt: skip


def count_rows() -> int:
    """Rows in all tables."""
    return sum(1 for name in tables.COLUMNS for _ in tables.read(name))


def _rows(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for row in tables.read(name):
        yield f"{row.file}:{row.line}", dict(zip(tables.COLUMNS[name], row.cells, strict=True))


def _sort_key(name: str, cells: tuple[str, ...]) -> tuple[str, ...]:
    """Tables are sorted by the first column, then by all others; a resolving alias stands before its related rows, the likeliest of which is first."""
    if name == "aliases.csv":
        return cells[0], cells[3], str(cells[2] == "related")
    return cells


def _unsorted() -> Iterator[str]:
    for name in _SORTED:
        before: tuple[str, ...] = ()
        for row in tables.read(name):
            here = _sort_key(name, row.cells)
            if here < before:
                yield f"{name}:{row.line} {row.cells[0]!r} is not in order. Run: titlenorm taxonomy check --fix"
                break
            before = here


def _digest(name: str) -> tuple[int, str]:
    return sum(1 for _ in tables.read(name)), hashlib.sha256(tables.text(name).encode()).hexdigest()


def _manifest() -> Iterator[str]:
    files = tables.manifest().get("files", {})
    for name in tables.COLUMNS:
        rows, digest = _digest(name)
        entry = files.get(name, {})
        if entry.get("rows") != rows or entry.get("sha256") != digest:
            yield f"MANIFEST.toml does not match {name}. Run: titlenorm taxonomy check --fix"


def _roles(taxonomy: Taxonomy) -> Iterator[str]:
    for where, cells in _rows("roles.csv"):
        for other in filter(None, cells["see_also"].split(";")):
            if other not in taxonomy.roles:
                yield f"{where} see_also names the unknown role {other!r}"
        seen = {cells["role_id"]}
        wider = cells["broader"]
        while wider:
            if wider in seen:
                yield f"{where} {cells['role_id']!r} is broader than itself, through {wider!r}"
                break
            seen.add(wider)
            wider = taxonomy.roles[wider].broader or ""


def _aliases(taxonomy: Taxonomy, lexicon: Lexicon) -> Iterator[str]:
    names = {lexicon.fold(role.name): role.id for role in taxonomy.roles.values()}
    firm: dict[tuple[tuple[str, ...], str], tuple[str, str, str]] = {}
    related: dict[tuple[tuple[str, ...], str], str] = {}
    for where, cells in _rows("aliases.csv"):
        words = lexicon.fold(cells["alias"])
        alias, role_id = cells["alias"], cells["role_id"]
        if not words:
            yield f"{where} {alias!r} has no words after folding"
            continue
        if cells["kind"] == "related":
            if (words, role_id) in related:
                yield f"{where} {alias!r} repeats {related[words, role_id]}"
            related[words, role_id] = where
            continue
        if names.get(words) == role_id:
            yield f"{where} {alias!r} is the name of {role_id!r} already. Delete the row."
        elif words in names:
            yield f"{where} {alias!r} -> {role_id} contradicts roles.csv, where it is the name of {names[words]!r}"
        known = firm.setdefault((words, cells["language"]), (where, alias, role_id))
        if known[0] != where:
            word = "repeats" if known[2] == role_id else "contradicts"
            yield f"{where} {alias!r} -> {role_id or 'no role'} {word} {known[0]} {known[1]!r} -> {known[2] or 'no role'}. Keep one."
    for (words, role_id), where in related.items():
        if firm.get((words, ""), ("", "", ""))[2] == role_id or names.get(words) == role_id:
            yield f"{where} {' '.join(words)!r} is related to the role that it already means, {role_id!r}"


def _words(lexicon: Lexicon) -> Iterator[str]:
    for name, column in (("modifiers.csv", "surface"), ("acronyms.csv", "acronym"), ("words.csv", "word"), ("glue.csv", "unit")):
        seen: dict[tuple[str, ...], str] = {}
        for where, cells in _rows(name):
            words = (*lexicon.fold(cells[column]), cells["place"], cells["category"]) if name == "modifiers.csv" else _folded(cells[column], name, lexicon)
            if words in seen:
                yield f"{where} {cells[column]!r} repeats {seen[words]}. Keep one."
            seen[words] = where
            if name == "words.csv" and cells["kind"] not in WORD_KINDS:
                yield f"{where} kind {cells['kind']!r} is not one of {', '.join(WORD_KINDS)}"


def _folded(surface: str, name: str, lexicon: Lexicon) -> tuple[str, ...]:
    return lexicon.fold(surface) if name != "glue.csv" else (surface,)


def _references(taxonomy: Taxonomy) -> Iterator[str]:
    for where, cells in _rows("acronyms.csv"):
        named = [*filter(None, cells["role_ids"].split("|")), *(part.split(":")[0].strip() for part in filter(None, cells["words"].split(";")))]
        for role_id in named:
            if role_id not in taxonomy.roles:
                yield f"{where} {cells['acronym']!r} names the unknown role {role_id!r}"
        if cells["policy"] not in ("default", "ambiguous"):
            yield f"{where} policy {cells['policy']!r} is not default or ambiguous"
    for where, cells in _rows("heads.csv"):
        if cells["qualifier"] not in ("function", "never") and cells["role_id"] not in taxonomy.roles:
            yield f"{where} head {cells['head']!r} names the unknown role {cells['role_id']!r}"


def _examples(normalizer: Normalizer) -> Iterator[str]:
    """A row proves itself: its example gives what it expects, and the surface did its part."""
    for where, cells in _rows("modifiers.csv"):
        if not cells["example"]:
            yield f"{where} {cells['surface']!r} has no example"
            continue
        result = normalizer.normalize(cells["example"])
        got = result.role.id if result.role else "-"
        if got != cells["expect"]:
            yield f"{where} example {cells['example']!r} gives {got}, expected {cells['expect']}"
        elif not _used(result, cells):
            yield f"{where} example {cells['example']!r} does not use {cells['surface']!r} as {cells['category']}"
    for where, cells in _rows("heads.csv"):
        result = normalizer.normalize(cells["example"])
        got = result.role.id if result.role else "-"
        if cells["example"] and cells["qualifier"] not in ("function", "never", "managed") and got != (cells["role_id"] or got):
            yield f"{where} example {cells['example']!r} gives {got}, expected {cells['role_id']}"


def _used(result: Result, cells: dict[str, str]) -> bool:
    if cells["category"] in ("noise", "context"):
        return any(step.place == cells["category"] for step in result.steps)
    if cells["level"] and cells["level"] == (result.level.value if result.level else ""):
        return True
    if cells["category"] == "grade" and cells["value"] == str(result.grade):
        return True
    return any(modifier.category == cells["category"] and modifier.value == cells["value"] for modifier in result.modifiers) or not result.modifiers


def _reachable(normalizer: Normalizer, lexicon: Lexicon) -> Iterator[str]:
    """An alias resolves to its own role, a role name to its role."""
    for where, cells in _rows("roles.csv"):
        result = normalizer.normalize(cells["name"])
        if result.role is None or result.role.id != cells["role_id"]:
            yield f"{where} the name {cells['name']!r} resolves to {result.role.id if result.role else 'no role'}"
    acronyms = {lexicon.fold(cells["acronym"]) for _, cells in _rows("acronyms.csv")}
    for where, cells in _rows("aliases.csv"):
        if cells["kind"] == "related" or cells["language"] or lexicon.fold(cells["alias"]) in acronyms:
            continue
        result = normalizer.normalize(cells["alias"])
        got = result.role.id if result.role else ""
        if got != cells["role_id"] and (cells["role_id"] or result.status is Status.RESOLVED):
            yield f"{where} {cells['alias']!r} -> {cells['role_id'] or 'no role'} is not reached: it resolves to {got or 'no role'}"


def _compositions(taxonomy: Taxonomy, lexicon: Lexicon) -> Iterator[str]:
    """A row such as "X team leader" that says another role than its composition ("X manager") says why in its note."""
    notes = {where: cells["note"] for where, cells in _rows("aliases.csv")}
    managed = [alias for alias in taxonomy.aliases if _is_managed(alias, lexicon)]
    rest = [alias for alias in taxonomy.aliases if not _is_managed(alias, lexicon)]
    without = Normalizer(Taxonomy(taxonomy.roles.values(), rest))
    for alias in managed:
        role = without.normalize(alias.alias).role
        if role is not None and role.id != alias.role_id and not notes[alias.where]:
            yield f"{alias.where} {alias.alias!r} -> {alias.role_id}, but it is composed as {role.id!r}. Say why in the note, or delete the row."


def _is_managed(alias: Alias, lexicon: Lexicon) -> bool:
    """Whether an English row holds a management word that composition would take off."""
    words = lexicon.fold(alias.alias)
    return (
        alias.kind not in ("related", "unlisted")
        and not alias.language
        and len(words) > 1
        and (words[-1] in ("director", "head", "lead", "leader", "supervisor") or words[0] in ("director", "head"))
    )


def _spelling(lexicon: Lexicon) -> Iterator[str]:
    """No word of the tables is one that the spelling repair would change."""
    spelling = Spelling(lexicon)
    for where, cells in _rows("words.csv"):
        for word in lexicon.fold(cells["word"]):
            if found := spelling.repairs(word):
                yield f"{where} {word!r} would be repaired to {found[0]!r}"


def fix() -> None:
    """Sort the tables of a source checkout and renew the manifest; the data version stays as it is."""
    folder = Path(__file__).resolve().parent / "data"
    for name in _SORTED:
        rows = sorted((row.cells for row in tables.read(name)), key=lambda cells: _sort_key(name, cells))
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(tables.COLUMNS[name])
        writer.writerows(rows)
        (folder / name).write_text(buffer.getvalue(), encoding="utf-8")
    version = tables.manifest().get("version", "0")
    lines = [f'version = "{version}"', ""]
    for name in tables.COLUMNS:
        rows_count, digest = _digest(name)
        lines += [f'[files."{name}"]', f"rows = {rows_count}", f'sha256 = "{digest}"', ""]
    (folder / "MANIFEST.toml").write_text("\n".join(lines), encoding="utf-8")
