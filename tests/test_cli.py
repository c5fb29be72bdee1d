"""The command line: what it writes, what it says, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from titlenorm.cli import main
from titlenorm.normalizer import Normalizer

PEOPLE = "id,job_title,department\n00123,Senior Software Engineer,Payments\n00124,Accountant,Finance\n"
ADDED = ["role_id", "role", "family", "function", "level", "grade", "status", "score", "method", "core", "modifiers", "other_role_ids"]
COMMAND = [sys.executable, "-m", "titlenorm"]

built_once = cache(Normalizer)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("titlenorm.normalizer.Normalizer", built_once)
    (tmp_path / "people.csv").write_text(PEOPLE)
    return tmp_path


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def start(*arguments: str, **said) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **said)


def table(path: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(path).read_text(), newline=""), delimiter=delimiter))


def test_normalize_adds_columns():
    result = run("normalize", "people.csv", "-o", "out.csv")
    assert result.exit_code == 0
    header, first, second = table("out.csv")
    assert header == ["id", "job_title", "department", *ADDED]
    assert first[:8] == ["00123", "Senior Software Engineer", "Payments", "software-engineer", "Software Engineer", *first[5:7], "senior"]
    assert second[3] == "accountant"
    assert [row[9] for row in (first, second)] == ["resolved", "resolved"]


def test_the_default_output_stands_beside_the_input(here):
    (here / "there").mkdir()
    (here / "there" / "people.tsv").write_text(PEOPLE.replace(",", "\t"))
    assert run("normalize", "there/people.tsv").exit_code == 0
    assert table("there/people.normalized.tsv", "\t")[1][:4] == ["00123", "Senior Software Engineer", "Payments", "software-engineer"]


def test_it_says_what_it_guessed_and_how_it_went(here):
    Path("wide.csv").write_bytes("id;Poste\r\n1;Qwzxé\r\n2;Qwzxé\r\n3;CEO\r\n4\r\n\r\n".encode("cp1252"))
    result = run("normalize", "wide.csv", "-o", "out.csv")
    for part in ("cp1252, semicolon", "'Poste'", "--encoding, --delimiter, --column"):
        assert part in result.output
    for name, count in (("rows", 3), ("distinct titles", 2), ("resolved", 1), ("unresolved", 2), ("rejected", 1), ("blank lines", 1)):
        assert re.search(rf"^{name} +{count}\b", result.output, re.MULTILINE)
    assert "2  Qwzxé" in result.output
    assert "out.csv.rejects.csv" in result.output
    assert result.exit_code == 3


def test_it_does_not_call_a_guess_what_was_said():
    output = run("normalize", "people.csv", "-c", "job_title", "--delimiter", ",").output
    assert "change it with --encoding." in output
    assert "guess" not in run("normalize", "people.csv", "-c", "2", "--delimiter", ",", "--encoding", "utf-8").output


def test_quiet_says_nothing():
    assert run("normalize", "people.csv", "-q").output == ""


def test_control_characters_of_titles_do_not_reach_the_terminal():
    Path("odd.csv").write_text("id,title\n1,qwzx\x1b[2Jvbnq [red]x[/red]\n")
    output = run("normalize", "odd.csv").output
    assert "\x1b" not in output
    assert "[red]" in output


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        ((), 1),
        (("--column", "job_title"), 1),
        (("--column", "JOB_TITLE"), 1),
        (("--column", "2"), 1),
        (("--context", "department"), 1),
        (("--context", "department", "--context", "id"), 1),
        (("--min-score", "0.9"), 1),
        (("--encoding", "cp1252", "--delimiter", ","), 1),
    ],
)
def test_options_that_change_nothing_here(arguments, column):
    assert run("normalize", "people.csv", "-o", "out.csv", *arguments).exit_code == 0
    assert [row[3] for row in table("out.csv")[1:]] == ["software-engineer", "accountant"]


def test_min_score_decides_what_is_resolved():
    Path("in.csv").write_text("title\naccuontant clerk wizard\n")
    run("normalize", "in.csv", "-o", "out.csv", "--min-score", "1")
    assert table("out.csv")[1][7] != "resolved"


def test_a_file_without_a_header():
    Path("bare.csv").write_text("00123,Bob,CEO\n00124,Ann,Accountant\n")
    assert run("normalize", "bare.csv", "--no-header", "--column", "3", "-o", "out.csv").exit_code == 0
    assert [row[:4] for row in table("out.csv")] == [["00123", "Bob", "CEO", "chief-executive-officer"], ["00124", "Ann", "Accountant", "accountant"]]


def test_standard_input_and_output():
    done = subprocess.run([*COMMAND, "normalize", "-", "-q"], input=PEOPLE.encode(), capture_output=True, timeout=60, check=True)
    assert done.stdout.splitlines()[2].startswith(b"00124,Accountant,Finance,accountant,Accountant,")
    assert done.stderr == b""


def test_standard_output_gets_rows_and_nothing_else():
    run("normalize", "people.csv", "-o", "out.csv")
    done = subprocess.run([*COMMAND, "normalize", "people.csv", "-o", "-"], capture_output=True, timeout=60, check=True)
    assert done.stdout == Path("out.csv").read_bytes()
    assert b"Reading people.csv" in done.stderr


def test_a_pipe_by_name_goes_to_standard_output(here):
    os.mkfifo("pipe")
    with start("normalize", "pipe", "-q") as process:
        Path("pipe").write_text(PEOPLE)
        assert process.stdout
        assert process.stdout.read().count(b"\n") == 3
    assert sorted(os.listdir()) == ["people.csv", "pipe"]


def test_rejects_of_standard_output_go_to_the_working_directory():
    result = run("normalize", "-", stdin="id,title\n1,CEO\n2\n")
    assert result.exit_code == 3
    assert table("titlenorm.rejects.csv")[1] == ["3", "1 cell, expected 2", "2"]
    assert "1,CEO,chief-executive-officer" in result.output


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        (("poeple.csv",), None, "poeple.csv does not exist. Close: people.csv."),
        (("people.csv", "-c", "jobtitel"), None, "no column 'jobtitel'. Close: 'job_title'. Columns: 'id', 'job_title', 'department'."),
        (("people.csv", "-c", "9"), None, "no column '9'"),
        (("people.csv", "--context", "team"), None, "no column 'team'"),
        (("people.csv", "--no-header"), None, "--column 3"),
        (("people.csv", "--encoding", "klingon"), None, "There is no encoding 'klingon'"),
        (("people.csv", "--delimiter", "::"), None, "A delimiter is one character"),
        (("people.csv", "-o", "people.csv"), None, "would replace the input"),
        (("people.csv", "-o", "./people.csv"), None, "would replace the input"),
        (("in.csv.rejects.csv", "-o", "in.csv"), None, "would replace the input"),
        (("people.csv", "-o", "."), None, ". is a directory"),
        (("people.csv", "-o", "no/where/out.csv"), None, "does not exist. Create it first"),
        (("people.csv", "-o", "/proc/out.csv"), None, "/proc/out.csv cannot be written"),
        (("people.csv", "-o", "people.csv/out.csv"), None, "does not exist"),
        ((".",), None, "Several files need a folder for their outputs. Name one with -o FOLDER."),
        (("in.csv",), b"", "in.csv is empty"),
        (("in.csv",), b"\xef\xbb\xbf\n\n", "in.csv is empty"),
        (("in.csv",), b"\x7fELF" + bytes(2000), "looks like a binary file"),
        (("in.csv",), b"PK\x03\x04", "Save the table as CSV first"),
        (("in.csv",), b"00123,Bob,CEO\n", "seems to have no header"),
        (("in.csv", "-c", "3"), b"00123,Bob,CEO\n", "seems to have no header"),
        (("in.csv",), b"Bob,CEO\n", "without a header: --no-header --column NUMBER"),
        (("in.csv",), b"id,title,position\n", "2 columns of in.csv could hold the titles: 'title' (2), 'position' (3)"),
        (("in.csv",), b"title,title\n", "'title' (1), 'title' (2)"),
        (("in.csv", "-c", "title"), b"title,title\n", "2 columns 'title'. Choose one by its number: 1 or 2"),
    ],
)
def test_an_error_is_one_line_with_the_way_out(here, arguments, content, message):
    Path("in.csv.rejects.csv").write_text(PEOPLE)
    if content is not None:
        Path("in.csv").write_bytes(content)
    before = sorted(os.listdir())
    result = run("normalize", *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("titlenorm: ") == 1
    assert result.output.splitlines()[-1].startswith("titlenorm: ")
    assert sorted(os.listdir()) == before
    assert Path("people.csv").read_text() == PEOPLE


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")
@pytest.mark.parametrize("arguments", ["normalize people.csv -q -o /dev/full", "normalize people.csv -q -o - >/dev/full", "roles >/dev/full"])
def test_a_full_disk_is_an_error_in_words(arguments):
    done = subprocess.run(f"{' '.join(COMMAND)} {arguments}", shell=True, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(b"titlenorm: ")
    assert b"cannot be written: No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert os.listdir() == ["people.csv"]


@pytest.mark.parametrize("arguments", ["normalize big.csv -o -", "normalize - -q < big.csv", "roles"])
def test_a_reader_that_stops_early_is_no_error(arguments):
    Path("big.csv").write_text("id,title\n" + "1,CEO\n" * 100_000)
    done = subprocess.run(f"{' '.join(COMMAND)} {arguments} | head -1", shell=True, capture_output=True, timeout=60)
    assert done.stdout.count(b"\n") == 1
    assert b"rror" not in done.stderr
    assert b"ignored" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing(here, number):
    Path("out.csv").write_text("old")
    with start("normalize", "-", "-o", "out.csv") as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(b"id,title\n" + b"1,CEO\n2\n" * 100_000)
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not list(here.glob(".titlenorm-*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list(here.glob(".titlenorm-*"))
        process.send_signal(number)
        messages = process.stderr.read()
    assert process.returncode == 130
    assert messages.endswith(b"titlenorm: stopped.\n")
    assert b"Traceback" not in messages
    assert sorted(os.listdir()) == ["out.csv", "people.csv"]
    assert Path("out.csv").read_text() == "old"


def on_terminal(*arguments: str, answers: bytes = b"") -> tuple[int, str]:
    """Exit code of a run whose standard input and error are a terminal, and what it showed there."""
    ours, theirs = pytest.importorskip("pty").openpty()
    with subprocess.Popen([*COMMAND, *arguments], stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        os.write(ours, answers)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return process.returncode, shown.decode()


@pytest.mark.parametrize(("answers", "column"), [(b"3\n", 2), (b"position\n", 2), (b"\n", 1), (b"nonsense\n3\n", 2)])
def test_at_a_terminal_it_asks_which_column(answers, column):
    Path("two.csv").write_text("id,title,position\n1,CEO,Accountant\n")
    code, shown = on_terminal("normalize", "two.csv", "-o", "out.csv", answers=answers)
    assert code == 0
    assert "could hold the titles: 'title' (2), 'position' (3)" in shown
    assert table("out.csv")[1][3] == ("chief-executive-officer" if column == 1 else "accountant")


def test_at_a_terminal_it_shows_a_bar():
    Path("big.csv").write_text("id,title\n" + "1,CEO\n" * 100_000)
    code, shown = on_terminal("normalize", "big.csv", "-o", "out.csv")
    assert code == 0
    assert "Normalizing" in shown
    assert "100%" in shown
    assert len(table("out.csv")) == 100_001


def test_memory_does_not_grow_with_rows():
    script = (
        "import os, resource, sys; from titlenorm.cli import main; main(sys.argv[1:], standalone_mode=False);"
        "lines = open('/proc/self/status').read().split() if os.path.exists('/proc/self/status') else [];"
        "print(int(lines[lines.index('VmHWM:') + 1] if lines else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024)"
    )  # where there is no /proc, the peak is at least that of the process that started this one
    peaks = []
    for rows in (20_000, 400_000):
        Path("in.csv").write_text("id,title,note\n" + "00123,CEO,a note of some length to fill the row\n" * rows)
        done = subprocess.run([sys.executable, "-c", script, "normalize", "in.csv", "-q", "-o", "out.csv"], capture_output=True, check=True, timeout=60)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 15  # MiB; the larger file has 19


def test_explain():
    result = run("explain", "Senior Software Engineer")
    assert result.exit_code == 0
    assert "Senior" in result.output
    assert "resolved: Software Engineer (software-engineer), level senior" in result.output


def test_explain_as_json():
    answer = json.loads(run("explain", "Accountant", "--json", "--context", "Finance").output)
    assert (answer["role_id"], answer["status"]) == ("accountant", "resolved")


@pytest.mark.parametrize("title", ["", "###", "\udcff", "x" * 5000, "\x00", "Köchin\n\U0001f680"])
def test_explain_never_fails_for_text(title):
    assert run("explain", "--", title).exit_code == 0


def test_roles():
    lines = run("roles").output.splitlines()
    assert len(lines) > 300
    assert any(line.startswith("accountant ") for line in lines)
    assert lines == sorted(set(lines))
    finance = run("roles", "--search", "accountant").output
    assert "accountant" in finance
    assert len(finance.splitlines()) < len(lines)


def test_roles_as_a_tree():
    flat, tree = run("roles").output.splitlines(), run("roles", "--tree").output.splitlines()
    assert sorted(line.split()[0] for line in flat) == sorted(line.strip() for line in tree)
    assert any(line.startswith("  ") for line in tree)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--family", "wizardry"), "There is no family 'wizardry'. Families:"), (("--search", "qwzxvbnq"), "No role has the words 'qwzxvbnq'")],
)
def test_roles_that_are_not_there(arguments, message):
    result = run("roles", *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_taxonomy_info():
    output = run("taxonomy", "info").output
    for part in ("data version", "roles in", "aliases.csv", "sha256"):
        assert part in output


def test_taxonomy_check_reports(monkeypatch):
    from titlenorm import check

    monkeypatch.setattr(check, "check", lambda: [])
    sound = run("taxonomy", "check")
    assert (sound.exit_code, sound.output.startswith("0 problems in ")) == (0, True)
    monkeypatch.setattr(check, "check", lambda: ["aliases.csv:7 is wrong"])
    wrong = run("taxonomy", "check")
    assert wrong.exit_code == 1
    assert wrong.output.startswith("aliases.csv:7 is wrong\n1 problem")


@pytest.mark.parametrize("arguments", [(), ("normalize",), ("explain",), ("roles",), ("taxonomy",), ("taxonomy", "check"), ("taxonomy", "info")])
def test_help(arguments):
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_the_command_starts_without_the_engine():
    script = "import sys, titlenorm.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, timeout=60)
    assert not {name.split(".")[0] for name in done.stdout.split()} & {"numpy", "scipy", "sklearn", "rich", "pydantic", "rapidfuzz"}
