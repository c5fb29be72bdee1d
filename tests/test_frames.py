"""A frame of any library comes back as the same kind of frame, with its own columns as they were and those of titlenorm added."""

from __future__ import annotations

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from titlenorm import InputError, MissingExtraError, Normalizer, Options
from titlenorm.adapters import lookup
from titlenorm.adapters.arrow import columns_of
from titlenorm.adapters.frames import normalize_frame
from titlenorm.answer import COLUMNS

TITLES = ["Sr. Accountant", None, "", "CEO II", "Sr. Accountant"]
ROLES = ["accountant", None, None, "chief-executive-officer", "accountant"]
LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}

library = pytest.mark.parametrize("build", LIBRARIES.values(), ids=LIBRARIES)


class Spy:
    """A normalizer that notes what it is asked."""

    def __init__(self):
        self.asked = []

    def normalize_columns(self, titles, *, contexts=None):
        self.asked += titles if contexts is None else zip(titles, contexts, strict=True)
        return {name: [{"grade": 1, "score": 0.5}.get(name, f"{name} of {title}") for title in titles] for name in COLUMNS}


def cells(frame, name) -> list[object]:
    if isinstance(frame, pd.DataFrame):
        return [None if cell is None or cell is pd.NA or cell != cell else cell for cell in frame[name]]
    return frame[name].to_list() if isinstance(frame, pl.DataFrame) else frame.column(name).to_pylist()


def names(frame) -> list[str]:
    return list(frame.column_names if isinstance(frame, pa.Table) else frame.columns)


@library
def test_the_frame_keeps_its_kind_its_columns_and_its_order(build):
    frame = build({"id": ["00123", "7", "7", "", None], "title": TITLES, "n": [5, 4, 3, 2, 1]})

    out = normalize_frame(frame, "title")

    assert type(out) is type(frame)
    assert names(out) == ["id", "title", "n", *COLUMNS]
    assert names(frame) == ["id", "title", "n"]
    for name in names(frame):
        assert cells(out, name) == cells(frame, name)
    assert cells(out, "role_id") == ROLES


@library
def test_a_missing_title_has_no_answer_and_an_empty_one_is_empty(build):
    out = normalize_frame(build({"title": TITLES}), "title")

    assert cells(out, "status") == ["resolved", None, "empty", "resolved", "resolved"]
    for name in COLUMNS:
        assert cells(out, name)[1] is None
    assert cells(out, "score")[2] == 0.0
    assert cells(out, "core")[2] == ""


@pytest.mark.parametrize("titles", [TITLES, ["qwzx"], [None, None], []], ids=["some", "nothing found", "missing", "no rows"])
def test_columns_have_one_type_whatever_is_in_them(titles):
    in_polars = normalize_frame(pl.DataFrame({"title": titles}, schema={"title": pl.String}), "title")
    in_arrow = normalize_frame(pa.table({"title": pa.array(titles, pa.string())}), "title")
    in_pandas = normalize_frame(pd.DataFrame({"title": pd.Series(titles, dtype="string")}), "title")

    text = pd.Series(["a"]).dtype
    for name in COLUMNS:
        assert in_polars.schema[name] == {"grade": pl.Int64, "score": pl.Float64}.get(name, pl.String)
        assert in_arrow.schema.field(name).type == {"grade": pa.int64(), "score": pa.float64()}.get(name, pa.string())
        assert in_pandas[name].dtype == {"grade": "Int64", "score": "float64"}.get(name, text)


@library
def test_names_that_the_frame_has_are_not_taken_twice(build):
    out = normalize_frame(build({"Role": ["x"], "title": ["CEO"], "level": ["y"], "titlenorm_level": ["z"]}), "title", columns=["role", "role_id", "level"])

    assert names(out) == ["Role", "title", "level", "titlenorm_level", "titlenorm_role", "role_id", "titlenorm_level_2"]
    assert [cells(out, name) for name in names(out)[:4]] == [["x"], ["CEO"], ["y"], ["z"]]
    assert cells(out, "titlenorm_level_2") == ["cxo"]


@library
def test_an_output_can_be_normalized_again(build):
    once = normalize_frame(build({"title": TITLES}), "title")
    twice = normalize_frame(once, "title")

    assert cells(twice, "titlenorm_role_id") == cells(twice, "role_id") == ROLES


@pytest.mark.parametrize("columns", ["level", ["level"], ("level",)])
@library
def test_only_the_columns_that_are_wanted(build, columns):
    out = normalize_frame(build({"title": TITLES}), "title", columns=columns)

    assert names(out) == ["title", "level"]
    assert cells(out, "level") == ["senior", None, None, "cxo", "senior"]


@library
def test_context_decides_acronyms(build):
    frame = build(
        {"title": ["PM", "PM", "PM", "CEO", None], "department": ["Construction", "Product", None, "Product", "Product"], "team": [None, "", "", "", ""]}
    )

    expected = ["project-manager", "product-manager", None, "chief-executive-officer", None]
    assert cells(normalize_frame(frame, "title"), "role_id")[:3] == [None] * 3
    for context in ("department", ["department"], ("team", "department")):
        assert cells(normalize_frame(frame, "title", context=context), "role_id") == expected


