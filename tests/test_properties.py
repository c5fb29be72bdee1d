"""What holds for any text: never an error, true spans, every token in one place, the same answer in every way of asking."""

import copy
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import titlenorm
from titlenorm.match.reliability import ANY, Bin, Reliability
from titlenorm.segment import segment
from titlenorm.taxonomy.origin import Origin
from titlenorm.text import MAX_CHARS, key, tokenize

WORDS = [
    "Senior", "Sr.", "Junior", "Lead", "Head", "of", "VP", "Director", "Manager", "Software", "Engineer", "Engineering", "Sales", "Marketing", "and", "&", "/",
    ",", "-", "|", "(", ")", "Intern", "II", "L5", "2", "Analyst", "Data", "QA", "PM", "CEO", "Founder", "to", "the", "Remote", "(m/w/d)", "Assistant", "Staff",
    "Principal", "acting", "ex-Google", "UI/UX", "R&D", "C++", ".NET", "Teacher", "Nurse", "£45k", "REQ123", "enginer", "Maneger", "Zorb", ":in", "@",
    "+", "Dev",
]  # fmt: skip


def titles():
    return st.one_of(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), st.text(max_size=60))


@given(titles())
@settings(max_examples=600, deadline=None)
def test_every_token_lands_in_exactly_one_place(title):
    result = titlenorm.normalize(title)

    for one in (result, *result.others):
        placed = [*one.core_tokens, *(token for modifier in one.modifiers for token in modifier.tokens), *one.context, *one.noise]
        assert sorted(placed) == sorted(one.tokens)
    everything = sorted(token for one in (result, *result.others) for token in one.tokens)
    assert everything == [(item.start, item.end, item.text, item.name) for item in tokenize(title) if item.is_word]


@given(titles())
@settings(max_examples=400, deadline=None)
def test_spans_are_true(title):
    result = titlenorm.normalize(title)

    for one in (result, *result.others):
        for token in one.tokens:
            assert title[token.start : token.end] == token.text
            assert key(token.text) == token.key
        for modifier in one.modifiers:
            assert title[modifier.start : modifier.end] == modifier.text
        for step in one.steps:
            assert 0 <= step.start <= step.end <= len(title)


@given(titles())
@settings(max_examples=300, deadline=None)
def test_the_steps_replay(title):
    result = titlenorm.normalize(title)

    for one in (result, *result.others):
        assert " ".join(step.value for step in one.steps if step.place == "core") == one.core


@given(st.lists(titles(), max_size=8))
@settings(max_examples=150, deadline=None)
def test_batch_equals_one_by_one(many):
    results = titlenorm.normalize_many(many)
    columns = titlenorm.Normalizer.normalize_columns(NORMALIZER, many)

    assert results == [titlenorm.normalize(title) for title in many]
    assert columns["role_id"] == [result.role.id if result.role else None for result in results]
    assert columns["level"] == [result.level.value if result.level else None for result in results]
    assert columns["grade"] == [result.grade for result in results]
    assert columns["status"] == [result.status.value for result in results]
    assert columns["score"] == [result.score for result in results]
    assert columns["core"] == [result.core for result in results]
    assert columns["other_role_ids"] == ["; ".join(other.role.id for other in result.others) for result in results]


NORMALIZER = titlenorm.Normalizer()


@given(titles())
@settings(max_examples=300, deadline=None)
def test_what_every_answer_keeps(title):
    result = titlenorm.normalize(title)

    assert (result.role is not None) == (result.status is titlenorm.Status.RESOLVED)
    assert 0 <= result.score <= 1
    assert [c.score for c in result.candidates] == sorted((c.score for c in result.candidates), reverse=True)
    assert len({c.role.id for c in result.candidates}) == len(result.candidates)
    assert bool(result.core) == bool(result.core_tokens) or "and" in result.core
    assert (result.status is titlenorm.Status.EMPTY) == (not result.tokens)
    assert result.explain()
    assert result.to_dict()["status"] == result.status.value


@given(titles(), st.sampled_from(["swapcase", "upper", "lower"]))
@settings(max_examples=100, deadline=None)
def test_case_changes_no_known_role(title, change):
    result = titlenorm.normalize(title)

    changed = titlenorm.normalize(getattr(title, change)())

    if result.method in ("exact", "alias") and len(title) == len(getattr(title, change)()) and title.isascii():
        assert changed.level == result.level


def test_a_role_name_gives_its_role_with_the_best_score_and_method():
    names = [role.name for role in titlenorm.Taxonomy.bundled().roles.values()]

    results = titlenorm.normalize_many(names)

    found = [(name, result.role.name if result.role else "", result.method) for name, result in zip(names, results, strict=True)]
    wrong = [row for row in found if row != (row[0], row[0], titlenorm.Method.EXACT)]
    assert wrong == []
    assert {result.score for result in results} == {max(result.score for result in results)}


