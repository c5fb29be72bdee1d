"""Labelled titles: the grounds on which weights and reliability are fitted, read from a folder of data that is no part of the repository.

The folder holds `cases/gold_dev.csv`, titles labelled with bundled roles, and `data/` with the public data sets that corpora.py describes.
"""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import corpora
from corpora import Corpus
from titlenorm import Alias, Normalizer, Role, Taxonomy
from titlenorm.learn import _learn  # aliases alone: how reliable they are is measured here

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases"
JUDGED = Path(__file__).resolve().with_name("judged.csv")
_DRESS = ("{}", "Senior {}", "{} II", "{} (Remote)", "{} - Leeds", "Junior {}", "{} / Night Shift", "Lead {}, Payments")
_OWN_COUNTS = 0.3  # cases that were written while the engine was tuned


class Ground(NamedTuple):
    """Titles with their right roles, and who answers them.

    `right[i]` are the ids of acceptable roles of title i; an empty set is a title without a role, which must not be resolved.
    `weights[i]` says how much the row counts. `sizes` counts the labels of a role, where labels and not roles are ranked.
    """

    name: str
    normalizer: Normalizer
    titles: list[str]
    right: list[set[str]]
    weights: list[float]
    sizes: Mapping[str, int] | None = None


class Judged(NamedTuple):
    """Answers of one kind that a reader judged: how they were found, and how many were right: a labeller would list the role for the title."""

    method: str
    evidence: dict[str, float]
    rows: int
    right: float


def judged() -> list[Judged]:
    """The counts of benchmarks/judged.csv: 1,982 titles drawn at random, the best candidate of each judged by a reader from title and role alone."""
    found = []
    for row in _rows(JUDGED):
        evidence = {name: float(value) for name, _, value in (part.partition("=") for part in row["evidence"].split(";"))}
        found.append(Judged(row["method"], evidence, int(row["rows"]), float(row["right"])))
    return found


def gold(folder: Path, limit: int | None = None) -> Ground:
    """Real titles that were labelled by hand, on the bundled roles."""
    rows = _some(_rows(folder / "cases" / "gold_dev.csv"), limit)
    right = [set(filter(None, row["role_ids"].split("|"))) if row["status"] == "resolved" else set() for row in rows]
    return Ground("gold", Normalizer(), [row["raw"] for row in rows], right, [1.0] * len(rows))


def own(limit: int | None = None) -> Ground:
    """The cases of the repository; they were written while the engine was tuned, so each counts less."""
    titles, right = [], []
    for row in _rows(CASES / "locked.csv"):
        titles.append(row["raw"])
        right.append(set(row["role_id"].split("|")))
    for row in _rows(CASES / "modifiers.csv"):
        titles.append(row["raw"])
        right.append(set(filter(None, [row["role_id"]])))
    for row in _rows(CASES / "titles.csv"):
        if row["status"] in ("resolved", "unresolved"):
            titles.append(row["raw"])
            right.append(set(filter(None, [row["role_id"]])))
    titles, right = _some(titles, limit), _some(right, limit)
    return Ground("own cases", Normalizer(), titles, right, [_OWN_COUNTS] * len(titles))


def vacancies(folder: Path, limit: int | None = None) -> Ground:
    """Real vacancies with the ESCO occupation that they were filed under; about six in ten labels are right."""
    return _of_corpus("vacancies", corpora.vacancies(folder / "data").sample(limit or 4000, seed=0))


def learned(folder: Path, seed: int, limit: int | None = None) -> Ground:
    """One random half of the vacancies, answered with what the other half teaches."""
    taught, asked = (half.sample(limit or 0, seed) for half in corpora.vacancies(folder / "data").halves(seed))
    plain = Normalizer(taught.taxonomy)
    overlay = _learn(plain, taught.titles, [role_id for right in taught.right for role_id in right])
    return _of_corpus(f"learned {seed}", asked)._replace(normalizer=plain.with_overlay(overlay))


def melo(folder: Path, limit: int | None = None) -> Ground:
    """The titles of O*NET as queries, the labels of ESCO as targets; a concept is a role, and its labels are ranked together."""
    corpus = corpora.melo(folder / "data")
    sizes = Counter(corpora.labels_of(corpus.taxonomy)[1])
    return _of_corpus("MELO", corpus.sample(limit or 0, seed=0))._replace(sizes=sizes)


def onet(folder: Path, limit: int | None = None) -> Ground:
    """A tenth of the alternate titles of O*NET held out; every code that lists the title counts."""
    return _of_corpus("O*NET", corpora.onet(folder / "data").sample(limit or 3000, seed=0))


