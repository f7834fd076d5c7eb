"""A Ray job: a folder of Parquet files in, the same rows with Katakana and status out.

python examples/ray_job.py names/ katakana/

On this machine, or on the cluster that the environment variable RAY_ADDRESS names; the folders have to be there for all
of its nodes.
"""

import sys

import ray

from hayakana.batch import ArrowTransliterator
from hayakana.integrations.ray import transliterate_dataset


def main(source: str, target: str) -> None:
    # Actors share out blocks, and Ray makes one of a whole small file.
    names = ray.data.read_parquet(source).repartition(target_num_rows_per_block=100_000)
    transliterate_dataset(names, ArrowTransliterator(column="name")).write_parquet(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
