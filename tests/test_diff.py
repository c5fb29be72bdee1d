"""The difference of two outputs: what changed is counted and written, and files that do not belong together are refused."""

from __future__ import annotations

import csv
import io
import os
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from titlenorm import Normalizer
from titlenorm.answer import COLUMNS
from titlenorm.cli import main
from titlenorm.delimited import Source
from titlenorm.difference import Difference, Pair, answer_columns, difference
from titlenorm.errors import InputError

built_once = cache(Normalizer)

OLD = """\
id,title,role_id,level,status,score,core
1,Cook,cook,,resolved,0.9,cook
2,Sr Cook,cook,senior,resolved,0.8,cook
3,Baker,,,unresolved,0.4,baker
4,Baker,,,unresolved,0.4,baker
5,Host,host,,resolved,0.7,host
6,Pastry,,,unresolved,0.1,pastry
"""
NEW = """\
id,title,role_id,level,status,score,core
1,Cook,cook,,resolved,0.9,cook
2,Sr Cook,cook,,resolved,0.85,cook
3,Baker,baker,,resolved,0.95,baker
4,Baker,baker,,resolved,0.95,baker
5,Host,waiter,,resolved,0.68,waiter
6,Pastry,baker,,resolved,0.6,pastry
"""


def source(text: str, name: str) -> Source:
    return Source(io.BytesIO(text.encode("utf-8", "surrogateescape")), name)


def compared(old: str = OLD, new: str = NEW, **said) -> Difference:
    return difference(source(old, "old.csv"), source(new, "new.csv"), **said)


def test_changes_by_hand():
    found = compared()
    assert (found.rows, found.changed) == (6, 5)
    assert found.compared == ("role_id", "level", "status", "score", "core")
    assert found.columns == {"role_id": 4, "level": 1, "status": 3, "score": 5, "core": 1}
    assert found.pairs == {
        "role_id": (Pair("", "baker", 3, (("Baker", 2), ("Pastry", 1))), Pair("host", "waiter", 1, (("Host", 1),))),
        "level": (Pair("senior", "", 1, (("Sr Cook", 1),)),),
        "status": (Pair("unresolved", "resolved", 3, (("Baker", 2), ("Pastry", 1))),),
    }
    assert found.bands == {(1, 0.25): 3, (1, 0.05): 1, (-1, 0.0): 1}
    assert found.mean_shift == pytest.approx((0.05 + 0.55 + 0.55 - 0.02 + 0.5) / 6)


def test_the_same_file_has_no_difference():
    found = compared(OLD, OLD)
    assert (found.rows, found.changed, found.columns, found.bands, found.mean_shift) == (6, 0, {}, {}, 0)
    assert set(found.pairs.values()) == {()}


def test_a_score_alone_is_no_other_answer():
    changed = []
    found = compared(OLD, OLD.replace("0.9,", "0.91,").replace(",host\n", ",hosts\n"), write=changed.append)
    assert (found.changed, found.columns, changed) == (0, {"score": 1, "core": 1}, [])


def test_changed_rows_come_in_the_order_of_the_new_file():
    changed = []
    compared(write=changed.append)
    assert [(row.cells[0], row.answers) for row in changed] == [
        ("2", ("level",)),
        ("3", ("role_id", "status")),
        ("4", ("role_id", "status")),
        ("5", ("role_id",)),
        ("6", ("role_id", "status")),
    ]
    assert changed[0].before == ("cook", "senior", "resolved", "0.8", "cook")
    assert changed[0].after == ("cook", "", "resolved", "0.85", "cook")


def test_with_a_key_the_order_is_free():
    lines = NEW.splitlines(keepends=True)
    shuffled = "".join([lines[0], *reversed(lines[1:])])
    assert compared(new=shuffled, key="id") == compared()


def test_with_a_key_rows_may_be_missing_or_renamed():
    found = compared(new=NEW.replace("1,Cook", "7,Cook").replace("2,Sr Cook", "2,Senior Cook"), key="id")
    assert (found.rows, found.changed, found.old_only, found.new_only, found.retitled) == (4, 4, 1, 1, 1)


def test_columns_of_only_one_file_are_not_compared():
    older = "\n".join(",".join(line.split(",")[:4]) for line in OLD.splitlines())
    found = compared(old=older)
    assert found.compared == ("role_id", "level")
    assert found.columns == {"role_id": 4, "level": 1}
    assert found.mean_shift is None


def test_an_odd_score_is_left_out():
    found = compared(OLD.replace("0.9,", "nan,").replace("0.8,", ","), NEW.replace("0.68", "high"))
    assert sum(found.bands.values()) == 3


