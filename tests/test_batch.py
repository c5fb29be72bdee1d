"""A file comes out with twelve more columns and every other cell as it was; nothing half-written stays behind."""

from __future__ import annotations

import codecs
import csv
import io
import os
import random
import stat
from operator import itemgetter
from pathlib import Path

import pytest

from titlenorm import Normalizer, Options
from titlenorm.batch import normalize_file
from titlenorm.columns import find_column, guess_title_columns, output_columns, title_columns
from titlenorm.delimited import open_source
from titlenorm.errors import InputError

ADDED = ["role_id", "role", "family", "function", "level", "grade", "status", "score", "method", "core", "modifiers", "other_role_ids"]
TITLES = ("Senior Software Engineer", "Accountant", "CEO", "Sales Manager", "Sales Manager, EMEA", "Software Engineer / Accountant")
HEADER = "employee_id,full_name,job_title,department,start_date"


@pytest.fixture(scope="module")
def normalizer() -> Normalizer:
    return Normalizer()


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(normalizer, data: bytes, column: int = 0, output: str = "out.csv", name: str = "in.csv", context=(), **said):
    Path(name).write_bytes(data)
    with open_source(name, **said) as source:
        return normalize_file(source, output, column, normalizer, context)


def read(name: str) -> tuple[list[str], list[list[str]]]:
    """The text of the rows that can be read, and their cells."""
    with open_source(name) as source:
        blocks = list(source.blocks(list))
    return [line for block in blocks for line in block.lines], [cells for block in blocks for cells in block.picked]


