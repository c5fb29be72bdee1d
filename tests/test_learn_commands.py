"""The command `learn`, and the options that use what it wrote: --overlay, --precision, --backoff."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from titlenorm import Alias, Role, Taxonomy
from titlenorm.cli import main
from titlenorm.cli.options import tell_precision
from titlenorm.match.reliability import Bin, Reliability
from titlenorm.normalizer import Normalizer
from titlenorm.options import Options

LABELLED = """job_title,role_id,team
Crust Artist,B1,a
Sr. Crust Artist,B1,a
Crust Artist,B3,b
Bread Baker,B3,b
Loaf Maker,Oven Hand,c
Flour Sage,B9,c
Dough Guru,B1,d
Dough Guru,B2,d
Ledger Person,B4|A1,d
Mystery,,e
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roles.csv").write_text(
        "id,name,aliases,broader\nB1,Bread Baker,loaf maker,B2\nB2,Food Maker,,\nB3,Oven Hand,,B2\nB4,Ledger Clerk,,\nA1,Ledger Person,,\n"
    )
    (tmp_path / "labelled.csv").write_text(LABELLED)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as handle:
        return list(csv.DictReader(handle))


def learn(*more: str, output: str = "overlay") -> Result:
    return run("learn", "labelled.csv", "-o", output, "--taxonomy", "roles.csv", *more)


def test_learn_writes_an_overlay_and_says_what_it_learnt():
    result = learn()
    assert result.exit_code == 3
    assert sorted(path.name for path in Path("overlay").iterdir()) == ["aliases.csv", "contradictions.csv", "rejects.csv", "reliability.csv"]
    assert [(row["alias"], row["role_id"], row["kind"], row["labelled"], row["of"], row["overrules"]) for row in rows("overlay/aliases.csv")] == [
        ("bread baker", "B3", "synonym", "1", "1", "B1"),
        ("crust artist", "B1", "synonym", "2", "3", ""),
        ("crust artist", "B3", "example", "1", "3", ""),
        ("dough guru", "B1", "example", "1", "2", ""),
        ("dough guru", "B2", "example", "1", "2", ""),
        ("ledger person", "A1", "synonym", "1", "1", ""),  # one of two acceptable roles, and what it is answered with
        ("loaf maker", "B3", "synonym", "1", "1", "B1"),
    ]
    assert [(row["line"], row["title"], row["role"]) for row in rows("overlay/rejects.csv")] == [("7", "Flour Sage", "B9")]
    for said in (
        "labelled.csv: utf-8, comma; title in 'job_title', role in 'role_id'",
        "Learnt from 8 labelled titles",
        "titlenorm: labelled.csv:7: Unknown role 'B9'",
        "not measured",
        "Use it: titlenorm normalize FILE --taxonomy roles.csv --overlay overlay",
    ):
        assert said in result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert any(line.startswith("aliases 4 ") for line in lines)
    assert any(line.startswith("examples 3 ") for line in lines)
    assert any(line.startswith("contradictions 2 ") for line in lines)
    assert "loaf maker B1 roles.csv:2: synonym 'loaf maker' B3 1 of 1" in lines
    assert "bread baker B1 roles.csv:2: name 'Bread Baker' B3 1 of 1" in lines
    assert "crust artist B1 (2), B3 (1) B1" in lines
    assert "dough guru B1 (1), B2 (1) none" in lines


