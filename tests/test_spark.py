"""The columns of titlenorm beside those of a Spark frame, computed by Spark's workers."""

from __future__ import annotations

import datetime
import decimal
import runpy
import sys
from pathlib import Path

import pytest

from spark_session import needs_java, on_one_worker, spark_session
from titlenorm import Alias, InputError, MissingExtraError, Normalizer, Options, Role, Taxonomy
from titlenorm.adapters import spark as adapter
from titlenorm.adapters.spark import normalize_frame, register
from titlenorm.answer import COLUMNS
from titlenorm.match.reliability import ANY, Bin, Reliability

pytestmark = [needs_java, on_one_worker]
TITLES = [(1, "Sr. Accountant", "x"), (2, None, "Product"), (3, "", None), (4, "CEO II", ""), (5, "PM", "Product")]
ROLES = ["accountant", None, None, "chief-executive-officer", None]
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="module")
def spark():
    return spark_session()


@pytest.fixture(scope="module")
def people(spark):
    return spark.createDataFrame(TITLES, "id int, title string, team string").repartition(2)


def by_id(frame):
    return sorted(frame.collect(), key=lambda row: row.id)


def test_columns_are_added(people):
    out = normalize_frame(people, "title")

    assert out.columns == [*people.columns, *COLUMNS]
    assert dict(out.dtypes) == {**dict.fromkeys(COLUMNS, "string"), "grade": "bigint", "score": "double", **dict(people.dtypes)}
    rows = by_id(out)
    assert [row[:3] for row in rows] == TITLES
    assert [row.role_id for row in rows] == ROLES
    assert [row.status for row in rows] == ["resolved", None, "empty", "resolved", "ambiguous"]
    assert rows[1][3:] == (None,) * 12
    assert [row.grade for row in rows] == [None, None, None, 2, None]


def test_nothing_runs_before_it_is_asked_for(spark):
    fails = spark.range(3).selectExpr("CASE WHEN raise_error('it ran') IS NULL THEN 'CEO' END AS title")

    out = normalize_frame(fails, "title")

    assert out.columns == ["title", *COLUMNS]
    with pytest.raises(Exception, match="it ran"):
        out.collect()


def test_every_kind_of_column_stays_as_it_was(spark):
    kinds = (
        "n bigint NOT NULL, day date, at timestamp, local timestamp_ntz, price decimal(9,2), yes boolean, bytes binary, list array<string>, "
        "map map<string,int>, inner struct<a:int,b:string>, title string, `odd.name` string"
    )
    moment = datetime.datetime(2024, 1, 31, 12, 0)
    row = (7, moment.date(), moment, moment, decimal.Decimal("1.50"), True, bytearray(b"\xff"), ["x"], {"k": 1}, (1, "x"), "CEO", "y")
    frame = spark.createDataFrame([row, (8, *[None] * 11)], kinds).withMetadata("day", {"comment": "of hire"})

    out = normalize_frame(frame, "title")

    assert out.schema.fields[:12] == frame.schema.fields
    assert out.schema["day"].metadata == {"comment": "of hire"}
    assert sorted(tuple(found)[:12] for found in out.collect()) == sorted(map(tuple, frame.collect()))
    assert {found.role_id for found in out.collect()} == {"chief-executive-officer", None}


def test_context_decides_acronyms(people):
    for context in ("team", ["id", "team"]):
        assert [row.role_id for row in by_id(normalize_frame(people, "title", context=context))] == [*ROLES[:4], "product-manager"]


def test_wanted_columns_and_names_that_are_taken(people):
    out = normalize_frame(people.withColumnRenamed("team", "LEVEL"), "title", columns=["level", "score"])

    assert out.columns == ["id", "title", "LEVEL", "titlenorm_level", "score"]
    assert [row.titlenorm_level for row in by_id(out)] == ["senior", None, None, "cxo", None]


def test_nested_is_one_struct(people):
    out = normalize_frame(people, "title", nested=True, columns=["role_id", "grade"])

    assert dict(out.dtypes)["titlenorm"] == "struct<role_id:string,grade:bigint>"
    assert [row.titlenorm and tuple(row.titlenorm) for row in by_id(out)] == [
        ("accountant", None),
        None,
        (None, None),
        ("chief-executive-officer", 2),
        (None, None),
    ]


def test_a_normalizer_of_ones_own_travels(people):
    taxonomy = Taxonomy([Role("bean-counter", "Bean Counter")], [Alias("accountant", "bean-counter")])
    reliability = Reliability([Bin(ANY, 0.1, 0.4, 100), Bin(ANY, 1.0, 0.4, 100)])
    ours = Normalizer(taxonomy, Options(min_score=0.3, tfidf=False), reliability=reliability)

    rows = by_id(normalize_frame(people, "title", normalizer=ours))
    assert [row.role_id for row in rows] == ["bean-counter", None, None, None, None]
    assert rows[0].score == 0.4
    strict = Normalizer(options=Options(min_score=1))
    assert {row.status for row in normalize_frame(people, "title", normalizer=strict).collect()} == {"unresolved", "ambiguous", "empty", None}


