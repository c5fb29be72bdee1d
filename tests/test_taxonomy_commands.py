"""The command line with taxonomies: import, info, check, and --taxonomy of the other commands."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from titlenorm import Taxonomy
from titlenorm.cli import main

ROLES = "id,name,family,isco08,soc2018,aliases\nB1,Bread Baker,Bakery,7512,51-3011,loaf maker\nB2,Oven Hand,,,,\n"
PEOPLE = "id,job_title\n001,Sr. Loaf Maker\n002,Oven Hand\n003,Accountant\n004,\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("roles.csv").write_text(ROLES)
    Path("people.csv").write_text(PEOPLE)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def rows(path: str) -> list[list[str]]:
    with open(path, newline="") as handle:
        return list(csv.reader(handle))


@pytest.fixture
def onet(here) -> str:
    folder = here / "db_30_1_text"
    folder.mkdir()
    (folder / "Occupation Data.txt").write_text("O*NET-SOC Code\tTitle\tDescription\n51-9991.00\tBread Bakers\tBake.\n51-9991.01\tOven Hands\t\n")
    (folder / "Alternate Titles.txt").write_text("O*NET-SOC Code\tAlternate Title\n51-9991.00\tLoaf Maker\n51-9991.01\tLoaf Maker\n")
    return folder.name


@pytest.fixture
def esco(here) -> str:
    folder = here / "ESCO 1.2.0"
    folder.mkdir()
    (folder / "occupations_de.csv").write_text("conceptType,conceptUri,preferredLabel\nOccupation,http://x/1,Brotbäcker\nSkill,http://x/2,backen\n")
    return folder.name


def test_import_onet_says_what_it_read_and_wrote(onet):
    result = run("taxonomy", "import", "onet", onet)

    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Read O*NET 30.1: 2 roles, 2 aliases, in " in result.stderr
    assert f"Wrote onet.titlenorm: {os.path.getsize('onet.titlenorm'):,} bytes" in result.stderr
    assert "Licence: Includes information from the O*NET 30.1 Database" in result.stderr
    assert Taxonomy.load("onet.titlenorm").roles == Taxonomy.from_onet(onet).roles


def test_import_esco_in_a_language(esco):
    result = run("taxonomy", "import", "esco", esco, "--language", "de", "-o", "berufe.titlenorm")

    assert result.exit_code == 0
    assert "Rows left out that are no occupations: 1." in result.stderr
    assert Taxonomy.load("berufe.titlenorm").role("http://x/1").name == "Brotbäcker"
    assert "Languages there: de" in run("taxonomy", "import", "esco", esco).output


def test_import_file_with_aliases():
    Path("more.csv").write_text("alias,role_id\nCrust Artist,B1\nloaf maker,B2\n")

    result = run("taxonomy", "import", "file", "roles.csv", "--aliases", "more.csv")

    assert result.exit_code == 0
    assert "more.csv:3: 'loaf maker' means 'B2', but roles.csv:2 gives it to 'B1' already." in result.stderr
    assert [alias.alias for alias in Taxonomy.load("roles.titlenorm").aliases] == ["loaf maker", "Crust Artist", "loaf maker"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("onet", "nowhere"), "nowhere does not exist"),
        (("onet", "roles.csv"), "roles.csv is no folder and no zip"),
        (("onet", "."), "has no file Occupation Data.txt"),
        (("esco", "."), "has no occupations_en.csv"),
        (("esco", "roles.csv"), "there is no column 'conceptUri'"),
        (("file", "people.csv", "-o", "people.txt"), "people.txt has to end in .titlenorm"),
        (("file", "roles.csv", "-o", "no/where.titlenorm"), "does not exist. Create it first"),
        (("file", "own.titlenorm", "-o", "own.titlenorm"), "would replace the input"),
        (("file", "roles.csv", "--aliases", "none.csv"), "none.csv does not exist"),
    ],
)
def test_an_import_that_fails_is_one_line_and_writes_nothing(arguments, message):
    Taxonomy.from_file("roles.csv").save("own.titlenorm")
    before = sorted(os.listdir())

    result = run("taxonomy", "import", *arguments)

    assert result.exit_code == 2
    assert result.output.startswith("titlenorm: ")
    assert result.output.count("\n") == 1
    assert message in result.output
    assert sorted(os.listdir()) == before


def test_info_of_each_form(onet):
    run("taxonomy", "import", "onet", onet)

    for source in (onet, "onet.titlenorm"):
        output = run("taxonomy", "info", source).output
        for part in ("O*NET taxonomy, version 30.1", "2 roles in 0 families, 1 with a wider role", "2 aliases", "codes: soc2018 2", "kind: onet", "CC BY 4.0"):
            assert part in output
        assert ("sha256" in output) == (source == "onet.titlenorm")
    assert "kind: custom, source: roles.csv" in run("taxonomy", "info", "roles.csv").output
    bundled = run("taxonomy", "info").output
    assert "bundled taxonomy, data version" in bundled
    assert "licence: MIT" in bundled


def test_info_shows_no_control_characters(here):
    Path("odd.toml").write_text('name = "a\\u001b[2Jb"\n[[roles]]\nid = "1"\nname = "Ba\\u001b[2Jker"\n')

    assert "\x1b" not in run("taxonomy", "info", "odd.toml").output
    assert "\x1b" not in run("roles", "--taxonomy", "odd.toml").output
    assert "\x1b" not in run("explain", "--taxonomy", "odd.toml", "Ba\x1b[2Jker").output


def test_check_of_ones_own_file():
    Path("more.csv").write_text("alias,role_id\nOven Hand,B1\nBread Baker - Remote,B2\n")

    sound, doubtful = run("taxonomy", "check", "roles.csv"), run("taxonomy", "check", "roles.csv", "--aliases", "more.csv")

    assert (sound.exit_code, sound.output) == (0, "0 problems in roles: 2 roles, 1 aliases.\n")
    assert doubtful.exit_code == 1
    assert doubtful.stdout.splitlines() == [
        "more.csv:2: 'Oven Hand' means 'B1', but it is the name of 'B2' already. The name is used. Delete one, or make it related.",
        "more.csv:3: 'Bread Baker - Remote' does not give 'B2', it gives 'B1': 'Remote' is taken off as workplace.",
    ]
    assert doubtful.stderr == "2 problems in roles: 2 roles, 3 aliases.\n"


def test_shared_titles_of_onet_are_no_problem(onet):
    assert run("taxonomy", "check", onet).exit_code == 0


@pytest.mark.parametrize("arguments", [("roles.csv", "--fix"), ("--aliases", "roles.csv")])
def test_options_of_check_that_do_not_go_together(arguments):
    assert run("taxonomy", "check", *arguments).exit_code == 2


@pytest.mark.parametrize("source", ["roles.csv", "roles.titlenorm"])
def test_normalize_with_a_taxonomy_adds_codes(source):
    run("taxonomy", "import", "file", "roles.csv")

    result = run("normalize", "people.csv", "-o", "out.csv", "--taxonomy", source)

    assert result.exit_code == 0
    assert "Taxonomy: roles: 2 roles, 1 aliases" in result.output
    header, *found = rows("out.csv")
    assert header[-2:] == ["other_role_ids", "codes"]
    assert len(header) == 2 + 12 + 1
    assert [(row[0], row[2], row[6], row[-1]) for row in found] == [
        ("001", "B1", "senior", "isco08=7512; soc2018=51-3011"),
        ("002", "B2", "", ""),
        ("003", "", "", ""),
        ("004", "", "", ""),
    ]


def test_codes_of_the_bundled_roles_are_added_when_asked():
    run("normalize", "people.csv", "-o", "plain.csv", "-q")
    run("normalize", "people.csv", "-o", "coded.csv", "-q", "--codes")

    plain, coded = rows("plain.csv"), rows("coded.csv")
    assert plain[0][-1] == "other_role_ids"
    assert [row[:-1] for row in coded] == plain
    assert coded[3][-1].startswith("soc2018=13-2011; isco08=2411")


def test_a_codes_column_that_is_there_already_keeps_its_name():
    Path("people.csv").write_text("codes,job_title\nx,Loaf Maker\n")

    run("normalize", "people.csv", "-o", "out.csv", "-q", "--taxonomy", "roles.csv")

    assert rows("out.csv")[0][-1] == "titlenorm_codes"
    assert rows("out.csv")[1][0] == "x"


def test_the_output_does_not_replace_the_taxonomy():
    result = run("normalize", "people.csv", "-o", "roles.csv", "--taxonomy", "roles.csv")

    assert result.exit_code == 2
    assert "would replace the input roles.csv" in result.output
    assert Path("roles.csv").read_text() == ROLES


@pytest.mark.parametrize("command", [("normalize", "people.csv", "-o", "out.csv"), ("explain", "Baker"), ("roles",)])
def test_a_taxonomy_that_cannot_be_read_is_one_line(command):
    Path("bad.titlenorm").write_bytes(b"PK\x03\x04 and no more")

    result = run(*command, "--taxonomy", "bad.titlenorm")

    assert result.exit_code == 2
    assert "titlenorm: bad.titlenorm is no taxonomy file, or only a part of one." in result.output
    assert not Path("out.csv").exists()


def test_explain_with_a_taxonomy_ends_with_the_codes():
    result = run("explain", "Sr. Loaf Maker", "--taxonomy", "roles.csv")
    assert "resolved: Bread Baker (B1), level senior" in result.output
    assert result.output.splitlines()[-1] == "codes of B1: isco08=7512; soc2018=51-3011"

    answer = json.loads(run("explain", "Sr. Loaf Maker", "--taxonomy", "roles.csv", "--json").output)
    assert answer["codes"] == {"isco08": "7512", "soc2018": "51-3011"}
    assert json.loads(run("explain", "Qwzx", "--json").output)["codes"] == {}


def test_roles_of_a_taxonomy(onet):
    assert run("roles", "--taxonomy", "roles.csv").output.splitlines() == ["B1  Bread Baker  (Bakery)", "B2  Oven Hand"]
    assert run("roles", "--taxonomy", onet, "--tree").output.splitlines() == ["51-9991.00", "  51-9991.01"]
    assert run("roles", "--taxonomy", onet, "--search", "loaf", "--tree").exit_code == 0
    assert "There is no family 'data'. Families: none in this taxonomy." in run("roles", "--taxonomy", onet, "--family", "data").output


def test_many_notes_are_cut():
    lines = "".join(f"R{number},Role {chr(97 + number) * 4},loaf\n" for number in range(12))
    Path("roles.csv").write_text(f"id,name,aliases\n{lines}")
    shutil.copy("roles.csv", "again.csv")

    output = run("normalize", "people.csv", "-o", "out.csv", "--taxonomy", "again.csv").output

    assert output.count("'loaf' means") == 5
    assert "and 6 more: titlenorm taxonomy check again.csv" in output


@pytest.mark.parametrize("arguments", [("import",), ("import", "onet"), ("import", "esco"), ("import", "file")])
def test_help(arguments):
    result = run("taxonomy", *arguments, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_the_commands_of_the_page_about_taxonomies_run(onet, esco):
    """With the files that the page shows, and small ones under the names of the downloads."""
    page = (Path(__file__).resolve().parents[1] / "docs" / "taxonomies.md").read_text(encoding="utf-8")
    for name, text in re.findall(r'^```\w+ title="(.+?)"\n(.*?)^```', page, re.MULTILINE | re.DOTALL):
        Path(name).write_text(text, encoding="utf-8")
    Path(onet).rename("db_30_0_text")
    release = Path(esco).rename("ESCO dataset - v1.2.0 - classification - en - csv")
    (release / "occupations_de.csv").rename(release / "occupations_en.csv")
    commands = [line[2:] for block in re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL) for line in block.splitlines()]

    assert len(commands) >= 9
    for command in commands:
        result = run(*shlex.split(command)[1:])
        assert result.exit_code == 0, (command, result.output)
    assert Taxonomy.from_file("roles.toml").version == "2026"
    assert "Loaf Maker" in Path("people.csv").read_text()