def test_what_was_learnt_is_used_by_every_command():
    learn()
    Path("people.csv").write_text("job_title\nJunior Crust Artist\nBread Baker\n")
    use = ("--taxonomy", "roles.csv", "--overlay", "overlay")
    assert run("normalize", "people.csv", "-o", "out.csv", *use).exit_code == 0
    assert [row["role_id"] for row in rows("out.csv")] == ["B1", "B3"]
    assert "resolved: Bread Baker (B1)" in run("explain", "Crust Artist", *use).output
    assert json.loads(run("explain", "Crust Artist", "--json", *use).output)["role_id"] == "B1"
    assert run("roles", "--search", "crust artist", *use).output.startswith("B1")
    assert run("roles", "--search", "crust artist", "--taxonomy", "roles.csv").exit_code == 2
    Path("labelled.csv").write_text(LABELLED.replace("B9", "B1"))
    before = run("evaluate", "labelled.csv", "--taxonomy", "roles.csv", "--save", "before.json")
    after = run("evaluate", "labelled.csv", *use, "--compare", "before.json")
    assert (before.exit_code, after.exit_code) == (0, 0)
    saved = json.loads(Path("before.json").read_text())
    assert saved["taxonomy"] == "roles"
    assert "taxonomy: roles, now roles+overlay" in after.output
    assert "Fixed: 4" in after.output
    assert "Broken: 0" in after.output


def test_a_person_edits_the_overlay():
    learn()
    file = Path("overlay/aliases.csv")
    file.write_text(file.read_text().replace("crust artist,B1", "crust artist,B2") + "Yeast Whisperer,B1,,,,,\n")
    use = ("--taxonomy", "roles.csv", "--overlay", "overlay")
    assert "(B2)" in run("explain", "Crust Artist", *use).output
    assert "(B1)" in run("explain", "Sr. Yeast Whisperer", *use).output


def test_several_overlays_are_laid_over_each_other():
    learn()
    Path("second").mkdir()
    Path("second/aliases.csv").write_text("alias,role_id\ncrust artist,A1\n")
    use = ("--taxonomy", "roles.csv", "--overlay", "overlay", "--overlay", "second")
    assert "(A1)" in run("explain", "Crust Artist", *use).output
    assert "(B3)" in run("explain", "Bread Baker", *use).output


def test_an_overlay_is_not_replaced_and_can_be_added_to():
    learn()
    before = Path("overlay/aliases.csv").read_bytes()
    again = learn()
    assert again.exit_code == 2
    assert "overlay holds an overlay already. Add to it with --add, or name another folder with -o" in again.output
    assert Path("overlay/aliases.csv").read_bytes() == before
    Path("labelled.csv").write_text("job_title,role_id\n" + "Crust Artist,B3\n" * 3)
    assert learn("--add").exit_code == 0
    assert [(row["role_id"], row["labelled"], row["of"]) for row in rows("overlay/aliases.csv") if row["alias"] == "crust artist"] == [
        ("B3", "4", "6"),
        ("B1", "2", "6"),
    ]
    assert not Path("overlay/rejects.csv").exists()


