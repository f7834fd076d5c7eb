"""Katakana for a column of names: record batch in, record batch out."""

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.errors import TableError
from hayakana.transliterator import Transliterator

KATAKANA, STATUS = "katakana", "status"
"""The columns that are added; ``katakana`` is null unless ``status`` is ok, kept or lexicon."""

MISSING = "missing"
"""Status of a row whose name is null."""


def add_katakana(batch: pa.RecordBatch, transliterator: Transliterator, *, names: pa.Array) -> pa.RecordBatch:
    """Return ``batch`` with Katakana and status of ``names``, one a row, in two string columns at its end.

    Raises:
        TableError: ``batch`` has such a column already, or two columns of one name.
    """
    _check_names(batch.schema)
    encoded = names.dictionary_encode()
    results = transliterator.transliterate_detailed(encoded.dictionary.to_pylist())
    texts = pa.array([result.text for result in results], pa.string())
    statuses = pa.array([str(result.status) for result in results], pa.string())
    return batch.append_column(KATAKANA, texts.take(encoded.indices)).append_column(
        STATUS, pc.fill_null(statuses.take(encoded.indices), MISSING)
    )


def _check_names(schema: pa.Schema) -> None:
    if repeated := [name for name in schema.names if schema.names.count(name) > 1]:
        raise TableError(f"two columns are named {repeated[0]!r}: rename one")
    if taken := [name for name in (KATAKANA, STATUS) if name in schema.names]:
        raise TableError(
            f"the input has a column {' and '.join(taken)} already: rename it, since hayakana adds its own"
        )