@library
def test_nested_is_one_column(build):
    out = normalize_frame(build({"title": TITLES}), "title", nested=True)
    flat = normalize_frame(build({"title": TITLES}), "title")

    assert names(out) == ["title", "titlenorm"]
    structs = cells(out, "titlenorm")
    assert structs[1] is None
    assert [None if struct is None else struct["role_id"] for struct in structs] == ROLES
    assert structs[0] == {name: cells(flat, name)[0] for name in COLUMNS}
    again = normalize_frame(out, "title", nested=True, columns=["level", "grade"])
    assert cells(again, "titlenorm_titlenorm")[3] == {"level": "cxo", "grade": 2}


def test_nested_cells_of_pandas_are_not_shared():
    out = normalize_frame(pd.DataFrame({"title": ["CEO", "CEO"]}), "title", nested=True)

    out["titlenorm"][0]["role_id"] = "changed"

    assert out["titlenorm"][1]["role_id"] == "chief-executive-officer"


def test_nested_is_a_struct_where_there_are_structs():
    assert isinstance(normalize_frame(pl.DataFrame({"title": TITLES}), "title", nested=True).schema["titlenorm"], pl.Struct)
    assert pa.types.is_struct(normalize_frame(pa.table({"title": TITLES}), "title", nested=True).schema.field("titlenorm").type)


@pytest.mark.parametrize(
    "titles",
    [
        pd.Series(TITLES),
        pd.Series(TITLES, dtype=object),
        pd.Series(TITLES, dtype="string"),
        pd.Series(TITLES, dtype="category"),
        pd.Series(TITLES, dtype=pd.ArrowDtype(pa.large_string())),
        pd.Series(pa.array(TITLES).dictionary_encode(), dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))),
        pd.Series(["Sr. Accountant", float("nan"), "", "CEO II", "Sr. Accountant"], dtype=object),
        pd.Series(["Sr. Accountant", pd.NA, "", "CEO II", "Sr. Accountant"], dtype=object),
        pd.Series(["Sr. Accountant", pd.NaT, "", "CEO II", "Sr. Accountant"], dtype=object),
        pl.Series(TITLES),
        pl.Series(TITLES, dtype=pl.Categorical),
        pl.Series(TITLES, dtype=pl.Enum(["Sr. Accountant", "", "CEO II"])),
        pl.Series(TITLES, dtype=pl.Object),
        pa.array(TITLES),
        pa.array(TITLES, pa.large_string()),
        pa.array(TITLES, pa.string_view()),
        pa.array(TITLES).dictionary_encode(),
        pa.chunked_array([TITLES[:2], [], TITLES[2:]]),
    ],
    ids=lambda titles: f"{type(titles).__module__.split('.')[0]}-{getattr(titles, 'dtype', None) or titles.type}",
)
def test_every_kind_of_text_is_read(titles):
    build = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[type(titles).__module__.split(".")[0]]

    assert cells(normalize_frame(build({"title": titles}), "title"), "role_id") == ROLES


@pytest.mark.parametrize(
    "titles",
    [
        pd.Series([None, None], dtype=object),
        pd.Series([float("nan")] * 2),
        pl.Series([None, None]),
        pa.nulls(2),
    ],
    ids=["object", "float", "Null", "null"],
)
def test_a_column_without_any_title_is_no_error(titles):
    build = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[type(titles).__module__.split(".")[0]]

    assert cells(normalize_frame(build({"title": titles}), "title"), "status") == [None, None]


@pytest.mark.parametrize(
    "index", [["b", "a", "b"], [7, 7, 1], pd.MultiIndex.from_tuples([("x", 1), ("y", 2), ("x", 1)]), pd.date_range("2024-01-31", periods=3)]
)
def test_the_index_of_pandas_stays(index):
    frame = pd.DataFrame({"title": ["CEO", None, "Accountant"]}, index=index)

    out = normalize_frame(frame, "title")

    assert out.index.equals(frame.index)
    assert cells(out, "role_id") == ["chief-executive-officer", None, "accountant"]


def test_labels_of_pandas_need_not_be_text():
    out = normalize_frame(pd.DataFrame([["x", "CEO"]]), 1, columns="role_id")

    assert list(out.columns) == [0, 1, "role_id"]
    assert out["role_id"].tolist() == ["chief-executive-officer"]


def test_text_that_no_encoding_can_say_is_no_error():
    out = normalize_frame(pd.DataFrame({"title": ["Caf\ud800 CEO", 42, b"CEO"]}, dtype=object), "title")

    assert out["status"].notna().all()


@library
def test_each_distinct_title_is_looked_up_once(build):
    spy = Spy()

    out = normalize_frame(build({"title": ["b", None, "a", "b", "", "a"]}), "title", normalizer=spy)

    assert spy.asked == ["b", "a", ""]
    assert cells(out, "role") == ["role of b", None, "role of a", "role of b", "role of ", "role of a"]


