"""Learning from labelled titles: what is learnt, what it changes, and the files that hold it."""

from __future__ import annotations

import csv
import pickle
from functools import cache

import pytest

from titlenorm import Alias, InputError, Normalizer, Options, Role, TableError, Taxonomy, UnknownRoleError
from titlenorm.learn import learn
from titlenorm.match.reliability import Bin
from titlenorm.overlay import Contradiction, Learned, Overlay
from titlenorm.result import Method, Status

LABELLED = "Titles with these words were labelled with the role."


@cache
def bundled() -> Normalizer:
    return Normalizer()


def bakery(kind: str = "custom") -> Normalizer:
    roles = [Role("B1", "Bread Baker"), Role("B2", "Bakery Manager", track="management"), Role("B3", "Oven Hand"), Role("A1", "Accountant")]
    return Normalizer(Taxonomy(roles, [Alias("loaf maker", "B1"), Alias("dough wrangler", "B3")], "bakery", kind))


def overlay_of(normalizer: Normalizer, *pairs: tuple[str, str]) -> Overlay:
    return learn(normalizer, [title for title, _ in pairs], [role_id for _, role_id in pairs])


def taught(normalizer: Normalizer, *pairs: tuple[str, str]) -> Normalizer:
    return normalizer.with_overlay(overlay_of(normalizer, *pairs))


def role_of(normalizer: Normalizer, title: str) -> str | None:
    result = normalizer.normalize(title)
    return result.role.id if result.role is not None else None


def test_titles_become_aliases_with_counts_without_level_grade_and_noise():
    overlay = overlay_of(bundled(), ("Sr. Moon Wrangler", "data-engineer"), ("Moon Wrangler II (Remote)", "data-engineer"), ("Tide Whisperer", "driver"))
    assert overlay.learned == (
        Learned("moon wrangler", "data-engineer", "synonym", 2, 2),
        Learned("tide whisperer", "driver", "synonym", 1, 1),
    )
    result = bundled().with_overlay(overlay).normalize("Junior Moon Wrangler")
    assert (result.role.id, result.level, result.method, result.reason) == ("data-engineer", "entry", Method.EXACT, LABELLED)


def test_more_than_half_decides_and_the_rest_are_examples():
    overlay = overlay_of(bundled(), *[("Moon Wrangler", "data-engineer")] * 3, ("Moon Wrangler", "driver"), ("Tide Guru", "driver"), ("Tide Guru", "cleaner"))
    assert [row[:5] for row in overlay.learned] == [
        ("moon wrangler", "data-engineer", "synonym", 3, 4),
        ("moon wrangler", "driver", "example", 1, 4),
        ("tide guru", "cleaner", "example", 1, 2),
        ("tide guru", "driver", "example", 1, 2),
    ]
    assert overlay.contradictions == [
        Contradiction("moon wrangler", (("data-engineer", 3), ("driver", 1)), "data-engineer"),
        Contradiction("tide guru", (("cleaner", 1), ("driver", 1)), None),
    ]
    normalizer = bundled().with_overlay(overlay)
    majority, split = normalizer.normalize("Moon Wrangler"), normalizer.normalize("Tide Guru")
    assert (majority.role.id, majority.method) == ("data-engineer", Method.ALIAS)
    assert split.role is None
    assert majority.score < normalizer.with_overlay(overlay_of(bundled(), ("Sun Wrangler", "driver"))).normalize("Sun Wrangler").score


LABELS = [
    ("Growth Hacker", "growth-marketer", "founder"),  # an alias
    ("Accountant", "accountant", "bookkeeper"),  # the name of a role
    ("PM", None, "product-manager"),  # an acronym with several readings
    ("VP, Engineering", "engineering-manager", "software-engineer"),  # composed
    ("Manager", None, "office-manager"),  # a bare level
    ("Senior Marketing", "marketing-specialist", "brand-manager"),  # a field of work
    ("QA / Test Analyst", "qa-analyst", "qa-engineer"),  # two titles that share a word
    ("Keeper of the Ledgers", None, "accountant"),  # a filler between the words
    ("Oracle Developer / Big Data", "bi-developer", "database-developer"),
]