def table(path: str, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    with open(path, encoding=encoding, errors="surrogateescape", newline="") as handle:
        return list(csv.reader(handle, delimiter=delimiter))


def text_of(cells: list[str]) -> bytes:
    handle = io.StringIO()
    csv.writer(handle, lineterminator="\r\n").writerow(cells)
    return handle.getvalue().encode()


def dirty_export(rows: int, seed: int = 7) -> bytes:
    """An export with what real ones have; every kind of dirt is in it."""
    rng = random.Random(seed)
    parts = [codecs.BOM_UTF8, HEADER.encode(), b"\r\n"]
    for number in range(rows):
        cells = [f"{number:06d}", f"Zoë {number}", rng.choice(TITLES), f'Dept "{number % 7}"', f"=1+{number}"]
        match number % 23:
            case 0:
                cells[2] = ""
            case 1:
                cells[3] = 'two\nlines, and\r\na quote ""'
            case 2:
                cells = cells[:3]
            case 3:
                cells += ["more", "cells"]
            case 4:
                parts.append(text_of(cells).replace("Zoë".encode(), b"Ren\xe9e"))
                continue
            case 5:
                cells[2] += "\0"
            case 6:
                cells[1] = "x" * 100_000
            case 7:
                cells[2] = "  " + cells[2].upper() + " \u00a0 "
            case 8:
                cells[2] = rng.choice(["N/A", "-", "?", "\U0001f680", "@", "=A1"])
            case 9:
                parts.append(f'{number:06d}, "Ann" ,CEO,12" disk,"Big" x\r\n'.encode())
                continue
            case 10:
                parts.append(f'{number:06d},"Ann,CEO,x,y\r\n'.encode())
                continue
            case 11:
                cells[2] += "\n(acting)"
        parts.append(text_of(cells))
    return b"".join(parts)


def test_a_dirty_export_keeps_every_cell(here, normalizer):
    data = dirty_export(1500)
    summary = run(normalizer, data, 2)

    _, good = read("in.csv")
    out, rejects = table("out.csv", "utf-8-sig"), table("out.csv.rejects.csv", "utf-8-sig")
    assert out[0] == [*HEADER.split(","), *ADDED]
    assert [row[:5] for row in out[1:]] == good
    assert {len(row) for row in out} == {5 + 12}
    assert summary.rows + summary.rejected == 1500
    assert (summary.rows, summary.rejected) == (len(out) - 1, len(rejects) - 1)
    assert sum(summary.statuses.values()) == summary.rows
    by_title = {row[2]: row[5:] for row in out[1:]}
    assert all(row[5:] == by_title[row[2]] for row in out[1:])
    assert by_title["Senior Software Engineer"][:2] == ["software-engineer", "Software Engineer"]
    assert by_title["Senior Software Engineer"][4] == "senior"


def test_a_row_keeps_its_bytes(here, normalizer):
    run(normalizer, dirty_export(300), 2)
    lines, _ = read("in.csv")
    out = Path("out.csv").read_bytes().decode("utf-8", "surrogateescape")
    assert out.startswith("\ufeff" + HEADER + ",role_id,")
    position = 0
    for line in lines:
        position = out.index("\r\n" + line.removesuffix("\r\n") + ",", position)


def test_rejects_name_line_reason_and_text(here, normalizer):
    data = b'id,title\n1,"CEO\nof all"\n2\n"3","Accountant","x\ny"\n4,CEO\n5,"Accountant\n6,CEO\n'
    summary = run(normalizer, data, 1)
    assert table("out.csv.rejects.csv") == [
        ["line", "reason", "row"],
        ["4", "1 cell, expected 2", "2"],
        ["5", "3 cells, expected 2", '"3","Accountant","x\ny"'],
        ["8", "a quote is opened and not closed", '5,"Accountant'],
    ]
    assert [row[0] for row in table("out.csv")[1:]] == ["1", "4", "6"]
    assert summary.rejects == "out.csv.rejects.csv"
    assert summary.reasons == {"1 cell, expected 2": 1, "3 cells, expected 2": 1, "a quote is opened and not closed": 1}


def test_rejects_of_an_earlier_run_go_when_there_are_none(here, normalizer):
    run(normalizer, b"id,title\n1,CEO,x\n", 1)
    assert Path("out.csv.rejects.csv").exists()
    assert run(normalizer, b"id,title\n1,CEO\n", 1).rejects == ""
    assert sorted(os.listdir()) == ["in.csv", "out.csv"]


WIDE = "id;Poste;Ville\r\n001;CEO;Nîmes\r\n002;Accountant;Orléans\r\n"


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter", "newline"),
    [
        (WIDE.encode(), "utf-8", ";", "\r\n"),
        (WIDE.encode("cp1252"), "cp1252", ";", "\r\n"),
        (WIDE.encode("utf-16"), "utf-16-le", ";", "\r\n"),
        (codecs.BOM_UTF16_BE + WIDE.encode("utf-16-be"), "utf-16-be", ";", "\r\n"),
        (WIDE.encode("utf-16-be"), "utf-16-be", ";", "\r\n"),
        (WIDE.replace("\r\n", "\r").encode(), "utf-8", ";", "\r"),
        (WIDE.replace("\r\n", "\n").replace(";", "|").encode(), "utf-8", "|", "\n"),
        (WIDE.replace("\r\n", "\n").removesuffix("\n").encode(), "utf-8", ";", "\n"),
    ],
)
def test_encoding_delimiter_and_line_endings_stay(here, normalizer, data, encoding, delimiter, newline):
    run(normalizer, data, 1)
    before, after = data.decode(encoding), Path("out.csv").read_bytes().decode(encoding)
    rows_before, rows_after = before.removesuffix(newline).split(newline), after.removesuffix(newline).split(newline)
    assert [row.startswith(old + delimiter) for row, old in zip(rows_after, rows_before, strict=True)] == [True] * 3
    assert [row.split(delimiter)[3] for row in rows_after] == ["role_id", "chief-executive-officer", "accountant"]
    assert after.endswith(newline)


@pytest.mark.parametrize(("output", "delimiter"), [("out.csv", ","), ("out.tsv", "\t"), ("out.txt", "\t"), ("out.TAB", "\t")])
def test_the_ending_of_the_output_decides_between_csv_and_tsv(here, normalizer, output, delimiter):
    run(normalizer, b'id\ttitle\n001\tVP, Sales\n002\t"CEO\nof all"\n', 1, output)
    assert [row[:2] for row in table(output, delimiter=delimiter)] == [["id", "title"], ["001", "VP, Sales"], ["002", "CEO\nof all"]]
    assert {len(row) for row in table(output, delimiter=delimiter)} == {14}


