"""The SQL functions of a DuckDB connection."""

from __future__ import annotations

import sys

import duckdb
import pytest

from titlenorm import InputError, MissingExtraError, Normalizer, Options
from titlenorm.adapters import lookup
from titlenorm.adapters.duckdb import register
from titlenorm.answer import COLUMNS

PEOPLE = "(VALUES (1, 'Sr. Accountant', 'x'), (2, NULL, 'Product'), (3, '', NULL), (4, 'CEO II', ''), (5, 'PM', 'Product')) AS people(id, title, team)"


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        register(connection)
        yield connection


def test_titlenorm_is_a_struct_with_the_columns_of_the_command_line(con):
    relation = con.sql(f"SELECT unnest(titlenorm(title)) FROM {PEOPLE} ORDER BY id")

    assert relation.columns == list(COLUMNS)
    assert [str(kind) for kind in relation.types] == [{"grade": "BIGINT", "score": "DOUBLE"}.get(name, "VARCHAR") for name in COLUMNS]
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in relation.fetchall()]
    assert [row["role_id"] for row in rows] == ["accountant", None, None, "chief-executive-officer", None]
    assert [row["status"] for row in rows] == ["resolved", None, "empty", "resolved", "ambiguous"]
    assert [row["grade"] for row in rows] == [None, None, None, 2, None]


def test_null_gives_null(con):
    assert con.sql("SELECT titlenorm(NULL), titlenorm_role(NULL), titlenorm(NULL::VARCHAR), titlenorm(NULL).level").fetchall() == [(None,) * 4]


def test_titlenorm_role_is_the_name_of_the_role(con):
    roles = con.sql(f"SELECT titlenorm_role(title) FROM {PEOPLE} ORDER BY id").fetchall()

    assert roles == [("Accountant",), (None,), (None,), ("Chief Executive Officer",), (None,)]


def test_further_columns_decide_acronyms(con):
    query = f"SELECT titlenorm(title, team).role_id, titlenorm_role(title, id, team), titlenorm(title, 'Construction').role_id FROM {PEOPLE} WHERE id = 5"

    assert con.sql(query).fetchall() == [("product-manager", "Product Manager", "project-manager")]


def test_it_works_in_every_clause(con):
    con.sql("CREATE TABLE staff AS SELECT unnest(['CEO', 'Accountant', 'Sr. Accountant', NULL]) AS title FROM range(3000)")

    counts = con.sql(
        "SELECT titlenorm_role(title) AS role, count(*) FROM staff WHERE titlenorm(title).status = 'resolved' GROUP BY ALL ORDER BY ALL"
    ).fetchall()

    assert counts == [("Accountant", 6000), ("Chief Executive Officer", 3000)]
    assert con.sql("SELECT count(*) FROM (SELECT titlenorm(title) AS t FROM staff) WHERE t.role_id IS NULL").fetchall() == [(3000,)]


def test_titles_of_an_enumeration_are_read(con):
    con.sql("CREATE TYPE titles AS ENUM ('CEO', 'Accountant')")

    assert con.sql("SELECT titlenorm_role('CEO'::titles)").fetchall() == [("Chief Executive Officer",)]


def test_each_distinct_title_is_looked_up_once(con):
    asked = []

    class Spy:
        def normalize_columns(self, titles, *, contexts=None):
            asked.extend(titles)
            return {name: [{"grade": 1, "score": 0.5}.get(name, "x") for _ in titles] for name in COLUMNS}

    register(con, Spy())
    con.sql("SET threads = 1")

    con.sql("SELECT sum(titlenorm('title ' || (n % 7)).grade) FROM range(20000) AS numbers(n)").fetchall()

    assert sorted(asked) == [f"title {n}" for n in range(7)]


@pytest.mark.parametrize("title", ["42", "1.5", "true", "DATE '2024-01-31'", "['CEO']", "'CEO'::BLOB"])
def test_what_is_no_text_is_an_error_in_words(con, title):
    with pytest.raises(duckdb.Error, match=r"not text\. Name the column with the titles, or cast it to text first"):
        con.sql(f"SELECT titlenorm({title})").fetchall()


def test_registering_again_replaces(con):
    register(con, Normalizer(options=Options(min_score=1)))
    assert con.sql("SELECT titlenorm('Accountant').status").fetchall() == [("unresolved",)]

    register(con)
    assert con.sql("SELECT titlenorm('Accountant').status").fetchall() == [("resolved",)]


def test_cursors_have_the_functions_and_cannot_replace_them(con):
    cursor = con.cursor()

    assert cursor.sql("SELECT titlenorm_role('CEO')").fetchall() == [("Chief Executive Officer",)]
    with pytest.raises(InputError, match=r"Another connection has registered titlenorm\(\)"):
        register(cursor)


def test_the_default_connection_can_have_them():
    register(duckdb.default_connection())

    assert duckdb.sql("SELECT titlenorm_role('CEO')").fetchall() == [("Chief Executive Officer",)]


def test_threads_give_the_same_answers(con, monkeypatch):
    monkeypatch.setattr(lookup, "REMEMBERED", 50)
    con.sql("SET threads = 4")
    con.sql("CREATE TABLE staff AS SELECT (['Senior', 'VP', ''])[n % 3 + 1] || ' Accountant ' || (n % 97) AS title FROM range(500000) AS numbers(n)")

    distinct = con.sql("SELECT DISTINCT title, titlenorm(title) AS t FROM staff").fetchall()

    normalizer = Normalizer()
    assert len(distinct) == 3 * 97
    assert all(tuple(t.values()) == tuple(cells[0] for cells in normalizer.normalize_columns([title]).values()) for title, t in distinct)


@pytest.mark.parametrize("package", ["duckdb", "pyarrow"])
def test_a_missing_package_is_named(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=rf"{package} is not installed. Install it: pip install 'titlenorm\[duckdb\]'"):
        register(None)
