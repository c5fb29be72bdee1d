"""Pytest for the pages of the documentation: each runs in a folder of its own, and the one about Spark where there is a Java."""

import pytest

from spark_session import has_java, spark_session

collect_ignore = [] if has_java else ["docs/spark.md"]


@pytest.fixture(autouse=True)
def page(request, tmp_path_factory, monkeypatch):
    """A page may write files; Spark is started silently before its page asks for a session."""
    if request.path.suffix == ".md":
        monkeypatch.chdir(tmp_path_factory.mktemp("page"))
    if request.path.name == "spark.md":
        spark_session()
