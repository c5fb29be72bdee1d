"""Taxonomies from O*NET, ESCO and a user's own files: what is read, and what an error says."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest

import titlenorm
from titlenorm import Alias, Role, Taxonomy
from titlenorm.inspection import inspect
from titlenorm.taxonomy import Origin

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
BAKER, OVEN, CHIEF, SHIFT = "51-9991.00", "51-9991.01", "11-1011.00", "11-9992.00"
OCCUPATIONS = [
    ("O*NET-SOC Code", "Title", "Description"),
    (CHIEF, "Chief Executives", "Decide."),
    (SHIFT, "Bakery Managers", "Plan the work of bakers."),
    (BAKER, "Bread Bakers", 'Bake "good" bread.'),
    (OVEN, "Oven Loaders", "Load ovens."),
]
ALTERNATES = [
    ("O*NET-SOC Code", "Alternate Title", "Short Title", "Source(s)"),
    (BAKER, "Bread Bakers", "n/a", "08"),
    (BAKER, "Loaf Maker", "n/a", "08"),
    (BAKER, "Certified Master Bread Maker (CMBM)", "CMBM", "02"),
    (BAKER, "CMBM Lead (Certified Master Bread Maker Lead)", "CMBM Lead", "02"),
    (OVEN, "Oven Feeder (Trays)", "n/a", "08"),
]
REPORTED = [("O*NET-SOC Code", "Reported Job Title", "Shown in My Next Move"), (BAKER, "loaf maker", "Y"), (OVEN, "Oven Hand", "N")]


def tabs(rows) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)


def commas(rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def workbook(path: Path, *sheets) -> None:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if not number else book.create_sheet(f"Sheet{number + 1}")
        for row in rows:
            sheet.append(row)
    book.save(path)


def zipped(folder: Path, path: Path, below: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, below + file.name)
    return path


@pytest.fixture
def onet(tmp_path) -> Path:
    folder = tmp_path / "db_30_1_text"
    folder.mkdir()
    (folder / "Occupation Data.txt").write_text(tabs(OCCUPATIONS), encoding="utf-8")
    (folder / "Alternate Titles.txt").write_text(tabs(ALTERNATES), encoding="utf-8")
    (folder / "Sample of Reported Titles.txt").write_text(tabs(REPORTED), encoding="utf-8")
    return folder


def phrases(taxonomy, role_id):
    return [alias.alias for alias in taxonomy.aliases if alias.role_id == role_id]


def test_onet_gives_its_codes_names_and_titles(onet):
    taxonomy = Taxonomy.from_onet(onet)

    baker = taxonomy.role(BAKER)
    assert (baker.name, baker.definition, baker.broader, baker.codes) == ("Bread Bakers", 'Bake "good" bread.', None, {"soc2018": "51-9991"})
    assert taxonomy.role(OVEN).broader == BAKER
    assert [taxonomy.role(code).track for code in (CHIEF, SHIFT, BAKER)] == ["executive", "management", "ic"]
    assert phrases(taxonomy, BAKER) == [
        "Loaf Maker",
        "Certified Master Bread Maker (CMBM)",
        "Certified Master Bread Maker",
        "CMBM",
        "CMBM Lead (Certified Master Bread Maker Lead)",
        "Certified Master Bread Maker Lead",
        "CMBM Lead",
    ]
    assert phrases(taxonomy, OVEN) == ["Oven Feeder (Trays)", "Oven Hand"]
    assert (taxonomy.name, taxonomy.kind, taxonomy.version, taxonomy.source) == ("O*NET", "onet", "30.1", "db_30_1_text")
    assert "O*NET 30.1 Database by the U.S. Department of Labor" in taxonomy.licence
    assert "CC BY 4.0" in taxonomy.licence
    assert {alias.kind for alias in taxonomy.aliases if alias.alias in ("CMBM", "CMBM Lead")} == {"abbreviation"}


def test_onet_text_excel_folder_and_zip_are_one_taxonomy(onet, tmp_path):
    excel = tmp_path / "db_30_1_excel"
    excel.mkdir()
    with_names = [(*row[:1], name, *row[1:]) for row, name in zip(ALTERNATES, ["Title", *["a name"] * 5], strict=True)]
    blank = [[cell if cell != "n/a" else None for cell in row] for row in with_names]
    workbook(excel / "Occupation Data.xlsx", OCCUPATIONS)
    workbook(excel / "Alternate Titles.xlsx", blank)
    workbook(excel / "Sample of Reported Titles.xlsx", REPORTED)
    sources = [excel, zipped(onet, tmp_path / "a.zip", "db_30_1_text/"), zipped(excel, tmp_path / "b.zip", "db_30_1_excel/"), zipped(onet, tmp_path / "c.zip")]

    expected = Taxonomy.from_onet(onet)
    for source in sources:
        taxonomy = Taxonomy.from_file(source)
        assert taxonomy.kind == "onet"
        assert taxonomy.roles == expected.roles
        assert [alias[:4] for alias in taxonomy.aliases] == [alias[:4] for alias in expected.aliases]
        assert taxonomy.version == ("" if source.name == "c.zip" else "30.1")


def test_later_onet_releases_call_the_titles_job_titles(onet):
    (onet / "Job Titles.txt").write_text(tabs([("O*NET-SOC Code", "Job Title", "Short Title"), *(row[:3] for row in ALTERNATES[1:])]), encoding="utf-8")
    before = Taxonomy.from_onet(onet)
    (onet / "Alternate Titles.txt").unlink()

    assert phrases(Taxonomy.from_onet(onet), BAKER) == phrases(before, BAKER)


def test_older_onet_codes_are_those_of_soc_2010(onet):
    older = onet.rename(onet.with_name("db_24_3_text"))

    assert Taxonomy.from_onet(older).role(BAKER).codes == {"soc2010": "51-9991"}


def test_onet_titles_of_codes_that_are_not_there_are_left_out_and_counted(onet):
    with (onet / "Alternate Titles.txt").open("a", encoding="utf-8") as handle:
        handle.write("99-9999.00\tGhost\tn/a\t08\n")

    taxonomy = Taxonomy.from_onet(onet)

    assert taxonomy.origin.notes == ("Titles left out because Occupation Data.txt does not have their codes: 1.",)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("Occupation Data.txt", None, "has no file Occupation Data.txt or Occupation Data.xlsx. Download the database"),
        ("Alternate Titles.txt", None, ""),
        ("Occupation Data.txt", "", r"Occupation Data\.txt is empty"),
        ("Alternate Titles.txt", "\t\n\t\n", r"Alternate Titles\.txt is empty"),
        ("Occupation Data.txt", "O*NET-SOC Code\tTitle\tDescription\n", "has a header and no rows"),
        (
            "Occupation Data.txt",
            "SOC\tTitle\n11-1011.00\tBoss\n",
            r"Occupation Data\.txt:1: there is no column 'O\*NET-SOC Code'\. Columns found: 'SOC', 'Title'",
        ),
        ("Occupation Data.txt", "O*NET-SOC Code\tTitle\n11-1011.00\tBoss\nBoss\t11\n", r"Occupation Data\.txt:3: 'Boss' is not an O\*NET-SOC code"),
        ("Occupation Data.txt", "O*NET-SOC Code\tTitle\n11-1011.00\tBoss\n11-1011.00\tBoss\n", r":3: the code 11-1011\.00 is in .*:2 already"),
        ("Occupation Data.txt", "O*NET-SOC Code\tTitle\n11-1011.00\t\n", r":2: the code 11-1011\.00 has no title"),
        ("Alternate Titles.txt", "O*NET-SOC Code\tAlias\n", r"Alternate Titles\.txt:1: there is no column 'Alternate Title'"),
    ],
)
def test_a_wrong_onet_release_says_what_and_where(onet, file, text, message):
    if text is None:
        (onet / file).unlink()
    else:
        (onet / file).write_text(text, encoding="utf-8")

    if not message:  # the reported titles are enough
        assert phrases(Taxonomy.from_onet(onet), OVEN) == ["Oven Hand"]
        return
    with pytest.raises(titlenorm.TableError, match=message):
        Taxonomy.from_onet(onet)


def test_onet_without_any_titles_is_an_error(onet):
    (onet / "Alternate Titles.txt").unlink()
    (onet / "Sample of Reported Titles.txt").unlink()

    with pytest.raises(titlenorm.TableError, match=r"no file Alternate Titles\.txt or Job Titles\.txt beside"):
        Taxonomy.from_onet(onet)


ESCO_HEADER = ("conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status", "description", "code")
URI = "http://data.europa.eu/esco/occupation/"
ESCO = [
    ESCO_HEADER,
    ("Occupation", URI + "1", "7512", " bread  baker ", "loaf maker\nBread Baker\nloaf maker", "bred baker", "released", "Bakes\nbread.", "7512.1"),
    ("Occupation", URI + "2", "7512", "oven loader", "", "", "released", "", "7512.1.4"),
    ("Occupation", URI + "3", "1221", "bakery manager", "", "", "released", "", "1221.9"),
    ("Occupation", URI + "4", "110", "army baker", "", "", "released", "", "110.1"),
    ("Skill", URI + "5", "", "baking", "", "", "released", "", ""),
    ("Occupation", URI + "6", "7512", "bread ghost", "", "", "deprecated", "", "7512.9"),
]


@pytest.fixture
def esco(tmp_path) -> Path:
    folder = tmp_path / "ESCO dataset - v1.2.1 - classification - en - csv"
    folder.mkdir()
    (folder / "occupations_en.csv").write_text(commas(ESCO), encoding="utf-8")
    german = [ESCO_HEADER, ("Occupation", URI + "1", "7512", "Brotbäcker", "", "", "released", "", "7512.1")]
    (folder / "occupations_de.csv").write_text(commas(german), encoding="utf-8-sig")
    return folder


def test_esco_gives_its_uris_labels_and_codes(esco):
    taxonomy = Taxonomy.from_esco(esco)

    baker = taxonomy.role(URI + "1")
    assert (baker.name, baker.definition) == ("bread baker", "Bakes bread.")
    assert baker.codes == {"isco08": "7512", "esco_label": "bread baker", "esco_code": "7512.1"}
    assert phrases(taxonomy, URI + "1") == ["loaf maker", "bred baker"]
    assert taxonomy.role(URI + "2").broader == URI + "1"
    assert taxonomy.role(URI + "3").track == "management"
    assert taxonomy.role(URI + "4").codes["isco08"] == "0110"
    assert list(taxonomy.roles) == [URI + str(number) for number in (1, 2, 3, 4)]
    assert taxonomy.origin.notes == ("Rows left out that are no occupations: 1.", "Rows left out that are not released: 1.")
    assert (taxonomy.kind, taxonomy.version) == ("esco", "1.2.1")
    assert "This service uses the ESCO classification of the European Commission." in taxonomy.licence


def test_esco_file_folder_and_zip_are_one_taxonomy(esco, tmp_path):
    expected = Taxonomy.from_esco(esco)

    for source in (esco / "occupations_en.csv", zipped(esco, tmp_path / "esco-1.2.1.zip", "csv/")):
        assert Taxonomy.from_file(source).roles == expected.roles
        assert Taxonomy.from_file(source).version == "1.2.1"
        assert Taxonomy.from_file(source).kind == "esco"


def test_esco_in_another_language(esco):
    assert [role.name for role in Taxonomy.from_esco(esco, "de").roles.values()] == ["Brotbäcker"]
    with pytest.raises(titlenorm.TableError, match=r"no occupations_fr\.csv\. Languages there: de, en"):
        Taxonomy.from_esco(esco, "fr")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("conceptUri", "label"), ("u", "a")], r"occupations_en\.csv:1: there is no column 'preferredLabel'\. Columns found: 'conceptUri', 'label'"),
        ([ESCO_HEADER, ESCO[1], ESCO[1]], r"occupations_en\.csv:6: http\S+1 is in \S.*csv:2 already"),
        ([ESCO_HEADER, ("Occupation", URI + "1", "7512", " ", "", "", "released", "", "")], r":2: the occupation has no preferredLabel"),
        ([ESCO_HEADER, ESCO[5]], "has no released occupations"),
    ],
)
def test_a_wrong_esco_file_says_what_and_where(esco, rows, message):
    (esco / "occupations_en.csv").write_text(commas(rows), encoding="utf-8")

    with pytest.raises(titlenorm.TableError, match=message):
        Taxonomy.from_esco(esco)


OWN = [
    ("Job Code", "Job Title", "Job Family", "Career Track", "Pay Scale", "Alternate Titles", "Description"),
    ("B1", "Bread Baker", "Bakery", "Individual Contributor", "7", "Loaf Maker; Bread Maker|loaf  maker", "Bakes."),
    ("B2", "Bakery Manager", "Bakery", "Manager", "9", "", ""),
]


def test_a_job_catalogue_as_it_is_exported(tmp_path):
    (tmp_path / "comma.csv").write_text(commas(OWN), encoding="utf-8-sig")
    (tmp_path / "tab.tsv").write_text(tabs(OWN), encoding="utf-16")
    (tmp_path / "semicolon.csv").write_bytes(commas(OWN).replace(";", "|").replace(",", ";").replace("Bakes", "Bäckt").encode("cp1252"))
    workbook(tmp_path / "book.xlsx", [("About this file",)], [("Job catalogue", None), (None, None), *OWN])

    for path in sorted(tmp_path.iterdir()):
        taxonomy = Taxonomy.from_file(path)
        baker, manager = taxonomy.roles.values()
        assert (baker.id, baker.name, baker.family, baker.track, baker.codes) == ("B1", "Bread Baker", "Bakery", "ic", {"pay_scale": "7"})
        assert manager.track == "management"
        assert phrases(taxonomy, "B1") == ["Loaf Maker", "Bread Maker", "loaf maker"]
        assert baker.definition in ("Bakes.", "Bäckt.")
        assert (taxonomy.kind, taxonomy.name, taxonomy.source) == ("custom", path.stem, path.name)


def test_a_number_in_a_workbook_is_the_id_that_people_see(tmp_path):
    workbook(tmp_path / "book.xlsx", [("id", "name"), (1042, "Bread Baker"), (7.0, "Oven Loader")])

    assert list(Taxonomy.from_file(tmp_path / "book.xlsx").roles) == ["1042", "7"]


def test_the_better_of_two_names_of_a_column_wins(tmp_path):
    (tmp_path / "roles.csv").write_text("code,title,id,name\nX,Other,R1,Baker\n", encoding="utf-8")

    role = Taxonomy.from_file(tmp_path / "roles.csv").role("R1")

    assert (role.name, role.codes) == ("Baker", {"code": "X", "title": "Other"})


TOML = """
name = "Our jobs"
version = "2026"
licence = "ours"

