"""The same rows through every engine: rows per second, and the ratio to the command line, in one run.

    python benchmarks/engines.py TITLES.tsv.gz [--rows 1000000] [--only pandas]

TITLES is a file of `title<TAB>count` lines (gzip or plain); rows are drawn by count. Each engine runs in a process of its own.
It has the rows in memory, in its own form, and a built normalizer; what is timed is to answer all twelve columns for all
rows. Spark's workers build theirs within the time. The command line is timed whole: start, reading, answering, writing;
it runs before each engine, since a shared machine is not equally fast all the time.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from throughput import read_titles, write_export

Run = Callable[[], object]


def prepare_lists(path: str) -> Run:
    from titlenorm.normalizer import shared

    with open(path, encoding="utf-8", newline="") as handle:
        titles = [row["job_title"] for row in csv.DictReader(handle)]
    return lambda: shared().normalize_columns(titles)


def prepare_pandas(path: str) -> Run:
    import pandas

    from titlenorm.adapters.frames import normalize_frame

    frame = pandas.read_csv(path, dtype=str)
    return lambda: normalize_frame(frame, "job_title")


def prepare_polars(path: str) -> Run:
    import polars

    from titlenorm.adapters.frames import normalize_frame

    frame = polars.read_csv(path, infer_schema=False)
    return lambda: normalize_frame(frame, "job_title")


def prepare_polars_streaming(path: str) -> Run:
    import polars

    import titlenorm.adapters.polars  # noqa: F401  it registers .titlenorm

    frame = polars.read_csv(path, infer_schema=False).lazy()
    return lambda: frame.with_columns(polars.col("job_title").titlenorm.normalize()).unnest("titlenorm").collect(engine="streaming")


def prepare_duckdb(path: str) -> Run:
    import duckdb

    from titlenorm.adapters.duckdb import register

    con = duckdb.connect()
    register(con)
    con.execute("CREATE TABLE people AS FROM read_csv(?, all_varchar = true)", [path]).fetchall()
    return lambda: con.execute("CREATE TABLE answers AS SELECT *, unnest(titlenorm(job_title)) FROM people").fetchall()


def prepare_spark(path: str) -> Run:
    from pyspark.sql import SparkSession

    from titlenorm.adapters.spark import normalize_frame

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.memory", "4g")
    spark = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", "OFF").getOrCreate()
    frame = spark.read.csv(path, header=True, multiLine=True, escape='"').repartition(2).cache()
    frame.count()
    return lambda: normalize_frame(frame, "job_title").write.format("noop").mode("overwrite").save()


def command_line(path: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "titlenorm", "normalize", path, "--column", "job_title", "-o", os.path.join(folder, "out.csv"), "--quiet"]
        started = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - started


ENGINES = {
    "normalize_columns": prepare_lists,
    "pandas": prepare_pandas,
    "Polars": prepare_polars,
    "Polars, streaming": prepare_polars_streaming,
    "DuckDB": prepare_duckdb,
    "Spark, local[2]": prepare_spark,
}


def timed(engine: str, path: str) -> float:
    """Seconds of one engine, in this process."""
    run = ENGINES[engine](path)
    if engine != "Spark, local[2]":
        from titlenorm.normalizer import shared

        shared().candidates("warm up the index with words unknown")
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("titles", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", choices=ENGINES, action="append", help="this engine; may be repeated")
    parser.add_argument("--here", choices=ENGINES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        print(timed(args.here, str(args.titles)))
        return

    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder, "export.csv")
        write_export(export, *read_titles(args.titles), args.rows)
        for engine in args.only or ENGINES:
            whole = command_line(str(export))
            command = [sys.executable, __file__, "--here", engine, str(export)]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
            seconds = float(done.stdout.split()[-1])
            print(
                f"{engine:<18} {seconds:6.1f} s {args.rows / seconds:9,.0f} rows/s; command line {whole:5.1f} s {args.rows / whole:9,.0f} rows/s; "
                f"ratio {whole / seconds:4.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
