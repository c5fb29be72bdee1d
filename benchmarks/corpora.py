"""Corpora: titles whose right roles are known, read from public data sets that are not part of the repository.

The folder of the data has:

    melo-usa-en/   queries.tsv, corpus_elements.tsv, concept_mapping.tsv, annotations.tsv    MELO, United States, English
    jobbert/       titles.csv with vacancyTitle, conceptUri                                  vacancies of JobBERT
    esco-1.2.0/    occupations_en.csv                                                        ESCO, English
    onet-30.0/     the Excel files of O*NET
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from titlenorm import Alias, Role, Taxonomy

__all__ = ["Corpus", "labels_of", "melo", "onet", "vacancies", "without_codes"]


class Corpus(NamedTuple):
    """Titles, the ids of the right roles of each, and the taxonomy that has these roles."""

    taxonomy: Taxonomy
    titles: list[str]
    right: list[frozenset[str]]

    def sample(self, size: int, seed: int) -> Corpus:
        """Some of the titles at random, or all of them when there are no more than `size` or `size` is 0."""
        if not 0 < size < len(self.titles):
            return self
        return self.part(random.Random(seed).sample(range(len(self.titles)), size))

    def halves(self, seed: int) -> tuple[Corpus, Corpus]:
        """The titles in two halves at random."""
        places = list(range(len(self.titles)))
        random.Random(seed).shuffle(places)
        middle = len(places) // 2
        return self.part(places[:middle]), self.part(places[middle:])

    def part(self, places: Sequence[int]) -> Corpus:
        return Corpus(self.taxonomy, [self.titles[place] for place in places], [self.right[place] for place in places])


def melo(root: Path) -> Corpus:
    """The occupations of O*NET as queries, the labels of ESCO as targets, grouped to concepts by the concept mapping.

    The first label of a concept is its name. There are no codes, so that nothing joins a concept to a bundled role but its words.
    """
    folder = root / "melo-usa-en"
    concept_of = {cells[0]: cells[1] for cells in _tab_separated(folder / "concept_mapping.tsv")}
    names: dict[str, str] = {}
    aliases = []
    for element, label in _tab_separated(folder / "corpus_elements.tsv"):
        concept = concept_of[element]
        if concept in names:
            aliases.append(Alias(label, concept))
        else:
            names[concept] = label
    right: dict[str, set[str]] = defaultdict(set)
    for query, _, element, _ in _tab_separated(folder / "annotations.tsv"):
        right[query].add(concept_of[element])
    queries = list(_tab_separated(folder / "queries.tsv"))
    taxonomy = Taxonomy([Role(concept, name) for concept, name in names.items()], aliases, "MELO", "esco")
    return Corpus(taxonomy, [title for _, title in queries], [frozenset(right[query]) for query, _ in queries])


def vacancies(root: Path) -> Corpus:
    """Titles of vacancies, each with one occupation of ESCO."""
    taxonomy = Taxonomy.from_esco(root / "esco-1.2.0")
    with (root / "jobbert" / "titles.csv").open(encoding="utf-8", newline="") as handle:
        rows = [(row["vacancyTitle"], row["conceptUri"]) for row in csv.DictReader(handle)]
    known = [(title, concept) for title, concept in rows if concept in taxonomy.roles]
    return Corpus(taxonomy, [title for title, _ in known], [frozenset([concept]) for _, concept in known])


def onet(root: Path, seed: int = 0) -> Corpus:
    """A tenth of the alternate titles of O*NET, held out; any code that lists the title is right.

    A row of Alternate Titles may give several aliases, such as its short title. All of a held-out row are held out.
    """
    whole = Taxonomy.from_onet(root / "onet-30.0")
    listed: dict[str, set[str]] = defaultdict(set)
    for role in whole.roles.values():
        listed[role.name.casefold()].add(role.id)
    rows: dict[str, Alias] = {}
    for alias in whole.aliases:
        listed[alias.alias.casefold()].add(alias.role_id)
        rows.setdefault(alias.where, alias)
    held = set(random.Random(seed).sample(sorted(rows), len(rows) // 10))
    kept = [alias for alias in whole.aliases if alias.where not in held]
    titles = [rows[where].alias for where in sorted(held)]
    taxonomy = Taxonomy(whole.roles.values(), kept, whole.name, "onet", whole.origin)
    return Corpus(taxonomy, titles, [frozenset(listed[title.casefold()]) for title in titles])


def without_codes(corpus: Corpus) -> Corpus:
    """The same corpus with roles that carry no codes, so that no code joins them to bundled roles."""
    old = corpus.taxonomy
    roles = [role._replace(codes={}) for role in old.roles.values()]
    return corpus._replace(taxonomy=Taxonomy(roles, old.aliases, old.name, old.kind, old.origin))


def labels_of(taxonomy: Taxonomy) -> tuple[list[str], list[str]]:
    """The names and aliases that mean a role, role by role, and the role of each."""
    by_role: dict[str, list[str]] = {role.id: [role.name] for role in taxonomy.roles.values()}
    for alias in taxonomy.aliases:
        if alias.role_id and alias.kind not in ("related", "example"):
            by_role[alias.role_id].append(alias.alias)
    return [label for labels in by_role.values() for label in labels], [role_id for role_id, labels in by_role.items() for _ in labels]


def _tab_separated(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8") as handle:
        return [line.rstrip("\n").split("\t") for line in handle]
