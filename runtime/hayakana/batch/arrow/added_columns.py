"""Which columns are added to a table of names, and what is written into them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.arrow.answers import MISSING, Answerer, Answers
from hayakana.batch.formats.column_names import check_names
from hayakana.results import WITH_TEXT, Status
from hayakana.transliterator import Transliterator

KATAKANA = "katakana"
"""The column of the Katakana; null unless the status is ok, kept, lexicon, turned or unsure."""

STATUS = "status"
"""The column of the statuses."""

PROBABILITY = "probability"
"""The column of the probabilities that the Katakana is right, where they are asked for."""

CANDIDATES = "candidates"
"""The column of the candidates, where they are asked for."""

UNDECODABLE = "undecodable"
"""Status of a row with bytes that are no text in the encoding of its file."""

BROKEN = "broken"
"""Status of a row that has not the values of the columns, as a line that is no JSON object has not."""

STATUSES = frozenset({*(status.value for status in Status), MISSING, UNDECODABLE, BROKEN})
"""All that a row may have."""

OnProblem = Literal["null", "keep", "empty", "fail"]
"""What stands for Katakana where there is none; see ``Columns``."""

_WITH_TEXT = pa.array([status.value for status in WITH_TEXT])


class ProblemRowError(Exception):
    """A row has no Katakana: its place in the batch, its status and its name."""

    def __init__(self, place: int, status: str, name: str | None) -> None:
        super().__init__(place, status, name)
        self.place, self.status, self.name = place, status, name


def with_answers(
    batch: pa.RecordBatch, names: pa.Array, answers: Answers, *, added: Sequence[str], on_problem: OnProblem
) -> pa.RecordBatch:
    """Return ``batch`` with the columns of ``answers``, called ``added``; ``names`` are the names of its rows.

    Raises:
        ProblemRowError: a row has no Katakana and ``on_problem`` is ``"fail"``.
    """
    texts = answers.texts
    if on_problem == "fail":
        place = pc.index(pc.is_in(answers.statuses, value_set=_WITH_TEXT), pa.scalar(value=False)).as_py()
        if place >= 0:
            raise ProblemRowError(place, answers.statuses[place].as_py(), names[place].as_py())
    if on_problem == "keep":
        texts = pc.coalesce(texts, names)
    elif on_problem == "empty":
        texts = pc.if_else(names.is_null(), texts, pc.fill_null(texts, ""))
    for name, column in zip(added, replace(answers, texts=texts).arrays, strict=True):
        batch = batch.append_column(name, column)
    return batch


def add_katakana(batch: pa.RecordBatch, transliterator: Transliterator, *, names: pa.Array) -> pa.RecordBatch:
    """Return ``batch`` with Katakana and status of ``names``, one a row, in two string columns at its end.

    For batches that come in turn, ``ArrowTransliterator`` remembers what it has seen.

    Raises:
        TableError: ``batch`` has such a column already, or two columns of one name.
    """
    check_names(batch.schema.names, KATAKANA, STATUS)
    answers = Answerer(transliterator).answers(names)
    return batch.append_column(KATAKANA, answers.texts).append_column(STATUS, answers.statuses)
