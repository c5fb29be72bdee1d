"""Labelled titles: the grounds on which weights and reliability are fitted, read from a folder of data that is no part of the repository.

The folder holds `cases/gold_dev.csv` and `data/` with `esco-1.2.0`, `jobbert`, `melo-usa-en` and `onet-30.0`, as they are downloaded.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

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
    sizes: dict[str, int] | None = None


class Judged(NamedTuple):
    """Answers of one kind that a reader judged: how they were found, and how many were right (a doubtful one counts half)."""

    method: str
    evidence: dict[str, float]
    rows: int
    right: float


def judged() -> list[Judged]:
    """The counts of benchmarks/judged.csv: 366 titles drawn at random that the tables answer, judged by a reader."""
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
    taxonomy = Taxonomy.from_esco(folder / "data" / "esco-1.2.0" / "occupations_en.csv")
    rows = _vacancies(folder, taxonomy)
    random.Random(0).shuffle(rows)
    return _ground("vacancies", taxonomy, rows[: limit or 4000])


def learned(folder: Path, seed: int, limit: int | None = None) -> Ground:
    """One random half of the vacancies, answered with what the other half teaches."""
    taxonomy = Taxonomy.from_esco(folder / "data" / "esco-1.2.0" / "occupations_en.csv")
    rows = _vacancies(folder, taxonomy)
    random.Random(seed).shuffle(rows)
    taught, asked = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    taught, asked = _some(taught, limit), _some(asked, limit)
    plain = Normalizer(taxonomy)
    normalizer = plain.with_overlay(_learn(plain, [title for title, _ in taught], [role_id for _, role_id in taught]))
    return Ground(f"learned {seed}", normalizer, [title for title, _ in asked], [{role_id} for _, role_id in asked], [1.0] * len(asked))


def melo(folder: Path, limit: int | None = None) -> Ground:
    """The titles of O*NET as queries, the labels of ESCO as targets; a concept is a role, and its labels are ranked together."""
    base = folder / "data" / "melo-usa-en"
    concept = dict(_tabs(base / "concept_mapping.tsv"))
    names: dict[str, str] = {}
    aliases, sizes = [], defaultdict(int)
    for element, label in _tabs(base / "corpus_elements.tsv"):
        uri = concept[element]
        sizes[uri] += 1
        if names.setdefault(uri, label) is not label:
            aliases.append(Alias(label, uri))
    taxonomy = Taxonomy([Role(uri, name) for uri, name in names.items()], aliases, "MELO", "esco")
    right: dict[str, set[str]] = defaultdict(set)
    for query, _, element, _ in _tabs(base / "annotations.tsv"):
        right[query].add(concept[element])
    rows = [(title, right[query]) for query, title in _tabs(base / "queries.tsv")]
    return _ground("MELO", taxonomy, _some(rows, limit), dict(sizes))


def onet(folder: Path, limit: int | None = None) -> Ground:
    """A tenth of the alternate titles of O*NET held out; every code that lists the title counts."""
    full = Taxonomy.from_onet(folder / "data" / "onet-30.0")
    written = [alias for alias in full.aliases if alias.kind != "abbreviation"]
    random.Random(0).shuffle(written)
    held = {alias.alias.casefold() for alias in written[: len(written) // 10]}
    lists: dict[str, set[str]] = defaultdict(set)
    for alias in written:
        lists[alias.alias.casefold()].add(alias.role_id)
    out = {id(alias) for alias in written[: len(written) // 10]}
    taxonomy = Taxonomy(full.roles.values(), [alias for alias in full.aliases if id(alias) not in out], "O*NET", "onet")
    asked = [alias for alias in written[: len(written) // 10] if alias.alias.casefold() in held]
    return _ground("O*NET", taxonomy, [(alias.alias, lists[alias.alias.casefold()]) for alias in asked[: limit or 3000]])


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


def _vacancies(folder: Path, taxonomy: Taxonomy) -> list[tuple[str, str]]:
    rows = _rows(folder / "data" / "jobbert" / "titles.csv")
    return [(row["vacancyTitle"], row["conceptUri"]) for row in rows if row["conceptUri"] in taxonomy.roles]


def _ground(name: str, taxonomy: Taxonomy, rows: Sequence[tuple[str, str | set[str]]], sizes: dict[str, int] | None = None) -> Ground:
    right = [{role} if isinstance(role, str) else set(role) for _, role in rows]
    return Ground(name, Normalizer(taxonomy), [title for title, _ in rows], right, [1.0] * len(rows), sizes)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _tabs(path: Path) -> list[list[str]]:
    return [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")]


def _some(rows: list, limit: int | None) -> list:
    return rows if limit is None or limit >= len(rows) else random.Random(1).sample(rows, limit)
