"""Reliability: scores as probabilities, the precision that is asked for, and ties between roles."""

from __future__ import annotations

import random

import pytest

from titlenorm import Alias, Normalizer, Options, Proposal, Role, TableError, Taxonomy
from titlenorm.learn import reliability_of
from titlenorm.match.decide import Decider
from titlenorm.match.reliability import ANY, Bin, Reliability, Threshold, bin_of
from titlenorm.result import Method, Status

BINS = (Bin("alias", 0.2, 0.5, 50), Bin("alias", 0.9, 0.96, 100), Bin("exact", 0.99, 0.99, 200), Bin("tfidf", 0.4, 0.3, 150))


def tiny(**said) -> Taxonomy:
    roles = [
        Role("cook", "Cook"),
        Role("baker", "Bread Baker", broader="cook"),
        Role("rye", "Rye Baker", broader="baker"),
        Role("pastry", "Pastry Cook", broader="cook"),
        Role("driver", "Van Driver"),
    ]
    return Taxonomy(roles, **said)


@pytest.mark.parametrize("method", list(Method))
def test_a_stronger_answer_never_has_a_lower_score(method):
    reliability = Reliability(BINS)
    scores = [reliability.calibrate(method, strength / 100) for strength in range(101)]
    assert scores == sorted(scores)
    assert all(0 <= score <= 1 for score in scores)


def test_scores_lie_between_those_of_the_bins_around():
    reliability = Reliability(BINS)
    assert [reliability.calibrate(Method.ALIAS, strength) for strength in (0, 0.2, 0.55, 0.9, 1)] == [0.5, 0.5, 0.73, 0.96, 0.96]
    assert reliability.calibrate(Method.SPELLING, 0.42) == 0.42  # nothing is known of it
    assert Reliability([Bin(ANY, 0.5, 0.6, 9)]).calibrate(Method.SPELLING, 0.42) == 0.6


def test_a_score_that_falls_is_refused():
    with pytest.raises(TableError, match=r"score of alias falls from 0\.9 to 0\.8 at strength 0\.7"):
        Reliability([Bin("alias", 0.7, 0.8, 5), Bin("alias", 0.3, 0.9, 5)])


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (0.99, Threshold(0.975, 0.4, 0.99)),  # half way to the next bin
        (0.98, Threshold(0.73, 0.6, 0.98)),  # (200 x 0.99 + 100 x 0.96) / 300
        (0.9, Threshold(0.4, 0.7, 0.9114)),
        (0.7, Threshold(0.3, 1.0, 0.728)),
        (0.999, Threshold(0.975, 0.4, 0.99)),  # not reached: the surest answers
    ],
)
def test_the_threshold_is_the_lowest_score_that_reaches_the_precision(precision, expected):
    assert Reliability(BINS).threshold(precision) == expected


def test_what_comes_of_a_score():
    reliability = Reliability(BINS)
    assert reliability.at(0.97) == Threshold(0.97, 0.4, 0.99)
    assert reliability.at(0.995) == Threshold(0.995, 0.0, 0.0)
    assert reliability.at(0) == Threshold(0, 1.0, 0.728)


def test_without_bins_the_precision_is_taken_as_the_score():
    nothing = Reliability(())
    assert not nothing
    assert Reliability(BINS)
    assert nothing.threshold(0.9) == Threshold(0.9, 1.0, 0.9)


def test_thresholds_of_many_tables_keep_their_word():
    rng = random.Random(7)
    for _ in range(200):
        scores = sorted(rng.random() for _ in range(rng.randint(1, 9)))
        bins = [Bin("alias", place / 10, round(score, 3), rng.randint(1, 99)) for place, score in enumerate(scores)]
        reliability, wanted = Reliability(bins), rng.random()
        found = reliability.threshold(wanted)
        assert found == reliability.at(found.score)
        assert found.precision >= wanted or found[1:] == reliability.at(max(entry.score for entry in bins))[1:]
        lower = [reliability.at(entry.score) for entry in bins if entry.score < found.score]
        assert all(threshold.precision < wanted for threshold in lower)


def test_bins_never_fall_and_hold_every_answer_once():
    rng = random.Random(3)
    answers = [("alias", round(rng.random(), 2), rng.random() < 0.8) for _ in range(400)] + [("exact", 0.99, True)] * 10
    bins = reliability_of(answers)
    alias = [entry for entry in bins if entry.method == "alias"]
    assert sum(entry.rows for entry in alias) == 400
    assert all(entry.rows >= 40 for entry in alias)
    assert [entry.score for entry in alias] == sorted({entry.score for entry in alias})
    assert bins[-1] == Bin("exact", 0.99, round(11 / 12, 4), 10)
    assert Reliability(bins).bins == bins


@pytest.mark.parametrize("cells", [("alias", "x", "0.5", "3"), ("alias", "0.5", "inf", "3"), ("alias", "0.5", "0.5", "-3"), ("guess", "0.5", "0.5", "3")])
def test_a_broken_bin_names_its_place(cells):
    with pytest.raises(TableError, match=r"^here\.csv:7: "):
        bin_of(*cells, "here.csv:7")