@pytest.mark.parametrize(
    ("data", "titles"),
    [
        (b"title\nCEO\n\nAccountant\n", ["CEO", "", "Accountant"]),
        (b'title\nCEO\n"VP, Sales"\n', ["CEO", "VP, Sales"]),
        (b"title\n", []),
        (b"title", []),
        (b"title,title\nCEO,x\n", ["CEO"]),
    ],
)
def test_odd_shapes(here, normalizer, data, titles):
    summary = run(normalizer, data)
    assert [row[0] for row in table("out.csv")[1:]] == titles
    assert summary.rows == len(titles)
    assert summary.rejected == 0


def test_a_list_of_titles_with_commas_is_one_column(here, normalizer):
    run(normalizer, b"title\nCEO\nVP, Sales\n", output="out.txt")
    assert [row[0] for row in table("out.txt", delimiter="\t")] == ["title", "CEO", "VP, Sales"]


def test_blank_lines_are_counted_and_left_out(here, normalizer):
    summary = run(normalizer, b"\nid,title\n\n1,CEO\n\n\n", 1)
    assert (summary.rows, summary.blank, summary.rejected) == (1, 4, 0)


def test_without_a_header_no_header_is_written(here, normalizer):
    run(normalizer, b"001,CEO\n002,Accountant\n", 1, has_header=False)
    assert [row[:3] for row in table("out.csv")] == [["001", "CEO", "chief-executive-officer"], ["002", "Accountant", "accountant"]]


def test_names_that_the_file_has_are_not_taken_twice(here, normalizer):
    run(normalizer, b"Role,title,LEVEL\nx,CEO,y\n", 1)
    header, row = table("out.csv")
    assert header[:3] == ["Role", "title", "LEVEL"]
    assert header[3:8] == ["role_id", "titlenorm_role", "family", "function", "titlenorm_level"]
    assert row[:4] == ["x", "CEO", "y", "chief-executive-officer"]


def test_an_output_can_be_normalized_again(here, normalizer):
    run(normalizer, b"title\nCEO\n")
    run(normalizer, Path("out.csv").read_bytes(), output="again.csv")
    run(normalizer, Path("again.csv").read_bytes(), output="third.csv")
    header = table("third.csv")[0]
    assert len(set(header)) == len(header) == 1 + 3 * 12


def test_added_cells_fit_the_encoding_of_the_file(here, normalizer):
    run(normalizer, "id,Poste\n1,&#322;&#969; CEO\n2,Employ\xe9\n".encode("cp1252"), 1)
    assert [row[0] for row in table("out.csv", "cp1252")] == ["id", "1", "2"]


def test_a_stray_cp1252_byte_is_read_as_its_letter(here, normalizer):
    class Echo:
        def normalize_columns(self, titles, *, contexts=None):
            return {name: list(titles) if name == "core" else [""] * len(titles) for name in ADDED}

    data = b"name,title\n" + "Zoë,CEO\n".encode() * 9 + b"Ann,Charg\xe9\n"
    run(Echo(), data, 1)
    assert Path("out.csv").read_bytes().splitlines()[-1] == b"Ann,Charg\xe9,,,,,,,,,," + "Chargé".encode() + b",,"


def test_the_summary_counts(here, normalizer):
    rows = ["CEO"] * 5 + ["Qwzx vbnq"] * 3 + ["Accountant"] * 2 + ["Qwzx plmk\x1b"] * 3 + [""]
    summary = run(normalizer, ("id,title\n" + "".join(f"{n},{title}\n" for n, title in enumerate(rows))).encode(), 1)
    assert (summary.rows, summary.distinct) == (14, 5)
    assert summary.statuses == {"resolved": 7, "unresolved": 6, "empty": 1}
    assert summary.unresolved == [("Qwzx plmk\x1b", 3), ("Qwzx vbnq", 3)]
    assert summary.seconds > 0


