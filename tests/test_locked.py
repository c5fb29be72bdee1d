"""Titles whose words look like modifiers and are not: the role is right and no bait is taken for a level."""

import csv
from pathlib import Path

import pytest

import titlenorm

CASES = list(csv.DictReader(Path(__file__).with_name("cases").joinpath("locked.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("case", CASES, ids=[case["raw"] for case in CASES])
def test_locked(case):
    result = titlenorm.normalize(case["raw"])

    assert (result.role.id if result.role else "") == case["role_id"]
    assert (result.level.value if result.level else "") == case["level"]
