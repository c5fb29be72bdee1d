"""Workers give the same bytes, are gone when the run is, and never leave it waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from titlenorm import crew as crew_room
from titlenorm.batch import normalize_file
from titlenorm.chunk import Chunk, Mark
from titlenorm.cli import main
from titlenorm.crew import Crew
from titlenorm.errors import WorkerError
from titlenorm.formats import open_table
from titlenorm.normalizer import Normalizer
from titlenorm.options import Options
from titlenorm.recall import Recall

ROLES = ("Software Engineer", "Accountant", "CEO", "Qwzxv", "Sales Manager, EMEA", "sofware enginer", "PM", "Founder & CEO")

built_once = cache(Normalizer)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def export(rows: int, distinct: int, name: str = "in.csv") -> None:
    lines = [f'{number},"{ROLES[number % len(ROLES)]} {number * 7 % distinct}",Dept {number % 3}\n' for number in range(rows)]
    Path(name).write_text("id,title,team\n" + "".join(lines))


def normalize(output: str, normalizer: Normalizer | None = None, **said) -> bytes:
    table = open_table("in.csv")
    try:
        normalize_file(table, output, 1, normalizer or built_once(), **said)
    finally:
        table.close()
    return Path(output).read_bytes()


def children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


@pytest.fixture
def before() -> set[int]:
    """The children that other tests have left running, such as a Java machine."""
    return children(os.getpid())


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("context", [(), (2,)])
def test_workers_give_the_same_bytes(context, before):
    export(30_000, 3_000)
    alone = normalize("alone.csv", context=context)
    assert normalize("two.csv", context=context, workers=2) == alone
    assert normalize("three.csv", context=context, workers=3, remembered=100) == alone
    assert children(os.getpid()) <= before


def test_workers_have_the_options_and_what_was_learnt():
    export(2_000, 500)
    for normalizer in (Normalizer(options=Options(min_score=1.0)), built_once().learn(["Qwzxv 3"], ["founder"])):
        alone = normalize("alone.csv", normalizer)
        assert normalize("two.csv", normalizer, workers=2) == alone
        assert alone != normalize("usual.csv")


def test_workers_are_started_unasked_when_many_titles_are_to_come(monkeypatch):
    hired = []

    class Watched(Crew):
        def _hire(self, count):
            hired.append(count)
            super()._hire(count)

    monkeypatch.setattr("titlenorm.batch.Crew", Watched)
    monkeypatch.setattr(crew_room, "_cores", lambda: 2)
    export(30_000, 30_000)
    alone = normalize("alone.csv")
    assert normalize("few.csv", workers=None) == alone
    assert hired == []
    monkeypatch.setattr(crew_room, "_MANY", 3_000)
    monkeypatch.setattr(crew_room, "_WORTH_IT", 5_000)
    assert normalize("many.csv", workers=None) == alone
    assert hired == [2]
    monkeypatch.setattr(crew_room, "_cores", lambda: 1)
    assert normalize("one.csv", workers=None) == alone
    assert hired == [2]


def test_one_worker_is_this_process(monkeypatch):
    export(100, 100)
    monkeypatch.setattr(Crew, "_hire", lambda self, count: pytest.fail("a process was started"))
    normalize("out.csv", workers=1)


def test_a_worker_that_ends_is_an_error_in_words(before):
    with Crew(built_once(), 2) as crew:
        assert crew.ask(["CEO"], None).result()["role_id"] == ["chief-executive-officer"]
        for worker in crew._workers:
            worker._process.kill()
        with pytest.raises(WorkerError, match=r"A worker has ended \(-9\), perhaps for want of memory. Try --workers 1."):
            crew.ask(["CEO"] * 2000, None).result()
    assert children(os.getpid()) <= before


def test_an_error_ends_the_workers(before):
    export(20_000, 20_000)

    def fail(done: int, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        normalize("out.csv", workers=2, progress=fail)
    assert children(os.getpid()) <= before
    assert os.listdir() == ["in.csv"]


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="Linux only")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_of_a_run_that_is_killed_end(number):
    export(400_000, 400_000)
    command = [sys.executable, "-m", "titlenorm", "normalize", "in.csv", "-c", "title", "-q", "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 60
        while len(workers := children(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(workers) == 2
        process.send_signal(number)
        process.wait(timeout=60)
        while any(map(alive, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(map(alive, workers))
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
    assert not Path("in.normalized.csv").exists()


def test_the_command_line_takes_workers():
    export(3_000, 1_000)
    runner = CliRunner()
    for workers in ("1", "2"):
        assert runner.invoke(main, ["normalize", "in.csv", "-c", "title", "-o", f"{workers}.csv", "-q", "--workers", workers]).exit_code == 0
    assert Path("1.csv").read_bytes() == Path("2.csv").read_bytes()
    assert runner.invoke(main, ["normalize", "in.csv", "--workers", "0"]).exit_code == 2


def chunk(*titles: str | None) -> Chunk:
    return Chunk(list(titles), len(titles), [list(titles)], [], Mark(0, 1, 0), 0)


def test_memory_of_titles_is_bounded_and_forgets_what_was_not_met_for_longest():
    asked = []

    class Spy:
        def normalize_columns(self, titles, *, contexts=None):
            asked.extend(titles)
            return {"core": titles, "status": ["unresolved"] * len(titles)}

    with Crew(Spy()) as crew:
        recall = Recall(crew, str, lambda rows: [row[0] if row else "" for row in rows], limit=6)
        for titles in ("abc", "ad", "ae", "afgh", "ab", "c", "a"):
            tails, counted = recall.close(recall.open(chunk(*titles, None)))
            assert tails == [[*titles, ""]]
            assert counted["statuses"] == {"empty": 1, "resolved": 0, "unresolved": len(titles)}
            assert len(recall._tails) <= 6
            assert len(recall._statuses) <= 6
        assert "".join(asked) == "abcdefghbc"
        many = [str(number) for number in range(50)]
        assert recall.close(recall.open(chunk(*many)))[0] == [many]
        assert len(recall._tails) <= 6


def test_what_is_forgotten_between_opening_and_closing_is_asked_for_again():
    class Spy:
        def normalize_columns(self, titles, *, contexts=None):
            return {"core": titles, "status": ["resolved"] * len(titles)}

    with Crew(Spy()) as crew:
        recall = Recall(crew, str, lambda rows: [row[0] if row else "" for row in rows], limit=3)
        opened = [recall.open(chunk(*titles)) for titles in ("abcd", "ab", "efgh", "abcdefgh")]
        assert [recall.close(some)[0] for some in opened] == [[list(titles)] for titles in ("abcd", "ab", "efgh", "abcdefgh")]
