"""The same titles give the same answers, whichever way they are asked, with the bundled taxonomy and with one of one's own.

To add a way, add a line to WAYS: what to call, and what it makes of a missing title.
"""

from __future__ import annotations

import csv
import json
import pickle
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest
from click.testing import CliRunner

import titlenorm.adapters.pandas
import titlenorm.adapters.polars  # noqa: F401  it registers .titlenorm
from spark_session import needs_java, on_one_worker, spark_session
from titlenorm import Alias, Normalizer, Result, Role, Taxonomy
from titlenorm.adapters import duckdb as in_duckdb
from titlenorm.adapters import spark as in_spark
from titlenorm.adapters.frames import normalize_frame
from titlenorm.adapters.sklearn import TitleNormalizer
from titlenorm.answer import COLUMNS
from titlenorm.batch import normalize_file
from titlenorm.cli import main
from titlenorm.formats import open_table

Titles = Sequence[str | None]
Row = tuple[Any, ...]

BEFORE = [
    "Senior", "Sr.", "Jr", "Lead", "VP,", "Head of", "Interim", "Chief", "Associate Director,", "Principal", "2nd", "Ex-", "Director -", "Global", "SENIOR",
]  # fmt: skip
ROLES = [
    "Software Engineer", "sofware enginer", "Accountant", "PM", "CCO", "Registered Nurse", "Sales Manager", "UI/UX Designer", "C++ Developer",
    "R&D Engineer", "Engineer, Software", "Founder & CEO", "QA Analyst / Engineer", "Softwareentwickler (m/w/d)", "Chargé de clientèle",
    "Ingénieur Logiciel", "Kfz-Mechatroniker:in", "Zorbian Wizard", "Carpennter", "Customer Success Ninja", "Member of Technical Staff", "Teacher",
    "Data Anlyst", "Assistant to the Regional Manager", "Köchin", "エンジニア", "Менеджер по продажам", "accounting", "Manager", "Intern",
]  # fmt: skip
AFTER = [
    "II", "L5", "- Payments (Remote)", "at Acme, Inc.", "(contract)", "| EMEA", "£45k Leeds", "REQ-12345", "/ Founder", '"the best"', "\n(acting)", "🚀",
    "III, PMP", "\t", "&amp; more",
]  # fmt: skip
JUNK = [
    "", " ", "###", "N/A", "-", "?", "12345", "=HYPERLINK(1)", "ann@example.org", "\u00a0", "\u200b", "(((((", "null", "None", "nan", "'", '"', "a\\b",
    "x" * 3000,
]  # fmt: skip
SEPARATORS = [" ", "  ", " - ", " / ", ", ", " & ", "; "]


def messy_titles(count: int = 2000, seed: int = 7) -> list[str | None]:
    """Titles as exports have them: several in a cell, junk, missing ones, and some that come again and again."""
    rng = random.Random(seed)
    titles: list[str | None] = [None, *JUNK, *ROLES]
    while len(titles) < count:
        parts = [part for part in (rng.choice(["", *BEFORE]), rng.choice(ROLES), rng.choice(["", *AFTER])) if part]
        title = " ".join(parts)
        match rng.randrange(20):
            case 0:
                titles.append(None)
            case 1:
                titles.append(rng.choice(JUNK))
            case 2:
                titles.append(title + rng.choice(SEPARATORS) + rng.choice(ROLES))
            case 3:
                titles.append(rng.choice(titles))
            case 4:
                titles.append(title.encode().decode("cp1252", "replace"))
            case _:
                titles.append(title)
    return titles


def rows_of(results: Iterable[Result]) -> list[Row]:
    """What the columns must say, out of the objects."""
    return [
        (
            *((role.id, role.name, role.family, role.function) if (role := result.role) else (None,) * 4),
            result.level.value if result.level else None, result.grade, result.status.value, result.score, result.method.value if result.method else None,
            result.core, "; ".join(f"{m.category}={m.value}" for m in result.modifiers), "; ".join(other.role.id for other in result.others),
        )
        for result in results
    ]  # fmt: skip


def rows_from(columns: dict[str, list[Any]]) -> list[Row]:
    return list(zip(*(columns[name] for name in COLUMNS), strict=True))


def from_pandas(frame: pd.DataFrame) -> list[Row]:
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame[list(COLUMNS)].itertuples(index=False)]