@cache
def labelled() -> Normalizer:
    return taught(bundled(), *((title, now) for title, _, now in LABELS))


@pytest.mark.parametrize(("title", "was", "now"), LABELS)
def test_a_label_wins_over_the_tables(title, was, now):
    before = role_of(bundled(), title)
    assert (before is None) == (was is None)
    assert before != now
    assert role_of(labelled(), title) == now


def test_what_a_label_overrules_is_reported_with_its_row():
    overlay = overlay_of(
        bundled(), ("Growth Hacker", "founder"), ("Accountant", "bookkeeper"), ("VP, Engineering", "chief-engineer"), ("Registered Nurse", "registered-nurse")
    )
    rows = {row.alias: (row.overrules, row.row) for row in overlay.learned}
    assert rows["accountant"] == ("accountant", "name 'Accountant'")
    assert rows["vp engineering"] == ("engineering-manager", "")
    assert rows["registered nurse"] == ("", "")
    overruled, row = rows["growth hacker"]
    assert overruled == "growth-marketer"
    where, _, said = row.partition(": ")
    assert where.startswith("aliases.csv:")
    assert said == "synonym 'growth hacker'"


def test_a_label_is_about_whole_titles():
    """What is taught of "Director", "Sales" or "PM" does not change the titles that have such a word among others."""
    pairs = ("Director", "founder"), ("VP, Sales", "founder"), ("Sales", "founder"), ("Accountant", "bookkeeper")
    normalizer = taught(bundled(), *pairs)
    assert [role_of(normalizer, title) for title, _ in pairs] == [role_id for _, role_id in pairs]
    for title in ("Director of Marketing", "Senior Director, Engineering", "Sales Manager", "Regional Sales Manager EMEA", "Tax Accountant", "Sales Engineer"):
        assert role_of(normalizer, title) == role_of(bundled(), title) is not None


def test_an_unknown_phrase_that_was_labelled_is_found_inside_longer_titles():
    normalizer = taught(bundled(), ("Moon Wrangler", "data-engineer"))
    result = normalizer.normalize("CEO & Moon Wrangler")
    assert (result.role.id, [other.role.id for other in result.others]) == ("chief-executive-officer", ["data-engineer"])
    assert role_of(normalizer, "Moon Wranglr") == "data-engineer"  # the words are known to the repair of spelling


def test_the_label_of_a_cell_with_several_titles_is_that_of_the_one_that_has_it():
    overlay = overlay_of(bundled(), ("Founder & CEO", "chief-executive-officer"))
    assert [(row.alias, row.role_id) for row in overlay.learned] == [("ceo", "chief-executive-officer")]
    assert role_of(bundled().with_overlay(overlay), "Founder") == "founder"


@pytest.mark.parametrize("kind", ["custom", "onet", "esco"])
def test_a_taxonomy_of_another_kind_learns_too(kind):
    pairs = ("Crust Artist", "B1"), ("Dough Wrangler", "B1"), ("Bread Baker", "B3"), ("Ledger Ninja", "A1"), ("Software Engineer", "B2")
    plain = bakery(kind)
    assert [role_of(plain, title) for title in ("Crust Artist", "Dough Wrangler", "Bread Baker")] != ["B1", "B1", "B3"]
    normalizer = taught(plain, *pairs)
    assert [role_of(normalizer, title) for title, _ in pairs] == [role_id for _, role_id in pairs]
    assert normalizer.normalize("Sr. Crust Artist").candidates[0].role.id == "B1"
    assert normalizer.taxonomy.kind == kind


def test_a_role_that_many_titles_have_is_likelier_for_a_title_that_is_alike():
    pairs = [("Crumb Tester", "B3"), *[(f"Crumb Tester {place}", "B1") for place in ("Lyon", "Oslo", "Porto", "Turin")]]
    learned = taught(bakery(), *pairs)
    first, second = learned.candidates("Crumb Tester Ghent", limit=2)
    assert (first.role.id, second.role.id) == ("B1", "B3")
    assert first.evidence["like_labels"] > second.evidence["like_labels"]