def test_context_reaches_the_normalizer_and_titles_are_counted_once(here):
    seen = []

    class Spy:
        def normalize_columns(self, titles, *, contexts=None):
            seen.extend(zip(titles, contexts, strict=True))
            return {name: ["unresolved" if name == "status" else ""] * len(titles) for name in ADDED}

    summary = run(Spy(), b"team,title\nData,PM\nLegal,PM\nData,PM\nData,CEO\n", 1, context=(0,))
    assert seen == [("PM", {"team": "Data"}), ("PM", {"team": "Legal"}), ("CEO", {"team": "Data"})]
    assert (summary.rows, summary.distinct) == (4, 2)
    assert summary.unresolved == [("PM", 3), ("CEO", 1)]


def test_context_gives_the_same_answers_as_one_by_one(here, normalizer):
    run(normalizer, b"department,title\nData,PM\nConstruction,PM\n,PM\n", 1, context=(0,))
    expected = [normalizer.normalize("PM", context={"department": department}).status for department in ("Data", "Construction", "")]
    assert [row[8] for row in table("out.csv")[1:]] == expected


def test_each_distinct_title_is_looked_up_once(here):
    asked = []

    class Spy:
        def normalize_columns(self, titles, *, contexts=None):
            asked.extend(titles)
            return {name: [""] * len(titles) for name in ADDED}

    run(Spy(), b"id,title\n" + b"".join(b"%d,CEO %d\n" % (n, n % 50) for n in range(100_000)), 1)
    assert sorted(asked) == sorted(f"CEO {n}" for n in range(50))


def test_progress_ends_at_the_end(here, normalizer):
    data = b"id,title\n" + b"1,CEO\n" * 200_000
    Path("in.csv").write_bytes(data)
    seen = []
    with open_source("in.csv") as source:
        normalize_file(source, "out.csv", 1, normalizer, progress=lambda done, rows: seen.append((done, rows)))
    assert seen == sorted(seen)
    assert len(seen) > 3
    assert seen[-1] == (len(data), 200_000)


def test_min_score_is_kept(here):
    strict = Normalizer(options=Options(min_score=1.0))
    assert run(strict, b"title\nfinance accountant wizard\n").statuses["resolved"] == 0


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("no/such/place/out.csv", "directory .* does not exist"),
        (".", "is a directory"),
        ("/proc/out.csv", "cannot be written"),
        ("x" * 300 + ".csv", "cannot be written"),
        pytest.param("/dev/full", "No space left", marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux only")),
    ],
)
def test_an_output_that_cannot_be_written_is_an_error_in_words(here, normalizer, output, message):
    with pytest.raises(InputError, match=message):
        run(normalizer, b"id,title\n1,CEO\n2,CEO,x\n", 1, output)
    assert os.listdir() == ["in.csv"]


def test_a_failure_leaves_the_old_output(here, normalizer):
    Path("out.csv").write_text("old")
    Path("out.csv.rejects.csv").write_text("old rejects")

    def fail(done: int, rows: int) -> None:
        raise KeyboardInterrupt

    Path("in.csv").write_bytes(b"id,title\n1,CEO\n2\n")
    with open_source("in.csv") as source, pytest.raises(KeyboardInterrupt):
        normalize_file(source, "out.csv", 1, normalizer, progress=fail)
    assert sorted(os.listdir()) == ["in.csv", "out.csv", "out.csv.rejects.csv"]
    assert (Path("out.csv").read_text(), Path("out.csv.rejects.csv").read_text()) == ("old", "old rejects")


@pytest.mark.parametrize(("output", "protected"), [("closed/new.csv", "closed"), ("open/out.csv", "open/out.csv")])
def test_what_is_read_only_stays_as_it_is(here, normalizer, output, protected):
    for name in ("open", "closed"):
        Path(name).mkdir()
    Path("open/out.csv").write_text("old")
    Path(protected).chmod(0o555)
    with pytest.raises(InputError, match=f"{output} cannot be written: .*{protected} is read-only"):
        run(normalizer, b"title\nCEO\n", output=output)
    Path(protected).chmod(0o755)
    assert [os.listdir("closed"), os.listdir("open")] == [[], ["out.csv"]]
    assert Path("open/out.csv").read_text() == "old"