[[roles]]
id = "B1"
name = "Bread Baker"
aliases = ["Loaf Maker", "Bread Maker"]
broader = "B2"
payscale = 7

[[roles]]
id = "B2"
title = "Bakery Manager"
codes = {isco08 = "1439"}
"""


def test_roles_written_as_toml(tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text(TOML, encoding="utf-8")

    taxonomy = Taxonomy.from_file(path)

    assert (taxonomy.name, taxonomy.version, taxonomy.licence) == ("Our jobs", "2026", "ours")
    assert (taxonomy.role("B1").broader, taxonomy.role("B1").codes) == ("B2", {"payscale": "7"})
    assert (taxonomy.role("B2").name, taxonomy.role("B2").codes) == ("Bakery Manager", {"isco08": "1439"})
    assert phrases(taxonomy, "B1") == ["Loaf Maker", "Bread Maker"]
    assert taxonomy.aliases[0].where == f"{path}:6"


def test_a_table_of_aliases_beside_the_roles(tmp_path):
    (tmp_path / "roles.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "aliases.csv").write_text("Job Code,Title,kind\nB1,Crust Artist,\nB2,Dough Boss,related\n", encoding="utf-8")

    taxonomy = Taxonomy.from_file(tmp_path / "roles.toml", tmp_path / "aliases.csv")

    assert [alias[:3] for alias in taxonomy.aliases[-2:]] == [("Crust Artist", "B1", "synonym"), ("Dough Boss", "B2", "related")]
    assert titlenorm.Normalizer(taxonomy).normalize("Senior Crust Artist").role.id == "B1"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r.csv", "", r"r\.csv is empty"),
        ("r.csv", "\n\n", r"r\.csv is empty"),
        ("r.csv", ",,\n,,\n", r"r\.csv is empty"),
        ("occupations_en.csv", ",,\n,,\n", r"occupations_en\.csv is empty"),
        ("r.csv", "id,name\n", "has a header and no roles"),
        ("r.csv", "id,grade\n1,2\n", r"r\.csv:1: the column 'name' is missing\. Columns found: 'id', 'grade'\. Rename one of them to 'name'"),
        ("r.csv", "name,grade\n1,2\n", r"r\.csv:1: the column 'id or role_id' is missing"),
        ("r.csv", 'id,name\n1,"Baker\n2,Cook\n', r"r\.csv:2: .*Check the quotes"),
        ("r.csv", "id,name\n1,Baker\n\n1,Cook\n", r"r\.csv:4: Two roles have the id '1': 'Baker' \(.*r\.csv:2\) and 'Cook'"),
        ("r.csv", "id,name\n1,Baker\n2,\n", r"r\.csv:3: a role needs an id and a name; this row has no name"),
        ("r.csv", "id,name\n,Baker\n", r"r\.csv:2: a role needs an id and a name; this row has no id"),
        ("r.csv", "id,name\n1,Baker,\n2,Cook,extra\n", r"r\.csv:3: more cells than the header has"),
        ("r.csv", "id,name,track\n1,Baker,boss\n", r"r\.csv:2: track 'boss' is not one of ic, management"),
        ("r.csv", "id,name,broader\nbaker,Baker,\ncook,Cook,bakr\n", r"Unknown role 'bakr' in .*r\.csv:3, broader of 'cook'\. Close: 'baker'\."),
        ("r.toml", "[[roles]\n", r"r\.toml is not TOML: .*line 1"),
        ("r.toml", "[[role]]\nid = '1'\n", r"'role' is not known at the top"),
        ("r.toml", "name = 'x'\n", r"r\.toml has no \[\[roles\]\]"),
        ("r.toml", "name = 3\n[[roles]]\nid = '1'\n", "name has to be text"),
        ("r.toml", "[[roles]]\nid = '1'\nname = 'Baker'\n[[roles]]\nid = '2'\n", r"r\.toml:4: a role needs an id and a name"),
        ("r.toml", "[[roles]]\nid = '1'\nname = 'Baker'\naliases = 3.5\n", r"r\.toml:1: aliases has to be a list of texts, not 3\.5"),
        ("r.toml", "[[roles]]\nid = '1'\nname = 'Baker'\naliases = [1]\n", r"r\.toml:1: aliases has to be a list of texts"),
        ("r.toml", "roles = [{id = '1', name = 'Baker'}, {id = '2'}]\n", r"r\.toml, role 2: a role needs"),
        ("r.json", "{}", r"r\.json is no taxonomy: its ending is none of \.titlenorm, \.csv"),
        ("r.xlsx", "id,name\n", r"r\.xlsx is not a workbook"),
        ("r.zip", "id,name\n", r"r\.zip is no folder and no zip"),
    ],
)
def test_a_wrong_file_of_ones_own_says_what_and_where(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    with pytest.raises(titlenorm.TitlenormError, match=message):
        Taxonomy.from_file(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("alias,role_id\nDough Boss,B3\n", r"Unknown role 'B3' in .*a\.csv:2, alias 'Dough Boss'\."),
        ("alias,role_id\n,B1\n", r"a\.csv:2: an alias row needs an alias and a role_id; this row has no alias"),
        ("alias,role_id\nDough Boss,\n", r"a\.csv:2: .* has no role_id"),
        ("alias,role_id,kind\nDough Boss,B1,nickname\n", r"a\.csv:2: kind 'nickname' is not one of synonym"),
        ("alias,family\nDough Boss,B1\n", r"a\.csv:1: the column 'role_id' is missing"),
    ],
)
def test_wrong_aliases_say_what_and_where(tmp_path, text, message):
    (tmp_path / "r.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")

    with pytest.raises(titlenorm.TitlenormError, match=message):
        Taxonomy.from_file(tmp_path / "r.toml", tmp_path / "a.csv")


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "binary.csv").write_bytes(bytes(range(32)) * 40)
    (tmp_path / "mixed.csv").write_bytes("id,name\n1,Bäcker\n2,Köchin\n3,".encode() + b"Ma\xffer\n")

    with pytest.raises(titlenorm.TableError, match=r"binary\.csv is not a table of text"):
        Taxonomy.from_file(tmp_path / "binary.csv")
    with pytest.raises(titlenorm.TableError, match=r"mixed\.csv:4: a byte that is not utf-8"):
        Taxonomy.from_file(tmp_path / "mixed.csv")


def test_a_path_that_holds_nothing_known(tmp_path):
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    (tmp_path / "roles.csv").write_text("id,name\n1,Baker\n", encoding="utf-8")

    with pytest.raises(titlenorm.TableError, match=r"is no download of O\*NET .* or ESCO .*It holds notes\.md, roles\.csv"):
        Taxonomy.from_file(tmp_path)
    with pytest.raises(titlenorm.TableError, match=r"rolse\.csv does not exist\. Close: roles\.csv"):
        Taxonomy.from_file(tmp_path / "rolse.csv")
    with pytest.raises(titlenorm.TableError, match="does not exist"):
        Taxonomy.from_file(tmp_path / "nowhere")


def test_a_missing_openpyxl_names_the_extra(tmp_path, monkeypatch):
    workbook(tmp_path / "book.xlsx", OWN)
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)

    with pytest.raises(titlenorm.MissingExtraError, match=r"pip install 'titlenorm\[excel\]'"):
        Taxonomy.from_file(tmp_path / "book.xlsx")


def test_a_phrase_that_two_roles_claim_is_noted(tmp_path):
    path = tmp_path / "roles.csv"
    path.write_text("id,name,aliases\nB1,Bread Baker,loaf-maker\nB2,Oven Loader,Loaf Maker|bread baker\nB3,oven loader,\n", encoding="utf-8")

    taxonomy = Taxonomy.from_file(path)

    assert taxonomy.origin.notes == (
        f"{path}:4: 'oven loader' is the name of two roles, 'B2' and 'B3'. A title with it is ambiguous. Give one of them another name.",
        f"{path}:3: 'Loaf Maker' means 'B2', but {path}:2 gives it to 'B1' already. Likeness decides between them. Delete one, or make it related.",
        f"{path}:3: 'bread baker' means 'B2', but it is the name of 'B1' already. The name is used. Delete one, or make it related.",
    )
    normalizer = titlenorm.Normalizer(taxonomy)
    assert normalizer.normalize("Bread Baker").role.id == "B1"
    assert normalizer.normalize("Oven Loader").status is titlenorm.Status.AMBIGUOUS
    assert {candidate.role.id for candidate in normalizer.candidates("Loaf Maker", 2)} == {"B1", "B2"}


def test_inspect_finds_what_no_title_reaches():
    roles = [Role("B1", "Bread Baker", broader="B2"), Role("B2", "Oven Hand", broader="B1"), Role("S2", "Shelf Painter II"), Role("S3", "Shelf Painter III")]
    aliases = [Alias("Loaf - II", "B1", where="a.csv:2"), Alias("Remote", "B1", where="a.csv:3"), Alias("Crust Artist", "B1"), Alias("crust artist", "B2")]
    lines = {"B1": "r.csv:2", "S2": "r.csv:4"}

    problems = inspect(Taxonomy(roles, aliases, origin=Origin(lines=lines)))

    assert any(problem.startswith("'crust artist' means 'B2', but another alias gives it to 'B1' already.") for problem in problems)
    assert "r.csv:2: 'B1' is wider than itself, through 'B2'. Correct its broader." in problems
    assert any(problem.startswith("a.csv:2: 'Loaf - II' does not give 'B1'") for problem in problems)
    assert "a.csv:3: 'Remote' means 'B1', but qualifies other titles (workplace). Use a longer phrase." in problems
    assert sum("'Shelf Painter' gives no role" in problem for problem in problems) == 1
    assert not any("Bread Baker" in problem for problem in problems)


def test_inspect_says_which_words_are_taken_off(monkeypatch):
    taxonomy = Taxonomy([Role("B1", "Bread Baker"), Role("B2", "Oven Hand")], [Alias("Bread Baker, Remote", "B2", where="a.csv:3")])

    assert inspect(taxonomy) == ["a.csv:3: 'Bread Baker, Remote' does not give 'B2', it gives 'B1': 'Remote' is taken off as workplace."]


def test_a_sound_taxonomy_has_no_problems():
    assert inspect(Taxonomy([Role("B1", "Bread Baker"), Role("B2", "Oven Hand")], [Alias("Crust Artist", "B1")])) == []


def test_merge_keeps_source_version_and_licence():
    one = Taxonomy([Role("B1", "Bread Baker")], name="one", kind="onet", origin=Origin("db", "30.0", "CC BY 4.0"), members={"index/a.npy": b"x"})
    two = Taxonomy([Role("B2", "Oven Hand")], name="two", origin=Origin("ours.csv", "", "ours"))

    both = one.merge(two)

    assert (both.name, both.kind, both.source, both.version, both.licence) == ("one+two", "onet", "db + ours.csv", "30.0", "CC BY 4.0 + ours")
    assert both.members == {}  # an index of one is no index of both
    assert one.merge([Alias("Crust Artist", "B1")]).version == "30.0"


def test_an_unknown_role_of_another_taxonomy_names_its_own_list(tmp_path):
    (tmp_path / "roles.csv").write_text("id,name\nB1,Bread Baker\n", encoding="utf-8")

    with pytest.raises(LookupError, match=r"List all: titlenorm roles --taxonomy roles\.csv"):
        Taxonomy.from_file(tmp_path / "roles.csv").role("B7")


def test_a_zip_of_many_files_or_of_a_huge_one_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.txt", "")
    with zipfile.ZipFile(tmp_path / "huge.zip", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("Occupation Data.txt", "w") as member:
        for _ in range(257):
            member.write(bytes(1 << 20))

    with pytest.raises(titlenorm.TableError, match="holds 10,001 files"):
        Taxonomy.from_file(tmp_path / "many.zip")
    with pytest.raises(titlenorm.TableError, match=r"Occupation Data\.txt has 269,484,032 bytes"):
        Taxonomy.from_file(tmp_path / "huge.zip")


def test_a_cell_far_away_in_a_workbook_costs_nothing(tmp_path):
    workbook(tmp_path / "book.xlsx", OWN)
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    book.active["XFD1048576"] = "stray"
    del book.active["XFD1048576"]
    book.active.cell(row=1_048_576, column=1).font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "book.xlsx")

    assert list(Taxonomy.from_file(tmp_path / "book.xlsx").roles) == ["B1", "B2"]


def test_a_workbook_of_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("titlenorm.taxonomy.sheet._MOST_CELLS", 10)
    workbook(tmp_path / "book.xlsx", OWN)

    with pytest.raises(titlenorm.TableError, match=r"book\.xlsx:2: more cells than a list of jobs has"):
        Taxonomy.from_file(tmp_path / "book.xlsx")


def test_a_damaged_file_is_one_error_or_a_taxonomy(onet, tmp_path):
    zipped(onet, tmp_path / "onet.zip", "db/")
    workbook(tmp_path / "book.xlsx", OWN)
    (tmp_path / "roles.csv").write_text(commas(OWN), encoding="utf-8")
    (tmp_path / "roles.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "occupations_en.csv").write_text(commas(ESCO), encoding="utf-8")
    rng = random.Random(11)
    for name in ("onet.zip", "book.xlsx", "roles.csv", "roles.toml", "occupations_en.csv"):
        whole, errors = (tmp_path / name).read_bytes(), 0
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(3):
                start = rng.randrange(len(data))
                data[start : start + rng.choice([0, 1, 30])] = rng.choice([b"", b'"', b"\0", b"\xff", b"\n", bytes(whole[start : start + 20])])
            (tmp_path / name).write_bytes(data)
            try:
                assert len(Taxonomy.from_file(tmp_path / name)) > 0
            except titlenorm.TitlenormError:
                errors += 1
        assert errors > 0, name


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path


@pytest.mark.parametrize(
    ("name", "roles", "aliases", "title", "role_id"),
    [
        ("onet-30.0", 1016, 60_000, "Senior Chief Executive Officer", "11-1011.00"),
        ("onet-27.0", 1016, 55_000, "Sr. Registered Nurse (Remote)", "29-1141.00"),
        ("esco-1.2.0", 3039, 30_000, "Sr. Accountant", URI + "eda0d957-3c3c-4139-b89a-a18bc9e18897"),
    ],
)
def test_a_normalizer_over_the_real_downloads_answers(name, roles, aliases, title, role_id, tmp_path):
    taxonomy = Taxonomy.from_file(real(name))

    assert (len(taxonomy), taxonomy.version) == (roles, name.partition("-")[2])
    assert len(taxonomy.aliases) > aliases
    taxonomy.save(tmp_path / "saved.titlenorm")
    normalizer = titlenorm.Normalizer(Taxonomy.load(tmp_path / "saved.titlenorm"), titlenorm.Options(tfidf=False))
    assert normalizer.normalize(title).role.id == role_id
    names = [role.name for role in taxonomy.roles.values() if role.name.replace(" ", "").replace("-", "").isalnum()]
    assert [result.role and result.role.name for result in normalizer.normalize_many(names)] == names  # names with signs are cut like titles
    assert normalizer.normalize("Qwzx Vbnq").role is None


def test_likeness_works_over_a_real_download():
    normalizer = titlenorm.Normalizer(Taxonomy.from_file(real("esco-1.2.0")))

    assert normalizer.candidates("Wire Drawing Hand", limit=3)[0].role.name == "metal drawing machine operator"


def test_a_taxonomy_that_shares_no_word_with_the_bundled_one_answers():
    normalizer = titlenorm.Normalizer(Taxonomy([titlenorm.Role("Z1", "Zorbwright")]))

    assert normalizer.normalize("Senior Zorbwright").role.id == "Z1"
    assert normalizer.normalize("Accountant").role is None


def test_managers_of_another_taxonomy_have_their_level(onet):
    normalizer = titlenorm.Normalizer(Taxonomy.from_onet(onet), titlenorm.Options(tfidf=False))

    assert normalizer.normalize("Bakery Manager").level is titlenorm.Level.MANAGER
    assert normalizer.normalize("Bread Baker").level is None
