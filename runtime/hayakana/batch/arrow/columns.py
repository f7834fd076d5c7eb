"""Which columns of a table hold the names, and which are written: chosen by name or number, the same for all inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.arrow.added_columns import CANDIDATES, KATAKANA, PROBABILITY, STATUS, OnProblem
from hayakana.batch.formats.cells import check_text, joined_texts, names_of, plain_text
from hayakana.batch.formats.column_names import CHOOSE_COLUMN, CHOOSE_LANGUAGE, CHOOSE_SELECT, ColumnNames, check_names
from hayakana.batch.formats.headers import reads_as_a_name
from hayakana.engine.column import NO_DETAILS, Details
from hayakana.errors import TableError, listed, shorten

DEFAULT_COLUMN = "name"
"""The column of the names, where there are several and none is said."""


@dataclass(frozen=True)
class Columns:
    r"""The columns of a job.

    A column is found by its name, or, where that is unambiguous, regardless of case and outer spaces; or by its number
    from 1 where the file itself says which columns there are, which JSON lines do not.

    Args:
        names: the column of the names, or several, whose values are joined by spaces in this order; null and blank ones
            are left out, and the name of a row of nulls is missing. None is ``name``, or the only column there is.
        select: the columns that are written beside those that are added, in this order; None is all.
        katakana: the column that is added for Katakana.
        status: the column that is added for the status.
        details: whether a column ``probability`` is added, float64 of four decimals, and how many candidates the lists
            in a column ``candidates`` have at most: ``list<struct<katakana: string, probability: double>>``.
        on_problem: what stands for Katakana where there is none: ``"null"``, the name as it came (``"keep"``), the
            empty string (``"empty"``); ``"fail"`` raises for the first such row. A null stays null.
        language: the column of codes of the language or country that each name is from, hints as in ``Transliterator``;
            where it is null or blank, the option of the transliterator stands.
        missing: texts that stand for a name that is missing, as ``\N`` does in some exports.

    Raises:
        ValueError: ``names`` is empty or names a column twice, or two of the columns that are added have one name.
    """

    names: str | tuple[str, ...] | None = None
    select: tuple[str, ...] | None = None
    katakana: str = KATAKANA
    status: str = STATUS
    details: Details = NO_DETAILS
    on_problem: OnProblem = "null"
    missing: tuple[str, ...] = ()
    language: str | None = None

    def __post_init__(self) -> None:
        named = self.named
        if named is not None and (not named or len({*named}) < len(named)):
            raise ValueError(
                f"the columns of the names are {listed(named, shown=shorten)}: give at least one, and each once"
            )
        if repeated := [name for name in self.added if self.added.count(name) > 1]:
            raise ValueError(f"two of the columns that are added are named {shorten(repeated[0])}: name them apart")

    @property
    def added(self) -> tuple[str, ...]:
        """The names of the columns that are added, in their order."""
        probability = (PROBABILITY,) if self.details.probabilities else ()
        candidates = (CANDIDATES,) if self.details.candidates else ()
        return (self.katakana, self.status, *probability, *candidates)

    @property
    def named(self) -> tuple[str, ...] | None:
        """The columns of the names."""
        return (self.names,) if isinstance(self.names, str) else self.names

    def read(self) -> tuple[str, ...] | None:
        """Return which columns have to be read; None is all."""
        if self.select is None or self.named is None:
            return None
        return tuple(dict.fromkeys((*self.select, *self.named, *([] if self.language is None else [self.language]))))

    def chosen(self, there: Sequence[str], *, numbered: bool = False, exact: bool = False) -> "Columns":
        """Return these as a table of the columns ``there`` names them; with ``numbered``, ``"2"`` can be the second.

        ``exact`` is for columns that were chosen before: what is alike in another window is another column.

        Raises:
            TableError: the table has no such column, or one of the name of one that is added, or two of one name.
        """
        columns = ColumnNames(there, numbered=numbered, exact=exact)
        wanted = self.named or ((there[0] if len(there) == 1 else DEFAULT_COLUMN),)
        remedy = CHOOSE_COLUMN
        if self.named is None and any(map(reads_as_a_name, there)):
            remedy += ", or give --no-header if the first line is a row"
        names = tuple(columns.found(name, remedy=remedy) for name in wanted)
        if len({*names}) < len(names):
            raise TableError(
                f"{listed(wanted, shown=shorten, between=' and ')} are one column: give --column once for each"
            )
        select = self.select
        if select is not None:
            select = tuple(columns.found(name, remedy=CHOOSE_SELECT) for name in select)
        remedy = "give --output-column or --status-column, or leave it out by --select"
        check_names(there if select is None else select, *self.added, remedy=remedy)
        language = None if self.language is None else columns.found(self.language, remedy=CHOOSE_LANGUAGE)
        return replace(self, names=names, select=select, language=language)

    def settled(self, there: Sequence[str], *, in_order: bool) -> "Columns":
        """Return these as the first input, of the columns ``there``, has them for all.

        With ``in_order``, all that are written are named, so that they stand in the same order whatever input they are
        from; in JSON lines each object has keys of its own.
        """
        chosen = self.chosen(there, numbered=in_order)
        return replace(chosen, select=tuple(there)) if in_order and self.select is None else chosen

    def selected(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the columns of ``batch`` that are written beside those that are added."""
        return batch if self.select is None else batch.select(list(self.select))

    def names_in(self, batch: pa.RecordBatch) -> pa.StringArray:
        """Return the names of the rows of ``batch``, whose columns are those that were chosen; null is missing.

        Raises:
            TableError: a column of names does not hold text.
        """
        assert self.named is not None
        names_by_column = [names_of(batch.column(name), batch.schema.field(name)) for name in self.named]
        if self.missing:
            words = pa.array(self.missing, pa.string())
            names_by_column = [pc.if_else(pc.is_in(names, value_set=words), None, names) for names in names_by_column]
        return joined_names(names_by_column)

    def codes_in(self, batch: pa.RecordBatch) -> pa.StringArray | None:
        """Return the codes of languages of the rows of ``batch``; None where no column has any.

        Raises:
            TableError: the column does not hold text.
        """
        if self.language is None:
            return None
        column, field = batch.column(self.language), batch.schema.field(self.language)
        check_text(field, option="--language-column")
        return plain_text(column, field).cast(pa.string())


def joined_names(names_by_column: Sequence[pa.StringArray]) -> pa.StringArray:
    """Return the names that ``names_by_column`` are, row by row: those that are not blank, with spaces between them.

    Joined as names and not as Katakana, a numeral after the family name, or a name in the lexicon, is seen as such.
    """
    if len(names_by_column) == 1:
        return names_by_column[0]
    said = [pc.if_else(pc.equal(pc.utf8_trim_whitespace(names), ""), None, names) for names in names_by_column]
    joined = joined_texts(said, " ")
    are_missing = reduce(pc.and_, [names.is_null() for names in names_by_column])
    return pc.if_else(are_missing, pa.scalar(None, pa.string()), joined)