def test_each_distinct_title_and_context_is_looked_up_once():
    spy = Spy()

    normalize_frame(pl.DataFrame({"title": ["a", "a", None, "a", "a"], "team": ["x", "y", "y", None, "x"]}), "title", context="team", normalizer=spy)

    assert spy.asked == [("a", {"0": "x"}), ("a", {"0": "y"}), ("a", {})]


def test_a_normalizer_remembers_titles_and_forgets_in_time(monkeypatch):
    monkeypatch.setattr(lookup, "REMEMBERED", 4)
    spy = Spy()

    for titles in (["a", "b", "a"], ["b", "c"], ["d", "e", "a"], ["e"], [*"uvwxyz"], ["u", "z"]):
        found = lookup.look_up(titles, normalizer=spy)
        assert [found.column("role")[code] for code in found.codes] == [f"role of {title}" for title in titles]

    assert spy.asked == ["a", "b", "c", "d", "e", *"uvwxyz", "z"]


def test_normalizers_do_not_share_what_they_remember():
    frame = pl.DataFrame({"title": ["Dogs Accountant wizard"]})

    lax, strict = Normalizer(options=Options(min_score=0)), Normalizer(options=Options(min_score=1))

    assert normalize_frame(frame, "title", normalizer=lax)["status"].to_list() != normalize_frame(frame, "title", normalizer=strict)["status"].to_list()


@pytest.mark.parametrize(
    ("frame", "column", "message"),
    [
        (pd.DataFrame({"id": [1], "job_title": ["x"]}), "jobtitel", "The frame has no column 'jobtitel'. Close: 'job_title'. Columns: 'id', 'job_title'."),
        (pl.DataFrame({"id": [1]}), "ID", "The frame has no column 'ID'"),
        (pd.DataFrame({"id": [1]}), "id", "'id' holds Int64, not text. Name the column with the titles"),
        (pl.DataFrame({"id": [1.5]}), "id", "'id' holds Float64, not text"),
        (pa.table({"id": [True]}), "id", "'id' holds Boolean, not text"),
        (pa.table({"id": [b"x"]}), "id", "'id' holds Binary, not text"),
        (pl.DataFrame({"id": [["x"]]}), "id", r"'id' holds List\(String\), not text"),
        (pd.DataFrame([["x", "y"]], columns=["t", "t"]), "t", "have the same name. Rename all but one. .*'t' 2 times"),
        (pa.table([["x"], ["y"]], names=["t", "t"]), "t", "have the same name"),
        (pd.DataFrame({("a", "b"): ["x"]}), ("a", "b"), "several levels. Flatten them first"),
        (pl.LazyFrame({"t": ["x"]}), "t", "not LazyFrame. Collect a lazy frame first, or see titlenorm.adapters.polars"),
        (duckdb.sql("SELECT 'x' AS t"), "t", "not DuckDBPyRelation"),
        (pd.Series(["x"]), "t", "not Series"),
        ([{"t": "x"}], "t", "takes a frame of pandas, Polars, PyArrow or Modin, not list"),
    ],
)
def test_what_cannot_be_read_is_an_error_in_words(frame, column, message):
    with pytest.raises(InputError, match=message):
        normalize_frame(frame, column)


@pytest.mark.parametrize(
    ("asked", "message"), [({"columns": ["lvel"]}, "The answer has no column 'lvel'. Close: 'level'"), ({"context": "dept"}, "The frame has no column 'dept'")]
)
def test_a_column_that_is_not_there_is_an_error_in_words(asked, message):
    with pytest.raises(InputError, match=message):
        normalize_frame(pl.DataFrame({"t": ["x"]}), "t", **asked)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "narwhals", None)

    with pytest.raises(MissingExtraError, match=r"narwhals is not installed. Install it: pip install 'titlenorm\[frames\]'"):
        normalize_frame(None, "t")


def test_arrow_arrays_of_every_form_have_the_same_answers():
    titles = ["Sr. Accountant", None, "CEO", "Sr. Accountant", ""]
    text = pa.array(titles)
    doubled = pa.DictionaryArray.from_arrays([0, 1, 2, 3, 4], pa.array(["Sr. Accountant", None, "CEO", "Sr. Accountant", ""]))
    chunks = [pa.array(titles[:2]).dictionary_encode(), pa.array(titles[2:]).dictionary_encode()]
    forms = (
        text,
        text.cast(pa.large_string()),
        text.dictionary_encode(),
        doubled,
        pa.chunked_array([text[:2], text[2:]]),
        pa.chunked_array(chunks),
    )
    for form in forms:
        role, status = columns_of(form, [], None, ["role_id", "status"])
        assert role.to_pylist() == ["accountant", None, "chief-executive-officer", "accountant", None], form.type
        assert status.to_pylist() == ["resolved", None, "resolved", "resolved", "empty"], form.type
        department = pa.array([None, None, "x", "", "y"])
        assert columns_of(form, [department], None, ["role_id"])[0].to_pylist() == role.to_pylist(), form.type
    assert columns_of(pa.nulls(2), [], None, ["status"])[0].to_pylist() == [None, None]
    assert columns_of(text[:0], [], None, ["status"])[0].to_pylist() == []
