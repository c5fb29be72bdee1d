"""The page of an evaluation needs nothing else and runs nothing, and the command says, keeps and refuses what it should."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from titlenorm import Normalizer
from titlenorm.cli import main
from titlenorm.evaluate import Label, Reply, Run, compare, judge
from titlenorm.evaluate.page import render
from titlenorm.evaluate.report import report
from titlenorm.taxonomy import Taxonomy

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"' & {{ 7*7 }}"
LABELLED = """\
raw,role_id,level,team
Senior Accountant,accountant,senior,A
Accountant,teacher,,A
Registered Nurse,registered-nurse,,B
Manager,,manager,B
qwzxv bnmtrp,teacher,,B
"""
COMMAND = [sys.executable, "-m", "titlenorm"]
ROOT = Path(__file__).resolve().parents[1]

built_once = cache(Normalizer)


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "img", "use"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += f"{data} "

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def page_of(*pairs, earlier=(), slices=()) -> str:
    taxonomy = Taxonomy.bundled()
    rows = [judge(label, reply, taxonomy) for label, reply in pairs]
    found, normalizer = report(rows, 0.6, 0.05), built_once()
    run = Run.of(found, normalizer, {"title": "raw"})
    before = Run.of(report([judge(label, reply, taxonomy) for label, reply in earlier], 0.6, 0.05), normalizer, {}) if earlier else None
    return render("labelled & <b>.csv", found, run, compare(found, run, before, normalizer) if before else None)


def said(role: str | None, score: float) -> Reply:
    return Reply("resolved" if role else "unresolved", role, score=score, method="exact", candidates=((role or "teacher", score),))


PAIRS = [
    (Label("Accountant", ("accountant",), levels=("",), slices={"te<am>": HOSTILE}), said("accountant", 0.9)),
    (Label(HOSTILE, ("teacher",), levels=("senior",), slices={"te<am>": ""}), said("accountant", 0.7)),
    (Label(f"open {HOSTILE}", ("teacher",), levels=("",), slices={"te<am>": ""}), said(None, 0.5)),
]
EARLIER = [(PAIRS[0][0], said("teacher", 0.8)), (PAIRS[1][0], said("nurse<i>", 0.9)), (Label("gone"), said(None, 0.1))]


@pytest.fixture(scope="module")
def html() -> str:
    return page_of(*PAIRS, earlier=EARLIER)


def test_what_users_wrote_is_text_on_the_page(html):
    page = Page(html)
    assert page.open == []
    assert page.all("script", "img", "b", "i", "am", "iframe", "object", "link") == []
    assert page.text.count(HOSTILE) >= 4  # slice, confusion, change, error
    assert "labelled & <b>.csv" in page.text
    assert "nurse<i>" in page.text
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_the_page_loads_nothing(html):
    page = Page(html)
    links = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("href", "src", "xlink:href", "action", "data")]
    assert links
    assert all(value and value.startswith("#") for value in links)
    assert "url(http" not in html
    assert "@import" not in html
    assert re.findall(r"https?://", html.replace(HOSTILE, "")) == []


def test_a_strict_policy_holds(html):
    page = Page(html)
    policy = next(attributes["content"] for attributes in page.all("meta") if attributes.get("http-equiv") == "Content-Security-Policy")
    style = html.split("<style>")[1].split("</style>")[0]
    assert (
        policy
        == f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'; base-uri 'none'; form-action 'none'"
    )
    assert html.count("<style") == 1
    assert [attributes for _, attributes in page.tags if "style" in attributes] == []


def test_ids_are_unique_and_every_reference_has_one(html):
    page = Page(html)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = set(re.findall(r"(?:href=\"|url\()#([\w-]+)", html))
    assert {"figures", "curves"} < references
    assert references <= set(ids)


def test_the_page_can_be_read_without_seeing_it(html):
    page = Page(html)
    assert page.all("html")[0]["lang"] == "en"
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert len(page.all("caption")) == len(page.all("table")) > 5
    assert all(attributes.get("scope") in ("col", "row") for attributes in page.all("th"))
    drawn = [attributes for _, attributes in page.tags if attributes.get("role") == "img"]
    assert len(drawn) == len(page.all("svg")) == 3
    assert all(len(attributes["aria-label"]) > 40 for attributes in drawn)
    regions = [attributes for _, attributes in page.tags if attributes.get("role") == "region"]
    assert all(attributes["tabindex"] == "0" and attributes["aria-label"] for attributes in regions)
    assert page.all("a")[0] == {"class": "skip", "href": "#figures"}


def test_the_page_has_both_colour_schemes(html):
    assert "prefers-color-scheme: dark" in html
    coloured = {word for _, attributes in Page(html).tags for word in (attributes.get("class") or "").split() if re.match("(fill|stroke)-", word)}
    assert {"stroke-first", "stroke-second", "stroke-grid"} <= coloured
    assert all(f".{word} " in html for word in coloured)


def test_the_page_shows_what_the_report_says(html):
    text = " ".join(Page(html).text.split())
    for part in (
        "precision 50.00%",
        "Fixed: 1.",
        "Broken: 0.",
        "Wrong role: 1",
        "Left open: 1",
        "Rows in both runs: 2, in this one only: 1, in the earlier one only: 1.",
    ):
        assert part in text
    assert "Since the earlier run" not in page_of(*PAIRS)


def test_a_page_without_any_candidate_says_so():
    html = page_of((Label("x"), Reply("empty")))
    page = Page(html)
    assert page.all("svg") == []
    assert "nothing to draw" in page.text


def test_the_drawings_do_not_depend_on_the_settings_of_the_user(html):
    from matplotlib import rc_context

    with rc_context({"lines.linewidth": 9, "axes.linewidth": 9, "font.size": 30, "svg.fonttype": "path"}):
        assert page_of(*PAIRS, earlier=EARLIER) == html


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("titlenorm.normalizer.Normalizer", built_once)
    (tmp_path / "labelled.csv").write_text(LABELLED)
    return tmp_path


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def evaluated(*arguments: str) -> str:
    result = run("evaluate", "labelled.csv", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_prints_the_report(here):
    output = evaluated("--slice", "team", "--errors", "1")
    for pattern in (
        r"^5 rows$",
        r"^accuracy +60\.00% ",
        r"^precision +66\.67% +20\.8 to 93\.9% ",
        r"^coverage +75\.00% ",
        r"^recall +50\.00% +15\.0 to 85\.0% ",
        r"^abstains +100\.00% ",
        r"^level +100\.00% ",
        r"^99% +(none|0\.\d+)",
        r"^ +1 +teacher +accountant +Accountant$",
        r"^A +2 +50\.00% ",
        r"^B +3 +100\.00% ",
        r"^Accountant +teacher +accountant +0\.99\d* +exact +role$",
        r"^and 1 more$",
    ):
        assert re.search(pattern, output, re.MULTILINE), pattern
    assert "grade" not in output
    assert sorted(os.listdir()) == ["labelled.csv"]


def test_the_contract_of_the_command(here):
    assert evaluated("--title", "raw", "--role", "role_id") == evaluated()


def test_it_says_what_it_read(here):
    said = run("evaluate", "labelled.csv").stderr
    assert said == "Reading labelled.csv: utf-8, comma; title in 'raw', role in 'role_id', level in 'level'.\n"
    Path("labelled.csv").write_text(LABELLED.replace("senior", "IC5"))
    assert "Column 'level' is not read as level: labelled.csv:2: level 'IC5' is not one of" in run("evaluate", "labelled.csv").stderr


def test_min_score_is_that_of_the_run(here):
    assert re.search(r"^coverage +0\.00% ", evaluated("--min-score", "1"), re.MULTILINE)


def test_a_kept_run_is_compared(here):
    evaluated("--save", "run.json", "--min-score", "1")
    output = evaluated("--compare", "run.json", "--errors", "1")
    for pattern in (
        r"^Since the earlier run; rows in both runs: 5$",
        r"^  option min_score: 1\.0, now 0\.72$",
        r"^coverage +0\.00% +75\.00% +\+75\.00 +better$",
        r"^Broken: 0$",
        r"^Fixed: 2$",
        r"^Senior Accountant +accountant, level senior +no role .* +accountant, level senior +role$",
        r"^and 1 more$",
        r"^Changed otherwise: 1$",
    ):
        assert re.search(pattern, output, re.MULTILINE), pattern
    same = run("evaluate", "labelled.csv", "--compare", "run.json", "--min-score", "1", "--save", "run.json").stdout
    assert "No figure moved." in same
    assert "Fixed: 0" in same


@pytest.mark.parametrize(("wanted", "code"), [("0.66", 0), ("0.67", 1), ("1", 1)])
def test_a_precision_that_is_too_low_fails(here, wanted, code):
    result = run("evaluate", "labelled.csv", "--min-precision", wanted, "--save", "run.json")
    assert result.exit_code == code
    assert ("Precision 0.6667; at least" in result.stderr) == bool(code)
    assert Path("run.json").exists()  # what was found is kept all the same


def test_no_precision_is_too_low(here):
    result = run("evaluate", "labelled.csv", "--min-score", "1", "--min-precision", "0")
    assert (result.exit_code, "No row is resolved" in result.stderr) == (1, True)


def test_outputs_can_go_to_standard_output(here):
    result = run("evaluate", "-", "--save", "-", "--html", "page.html", stdin=LABELLED)
    assert json.loads(result.stdout)["figures"]["rows"] == 5
    assert "5 rows" in result.stderr
    assert "<title>Evaluation of standard input</title>" in Path("page.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--role", "rolle"), "labelled.csv has no column 'rolle'. Close: 'role_id'."),
        (("--slice", "tema"), "labelled.csv has no column 'tema'. Close: 'team'."),
        (("--level", "team"), "labelled.csv:2: level 'A' is not one of"),
        (("--save", "labelled.csv"), "would replace the input labelled.csv. Name another file with --save."),
        (("--html", "labelled.csv"), "would replace the input labelled.csv. Name another file with --html."),
        (("--save", "no/where.json"), "choose another place with --save."),
        (("--html", "."), ". is a directory. Name a file in it with --html."),
        (("--compare", "none.json"), "none.json cannot be read: No such file"),
        (("--compare", "labelled.csv"), "labelled.csv is not a run that this version can read"),
        (("--encoding", "klingon"), "There is no encoding 'klingon'"),
        (("--delimiter", "::"), "A delimiter is one character"),
    ],
)
def test_an_error_is_one_line_with_the_way_out(here, arguments, message):
    result = run("evaluate", "labelled.csv", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("titlenorm: ")
    assert result.stdout == ""
    assert os.listdir() == ["labelled.csv"]
    assert Path("labelled.csv").read_text() == LABELLED


@pytest.mark.parametrize(("package", "name"), [("matplotlib", "matplotlib"), ("jinja2", "jinja2")])
def test_without_the_extra_it_says_how_to_get_it(here, monkeypatch, package, name):
    monkeypatch.setitem(sys.modules, package, None)
    result = run("evaluate", "labelled.csv", "--html", "page.html")
    assert result.exit_code == 2
    assert result.stderr == f"titlenorm: {name} is not installed. Install it: pip install 'titlenorm[report]'\n"
    assert run("evaluate", "labelled.csv").exit_code == 0


def test_control_characters_of_titles_do_not_reach_the_terminal(here):
    Path("labelled.csv").write_text("raw,role_id,place\nAccountant \x1b[2J[red]x[/red],teacher,\x1b[1m[b]\nAccountant,accountant,y\n")
    output = evaluated("--errors", "9", "--slice", "place")
    assert "\x1b" not in output
    assert "[red]x[/red]" in output
    assert "[b]" in output


def test_a_reader_that_stops_early_is_no_error(here):
    done = subprocess.run(f"{' '.join(COMMAND)} evaluate labelled.csv | head -1", shell=True, capture_output=True, timeout=60)
    assert done.stdout == b"5 rows\n"
    assert b"rror" not in done.stderr


def test_files_are_the_same_under_every_hash_seed(here):
    for seed in ("1", "2"):
        arguments = ["evaluate", "labelled.csv", "--slice", "team", "--save", f"{seed}.json", "--html", f"{seed}.html"]
        subprocess.run([*COMMAND, *arguments], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True, timeout=120)
    assert Path("1.json").read_bytes() == Path("2.json").read_bytes()
    assert Path("1.html").read_bytes() == Path("2.html").read_bytes()


def test_the_sample_is_labelled_and_the_commands_of_the_docs_run(here):
    (here / "examples").mkdir()
    (here / "examples/labelled.csv").write_bytes((ROOT / "examples/labelled.csv").read_bytes())
    (here / "examples/people.csv").write_bytes((ROOT / "examples/people.csv").read_bytes())
    commands = re.findall(r"^\$ titlenorm (.+)$", (ROOT / "docs/evaluate.md").read_text(), re.MULTILINE)
    assert len(commands) > 5
    for command in commands:
        result = run(*command.replace('"', "").split())
        assert result.exit_code == 0, (command, result.output)
    assert re.search(r"^\d+ rows$", run("evaluate", "examples/labelled.csv").stdout, re.MULTILINE)
