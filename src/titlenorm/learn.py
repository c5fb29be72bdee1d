"""Learn: labelled titles become an overlay of aliases, counts and reliability, in plain files that a person can read and edit."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from titlenorm.errors import InputError, TableError, UnknownRoleError
from titlenorm.match.query import weight_of_modifier
from titlenorm.match.reliability import ANY, Bin, method_name
from titlenorm.taxonomy import Alias

if TYPE_CHECKING:
    from titlenorm.answer import Answer
    from titlenorm.normalizer import Normalizer

__all__ = ["Contradiction", "Overlay", "learn", "reliability_of"]

_ALIAS_COLUMNS = ("alias", "role_id", "kind", "labelled", "of", "overrules")
_CONTRADICTION_COLUMNS = ("phrase", "role_id", "labelled", "kept")
_RELIABILITY_COLUMNS = ("method", "strength", "score", "rows")
_FEWEST_FOR_RELIABILITY = 200
"""Labelled titles below which how reliable the answers are cannot be told."""
_BIN_ROWS = 40
_TELLING = 0.5  # a modifier that says at least this much of the role stays in what is learnt: a manager, a technology


class Contradiction(NamedTuple):
    """A phrase that titles label with several roles: how often with each, most first; `kept` is the role of more than half, or None."""

    phrase: str
    counts: tuple[tuple[str, int], ...]
    kept: str | None


class Learned(NamedTuple):
    """What titles with the same words are labelled with.

    The role of more than half of them is a `synonym`; another one is an `example`, which makes the role likelier for titles
    that are alike and never decides. `labelled` of the `of` titles have the label; `overrules` is the role that the words
    meant before, or empty.
    """

    alias: str
    role_id: str
    kind: str
    labelled: int
    of: int
    overrules: str = ""


class Overlay(NamedTuple):
    """What was learnt from labelled titles; `Taxonomy.merge` takes its `taxonomy_aliases`.

    Attributes:
        learned: aliases, by phrase.
        contradictions: phrases that were labelled with several roles.
        bins: how reliable answers are, measured by leaving titles out; empty when there were too few.
    """

    learned: tuple[Learned, ...]
    contradictions: tuple[Contradiction, ...] = ()
    bins: tuple[Bin, ...] = ()

    @property
    def aliases(self) -> list[Alias]:
        """The rows as aliases of a taxonomy."""
        return [Alias(row.alias, row.role_id, row.kind, where="overlay", labelled=row.labelled) for row in self.learned]

    def save(self, folder: str | Path) -> None:
        """Write aliases.csv, contradictions.csv and reliability.csv into a folder, which is made if it is not there.

        Raises:
            InputError: the folder cannot be written.
        """
        target = Path(folder)
        contradictions = [(c.phrase, role_id, count, "yes" if role_id == c.kept else "") for c in self.contradictions for role_id, count in c.counts]
        try:
            target.mkdir(parents=True, exist_ok=True)
            _write(target / "aliases.csv", _ALIAS_COLUMNS, self.learned)
            _write(target / "contradictions.csv", _CONTRADICTION_COLUMNS, contradictions)
            _write(target / "reliability.csv", _RELIABILITY_COLUMNS, self.bins)
        except OSError as error:
            raise InputError(f"The overlay {folder} cannot be written: {error.strerror or error}.") from None

    @staticmethod
    def load(folder: str | Path) -> Overlay:
        """Read an overlay that `save` wrote or a person made; only aliases.csv must be there, with the columns `alias` and `role_id`.

        Raises:
            InputError: there is no such folder.
            TableError: a wrong row; the message has file, line and value.
        """
        source = Path(folder)
        if not (source / "aliases.csv").is_file():
            raise InputError(f"{folder} is no overlay: it has no aliases.csv. Make one with: titlenorm learn labelled.csv -o {folder}")
        learned = []
        for where, cells in _read(source / "aliases.csv", ("alias", "role_id")):
            labelled = _count(where, cells.get("labelled") or "1")
            kind, of = cells.get("kind") or "synonym", _count(where, cells.get("of") or str(labelled))
            learned.append(Learned(cells["alias"], cells["role_id"], kind, labelled, of, cells.get("overrules", "")))
        bins = []
        if (source / "reliability.csv").is_file():
            for where, cells in _read(source / "reliability.csv", _RELIABILITY_COLUMNS):
                try:
                    bins.append(Bin(method_name(cells["method"]), float(cells["strength"]), float(cells["score"]), int(cells["rows"])))
                except ValueError as error:
                    raise TableError(f"{where}: {error}") from None
        return Overlay(tuple(learned), (), tuple(bins))


def learn(normalizer: Normalizer, titles: Iterable[str], role_ids: Iterable[str]) -> Overlay:
    """What labelled titles teach.

    The words of a title without level, employment and noise become an alias of the role that more than half of the titles
    with these words are labelled with. With 200 titles or more it is also measured how reliable the answers then are.

    Args:
        normalizer: what reads the titles; its taxonomy has the roles.
        titles: raw titles.
        role_ids: the right role of each.

    Raises:
        UnknownRoleError: a role that the taxonomy does not have.
        InputError: not as many roles as titles.
    """
    raws, labels = list(titles), list(role_ids)
    if len(raws) != len(labels):
        raise InputError(f"{len(raws)} titles and {len(labels)} role ids: give one role id for each title.")
    for number, role_id in enumerate(labels, 1):
        if role_id not in normalizer.taxonomy.roles:
            raise UnknownRoleError.of(role_id, normalizer.taxonomy.roles, f"label {number} ({raws[number - 1]!r})")
    overlay = _learn(normalizer, raws, labels)
    if len(raws) < _FEWEST_FOR_RELIABILITY:
        return overlay
    return overlay._replace(bins=tuple(_left_out(normalizer, raws, labels)))


def _learn(normalizer: Normalizer, raws: Sequence[str], labels: Sequence[str]) -> Overlay:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for answers, role_id in zip(normalizer.pipeline.answers(raws), labels, strict=True):
        phrase = _phrase(answers)
        if phrase:
            votes[phrase][role_id] += 1
    known = {phrase: sense.role_id for phrase, sense in normalizer.pipeline.lexicon.phrases.items() if sense.role_id is not None}
    learned, contradictions = [], []
    for phrase, counts in sorted(votes.items()):
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        role_id, count = ranked[0]
        kept = role_id if 2 * count > counts.total() else None
        if len(ranked) > 1:
            contradictions.append(Contradiction(phrase, tuple(ranked), kept))
        before = known.get(phrase, "")
        for role_id, count in ranked:
            overrules = before if role_id == kept != before else ""
            learned.append(Learned(phrase, role_id, "synonym" if role_id == kept else "example", count, counts.total(), overrules))
    return Overlay(tuple(learned), tuple(contradictions))


def _phrase(answers: Sequence[Answer]) -> str:
    """The words of the leading title that say what the work is, in the order of the text."""
    if not answers:
        return ""
    draft = answers[0].draft
    telling = [part for part in (*draft.modifiers, *draft.tail_modifiers) if weight_of_modifier(part) >= _TELLING]
    words = [word for part in (*draft.core, *draft.context, *telling) for word in part.words if word.tokens]
    words.sort(key=lambda word: word.tokens[0].start)
    return " ".join(word.standard for word in words)


def _left_out(normalizer: Normalizer, raws: Sequence[str], labels: Sequence[str]) -> list[Bin]:
    """How reliable answers are: each half of the titles is answered by what the other half teaches."""
    measured: list[tuple[str, float, bool]] = []
    bundled = normalizer.taxonomy.kind == "bundled"
    for half in (0, 1):
        taught = normalizer.with_overlay(_learn(normalizer, raws[half::2], labels[half::2]), calibrated=False)
        for candidates, role_id in zip(taught.candidates_many(raws[1 - half :: 2], limit=1), labels[1 - half :: 2], strict=True):
            if candidates:
                measured.append((candidates[0].method.value if bundled else ANY, candidates[0].score, candidates[0].role.id == role_id))
    return reliability_of(measured)


def reliability_of(measured: Iterable[tuple[str, float, bool]]) -> list[Bin]:
    """Bins of a `Reliability` from answers that were checked.

    Args:
        measured: for each answer its method, its strength (0 to 1) and whether it was right.

    Returns:
        Bins of at least 40 answers each where there are that many; per method the score never falls.

    >>> reliability_of([("alias", 0.9, True)] * 98 + [("alias", 0.9, False)] * 2)
    [Bin(method='alias', strength=0.9, score=0.9706, rows=100)]
    """
    by_method: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for method, strength, right in measured:
        by_method[method].append((strength, right))
    return [entry for method in sorted(by_method) for entry in _bins(method, sorted(by_method[method]))]


def _bins(method: str, answers: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Neighbours pooled until there are enough of them and their share never falls; one right and one wrong answer are added to each."""
    pools: list[list[tuple[float, bool]]] = []
    start = 0
    while start < len(answers):
        end = min(start + _BIN_ROWS, len(answers))
        while end < len(answers) and answers[end][0] == answers[end - 1][0]:
            end += 1
        pools.append(list(answers[start:end]))
        start = end
        while len(pools) > 1 and (_share(pools[-2]) >= _share(pools[-1]) or len(pools[-1]) < _BIN_ROWS):
            last = pools.pop()
            pools[-1] += last
    return [Bin(method, round(sum(strength for strength, _ in pool) / len(pool), 4), round(_share(pool), 4), len(pool)) for pool in pools]


def _share(pool: Sequence[tuple[float, bool]]) -> float:
    return (sum(right for _, right in pool) + 1) / (len(pool) + 2)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _read(path: Path, required: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        missing = [name for name in required if name not in (reader.fieldnames or ())]
        if missing:
            raise TableError(f"{path}:1: the column {missing[0]!r} is missing. Columns found: {', '.join(reader.fieldnames or ()) or 'none'}.")
        for row in reader:
            yield f"{path}:{reader.line_num}", {name: value or "" for name, value in row.items() if name is not None}


def _count(where: str, text: str) -> int:
    if not text.isdecimal():
        raise TableError(f"{where}: {text!r} is no count of titles")
    return int(text)