@pytest.mark.parametrize(
    ("output", "more", "message"),
    [
        ("full", (), "full is not empty, and no overlay. Name a new folder with -o."),
        ("roles.csv", (), "roles.csv is a file, and no overlay"),
        ("nowhere", ("--add",), "nowhere is no overlay: it does not exist"),
        ("out", ("--title", "jb_title"), "labelled.csv has no column 'jb_title'. Close: 'job_title'"),
        ("out", ("--label", "9"), "labelled.csv has no column '9'"),
        ("out", ("--role", "job_title", "--title", "job_title"), "cannot hold both titles and roles"),
        ("out", ("--role", "team"), "labelled.csv:2: Unknown role 'a'. List all: titlenorm roles --taxonomy roles.csv No label in the column 'team' is a role"),
    ],
)
def test_what_cannot_be_learnt_is_one_line(here, output, more, message):
    (here / "full").mkdir()
    (here / "full" / "thesis.txt").write_text("")
    result = learn(*more, output=output)
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.splitlines()[-1].startswith("titlenorm: ")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("job_title,role_id\n", "labelled.csv has a header and no rows"),
        ("job_title,role_id\nBaker,\n", "labelled.csv has no row with a title and a role"),
        ("a,b\nBaker,B1\n", "No column of labelled.csv is named like roles"),
        ("job_title,role_id\nBaker,B1,more\n", "labelled.csv:2: 3 cells, expected 2"),
    ],
)
def test_a_file_without_labels_is_one_line(text, message):
    Path("labelled.csv").write_text(text)
    result = learn()
    assert (result.exit_code, Path("overlay").exists()) == (2, False)
    assert message in result.output


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("aliases.csv", "alias,role_id\nx,B7\n", "1 of 1 rows of the overlay name no role of the taxonomy 'roles'. Name the one that it was learnt with"),
        ("aliases.csv", "alias,role_id,labelled\nx,B1,1.5\n", "overlay/aliases.csv:2: labelled '1.5' is no count of titles. Write a whole number"),
        ("reliability.csv", "method,strength,score,rows\nany,1,2,3\n", "overlay/reliability.csv:2: strength and score lie between 0 and 1"),
        ("aliases.csv", None, "overlay is no overlay: it has no aliases.csv. Make one with: titlenorm learn LABELLED -o overlay"),
    ],
)
@pytest.mark.parametrize("command", [("explain", "Baker"), ("normalize", "labelled.csv", "-o", "out.csv"), ("evaluate", "labelled.csv")])
def test_a_bad_overlay_is_one_line(name, text, message, command):
    Path("overlay").mkdir()
    Path("overlay/aliases.csv").write_text("alias,role_id\nx,B1\n")
    if text is None:
        Path("overlay", name).unlink()
    else:
        Path("overlay", name).write_text(text)
    result = run(*command, "--taxonomy", "roles.csv", "--overlay", "overlay")
    assert result.exit_code == 2
    last = result.output.splitlines()[-1]
    assert last.startswith("titlenorm: ")
    assert message in last
    assert not Path("out.csv").exists()


RELIABILITY = "method,strength,score,rows\nexact,0.9,0.995,50\nalias,0.9,0.97,40\nspelling,0.9,0.8,5\ntfidf,0.5,0.3,5\n"


def test_a_precision_says_what_it_costs_and_moves_the_threshold():
    Path("overlay").mkdir()
    Path("overlay/aliases.csv").write_text("alias,role_id\n")
    Path("overlay/reliability.csv").write_text(RELIABILITY)
    Path("people.csv").write_text("job_title\nAccountant\nSWE\n")
    for precision, statuses, said in (
        (
            "0.99",
            ["resolved", "unresolved"],
            "Precision 99.0%: resolved from score 0.9825 on, by experience 99.5% right, for 50.0% of the titles instead of 95.0%.",
        ),
        (
            "0.98",
            ["resolved", "resolved"],
            "Precision 98.0%: resolved from score 0.8850 on, by experience 98.4% right, for 90.0% of the titles instead of 95.0%.",
        ),
        (
            "0.999",
            ["resolved", "unresolved"],
            "Precision 99.9% is not reached: the surest answers, from score 0.9825 on, are right for 99.5%; they are 50.0% of the",
        ),
    ):
        result = run("normalize", "people.csv", "-o", "out.csv", "--overlay", "overlay", "--precision", precision)
        assert [row["status"] for row in rows("out.csv")] == statuses
        assert said in result.output
    assert "Precision" not in run("normalize", "people.csv", "-o", "out.csv", "--overlay", "overlay").output
    assert "Precision" not in run("normalize", "people.csv", "-o", "out.csv", "--overlay", "overlay", "--precision", "0.9", "--quiet").output
    assert "unresolved" in run("explain", "SWE", "--overlay", "overlay", "--precision", "0.99").output
    Path("labelled.csv").write_text("job_title,role_id\nAccountant,accountant\n")
    assert "Precision 99.0%: resolved from" in run("evaluate", "labelled.csv", "--overlay", "overlay", "--precision", "0.99").output


def test_where_nothing_is_known_a_precision_says_so():
    normalizer = Normalizer(Taxonomy([Role("B1", "Baker")], [Alias("loafer", "B1")]), Options(precision=0.9), reliability=Reliability(()))
    assert tell_precision(normalizer) == (
        "Precision 90.0%: how reliable answers are is not known for this taxonomy (custom). Measure it: titlenorm learn LABELLED -o DIR"
    )
    assert tell_precision(Normalizer(normalizer.taxonomy, reliability=Reliability([Bin("any", 0.5, 0.5, 9)]))) == ""


