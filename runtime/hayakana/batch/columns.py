"""Katakana for a column of names: record batch in, record batch out."""

import pyarrow as pa

from hayakana.batch.answers import Answerer
from hayakana.errors import TableError
from hayakana.transliterator import Transliterator

KATAKANA, STATUS = "katakana", "status"
"""The columns that are added; ``katakana`` is null unless ``status`` is ok, kept or lexicon."""


def add_katakana(batch: pa.RecordBatch, transliterator: Transliterator, *, names: pa.Array) -> pa.RecordBatch:
    """Return ``batch`` with Katakana and status of ``names``, one a row, in two string columns at its end.

    For batches that come one after the other, ``ArrowTransliterator`` remembers what it has seen.

    Raises:
        TableError: ``batch`` has such a column already, or two columns of one name.
    """
    return with_katakana(batch, Answerer(transliterator), names=names)


def with_katakana(batch: pa.RecordBatch, answerer: Answerer, *, names: pa.Array) -> pa.RecordBatch:
    """As ``add_katakana``, with an ``Answerer`` that remembers."""
    check_names(batch.schema, KATAKANA, STATUS)
    answers = answerer.answers(names)
    return batch.append_column(KATAKANA, answers.texts).append_column(STATUS, answers.statuses)


def check_names(schema: pa.Schema, *added: str, remedy: str = "rename it, since hayakana adds its own") -> None:
    """Check that columns ``added`` can be.

    Raises:
        TableError: ``schema`` has one of them already, or two columns of one name.
    """
    if repeated := [name for name in schema.names if schema.names.count(name) > 1]:
        raise TableError(f"two columns are named {repeated[0]!r}: rename one")
    if taken := [name for name in added if name in schema.names]:
        raise TableError(f"the input has a column {' and '.join(taken)} already: {remedy}")