def test_a_replaced_output_keeps_mode_and_link(here, normalizer):
    Path("real.csv").write_text("old")
    Path("real.csv").chmod(0o640)
    Path("out.csv").symlink_to("real.csv")
    run(normalizer, b"title\nCEO\n")
    assert Path("out.csv").is_symlink()
    assert table("real.csv")[1][1] == "chief-executive-officer"
    assert stat.S_IMODE(Path("real.csv").stat().st_mode) == 0o640


def test_a_new_output_has_the_usual_mode(here, normalizer):
    run(normalizer, b"title\nCEO\n")
    Path("plain").write_text("")
    assert Path("out.csv").stat().st_mode == Path("plain").stat().st_mode


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["id", "Job Title", "role"], [1]),
        (["id", "JOB_TITLE", "title"], [1]),
        (["title", "salutation title"], [0]),
        (["position", "title"], [0, 1]),
        (["title", "title"], [0, 1]),
        (["id", "Employee Title (current)"], [1]),
        (["title_id", "Title name"], [1]),
        (["Salutation title", "name"], []),
        (["id", "name"], []),
        (["", " title "], [1]),
    ],
)
def test_the_title_column_is_guessed(header, found):
    assert guess_title_columns(header) == found


@pytest.mark.parametrize(
    ("name", "index"), [("title", 1), ("TITLE ", 1), ("2", 1), ("1", 0), ("7", 2), ("Stra\u00dfe", 3), ("STRASSE", 3), ("Dept", 4), ("dept", 5)]
)
def test_a_column_is_found_by_name_then_by_number(name, index):
    assert find_column(["id", "title", "7", "straße", "Dept", "dept"], name, "in.csv") == index


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("titel", "no column 'titel'. Close: 'title'. Columns: 'id', 'title', 'x', 'x'"),
        ("9", "no column '9'"),
        ("0", "no column '0'"),
        ("", "no column ''"),
        ("x", "2 columns 'x'. Choose one by its number: 3 or 4"),
        ("X", "2 columns 'X'"),
    ],
)
def test_a_column_that_is_not_there_is_an_error_in_words(name, message):
    with pytest.raises(InputError, match=message):
        find_column(["id", "title", "x", "x"], name, "in.csv")


@pytest.mark.parametrize(
    ("header", "name", "has_header", "message"),
    [
        (["00017", "Ann", "Title Clerk"], None, True, "seems to have no header"),
        (["17", "Ann", "CEO"], "3", True, "seems to have no header"),
        (["Ann", "2024-01-31", "CEO"], None, True, "seems to have no header"),
        (["ann@example.org", "CEO"], "2", True, "seems to have no header"),
        (["Ann", "CEO"], None, True, "--no-header"),
        (["1", "2", "3"], None, False, "--column 3"),
        (["1", "2", "3"], "4", False, "no column '4'"),
    ],
)
def test_a_file_without_a_header_is_noticed(header, name, has_header, message):
    with pytest.raises(InputError, match=message):
        title_columns(header, "in.csv", name, has_header)


@pytest.mark.parametrize(
    ("header", "name", "has_header", "found"),
    [
        (["id", "title"], None, True, [1]),
        (["2019", "title"], "title", True, [1]),
        (["2019", "2020"], "2020", True, [1]),
        (["position", "title"], None, True, [0, 1]),
        (["1", "2", "3"], "3", False, [2]),
        (["1"], None, False, [0]),
    ],
)
def test_the_title_column_is_chosen(header, name, has_header, found):
    assert title_columns(header, "in.csv", name, has_header) == found


def test_output_columns_are_never_in_the_header():
    header = ["Role", "titlenorm_role", "titlenorm_role_2", " level "]
    names = output_columns(header)
    assert names[1] == "titlenorm_role_3"
    assert names[4] == "titlenorm_level"
    assert itemgetter(0, 2, 3, 5)(names) == ("role_id", "family", "function", "grade")