def test_learning_is_deterministic_and_does_not_change_the_normalizer():
    pairs = [("Moon Wrangler", "driver"), ("Tide Guru", "cleaner"), ("Accountant", "bookkeeper")]
    assert overlay_of(bundled(), *pairs) == overlay_of(bundled(), *reversed(pairs))
    assert role_of(bundled(), "Accountant") == "accountant"


def test_the_answers_of_a_learned_normalizer_are_the_same_in_a_batch_and_after_a_trip():
    normalizer = taught(bundled(), ("Moon Wrangler", "driver"), ("Accountant", "bookkeeper"))
    titles = ["Moon Wrangler", "Sr. Accountant", "Registered Nurse", "Moon Wrangler & CEO", ""]
    alone = [normalizer.normalize(title) for title in titles]
    assert normalizer.normalize_many(titles) == alone
    assert pickle.loads(pickle.dumps(normalizer)).normalize_many(titles) == alone


def test_reliability_is_measured_from_two_hundred_titles_on():
    titles = [f"{level} Moon Wrangler {place}" for level in ("Junior", "Senior", "Lead", "Staff") for place in ("A", "B", "C")]
    few = learn(bundled(), titles, ["driver"] * len(titles))
    assert few.bins == ()
    roles = ["Accountant", "Registered Nurse", "Recruiter", "Barista", "Paralegal", "Bartender", "Welder", "Plumber"] * 26
    right = [role.lower().replace(" ", "-") for role in roles]
    wrong = ["driver" if not number % 8 and number % 16 else role_id for number, role_id in enumerate(right)]  # half of the accountants
    many = learn(bundled(), roles, wrong)
    assert sum(entry.rows for entry in many.bins) == len(roles)
    assert {entry.method for entry in many.bins} == {"any"}
    normalizer = bundled().with_overlay(many)
    assert normalizer.normalize("Welder").score == max(entry.score for entry in many.bins)
    left = [entry for entry in normalizer.reliability.bins if entry not in many.bins]  # what was not met stays as it was
    assert left == [entry for entry in bundled().reliability.bins if entry.method == "tfidf"]
    assert 0.85 < normalizer.normalize("Welder").score < 1


def test_of_another_taxonomy_all_methods_share_one_reliability():
    titles, labels = ["Bread Baker", "Loaf Maker", "Accountant", "Oven Hand"] * 50, ["B1", "B1", "A1", "B3"] * 50
    overlay = learn(bakery(), titles, labels)
    assert {entry.method for entry in overlay.bins} == {"any"}
    assert bakery().with_overlay(overlay).normalize("Loaf Maker").score == max(entry.score for entry in overlay.bins)


def test_wrong_labels_are_refused():
    with pytest.raises(UnknownRoleError, match=r"'drivr' in label 2 \('B'\)\. Close: 'driver'"):
        learn(bundled(), ["A", "B"], ["driver", "drivr"])
    with pytest.raises(InputError, match="2 titles and 1 role ids"):
        learn(bundled(), ["A", "B"], ["driver"])


def test_an_overlay_comes_back_from_its_files(tmp_path):
    overlay = overlay_of(bundled(), *[("Moon Wrangler", "driver")] * 2, ("Moon Wrangler", "cleaner"), ("Accountant", "bookkeeper"), ('A "b", c', "cook"))
    overlay = overlay._replace(bins=(Bin("alias", 0.5, 0.7, 40), Bin("alias", 0.9, 0.95, 60)))
    overlay.save(tmp_path / "new" / "overlay")
    loaded = Overlay.load(tmp_path / "new" / "overlay")
    assert [row._replace(where="") for row in loaded.learned] == list(overlay.learned)
    assert (loaded.bins, loaded.contradictions) == (overlay.bins, overlay.contradictions)
    with (tmp_path / "new" / "overlay" / "contradictions.csv").open() as handle:
        assert list(csv.reader(handle))[1:] == [["moon wrangler", "driver", "2", "yes"], ["moon wrangler", "cleaner", "1", ""]]
    loaded.save(tmp_path / "again")
    for name in ("aliases.csv", "contradictions.csv", "reliability.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "new" / "overlay" / name).read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"alias,role_id\nMoon Wrangler,driver\n",
        b"\xef\xbb\xbfAlias;Role_ID;note\r\nMoon Wrangler;driver;mine\r\n;;\r\n",  # saved by a spreadsheet
        "alias\trole_id\tkind\nMoon  Wrangler \tdriver\t\n".encode("utf-16"),
    ],
)
def test_an_overlay_can_be_written_by_hand(tmp_path, data):
    (tmp_path / "aliases.csv").write_bytes(data)
    overlay = Overlay.load(tmp_path)
    assert [row[:5] for row in overlay.learned] == [("Moon Wrangler", "driver", "synonym", 0, 0)]
    assert role_of(bundled().with_overlay(overlay), "Sr. Moon Wrangler") == "driver"


