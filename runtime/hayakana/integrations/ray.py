"""Katakana for a Ray Dataset. Needs the ``ray`` extra.

``read → blocks → actors, each with a model of its own → write``: a block goes to whichever actor is free.
"""

from hayakana.errors import import_failure

try:
    import pyarrow as pa
    from ray.data import ActorPoolStrategy, Dataset

    from hayakana.batch import ArrowTransliterator
except ImportError as error:
    raise import_failure(error, "transliterating a Ray Dataset", extra="ray", packages=("pyarrow", "ray")) from error

__all__ = ["transliterate_dataset"]


def transliterate_dataset(
    dataset: Dataset, transliterator: ArrowTransliterator, *, actors: int = 2, cpus_per_actor: float = 0.5
) -> Dataset:
    """Return ``dataset`` with Katakana and status of its names in two string columns more.

    Nothing runs until the result is consumed or written. Then a fixed pool of actors transliterates block by block.
    Each has sessions of its own, from the model files of the hayakana that is installed where it runs. A block whose
    actor dies is done again, so that every row comes out once. Rows stay in order inside a block; Ray keeps the blocks
    in order if ``DataContext.execution_options.preserve_order`` says so.

    Args:
        dataset: rows with a column of names; actors get its blocks whole, as Arrow tables.
        transliterator: model, columns and all other options. It is sent pickled and opens nothing here.
        actors: how many there are; one keeps one core busy.
        cpus_per_actor: the logical CPUs that Ray sets aside for each. All actors have to start before the first block
            comes, so tasks that read and write need at least one CPU beside them all: two actors of one CPU each on a
            cluster of two wait for a place that never comes. Hence the default is a half.

    Returns:
        A lazy dataset with as many rows. What is wrong with its rows or an option is raised when it runs, as Ray's
        ``UserCodeException`` with the text of our error in it: ``TableError`` where there is no such column of names.

    Raises:
        ValueError: ``actors`` is less than 1.
    """
    return dataset.map_batches(
        _Transliterate,
        fn_constructor_args=(transliterator,),
        # A block at a time: the transliterator has its own windows, and cutting blocks here would only cost.
        batch_size=None,
        batch_format="pyarrow",
        compute=ActorPoolStrategy(size=actors),
        num_cpus=cpus_per_actor,
        udf_modifying_row_count=False,  # so that a limit on the rows reaches the reader
    )


class _Transliterate:
    """What an actor runs; Ray starts a pool for a class, where it would start a task a block for an object."""

    def __init__(self, transliterator: ArrowTransliterator) -> None:
        self._transliterator = transliterator

    def __call__(self, block: pa.Table) -> pa.Table:
        return self._transliterator(block)
