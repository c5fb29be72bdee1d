"""Pytest for the pages of the documentation: each runs in a folder of its own, and the one about Spark where there is a Java."""

import shutil
from pathlib import Path

import pytest

from spark_session import has_java, on_one_worker, spark_session

EXAMPLES = Path(__file__).parent / "examples"
collect_ignore = [] if has_java else ["docs/spark.md"]


def pytest_collection_modifyitems(items):
    """The page about Spark runs where the tests of Spark do."""
    for item in items:
        if item.path.name == "spark.md":
            item.add_marker(on_one_worker)


@pytest.fixture(autouse=True)
def page(request, tmp_path_factory, monkeypatch):
    """A page may read the examples and write files; Spark is started silently before its page asks for a session."""
    if request.path.suffix == ".md":
        folder = tmp_path_factory.mktemp("page")
        shutil.copytree(EXAMPLES, folder / "examples")
        monkeypatch.chdir(folder)
    if request.path.name == "spark.md":
        spark_session()
