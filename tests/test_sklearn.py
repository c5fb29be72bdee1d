"""A transformer for scikit-learn: titles in, columns of the answer out."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator

from titlenorm import InputError, Normalizer, Options
from titlenorm.adapters.sklearn import TitleNormalizer
from titlenorm.answer import COLUMNS

TITLES = ["Sr. Accountant", None, "", "CEO II"]
ANSWERS = [["accountant", "senior"], [None, None], [None, None], ["chief-executive-officer", "cxo"]]

NUMBERS = "it fits numbers, and titles are text"
MATRIX = "it makes a matrix with several columns, and titles are one"
EXPECTED_TO_FAIL = {
    **dict.fromkeys(
        (
            "check_estimators_dtypes", "check_estimators_fit_returns_self", "check_estimators_overwrite_params", "check_estimators_pickle",
            "check_fit_check_is_fitted", "check_fit_idempotent", "check_fit_score_takes_y", "check_n_features_in", "check_n_features_in_after_fitting",
            "check_pipeline_consistency", "check_positive_only_tag_during_fit", "check_readonly_memmap_input", "check_transformer_preserve_dtypes",
            "check_transformers_unfitted_stateless",
        ),
        NUMBERS,
    ),
    **dict.fromkeys(
        (
            "check_dict_unchanged", "check_dont_overwrite_parameters", "check_f_contiguous_array_estimator", "check_fit2d_1feature", "check_fit2d_1sample",
            "check_fit2d_predict1d", "check_methods_sample_order_invariance", "check_methods_subset_invariance", "check_transformer_data_not_an_array",
            "check_transformer_general",
        ),
        MATRIX,
    ),
    **dict.fromkeys(
        ("check_complex_data", "check_estimator_sparse_array", "check_estimator_sparse_matrix", "check_estimator_sparse_tag",
         "check_estimators_empty_data_messages"),
        "it wants the words of scikit-learn for input that is refused; ours say which column to choose",
    ),
}  # fmt: skip
APPLY = {
    "check_do_not_raise_errors_in_init_or_set_params", "check_dtype_object", "check_estimator_cloneable", "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_fit1d", "check_get_params_invariance", "check_mixin_order", "check_no_attributes_set_in_init", "check_parameters_default_constructible",
    "check_set_params", "check_transformer_n_iter", "check_valid_tag_types",
}  # fmt: skip


class Matrix(TitleNormalizer):
    """scikit-learn runs next to none of its checks for estimators of text, as this one says it is; here it says otherwise."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


def test_the_checks_of_scikit_learn_that_apply_to_text_pass():
    results = check_estimator(Matrix(), expected_failed_checks=EXPECTED_TO_FAIL, on_fail=None, on_skip=None)

    assert [result["check_name"] for result in results if result["status"] == "failed"] == []
    assert {result["check_name"] for result in results if result["status"] == "passed"} >= APPLY


def test_tags_say_that_it_takes_one_column_of_text():
    tags = get_tags(TitleNormalizer())

    assert (tags.input_tags.string, tags.input_tags.one_d_array, tags.input_tags.two_d_array, tags.input_tags.allow_nan) == (True, True, False, True)
    assert (tags.requires_fit, tags.target_tags.required) == (False, False)


@pytest.mark.parametrize(
    "titles",
    [
        TITLES,
        tuple(TITLES),
        np.array(TITLES, dtype=object),
        np.array(TITLES, dtype=object).reshape(-1, 1),
        np.array(["Sr. Accountant", "", "", "CEO II"]),
        pd.Series(TITLES),
        pd.Series(TITLES, dtype="string"),
        pd.Series(TITLES, dtype="category"),
        pd.Series(["Sr. Accountant", float("nan"), pd.NaT, "CEO II"], dtype=object),
        pd.DataFrame({"title": TITLES}),
        pl.Series(TITLES),
        pl.DataFrame({"title": TITLES}),
        pa.array(TITLES),
        pa.chunked_array([TITLES]),
    ],
    ids=lambda titles: f"{type(titles).__module__.split('.')[0]}-{type(titles).__name__}",
)
def test_titles_may_come_in_any_form(titles):
    answers = TitleNormalizer().fit_transform(titles)

    assert answers.dtype == object
    assert answers.tolist() == ANSWERS