def command_line(titles: Titles, normalizer: Normalizer, folder: Path) -> list[Row]:
    source, target, taxonomy = folder / "in.csv", folder / "out.csv", folder / "ours.titlenorm"
    with source.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("id", "title"), *enumerate(titles)])
    more = []
    if normalizer.taxonomy.kind != "bundled":
        normalizer.taxonomy.save(taxonomy)
        more = ["--taxonomy", str(taxonomy)]
    result = CliRunner().invoke(main, ["normalize", str(source), "--column", "title", "-o", str(target), "--quiet", *more])
    assert result.exit_code == 0, result.output
    with target.open(encoding="utf-8", newline="") as handle:
        return [tuple(row[2 : 2 + len(COLUMNS)]) for row in csv.reader(handle)][1:]  # codes may follow


def from_file(titles: Titles, normalizer: Normalizer, folder: Path, ending: str, **said: Any) -> list[Row]:
    """The titles in a Parquet file, out of it into one of another kind, and back."""
    target = folder / f"out.{ending}"
    pa.parquet.write_table(pa.table({"id": range(len(titles)), "title": titles}), folder / "in.parquet")
    source = open_table(str(folder / "in.parquet"))
    normalize_file(source, str(target), 1, normalizer, **said)
    source.close()
    if ending == "parquet":
        return rows_from(pa.parquet.read_table(target).to_pydict())
    if ending == "arrow":
        return rows_from(pa.ipc.open_file(target).read_all().to_pydict())
    if ending == "jsonl":
        return [tuple(json.loads(line)[name] for name in COLUMNS) for line in target.read_text(encoding="utf-8").splitlines()]
    rows = list(openpyxl.load_workbook(target).active.values)[1:]
    return [tuple(row[2:]) for row in rows]


def with_duckdb(titles: Titles, normalizer: Normalizer) -> list[Row]:
    con = duckdb.connect()
    in_duckdb.register(con, normalizer)
    people = pa.table({"id": range(len(titles)), "title": titles})
    con.register("people", people)
    return con.sql("SELECT unnest(titlenorm(title)) FROM people ORDER BY id").fetchall()


def with_spark(titles: Titles, normalizer: Normalizer) -> list[Row]:
    people = spark_session().createDataFrame(list(enumerate(titles)), "id int, title string").repartition(3)
    rows = in_spark.normalize_frame(people, "title", normalizer=normalizer).collect()
    return [tuple(row[2:]) for row in sorted(rows)]


def in_objects(rows: list[Row], titles: Titles) -> list[Row]:
    """A missing title is an empty one."""
    return rows


def in_cells(rows: list[Row], titles: Titles) -> list[Row]:
    """A missing title has missing cells."""
    return [(None,) * len(COLUMNS) if title is None else row for row, title in zip(rows, titles, strict=True)]


def in_text(rows: list[Row], titles: Titles) -> list[Row]:
    """A missing title is an empty one, and a missing cell is empty text."""
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows]


def in_workbook(rows: list[Row], titles: Titles) -> list[Row]:
    """A missing title has missing cells, and empty text is a missing cell."""
    return [tuple(None if cell == "" else cell for cell in row) for row in in_cells(rows, titles)]


class Way(NamedTuple):
    ask: Callable[[Titles, Normalizer, Path], list[Row]]
    expected: Callable[[list[Row], Titles], list[Row]]


WAYS = {
    "normalize_many": Way(lambda titles, n, _: rows_of(n.normalize_many(titles)), in_objects),
    "normalize_columns": Way(lambda titles, n, _: rows_from(n.normalize_columns(titles)), in_objects),
    "command line, CSV": Way(command_line, in_text),
    "Parquet": Way(lambda titles, n, folder: from_file(titles, n, folder, "parquet"), in_cells),
    "Arrow, two workers": Way(lambda titles, n, folder: from_file(titles, n, folder, "arrow", workers=2), in_cells),
    "JSON lines, few titles remembered": Way(lambda titles, n, folder: from_file(titles, n, folder, "jsonl", remembered=20), in_cells),
    "Excel": Way(lambda titles, n, folder: from_file(titles, n, folder, "xlsx"), in_workbook),
    "pandas": Way(lambda titles, n, _: from_pandas(normalize_frame(pd.DataFrame({"title": titles}), "title", normalizer=n)), in_cells),
    "pandas accessor": Way(lambda titles, n, _: from_pandas(pd.Series(titles).titlenorm.normalize(normalizer=n)), in_cells),
    "Polars": Way(lambda titles, n, _: normalize_frame(pl.DataFrame({"title": titles}), "title", normalizer=n).drop("title").rows(), in_cells),
    "Polars, streaming": Way(
        lambda titles, n, _: (
            pl.LazyFrame({"title": titles}).select(pl.col("title").titlenorm.normalize(normalizer=n)).unnest("titlenorm").collect(engine="streaming").rows()
        ),
        in_cells,
    ),
    "PyArrow": Way(lambda titles, n, _: rows_from(normalize_frame(pa.table({"title": titles}), "title", normalizer=n).to_pydict()), in_cells),
    "DuckDB": Way(lambda titles, n, _: with_duckdb(titles, n), in_cells),
    "Spark": Way(lambda titles, n, _: with_spark(titles, n), in_cells),
    "scikit-learn": Way(lambda titles, n, _: [tuple(row) for row in TitleNormalizer(COLUMNS, n).transform(titles)], in_cells),
}


