"""Every format goes in and comes out, what it holds stays as it was, and what is wrong with it is said in words."""

from __future__ import annotations

import csv
import datetime
import decimal
import gzip
import io
import json
import os
import sys
from functools import cache
from itertools import product
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest
import zstandard
from click.testing import CliRunner, Result

from titlenorm.batch import normalize_file
from titlenorm.cli import main
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.formats import open_table
from titlenorm.normalizer import Normalizer

ADDED = ["role_id", "role", "family", "function", "level", "grade", "status", "score", "method", "core", "modifiers", "other_role_ids"]
IDS = ["00123", "00124", "00125", "00126"]
TITLES = ["Senior Software Engineer II", "Accountant", "Qwzxv", "Köchin & CEO"]
ROLES = ["software-engineer", "accountant", None, "cook"]
ENDINGS = ("csv", "tsv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "parquet", "arrow", "feather", "xlsx")

built_once = cache(Normalizer)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("titlenorm.normalizer.Normalizer", built_once)
    return tmp_path


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["normalize", *arguments], input=stdin)


def packed(name: str, data: bytes) -> bytes:
    return gzip.compress(data) if name.endswith(".gz") else zstandard.compress(data) if name.endswith(".zst") else data


def unpacked(name: str) -> bytes:
    data = Path(name).read_bytes()
    if name.endswith(".gz"):
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read() if name.endswith(".zst") else data