def test_columns_are_chosen():
    titles = ["CEO II", None]

    assert TitleNormalizer(columns=["grade", "score"]).transform(titles).tolist() == [[2, pytest.approx(0.98, abs=0.01)], [None, None]]
    assert TitleNormalizer(columns="level").transform(titles).tolist() == [["cxo"], [None]]
    assert TitleNormalizer(columns=COLUMNS).transform(titles).shape == (2, 12)
    assert TitleNormalizer().transform([]).shape == (0, 2)


def test_a_normalizer_of_ones_own():
    strict = Normalizer(options=Options(min_score=1))

    assert TitleNormalizer(["status"], strict).transform(["CEO"]).tolist() == [["unresolved"]]


def test_names_of_the_output():
    assert TitleNormalizer(["role", "level"]).get_feature_names_out().tolist() == ["role", "level"]
    assert TitleNormalizer(["role"]).get_feature_names_out(["job_title"]).tolist() == ["role"]


def test_frames_as_output():
    frame = pd.DataFrame({"title": TITLES}, index=[3, 1, 4, 1])

    in_pandas = TitleNormalizer().set_output(transform="pandas").fit_transform(frame["title"])
    in_polars = TitleNormalizer().set_output(transform="polars").fit_transform(TITLES)

    assert in_pandas.columns.tolist() == ["role_id", "level"]
    assert in_pandas.index.tolist() == [3, 1, 4, 1]
    assert in_pandas["level"].tolist()[0] == "senior"
    assert in_polars.rows() == [tuple(row) for row in ANSWERS]


def test_clone_and_pickle_keep_it():
    one = TitleNormalizer(["status"], Normalizer(options=Options(min_score=1))).set_output(transform="pandas")

    for twin in (clone(one), pickle.loads(pickle.dumps(one))):
        assert twin.get_params()["columns"] == ["status"]
        assert twin.normalizer.options == one.normalizer.options
        assert twin.transform(["CEO"])["status"].tolist() == ["unresolved"]


def test_it_works_in_a_pipeline():
    people = pd.DataFrame({"title": ["Sr. Accountant", "Accountant II", "Software Engineer", "SWE", "Accountant", "Developer"] * 4, "pay": range(24)})
    is_finance = people["title"].str.contains("Account")
    roles = make_pipeline(TitleNormalizer(["role_id"]), OneHotEncoder(handle_unknown="ignore"))
    model = make_pipeline(make_column_transformer((roles, ["title"])), LogisticRegression())

    search = GridSearchCV(model, {"columntransformer__pipeline__titlenormalizer__columns": [["level"], ["role_id"]]}, cv=2).fit(people, is_finance)

    assert search.best_params_ == {"columntransformer__pipeline__titlenormalizer__columns": ["role_id"]}
    assert search.predict(pd.DataFrame({"title": ["Junior Accountant", "Sr. SWE"], "pay": [0, 0]})).tolist() == [True, False]


@pytest.mark.parametrize(
    ("titles", "message"),
    [
        ("CEO", r"one column of titles, and this has the shape \(\)"),
        ([["CEO", "x"]], r"has the shape \(1, 2\). Choose the column, or use a ColumnTransformer"),
        (pd.DataFrame({"id": ["1"], "title": ["CEO"]}), r"has the shape \(1, 2\)"),
        (np.array([1, 2]), "of the type int64, not text"),
        (pd.Series([1.5, None]), "of the type float64, not text"),
        (pl.Series([True]), "of the type bool, not text"),
    ],
)
def test_what_cannot_be_read_is_an_error_in_words(titles, message):
    for method in ("fit", "transform"):
        with pytest.raises(InputError, match=message):
            getattr(TitleNormalizer(), method)(titles)


def test_a_column_that_is_not_there_is_an_error_in_words():
    for ask in (TitleNormalizer(["lvel"]).fit, TitleNormalizer(["lvel"]).transform):
        with pytest.raises(InputError, match=r"The answer has no column 'lvel'\. Close: 'level'"):
            ask(["CEO"])
