"""A Spark job: a CSV file with a column of job titles in, a Parquet folder with the columns of titlenorm added out.

    spark-submit examples/spark_job.py people.csv people.parquet job_title

titlenorm must be installed on the machines of the workers.
"""

import sys

from pyspark.sql import SparkSession

from titlenorm.adapters.spark import normalize_frame


def main(spark: SparkSession, source: str, target: str, column: str) -> None:
    """Read, normalise, write."""
    people = spark.read.csv(source, header=True, multiLine=True, escape='"')
    normalize_frame(people, column).write.mode("overwrite").parquet(target)


if __name__ == "__main__":
    main(SparkSession.builder.appName("titlenorm").getOrCreate(), *sys.argv[1:])
