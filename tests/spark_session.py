"""The Spark that tests run on: two local workers, no web page, and silent."""

import os
import shutil
import sys
from functools import cache

import pytest

has_java = "JAVA_HOME" in os.environ or shutil.which("java") is not None
on_one_worker = pytest.mark.xdist_group("spark")
"""Where tests run in parallel, those of Spark run in one process: a second Java machine would cost more than it brings."""
needs_java = pytest.mark.skipif(not has_java, reason="Spark needs a Java runtime, such as Debian's default-jre-headless")


@cache
def spark_session():
    """One session a process: the Java machine takes seconds to start."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else the first python3 of the path, which need not be that of these tests
    builder = SparkSession.builder.master("local[2]").appName("titlenorm-tests")
    for name, value in {
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # starts sooner
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
