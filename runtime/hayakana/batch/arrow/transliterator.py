"""``ArrowTransliterator``: Katakana for Arrow's tables and record batches, wherever engines send them."""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self, TypeVar

import pyarrow as pa

from hayakana.batch.arrow.added_columns import KATAKANA, STATUS
from hayakana.batch.arrow.arrays import ArrayTransliterator
from hayakana.batch.arrow.columns import joined_names
from hayakana.batch.formats.cells import is_text
from hayakana.batch.formats.column_names import ColumnNames, check_names
from hayakana.engine.options import Options
from hayakana.errors import TableError, brief, shorten
from hayakana.names.choices import Digits, Disambiguators, Kind, Numerals, Order
from hayakana.names.lexicon import Lexicon
from hayakana.sessions.opening import Device

TableOrBatch = TypeVar("TableOrBatch", pa.RecordBatch, pa.Table)


class ArrowTransliterator:
    """A callable from a table or record batch to the same with Katakana and status of the names in one of its columns.

    It says what ``Transliterator.transliterate_detailed`` says. Names may be string, large string, string view or a
    dictionary of them; a null has the status ``missing`` and no Katakana. Rows stay in order.

    Can be pickled: model and options travel, with what is in the lexicon, and the process that first calls it opens
    sessions of its own, which it keeps. Works from many threads at once. ``close()``, or leaving a ``with`` block,
    frees the sessions and ends the workers.

    Args:
        model: a bundled model by name, or the path of a model folder, which has to be there in every process.
        column: the column of the names, or several, whose values are joined by spaces in this order; null and blank
            values are left out, and the name of a row of nulls is missing. Case and outer spaces do not matter where it
            is clear without them which column is meant.
        output_column: the column that is added for Katakana.
        status_column: the column that is added for the status.
        device: as in ``Transliterator``, and so are the arguments below.
        separator: what stands between parts that a space separates.
        hyphen: what stands between parts that a hyphen joins.
        lexicon: Katakana that wins over the model, or the file that has it.
        workers: how many processes share the work on distinct words and names; engines that run many of these want 1.
        batch_size: most units that are decoded at once; None is what suits the model.
        cache_size: most units whose Katakana is remembered, and most words, in each process.
        least_probability: a text whose probability is below it has the status ``unsure``.
        known_names: whether names that the model's table knows are looked up before the model is asked.
        kind: what a name is where it is known as several: ``"person"``, ``"place"`` or ``"word"``.
        numerals: how Roman numerals of rulers and generations are written, ``"words"`` or ``"figures"``.
        digits: whether digits are unreadable, ``"refuse"``, kept, ``"keep"``, or read in English, ``"read"``.
        disambiguators: whether what stands in brackets at the end of a name is ``"read"``, or left out, ``"drop"``.
        order: ``"as_written"``, or ``"given_first"``, which turns names such as ``Miller, Walter`` round: ``turned``.
        style: how what hayakana writes is spelled.
        language: a code of the language that names are of, or of their country; a hint.
        language_column: the column of such codes, for each name its own; where that is null or blank, ``language``
            stands. A text that is no code is no hint.

    Raises:
        ModelNotFoundError: there is no such model.
        LexiconError: the lexicon's file is not as it should be.
        TypeError: an option is of another type.
        ValueError: ``output_column`` and ``status_column`` are the same, ``column`` is empty, or a number is out of its
            range.
    """

    def __init__(
        self,
        model: str | Path = Options.model,
        *,
        column: str | Sequence[str] = "name",
        language_column: str | None = None,
        output_column: str = KATAKANA,
        status_column: str = STATUS,
        device: Device = Options.device,
        separator: str = Options.separator,
        hyphen: str = Options.hyphen,
        lexicon: Lexicon | str | Path | None = None,
        workers: int = Options.workers,
        batch_size: int | None = Options.batch_size,
        cache_size: int = Options.cache_size,
        least_probability: float = Options.least_probability,
        known_names: bool = Options.known_names,
        kind: Kind = Options.kind,
        numerals: Numerals = Options.numerals,
        digits: Digits = Options.digits,
        disambiguators: Disambiguators = Options.disambiguators,
        order: Order = Options.order,
        style: str | Iterable[str] = Options.style,
        language: str = Options.language,
    ) -> None:
        if output_column == status_column:
            raise ValueError(f"output_column and status_column are both {output_column!r}: name them apart")
        if not column and not isinstance(column, str):
            raise ValueError("column is empty: give the column of the names")
        self._options = Options.of(
            model,
            device=device,
            separator=separator,
            hyphen=hyphen,
            lexicon=lexicon,
            workers=workers,
            batch_size=batch_size,
            cache_size=cache_size,
            least_probability=least_probability,
            known_names=known_names,
            kind=kind,
            numerals=numerals,
            digits=digits,
            disambiguators=disambiguators,
            order=order,
            style=style,
            language=language,
        )
        self._column = column if isinstance(column, str) else tuple(column)
        self._output_column, self._status_column = output_column, status_column
        self._language_column = language_column
        self._arrays = ArrayTransliterator(self._options, owner="ArrowTransliterator")

    def __call__(self, rows: TableOrBatch) -> TableOrBatch:
        """Return ``rows``, a table or record batch, with two string columns more.

        Raises:
            TableError: a column of names or languages is missing, is there twice, or does not hold text; or an added
                column has the name of a column that already exists.
            TypeError: ``rows`` is neither a table nor a record batch.
            Exception: what ``Transliterator`` raises, at the first call in each process.
        """
        names = self._names(rows)
        codes = None if self._language_column is None else self._texts(rows, self._language_column, "language_column")
        answers = self._arrays.answers(names, codes=codes)
        return rows.append_column(self._output_column, answers.texts).append_column(
            self._status_column, answers.statuses
        )

    def close(self) -> None:
        """Free the sessions and end the workers; every later use raises ``ClosedError``. Closing twice is fine."""
        self._arrays.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        remade = functools.partial(
            ArrowTransliterator,
            column=self._column,
            language_column=self._language_column,
            output_column=self._output_column,
            status_column=self._status_column,
            **self._options.keywords(),
        )
        return (remade, ())

    def __repr__(self) -> str:
        return f"<ArrowTransliterator model={self._options.model!r} column={self._column!r}>"

    @property
    def columns(self) -> tuple[str | tuple[str, ...], str, str]:
        """The column of the names, or several as a tuple, and the columns that are added for Katakana and status."""
        return self._column, self._output_column, self._status_column

    @property
    def language_column(self) -> str | None:
        """The column of codes of languages."""
        return self._language_column

    def _names(self, rows: pa.RecordBatch | pa.Table) -> pa.Array | pa.ChunkedArray:
        if not isinstance(rows, pa.RecordBatch | pa.Table):
            raise TypeError(f"rows must be a pyarrow Table or RecordBatch, not {type(rows).__name__}")
        wanted = [self._column] if isinstance(self._column, str) else self._column
        check_names(
            rows.schema.names,
            self._output_column,
            self._status_column,
            remedy="give output_column and status_column other names",
        )
        arrays = [self._texts(rows, name, "column") for name in wanted]
        return arrays[0] if len(arrays) == 1 else joined_names([array.cast(pa.string()) for array in arrays])

    @staticmethod
    def _texts(rows: pa.RecordBatch | pa.Table, name: str, option: str) -> pa.Array | pa.ChunkedArray:
        """Return the column that ``name`` names, which ``option`` has chosen."""
        found = ColumnNames(rows.schema.names, numbered=False).found(name, remedy=f": give {option} one of {{}}")
        array = rows.column(found)
        if not is_text(array.type):
            raise TableError(
                f"column {shorten(found)} holds {brief(array.type)}, not text: give {option} one that does"
            )
        return array
