"""Katakana for a Spark DataFrame. Needs the ``spark`` extra.

``rows of Spark → names alone → Python workers, each with one model → Katakana and status → beside the same rows``
"""

import functools
import pickle
from collections.abc import Callable, Iterator

from hayakana.errors import TableError, brief, import_failure, listed, shorten

try:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.functions import arrow_udf, col  # type: ignore[attr-defined] # the first has no types
    from pyspark.sql.types import StringType

    from hayakana.batch import ArrowTransliterator
    from hayakana.batch.formats.column_names import shown
except ImportError as error:
    raise import_failure(
        error, "transliterating a Spark DataFrame", extra="spark", packages=("pyarrow", "pyspark")
    ) from error

__all__ = ["transliterate_frame"]

_RESULT = "__hayakana_result"
_RESULT_TYPE = "struct<katakana: string, status: string>"


def transliterate_frame(frame: DataFrame, transliterator: ArrowTransliterator) -> DataFrame:
    """Return ``frame`` with Katakana and status of the names in one of its columns, in two columns more.

    Nothing runs until Spark runs the plan. Each Python worker then opens the model once and keeps it for all tasks that
    it is given. Only the names go to it; all other columns stay in Spark, as they are. pandas is not needed.

    Args:
        frame: any DataFrame with a column of strings.
        transliterator: model and options, for the executors to open; a model folder has to be there on each of them,
            and hayakana installed. This one is not opened.

    Raises:
        TableError: the column of names is missing, is there twice, or does not hold strings; or an added column has the
            name of a column that already exists.
    """
    names, *added = transliterator.columns
    if transliterator.language_column is not None:
        raise TableError(
            "Spark sends names alone: leave language_column out, and give language for the names of each language"
        )
    if not isinstance(names, str):
        raise TableError(f"Spark takes one column of names, not {len(names)}: join them with concat_ws first")
    _check_columns(frame, names, added)
    # Spark would evaluate a deterministic function again for a filter on its result.
    transliterate = arrow_udf(_transliterating(pickle.dumps(transliterator)), _RESULT_TYPE).asNondeterministic()
    transliterated = frame.select("*", transliterate(_column(names)).alias(_RESULT))
    fields = [col(_RESULT)[field].alias(name) for field, name in zip(("katakana", "status"), added, strict=True)]
    return transliterated.select("*", *fields).drop(_RESULT)


def _check_columns(frame: DataFrame, names: str, added: list[str]) -> None:
    if names not in frame.columns:
        raise TableError(f"no column {shorten(names)}: give column one of {shown(frame.columns)}")
    if frame.columns.count(names) > 1:
        raise TableError(f"two columns are named {shorten(names)}: rename one")
    holds = frame.schema[names].dataType
    if not isinstance(holds, StringType):
        kind = brief(holds.simpleString())
        raise TableError(f"column {shorten(names)} holds {kind}, not strings: give column one that does")
    # Without regard to case, as Spark finds columns.
    there = {column.lower() for column in frame.columns}
    if taken := [name for name in added if name.lower() in there]:
        remedy = "give output_column and status_column other names"
        raise TableError(f"the input has a column {listed(taken, between=' and ')} already: {remedy}")


def _column(name: str) -> Column:
    """Return the column of that very name: unquoted, a dot in it would lead into a struct."""
    return col(f"`{name.replace('`', '``')}`")


def _transliterating(pickled: bytes) -> Callable[[Iterator[pa.Array]], Iterator[pa.Array]]:
    """Return the function that Python workers run, for Spark to send them."""

    def katakana_and_status(batches: Iterator[pa.Array]) -> Iterator[pa.Array]:
        transliterator = _opened(pickled)
        for names in batches:
            _, texts, statuses = transliterator(pa.record_batch([names], names=[transliterator.columns[0]])).columns
            yield pa.StructArray.from_arrays([texts, statuses], names=["katakana", "status"])

    return katakana_and_status


@functools.lru_cache(maxsize=4)
def _opened(pickled: bytes) -> ArrowTransliterator:
    """Return the transliterator of this process, which Spark gives one task after another."""
    transliterator: ArrowTransliterator = pickle.loads(pickled)  # noqa: S301 - what transliterate_frame pickled
    return transliterator
