"""Figures are those that one gets by hand, labels are read as they are meant, and runs can be kept and compared."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from titlenorm import Normalizer, Options, Role, Taxonomy
from titlenorm.delimited import Source, open_source
from titlenorm.errors import InputError, UnknownRoleError
from titlenorm.evaluate import Label, Reply, Run, compare, evaluate, judge, read_labels
from titlenorm.evaluate.curve import Bin, at_coverages, at_precisions, curve, reliability
from titlenorm.evaluate.figures import Scored, figures, scored, wilson
from titlenorm.evaluate.report import report
from titlenorm.evaluate.wording import moves

SHARED = Path(__file__).resolve().parents[2] / "shared"
TAXONOMY = Taxonomy([Role("cook", "Cook"), Role("baker", "Baker", broader="cook"), Role("waiter", "Waiter"), Role("host", "Host")])


def resolved(role: str, score: float = 0.9, *others: str, **said) -> Reply:
    candidates = ((role, score), *said.pop("candidates", ()))
    return Reply("resolved", role, score=score, method="exact", candidates=candidates, others=others, **said)


def left_open(*candidates: tuple[str, float], status: str = "unresolved", **said) -> Reply:
    return Reply(status, score=candidates[0][1] if candidates else 0.0, method="tfidf" if candidates else None, candidates=candidates, **said)


def rows_of(*pairs):
    return [judge(label, reply, TAXONOMY, said[0] if said else None) for label, reply, *said in pairs]


SEVEN = rows_of(
    (Label("Cook", ("cook",), levels=("",), grades=("",), others=()), resolved("cook", 0.9)),
    (Label("Sr. Baker", ("cook", "host"), levels=("senior",), grades=("",), others=()), resolved("baker", 0.8, level="senior")),
    (Label("Waiter II", ("waiter",), levels=("",), grades=("2",), others=()), resolved("host", 0.8, candidates=(("waiter", 0.3),), level="senior")),
    (Label("Host & Cook", ("host",), levels=("",), grades=("",), others=(("cook",),)), left_open(("waiter", 0.5), ("cook", 0.2), ("host", 0.1))),
    (Label("Waiter & Baker", ("waiter",), levels=("", "lead"), grades=("",), others=(("cook",),)), resolved("waiter", 0.7, "baker", level="lead")),
    (Label("Manager", levels=("manager",), grades=("",), others=()), left_open(level="manager")),
    (Label("Asdf", levels=("",), grades=("",), others=()), resolved("cook", 0.6, "host")),
)


def test_figures_by_hand():
    found = figures(SEVEN)
    assert (found.rows, found.weight) == (7, 7)
    assert found.accuracy == pytest.approx(4 / 7)  # all but Waiter II, Host & Cook, Asdf
    assert found.precision == pytest.approx(3 / 5)
    assert found.coverage == pytest.approx(4 / 5)
    assert found.recall == pytest.approx(3 / 5)
    assert found.top1 == pytest.approx(3 / 5)
    assert found.top3 == pytest.approx(5 / 5)
    assert found.mrr == pytest.approx((1 + 1 + 1 / 2 + 1 / 3 + 1) / 5)
    assert found.abstains == pytest.approx(1 / 2)
    assert found.level == pytest.approx(6 / 7)
    assert found.grade == pytest.approx(6 / 7)
    assert found.others == pytest.approx(2 * 1 / (2 * 1 + 1 + 1))  # one found, one too many, one lost
    assert found.ece == pytest.approx((0.5 + 0.6 + 0.3 + 0.8 + 0.2 + 0.1) / 6)  # fewer rows than bins: each row is a bin
    assert found.brier == pytest.approx((0.5**2 + 0.6**2 + 0.3**2 + 0.8**2 + 0.2**2 + 0.1**2) / 6)
    assert found.precision_interval == wilson(3 / 5, 5)
    assert found.recall_interval == wilson(3 / 5, 5)


def test_where_there_is_nothing_to_count_there_is_no_figure():
    assert {value for name, value in asdict(figures([])).items() if name not in ("rows", "weight")} == {None}
    only_label = figures(rows_of((Label("Cook", ("cook",)), left_open())))
    assert (only_label.precision, only_label.abstains, only_label.level, only_label.grade, only_label.others, only_label.ece) == (None,) * 6
    assert (only_label.recall, only_label.accuracy) == (0, 0)


def test_a_narrower_role_is_acceptable_and_a_wider_one_is_not():
    narrower, wider = rows_of((Label("x", ("cook",)), resolved("baker")), (Label("x", ("baker",)), resolved("cook")))
    assert (narrower.right, wider.right) == (True, False)


def test_a_role_that_the_labels_could_not_know_is_left_out():
    label = Label("Dough Poet", off_list=True)
    unknown, known, blind = rows_of((label, resolved("baker"), {"cook"}), (label, resolved("cook"), {"cook"}), (label, resolved("baker")))
    assert (unknown.counts, known.counts, blind.counts) == (False, True, True)
    assert figures([unknown]).precision is figures([unknown]).abstains is figures([unknown]).ece is None
    assert figures([known]).precision == figures([known]).abstains == 0
    assert "role" not in unknown.aspects
    assert report([unknown], 0.6, 0.05).confusions == report([unknown], 0.6, 0.05).errors == ()
    assert report([known], 0.6, 0.05).confusions == (("", "cook", 1, ("Dough Poet",)),)


def test_a_role_that_is_gone_is_wrong_unless_it_is_what_the_label_says():
    assert not rows_of((Label("x", ("cook",)), resolved("pastry-wizard")))[0].right


def test_each_further_title_is_found_once():
    label = Label("x", others=(("cook",), ("cook",), ("host",)))
    row = judge(label, Reply("empty", others=("baker", "waiter")), TAXONOMY)
    assert (row.hits, row.false, row.lost) == (1, 1, 2)


def random_rows(count: int, seed: int):
    draw = random.Random(seed)
    return rows_of(
        *(
            (Label(str(n), ("cook",) if draw.random() < 0.8 else ()), resolved(draw.choice(["cook", "host"]), draw.choice([0.1, 0.25, 0.5, 0.9, 0.97])))
            for n in range(count)
        )
    )


@pytest.mark.parametrize("count", [1, 9, 10, 11, 99, 445])
def test_the_calibration_error_is_that_of_ten_slices(count):
    rows = random_rows(count, count)
    points = [point[:2] for point in scored(rows)]
    slices = [points[b * count // 10 : (b + 1) * count // 10] for b in range(10)]
    assert figures(rows).ece == pytest.approx(sum(abs(sum(score - right for score, right in part)) for part in slices) / count)


def test_a_weight_counts_like_as_many_rows():
    weighted = [replace(row, label=replace(row.label, weight=float(place % 3))) for place, row in enumerate(SEVEN)]
    repeated = [row for place, row in enumerate(SEVEN) for _ in range(place % 3)]
    one, other = asdict(figures(weighted)), asdict(figures(repeated))
    assert one["weight"] == other["rows"] == 6
    for name in set(one) - {"rows", "ece", "precision_interval", "recall_interval"}:
        assert one[name] == pytest.approx(other[name]), name
    low, high = figures(weighted).precision_interval
    assert low < other["precision_interval"][0]  # few heavy rows say less than many light ones
    assert high > other["precision_interval"][1]


@pytest.mark.parametrize(("right", "count", "low", "high"), [(0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (81, 263, 0.2553, 0.3662)])  # Newcombe (1998)
def test_the_interval_of_wilson(right, count, low, high):
    assert wilson(right / count, count) == pytest.approx((low, high), abs=5e-5)


def test_the_curve_by_hand():
    points = curve(SEVEN)
    assert [point.threshold for point in points] == [0.9, 0.8, 0.7, 0.6, 0.5]
    assert [point.resolved for point in points] == [1, 3, 4, 5, 6]
    assert [point.precision for point in points] == pytest.approx([1, 2 / 3, 3 / 4, 3 / 5, 3 / 6])
    assert [point.coverage for point in points] == pytest.approx([1 / 5, 3 / 5, 4 / 5, 4 / 5, 5 / 5])
    assert [point.recall for point in points] == pytest.approx([1 / 5, 2 / 5, 3 / 5, 3 / 5, 3 / 5])


def test_the_curve_goes_through_the_figures_of_the_run():
    found = figures(SEVEN)
    here = next(point for point in reversed(curve(SEVEN)) if point.threshold >= 0.6)
    assert (here.precision, here.coverage, here.recall) == pytest.approx((found.precision, found.coverage, found.recall))


def test_no_threshold_resolves_what_is_ambiguous():
    label = Label("Cook", ("cook",))
    near, far = left_open(("cook", 0.5), ("host", 0.48)), left_open(("cook", 0.5), ("host", 0.4))
    rows = rows_of((label, left_open(("cook", 0.9), status="ambiguous")), (label, near), (label, far), (label, left_open()))
    assert [(point.threshold, point.resolved, point.coverage) for point in curve(rows, 0.05)] == [(0.5, 1, 0.25)]
    assert [(point.threshold, point.resolved) for point in curve(rows, 0.0)] == [(0.5, 2)]


def test_points_at_round_values():
    points = curve(SEVEN)
    assert [(wanted, point and point.threshold) for wanted, point in at_coverages(points, (0.1, 0.6, 0.7, 1.0))] == [
        (0.1, 0.9),
        (0.6, 0.8),
        (0.7, 0.7),
        (1.0, 0.5),
    ]
    assert [(wanted, point and point.threshold) for wanted, point in at_precisions(points, (1.0, 0.7, 0.5))] == [(1.0, 0.9), (0.7, 0.7), (0.5, 0.5)]
    wrong = curve(rows_of((Label("x", ("cook",)), resolved("host")), (Label("y", ("cook",)), left_open())))
    assert at_precisions(wrong, (0.9,)) == ((0.9, None),)
    assert at_coverages(wrong, (0.9,)) == ((0.9, None),)


def test_without_a_row_that_has_a_role_there_is_no_curve():
    assert curve(rows_of((Label("x"), resolved("cook")))) == ()


def test_bins_of_the_score_never_part_rows_with_one_score():
    points = [Scored(0.9, right, 1.0) for right in (False, True, True, True)] + [Scored(0.2, False, 1.0)]
    assert reliability(points, 5) == (Bin(0.2, 0.2, 0.2, 0.0, 1.0), Bin(0.9, 0.9, 0.9, 0.75, 4.0))
    many = reliability([Scored(n / 100, n % 2 == 0, 1.0) for n in range(100)], 10)
    assert [(part.low, part.rows, part.right) for part in many] == [(pytest.approx(n / 10), 10, 0.5) for n in range(10)]


def test_confusions_come_by_rows_and_then_by_id():
    got_host = [(Label(title, ("cook",), weight=weight), resolved("host")) for title, weight in (("b", 1), ("a", 1), ("c", 5), ("d", 1), ("c", 1))]
    rows = rows_of(*got_host, (Label("e"), resolved("cook")), (Label("f", ("baker",)), left_open(("host", 0.4))), (Label("g", ("baker",)), left_open()))
    found = report(rows, 0.6, 0.05)
    assert found.confusions == (("cook", "host", 9, ("c", "a", "b")), ("", "cook", 1, ("e",)))
    assert found.missed == (("baker", "", 1, ("g",)), ("baker", "host", 1, ("f",)))
    assert report(SEVEN, 0.6, 0.05).levels == (("", "senior", 1, ("Waiter II",)),)
    assert [row.label.title for row in report(SEVEN, 0.6, 0.05).errors] == ["Waiter II", "Host & Cook", "Asdf"]


def test_slices_have_the_figures_of_their_rows():
    places = ["north", "south", "south", "", "south", "north", "north"]
    rows = [replace(row, label=replace(row.label, slices={"place": place})) for row, place in zip(SEVEN, places, strict=True)]
    found = report(rows, 0.6, 0.05).slices
    assert [(part.column, part.value, part.figures.rows) for part in found] == [("place", "north", 3), ("place", "south", 3), ("place", "", 1)]
    assert found[1].figures == figures([rows[1], rows[2], rows[4]])


def test_evaluate_asks_the_normalizer():
    normalizer = Normalizer(TAXONOMY)
    found = evaluate([Label("Senior Baker", ("cook",), levels=("senior",)), Label("Waiter", ("host",)), Label("qwzx")], normalizer)
    assert (found.figures.precision, found.figures.level, found.figures.abstains, found.min_score) == (0.5, 1, 1, Options().min_score)
    assert [row.reply.role for row in found.rows] == ["baker", "waiter", None]
    assert found.rows[0].reply == Reply.of(normalizer.normalize("Senior Baker"))


def test_a_threshold_that_a_precision_set_is_seen_in_the_answers():
    labels = [Label("Accountant", ("accountant",)), Label("VP, Finance", ("finance-manager",)), Label("Moon Logistics Dreamer")]
    found = evaluate(labels, Normalizer(options=Options(precision=0.9)))
    resolved = [row.reply.score for row in found.rows if row.answered]
    assert found.min_score == min(resolved)
    assert next(point for point in reversed(found.curve) if point.threshold >= found.min_score).resolved == len(resolved)


def labelled(text: str, *slices: str, **columns: str):
    return read_labels(Source(io.BytesIO(text.encode()), "labelled.csv"), TAXONOMY, columns, slices)


def test_labels_are_read():
    found = labelled(
        "raw,role_ids,level,grade,others,status,place\n"
        "Cook,cook|baker|cook,senior|none,2,cook|baker; host,resolved,Oslo\n"
        "Wizard,none,,none,,off_list,\n"
        '"Chef,\nLead",Waiter,Lead,2.0,,,Rome\n',
        "place",
    )
    assert found.columns == {"title": "raw", "role": "role_ids", "level": "level", "grade": "grade", "others": "others", "status": "status"}
    assert found.labels == (
        Label("Cook", ("cook", "baker"), ("senior", ""), ("2",), (("cook", "baker"), ("host",)), slices={"place": "Oslo"}),
        Label("Wizard", (), ("",), ("",), (), off_list=True, slices={"place": ""}),
        Label("Chef,\nLead", ("waiter",), ("lead",), ("2",), (), slices={"place": "Rome"}),
    )


def test_columns_that_are_said_are_taken():
    text = "a,b,c,role,level\nCook,cook,3,host,senior\n"
    assert labelled(text, title="a", role="2", weight="c", level="level").labels == (Label("Cook", ("cook",), ("senior",), weight=3),)


@pytest.mark.parametrize(
    ("header", "title", "role"),
    [
        ("raw,title,role_id", "raw", "role_id"),
        ("job_title,role_ids", "job_title", "role_ids"),
        ("title,role", "title", "role"),
        ("role,Role ID", "role", "Role ID"),  # `role` alone could be the titles
        ("job,expected_role", "job", "expected_role"),
    ],
)
def test_columns_are_guessed(header, title, role):
    found = labelled(f"{header}\n,\n" if header.count(",") == 1 else f"{header}\n,,\n")
    assert found.columns == {"title": title, "role": role}


def test_a_likely_column_that_holds_something_else_is_left_out_and_said():
    found = labelled("title,role_id,Level,Grade,status\nCook,cook,IC3,B2,unresolved\n")
    assert found.labels == (Label("Cook", ("cook",)),)
    assert [note.split(":")[0] for note in found.notes] == [
        "Column 'Level' is not read as level",
        "Column 'Grade' is not read as grade",
        "Column 'status' is not read as status",
    ]


def test_a_likely_status_that_contradicts_the_roles_is_left_out_and_said():
    found = labelled("title,role_id,status\nCook,,resolved\nWizard,,off_list\n")
    assert found.labels == (Label("Cook"), Label("Wizard"))
    assert found.columns == {"title": "title", "role": "role_id"}
    assert found.notes == ("Column 'status' is not read as status: labelled.csv:2: status 'resolved' and no role contradict each other. Change one of them.",)


def test_a_corrected_output_is_a_labelled_file():
    text = "job_title,role_id,role,level,status\nCook,cook,Cook,,resolved\nHost Cook,host,Cook,senior,ambiguous\nManager,,,manager,resolved\n"
    found = labelled(text)
    assert [(label.roles, label.levels) for label in found.labels] == [(("cook",), ("",)), (("host",), ("senior",)), ((), ("manager",))]
    assert "status" not in found.columns


@pytest.mark.parametrize(
    ("text", "said", "message"),
    [
        ("title,role_id\nCook,cook\nChef,cok\n", {}, "Unknown role 'cok' in labelled.csv:3. Close: 'cook'"),
        ("title,role_id\n\nCook,cook\n\nChef,cok\n", {}, "Unknown role 'cok' in labelled.csv:5"),
        ("title,role_id,level\nCook,cook,boss\n", {"level": "level"}, "labelled.csv:2: level 'boss' is not one of training, entry"),
        ("title,role_id,grade\nCook,cook,II\n", {"grade": "grade"}, "labelled.csv:2: grade 'II' is not a whole number. Write 2 for II."),
        ("title,role_id,x\nCook,cook,many\n", {"weight": "x"}, "labelled.csv:2: weight 'many' is not a number from 0 up."),
        ("title,role_id,x\nCook,cook,-1\n", {"weight": "x"}, "weight '-1' is not a number"),
        ("title,role_id,x\nCook,cook,inf\n", {"weight": "x"}, "weight 'inf' is not a number"),
        ("title,role_id,x\nCook,cook,done\n", {"status": "x"}, "status 'done' is not one of resolved, no_role, off_list, junk."),
        ("title,role_id,x\nCook,cook,junk\n", {"status": "x"}, "labelled.csv:2: status 'junk' and role 'cook' contradict each other"),
        ("title,role_id,x\nCook,,resolved\n", {"status": "x"}, "status 'resolved' and no role contradict each other"),
        ("title,role_id,others\nCook,cook,chef\n", {"others": "others"}, "Unknown role 'chef' in labelled.csv:2"),
        ("title,role_id\nCook\n", {}, "labelled.csv:2: 1 cell, expected 2"),
        ("title,role_id\n", {}, "labelled.csv has a header and no rows"),
        ("title,what\nCook,cook\n", {}, "No column of labelled.csv is named like roles: 'title' (1), 'what' (2). Choose one with --role NAME."),
        ("what,role_id\nCook,cook\n", {}, "Choose one with --title NAME."),
        ("title,position,role_id\na,b,\n", {}, "2 columns of labelled.csv could hold the titles: 'title' (1), 'position' (2)"),
        ("title,role_id\nCook,cook\n", {"level": "levle"}, "labelled.csv has no column 'levle'"),
    ],
)
def test_what_is_no_label_is_an_error_with_its_place(text, said, message):
    with pytest.raises((InputError, UnknownRoleError)) as error:
        labelled(text, **said)
    assert message in str(error.value)


def test_bytes_of_another_encoding_are_read_as_normalize_reads_them():
    source = Source(io.BytesIO(b"title,role_id\n" + "é,\n".encode() * 3 + b"Caf\xe9 Host,host\n"), "labelled.csv")
    assert read_labels(source, TAXONOMY).labels[3].title == "Café Host"


NORMALIZER = Normalizer(TAXONOMY, Options(tfidf=False))


def run_of(rows) -> Run:
    return Run.of(report(rows, 0.6, 0.05), NORMALIZER, {"title": "raw", "role": "role_id"})


def test_a_run_comes_back_as_it_was_and_has_the_same_bytes(tmp_path):
    odd = rows_of((Label('é "\n</script>', ("cook",)), resolved("cook", 0.1234)))
    run_of([*SEVEN, *odd]).save(str(tmp_path / "one.json"))
    run_of([*SEVEN, *odd]).save(str(tmp_path / "two.json"))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    back = Run.load(str(tmp_path / "one.json"))
    assert [(row.title, row.reply) for row in back.rows] == [(row.label.title, row.reply) for row in (*SEVEN, *odd)]
    assert (back.taxonomy, back.options["tfidf"], back.figures["rows"]) == ("custom", False, 8)


def damaged(change) -> str:
    whole = json.loads(Path("run.json").read_text())
    change(whole)
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (lambda: "", "is not a run"),
        (lambda: "title,role_id\nCook,cook\n", "is not a run"),
        (lambda: "[" * 100_000, "is not a run"),
        (lambda: "[]", "is not a run"),
        (lambda: Path("run.json").read_text()[:-40], "is not a run"),
        (lambda: damaged(lambda run: run.update(format="something")), "format"),
        (lambda: damaged(lambda run: run.update(format_version=2)), "format_version"),
        (lambda: damaged(lambda run: run.pop("rows")), "rows"),
        (lambda: damaged(lambda run: run["rows"][3].update(score=7)), "rows.3.score"),
        (lambda: damaged(lambda run: run["rows"][3].update(score=float("nan"))), "rows.3.score"),
        (lambda: damaged(lambda run: run["rows"][3].update(status="fine")), "rows.3.status"),
        (lambda: damaged(lambda run: run["rows"][3].update(candidates=[["cook"]])), "rows.3.candidates.0"),
        (lambda: "\udcff", "is not a run"),
    ],
)
def test_a_file_that_is_no_run_is_an_error_in_words(tmp_path, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    run_of(SEVEN).save("run.json")
    Path("bad.json").write_bytes(text().encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as error:
        Run.load("bad.json")
    assert message in str(error.value)
    assert "bad.json" in str(error.value)
    assert "--save" in str(error.value)


def test_a_run_that_is_not_there_is_an_error_in_words(tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file"):
        Run.load(str(tmp_path / "none.json"))


def compared(before, after):
    rows = rows_of(*after)
    return compare(report(rows, 0.6, 0.05), run_of(rows), run_of(rows_of(*before)), NORMALIZER)


def titles(changes) -> list[str]:
    return [change.after.label.title for change in changes]


def test_rows_are_fixed_broken_or_changed_otherwise():
    cook, level = ("cook",), {"levels": ("senior",)}
    labels = {title: Label(title, cook, **level) for title in ("fixed", "broken", "mixed", "wrong", "right", "rescored", "same", "level")}
    before = {
        "fixed": resolved("host"),
        "broken": resolved("cook"),
        "mixed": resolved("host", level="senior"),
        "wrong": resolved("host"),
        "right": resolved("cook"),
    }
    after = {"fixed": resolved("cook"), "broken": left_open(("cook", 0.4)), "mixed": resolved("cook"), "wrong": resolved("waiter"), "right": resolved("baker")}
    both = {
        "rescored": (resolved("cook", 0.7), resolved("cook", 0.8)),
        "same": (resolved("cook"),) * 2,
        "level": (resolved("cook"), resolved("cook", level="senior")),
    }
    before |= {title: pair[0] for title, pair in both.items()}
    after |= {title: pair[1] for title, pair in both.items()}
    found = compared([(labels[t], before[t]) for t in labels], [(labels[t], after[t]) for t in labels])
    assert titles(found.fixed) == ["fixed", "level"]
    assert titles(found.broken) == ["broken"]
    assert titles(found.otherwise) == ["mixed", "wrong", "right"]
    assert [change.aspects for change in found.fixed] == [("role",), ("level",)]
    assert [change.aspects for change in found.otherwise] == [("role", "level"), (), ()]
    assert (found.rescored, found.new, found.gone, found.differs) == (1, 0, 0, ())
    assert (found.before.recall, found.after.recall) == (5 / 8, 6 / 8)


def test_a_lower_error_is_better_and_a_lower_share_is_worse():
    before = figures(SEVEN)
    after = replace(before, precision=0.5, recall=0.60000001, ece=0.25, brier=0.9, grade=None)
    moved = {move.name: move for move in moves(before, after)}
    assert {name: (move.moved, move.better) for name, move in moved.items() if move.better is not None} == {
        "precision": ("-10.00", False),
        "ece": ("-0.1667", True),
        "brier": ("+0.6683", False),
    }
    assert (moved["grade"].before, moved["grade"].after, moved["grade"].moved) == ("85.71%", "-", "")


def test_a_corrected_label_is_no_better_answer():
    found = compared([(Label("x", ("cook",)), resolved("host"))], [(Label("x", ("host",)), resolved("host"))])
    assert (found.before.precision, found.after.precision) == (1, 1)
    assert found.fixed == found.broken == found.otherwise == ()


def test_rows_belong_together_by_title_and_equal_titles_in_order():
    cook = Label("a", ("cook",))
    before = [(cook, resolved("cook")), (cook, resolved("host")), (Label("gone"), left_open())]
    after = [(Label("new"), resolved("cook")), (cook, resolved("cook")), (cook, resolved("waiter")), (cook, resolved("cook"))]
    found = compared(before, after)
    assert (found.new, found.gone, found.before.rows, found.after.rows) == (2, 1, 2, 2)
    assert [(change.before.reply.role, change.after.reply.role) for change in found.otherwise] == [("host", "waiter")]


def test_what_the_runs_do_not_share_is_said():
    earlier = replace(run_of(SEVEN), version="0.0.9", data_version="2020.1.0", options={"min_score": 0.5, "old": True})
    found = compare(report(SEVEN, 0.6, 0.05), run_of(SEVEN), earlier, NORMALIZER)
    assert found.differs[0].startswith("titlenorm: 0.0.9, now ")
    assert found.differs[1].startswith("data: 2020.1.0, now ")
    assert "option min_score: 0.5, now 0.72" in found.differs
    assert "option old: True, now None" in found.differs


@pytest.mark.skipif(not (SHARED / "cases/gold_dev.csv").exists(), reason="the labelled titles are not part of the repository")
def test_the_figures_are_those_of_the_scorer():
    spec = importlib.util.spec_from_file_location("score_cases", SHARED / "tools/score_cases.py")
    assert spec
    assert spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    normalizer, taxonomy = Normalizer(), Taxonomy.bundled()
    with open_source(str(SHARED / "cases/gold_dev.csv")) as source:
        labels = read_labels(source, taxonomy, slices=["source"]).labels
    found = evaluate(labels, normalizer, scorer.LABELLED_ROLES)
    rows = list(csv.DictReader(io.StringIO((SHARED / "cases/gold_dev.csv").read_text(encoding="utf-8"), newline="")))
    parts = {"": (rows, found.figures), **{part.value: ([row for row in rows if row["source"] == part.value], part.figures) for part in found.slices}}
    assert len(parts) == 8
    for name, (some, mine) in parts.items():
        theirs = scorer.score(some, normalizer.normalize_many([row["raw"] for row in some]), taxonomy)
        ours = {figure: getattr(mine, figure) for figure in theirs}
        assert ours == pytest.approx(theirs, abs=1e-4), name  # theirs are rounded
