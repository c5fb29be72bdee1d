"""Fit the weights of evidence and the reliability of answers, from labelled titles, and print how they do on titles that were left out.

    python benchmarks/fit_weights.py DATA [--write] [--stage tables|likeness|reliability] [--limit 100]

DATA is described in labelled.py. Without --write nothing changes: each stage reports on the tables as they are. With it the
stages run in order, each on what the one before it wrote: weights of the tables' evidence, weights of likeness, reliability.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy
from sklearn.isotonic import IsotonicRegression

import labelled
import likeness
from calibration import (
    BY_HAND,
    FIRSTS,
    FOLDS,
    Answer,
    answers_of,
    bins_of,
    calibration_error,
    choose_pull,
    fit_evidence,
    fold_of,
    kept,
    of_judged,
    points_of,
    scores,
)
from titlenorm import Options, check, tables
from titlenorm.match.reliability import ANY, Bin, Reliability

STAGES = ("tables", "likeness", "reliability")
TFIDF = "tfidf"
PRECISION = 0.98
LEAST = Options().min_score
CATALOGUES = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="write weights.csv and reliability.csv of this checkout")
    parser.add_argument("--stage", choices=STAGES, help="only this one")
    parser.add_argument("--limit", type=int, help="titles of each ground, for a quick look")
    args = parser.parse_args()

    if not (args.data / "cases" / "gold_dev.csv").is_file():
        sys.exit(f"{args.data} has no cases/gold_dev.csv. The labelled titles are no part of the repository; labelled.py says what is needed.")
    if args.stage is None:  # a fresh interpreter each, since tables are read once and remembered
        for stage in STAGES:
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--stage", stage], check=True)
        return
    print(f"\n== {args.stage}", flush=True)
    {"tables": fit_tables, "likeness": fit_likeness, "reliability": fit_reliability}[args.stage](args.data, args.limit, args.write)


def fit_tables(data: Path, limit: int | None, write: bool) -> None:
    """Weights of what the tables say, and the reliability of the bundled roles, which the other kinds build on."""
    asked = [answer for answer in answers_of(labelled.gold(data, limit)) if answer is not None]
    more = [*of_judged(labelled.judged()), *(answer for answer in answers_of(labelled.own(limit)) if answer is not None)]
    prior = {**read_weights(), **BY_HAND}
    pull, losses = choose_pull(asked, more, prior)
    print("log-loss, cross-validated: " + "  ".join(f"{'set by hand' if key is None else f'pull {key:g}'} {value:.4f}" for key, value in losses.items()))
    weights = prior if pull is None else fit_evidence([*asked, *more], prior, pull)
    for name, value in weights.items():
        if value != prior[name]:
            print(f"  {name} {prior[name]:g} -> {value:g}")
    if write:
        write_weights(weights)
        write_reliability("bundled", bundled_bins([*asked, *of_judged(labelled.judged())], weights), "labelled and judged titles")


def fit_likeness(data: Path, limit: int | None, write: bool) -> None:
    """Weights of likeness: one set for vacancies, MELO, O*NET and what was learnt."""
    grounds = (
        labelled.vacancies(data, limit),
        labelled.melo(data, limit),
        labelled.onet(data, limit),
        labelled.learned(data, 0, limit),
        labelled.learned(data, 1, limit),
    )
    before = read_weights()
    sheets = [likeness.sheet_of(ground, before) for ground in grounds]
    start = numpy.array([before[name] for name in likeness.NAMES])
    weights = likeness.fit(sheets, start)
    print("as it was        " + likeness.shown(likeness.figures(sheets, start)))
    print("fitted           " + likeness.shown(likeness.figures(sheets, weights)))
    print("cross-validated  " + likeness.shown(likeness.cross_validated(sheets, start)))
    print("  " + "  ".join(f"{name} {old:g} -> {new:g}" for name, old, new in zip(likeness.NAMES, start, weights, strict=True) if old != new))
    if write:
        write_weights({**before, **dict(zip(likeness.NAMES, weights.tolist(), strict=True))})


def fit_reliability(data: Path, limit: int | None, write: bool) -> None:
    """Weights of what only the best candidate has, and for each kind of taxonomy how often answers of some strength are right."""
    kinds = {kind: [answer for answer in answers if answer is not None] for kind, answers in other_kinds(data, limit).items()}
    before = read_weights()
    weights = fit_firsts(kinds, before)
    print("  " + "  ".join(f"{name} {before[name]:g} -> {weights[name]:g}" for name in FIRSTS))
    report_bundled(data, limit, weights)
    gold = [answer for answer in answers_of(labelled.gold(data, limit)) if answer is not None]
    found = {"bundled": bundled_bins([*gold, *of_judged(labelled.judged())], weights)}
    for kind, answers in kinds.items():
        found[kind] = bins_of(ANY, points_of(answers, weights))
        report_kind(kind, answers, weights)
    if write:
        write_weights(weights)
        notes = {
            "bundled": "labelled and judged titles",
            "onet": "titles held out and listed",
            "esco": "vacancies, MELO and listed titles",
            "custom": "catalogues",
        }
        for kind, bins in found.items():
            write_reliability(kind, bins, notes[kind])


def other_kinds(data: Path, limit: int | None) -> dict[str, list[Answer | None]]:
    """Answers with other taxonomies; the grounds of one kind count alike, and listed titles a fifth."""
    vacancies, melo, onet = labelled.vacancies(data, limit), labelled.melo(data, limit), labelled.onet(data, limit)
    found = {
        "onet": [*evened(onet, 1000), *evened(labelled.listed(onet), 200)],
        "esco": [*evened(vacancies, 1000), *evened(melo, 1000), *evened(labelled.listed(vacancies), 400)],
        "custom": [answer for ground in labelled.catalogues(data, CATALOGUES, limit) for answer in evened(ground, 200)],
    }
    return found


def evened(ground: labelled.Ground, total: float) -> list[Answer | None]:
    """The answers of a ground, which together count as much as `total` titles."""
    share = total / len(ground.titles)
    return [answer._replace(weight=share) if answer is not None else None for answer in answers_of(ground)]


def fit_firsts(kinds: Mapping[str, Sequence[Answer]], before: Mapping[str, float]) -> dict[str, float]:
    """The weights of what only the best candidate has: they cannot change an order, only tell sure answers from unsure ones."""
    columns = {}
    for kind, answers in kinds.items():
        rest = [sum(before[name] * value for name, value in answer.evidence.items() if name not in FIRSTS) for answer in answers]
        firsts = [[answer.evidence.get(name, 0.0) for name in FIRSTS] for answer in answers]
        columns[kind] = (numpy.array(rest), numpy.array(firsts), numpy.array([(answer.right, answer.weight) for answer in answers]))
    best, weights = numpy.inf, numpy.array([before[name] for name in FIRSTS])
    for _ in range(3):
        for place in range(len(FIRSTS)):
            for value in range(1, 7):
                tried = weights.copy()
                tried[place] = value
                loss = sum(isotonic_loss(rest + firsts @ tried, *outcome.T) for rest, firsts, outcome in columns.values())
                if loss < best - 1e-5:
                    best, weights = loss, tried
    return {**before, **dict(zip(FIRSTS, weights.tolist(), strict=True))}


def isotonic_loss(total: numpy.ndarray, right: numpy.ndarray, counts: numpy.ndarray) -> float:
    """The cross-validated logarithmic loss of answers whose share of right ones only rises with their strength."""
    folds = numpy.array([fold_of(place) for place in range(len(total))])
    likely = numpy.zeros(len(total))
    for fold in range(FOLDS):
        inside = folds != fold
        curve = IsotonicRegression(out_of_bounds="clip").fit(total[inside], right[inside], counts[inside])
        likely[~inside] = curve.predict(total[~inside])
    likely = likely.clip(0.005, 0.995)
    return float(-(counts * (right * numpy.log(likely) + (1 - right) * numpy.log(1 - likely))).sum() / counts.sum())


def bundled_bins(answers: Sequence[Answer], weights: Mapping[str, float]) -> list[Bin]:
    """Likeness is a scale of its own; all that the tables say shares one."""
    by_tables = [answer for answer in answers if answer.method != TFIDF]
    alike = [answer for answer in answers if answer.method == TFIDF]
    return [*bins_of(ANY, points_of(by_tables, weights)), *(bins_of(TFIDF, points_of(alike, weights)) if alike else ())]


def report_bundled(data: Path, limit: int | None, weights: Mapping[str, float]) -> None:
    """The error of the score and what a precision costs, on labelled titles that were left out, and on all of them."""
    ground = labelled.gold(data, limit)
    titles = sum(bool(right) for right in ground.right)
    asked = [answer for answer in answers_of(ground) if answer is not None]
    judged = of_judged(labelled.judged())
    more = [*judged, *(answer for answer in answers_of(labelled.own(limit)) if answer is not None)]
    prior = {**weights, **BY_HAND}
    pull = choose_pull(asked, more, prior)[0]
    folds = [[answer for place, answer in enumerate(asked) if fold_of(place) != fold] for fold in range(FOLDS)]
    fits = [prior if pull is None else fit_evidence([*inside, *more], prior, pull) for inside in folds]
    for name, beside in (("the labelled titles alone", []), ("with the judged ones beside them", judged)):
        scored: dict[int, float] = {}
        thresholds: dict[int, float] = {}
        for fold, (inside, fitted) in enumerate(zip(folds, fits, strict=True)):
            reliability = Reliability(bundled_bins([*inside, *beside], fitted))
            outside = [place for place in range(len(asked)) if fold_of(place) == fold]
            scored.update(zip(outside, scores([asked[place] for place in outside], fitted, reliability), strict=True))
            thresholds.update(dict.fromkeys(outside, reliability.threshold(PRECISION).score))
        show_bundled(f"cross-validated, {name}", [scored[place] for place in range(len(asked))], asked, titles, thresholds)
    reliability = Reliability(bundled_bins([*asked, *judged], weights))
    least = reliability.threshold(PRECISION).score
    for name, answers, count in (("labelled titles", asked, titles), ("judged titles", judged, len(judged))):
        show_bundled(f"as shipped, on the {name}", scores(answers, weights, reliability), answers, count, dict.fromkeys(range(len(answers)), least))


def show_bundled(name: str, scored: Sequence[float], asked: Sequence[Answer], titles: int, thresholds: Mapping[int, float]) -> None:
    pairs = list(zip(scored, asked, strict=True))
    error = calibration_error(pairs)
    strict = kept(pairs, titles, lambda place: thresholds[place])
    plain = kept(pairs, titles, lambda _: LEAST)
    print(
        f"bundled, {name}: ece {error:.4f}; precision {PRECISION} asked for: {strict.precision:.4f} at coverage {strict.coverage:.4f}; "
        f"min_score {LEAST}: {plain.precision:.4f} at coverage {plain.coverage:.4f}"
    )


def report_kind(kind: str, answers: Sequence[Answer], weights: Mapping[str, float]) -> None:
    """The same for another kind, on tenths that were left out."""
    scored: list[tuple[float, Answer]] = []
    for fold in range(FOLDS):
        inside = [answer for place, answer in enumerate(answers) if fold_of(place) != fold]
        outside = [answer for place, answer in enumerate(answers) if fold_of(place) == fold]
        scored += zip(scores(outside, weights, Reliability(bins_of(ANY, points_of(inside, weights)))), outside, strict=True)
    error, total = calibration_error(scored), sum(answer.weight for answer in answers)
    steps = []
    for least in (0.5, LEAST, 0.8, 0.9):
        left = kept(scored, total, lambda _, least=least: least)
        steps.append(f"{least}: {left.precision:.3f} of {left.coverage:.3f}")
    print(f"{kind}, cross-validated: {len(answers)} answers, ece {error:.4f}; precision and share of titles from a score of " + ", ".join(steps))


def read_weights() -> dict[str, float]:
    return {row.cells[0]: float(row.cells[1]) for row in tables.read("weights.csv")}


def write_weights(weights: Mapping[str, float]) -> None:
    rows = [(name, f"{weights[name]:g}", note) for name, _, note in (row.cells for row in tables.read("weights.csv"))]
    write_table("weights.csv", rows)


def write_reliability(kind: str, bins: Sequence[Bin], note: str) -> None:
    others = [row.cells for row in tables.read("reliability.csv") if row.cells[0] != kind]
    write_table("reliability.csv", [*others, *((kind, entry.method, f"{entry.strength:.6f}", f"{entry.score:g}", str(entry.rows), note) for entry in bins)])


def write_table(name: str, rows: Iterable[Sequence[str]]) -> None:
    path = Path(tables.__file__).with_name("data") / name
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(tables.COLUMNS[name])
        writer.writerows(sorted(rows))
    check.fix()


if __name__ == "__main__":
    main()