def test_the_precision_moves_the_threshold_and_the_coverage():
    reliability = Reliability([Bin("exact", 0.9, 0.99, 100), Bin("alias", 0.9, 0.95, 100), Bin("spelling", 0.9, 0.7, 100), Bin("tfidf", 0.9, 0.2, 1)])
    taxonomy = tiny(aliases=[Alias("loaf maker", "baker")], kind="bundled")
    titles = ["Van Driver", "Senior Cook", "Loaf Maker", "Pastri Cook"]
    for precision, min_score, resolved in ((0.985, 0.97, 2), (0.96, 0.825, 3), (0.879, 0.45, 4)):
        normalizer = Normalizer(taxonomy, Options(precision=precision), reliability=reliability)
        assert normalizer.min_score == min_score
        statuses = [result.status for result in normalizer.normalize_many(titles)]
        assert statuses == [Status.RESOLVED] * resolved + [Status.UNRESOLVED] * (4 - resolved)


def decided(role_ids, **options):
    decider = Decider(Options(**options), tiny(), Reliability(()))
    return decider.decide([Proposal(role_id, Method.ALIAS, {"alias": 1.0}, "An alias.") for role_id in role_ids], 5)


@pytest.mark.parametrize(
    ("tied", "wider"),
    [(["baker", "pastry"], "cook"), (["rye", "baker"], "baker"), (["rye", "pastry"], "cook"), (["rye", "baker", "pastry"], "cook")],
)
def test_a_tie_backs_off_to_the_role_that_is_wider_than_all(tied, wider):
    decision = decided(tied, backoff=True)
    names = [tiny().roles[role_id].name for role_id in tied]
    assert (decision.status, decision.candidates[0].role.id) == (Status.RESOLVED, wider)
    assert decision.reason == f"{' and '.join(names)} are equally likely; {tiny().roles[wider].name} is wider than each of them."
    assert [candidate.role.id for candidate in decision.candidates[1:]] == [role_id for role_id in tied if role_id != wider]
    assert decision.candidates[0].score >= decision.candidates[1].score


def test_without_a_shared_wider_role_or_the_option_a_tie_stays_ambiguous():
    for tied, options in ((["baker", "driver"], {"backoff": True}), (["baker", "pastry"], {})):
        decision = decided(tied, **options)
        assert decision.status is Status.AMBIGUOUS
        assert [candidate.role.id for candidate in decision.candidates] == tied


def test_a_clear_answer_does_not_back_off():
    decider = Decider(Options(backoff=True), tiny(), Reliability(()))
    decision = decider.decide([Proposal("baker", Method.EXACT, {"name": 1.0}, "Its name."), Proposal("pastry", Method.ALIAS, {"related": 1.0})], 5)
    assert (decision.status, decision.candidates[0].role.id, decision.reason) == (Status.RESOLVED, "baker", "Its name.")


def test_a_doubtful_tie_stays_open_until_the_wider_role_is_likely_enough():
    decider = Decider(Options(backoff=True, min_score=0.5), tiny(), Reliability([Bin("alias", 0.9, 0.4, 10)]))
    proposals = [Proposal(role_id, Method.ALIAS, {"ambiguous": 1.0}) for role_id in ("baker", "pastry")]
    assert decider.decide(proposals, 5).candidates[0].score == 0.64  # one of the two is right more often than each of them
    assert decider.decide(proposals, 5).status is Status.RESOLVED
    strict = Decider(Options(backoff=True, min_score=0.7), tiny(), Reliability([Bin("alias", 0.9, 0.4, 10)]))
    assert strict.decide(proposals, 5).status is Status.AMBIGUOUS


def test_backing_off_from_end_to_end():
    taxonomy = tiny().merge([Alias("oven artist", "baker", "related"), Alias("oven artist", "pastry", "related"), Alias("road artist", "driver", "related")])
    taxonomy = Taxonomy(taxonomy.roles.values(), [*taxonomy.aliases, Alias("road artist", "pastry", "related")], kind="bundled")
    plain, backing = Normalizer(taxonomy), Normalizer(taxonomy, Options(backoff=True))
    assert plain.normalize("Oven Artist").status is Status.AMBIGUOUS
    result = backing.normalize("Senior Oven Artist")
    assert (result.status, result.role.id) == (Status.RESOLVED, "cook")
    assert "Cook is wider than each of them." in result.explain()
    assert backing.normalize("Road Artist").status is Status.AMBIGUOUS
    assert backing.normalize_columns(["Oven Artist"])["role_id"] == ["cook"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"min_score": 1.5}, ValueError),
        ({"min_score": float("nan")}, ValueError),
        ({"min_margin": -0.1}, ValueError),
        ({"precision": 1}, ValueError),
        ({"precision": 98}, ValueError),
        ({"candidates": 0}, ValueError),
        ({"candidates": 2.5}, TypeError),
        ({"others": True}, TypeError),
        ({"min_score": "0.8"}, TypeError),
        ({"backoff": "yes"}, TypeError),
        ({"min_scores": 0.8}, TypeError),
    ],
)
def test_an_option_that_cannot_be_is_refused_by_its_name(wrong, error):
    with pytest.raises(error, match=next(iter(wrong))):
        Options(**wrong)


def test_options_do_not_change():
    options = Options(min_score=1, candidates=3)

    with pytest.raises(AttributeError):
        options.min_score = 0.5