def test_titles_that_are_written_as_they_are_decide(tmp_path):
    titles = "Growth Hacker", "Director, Project Coordination", "Manager of Clinical Psychology", "Keeper of the Ledgers"
    (tmp_path / "aliases.csv").write_text("alias,role_id\n" + "".join(f'"{title}",driver\n' for title in titles))
    normalizer = bundled().with_overlay(Overlay.load(tmp_path))
    assert [role_of(normalizer, title) for title in titles] == ["driver"] * 4


def test_an_edited_row_is_what_counts(tmp_path):
    overlay_of(bundled(), ("Moon Wrangler", "driver"), ("Tide Guru", "cook")).save(tmp_path)
    file = tmp_path / "aliases.csv"
    file.write_text(file.read_text().replace("moon wrangler,driver", "moon wrangler,cleaner").replace("tide guru,cook,synonym", "tide guru,cook,example"))
    normalizer = bundled().with_overlay(Overlay.load(tmp_path))
    assert role_of(normalizer, "Moon Wrangler") == "cleaner"
    assert role_of(normalizer, "Tide Guru") is None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("aliases.csv", "alias,role\nx,y\n", r"aliases\.csv:1: there is no column 'role_id'\. Columns found: 'alias', 'role'"),
        ("aliases.csv", "", r"aliases\.csv is empty"),
        ("aliases.csv", "alias,role_id\nx,driver\ny\n", r"aliases\.csv:3: 1 cells, expected 2"),
        ("aliases.csv", "alias,role_id\n,driver\n", r"aliases\.csv:2: .* has no alias"),
        ("aliases.csv", "alias,role_id,labelled\nx,driver,many\n", r"aliases\.csv:2: labelled 'many' is no count"),
        ("aliases.csv", "alias,role_id,labelled,of\nx,driver,1,-2\n", r"aliases\.csv:2: of '-2' is no count"),
        ("aliases.csv", "alias,role_id,kind\nx,driver,synonim\n", r"aliases\.csv:2: kind 'synonim' is not one of"),
        ("aliases.csv", 'alias,role_id\n"x,driver\n', r"aliases\.csv:2: .* Check the quotes"),
        ("reliability.csv", "method,strength,score,rows\nalias,0.5,nine,3\n", r"reliability\.csv:2: could not convert"),
        ("reliability.csv", "method,strength,score,rows\nalias,0.5,1.5,3\n", r"reliability\.csv:2: strength and score lie between 0 and 1"),
        ("reliability.csv", "method,strength,score,rows\nalias,nan,0.5,3\n", r"reliability\.csv:2: strength and score lie between"),
        ("reliability.csv", "method,strength,score,rows\nguess,0.5,0.5,3\n", r"reliability\.csv:2: 'guess' is not a valid"),
        ("reliability.csv", "method,strength,score,rows\nalias,0.5,0.9,3\nalias,0.8,0.4,3\n", r"reliability\.csv: .*falls from 0\.9 to 0\.4.*Delete the file"),
    ],
)
def test_a_broken_file_is_an_error_with_its_line(tmp_path, name, text, message):
    (tmp_path / "aliases.csv").write_text("alias,role_id\nx,driver\n")
    (tmp_path / name).write_text(text)
    with pytest.raises(TableError, match=message):
        Overlay.load(tmp_path)