def test_none_and_junk_never_raise():
    for junk in (None, "", "###", "\x00", "   ", "🚀", "-", "N/A", "(((((", "&&&", "+44 20 7946 0000", "=HYPERLINK(1)", "\ud800"):
        result = titlenorm.normalize(junk)
        assert result.role is None
        assert result.status in (titlenorm.Status.EMPTY, titlenorm.Status.UNRESOLVED, titlenorm.Status.AMBIGUOUS)


@pytest.mark.parametrize("junk", ["a", "Sales Manager / ", "(", "a-", "é", "1", "&amp;", "eng ", "Sr. ", "m/w/d "])
def test_only_the_beginning_of_a_megabyte_is_read(junk):
    result = titlenorm.normalize(junk * (1_000_000 // len(junk)))

    assert all(token.end <= MAX_CHARS for token in result.tokens)


def test_the_same_answer_under_any_hash_seed():
    code = (
        "import titlenorm, json;"
        "titles = ['PM', 'Sr. SWE II', 'sofware enginer', 'Zorbian Accounting Wizardry', 'Strategy and Marketing Manager', 'VP Sales & Ops', 'Planner'];"
        "print(json.dumps([titlenorm.normalize(t).to_dict() for t in titles]))"
    )
    answers = {
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PATH": ""}, capture_output=True, text=True, check=True).stdout
        for seed in ("0", "1", "42")
    }
    assert len(answers) == 1


def test_order_and_neighbours_do_not_matter():
    many = ["Sales Manager", "PM", "Zorbian Accounting Wizardry", "sofware enginer", "VP, Eng", "Sales Manager"]

    forward, backward = NORMALIZER.normalize_many(many), NORMALIZER.normalize_many(many[::-1])

    assert forward == backward[::-1]


def test_a_normalizer_survives_pickle_and_copy():
    for twin in (pickle.loads(pickle.dumps(NORMALIZER)), copy.deepcopy(NORMALIZER)):
        assert twin.normalize("Sr. Accountant") == NORMALIZER.normalize("Sr. Accountant")
    result = NORMALIZER.normalize("Founder & CEO")
    assert pickle.loads(pickle.dumps(result)) == result


def test_the_bundled_taxonomy_travels_as_a_word():
    normalizer = titlenorm.Normalizer()
    assert len(pickle.dumps(normalizer)) < 2000
    assert pickle.loads(pickle.dumps(normalizer)).taxonomy is normalizer.taxonomy


def test_a_taxonomy_of_ones_own_travels_whole():
    ours = titlenorm.Taxonomy(
        [titlenorm.Role("baker", "Baker")], [titlenorm.Alias("bread maker", "baker", labelled=3)], "ours", "onet",
        Origin("ours.csv", "3", "CC0", ("a note",), {"baker": "ours.csv:2"}), {"index/notes.json": b"{}"},
    )  # fmt: skip

    twin = pickle.loads(pickle.dumps(ours))

    for name in ("roles", "aliases", "name", "kind", "origin", "members"):
        assert getattr(twin, name) == getattr(ours, name)


def test_what_was_learnt_travels_without_the_bundled_taxonomy():
    learnt = titlenorm.Normalizer().learn(["Zorb Wrangler"] * 3 + ["Accountant"], ["teacher"] * 3 + ["accountant"])

    parcel = pickle.dumps(learnt)

    assert len(parcel) < 5000
    twin = pickle.loads(parcel)
    for name in ("roles", "aliases", "name", "kind", "origin"):
        assert getattr(twin.taxonomy, name) == getattr(learnt.taxonomy, name)
    assert twin.normalize("Senior Zorb Wrangler") == learnt.normalize("Senior Zorb Wrangler")
    assert twin.normalize("Senior Zorb Wrangler").role.id == "teacher"


def test_a_merged_taxonomy_keeps_roles_and_members_that_were_added():
    ours = titlenorm.Taxonomy([titlenorm.Role("baker", "Baker")]).merge(titlenorm.Taxonomy([titlenorm.Role("zorber", "Zorber")], name="ours"))
    assert list(pickle.loads(pickle.dumps(ours)).roles) == ["baker", "zorber"]

    ours.members["index/notes.json"] = b"{}"

    assert pickle.loads(pickle.dumps(ours)).members == ours.members


def test_reliability_travels_and_a_used_normalizer_makes_the_same_parcel():
    reliability = Reliability([Bin(ANY, 0.1, 0.25, 100), Bin(ANY, 1.0, 0.35, 100)])
    normalizer = titlenorm.Normalizer(options=titlenorm.Options(min_score=0.2), reliability=reliability)
    fresh = pickle.dumps(normalizer)

    answer = normalizer.normalize("Sr. Accountant")

    assert 0.25 <= answer.score <= 0.35
    assert pickle.dumps(normalizer) == fresh
    assert pickle.loads(fresh).normalize("Sr. Accountant") == answer


def test_a_copy_of_a_normalizer_is_the_normalizer():
    assert copy.deepcopy(NORMALIZER) is NORMALIZER


def test_threads_share_one_normalizer():
    from concurrent.futures import ThreadPoolExecutor

    many = ["Sales Manager", "PM", "Zorbian Accounting Wizardry", "sofware enginer", "VP, Eng"] * 20
    alone = NORMALIZER.normalize_many(many)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(titlenorm.Normalizer().normalize, many)) == alone


def test_threads_may_ask_a_normalizer_that_has_read_nothing_yet():
    """Phrases are read when a title has their first word: nobody may see them half read."""
    from concurrent.futures import ThreadPoolExecutor

    titles = [alias.alias for alias in NORMALIZER.taxonomy.aliases[::25]]
    expected = [(result.role, result.score) for result in NORMALIZER.normalize_many(titles)]
    fresh, often = titlenorm.Normalizer(), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda order: [fresh.normalize(title) for title in order], [titles] * 4))
    finally:
        sys.setswitchinterval(often)
    assert all([(result.role, result.score) for result in results] == expected for results in found)


