"""Explanations: every feature that speaks for a role is shown with what it is, and the table that says so is complete."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import pytest

import titlenorm
from titlenorm import Alias, Normalizer, Role, Taxonomy
from titlenorm.explanation import explain, features
from titlenorm.match.index import FEATURES
from titlenorm.result import Candidate, Method, Result, Status

ROW = re.compile(r"  (\w+) +(-?\d+\.\d\d) x +(-?\d+\.\d\d) = +([+-]\d+\.\d\d)  (.+)")
SUM = re.compile(r"  sum +([+-]\d+\.\d\d)  strength (0\.\d{4}|1\.0000), score (0\.\d{4}|1\.0000)")


@pytest.mark.parametrize(
    "title",
    ["Sr. SWE II - Payments (Remote)", "VP, Eng", "Payments Sourcerer", "Growth & Whimsy Marketing Manager", "PM", "Keeper of the Ledgers", "Registered Nurse"],
)
def test_every_feature_is_shown_with_its_value_weight_and_meaning(title):
    result = titlenorm.normalize(title)
    shown = [match.groups() for match in map(ROW.fullmatch, result.explain().splitlines()) if match]
    best = result.candidates[0] if result.candidates else None
    assert sorted(name for name, *_ in shown) == sorted(best.evidence if best else ())
    for name, value, weight, added, meaning in shown:
        feature = features()[name]
        assert (float(value), float(weight), meaning) == (round(best.evidence[name], 2), feature.weight, feature.meaning)
        assert float(added) == pytest.approx(best.evidence[name] * feature.weight, abs=0.006)
    sums = [match.groups() for match in map(SUM.fullmatch, result.explain().splitlines()) if match]
    assert len(sums) == (best is not None)
    for total, strength, score in sums:
        exact = sum(features()[name].weight * value for name, value in best.evidence.items())
        assert float(total) == pytest.approx(exact, abs=0.006)
        assert float(strength) == pytest.approx(1 / (1 + math.exp(-exact)), abs=6e-5)
        assert float(score) == pytest.approx(best.score, abs=6e-5)


def test_likeness_is_explained_like_the_tables():
    normalizer = Normalizer(Taxonomy([Role("51-3011.00", "Bread Bakers"), Role("C", "Cook")], [Alias("dough shaping hand", "51-3011.00")], kind="esco"))
    text = normalizer.normalize("Dough Shaping Shift Person").explain()
    shown = {match[1]: match[5] for match in map(ROW.fullmatch, text.splitlines()) if match}
    assert {"tfidf", "like_alias", "like_cover"} <= shown.keys()
    assert shown["like_alias"] == features()["like_alias"].meaning
    assert "evidence for Bread Bakers\n" in text  # its id says nothing


def test_the_most_telling_comes_first_and_columns_stand_below_each_other():
    evidence = {"margin": 0.5, "tfidf": 1.0, "like_aliases": 0.25}
    result = Result("x", status=Status.UNRESOLVED, candidates=(Candidate(Role("a-b", "A B"), 0.5, Method.TFIDF, evidence),))
    lines = [line for line in explain(result).splitlines() if line.startswith("  ")]
    added = [abs(features()[name].weight * value) for name, value in evidence.items()]
    assert [abs(float(ROW.fullmatch(line)[4])) for line in lines[:-1]] == pytest.approx(sorted(added, reverse=True), abs=0.006)
    assert len({line.index("=") for line in lines[:-1]}) == 1
    assert len({re.search(r"[+-]\d+\.\d\d  ", line).end() for line in lines}) == 1


def test_where_two_are_close_both_are_explained_if_they_differ():
    roles = Role("a", "A"), Role("b", "B")
    first, second = (Candidate(role, 0.9, Method.ALIAS, {"alias": 1.0}) for role in roles)
    alike = Result("x", status=Status.AMBIGUOUS, candidates=(first, second))
    other = Result("x", status=Status.AMBIGUOUS, candidates=(first, second._replace(evidence={"phrase": 1.0})))
    assert [explain(result).count("evidence for") for result in (alike, other)] == [1, 2]


def test_further_titles_have_their_own_evidence():
    text = titlenorm.normalize("Founder & CEO").explain()
    assert "\nevidence for founder\n" in text
    assert "\n  evidence for chief-executive-officer\n" in text


def test_every_feature_has_a_meaning():
    for feature in features().values():
        assert len(feature.meaning) > 10
        assert feature.meaning[0].islower()
        assert not feature.meaning.endswith(".")


def test_the_table_has_each_feature_of_the_code_and_no_other():
    """Every text in the matchers that is a feature is in weights.csv, and every row of it is used by some code."""
    source = Path(titlenorm.__file__).parent
    texts = {
        node.value
        for path in (*(source / "match").glob("*.py"), source / "pipeline.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    likeness = {f"like_{name}" for name in FEATURES}
    assert likeness == {name for name in features() if name.startswith("like_")}
    assert features().keys() - likeness <= texts


def test_the_evidence_travels_in_plain_values():
    best = titlenorm.normalize("Registered Nurse").to_dict()["candidates"][0]
    assert best["evidence"] == {"name": 1.0}
