"""Scores are probabilities: the shipped weights and reliability, what a precision asks for, and the script that fits them."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import titlenorm
from titlenorm import Alias, Method, Options, Role, Status, Taxonomy, tables
from titlenorm.match.index import FEATURES
from titlenorm.match.reliability import ANY, Reliability

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared"
SCRIPT = ROOT / "benchmarks" / "fit_weights.py"
KINDS = ("bundled", "onet", "esco", "custom")
CASES = list(csv.DictReader(Path(__file__).with_name("cases").joinpath("locked.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", list(Method))
def test_every_kind_and_method_has_scores_that_only_rise_with_the_strength(kind, method):
    reliability = Reliability.of(kind)
    scores = [reliability.calibrate(method, step / 1000) for step in range(1001)]

    assert scores == sorted(scores)
    assert scores[0] == 0
    assert 0 < scores[-1] < 1
    assert scores[500] != 0.5  # measured, and not the strength itself


def test_the_shipped_reliability_names_only_what_there_is():
    for row in tables.read("reliability.csv"):
        kind, method, strength, score, rows, note = row.cells
        assert kind in KINDS
        assert method == ANY or Method(method)
        assert 0 <= float(strength) <= 1
        assert 0 <= float(score) < 1
        assert int(rows) >= 0
        assert note


def test_every_feature_of_likeness_has_a_weight_that_never_speaks_against_a_role():
    weights = {row.cells[0]: float(row.cells[1]) for row in tables.read("weights.csv")}

    assert {name for name in weights if name.startswith("like_")} == {f"like_{name}" for name in FEATURES}
    assert all(weights[f"like_{name}"] >= 0 for name in FEATURES)
    assert all(weights[name] > 0 for name in ("listed", "margin", "sole"))  # or they could change the order


def test_scores_of_known_titles_are_near_the_share_that_is_right():
    results = titlenorm.normalize_many([case["raw"] for case in CASES])
    known = [(result, case["role_id"].split("|")) for result, case in zip(results, CASES, strict=True) if result.candidates]
    scored = sorted((result.score, result.candidates[0].role.id in right) for result, right in known)
    tenths = [scored[number * len(scored) // 10 : (number + 1) * len(scored) // 10] for number in range(10)]
    error = sum(abs(sum(score - right for score, right in part)) for part in tenths) / len(scored)

    assert error <= 0.03


def test_a_precision_costs_coverage_and_nothing_else():
    titles = [case["raw"] for case in CASES if case["role_id"]]
    plain = titlenorm.Normalizer()
    strict = titlenorm.Normalizer(options=Options(precision=0.98))

    assert strict.min_score > plain.min_score
    kept = [result for result in strict.normalize_many(titles) if result.status is Status.RESOLVED]
    answers = {result.raw: result.role for result in plain.normalize_many(titles)}
    assert all(result.role == answers[result.raw] for result in kept)
    assert len(kept) >= 0.85 * len(titles)


def test_a_name_has_the_best_score_that_a_taxonomy_gives():
    for normalizer, title in ((titlenorm.Normalizer(), "Accountant"), (titlenorm.Normalizer(own_roles()), "Bread Baker")):
        result = normalizer.normalize(title)
        assert result.method is Method.EXACT
        assert result.score == Reliability.of(normalizer.taxonomy.kind).calibrate(Method.EXACT, 1.0)


def own_roles() -> Taxonomy:
    roles = [Role("B1", "Bread Baker"), Role("B2", "Oven Loader"), Role("B3", "Mill Hand")]
    aliases = [Alias("Crust Artist", "B1"), Alias("Loaf Maker", "B1"), Alias("Loaf Maker", "B2"), Alias("Grain Whisperer", "B3")]
    return Taxonomy(roles, aliases, kind="custom")


@pytest.mark.parametrize("title", ["Crust Artist", "Senior Crust Artist", "Crust Artist II", "CRUST ARTIST - Leeds", "Crust Artist (Remote)"])
def test_words_that_a_catalogue_lists_under_one_role_resolve(title):
    result = titlenorm.Normalizer(own_roles()).normalize(title)

    assert result.role.id == "B1"
    assert result.method is Method.ALIAS
    assert "listed" in result.candidates[0].evidence


def test_a_name_goes_before_an_alias_with_the_same_words():
    roles = Taxonomy([Role("A", "Bread Baker"), Role("B", "Oven Loader")], [Alias("Bread Baker", "B")], kind="custom")

    assert titlenorm.Normalizer(roles).normalize("Senior Bread Baker").role.id == "A"


@pytest.mark.parametrize("title", ["Software Engineer", "Bread", "Hand Surgeon", "Oven Salesman", "Loaf Maker"])
def test_what_a_catalogue_does_not_have_or_gives_to_two_roles_stays_open(title):
    assert titlenorm.Normalizer(own_roles()).normalize(title).role is None


def test_the_same_name_twice_is_ambiguous_and_never_a_choice():
    twice = Taxonomy([Role("A", "Bread Baker"), Role("B", "Bread Baker"), Role("C", "Mill Hand")], kind="custom")
    result = titlenorm.Normalizer(twice).normalize("Senior Bread Baker")

    assert result.status is Status.AMBIGUOUS
    assert [candidate.role.id for candidate in result.candidates[:2]] == ["A", "B"]


def test_the_fit_says_what_is_missing(tmp_path):
    run = subprocess.run([sys.executable, SCRIPT, tmp_path], capture_output=True, text=True)

    assert run.returncode == 1
    assert "has no cases/gold_dev.csv. The labelled titles are no part of the repository" in run.stderr


@pytest.mark.skipif(not (DATA / "cases" / "gold_dev.csv").is_file(), reason="the labelled titles are no part of the repository")
def test_the_fit_runs_and_changes_nothing_unless_it_is_told_to():
    before = tables.text("weights.csv") + tables.text("reliability.csv")
    run = subprocess.run([sys.executable, SCRIPT, DATA, "--stage", "tables", "--limit", "60"], capture_output=True, text=True, check=True)

    assert "log-loss, cross-validated: set by hand" in run.stdout
    assert tables.text("weights.csv") + tables.text("reliability.csv") == before