def test_threads_that_need_the_same_words_at_once_wait_for_each_other():
    from concurrent.futures import ThreadPoolExecutor
    from time import sleep

    phrases = titlenorm.Normalizer().pipeline.lexicon.phrases
    with ThreadPoolExecutor(4) as pool:
        with phrases._reading:  # as if somebody were reading: all four stand before the same door
            counted = [pool.submit(lambda: phrases.vocabulary) for _ in range(2)]
            found = [pool.submit(phrases.get, "software engineer") for _ in range(2)]
            sleep(0.1)
        assert counted[0].result() is counted[1].result()
        assert found[0].result() is found[1].result()
        assert found[0].result().role_id == "software-engineer"


def test_a_phrase_is_found_whoever_asks_for_it_first():
    """The phrases that begin with a word are read together; the word alone, a plural of it or a further title may be the first to ask."""
    aliases = [alias.alias for alias in NORMALIZER.taxonomy.aliases[::40]]
    asked = titlenorm.Normalizer().pipeline.lexicon
    every = titlenorm.Normalizer().pipeline.lexicon
    for alias in aliases:
        every.phrases.get(" ".join(every.fold(alias)))
    for alias in reversed(aliases):
        phrase = " ".join(every.fold(alias))
        one, other = asked.phrases.get(phrase), every.phrases.get(phrase)
        assert one is not None, alias
        assert other is not None, alias
        assert (one.kind, one.role_id, one.related) == (other.kind, other.role_id, other.related), alias
    assert asked.phrases.get("no such phrase") is None
    assert asked.phrases.vocabulary == every.phrases.vocabulary
    assert asked.phrases.foreign == every.phrases.foreign


def test_tables_that_nobody_needs_any_more_do_not_wait_for_the_collector():
    normalizer = titlenorm.Normalizer()
    normalizer.normalize("Head of Saless, APAC")
    lexicon = normalizer.pipeline.lexicon
    phrases = lexicon.phrases
    del normalizer
    assert sys.getrefcount(lexicon) == 2, "something leads back to the lexicon"  # `lexicon` and the argument
    del lexicon
    assert sys.getrefcount(phrases) == 2, "something leads back to the phrases"


def test_segment_keeps_every_token():
    lexicon = NORMALIZER.pipeline.lexicon
    for title in ("Entwickler:in (m/w/d)", "C++/C# Developer", "UI / UX Designer", "Solution(s) Engineer", "A/V Tech - R&D"):
        clauses = segment(lexicon.folding.read(title), lexicon.folding)
        tokens = [(token.start, token.text) for clause in clauses for word in clause.words for token in word.tokens()]
        assert tokens == [(item.start, item.text) for item in tokenize(title) if item.is_word]


def test_an_answer_does_not_depend_on_what_was_asked_before():
    """What is remembered of one title must hold for every other that it is used for."""
    roles = ("Relationship Officer", "Engineering Student", "Software Engineer", "Sales Manager", "Nurse", "Business Analyst", "Community Engagement Officer")
    before, after = ("", "Chief ", "Senior ", "Java ", "Interim ", "VP ", "Head of ", "Assistant "), ("", " Intern", " Internship", " II", " (Python)")
    titles = [f"{first}{role}{last}" for role in roles for first in before for last in after]
    together, normalizer, one_by_one = titlenorm.Normalizer().normalize_many(titles), titlenorm.Normalizer(), []
    for title in titles:
        for sense in normalizer.pipeline.lexicon.phrases._senses.values():
            sense.decided = None
        one_by_one.append(normalizer.normalize(title))
    assert [(result.role, result.score) for result in together] == [(result.role, result.score) for result in one_by_one]


def test_rows_are_folded_as_titles_are_read():
    lexicon = NORMALIZER.pipeline.lexicon
    phrases = [alias.alias for alias in lexicon.taxonomy.aliases[::5]]
    quick = {phrase: lexicon.folding.words(phrase) for phrase in phrases}

    assert sum(words is not None for words in quick.values()) > 0.9 * len(phrases)
    for phrase, words in quick.items():
        if words is not None:
            assert words == tuple(word.standard for clause in segment(lexicon.folding.read(phrase), lexicon.folding) for word in clause.words), phrase
