"""Katakana as an expression of Polars. Needs the ``polars`` extra.

``names of a column → Arrow → Katakana, each new word once → a column of Polars``. Importing this module gives every
expression the namespace ``hayakana``::

    import polars as pl
    import hayakana.integrations.polars

    pl.col("name").hayakana.katakana()
"""

import functools
import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hayakana.engine.options import Options
from hayakana.errors import TableError, brief, import_failure
from hayakana.names.choices import Digits, Disambiguators, Kind, Numerals, Order
from hayakana.names.lexicon import Lexicon
from hayakana.sessions.opening import Device

try:
    import polars as pl
    import pyarrow as pa

    from hayakana.batch import KATAKANA, PROBABILITY, STATUS
    from hayakana.batch.arrow.arrays import ArrayTransliterator
except ImportError as error:
    raise import_failure(
        error, "transliterating in an expression of Polars", extra="polars", packages=("polars", "pyarrow")
    ) from error

__all__ = ["Names"]

_ROWS_AT_ONCE = 1 << 20
"""Most rows of one Arrow array: the strings of an array have 2 GiB at most, and a column of Polars may have more."""

_MOST_KEPT = 8
"""Models that are kept open for later expressions with the same options, at most."""


@pl.api.register_expr_namespace("hayakana")
class Names:
    """The namespace ``hayakana`` of an expression, whose values are names; ``Names(expr)`` where types are checked.

    Values may be ``String``, ``Categorical``, ``Enum`` or ``Null``. Any other type is a ``TableError`` when the query
    runs. Nothing is opened before that. Expressions with the same options share one model and the words that it
    remembers; eight models at most are kept for later expressions. Polars may call from many threads at once.

    Args:
        names: the expression.
    """

    def __init__(self, names: pl.Expr) -> None:
        self._names = names

    def katakana(
        self,
        model: str | Path = Options.model,
        *,
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
    ) -> pl.Expr:
        """Return the Katakana of the names, ``String``: null where a name is null or has none.

        The arguments, and the answers, are as of ``ArrowTransliterator``.

        Raises:
            ModelNotFoundError: there is no such model.
            LexiconError: the lexicon's file is not as it should be.
            TypeError: an option is of another type.
            ValueError: an option has no such value, or options do not go together.
        """
        options = Options.of(
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
        return self._mapped(options, fields=())

    def details(
        self,
        model: str | Path = Options.model,
        *,
        probabilities: bool = False,
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
    ) -> pl.Expr:
        """Return a ``Struct`` a name: ``katakana`` and ``status``, both ``String``; a null name is ``missing``.

        With ``probabilities`` it has the field ``probability`` too, ``Float64`` with four decimals, null where there is
        no Katakana. That takes longer, since every distinct name is then asked for whole. The other arguments are as in
        ``katakana``, and so is what is raised.
        """
        options = Options.of(
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
        return self._mapped(options, fields=(KATAKANA, STATUS, *([PROBABILITY] if probabilities else [])))

    def _mapped(self, options: Options, *, fields: tuple[str, ...]) -> pl.Expr:
        mapping = _Mapping(options.keywords(), fields)
        return self._names.map_batches(mapping, return_dtype=mapping.dtype, is_elementwise=True)


class _Mapping:
    """What Polars calls with a column, or a piece of it: Katakana alone, or a struct of ``fields``.

    Pickled, as Polars does with expressions that travel, it is options; where it is unpickled, it opens its own model.
    """

    def __init__(self, keywords: Mapping[str, Any], fields: tuple[str, ...]) -> None:
        self._keywords, self._fields = keywords, fields
        self._arrays = _arrays_of(pickle.dumps(keywords))

    @property
    def dtype(self) -> pl.DataType:
        """The type of what comes out."""
        if not self._fields:
            return pl.String()
        return pl.Struct({field: pl.Float64() if field == PROBABILITY else pl.String() for field in self._fields})

    def __call__(self, names: pl.Series) -> pl.Series:
        if names.dtype not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
            kind = brief(names.dtype)
            raise TableError(f"names are {kind}, not String, Categorical or Enum: give a column of text, or cast first")
        column = names.to_arrow()
        starts = range(0, len(column), _ROWS_AT_ONCE)
        pieces = pa.chunked_array([column.slice(start, _ROWS_AT_ONCE) for start in starts], column.type)
        answers = self._arrays.answers(pieces, probabilities=PROBABILITY in self._fields)
        columns = [pl.Series(names.name, array) for array in answers.arrays]
        if not self._fields:
            return columns[0]
        return pl.DataFrame(dict(zip(self._fields, columns, strict=True))).to_struct(names.name)

    def __reduce__(self) -> tuple[object, ...]:
        return (_Mapping, (self._keywords, self._fields))


@functools.lru_cache(maxsize=_MOST_KEPT)
def _arrays_of(keywords: bytes) -> ArrayTransliterator:
    """Return what answers with the options of these pickled ``keywords``; an expression that has it keeps it."""
    options = Options(**pickle.loads(keywords))  # noqa: S301 - what _Mapping pickled
    return ArrayTransliterator(options, owner="expression")
