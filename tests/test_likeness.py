"""Likeness: which role is most like a title, and how little memory that takes."""

from __future__ import annotations

import tracemalloc

import numpy
import pytest
from scipy import sparse

from titlenorm import Alias, Normalizer, Role, Taxonomy
from titlenorm.match.index import FEATURES, Bridge, Index, Phrases

WEIGHTS = [1.0] * len(FEATURES)
ROLES = [
    (["bread", "baker"], ["loaf", "maker"], ["bread", "oven", "hand"]),
    (["pastry", "cook"], ["cake", "maker"], ["cake", "decorator"]),
    (["van", "driver"], ["delivery", "driver"]),
]


def index_of(roles=ROLES, bridge=None, labels=None) -> Index:
    words = [list(phrase) for phrases in roles for phrase in phrases]
    first = numpy.concatenate([[0], numpy.cumsum([len(phrases) for phrases in roles])])
    return Index(Phrases(words, list(first), labels or [0] * len(roles)), WEIGHTS, bridge)


def ranked(index, *words, hints=None, limit=10):
    """Roles, best first, and a feature to value for each."""
    (likeness,) = index.search([dict.fromkeys(words, 1.0)], [hints or {}], limit)
    assert set(likeness.titles.tolist()) <= {0}
    features = [dict(zip(FEATURES, row, strict=True)) for row in likeness.features.tolist()]
    totals = likeness.features @ numpy.array(WEIGHTS)
    return [(int(likeness.roles[place]), features[place]) for place in numpy.argsort(-totals, kind="stable")]


@pytest.mark.parametrize(
    ("title", "role"),
    [("cake artist", 1), ("bread artist", 0), ("delivery person", 2), ("decorator", 1), ("loaf making", 0), ("driving", 2), ("breads", 0)],
)
def test_a_title_goes_to_the_role_with_the_nearer_alias(title, role):
    assert ranked(index_of(), *title.split())[0][0] == role


def test_what_is_measured_of_a_role():
    (_, best), *_ = ranked(index_of(), "cake", "maker")
    assert best["same"] == 1
    assert best["alias"] == pytest.approx(1, abs=1e-5)
    assert best["cover"] == pytest.approx(1, abs=1e-5)
    assert 0.25 < best["aliases"] < 0.5  # the four best together: one is the same, another one has a word of it
    assert best["known"] == pytest.approx(numpy.log1p(3), abs=1e-5)
    assert best["labels"] == best["tables"] == best["code"] == 0
    (_, inflected), *_ = ranked(index_of(), "cakes", "making")
    assert inflected["same"] == 0
    assert 0.1 < inflected["alias"] < 1


def test_all_measures_lie_between_none_and_one():
    index = index_of()
    for title in ("cake maker", "zzz", "cake zzz maker", "bread bread oven hand driver"):
        for _, features in ranked(index, *title.split()):
            assert all(-1e-6 <= value <= 1 + 1e-5 for name, value in features.items() if name not in ("known", "labels"))


def test_a_word_that_nobody_knows_makes_a_title_less_like_anything():
    known, unknown = (ranked(index_of(), *words)[0][1] for words in (("cake", "maker"), ("cake", "maker", "zzz")))
    assert unknown["alias"] < known["alias"]
    assert unknown["cover"] < known["cover"]
    assert ranked(index_of(), "zzz") == []


def test_labelled_titles_make_a_role_likelier():
    pair = [(["moon", "guide"],), (["moon", "guide"],)]
    assert [role for role, _ in ranked(index_of(pair, labels=[0, 9]), "moon")] == [1, 0]
    assert [role for role, _ in ranked(index_of(pair, labels=[9, 0]), "moon")] == [0, 1]


def test_what_the_bundled_tables_read_counts():
    cells = sparse.csr_matrix(numpy.array([[0, 0, 1.0], [0.5, 0, 0]], dtype=numpy.float32))
    index = index_of(bridge=Bridge(cells, cells, cells, cells))
    ((role, features),) = ranked(index, "zzz", hints={0: 0.8})
    assert role == 2
    assert [features[name] for name in Bridge._fields] == pytest.approx([0.8] * 4)
    assert ranked(index, "zzz", hints={1: 0.8})[0][0] == 0


def test_a_taxonomy_that_shares_nothing_with_the_bundled_tables():
    nothing = sparse.csr_matrix((2, 3), dtype=numpy.float32)
    index = index_of(bridge=Bridge(*[nothing] * 4))
    ((role, features), *_) = ranked(index, "cake", hints={0: 0.8})
    assert (role, features["tables"]) == (1, 0)