def test_the_columns_of_titlenorm_are_those_that_it_added():
    assert list(answer_columns(["id", *COLUMNS]).values()) == list(range(1, 13))
    header = ["level", "titlenorm_level", "status", "role_id", "titlenorm_level_2", "titlenorm_status"]
    assert answer_columns(header) == {"role_id": 3, "level": 4, "status": 5}


def test_a_column_of_the_export_is_not_taken_for_an_answer():
    text = "title,level,role_id,titlenorm_level\nCook,1,cook,{}\n"
    assert compared(text.format("senior"), text.format("lead").replace("Cook,1", "Cook,2")).columns == {"level": 1}


@pytest.mark.parametrize(
    ("old", "new", "said", "message"),
    [
        (
            OLD,
            NEW.split("6,Pastry")[0],
            {},
            "old.csv and new.csv have different numbers of rows: 6 and 5. Normalize the same export with both versions, or match rows by an id: --key COLUMN.",
        ),
        (OLD.split("2,")[0], NEW, {}, "different numbers of rows: 1 and 6."),
        (OLD, NEW.replace("3,Baker", "3,Butcher"), {}, "old.csv:4 has the title 'Baker' and new.csv:4 has 'Butcher'."),
        (OLD, NEW.replace("3,", "2,"), {"key": "id"}, "new.csv:3 and new.csv:4 have the same key '2'."),
        (OLD, NEW, {"key": "title"}, "old.csv:4 and old.csv:5 have the same key 'Baker'. Choose a column that tells rows apart with --key."),
        (OLD, re.sub(r"^(\d)", r"9\1", NEW, flags=re.MULTILINE), {"key": "id"}, "old.csv and new.csv have no row with the same 'id' and the same title."),
        (OLD, NEW, {"key": "nr"}, "old.csv has no column 'nr'"),
        (OLD, NEW.replace("id,title", "nr,title"), {"key": "id"}, "new.csv has no column 'id'"),
        (OLD, NEW, {"title": "name"}, "old.csv has no column 'name'"),
        (OLD, NEW.replace("title,", "job,"), {}, "new.csv has no column 'title'"),
        ("id,title\n1,Cook\n", NEW, {}, "old.csv has no column 'role_id', so it is no output of titlenorm. Make it with: titlenorm normalize FILE"),
        (OLD, "id,title\n1,Cook\n", {}, "new.csv has no column 'role_id'"),
        (OLD.replace("title,", "x,"), NEW.replace("title,", "x,"), {}, "No column of old.csv could hold the titles: 'id', 'x'. Choose one with --title NAME."),
        (
            OLD.replace("id,title", "position,title"),
            NEW,
            {"title": None},
            "2 columns of old.csv could hold the titles: 'position', 'title'. Choose one with --title NAME.",
        ),
        (OLD, NEW.replace("6,Pastry,", "6,Pastry,,"), {}, "new.csv:7: 8 cells, expected 7"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(old, new, said, message):
    with pytest.raises(InputError) as error:
        compared(old, new, **said)
    assert message in str(error.value)


def test_titles_in_different_encodings_are_the_same():
    old = source(OLD.replace("Pastry", "Pâtissière"), "old.csv")
    new = Source(io.BytesIO(NEW.replace("Pastry", "Pâtissière").encode("cp1252")), "new.csv")
    assert new.dialect.encoding == "cp1252"
    assert difference(old, new).rows == 6


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("titlenorm.normalizer.Normalizer", built_once)
    (tmp_path / "old.csv").write_text(OLD)
    (tmp_path / "new.csv").write_text(NEW)
    return tmp_path


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def table(path: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(path).read_text(encoding="utf-8"), newline=""), delimiter=delimiter))


def test_the_command_says_what_changed(here):
    result = run("diff", "old.csv", "new.csv")
    assert result.exit_code == 0
    assert result.stderr == ""
    for pattern in (
        r"^Rows compared: 6; with another answer: 5 \(83\.33%\)$",
        r"^role_id +4 +66\.67%$",
        r"^ +3 +none +baker +Baker \(2\); Pastry \(1\)$",
        r"^ +1 +host +waiter +Host \(1\)$",
        r"^ +1 +senior +none +Sr Cook \(1\)$",
        r"^Scores: on average \+0\.2717$",
        r"^0\.25 or more +3 +0$",
        r"^less +0 +1$",
    ):
        assert re.search(pattern, result.stdout, re.MULTILINE), pattern
    assert sorted(os.listdir()) == ["new.csv", "old.csv"]


def test_the_changed_rows_are_written(here):
    result = run("diff", "old.csv", "new.csv", "-o", "changes.csv")
    assert "Rows with another answer are in changes.csv" in result.stdout
    header, *rows = table("changes.csv")
    assert header == ["id", "title", "changed", "old_role_id", "new_role_id", "old_level", "new_level", "old_status", "new_status", "old_score", "new_score"]
    assert rows[0] == ["2", "Sr Cook", "level", "cook", "cook", "senior", "", "resolved", "resolved", "0.8", "0.85"]
    assert rows[1] == ["3", "Baker", "role_id; status", "", "baker", "", "", "unresolved", "resolved", "0.4", "0.95"]
    assert [row[0] for row in rows] == ["2", "3", "4", "5", "6"]


def test_the_changed_rows_keep_their_cells_and_their_delimiter(here):
    for name in ("old", "new"):
        text = (here / f"{name}.csv").read_text().replace(",", ";").replace("6;Pastry", '006;"Pâtissière; \n""chef"""')
        (here / f"{name}.csv").write_bytes(text.encode("cp1252"))
    assert run("diff", "old.csv", "new.csv", "-o", "changes.csv").exit_code == 0
    assert table("changes.csv", ";")[-1][:2] == ["006", 'Pâtissière; \n"chef"']
    run("diff", "old.csv", "new.csv", "-o", "changes.tsv")
    assert table("changes.tsv", "\t")[-1][:2] == ["006", 'Pâtissière; \n"chef"']


def test_changed_rows_can_go_to_standard_output(here):
    result = run("diff", "-", "new.csv", "-o", "-", stdin=OLD)
    assert len(result.stdout.splitlines()) == 6
    assert "Rows compared: 6" in result.stderr


def test_what_was_left_out_is_said(here):
    (here / "new.csv").write_text(NEW.replace("1,Cook", "7,Cook").replace("2,Sr Cook", "2,Senior Cook"))
    output = run("diff", "old.csv", "new.csv", "--key", "id").stdout
    for line in ("Not compared, with another title: 1", "Not compared, in the old file only: 1", "Not compared, in the new file only: 1"):
        assert line in output.splitlines()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("old.csv", "nwe.csv"), "nwe.csv does not exist. Close: new.csv."),
        (("old.csv", "short.csv"), "old.csv and short.csv have different numbers of rows: 6 and 1."),
        (("old.csv", "new.csv", "-o", "old.csv"), "would replace the input old.csv"),
        (("old.csv", "new.csv", "-o", "new.csv"), "would replace the input new.csv"),
        (("old.csv", "short.csv", "-o", "changes.csv"), "old.csv and short.csv have different numbers of rows: 6 and 1."),
        (("old.csv", "new.csv", "-o", "no/where.csv"), "choose another place with -o."),
    ],
)
def test_an_error_is_one_line_and_leaves_nothing(here, arguments, message):
    (here / "short.csv").write_text("".join(NEW.splitlines(keepends=True)[:2]))
    result = run("diff", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.startswith("titlenorm: ")
    assert result.output.count("\n") == 1
    assert sorted(os.listdir()) == ["new.csv", "old.csv", "short.csv"]
    assert (here / "old.csv").read_text() == OLD


def test_control_characters_do_not_reach_the_terminal(here):
    for name, text in (("old", OLD), ("new", NEW)):
        (here / f"{name}.csv").write_text(text.replace("Host", "Host\x1b[2J [red]x[/red]"))
    output = run("diff", "old.csv", "new.csv").stdout
    assert "\x1b" not in output
    assert "[red]x[/red]" in output


def test_two_runs_of_normalize_are_compared(here):
    (here / "people.csv").write_text("id,job_title,level\n1,Senior Accountant,5\n2,Registered Nurse,5\n3,qwzxv,5\n4,,5\n")
    run("normalize", "people.csv", "-o", "one.csv")
    run("normalize", "people.csv", "-o", "two.csv", "--min-score", "1")
    same = run("diff", "one.csv", "one.csv").stdout
    assert same == "Rows compared: 4; with another answer: 0 (0.00%)\n"
    output = run("diff", "one.csv", "two.csv", "-o", "changes.csv").stdout
    assert "with another answer: 2 (50.00%)" in output
    assert [row[:4] for row in table("changes.csv")[1:]] == [
        ["1", "Senior Accountant", "5", "role_id; status"],
        ["2", "Registered Nurse", "5", "role_id; status"],
    ]
