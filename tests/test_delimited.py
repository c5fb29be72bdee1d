"""Dialects are guessed, rows are cut, and rows that cannot be read are set aside."""

from __future__ import annotations

import codecs
import io

import pytest

from titlenorm.delimited import Source, open_source
from titlenorm.dialect import guess_dialect
from titlenorm.errors import InputError

COMMA = "id,title\n1,CEO\n"
WIDE = "id;Poste;Ville\n1;Employé;Orléans\n2;Gérant;Nîmes\n"


def source(data: bytes, **said: object) -> Source:
    return Source(io.BytesIO(data), "people.csv", **said)  # type: ignore[arg-type]


def read(data: bytes, **said: object) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """Cells of all rows, and line and reason of all rejects."""
    rows, rejects = [], []
    for block in source(data, **said).blocks(list):
        rows += block.picked
        rejects += [(reject.line, reject.reason) for reject in block.rejects]
    return rows, rejects


@pytest.mark.parametrize(
    ("data", "encoding", "bom", "delimiter"),
    [
        (COMMA.encode(), "utf-8", b"", ","),
        (codecs.BOM_UTF8 + COMMA.encode(), "utf-8", codecs.BOM_UTF8, ","),
        (WIDE.encode(), "utf-8", b"", ";"),
        (WIDE.encode("cp1252"), "cp1252", b"", ";"),
        (WIDE.encode("utf-16"), "utf-16-le", codecs.BOM_UTF16_LE, ";"),
        (codecs.BOM_UTF16_BE + WIDE.encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE, ";"),
        (WIDE.encode("utf-16-le"), "utf-16-le", b"", ";"),
        (WIDE.encode("utf-16-be"), "utf-16-be", b"", ";"),
        (WIDE.encode("utf-32"), "utf-32-le", codecs.BOM_UTF32_LE, ";"),
        (WIDE.encode().replace(b";", b"\t"), "utf-8", b"", "\t"),
        (WIDE.encode().replace(b";", b"|"), "utf-8", b"", "|"),
        (("id,title,city\n" + "1,Employé,Nîmes\n" * 9).encode() + b"2,G\xe9rant,Paris\n", "utf-8", b"", ","),  # one stray byte
        (b"name;salary;bonus\nAnn;1,5;2,5\nBob;1,0;2,0\n", "utf-8", b"", ";"),  # decimal commas
        (b'id,title,tags\n1,CEO,"a;b;c;d"\n2,CFO,"a;b;c;d"\n', "utf-8", b"", ","),
        (b"id,title,x\n1,CEO\n2,CFO,x\n3,CTO,x\n", "utf-8", b"", ","),  # a ragged row
        (b"a,title\r1,CEO\r2,CFO\r", "utf-8", b"", ","),  # old Macintosh
        (b"title\nCEO\nCFO\n", "utf-8", b"", ","),
        (b'title\nCEO\n"VP, Sales"\n', "utf-8", b"", ","),
        (b"title\nCEO\nVP, Sales\nDirector, Marketing, EMEA\n", "utf-8", b"", "\t"),  # a list of titles, not a table
    ],
)
def test_the_dialect_is_guessed(data, encoding, bom, delimiter):
    assert guess_dialect(data, "people.csv") == (encoding, bom, delimiter)


@pytest.mark.parametrize(("said", "delimiter"), [(",", ","), ("tab", "\t"), ("\\t", "\t"), ("\t", "\t"), ("semicolon", ";"), ("^", "^")])
def test_a_said_delimiter_is_taken(said, delimiter):
    assert guess_dialect(b"a,b;c\n", "people.csv", delimiter=said).delimiter == delimiter