def write(name: str, columns: dict[str, list]) -> None:
    """A file of any kind."""
    rows = list(zip(*columns.values(), strict=True))
    plain = name.removesuffix(".gz").removesuffix(".zst")
    match plain.rsplit(".", 1)[1]:
        case "csv" | "tsv" as kind:
            handle = io.StringIO()
            csv.writer(handle, delimiter="," if kind == "csv" else "\t", lineterminator="\n").writerows([list(columns), *rows])
            data = handle.getvalue().encode()
        case "jsonl":
            data = "".join(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n" for row in rows).encode()
        case "xlsx":
            book = openpyxl.Workbook()
            for row in (list(columns), *rows):
                book.active.append(row)
            book.save(name)
            return
        case "parquet":
            pa.parquet.write_table(pa.table(columns), name)
            return
        case _:
            pa.feather.write_feather(pa.table(columns), name, compression="lz4")
            return
    Path(name).write_bytes(packed(name, data))


def read(name: str) -> list[dict]:
    """The rows of a file of any kind; an empty cell of text is None."""
    plain = name.removesuffix(".gz").removesuffix(".zst")
    match plain.rsplit(".", 1)[1]:
        case "csv" | "tsv" as kind:
            text = io.StringIO(unpacked(name).decode(), newline="")
            return [{key: cell or None for key, cell in row.items()} for row in csv.DictReader(text, delimiter="," if kind == "csv" else "\t")]
        case "jsonl":
            return [json.loads(line) for line in unpacked(name).decode().splitlines()]
        case "xlsx":
            header, *rows = openpyxl.load_workbook(name).active.iter_rows(values_only=True)
            return [dict(zip(header, row, strict=True)) for row in rows]
        case "parquet":
            return pa.parquet.read_table(name).to_pylist()
        case _:
            return pa.feather.read_table(name).to_pylist()


@pytest.mark.parametrize(("source", "target"), list(product(ENDINGS, ENDINGS)))
def test_every_format_becomes_every_other(source, target):
    write(f"in.{source}", {"id": IDS, "title": TITLES})
    result = run(f"in.{source}", "-o", f"out.{target}", "-q")
    assert (result.exit_code, result.output) == (0, "")
    rows = read(f"out.{target}")
    assert list(rows[0]) == ["id", "title", *ADDED]
    assert [row["id"] for row in rows] == IDS
    assert [row["title"] for row in rows] == TITLES
    assert [row["role_id"] for row in rows] == ROLES
    assert (rows[0]["grade"], rows[0]["level"]) == ("2" if "sv" in target else 2, "senior")
    assert float(rows[1]["score"]) > 0.9
    assert rows[3]["other_role_ids"] == "chief-executive-officer"
    assert sorted(os.listdir()) == [f"in.{source}", f"out.{target}", f"out.{target}.run.json"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_input_gives_the_same_bytes(ending):
    write("in.csv", {"id": IDS, "title": TITLES})
    run("in.csv", "-o", f"out.{ending}", "-q")
    before = Path(f"out.{ending}").read_bytes(), Path(f"out.{ending}.run.json").read_bytes()
    run("in.csv", "-o", f"out.{ending}", "-q")
    assert (Path(f"out.{ending}").read_bytes(), Path(f"out.{ending}.run.json").read_bytes()) == before


def test_columns_keep_their_types():
    table = pa.table({
        "id": pa.array([1, None, 3], pa.int16()),
        "title": pa.array(["CEO", None, "Accountant"]).dictionary_encode(),
        "paid": pa.array([decimal.Decimal("1.10"), decimal.Decimal("2.20"), None], pa.decimal128(9, 2)),
        "since": pa.array([datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)] * 3, pa.timestamp("us", "UTC")),
        "tags": pa.array([["a"], [], None], pa.list_(pa.string())),
        "at": pa.array([{"x": 1, "y": b"\0"}, None, {"x": None, "y": b""}], pa.struct([("x", pa.int8()), ("y", pa.binary())])),
    }).replace_schema_metadata({"made": "by hand"})  # fmt: skip
    pa.parquet.write_table(table, "in.parquet", row_group_size=2)
    for target in ("out.parquet", "out.arrow"):
        assert run("in.parquet", "-o", target, "-q").exit_code == 0
    for source, target in (("in.parquet", "out.parquet"), ("out.arrow", "again.arrow")):
        assert run(source, "-c", "title", "-o", target, "-q").exit_code == 0
    parquet, arrow = pa.parquet.read_table("out.parquet"), pa.ipc.open_file("out.arrow").read_all()
    assert parquet.select(table.column_names).equals(table)
    assert parquet.schema.metadata[b"made"] == b"by hand"
    assert arrow.select(["id", "paid", "since", "tags", "at"]).equals(table.select(["id", "paid", "since", "tags", "at"]))
    assert arrow["title"].to_pylist() == table["title"].to_pylist()
    assert (parquet.schema.field("grade").type, parquet.schema.field("score").type, parquet.schema.field("role").type) == (
        pa.int64(),
        pa.float64(),
        pa.string(),
    )
    assert [parquet[name].to_pylist()[1] for name in ADDED] == [None] * 12  # a missing title has missing cells
    again = pa.ipc.open_file("again.arrow").read_all()
    assert again["titlenorm_role_id"].to_pylist() == arrow["role_id"].to_pylist() == ["chief-executive-officer", None, "accountant"]


def test_an_arrow_file_keeps_its_dictionaries():
    pa.feather.write_feather(pa.table({"title": pa.array(TITLES * 10_000).dictionary_encode(), "id": range(40_000)}), "in.feather")
    assert run("in.feather", "-o", "out.feather", "-q").exit_code == 0
    out = pa.feather.read_table("out.feather")
    assert pa.types.is_dictionary(out.schema.field("title").type)
    assert out["title"].to_pylist() == TITLES * 10_000
    assert out["role_id"].to_pylist() == ROLES * 10_000


def test_a_json_line_keeps_its_text():
    lines = ['{"id":  1.50, "title": "CEO", "more": {"a": [1, 2]}}', '\t{"title":"K\\u00f6chin","id":1e400}  ', "{}", '{"title": null}', '{"id": "\xe9"}']
    Path("in.jsonl").write_bytes("\r\n".join(lines).encode("utf-8").replace(b"\xc3\xa9", b"\xe9"))
    assert run("in.jsonl", "-o", "out.jsonl", "-q").exit_code == 0
    out = Path("out.jsonl").read_bytes().split(b"\n")
    assert out[0].startswith(b'{"id":  1.50, "title": "CEO", "more": {"a": [1, 2]}, "role_id": "chief-executive-officer", ')
    assert out[1].startswith(b'{"title":"K\\u00f6chin","id":1e400, "role_id": "cook", ')
    assert out[2].startswith(b'{"role_id": null, ')
    assert json.loads(out[3])["status"] is None
    assert out[4].startswith(b'{"id": "\xe9", ')
    assert out[5:] == [b""]


def test_json_lines_that_cannot_be_read_are_rejected():
    text = '{"id": 1, "title": "CEO"}\n\n{"id": 2\n[1]\n{"title": ["CEO"]}\n{"title": 7, "role": "x"}\n' + "[" * 5000 + '\n{"title": "x", "new": 1}\n'
    Path("in.jsonl").write_text(text)
    result = run("in.jsonl", "-o", "out.jsonl", "-q")
    assert result.exit_code == 3
    assert [json.loads(line)["title"] for line in Path("out.jsonl").read_text().splitlines()] == ["CEO", 7, "x"]
    with open("out.jsonl.rejects.csv", newline="") as handle:
        rejects = list(csv.reader(handle))[1:]
    assert [row[:2] for row in rejects[:3]] == [["3", "not JSON"], ["4", "not a JSON object"], ["5", "'title' is not text"]]
    assert rejects[3][0] == "7"
    assert rejects[3][2] == "[" * 5000


def test_a_key_that_the_output_adds_is_no_cell_that_is_lost():
    first = '{"title": "CEO"}\n' * 100_000
    Path("in.jsonl").write_text(first + '{"title": "CEO", "role": "mine"}\n{"title": "CEO", "team": "x"}\n')
    assert run("in.jsonl", "-o", "out.jsonl", "-q").exit_code == 3
    assert Path("out.jsonl.rejects.csv").read_text().splitlines()[1].startswith("""100001,"has the key 'role', which is added to each row",""")
    assert run("in.jsonl", "-o", "out.csv", "-q").exit_code == 3
    assert Path("out.csv.rejects.csv").read_text().count("which the first rows do not have") == 1


def test_a_workbook_keeps_text_numbers_dates_and_number_formats():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "title", "since", "pay", "ok", "formula"])
    sheet.append(["00123", "CEO", datetime.datetime(2024, 5, 1), 1234.5, True, "=1+1"])
    sheet.append([124, "Accountant", datetime.datetime(2024, 5, 1, 9, 30), None, False, None])
    sheet.append([None] * 6)
    sheet["F2"].data_type = "s"
    sheet["D2"].number_format = "#,##0.00"
    sheet["A3"].number_format = "00000"
    book.create_sheet("Notes").append(["not read"])
    book.save("in.xlsx")
    result = run("in.xlsx", "-o", "out.xlsx")
    assert result.exit_code == 0
    assert "Excel, sheet 'Sheet'" in result.output
    out = openpyxl.load_workbook("out.xlsx").active
    assert [cell.value for cell in out[2]][:7] == ["00123", "CEO", datetime.datetime(2024, 5, 1), 1234.5, True, "=1+1", "chief-executive-officer"]
    assert (out["F2"].data_type, out["D2"].number_format, out["A3"].number_format, out["A3"].value) == ("s", "#,##0.00", "00000", 124)
    assert out["C3"].value == datetime.datetime(2024, 5, 1, 9, 30)
    assert out.max_row == 3
    assert run("in.xlsx", "-o", "out.csv", "-q").exit_code == 0
    assert [row["id"] for row in read("out.csv")] == ["00123", "00124"]
    assert [row["since"] for row in read("out.csv")] == ["2024-05-01", "2024-05-01 09:30:00"]


