"""Pytest for the pages of the documentation: the one about Spark runs on the session of the tests, where there is a Java."""

import pytest

from spark_session import has_java, spark_session

collect_ignore = [] if has_java else ["docs/spark.md"]


@pytest.fixture(autouse=True)
def quiet_spark(request):
    """The session is there, and silent, before the page asks for one."""
    if request.path.name == "spark.md":
        spark_session()
