"""Results: where words went is told when asked for, and stays what it was."""

import copy
import pickle

import pytest

import titlenorm
from titlenorm.normalizer import Normalizer
from titlenorm.options import Options
from titlenorm.result import Result, Status, Trace

TITLES = ["Sr. SWE II - Payments (Remote)", "Founder & CEO", "Director / Founder / Chef at Mario's", "Zorgle Bloop", "", "Chef de Partie (m/w/d)"]


@pytest.mark.parametrize("title", TITLES)
def test_a_result_survives_pickling_and_copying(title):
    result = titlenorm.normalize(title)
    for same in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result), copy.copy(result)):
        assert same == result
        assert repr(same) == repr(result)
        assert same.explain() == result.explain()


@pytest.mark.parametrize("title", TITLES)
def test_the_trace_is_told_once_and_does_not_depend_on_what_was_read_meanwhile(title):
    early, late = titlenorm.normalize(title), titlenorm.normalize(title)
    told = early.trace
    titlenorm.normalize_many(["Software Engineer", "VP, Sales", title])
    assert late.trace == told
    assert late.trace is late.trace


def test_results_differ_by_what_is_in_them():
    result = titlenorm.normalize("Baker")
    assert result == titlenorm.normalize("Baker")
    assert result != titlenorm.normalize("baker")
    assert result != "Baker"
    assert Result("x") != Result("x", trace=Trace(reason="No reason."))
    with pytest.raises(TypeError, match="unhashable"):
        hash(result)


def test_a_result_of_a_title_only_is_empty():
    result = Result("x")
    assert (result.status, result.modifiers, result.tokens, result.reason) == (Status.EMPTY, (), (), "")


@pytest.mark.parametrize("most", [0, 1, 8])
def test_columns_name_as_many_further_titles_as_results_have(most):
    normalizer = Normalizer(options=Options(others=most))
    title = "Founder / CEO / Accountant / Chef"
    result = normalizer.normalize(title)
    assert len(result.others) == min(most, 3)
    assert normalizer.normalize_columns([title])["other_role_ids"] == ["; ".join(other.role.id for other in result.others)]