def test_the_bundled_taxonomy_travels_as_a_word():
    assert len(adapter._packed(Normalizer(options=Options(min_score=0.7)))) < 2000
    assert adapter._packed(None) is None


def test_a_worker_builds_a_normalizer_once(spark):
    from pyspark import cloudpickle

    class Counting:
        """Pickles as the making of one; the making is what is counted."""

        def __reduce__(self):
            return make, ()

    def make():
        import builtins

        from titlenorm.answer import COLUMNS

        builtins.titlenorm_made = getattr(builtins, "titlenorm_made", 0) + 1

        class Made:
            def normalize_columns(self, titles, *, contexts=None):
                return {name: [builtins.titlenorm_made if name == "grade" else 0.5 if name == "score" else "x" for _ in titles] for name in COLUMNS}

        return Made()

    assert cloudpickle.dumps(Counting())
    frame = spark.createDataFrame([(f"title {n}",) for n in range(60)], "title string").repartition(6)
    grades = set()
    for _ in range(2):
        grades |= {row.grade for row in normalize_frame(frame, "title", normalizer=Counting(), columns="grade").collect()}
    assert grades == {1}


@pytest.mark.parametrize(
    ("column", "asked", "message"),
    [
        ("titel", {}, "The frame has no column 'titel'. Close: 'title'. Columns: 'id', 'title', 'team'."),
        ("id", {}, "'id' holds int, not text. Name the column with the titles, or cast it to text first."),
        ("title", {"context": "tema"}, "no column 'tema'. Close: 'team'"),
        ("title", {"columns": ["lvel"]}, "The answer has no column 'lvel'. Close: 'level'"),
    ],
)
def test_what_cannot_be_read_is_an_error_in_words(people, column, asked, message):
    with pytest.raises(InputError, match=message):
        normalize_frame(people, column, **asked)


def test_other_columns_may_have_one_name(spark):
    [row] = normalize_frame(spark.sql("SELECT 1 AS id, 2 AS id, 'CEO' AS title"), "title", columns="level").collect()

    assert tuple(row) == (1, 2, "CEO", "cxo")


def test_two_columns_of_one_name_are_an_error_in_words(spark):
    with pytest.raises(InputError, match=r"The frame has 2 columns 'title'\. Rename all but one\."):
        normalize_frame(spark.sql("SELECT 'a' AS title, 'b' AS title"), "title")


def test_a_column_without_any_title_is_no_error(spark):
    [row] = normalize_frame(spark.sql("SELECT NULL AS title"), "title").collect()

    assert row.status is None


def test_sql_functions(spark, people):
    pytest.importorskip("pyspark", "4.1")
    register(spark)
    people.createOrReplaceTempView("people")

    rows = spark.sql("SELECT titlenorm(title) AS t, titlenorm_role(title) AS role, titlenorm(title, team).role_id AS here FROM people ORDER BY id").collect()

    assert list(rows[0].t.asDict()) == list(COLUMNS)
    assert [row.t and row.t.role_id for row in rows] == ROLES
    assert [row.role for row in rows] == ["Accountant", None, None, "Chief Executive Officer", None]
    assert rows[4].here == "product-manager"
    register(spark, Normalizer(options=Options(min_score=1)))
    assert spark.sql("SELECT titlenorm('Accountant').status").collect() == [("unresolved",)]


def test_sql_functions_say_which_spark_they_need(spark, monkeypatch):
    from pyspark.sql.pandas import functions

    monkeypatch.delattr(functions, "arrow_udf", raising=False)

    with pytest.raises(InputError, match=r"SQL functions need Spark 4.1 or newer, and this is .*Use titlenorm.adapters.spark.normalize_frame"):
        register(spark)


@pytest.mark.parametrize("package", ["pyspark", "pyarrow", "pandas"])
def test_a_missing_package_is_named(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=rf"{package} is not installed. Install it: pip install 'titlenorm\[spark\]'"):
        normalize_frame(None, "title")


def test_the_example_job(spark, tmp_path):
    main = runpy.run_path(str(EXAMPLES / "spark_job.py"))["main"]

    main(spark, str(EXAMPLES / "people.csv"), str(tmp_path / "out"), "job_title")

    out = spark.read.parquet(str(tmp_path / "out"))
    assert out.count() == 499
    assert out.columns[-12:] == list(COLUMNS)
    assert out.where("status = 'resolved'").count() > 400