def test_a_row_of_a_workbook_with_cells_beyond_the_header_is_rejected():
    book = openpyxl.Workbook()
    for row in (["id", "title"], [1, "CEO"], [2, "CFO", None, "stray"], [3], [4, "Accountant", None]):
        book.active.append(row)
    book.save("in.xlsx")
    assert run("in.xlsx", "-o", "out.csv", "-q").exit_code == 3
    assert [row["id"] for row in read("out.csv")] == ["1", "3", "4"]
    assert Path("out.csv.rejects.csv").read_text() == 'line,reason,row\n3,"4 cells, expected 2","2,CFO,,stray"\n'


def test_what_excel_does_not_take():
    Path("in.csv").write_text("id,title\n1,a\x0bCEO\n2," + "x" * 40_000 + "\n")
    result = run("in.csv", "-o", "out.xlsx", "-q")
    assert result.exit_code == 2
    assert "Excel takes 32,767 characters a cell" in result.output
    assert os.listdir() == ["in.csv"]
    Path("in.csv").write_text("id,title\n1,a\x0bCEO\n")
    assert run("in.csv", "-o", "out.xlsx", "-q").exit_code == 0
    assert read("out.xlsx")[0]["title"] == "a\ufffdCEO"


def test_standard_input_may_be_json_or_packed():
    lines = b'{"title": "CEO"}\n{"title": "Accountant"}\n'
    for data in (lines, gzip.compress(lines)):
        result = run("-", "-q", stdin=data)
        assert [json.loads(line)["role_id"] for line in result.stdout.splitlines()] == ["chief-executive-officer", "accountant"]
    assert run("-", "-q", stdin=gzip.compress(b"title\nCEO\n")).stdout.splitlines()[1].startswith("CEO,chief-executive-officer")
    assert run("-", "-q", "--to", "jsonl", stdin=b"title\nCEO\n").stdout.startswith('{"title": "CEO", "role_id": "chief-executive-officer"')