def test_a_title_is_measured_alike_alone_and_in_a_block():
    index = index_of()
    queries = [dict.fromkeys(title.split(), 1.0) for title in ("cake maker", "zzz", "van", "bread cake")] * 100  # more than a block
    together = [pair for block in index.search(queries, [{}] * len(queries), 3) for pair in zip(block.titles, block.roles, block.features, strict=True)]
    alone = []
    for title, query in enumerate(queries):
        (block,) = index.search([query], [{}], 3)
        alone += [(title, role, row) for role, row in zip(block.roles, block.features, strict=True)]
    key = lambda pair: (int(pair[0]), int(pair[1]))  # noqa: E731
    together.sort(key=key)
    alone.sort(key=key)
    assert list(map(key, together)) == list(map(key, alone))
    assert [row.tolist() for *_, row in together] == [row.tolist() for *_, row in alone]


def test_of_roles_that_are_equally_like_the_first_ones_are_measured():
    index = index_of([(["moon", "guide"],) for _ in range(100)])
    assert sorted(role for role, _ in ranked(index, "moon")) == list(range(16))
    assert sorted(role for role, _ in ranked(index, "moon", limit=40)) == list(range(40))


def test_an_index_of_nothing():
    assert ranked(index_of([]), "cake") == []
    assert ranked(index_of([(["of", "the"],), ([],)]), "of", "cake") == []
    assert ranked(index_of(), "of") == []  # it has no terms


def many_roles(roles: int, aliases: int) -> list[list[list[str]]]:
    """Roles of which each has words of its own and words that it shares with some others."""
    return [[[f"own{role}", f"shared{(role * 7 + alias) % 97}", f"word{alias}x{role % 13}"] for alias in range(aliases)] for role in range(roles)]


def test_an_index_holds_what_is_used_and_no_more():
    roles, words = 600, 20 * 3
    index = index_of(many_roles(roles, 20))
    kept = {name: part for name, part in vars(index).items() if isinstance(part, numpy.ndarray)}
    assert kept
    assert all(part.size <= roles * words * 2 + 1 for part in kept.values())  # a word and its stem for each word of an alias
    (found,) = index.search([{"own17": 1.0, "shared3": 1.0}], [{}], 5)
    assert 5 <= len(found.roles) < 40  # a few are measured in full, not all 600
    assert 17 in found.roles


def test_no_matrix_of_titles_by_aliases_is_ever_dense():
    """The memory of a search is far below that of one number for each title and alias."""
    index = index_of(many_roles(1500, 20))
    queries = [{f"own{number % 1500}": 1.0, f"shared{number % 97}": 1.0} for number in range(6000)]
    assert len(set(next(iter(index.search(queries[:10], [{}] * 10, 5))).titles.tolist())) == 10
    tracemalloc.start()
    for _ in index.search(queries, [{}] * len(queries), 5):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    dense = len(queries) * 30_000 * 4
    assert peak < dense / 4


def test_few_roles_with_many_aliases_take_no_more_memory():
    index = index_of(many_roles(3, 5000))
    queries = [{f"own{number % 3}": 1.0, f"shared{number % 97}": 1.0} for number in range(2000)]
    tracemalloc.start()
    for _ in index.search(queries, [{}] * len(queries), 5):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(queries) * 15_000 * 4 / 2


def test_likeness_from_end_to_end():
    roles = [Role("B", "Bread Baker"), Role("P", "Pastry Cook"), Role("D", "Van Driver")]
    normalizer = Normalizer(Taxonomy(roles, [Alias("dough shaping hand", "B"), Alias("icing hand", "P")], kind="esco"))
    assert normalizer.candidates("Shaper of Doughs", limit=1)[0].role.id == "B"
    assert normalizer.candidates("Icing Shift Person", limit=1)[0].role.id == "P"
    evidence = normalizer.candidates("Icing Shift Person", limit=1)[0].evidence
    assert evidence["tfidf"] == 1
    assert 0 < evidence["like_alias"] < 1
    assert normalizer.candidates("Icing Shift Person", limit=0) == []


def test_users_see_evidence_as_a_dict_whose_first_name_is_the_method():
    taxonomy = Taxonomy([Role(name, name.title()) for name in ("pastry cook", "van driver", "bread baker")], [])
    normalizer = Normalizer(taxonomy)
    candidates = [*normalizer.normalize("Pastry Shift Person").candidates, *normalizer.candidates("Bread Van Person", limit=2)]
    assert candidates
    for candidate in candidates:
        assert type(candidate.evidence) is dict
        assert next(iter(candidate.evidence)) == "tfidf"
        assert all(value or name == "margin" for name, value in candidate.evidence.items())