def of_ones_own() -> Normalizer:
    """Few roles with names and aliases of a company, and what labels have taught."""
    roles = {"E1": "Software Engineer", "E2": "Data Analyst", "F1": "Accountant", "H1": "Registered Nurse", "S1": "Sales Manager", "T1": "Teacher"}
    aliases = [Alias("softwareentwickler", "E1"), Alias("product owner", "S1"), Alias("regional manager", "S1", "related")]
    taxonomy = Taxonomy([Role(role_id, name) for role_id, name in roles.items()], aliases, "ours")
    return Normalizer(taxonomy).learn(["Zorbian Wizard", "Zorbian Wizard", "Köchin", "Köchin", "Köchin"], ["E1", "E1", "H1", "H1", "T1"])


class Asked(NamedTuple):
    titles: Titles
    parcel: bytes
    """The normalizer as it travels; each way unpacks its own, so that none remembers the answers of another."""
    one_by_one: list[Row]


@pytest.fixture(scope="module")
def bundled() -> Asked:
    return asked(Normalizer(), 2000)


@pytest.fixture(scope="module")
def ours() -> Asked:
    return asked(of_ones_own(), 400)


def asked(normalizer: Normalizer, count: int) -> Asked:
    titles = messy_titles(count)
    return Asked(titles, pickle.dumps(normalizer), rows_of(normalizer.normalize(title) for title in titles))


MARKS = {"Spark": [needs_java, on_one_worker]}
EVERY_WAY = pytest.mark.parametrize("way", [pytest.param(way, id=name, marks=MARKS.get(name, ())) for name, way in WAYS.items()])


@EVERY_WAY
def test_every_way_gives_the_answers_of_one_by_one(way, bundled, tmp_path):
    assert differences(way, bundled, tmp_path) == []


@EVERY_WAY
def test_so_it_does_with_a_taxonomy_of_ones_own_and_what_was_learnt(way, ours, tmp_path):
    assert differences(way, ours, tmp_path) == []


def differences(way: Way, asked: Asked, folder: Path) -> list[tuple[Any, Row, Row]]:
    answers = way.ask(asked.titles, pickle.loads(asked.parcel), folder)
    return [case for case in zip(asked.titles, answers, way.expected(asked.one_by_one, asked.titles), strict=True) if case[1] != case[2]]


def test_the_titles_are_of_every_kind(bundled):
    titles, rows = bundled.titles, bundled.one_by_one
    assert len(titles) == 2000
    assert titles.count(None) > 50
    statuses = [row[COLUMNS.index("status")] for row in rows]
    assert min(statuses.count(status) for status in ("resolved", "ambiguous", "unresolved", "empty")) > 20
    assert {row[COLUMNS.index("method")] for row in rows} == {"exact", "alias", "spelling", "tfidf", None}
    assert sum(bool(row[COLUMNS.index("other_role_ids")]) for row in rows) > 50
    assert len(set(titles)) < len(titles)


def test_the_roles_of_ones_own_are_found(ours):
    rows = ours.one_by_one
    assert {row[0] for row in rows} >= {"E1", "F1", "H1", "S1", "T1", None}
    learnt = {row[0] for title, row in zip(ours.titles, rows, strict=True) if title == "Zorbian Wizard"}
    assert learnt == {"E1"}
    assert {row[COLUMNS.index("method")] for row in rows} >= {"exact", "alias", "tfidf", None}