@pytest.mark.parametrize("command", [("normalize", "labelled.csv"), ("evaluate", "labelled.csv")])
@pytest.mark.parametrize("more", [("--precision", "0.9", "--min-score", "0.5"), ("--precision", "1.5"), ("--precision", "0"), ("--precision", "1")])
def test_options_that_contradict_each_other(command, more):
    result = run(*command, *more)
    assert result.exit_code == 2
    assert "--precision" in result.output


def test_ties_back_off_when_that_is_asked_for():
    Path("people.csv").write_text("job_title\nRM\n")
    taxonomy = Taxonomy([Role("B2", "Maker"), Role("B1", "Baker", broader="B2"), Role("B3", "Cook", broader="B2")], [
        Alias("rm", "B1", "related"), Alias("rm", "B3", "related")
    ], kind="bundled")  # fmt: skip
    taxonomy.save("tie.titlenorm")
    for command in (("explain", "RM"), ("normalize", "people.csv", "-o", "-", "-q")):
        assert "B2" not in run(*command, "--taxonomy", "tie.titlenorm").output
        assert "B2" in run(*command, "--taxonomy", "tie.titlenorm", "--backoff").output
    Path("labelled.csv").write_text("job_title,role_id\nRM,B2\n")
    precision = [run("evaluate", "labelled.csv", "--taxonomy", "tie.titlenorm", "--min-precision", "1", *more).exit_code for more in ((), ("--backoff",))]
    assert precision == [1, 0]


def test_reliability_is_measured_and_shown():
    titles = ["Bread Baker,B1", "Loaf Maker,B1", "Oven Hand,B3", "Food Maker,B2"] * 60
    Path("labelled.csv").write_text("job_title,role_id\n" + "\n".join(titles) + "\n")
    result = learn()
    assert result.exit_code == 0
    assert "Reliability, measured on 240 titles" in result.output
    assert sum(int(row["rows"]) for row in rows("overlay/reliability.csv")) == 240
    assert {row["method"] for row in rows("overlay/reliability.csv")} == {"any"}
    table = [line.split() for line in result.output.splitlines() if line.strip().startswith(("99%", "90%"))]
    assert [line[0] for line in table] == ["99%", "90%"]
    assert table[1][-1] == "100.0%"


def test_what_steers_a_terminal_does_not_reach_it():
    Path("labelled.csv").write_text("job_title,role_id\nBaker\x1b[2J,B\x1b[2J\nCrust\x1b[2J Artist,B1\n")
    assert "\x1b" not in learn().output


@pytest.mark.parametrize("arguments", [("learn",), ("evaluate",), ("normalize",)])
def test_help_names_the_options(arguments):
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    wanted = ("--add", "--label", "--column") if arguments == ("learn",) else ("--overlay", "--precision", "--backoff", "--taxonomy")
    assert all(option in result.output for option in wanted)


def test_the_commands_of_the_page_about_learning_run(here):
    root = Path(__file__).resolve().parents[1]
    shutil.copytree(root / "examples", here / "examples")
    commands = re.findall(r"^ *\$ titlenorm (.+)$", (root / "docs" / "learning.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(commands) >= 9
    for command in commands:
        result = run(*shlex.split(command))
        assert result.exit_code == 0, (command, result.output)
    assert [row["role_id"] for row in rows("new.csv") if row["job_title"] == "PM"] == ["product-manager"] * 3
    changed = run("diff", "old.csv", "new.csv").output
    assert "product-manager" in changed
    compared = run("evaluate", "examples/labelled.csv", "--overlay", "ours", "--compare", "before.json").output
    assert re.search(r"^Broken: 1\n.*\nPM ", compared, re.MULTILINE)