@pytest.mark.parametrize(
    ("said", "data", "encoding", "bom"),
    [
        ("latin-1", WIDE.encode(), "iso8859-1", b""),
        ("UTF-16", WIDE.encode("utf-16"), "utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16", codecs.BOM_UTF16_BE + WIDE.encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16", WIDE.encode("utf-16-be"), "utf-16-be", b""),
        ("utf-8-sig", codecs.BOM_UTF8 + WIDE.encode(), "utf-8", codecs.BOM_UTF8),
    ],
)
def test_a_said_encoding_is_taken(said, data, encoding, bom):
    assert guess_dialect(data, "people.csv", encoding=said)[:2] == (encoding, bom)


@pytest.mark.parametrize(
    ("data", "said", "message"),
    [
        (b"", {}, "is empty"),
        (b"\xef\xbb\xbf\r\n \n", {}, "is empty"),
        ("\n\n".encode("utf-16"), {}, "is empty"),
        (b"PK\x03\x04rest of a workbook", {}, "Excel"),
        (b"\x1f\x8b\x08\x00rest", {}, "cannot be unpacked|cut off"),
        (b"\x28\xb5\x2f\xfdrest of a frame", {}, "cannot be unpacked|cut off"),
        (b"PAR1rest", {}, "Parquet"),
        (bytes(range(256)) * 20, {}, "binary"),
        (b"\x00" * 5000 + b"\x7fELF", {}, "binary"),
        (b"a,b\n", {"encoding": "utf-99"}, "no encoding 'utf-99'"),
        (b"a,b\n", {"encoding": "base64"}, "no encoding 'base64'"),
        (b"a,b\n", {"delimiter": ""}, "one character"),
        (b"a,b\n", {"delimiter": "::"}, "one character"),
        (b"a,b\n", {"delimiter": '"'}, "one character"),
        (b"a,b\n", {"delimiter": "\n"}, "one character"),
    ],
)
def test_what_is_no_table_is_refused(data, said, message):
    with pytest.raises(InputError, match=message):
        source(data, **said)


@pytest.mark.parametrize(
    ("data", "rows", "rejects"),
    [
        (b"a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]], []),
        (b"a,b\n1,2\n3,4", [["1", "2"], ["3", "4"]], []),  # no line ending at the end
        (b"a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]], []),
        (b'\xef\xbb\xbf"a",b\r\n1,2\r\n', [["1", "2"]], []),
        (b"a,b\n", [], []),
        (b"a,b", [], []),
        (b"\n\na,b\n\n1,2\n\n\n3,4\n\n", [["1", "2"], ["3", "4"]], []),  # blank lines
        (b"a\nx\n\ny\n", [["x"], [""], ["y"]], []),  # with one column a blank line is an empty cell
        (b'a\nx\n""\n', [["x"], [""]], []),
        (b"a,b\n,\n", [["", ""]], []),
        (b'a,b\n1,"two\nlines"\n3,4\n', [["1", "two\nlines"], ["3", "4"]], []),
        (b'a,b\n1,"two\r\n\r\nlines"\n3,4\n', [["1", "two\r\n\r\nlines"], ["3", "4"]], []),
        (b'a,b\n1,12" disk\n3,4\n', [["1", '12" disk'], ["3", "4"]], []),  # a quote in the middle of a cell
        (b'a,b\n1,"Big" Boss\n3,4\n', [["1", "Big Boss"], ["3", "4"]], []),
        (b'a,b\n1,"a ""quoted"" word"\n', [["1", 'a "quoted" word']], []),
        (b'a,b\n1,"x\ny "z" q"\n3,4\n', [["1", 'x\ny z" q"'], ["3", "4"]], []),  # loose, but no row is swallowed
        (b"a,b\n1,x\x00y\n3,4\n", [["1", "x\x00y"], ["3", "4"]], []),
        (b"a,b\n1,\n1\n1,2,3\n3,4\n", [["1", ""], ["3", "4"]], [(3, "1 cell, expected 2"), (4, "3 cells, expected 2")]),
        (b'a,b\n1,"x\ny"\n1,"x\n\ny",3\n3,4\n9\n', [["1", "x\ny"], ["3", "4"]], [(4, "3 cells, expected 2"), (8, "1 cell, expected 2")]),
        (b'a,b\n1,"x\n3,4\n5,6\n', [["3", "4"], ["5", "6"]], [(2, "a quote is opened and not closed")]),
        (b'a,b\n1,2\n3,"x', [["1", "2"]], [(3, "a quote is opened and not closed")]),  # cut off
        (b'a,b\n1,2\n3,"x\n', [["1", "2"]], [(3, "a quote is opened and not closed")]),
        (b'a,b\n1,2\n3,"x\nmore', [["1", "2"]], [(3, "a quote is opened and not closed")]),
        (b'a,b\n1,"x\n3,"4"\n5,6\n', [["3", "4"], ["5", "6"]], [(2, "a quote is opened and not closed")]),
        (b'a,b\n1,"x\n1,"y\n5,6\n1,"z\n', [["5", "6"]], [(n, "a quote is opened and not closed") for n in (2, 3, 5)]),
    ],
)
def test_rows_are_cut(data, rows, rejects):
    assert read(data, delimiter=",") == (rows, rejects)


def test_a_row_that_lies_across_two_blocks_is_one_row():
    long = "x" * 1000 + "\n"
    cell = long * 700
    data = "a,b\n" + f'1,"{cell}"\n2,y\n' * 3
    assert read(data.encode())[0] == [["1", cell], ["2", "y"]] * 3


def test_an_early_open_quote_costs_one_row_of_a_long_file():
    data = 'a,b\n0,"x\n' + "".join(f'{number},""\n' for number in range(1, 200_001))
    rows, rejects = read(data.encode())
    assert (len(rows), rejects) == (200_000, [(2, "a quote is opened and not closed")])


def test_many_open_quotes_end_in_time():
    rows, rejects = read(b"a,b\n" + b'1,"x\n3,4\n' * 20_000)
    assert (len(rows), len(rejects)) == (20_000, 20_000)


def test_a_huge_cell_is_read():
    assert read(b"a,b\n1," + b"x" * 5_000_000 + b"\n")[0] == [["1", "x" * 5_000_000]]


def test_the_text_of_a_row_comes_with_its_cells():
    data = b'a,b\r\n"1", "two"\r\n"3"\r\n5,"x\ny"'
    blocks = list(source(data, delimiter=",").blocks(list))
    assert [line for block in blocks for line in block.lines] == ['"1", "two"\r\n', '5,"x\ny"']
    assert [reject for block in blocks for reject in block.rejects] == [(3, "1 cell, expected 2", '"3"')]


@pytest.mark.parametrize(("data", "newline"), [(b"a,b\r\n1,2\r\n", "\r\n"), (b"a,b\n1,2\n", "\n"), (b"a,b\r1,2\r", "\r"), (b"a,b", "\n")])
def test_the_line_ending_is_that_of_the_first_row(data, newline):
    assert source(data).newline == newline


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_come_with_the_lines_where_they_begin(newline):
    data = newline.join(["", "id,title", "", "1,CEO", '2,"VP,', 'Sales"', "", "", "3,CFO", "4,CTO"])
    assert list(source(data.encode()).rows(list)) == [(4, ["1", "CEO"]), (5, ["2", f"VP,{newline}Sales"]), (9, ["3", "CFO"]), (10, ["4", "CTO"])]


def test_line_numbers_go_on_from_block_to_block():
    data = "id,title\n" + "1,CEO\n\n" * 100_000
    assert [number for number, _ in source(data.encode()).rows(len)] == list(range(2, 200_001, 2))


def test_where_every_row_counts_a_broken_one_is_an_error():
    with pytest.raises(InputError, match=r"people\.csv:3: 1 cell, expected 2\. Correct that line first\."):
        list(source(b"id,title\n1,CEO\n2\n").rows(list))


def test_without_a_header_columns_have_numbers():
    opened = source(b"1,CEO\n2,CFO\n", has_header=False)
    assert opened.header == ["1", "2"]
    assert opened.header_text == ""
    assert read(b"1,CEO\n2,CFO\n", has_header=False)[0] == [["1", "CEO"], ["2", "CFO"]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,caf\xe9\n" + "2,café\n3,naïve\n".encode() * 2, {}),
        (bytes(byte for byte in range(128, 256)).join([b"a,b\n1,", b"\n"]), {"encoding": "utf-8"}),
        (bytes(byte for byte in range(128, 256)).join([b"a,b\n1,", b"\n"]), {"encoding": "cp1252"}),
        ("a,b\n1,x\ud800y\n".encode("utf-16-le", "surrogatepass"), {}),
    ],
)
def test_bytes_outside_the_encoding_come_through(data, said):
    opened = source(data, **said)
    text = opened.header_text + opened.newline + "".join(line for block in opened.blocks(list) for line in block.lines)
    assert text.encode(opened.dialect.encoding, opened.dialect.errors) == data


def test_a_cut_off_character_of_utf_16_is_an_error_in_words():
    with pytest.raises(InputError, match="is not whole utf-16-le"):
        read("a,b\n1,2\n".encode("utf-16")[:-1])


def test_an_open_quote_in_the_header_is_an_error():
    with pytest.raises(InputError, match=r"people\.csv:2: a quote is opened"):
        source(b'\na,"b\n1,2\n3,4\n')


def test_a_pipe_may_give_few_bytes_at_a_time():
    class Drops(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.data = data

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            part, self.data = self.data[:7], self.data[7:]
            buffer[: len(part)] = part
            return len(part)

    data = "id,title\r\n" + "1,Employé\r\n" * 3000
    rows = [row for block in Source(Drops(data.encode()), "pipe").blocks(list) for row in block.picked]  # type: ignore[arg-type]
    assert rows == [["1", "Employé"]] * 3000


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("poeple.csv", "does not exist. Close: people.csv"),
        ("no/such/place.csv", "does not exist. Neither does the directory no/such"),
        (".", "is a directory"),
        ("/proc/self/mem", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_opened_is_an_error_in_words(tmp_path, monkeypatch, path, message):
    (tmp_path / "people.csv").write_text(COMMA)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        open_source(path)
