"""`.titlenorm` after a column of pandas or Polars gives what a frame gets."""

from __future__ import annotations

import pickle

import pandas as pd
import polars as pl
import pytest

import titlenorm.adapters.pandas
import titlenorm.adapters.polars  # noqa: F401  it registers .titlenorm
from titlenorm import InputError, Normalizer, Options
from titlenorm.adapters.frames import normalize_frame
from titlenorm.answer import COLUMNS

METHODS = ("role_id", "role", "family", "function", "level", "grade", "status", "score")
TITLES = ["Sr. Accountant", None, "", "CEO II", "PM"]
TEAMS = ["x", "Product", None, "", "Product"]
PEOPLE = pl.DataFrame({"title": TITLES, "team": TEAMS})
TITLE = pl.col("title").titlenorm


@pytest.mark.parametrize("method", METHODS)
def test_each_method_is_the_column_of_its_name(method):
    frame, index = pd.DataFrame({"title": TITLES}, index=list("abcda")), list("abcda")

    column = getattr(frame["title"].titlenorm, method)()

    pd.testing.assert_series_equal(column, normalize_frame(frame, "title")[method])
    assert column.index.tolist() == index
    expected = normalize_frame(PEOPLE, "title")[method]
    for answers in (PEOPLE.select(getattr(TITLE, method)()).to_series(), getattr(PEOPLE["title"].titlenorm, method)()):
        assert answers.name == method
        assert answers.dtype == expected.dtype
        assert answers.to_list() == expected.to_list()


def test_normalize_of_a_pandas_series_is_a_frame_with_its_index():
    series = pd.Series(TITLES, index=list("abcda"), name="whatever")

    out = series.titlenorm.normalize()

    assert out.columns.tolist() == list(COLUMNS)
    assert out.index.equals(series.index)
    assert out.loc["d", "role_id"] == "chief-executive-officer"
    assert series.titlenorm.normalize(columns="level").columns.tolist() == ["level"]


def test_normalize_of_a_pandas_frame_adds_columns():
    frame = pd.DataFrame({"title": TITLES, "team": TEAMS}, index=list("abcda"))
    asked = {"context": "team", "columns": ["role_id", "grade"], "nested": True}

    pd.testing.assert_frame_equal(frame.titlenorm.normalize("title", **asked), normalize_frame(frame, "title", **asked))


def test_normalize_of_polars_is_a_struct():
    expected = normalize_frame(PEOPLE, "title", nested=True)

    assert PEOPLE.with_columns(TITLE.normalize()).equals(expected)
    assert PEOPLE["title"].titlenorm.normalize().equals(expected["titlenorm"])
    assert PEOPLE.select(TITLE.normalize(columns=["level", "grade"])).unnest("titlenorm").columns == ["level", "grade"]


def test_context_decides_acronyms():
    assert PEOPLE.select(TITLE.role_id())["role_id"][4] is None
    for context in ("team", pl.col("team"), ["team"], [pl.lit("nothing"), pl.col("team").str.to_uppercase()]):
        assert PEOPLE.select(TITLE.role_id(context=context))["role_id"][4] == "product-manager"
        assert PEOPLE.select(TITLE.normalize(context=context)).unnest("titlenorm")["role_id"][4] == "product-manager"
    frame = PEOPLE.to_pandas(use_pyarrow_extension_array=False).set_index("title", drop=False)
    for column in (PEOPLE["title"].titlenorm.role_id(context=PEOPLE["team"]), frame["title"].titlenorm.role_id(context=[frame["team"]])):
        assert column.to_list()[4] == "product-manager"


def test_context_of_another_frame_is_an_error():
    titles = pd.Series(["PM", "PM"], index=[1, 2])

    with pytest.raises(InputError, match="'team' has another index than the titles"):
        titles.titlenorm.role(context=pd.Series(["Product", "Data"], index=[2, 1], name="team"))
    with pytest.raises(pl.exceptions.ShapeError):
        PEOPLE["title"].titlenorm.role(context=PEOPLE["team"].head(3))


def test_a_normalizer_of_ones_own():
    strict = Normalizer(options=Options(min_score=1))

    for column in (
        PEOPLE.select(TITLE.status(normalizer=strict))["status"],
        PEOPLE["title"].titlenorm.status(normalizer=strict),
        PEOPLE.select(TITLE.normalize(normalizer=strict)).unnest("titlenorm")["status"],
    ):
        assert column[0] == "unresolved"
    assert pd.Series(TITLES).titlenorm.status(normalizer=strict)[0] == "unresolved"
    assert pd.Series(TITLES).titlenorm.normalize(normalizer=strict)["status"][0] == "unresolved"


def test_a_lazy_query_knows_its_types_before_it_runs():
    query = PEOPLE.lazy().with_columns(TITLE.normalize(), TITLE.grade(), TITLE.score(), TITLE.level())

    assert query.collect_schema() == query.collect().schema
    assert isinstance(query.collect_schema()["titlenorm"], pl.Struct)


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_query_may_go_on_with_the_answers(engine):
    people = pl.LazyFrame({"title": ["CEO", "Accountant", None, "Sr. Accountant"] * 5000})

    counts = people.filter(TITLE.status() == "resolved").group_by(TITLE.role_id()).len().sort("role_id").collect(engine=engine)

    assert counts.rows() == [("accountant", 10000), ("chief-executive-officer", 5000)]


def test_a_query_can_be_sent_to_another_process():
    normalizer = Normalizer(options=Options(min_score=1))
    expr = pl.col("title").titlenorm.status(normalizer=normalizer)

    there = pl.Expr.deserialize(expr.meta.serialize())

    assert PEOPLE.select(there)["status"].to_list() == PEOPLE.select(expr)["status"].to_list()


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Boolean, pl.Date])
def test_a_column_without_text_is_an_error_in_words(dtype):
    with pytest.raises((InputError, pl.exceptions.ComputeError), match=f"holds {dtype}, not text"):
        pl.select(pl.lit(1).cast(dtype).titlenorm.role())


def test_an_expression_pickles():
    assert pickle.loads(pickle.dumps(TITLE.role_id())).meta.output_name() == "role_id"
