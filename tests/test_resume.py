"""A run that is stopped leaves no half file that looks whole, and goes on to the same bytes."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from titlenorm.batch import Keep, Unfinished, normalize_file
from titlenorm.cli import main
from titlenorm.cli.run import Said, _options
from titlenorm.errors import InputError
from titlenorm.formats import open_table
from titlenorm.journal import Journal, part_path, unfinished
from titlenorm.normalizer import Normalizer
from titlenorm.options import Options
from titlenorm.record import head_of

COMMAND = [sys.executable, "-m", "titlenorm", "normalize"]
TITLES = ("Senior Software Engineer", "Accountant", "CEO", "Qwzxv", "Sales Manager, EMEA", "", "Köchin", "=1+1")

built_once = cache(Normalizer)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("titlenorm.normalizer.Normalizer", built_once)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["normalize", *arguments])


def export(name: str = "in.csv", rows: int = 24_000) -> None:
    """Rows with dirt: short ones, quotes that are not closed, cells of two lines, stray bytes."""
    rng = random.Random(3)
    lines = [b"id,title,note\r\n"]
    for number in range(rows):
        title = rng.choice(TITLES)
        line = f'{number:06d},"{title} {number % 97}",a note that fills the row up to some length\r\n'.encode()
        match number % 501:
            case 1:
                line = f"{number:06d},{number}\r\n".encode()
            case 2:
                line = f'{number:06d},"CEO\nof all",x\r\n'.encode()
            case 3:
                line = f'{number:06d},CEO,"not closed\r\n'.encode()
            case 4:
                line = b"\r\n"
            case 5:
                line = f"{number:06d},Ren".encode() + b"\xe9e CEO,x\r\n"
        lines.append(line)
    Path(name).write_bytes(b"".join(lines))


def json_export(rows: int = 30_000) -> None:
    rng = random.Random(3)
    lines = [json.dumps({"id": number, "title": f"{rng.choice(TITLES)} {number % 97}"}) if number % 501 else "[broken" for number in range(rows)]
    Path("in.jsonl").write_text("\n".join(lines))


def keep(source: str, options: dict | None = None, resume: bool = True) -> Keep:
    return Keep(source, head_of(source, built_once(), options or {}), resume)


def stop_after(chunks: int):
    """A progress that stops the run like Ctrl-C does."""
    seen = []

    def progress(done: int, rows: int) -> None:
        seen.append(rows)
        if len(seen) == chunks:
            raise KeyboardInterrupt

    return progress


def normalize(source: str, output: str, normalizer=None, **said):
    table = open_table(source)
    try:
        return normalize_file(table, output, 1, normalizer or built_once(), **said)
    finally:
        table.close()


def begin(source: str, output: str, chunks: int, options: dict | None = None, **said) -> None:
    """Run until some chunks are written, then stop."""
    with pytest.raises(Unfinished):
        normalize(source, output, progress=stop_after(chunks), keep=keep(source, options, resume=False), **said)


def go_on(source: str, output: str, options: dict | None = None, **said):
    return normalize(source, output, keep=keep(source, options), **said)


def files(output: str) -> dict[str, bytes]:
    return {name: Path(name).read_bytes() for name in (output, f"{output}.rejects.csv", f"{output}.run.json") if Path(name).exists()}


def whole(source: str, output: str) -> dict[str, bytes]:
    """What a run gives that nobody stops; it is removed again."""
    go_on(source, output)
    made = files(output)
    for name in made:
        os.unlink(name)
    return made


@pytest.mark.parametrize("output", ["out.csv", "out.tsv", "out.csv.gz", "out.csv.zst", "out.jsonl", "out.parquet", "out.arrow", "out.xlsx"])
def test_a_stopped_run_goes_on_to_the_same_bytes(output):
    rows = 5_000 if output == "out.xlsx" else 20_000
    export(rows=rows)
    expected = whole("in.csv", output)
    assert len(expected) == 3
    begin("in.csv", output, 1)
    assert not files(output)
    assert unfinished(output)
    summary = go_on("in.csv", output)
    assert files(output) == expected
    assert summary.rows + summary.rejected + summary.blank == rows
    assert not list(Path().glob(".titlenorm-*"))


@pytest.mark.parametrize("source", ["in.jsonl", "in.parquet", "in.arrow", "in.xlsx", "in.csv.gz"])
def test_it_goes_on_in_a_table_of_any_kind(source):
    json_export(6_000 if source == "in.xlsx" else 30_000)
    go_on("in.jsonl", "made.csv")
    if source != "in.jsonl":
        os.rename(Path("made.csv"), "made2.csv")
        run("made2.csv", "-c", "title", "-o", source, "-q")
    expected = whole(source, "out.csv")
    begin(source, "out.csv", 1)
    go_on(source, "out.csv")
    assert files("out.csv") == expected


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "shift_jis"])
def test_it_goes_on_in_every_encoding(encoding):
    text = "id,title\n" + "".join(f"{number},{'CEO' if encoding == 'shift_jis' else 'Köchin'} {number % 50}\n" for number in range(60_000))
    Path("in.csv").write_bytes(text.encode(encoding))
    expected = whole("in.csv", "out.csv")
    begin("in.csv", "out.csv", 2)
    go_on("in.csv", "out.csv")
    assert files("out.csv") == expected


def test_stops_again_and_again():
    export()
    expected = whole("in.csv", "out.csv")
    begin("in.csv", "out.csv", 1)
    for _ in range(3):
        with pytest.raises(Unfinished):
            normalize("in.csv", "out.csv", progress=stop_after(1), keep=keep("in.csv"))
    go_on("in.csv", "out.csv")
    assert files("out.csv") == expected


def spoil(name: str, how: str) -> None:
    data = Path(name).read_bytes()
    match how:
        case "longer":
            Path(name).write_bytes(data + b"half a row, half")
        case "shorter":
            Path(name).write_bytes(data[:-1000])
        case "changed":
            Path(name).write_bytes(data[: len(data) // 2] + b"\0" * 10 + data[len(data) // 2 + 10 :])
        case "gone":
            os.unlink(name)
        case "empty":
            Path(name).write_bytes(b"")


@pytest.mark.parametrize("how", ["longer", "shorter", "changed", "gone", "empty"])
@pytest.mark.parametrize(("output", "ending"), [("out.csv", "part"), ("out.csv.rejects.csv", "part"), ("out.csv", "journal")])
def test_what_a_crash_left_half_written_is_written_again(output, ending, how):
    export()
    expected = whole("in.csv", "out.csv")
    begin("in.csv", "out.csv", 4)
    spoil(str(part_path(output, ending)), how)
    go_on("in.csv", "out.csv")
    assert files("out.csv") == expected


def test_a_changed_input_is_an_error():
    export()
    begin("in.csv", "out.csv", 2)
    left = sorted(os.listdir())
    with open("in.csv", "ab") as handle:
        handle.write(b"1,CEO,x\r\n")
    with pytest.raises(InputError, match=r"The input of out.csv has changed since the run was stopped. Run it as before, or without --resume to begin anew."):
        go_on("in.csv", "out.csv")
    assert sorted(os.listdir()) == left


def test_changed_options_are_an_error():
    export()
    begin("in.csv", "out.csv", 2)
    with pytest.raises(InputError, match=r"out.csv was begun with codes None, not True. Run it as before"):
        go_on("in.csv", "out.csv", {"codes": True})


@pytest.mark.parametrize(
    "arguments", [("--min-score", "0.9"), ("--codes",), ("-c", "3"), ("--context", "note"), ("--rollup", "broader"), ("--defuse-formulas",)]
)
def test_every_option_that_decides_counts(arguments):
    export()
    said = Said((), (), None, None, False, False, None, False, 1, False, None, False, True)
    table = open_table("in.csv")
    begin("in.csv", "out.csv", 2, _options(table, "out.csv", [1], [], said))
    table.close()
    result = run("in.csv", "-o", "out.csv", "-q", "--resume", *arguments)
    assert result.exit_code == 2
    assert "out.csv was begun with" in result.output
    assert run("in.csv", "-o", "out.csv", "-q", "--resume").exit_code == 3


def test_another_taxonomy_is_an_error():
    export()
    begin("in.csv", "out.csv", 2)
    learnt = built_once().learn(["Growth Hacker"], ["founder"])
    with pytest.raises(InputError, match="another version of titlenorm, its packages or its taxonomy"):
        normalize("in.csv", "out.csv", learnt, keep=Keep("in.csv", head_of("in.csv", learnt, {}), True))


def test_without_resume_it_begins_anew():
    export()
    expected = whole("in.csv", "out.csv")
    begin("in.csv", "out.csv", 2)
    result = run("in.csv", "-o", "out.csv")
    assert "An unfinished run of out.csv is begun anew; --resume would have gone on with it." in result.output
    assert Path("out.csv").read_bytes() == expected["out.csv"]
    assert not list(Path().glob(".titlenorm-*"))


def test_what_is_whole_is_left_alone():
    export(rows=100)
    assert run("in.csv", "-o", "out.csv", "-q", "--resume").exit_code == 3  # there is nothing to go on with
    before = os.stat("out.csv").st_mtime_ns, files("out.csv")
    result = run("in.csv", "-o", "out.csv", "--resume")
    assert (result.exit_code, os.stat("out.csv").st_mtime_ns) == (0, before[0])
    assert "out.csv is there already, whole and from this input." in result.output
    for spoilt in ("out.csv", "out.csv.run.json"):
        Path(spoilt).write_text("{}")
        assert run("in.csv", "-o", "out.csv", "-q", "--resume").exit_code == 3
        assert files("out.csv") == before[1]


@pytest.mark.parametrize("arguments", [("-",), ("in.csv", "-o", "-")])
def test_a_pipe_cannot_be_gone_on_with(arguments):
    export(rows=10)
    assert "--resume needs a file to read and a file to write" in run(*arguments, "--resume", "-q").output


def test_two_runs_do_not_write_one_file():
    export(rows=10)
    head = {"x": 1}
    first = Journal("out.csv", head, False)
    with pytest.raises(InputError, match=r"Another run is writing out.csv"):
        Journal("out.csv", head, True)
    first.remove()


def test_a_small_run_that_is_stopped_leaves_nothing():
    export(rows=10)

    class Stopped:
        taxonomy, options, reliability = built_once().taxonomy, built_once().options, None

        def normalize_columns(self, titles, *, contexts=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        normalize("in.csv", "out.csv", Stopped(), keep=keep("in.csv"))
    assert stopped.type is KeyboardInterrupt
    assert os.listdir() == ["in.csv"]


def test_a_damaged_input_leaves_nothing_to_go_on_with():
    export("whole.csv")
    import gzip

    Path("in.csv.gz").write_bytes(gzip.compress(Path("whole.csv").read_bytes())[:-200])
    with pytest.raises(InputError, match=r"in.csv.gz is cut off"):
        go_on("in.csv.gz", "out.csv")
    assert sorted(os.listdir()) == ["in.csv.gz", "whole.csv"]


def start(*arguments: str, **said) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **said)


def wait_for_chunks(output: str, count: int, process: subprocess.Popen[bytes]) -> None:
    path, deadline = part_path(output, "journal"), time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if path.exists() and path.read_bytes().count(b"\n") > count:
            return
        time.sleep(0.005)
    raise AssertionError("the run ended, or never began")


def test_a_killed_run_goes_on_to_the_same_bytes():
    export(rows=150_000)
    expected = whole("in.csv", "out.csv")
    for chunks in (0, 3):
        with start("in.csv", "-o", "out.csv", "-q") as process:
            wait_for_chunks("out.csv", chunks, process)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert not files("out.csv")
        with start("in.csv", "-o", "out.csv", "-q", "--resume") as process:
            _, messages = process.communicate(timeout=120)
        assert (process.returncode, messages) == (3, b"")
        assert files("out.csv")["out.csv"] == expected["out.csv"]
        assert files("out.csv")["out.csv.rejects.csv"] == expected["out.csv.rejects.csv"]
        counts = [json.loads(made["out.csv.run.json"])["counts"] for made in (files("out.csv"), expected)]
        assert counts[0] == counts[1]
        for name in files("out.csv"):
            os.unlink(name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_command_says_how_to_go_on(number):
    export(rows=150_000)
    with start("in.csv", "-o", "out.csv", "-q") as process:
        wait_for_chunks("out.csv", 1, process)
        process.send_signal(number)
        _, messages = process.communicate(timeout=60)
    assert process.returncode == 130
    assert messages == b"titlenorm: stopped. What is written so far is kept: go on with --resume.\n"
    assert not files("out.csv")
    assert unfinished("out.csv")


def test_a_disk_that_is_full_costs_nothing_that_is_written():
    export(rows=60_000)
    expected = whole("in.csv", "out.csv")
    limit = 4_000_000
    with start("in.csv", "-o", "out.csv", "-q", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) as process:
        _, messages = process.communicate(timeout=120)
    assert process.returncode == 2
    assert b"out.csv cannot be written: File too large" in messages
    assert b"What is written so far is kept: go on with --resume." in messages
    assert not files("out.csv")
    assert run("in.csv", "-o", "out.csv", "-q", "--resume").exit_code == 3
    assert files("out.csv")["out.csv"] == expected["out.csv"]


def test_the_record_says_what_a_result_depends_on():
    export(rows=2000)
    run("in.csv", "-o", "out.csv", "-q", "--context", "note")
    record = json.loads(Path("out.csv.run.json").read_text())
    assert list(record) == ["titlenorm", "python", "packages", "taxonomy", "options", "input", "output", "rejects", "counts"]
    for part, name in (("input", "in.csv"), ("output", "out.csv"), ("rejects", "out.csv.rejects.csv")):
        data = Path(name).read_bytes()
        assert record[part] == {"file": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}
    assert record["taxonomy"]["version"] == built_once().taxonomy.version
    assert (record["options"]["column"], record["options"]["context"], record["options"]["min_score"]) == (["title"], ["note"], Options().min_score)
    counts = record["counts"]
    assert counts["rows"] + counts["rejected"] + counts["blank"] == 2000
    assert sum(counts["statuses"].values()) == counts["rows"]


def test_standard_output_has_no_record():
    export(rows=3)
    assert run("in.csv", "-o", "-", "-q").exit_code == 3
    assert sorted(os.listdir()) == ["in.csv", "titlenorm.rejects.csv"]


def test_a_stopped_run_from_standard_input_leaves_nothing():
    with start("-", "-o", "out.csv", "-q", "-c", "title", stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(b"id,title\n" + b"1,CEO\n" * 200_000)
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not any(path.stat().st_size for path in Path().glob(".titlenorm-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # it came just before the process began to wait for more input
            process.send_signal(signal.SIGINT)
        assert process.stderr
        messages = process.stderr.read()
    assert (process.returncode, messages) == (130, b"titlenorm: stopped.\n")
    assert os.listdir() == []
