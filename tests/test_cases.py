"""Titles of cases/titles.csv and what they must give."""

import csv
from pathlib import Path

import pytest

import titlenorm

CASES = list(csv.DictReader(Path(__file__).with_name("cases").joinpath("titles.csv").read_text(encoding="utf-8").splitlines()))


def as_text(value):
    return "" if value is None else str(value)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']}: {case['raw']}" for case in CASES])
def test_title(case):
    result = titlenorm.normalize(case["raw"])

    assert result.status.value == case["status"]
    if case["role_id"] or case["status"] != "resolved":
        assert (result.role.id if result.role else "") == case["role_id"]
    assert (as_text(result.level), as_text(result.grade)) == (case["level"], case["grade"])
    assert [other.role.id for other in result.others] == list(filter(None, case["others"].split(";")))


def test_the_contract_of_a_result():
    result = titlenorm.normalize("Sr. SWE II - Payments (Remote)")

    assert (result.role.id, result.role.name) == ("software-engineer", "Software Engineer")
    assert (result.level, result.grade) == (titlenorm.Level.SENIOR, 2)
    assert [(m.category, m.value, m.text) for m in result.modifiers] == [("level", "senior", "Sr."), ("grade", "2", "II"), ("workplace", "remote", "Remote")]
    assert result.modifiers[0][2:5] == ("Sr.", 0, 3)
    assert [token.text for token in result.context] == ["Payments"]
    assert result.candidates[0].role == result.role
    assert 0 <= result.score <= 1


def test_words_beside_an_acronym_decide():
    assert titlenorm.normalize("PM, Construction").role.id == "project-manager"


def test_context_decides_an_ambiguous_acronym_and_never_overrides_words():
    alone = titlenorm.normalize("PM")
    with_context = titlenorm.normalize("PM", context={"department": "Construction"})

    assert alone.status is titlenorm.Status.AMBIGUOUS
    assert alone.role is None
    assert len(alone.candidates) > 1
    assert with_context.role.id == "project-manager"
    assert titlenorm.normalize("Accountant", context={"department": "Construction"}).role.id == "accountant"


def test_candidates_whatever_the_status():
    normalizer = titlenorm.Normalizer()

    resolved = normalizer.candidates("Accountant", limit=7)
    open_title = normalizer.candidates("Zorbian Accounting Wizardry", limit=3)

    assert len(resolved) == 7
    assert resolved[0].role.id == "accountant"
    assert len(open_title) == 3
    assert [c.score for c in resolved] == sorted((c.score for c in resolved), reverse=True)
    assert normalizer.candidates_many(["Accountant", "CEO"], limit=2)[0] == resolved[:2]


def test_min_score_makes_it_abstain():
    strict = titlenorm.Normalizer(options=titlenorm.Options(min_score=0.999))

    result = strict.normalize("Accountant")

    assert result.role is None
    assert result.status is titlenorm.Status.UNRESOLVED
    assert result.candidates[0].role.id == "accountant"


def test_a_user_adds_a_matcher():
    class Wizards:
        def propose(self, drafts, limit):
            evidence = {"alias": 1.0}
            return [[titlenorm.Proposal("software-engineer", titlenorm.Method.ALIAS, evidence, "wizards write code")] for _ in drafts]

    normalizer = titlenorm.Normalizer(matchers=[Wizards()])

    assert normalizer.normalize("Zorbian Wizardry").role.id == "software-engineer"
    assert normalizer.normalize("Accountant").role.id == "accountant"


def test_own_taxonomy(tmp_path):
    roles = tmp_path / "roles.csv"
    roles.write_text("id,name,aliases\nR1,Bread Baker,loaf maker|baker\nR2,Oven Technician,\n", encoding="utf-8")

    normalizer = titlenorm.Normalizer(titlenorm.Taxonomy.from_csv(roles))

    assert normalizer.normalize("Senior Loaf Maker").role.id == "R1"
    assert normalizer.normalize("Senior Loaf Maker").level is titlenorm.Level.SENIOR
    assert normalizer.normalize("Oven Technician II").grade == 2
    assert normalizer.normalize("Accountant").role is None


def test_merge_lets_the_overlay_win(tmp_path):
    overlay = titlenorm.Taxonomy([titlenorm.Role("happiness", "Chief Happiness Officer")], [titlenorm.Alias("growth hacker", "happiness")])

    normalizer = titlenorm.Normalizer(titlenorm.Taxonomy.bundled().merge(overlay))

    assert normalizer.normalize("Growth Hacker").role.id == "happiness"
    assert normalizer.normalize("Accountant").role.id == "accountant"


def test_aliases_alone_are_an_overlay():
    taxonomy = titlenorm.Taxonomy.bundled().merge([titlenorm.Alias("growth hacker", "founder"), titlenorm.Alias("Code-Poet", "software-engineer")])

    normalizer = titlenorm.Normalizer(taxonomy)

    assert normalizer.normalize("Growth Hacker").role.id == "founder"
    assert normalizer.normalize("Senior Code Poet").role.id == "software-engineer"
    with pytest.raises(LookupError, match="Unknown role 'sofware-engineer'"):
        titlenorm.Taxonomy.bundled().merge([titlenorm.Alias("code poet", "sofware-engineer")])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\nBaker\n", "the column 'id or role_id' is missing"),
        ("id,name\nR1,Baker\nR1,Cook\n", "Two roles have the id 'R1'"),
        ("id,name\n,Baker\n", "a role needs an id and a name"),
        ("id,name,track\nR1,Baker,boss\n", "track 'boss' is not one of"),
        ("id,name,broader\nR1,Baker,R2\n", "Unknown role 'R2'"),
    ],
)
def test_a_wrong_taxonomy_says_where(tmp_path, text, message):
    path = tmp_path / "roles.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(titlenorm.TitlenormError, match=message):
        titlenorm.Taxonomy.from_csv(path)


def test_an_unknown_role_names_close_ones():
    with pytest.raises(LookupError, match="Close: 'software-engineer'"):
        titlenorm.Taxonomy.bundled().role("software-enginer")
