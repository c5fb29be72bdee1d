"""The grammar of modifiers: what each kind of surface does to role, level, grade and the list of modifiers."""

import csv
from pathlib import Path

import pytest

import titlenorm

CASES = list(csv.DictReader(Path(__file__).with_name("cases").joinpath("modifiers.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("case", CASES, ids=[case["raw"] for case in CASES])
def test_modifiers(case):
    result = titlenorm.normalize(case["raw"])

    assert (result.role.id if result.role else "") == case["role_id"]
    assert (result.level.value if result.level else "", str(result.grade or "")) == (case["level"], case["grade"])
    assert ";".join(f"{modifier.category}={modifier.value}" for modifier in result.modifiers) == case["modifiers"]
