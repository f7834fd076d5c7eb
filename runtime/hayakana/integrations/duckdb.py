"""Katakana as functions of DuckDB's SQL. Needs the ``duckdb`` extra.

``a chunk of a column → Arrow → Katakana, each new word once → a column of DuckDB``
"""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from hayakana.engine.options import Options
from hayakana.errors import import_failure, listed, shorten
from hayakana.names.choices import Digits, Disambiguators, Kind, Numerals, Order
from hayakana.names.lexicon import Lexicon
from hayakana.sessions.opening import Device

try:
    import duckdb
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from hayakana.batch import KATAKANA, PROBABILITY, STATUS
    from hayakana.batch.arrow.arrays import ArrayTransliterator
except ImportError as error:
    raise import_failure(error, "transliterating in DuckDB", extra="duckdb", packages=("duckdb", "pyarrow")) from error

__all__ = ["Functions", "register"]

_TYPES = {KATAKANA: "VARCHAR", STATUS: "VARCHAR", PROBABILITY: "DOUBLE"}


class Functions:
    """Two functions of a ``VARCHAR`` that ``register`` has added to a connection; ``with`` removes them at its end.

    ``katakana(name)`` is the Katakana, null where a name is null or has none. ``katakana_details(name)`` is a struct of
    ``katakana`` and ``status``, which is ``missing`` for a null. With ``probabilities`` it has ``probability`` too, a
    ``DOUBLE`` with four decimals, null where there is no Katakana. That takes longer, since every distinct name is then
    asked for whole.

    Both share one model, which the first query opens in this process, and the words that it remembers. Registered again
    with another name for ``function``, there are several models, or options, side by side.
    """

    def __init__(self, connection: DuckDBPyConnection, names: Sequence[str], arrays: ArrayTransliterator) -> None:
        self._connection, self._names, self._arrays = connection, list(names), arrays

    @property
    def names(self) -> tuple[str, ...]:
        """What the functions are called in SQL."""
        return tuple(self._names)

    def unregister(self) -> None:
        """Remove the functions from the connection, free the sessions and end the workers. Twice is fine."""
        while self._names:
            # Somebody has removed it, or closed the connection, with which functions go.
            with contextlib.suppress(duckdb.InvalidInputException, duckdb.ConnectionException):
                self._connection.remove_function(self._names.pop())
        self._arrays.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unregister()

    def __repr__(self) -> str:
        return f"<Functions {listed(self._names)}>"


def register(
    connection: DuckDBPyConnection,
    model: str | Path = Options.model,
    *,
    function: str = "katakana",
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
) -> Functions:
    """Add ``Functions`` to ``connection``, and so to all cursors of its database.

    ``function`` is what the first is called; the second has ``_details`` after it. ``probabilities`` gives the details
    a probability. All further arguments, and the answers, are as of ``ArrowTransliterator``.

    Raises:
        ModelNotFoundError: there is no such model.
        LexiconError: the lexicon's file is not as it should be.
        TypeError: ``connection`` is none, or an option is of another type.
        ValueError: DuckDB has a function of that name, an option has no such value, or options do not go together.
    """
    if not isinstance(connection, DuckDBPyConnection):
        raise TypeError(f"connection must be what duckdb.connect() returns, not {type(connection).__name__}")
    if not function or not isinstance(function, str):
        raise ValueError("function must be a name for SQL, such as katakana")
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
    return _registered(connection, options, function=function, probabilities=bool(probabilities))


def _registered(connection: DuckDBPyConnection, options: Options, *, function: str, probabilities: bool) -> Functions:
    """Return both functions. DuckDB has both, or neither where this raises."""
    arrays = ArrayTransliterator(options, owner="function of DuckDB")
    fields = [KATAKANA, STATUS, *([PROBABILITY] if probabilities else [])]
    added: list[str] = []
    for name, of_name in ((function, []), (f"{function}_details", fields)):
        try:
            _create(connection, name, arrays, of_name)
        except (duckdb.Error, ValueError):
            Functions(connection, added, arrays).unregister()
            raise
        added.append(name)
    return Functions(connection, added, arrays)


def _create(connection: DuckDBPyConnection, name: str, arrays: ArrayTransliterator, fields: Sequence[str]) -> None:
    """Add the function ``name``, which gives Katakana alone, or a struct of ``fields``."""
    text = connection.type(_TYPES[KATAKANA])
    returns = connection.struct_type({field: _TYPES[field] for field in fields}) if fields else text

    def of_names(names: pa.ChunkedArray) -> pa.Array:
        answers = arrays.answers(names.combine_chunks(), probabilities=PROBABILITY in fields)
        return pa.StructArray.from_arrays(answers.arrays, names=fields) if fields else answers.texts

    try:
        # With the null handling that is the default, DuckDB would not ask for a null, nor take one.
        connection.create_function(  # type: ignore[call-overload] # whose types leave out the words that it takes
            name, of_names, [text], returns, type="arrow", null_handling="special"
        )
    except (duckdb.CatalogException, duckdb.NotImplementedException) as error:
        raise ValueError(
            f"DuckDB has a function {shorten(name)} already: unregister it, or give another name as function"
        ) from error
