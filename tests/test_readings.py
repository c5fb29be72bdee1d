"""What the bundled tables read in the texts of a taxonomy, kept in its file."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from titlenorm import Alias, Normalizer, Options, Role, TableError, Taxonomy, tables
from titlenorm.bridge import Tables
from titlenorm.cli import main
from titlenorm.normalizer import keep_readings
from titlenorm.taxonomy.readings import MEMBER, Readings, from_member, to_member

TITLES = ["Bookkeeping Guru", "Junior Ledger Person", "Shop Assistant", "Baker of Cakes", "Sourdough Hero"]


def shop() -> Taxonomy:
    roles = [Role("L", "Ledger Keeper"), Role("S", "Sales Clerk", codes={"soc2018": "41-2031"}), Role("C", "Cake Baker")]
    return Taxonomy(roles, [Alias("bookkeeper", "L"), Alias("retail seller", "S"), Alias("###", "C"), Alias("shop", "S", "related")], "shop", "esco")


class Reader:
    """The pipeline of the bundled tables; what it is asked is written down."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def answers(self, texts):
        self.asked += texts
        return bundled().pipeline.answers(texts)


@cache
def bundled() -> Normalizer:
    return Normalizer(options=Options(tfidf=False))


def lender() -> tuple[Tables, list[str]]:
    reader = Reader()
    return Tables(reader, bundled().taxonomy), reader.asked


def kept() -> Taxonomy:
    taxonomy = shop()
    keep_readings(taxonomy)
    return taxonomy


def same(first, second) -> bool:
    return all((mine != theirs).nnz == 0 for mine, theirs in zip(first, second, strict=True))


def test_answers_are_the_same_with_and_without():
    plain, quick = Normalizer(shop()), Normalizer(kept())
    assert quick.normalize_many(TITLES) == plain.normalize_many(TITLES)
    assert [quick.candidates(title) for title in TITLES] == [plain.candidates(title) for title in TITLES]


def test_what_is_kept_is_not_read_again(tmp_path):
    taxonomy = kept()
    taxonomy.save(tmp_path / "shop.titlenorm")
    loaded = Taxonomy.load(tmp_path / "shop.titlenorm")
    fresh, asked = lender()
    expected = fresh.bridge(shop())
    assert asked == ["Ledger Keeper", "Sales Clerk", "Cake Baker", "bookkeeper", "retail seller", "###"]
    again, asked = lender()
    assert same(again.bridge(loaded), expected)
    assert asked == []


def test_what_an_overlay_adds_is_read_and_the_rest_is_kept():
    merged = kept().merge([Alias("bread seller", "S", labelled=2), Alias("bookkeeper", "C")])
    assert MEMBER in merged.members
    tables_, asked = lender()
    bridge = tables_.bridge(merged)
    assert asked == ["bread seller"]
    plain, _ = lender()
    assert same(bridge, plain.bridge(shop().merge([Alias("bread seller", "S", labelled=2), Alias("bookkeeper", "C")])))


def test_other_members_do_not_outlive_a_merge():
    taxonomy = Taxonomy([Role("L", "Clerk")], members={"index/terms.npy": b"1", "texts/more.json": b"2"})
    assert taxonomy.merge([Alias("x", "L")]).members == {"texts/more.json": b"2"}


def test_readings_of_other_tables_are_made_anew():
    taxonomy = kept()
    known = from_member(taxonomy.members[MEMBER], 10_000, "shop")
    wrong = {text: {0: 1.0} for text in known.texts}
    taxonomy.members[MEMBER] = to_member(Readings("titlenorm 0.0.9, tables 2020.1.0 (000000000000)", wrong))
    tables_, asked = lender()
    plain, _ = lender()
    assert same(tables_.bridge(taxonomy), plain.bridge(shop()))
    assert len(asked) == len(known.texts)


def test_what_a_file_says_does_not_reach_another_taxonomy():
    hostile = shop()
    hostile.members[MEMBER] = to_member(Readings(tables.stamp(), {"bookkeeper": {5: 1.0}}))
    tables_, _ = lender()
    plain, _ = lender()
    expected = plain.bridge(shop())
    assert not same(tables_.bridge(hostile), expected)
    assert same(tables_.bridge(shop()), expected)


def test_the_bundled_taxonomy_keeps_nothing():
    taxonomy = Taxonomy([Role("L", "Clerk")], kind="bundled")
    keep_readings(taxonomy)
    assert taxonomy.members == {}


GOOD = {"stamp": "x", "texts": ["a", "b"], "sizes": [1, 1], "roles": [0, 8], "scores": [0.5, 1.0]}


@pytest.mark.parametrize(
    "change",
    [
        {"stamp": 3}, {"texts": None}, {"texts": ["a", 1]}, {"texts": ["a"]}, {"sizes": [1, 2]}, {"sizes": [3, -1]}, {"sizes": [True, 1]},
        {"sizes": [1.0, 1.0]},
        {"roles": [0, 9]}, {"roles": [-1, 0]}, {"roles": [0]}, {"roles": {"0": 1}}, {"scores": [0.5, 1.1]}, {"scores": [-0.1, 1.0]},
        {"scores": [0.5, float("nan")]},
        {"scores": ["0.5", "1"]}, {"scores": [1, 1]},
    ],
)  # fmt: skip
def test_a_member_that_is_something_else_is_refused(change):
    assert from_member(json.dumps(GOOD).encode(), 9, "x.titlenorm").texts == {"a": {0: 0.5}, "b": {8: 1.0}}
    with pytest.raises(TableError, match=r"x\.titlenorm: the member texts/readings\.json is not what it should be\. Make the file again"):
        from_member(json.dumps(GOOD | change).encode(), 9, "x.titlenorm")


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000, b"[]," * 2_000_000])
def test_a_member_that_is_no_table_is_refused(data):
    with pytest.raises(TableError):
        from_member(data, 9, "x.titlenorm")


def test_import_keeps_them_and_info_says_whether_they_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("roles.csv").write_text("id,name,aliases\nL,Ledger Keeper,bookkeeper|accounts person\nS,Sales Clerk,\n")
    run = CliRunner().invoke
    assert run(main, ["taxonomy", "import", "file", "roles.csv", "-o", "own.titlenorm"]).exit_code == 0
    said = run(main, ["taxonomy", "info", "own.titlenorm"]).output
    assert f"4 texts were read by {tables.stamp()}\n" in said
    assert MEMBER in said
    assert "read again" not in said
    monkeypatch.setattr(tables, "stamp", lambda: "titlenorm 9.9.9, tables 2099.1.0 (0123456789ab)")
    assert "they are read again at each start. Import it again" in run(main, ["taxonomy", "info", "own.titlenorm"]).output
