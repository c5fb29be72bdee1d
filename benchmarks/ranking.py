"""Ranking: how well titles find their role among those of ESCO and O*NET, beside targets and published figures.

    python benchmarks/ranking.py [../shared/data] [--only melo vacancies learned onet]

`corpora.py` says which public data sets the folder has; one that is missing is skipped. The table is Markdown.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import corpora
import measures
from corpora import Corpus
from titlenorm import Normalizer, Taxonomy

RANKED = 100  # roles that are looked at per title, and labels of MELO, as its own evaluation does

NOTES = """
- Nothing is learned but in the rows that say so.
- The bundled tables lend knowledge to every taxonomy: titles and labels are also read as the {roles} bundled roles. Those carry ESCO labels
  and SOC 2018 codes, which join them to roles with the same code: a concept mapping, made by hand. In rows "without shared codes" the
  taxonomy has no codes; the reading by words remains, and there is no switch for it.
- MELO: its own concept mapping groups labels to concepts, and concepts are ranked. They have no codes. Published runs rank labels, each
  by itself. For the figures over labels ours are ranked concept by concept, all labels of one before the next, and as in the published
  evaluation the first 100 count. That order serves MAP and costs MRR: a wrong first concept puts all its labels before the right one.
  MRR over concepts has no published counterpart.
- O*NET: a title counts as found when any code that lists it is found.
"""


class Figure(NamedTuple):
    """One row of the table."""

    on: str
    measure: str
    value: float
    target: str = ""
    published: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    args = parser.parse_args()

    print("| on | measure | titlenorm | target | published |\n|---|---|---|---|---|")
    for name in args.only:
        started = time.perf_counter()
        try:
            for figure in SECTIONS[name](args.data):
                print(f"| {figure.on} | {figure.measure} | {figure.value:.4f} | {figure.target} | {figure.published} |", flush=True)
        except FileNotFoundError as error:
            print(f"{name} is skipped: {error.filename} is not there. Name the folder of the data: python benchmarks/ranking.py FOLDER", file=sys.stderr)
            continue
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(NOTES.format(roles=len(Taxonomy.bundled())))


def on_melo(root: Path) -> Iterator[Figure]:
    corpus = corpora.melo(root)
    ranked = _ranked(Normalizer(corpus.taxonomy), corpus.titles)
    ranks = [measures.rank_of(some, right) for some, right in zip(ranked, corpus.right, strict=True)]
    sizes = Counter(corpora.labels_of(corpus.taxonomy)[1])
    flags = [measures.elements(some, sizes, right, RANKED) for some, right in zip(ranked, corpus.right, strict=True)]
    relevant = [sum(sizes[concept] for concept in right) for right in corpus.right]
    first = [some.index(True) + 1 if True in some else None for some in flags]
    on = f"MELO, {len(corpus.titles)} queries, {len(corpus.taxonomy)} concepts"
    yield Figure(on, "success@1", measures.within(ranks, 1), "0.56", "0.556 (OpenAI), 0.523 (lexical)")
    yield Figure(on, "MRR over concepts", measures.reciprocal(ranks), "0.68")
    yield Figure(on, "MRR over labels", measures.reciprocal(first), "", "0.684 (OpenAI), 0.606 (lexical)")
    average = measures.mean(measures.average_precision(some, count) for some, count in zip(flags, relevant, strict=True))
    yield Figure(on, "MAP over labels", average, "0.60", "0.474 (E5), 0.241 (lexical)")


def on_vacancies(root: Path) -> Iterator[Figure]:
    corpus = corpora.vacancies(root)
    for name, one in (("", corpus), (", without shared codes", corpora.without_codes(corpus))):
        ranks = _ranks(Normalizer(one.taxonomy), one)
        on = f"vacancies, {len(one.titles):,} titles, ESCO{name}"
        yield Figure(on, "MRR", measures.reciprocal(ranks), "0.38", "0.309 (JobBERT), 0.390 (JobBERT-v2)")
        yield Figure(on, "R@1", measures.within(ranks, 1))
        yield Figure(on, "R@10", measures.within(ranks, 10), "0.57")


def on_learned(root: Path) -> Iterator[Figure]:
    corpus = corpora.vacancies(root)
    for seed in (0, 1):
        taught, asked = corpus.halves(seed)
        normalizer = Normalizer(corpus.taxonomy).learn(taught.titles, [next(iter(right)) for right in taught.right])
        ranks = _ranks(normalizer, asked)
        on = f"vacancies, learned on one half, scored on the other, seed {seed}"
        yield Figure(on, "MRR", measures.reciprocal(ranks), "0.56")
        yield Figure(on, "R@10", measures.within(ranks, 10), "0.78")


def on_onet(root: Path) -> Iterator[Figure]:
    corpus = corpora.onet(root)
    for name, one in (("", corpus), (", without shared codes", corpora.without_codes(corpus))):
        ranks = _ranks(Normalizer(one.taxonomy), one)
        on = f"O\\*NET 30.0, {len(one.titles):,} alternate titles held out{name}"
        yield Figure(on, "R@1", measures.within(ranks, 1), "0.60")
        yield Figure(on, "R@5", measures.within(ranks, 5), "0.85")


SECTIONS: dict[str, Callable[[Path], Iterator[Figure]]] = {"melo": on_melo, "vacancies": on_vacancies, "learned": on_learned, "onet": on_onet}


def _ranked(normalizer: Normalizer, titles: list[str]) -> list[list[str]]:
    return [[candidate.role.id for candidate in some] for some in normalizer.candidates_many(titles, RANKED)]


def _ranks(normalizer: Normalizer, corpus: Corpus) -> list[int | None]:
    return [measures.rank_of(some, right) for some, right in zip(_ranked(normalizer, corpus.titles), corpus.right, strict=True)]


if __name__ == "__main__":
    main()
