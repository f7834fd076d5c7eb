"""Which columns a table of names gets: record batch in, record batch out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.answers import Answerer, Answers
from hayakana.errors import TableError
from hayakana.results import NO_DETAILS, WITH_TEXT, Details
from hayakana.transliterator import Transliterator

KATAKANA, STATUS = "katakana", "status"
"""The columns that are added; ``katakana`` is null unless ``status`` is ok, kept or lexicon."""

PROBABILITY, CANDIDATES = "probability", "candidates"
"""Columns that are added where they are asked for."""

UNDECODABLE = "undecodable"
"""Status of a row with bytes that are no text in the encoding of its file."""

DEFAULT_COLUMN = "name"
"""The column of the names, where there are several and none is said."""

OnProblem = Literal["null", "keep", "empty", "fail"]

_WITH_TEXT = pa.array([status.value for status in WITH_TEXT])


@dataclass(frozen=True)
class Columns:
    """The columns of a job.

    Args:
        names: the column of the names; None is ``name``, or the only one there is.
        select: the columns that are written beside those that are added, in this order; None is all.
        katakana: the column that is added for Katakana.
        status: the column that is added for the status.
        details: whether a column ``probability`` is added, float64 of four decimals, and how many candidates the lists
            in a column ``candidates`` have at most: ``list<struct<katakana: string, probability: double>>``.
        on_problem: what stands for Katakana where there is none: ``"null"``, the name as it came (``"keep"``), the
            empty string (``"empty"``); ``"fail"`` raises for the first such row. A null stays null.
    """

    names: str | None = None
    select: tuple[str, ...] | None = None
    katakana: str = KATAKANA
    status: str = STATUS
    details: Details = NO_DETAILS
    on_problem: OnProblem = "null"

    def __post_init__(self) -> None:
        if repeated := [name for name in self.added if self.added.count(name) > 1]:
            raise ValueError(f"two of the columns that are added are named {repeated[0]!r}: name them apart")

    @property
    def added(self) -> tuple[str, ...]:
        """The names of the columns that are added, in their order."""
        probability = (PROBABILITY,) if self.details.probabilities else ()
        candidates = (CANDIDATES,) if self.details.candidates else ()
        return (self.katakana, self.status, *probability, *candidates)

    def read(self) -> tuple[str, ...] | None:
        """Return which columns have to be read; None is all."""
        if self.select is None or self.names is None:
            return None
        return tuple(dict.fromkeys((*self.select, self.names)))

    def chosen(self, there: list[str]) -> "Columns":
        """Return these with ``names`` said, for a table of the columns ``there``.

        Raises:
            TableError: the table has no such column, or one of the name of one that is added, or two of one name.
        """
        names = self.names
        if names is None:
            names = there[0] if len(there) == 1 else DEFAULT_COLUMN
        for wanted, option in ((names, "--column"), *((name, "--select") for name in self.select or ())):
            if wanted not in there:
                known = ", ".join(there) or "none"
                raise TableError(f"no column {wanted!r}; choose one of {known} with {option}", quoted=(known,))
        written = there if self.select is None else list(self.select)
        check_names(written, *self.added, remedy="give --output-column or --status-column, or leave it out by --select")
        return replace(self, names=names)

    def settled(self, there: Sequence[str], *, in_order: bool) -> "Columns":
        """Return these as the first input, of the columns ``there``, has them for all.

        With ``in_order``, all that are written are named, so that they stand in the same order whatever input they are
        from; in JSON lines each object has keys of its own.
        """
        chosen = self.chosen(list(there))
        return replace(chosen, select=tuple(there)) if in_order and self.select is None else chosen

    def with_answers(self, batch: pa.RecordBatch, names: pa.Array, answers: Answers) -> pa.RecordBatch:
        """Return ``batch`` with the columns of ``answers``; ``names`` are those of its rows.

        Raises:
            ProblemRowError: a row has no Katakana and ``on_problem`` is ``"fail"``.
        """
        texts = answers.texts
        if self.on_problem == "fail" and (problems := problem_places(answers.statuses)):
            raise ProblemRowError(problems[0], answers.statuses[problems[0]].as_py(), names[problems[0]].as_py())
        if self.on_problem == "keep":
            texts = pc.coalesce(texts, names)
        elif self.on_problem == "empty":
            texts = pc.if_else(names.is_null(), texts, pc.fill_null(texts, ""))
        batch = batch if self.select is None else batch.select(list(self.select))
        for name, column in zip(self.added, replace(answers, texts=texts).arrays, strict=True):
            batch = batch.append_column(name, column)
        return batch


class ProblemRowError(Exception):
    """A row has no Katakana: its place in the batch, its status and its name."""

    def __init__(self, place: int, status: str, name: str | None) -> None:
        super().__init__(place, status, name)
        self.place, self.status, self.name = place, status, name


def problem_places(statuses: pa.Array) -> list[int]:
    """Return the places of the rows without Katakana."""
    return list(pc.indices_nonzero(pc.invert(pc.is_in(statuses, value_set=_WITH_TEXT))).to_pylist())


def add_katakana(batch: pa.RecordBatch, transliterator: Transliterator, *, names: pa.Array) -> pa.RecordBatch:
    """Return ``batch`` with Katakana and status of ``names``, one a row, in two string columns at its end.

    For batches that come one after the other, ``ArrowTransliterator`` remembers what it has seen.

    Raises:
        TableError: ``batch`` has such a column already, or two columns of one name.
    """
    check_names(batch.schema.names, KATAKANA, STATUS)
    answers = Answerer(transliterator).answers(names)
    return batch.append_column(KATAKANA, answers.texts).append_column(STATUS, answers.statuses)


def check_names(there: Sequence[str], *added: str, remedy: str = "rename it, since hayakana adds its own") -> None:
    """Check that columns ``added`` can be, beside those that are ``there``.

    Raises:
        TableError: one of them is there already, or two columns of one name are.
    """
    if repeated := [name for name in there if there.count(name) > 1]:
        raise TableError(f"two columns are named {repeated[0]!r}: rename one", quoted=(repr(repeated[0]),))
    if taken := [name for name in added if name in there]:
        raise TableError(f"the input has a column {' and '.join(taken)} already: {remedy}")
