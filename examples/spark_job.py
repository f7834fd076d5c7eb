"""A Spark job: Katakana for the column ``name`` of Parquet files, written as Parquet files.

python examples/spark_job.py names.parquet katakana.parquet
"""

import os
import sys

from pyspark.sql import SparkSession

from hayakana.batch import ArrowTransliterator
from hayakana.integrations.spark import transliterate_frame

if __name__ == "__main__":
    source, target = sys.argv[1:]
    # Without it, the workers of a driver on this machine run whichever python3 is on the path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("hayakana").getOrCreate()
    frame = transliterate_frame(spark.read.parquet(source), ArrowTransliterator())
    frame.write.parquet(target)
    spark.stop()
