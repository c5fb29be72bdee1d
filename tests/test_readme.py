"""The README shows what the sample gives."""

import csv
from pathlib import Path

from click.testing import CliRunner

from titlenorm.cli import main

ROOT = Path(__file__).resolve().parents[1]
SHOWN = ("job_title", "role_id", "level", "grade", "status", "score", "other_role_ids")


def sample_table(path, count=12):
    """The first rows of a normalised sample, as the README shows them."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    picked = [row for row in rows if any(c in "/,-(&|:" for c in row["job_title"])][:count]
    cells = [SHOWN, *([" ".join(row[name].split()) for name in SHOWN] for row in picked)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(SHOWN))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)


def test_the_readme_shows_the_sample_as_it_comes_out(tmp_path):
    out = tmp_path / "out.csv"

    result = CliRunner().invoke(main, ["normalize", str(ROOT / "examples/people.csv"), "--column", "job_title", "-o", str(out), "--quiet"])

    assert result.exit_code == 0
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- sample -->")[1].split("<!-- /sample -->")[0].strip()
    assert shown == f"```\n{sample_table(out)}\n```"


def test_the_sample_keeps_its_cells(tmp_path):
    out = tmp_path / "out.csv"
    CliRunner().invoke(main, ["normalize", str(ROOT / "examples/people.csv"), "-o", str(out), "--quiet"])

    with (ROOT / "examples/people.csv").open(encoding="utf-8", newline="") as before, out.open(encoding="utf-8", newline="") as after:
        old, new = list(csv.reader(before)), list(csv.reader(after))

    assert len(old) == len(new) > 450
    assert [row[: len(old[0])] for row in new] == old
    resolved = sum(row[new[0].index("status")] == "resolved" for row in new[1:])
    assert resolved / (len(new) - 1) > 0.8