def test_a_packed_file_by_any_name():
    Path("in.csv").write_bytes(gzip.compress(b"title\nCEO\n") + gzip.compress(b"Accountant\n"))
    assert run("in.csv", "-o", "out.csv.zst", "-q").exit_code == 0
    assert [row["role_id"] for row in read("out.csv.zst")] == ["chief-executive-officer", "accountant"]


@pytest.mark.parametrize("ending", ["gz", "zst"])
@pytest.mark.parametrize("cut", [12, 200, -1])
def test_a_packed_file_that_is_cut_off(ending, cut):
    rows = b"id,title\n" + b"".join(b"%d,CEO %d\n" % (n, n * n * n) for n in range(20_000))
    data = packed(f".{ending}", rows)[:cut]
    Path(f"in.csv.{ending}").write_bytes(data)
    result = run(f"in.csv.{ending}", "-c", "title", "-q")
    assert result.exit_code == 2
    assert "cut off" in result.output or "cannot be unpacked" in result.output
    assert os.listdir() == [f"in.csv.{ending}"]


def test_a_damaged_packed_file():
    data = bytearray(gzip.compress(b"title\n" + os.urandom(200_000).hex().encode()))
    data[len(data) // 2] ^= 255
    Path("in.csv.gz").write_bytes(data)
    assert "cannot be unpacked" in run("in.csv.gz", "-q").output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.parquet", b"PAR1 and no more", "in.parquet cannot be read as Parquet: "),
        ("in.parquet", b"", "in.parquet cannot be read as Parquet: "),
        ("in.arrow", b"ARROW1 and no more", "in.arrow cannot be read as Arrow: "),
        ("in.xlsx", b"PK\x03\x04 and no more", "in.xlsx is not a workbook that can be read"),
        ("in.xlsx", b"id,title\n1,CEO\n", "in.xlsx is not a workbook that can be read"),
        ("in.xls", b"\xd0\xcf\x11\xe0", "an old Excel file. Save it as .xlsx"),
        ("in.json", b"[]", "Write one object a line, with the ending .jsonl"),
        ("in.jsonl", b"", "in.jsonl is empty"),
        ("in.jsonl", b"id,title\n", "in.jsonl has no JSON object a line"),
        ("in.parquet.gz", b"x", "packed already"),
        ("in.csv", b"PAR1 and no more", "Give it the ending .parquet"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says(name, content, message):
    Path(name).write_bytes(content)
    result = run(name, "-o", "out.csv", "-q")
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1
    assert os.listdir() == [name]


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({"id": [1], "name": ["x"]}, (), "No column of in.parquet is named like job titles: 'id', 'name'"),
        ({"id": [1], "title": ["x"]}, ("-c", "jobtitle"), "no column 'jobtitle'. Close: 'title'."),
        ({"id": [1], "title": [7]}, (), "the column 'title' holds int64, not text"),
        ({"title": ["x"]}, ("--context", "team"), "no column 'team'"),
        ({"title": ["x"]}, ("--no-header",), "leave out --no-header"),
        ({"title": ["x"]}, ("--delimiter", ","), "no delimited text"),
        ({"title": ["x"]}, ("--defuse-formulas",), "nothing to defuse"),
        ({"title": ["x"]}, ("-o", "-"), "cannot be written to standard output"),
        ({"title": ["x"]}, ("-o", "in.parquet"), "would replace the input"),
        ({"title": ["x"]}, ("-o", "out.parquet.gz"), "packed already"),
        ({"title": ["x"]}, ("-c", "title", "-c", "1"), "named twice"),
    ],
)
def test_a_parquet_file_that_cannot_be_done(columns, arguments, message):
    pa.parquet.write_table(pa.table(columns), "in.parquet")
    result = run("in.parquet", "-q", *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert os.listdir() == ["in.parquet"]


def test_two_columns_of_one_name_cannot_become_parquet():
    Path("in.csv").write_text("x,x,title\n1,2,CEO\n")
    assert "two columns 'x'" in run("in.csv", "-o", "out.parquet", "-q").output
    assert run("in.csv", "-o", "out.xlsx", "-q").exit_code == 0


@pytest.mark.parametrize(
    ("module", "name", "message"),
    [
        ("pyarrow", "in.parquet", "pip install 'titlenorm[parquet]'"),
        ("openpyxl", "in.xlsx", "pip install 'titlenorm[excel]'"),
        ("zstandard", "in.csv.zst", "pip install 'titlenorm[zstd]'"),
    ],
)
def test_what_is_not_installed_is_named(monkeypatch, module, name, message):
    write(name, {"title": ["CEO"]})
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, "compression", None)
    with pytest.raises(MissingExtraError, match="is not installed"):
        open_table(name)
    result = run(name, "-o", "out.csv", "-q")
    assert message in result.output
    assert os.listdir() == [name]