def listed(ground: Ground) -> Ground:
    """Titles that the taxonomy of a ground lists as names or aliases, as many as a third of the titles of the ground."""
    taxonomy = ground.normalizer.taxonomy
    meaning: dict[str, set[str]] = defaultdict(set)
    for role in taxonomy.roles.values():
        meaning[role.name].add(role.id)
    for alias in taxonomy.aliases:
        meaning[alias.alias].add(alias.role_id)
    titles = random.Random(0).sample(sorted(meaning), len(ground.titles) // 3)
    return Ground(f"listed {ground.name}", ground.normalizer, titles, [meaning[title] for title in titles], [1.0] * len(titles))


def catalogues(folder: Path, count: int, limit: int | None = None) -> list[Ground]:
    """Catalogues such as companies keep: 30 to 300 roles with their names, a third of them with some aliases.

    They are drawn in turn from the bundled roles, O*NET and ESCO. Of the titles six in ten belong to a role of the catalogue:
    aliases that it does not list, those that it lists with a level or a place, and labelled titles. The others must not be resolved.
    """
    bundled = Taxonomy.bundled()
    esco = Taxonomy.from_esco(folder / "data" / "esco-1.2.0" / "occupations_en.csv")
    sources = (bundled, Taxonomy.from_onet(folder / "data" / "onet-30.0"), bundled, esco)
    known = gold(folder)
    labelled = [(title, right) for title, right in zip(known.titles, known.right, strict=True) if right]
    return [_catalogue(seed, sources[seed % len(sources)], labelled, limit) for seed in range(count)]


def _catalogue(seed: int, source: Taxonomy, labelled: Sequence[tuple[str, set[str]]], limit: int | None) -> Ground:
    rng = random.Random(seed)
    size = round(30 * 10 ** rng.random())
    chosen = sorted(rng.sample(sorted(source.roles), size))
    codes = {role_id: f"J{number:04d}" for number, role_id in enumerate(chosen)}
    rich = set(rng.sample(chosen, size // 3))
    meaning: dict[str, set[str]] = defaultdict(set)
    for alias in source.aliases:
        if alias.role_id and alias.kind in ("synonym", "abbreviation") and not alias.language:
            meaning[alias.alias].add(alias.role_id)
    listed = [(phrase, role_id) for phrase, roles in sorted(meaning.items()) for role_id in sorted(roles & rich) if rng.random() < 0.2]
    taxonomy = Taxonomy(
        [Role(codes[role_id], source.roles[role_id].name) for role_id in chosen],
        [Alias(phrase, codes[role_id]) for phrase, role_id in listed],
        f"catalogue {seed}",
        "custom",
    )
    pool = [(phrase, _nearest(roles, codes, source)) for phrase, roles in sorted(meaning.items())]
    if source.kind == "bundled":
        pool += [(title, _nearest(right, codes, source)) for title, right in labelled] * 5
    pool += [(source.roles[role_id].name, _nearest({role_id}, codes, source)) for role_id in sorted(source.roles)]
    written = [*listed, *((source.roles[role_id].name, role_id) for role_id in chosen)]
    dressed = [(rng.choice(_DRESS).format(phrase), {codes[role_id]}) for phrase, role_id in rng.sample(written, min(len(written), 60))]
    inside = rng.sample([row for row in pool if row[1]], 180)
    outside = rng.sample([row for row in pool if not row[1]], 160)
    return _ground(f"catalogue {seed}", taxonomy, _some([*inside, *dressed, *outside], limit))


def _nearest(right: Iterable[str], codes: dict[str, str], source: Taxonomy) -> set[str]:
    """The acceptable roles that the catalogue has; without one, those that are next wider."""
    found = {codes[role_id] for role_id in right if role_id in codes}
    return found or {codes[wider[0]] for role_id in right if (wider := [one for one in source.wider(role_id) if one in codes])}


def _of_corpus(name: str, corpus: Corpus) -> Ground:
    return _ground(name, corpus.taxonomy, list(zip(corpus.titles, map(set, corpus.right), strict=True)))


def _ground(name: str, taxonomy: Taxonomy, rows: Sequence[tuple[str, set[str]]]) -> Ground:
    return Ground(name, Normalizer(taxonomy), [title for title, _ in rows], [right for _, right in rows], [1.0] * len(rows))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _some(rows: list, limit: int | None) -> list:
    return rows if limit is None or limit >= len(rows) else random.Random(1).sample(rows, limit)
