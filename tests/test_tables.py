"""The tables: sound, complete, and as the shared case files say (where they are present)."""

import csv
from pathlib import Path

import pytest

import titlenorm
from titlenorm import check, tables

SHARED = Path(__file__).resolve().parents[2] / "shared"


def test_every_row_of_the_tables_is_sound():
    assert check.check() == []


def test_there_are_aliases_for_every_role():
    counts = dict.fromkeys(titlenorm.Taxonomy.bundled().roles, 0)
    for alias in titlenorm.Taxonomy.bundled().aliases:
        if alias.kind != "related" and alias.role_id and not alias.language:
            counts[alias.role_id] += 1

    assert {role_id: count for role_id, count in counts.items() if count < 3} == {}
    assert sum(counts.values()) >= 3000


def test_a_wrong_cell_count_names_the_line(monkeypatch):
    monkeypatch.setattr(tables, "text", lambda name: "feature,weight,note\nalias,3.6\n")

    with pytest.raises(titlenorm.TableError, match=r"weights\.csv:2: 2 cells, expected 3"):
        list(tables.read("weights.csv"))


def test_a_wrong_header_names_the_columns(monkeypatch):
    monkeypatch.setattr(tables, "text", lambda name: "a,b\n")

    with pytest.raises(titlenorm.TableError, match=r"weights\.csv:1: the header must be feature,weight,note"):
        list(tables.read("weights.csv"))


def test_check_finds_what_is_wrong(monkeypatch):
    whole = tables.text("aliases.csv")
    broken = whole + "zz top accountant,accountant,synonym,,,\naccountant,accountant,synonym,,,\nceo,accountant,synonym,,,\n"
    monkeypatch.setattr(tables, "text", lambda name, real=tables.text: broken if name == "aliases.csv" else real(name))
    titlenorm.Taxonomy.bundled.cache_clear()
    try:
        problems = "\n".join(check.check())
    finally:
        titlenorm.Taxonomy.bundled.cache_clear()

    assert "is not in order" in problems
    assert "MANIFEST.toml does not match aliases.csv" in problems
    assert "'accountant' is the name of 'accountant' already" in problems
    assert "'ceo' -> accountant contradicts" in problems


def rows(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_every_contract_role_is_bundled():
    bundled = titlenorm.Taxonomy.bundled().roles

    assert [row["role_id"] for row in rows("roles.csv") if row["role_id"] not in bundled] == []


def test_seed_titles_resolve_as_agreed():
    wrong = []
    for row in rows("cases/seed_titles.csv"):
        result = titlenorm.normalize(row["title"])
        got = (result.role.id if result.role else "", result.level.value if result.level else "")
        if got != (row["role_id"], row["level"]):
            wrong.append((row["title"], got))

    assert wrong == []