def test_several_title_columns():
    write("in.csv", {"now": ["CEO", "Accountant"], "before": ["Accountant", ""], "team": ["Data", "Legal"]})
    assert run("in.csv", "-c", "now", "-c", "before", "-o", "out.csv", "-q").exit_code == 0
    rows = read("out.csv")
    assert list(rows[0]) == ["now", "before", "team", *(f"now_{name}" for name in ADDED), *(f"before_{name}" for name in ADDED)]
    assert [(row["now_role_id"], row["before_role_id"], row["before_status"]) for row in rows] == [
        ("chief-executive-officer", "accountant", "resolved"),
        ("accountant", None, "empty"),
    ]
    record = json.loads(Path("out.csv.run.json").read_text())
    assert record["counts"] == {
        "rows": 2, "titles": 4, "rejected": 0, "blank": 0, "distinct": 3, "statuses": {"empty": 1, "resolved": 3}, "reasons": {},
    }  # fmt: skip
    for target in ("out.jsonl", "out.parquet", "out.xlsx"):
        run("in.csv", "-c", "now", "-c", "before", "-o", target, "-q")
        assert [row["before_role_id"] for row in read(target)] == ["accountant", None]
        assert [row["now_role_id"] for row in read(target)] == ["chief-executive-officer", "accountant"]


def test_several_title_columns_with_context_are_as_one_by_one():
    write("in.csv", {"now": ["PM", "PM"], "before": ["CCO", "PM"], "team": ["Product", "Construction"]})
    assert run("in.csv", "-c", "now", "-c", "before", "--context", "team", "-o", "out.csv", "-q").exit_code == 0
    for row in read("out.csv"):
        for column in ("now", "before"):
            result = built_once().normalize(row[column], context={"team": row["team"]})
            assert row[f"{column}_role_id"] == (result.role.id if result.role else None)


