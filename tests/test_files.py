"""A folder, a pattern or several files: each has an output of its own, and one that fails does not stop the others."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from titlenorm.cli import main
from titlenorm.errors import InputError
from titlenorm.files import default_output, find_files
from titlenorm.normalizer import Normalizer

built_once = cache(Normalizer)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("titlenorm.normalizer.Normalizer", built_once)
    Path("people/2024").mkdir(parents=True)
    Path("people/a.csv").write_text("id,title\n1,CEO\n")
    Path("people/b.tsv").write_text("id\tPoste\n2\tAccountant\n")
    pa.parquet.write_table(pa.table({"title": ["CFO"]}), "people/c.parquet")
    Path("people/2024/d.csv").write_text("id,title\n4,CEO\n")
    for name in ("people/README.md", "people/.hidden.csv", "people/old.xls"):
        Path(name).write_text("id,title\n9,CEO\n")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["normalize", *arguments])


def below(folder: str) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file() and not path.name.endswith(".run.json"))


def role_of(path: str) -> str:
    delimiter = "\t" if path.endswith(".tsv") else ","
    with open(path, newline="") as handle:
        return next(csv.DictReader(handle, delimiter=delimiter))["role_id"]


def test_a_folder():
    result = run("people")
    assert result.exit_code == 0
    assert "Left out, as their endings are not known: people/README.md, people/old.xls." in result.output
    assert "people.normalized/a.csv: 1 rows, 1 titles resolved, 0 rows rejected" in result.output
    assert below("people.normalized") == ["a.csv", "b.tsv", "c.parquet"]
    assert [role_of(f"people.normalized/{name}") for name in ("a.csv", "b.tsv")] == ["chief-executive-officer", "accountant"]
    assert pa.parquet.read_table("people.normalized/c.parquet")["role_id"].to_pylist() == ["chief-financial-officer"]


def test_a_pattern_keeps_the_folders_below_it():
    assert run("people/**/*.csv", "-o", "out", "-q").output == ""
    assert below("out") == ["2024/d.csv", "a.csv"]
    assert run("people/*.csv", "people/b.tsv", "-o", "more", "-q", "--to", "jsonl").exit_code == 0
    assert below("more") == ["a.jsonl", "b.jsonl"]


def test_a_file_that_fails_does_not_stop_the_others():
    Path("people/aa.csv").write_text("id,name\n1,Ann\n")
    Path("people/bb.csv.gz").write_bytes(b"\x1f\x8b\x08\x00 and no more")
    Path("people/cc.csv").write_text("id,title\n1\n2,CEO\n")
    result = run("people", "-o", "out", "-q")
    assert result.exit_code == 2
    lines = result.output.splitlines()
    assert lines[0].startswith("titlenorm: No column of people/aa.csv is named like job titles")
    assert lines[1].startswith("titlenorm: people/bb.csv.gz ")
    assert lines[2:] == ["titlenorm: 2 of 6 files could not be normalized; the reasons stand above. The others are done."]
    assert below("out") == ["a.csv", "b.tsv", "c.parquet", "cc.csv", "cc.csv.rejects.csv"]
    for name in ("aa.csv", "bb.csv.gz"):
        os.unlink(f"people/{name}")
    assert run("people", "-o", "out", "-q").exit_code == 3


def test_resume_leaves_alone_what_is_whole():
    assert run("people", "-o", "out", "-q").exit_code == 0
    before = {name: os.stat(f"out/{name}").st_mtime_ns for name in below("out")}
    Path("people/a.csv").write_text("id,title\n1,Accountant\n")
    assert run("people", "-o", "out", "-q", "--resume").exit_code == 0
    assert role_of("out/a.csv") == "accountant"
    assert [name for name in before if os.stat(f"out/{name}").st_mtime_ns != before[name]] == ["a.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("people", "-o", "people"), "would replace the inputs in people"),
        (("people", "-o", "out.csv"), "out.csv is none. Name a folder with -o."),
        (("people", "-o", "-"), "- is none. Name a folder with -o."),
        (("people", "-o", "people/a.csv"), "people/a.csv is none"),
        (("people", "-o", "people/a.csv/x"), "cannot be made"),
        (("people/*.csv",), "Name one with -o FOLDER"),
        (("people/a.csv", "people/b.tsv"), "Name one with -o FOLDER"),
        (("people/*.xyz", "-o", "out"), "No file fits people/*.xyz"),
        (("people", "-", "-o", "out"), "Standard input can be read alone only"),
        (("people", "people/2024", "people/a.csv", "-o", "out", "--to", "csv"), None),
        (("people/a.csv", "people/2024/../2024/d.csv", "people/2024/d.csv", "-o", "out"), "would both be written to out/d.csv"),
        (("people/2024/*.md", "-o", "out"), "No file fits"),
        (("nothing", "people/a.csv", "-o", "out"), "nothing does not exist"),
    ],
)
def test_what_cannot_be_done_with_many_files(arguments, message):
    before = {str(path): path.read_bytes() for path in Path("people").rglob("*") if path.is_file()}
    result = run(*arguments, "-q")
    if message is not None:
        assert result.exit_code == 2
        assert message in result.output
    assert {str(path): path.read_bytes() for path in Path("people").rglob("*") if path.is_file()} == before


def test_a_folder_without_tables():
    Path("empty").mkdir()
    Path("empty/notes.md").write_text("x")
    with pytest.raises(InputError, match="empty has no CSV, TSV, JSONL, Parquet, Arrow or Excel file in it"):
        find_files(["empty"], "out")


def test_two_files_that_would_become_one():
    Path("people/a.tsv").write_text("id\ttitle\n1\tCEO\n")
    with pytest.raises(InputError, match=r"people/a.csv and people/a.tsv would both be written to out/a.parquet"):
        find_files(["people"], "out", "parquet")


def test_a_file_whose_name_has_signs_of_a_pattern():
    Path("a[1].csv").write_text("title\nCEO\n")
    assert run("a[1].csv", "-q").exit_code == 0
    assert role_of("a[1].normalized.csv") == "chief-executive-officer"


@pytest.mark.parametrize(
    ("file", "to", "output"),
    [
        ("a.csv", None, "a.normalized.csv"),
        ("a.CSV.gz", None, "a.normalized.CSV.gz"),
        ("a.csv.gz", "parquet", "a.normalized.parquet"),
        ("a", None, "a.normalized"),
    ],
)
def test_the_default_output(file, to, output):
    Path(file).write_text("x")
    assert default_output(file, to) == output


def test_progress_is_told_where_it_is_asked_for():
    Path("big.csv").write_text("id,title\n" + "1,CEO\n" * 100_000)
    assert run("big.csv", "-q").output == ""
    assert run("big.csv", "-q", "--progress").output.splitlines()[-1].startswith("big.csv: 100,000 rows, ")
    assert ", 100%, 0:00:00 left" in run("big.csv", "-q", "--progress").output