def test_what_is_no_overlay(tmp_path):
    for folder, what in ((tmp_path, "has no aliases.csv"), (tmp_path / "there", "does not exist"), (tmp_path / "file", "is no folder")):
        (tmp_path / "file").write_text("")
        with pytest.raises(InputError, match=rf"no overlay: it {what}\. Make one with: titlenorm learn"):
            Overlay.load(folder)
    with pytest.raises(InputError, match=r"cannot be written: .* Name another folder"):
        Overlay(()).save(tmp_path / "file")


def test_an_overlay_of_another_taxonomy_is_refused_and_so_is_a_wrong_row(tmp_path):
    (tmp_path / "aliases.csv").write_text("alias,role_id\nx,driver\ny,cook\nz,drivr\n")
    with pytest.raises(UnknownRoleError, match=r"Unknown role 'drivr' in .*aliases\.csv:4\. Close: 'driver'.* Correct the row, or delete it\."):
        bundled().with_overlay(Overlay.load(tmp_path))
    with pytest.raises(
        UnknownRoleError, match=r"3 of 3 rows of the overlay name no role of the taxonomy 'bakery'\. .*--taxonomy FILE.*'driver' in .*aliases\.csv:2"
    ):
        bakery().with_overlay(Overlay.load(tmp_path))


def test_joined_overlays_add_up_and_rows_by_hand_stay():
    older = Overlay(
        (
            Learned("moon wrangler", "driver", "synonym", 2, 2),
            Learned("tide guru", "cook"),
            Learned("sun guru", "cook", "synonym", 1, 1, "chef", "aliases.csv:7"),
        ),
        (Bin("alias", 0.5, 0.7, 40),),
    )
    newer = Overlay((Learned("moon wrangler", "cleaner", "synonym", 3, 3, "welder"), Learned("tide guru", "driver", "synonym", 9, 9), older.learned[2]))
    joined = older.joined(newer)
    assert joined.learned == (
        Learned("moon wrangler", "cleaner", "synonym", 3, 5, "welder"),
        Learned("moon wrangler", "driver", "example", 2, 5),
        Learned("sun guru", "cook", "synonym", 2, 2, "chef", "aliases.csv:7"),
        Learned("tide guru", "cook"),
        Learned("tide guru", "driver", "example", 9, 9),
    )
    assert joined.bins == older.bins
    assert older.joined(newer._replace(bins=(Bin("any", 0.5, 0.6, 3),))).bins == (Bin("any", 0.5, 0.6, 3),)
    assert role_of(bundled().with_overlay(joined), "Tide Guru") == "cook"


def test_the_later_of_two_overlays_wins():
    first, second = (Overlay((Learned("moon wrangler", role_id),)) for role_id in ("driver", "cook"))
    assert role_of(bundled().with_overlay(first).with_overlay(second), "Moon Wrangler") == "cook"


def test_options_stay_with_the_overlay():
    strict = Normalizer(bakery().taxonomy, Options(candidates=1))
    learned = taught(strict, ("Crust Artist", "B1"))
    assert learned.options == strict.options
    assert len(learned.normalize("Crust Artist").candidates) == 1
    assert learned.normalize("Crust Artist").status is Status.RESOLVED


@pytest.mark.parametrize("kind", ["unlisted", "function"])
@pytest.mark.parametrize("title", ["Zorbian Wizard", "Wizard Zorbian Whisperer"])
def test_a_count_without_a_role_labels_nothing(kind, title):
    """Neither the phrase itself nor titles like it may ask for a role that is none."""
    normalizer = Normalizer(Taxonomy.bundled().merge([Alias("Zorbian wizard", "", kind=kind, labelled=1)]))
    assert normalizer.normalize(title).status is Status.UNRESOLVED


def test_a_further_reading_that_titles_were_labelled_with_is_nothing_that_titles_are_like():
    taxonomy = Taxonomy.bundled()
    with_it, without = (
        Normalizer(taxonomy.merge([Alias("growth hacker", "growth-marketer", labelled=1), *more]))
        for more in ([Alias("zorbian wizard", "accountant", kind="related", labelled=1)], [])
    )
    title = "Zorbian Wizardry Whisperer"
    assert with_it.candidates(title) == without.candidates(title)