def test_each_title_is_looked_up_once_for_all_columns():
    asked = []

    class Spy:
        def normalize_columns(self, titles, *, contexts=None):
            asked.extend(titles)
            return {name: ["x"] * len(titles) for name in ADDED}

    write("in.parquet", {"a": ["CEO", None, "CFO"], "b": ["CFO", "CEO", None]})
    source = open_table("in.parquet")
    normalize_file(source, "out.csv", [0, 1], Spy())
    source.close()
    assert sorted(asked) == ["CEO", "CFO"]


EVIL = ["=1+1", "+44 20", "-12.5", "-x", "@a", "\tx", "=HYPERLINK(1)", "ok", "a=b", "7", '=a,"b"']


@pytest.mark.parametrize(("source", "target"), [("csv", "csv"), ("csv", "tsv"), ("jsonl", "csv"), ("parquet", "csv"), ("csv", "xlsx"), ("csv", "csv.gz")])
def test_formulas_are_defused_where_it_is_asked_for(source, target):
    write(f"in.{source}", {"id": EVIL, "title": [*EVIL[:-1], "CEO"]})
    assert run(f"in.{source}", "-o", f"out.{target}", "-q", "--defuse-formulas").exit_code == 0
    safe = ["'=1+1", "'+44 20", "-12.5", "'-x", "'@a", "'\tx", "'=HYPERLINK(1)", "ok", "a=b", "7", '\'=a,"b"']
    assert [row["id"] for row in read(f"out.{target}")] == safe
    assert read(f"out.{target}")[-1]["role_id"] == "chief-executive-officer"
    run(f"in.{source}", "-o", f"out.{target}", "-q")
    assert [row["id"] for row in read(f"out.{target}")] == EVIL


def test_defused_rows_without_formulas_keep_their_text():
    Path("in.csv").write_bytes(b'id,title\r\n"1",  CEO \r\n=2,"CFO"\r\n')
    run("in.csv", "-o", "out.csv", "-q", "--defuse-formulas")
    assert Path("out.csv").read_bytes().split(b"\r\n")[1].startswith(b'"1",  CEO ,chief-executive-officer')
    assert Path("out.csv").read_bytes().split(b"\r\n")[2].startswith(b"'=2,CFO,chief-financial-officer")


def test_the_kind_of_the_output_can_be_said():
    write("in.csv", {"title": ["CEO"]})
    assert run("in.csv", "--to", "parquet", "-q").exit_code == 0
    assert read("in.normalized.parquet")[0]["role_id"] == "chief-executive-officer"
    assert run("in.csv", "-o", "out.txt", "--to", "jsonl", "-q").exit_code == 0
    assert json.loads(Path("out.txt").read_text())["role_id"] == "chief-executive-officer"


@pytest.mark.parametrize("source", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_dry_run_shows_rows_and_writes_nothing(source):
    write(f"in.{source}", {"id": IDS * 3000, "title": TITLES * 3000})
    Path("titlenorm.rejects.csv").write_text("mine")
    full = run(f"in.{source}", "-o", "out.csv", "-q")
    assert full.exit_code == 0
    expected = [row["role_id"] for row in read("out.csv")][:3]
    for name in ("out.csv", "out.csv.run.json"):
        os.unlink(name)
    result = run(f"in.{source}", "--dry-run", "3")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    found = [json.loads(line)["role_id"] for line in lines] if source == "jsonl" else [row["role_id"] or None for row in csv.DictReader(lines)]
    assert found == expected
    assert sorted(os.listdir()) == [f"in.{source}", "titlenorm.rejects.csv"]
    assert Path("titlenorm.rejects.csv").read_text() == "mine"


def test_an_empty_table_gives_an_empty_table():
    for source in ("csv", "parquet", "arrow"):
        write(f"in.{source}", {"id": [], "title": []}) if source == "csv" else write(
            f"in.{source}", {"id": pa.array([], pa.int8()), "title": pa.array([], pa.string())}
        )
        for target in ("csv", "parquet", "jsonl", "xlsx"):
            assert run(f"in.{source}", "-o", f"out.{target}", "-q").exit_code == 0
            assert read(f"out.{target}") == []


def test_a_table_that_is_not_a_table_is_refused_by_the_library_too():
    with pytest.raises(InputError, match="does not exist"):
        open_table("nothing.parquet")
