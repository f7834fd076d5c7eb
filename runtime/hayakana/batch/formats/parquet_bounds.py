"""How many rows of Parquet are read at once, so that a file that is small on disk does not fill the memory.

A value of 2 MB that a dictionary has once may stand in 20,000 rows: some hundred bytes, and 40 GB when they are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hayakana.errors import TableError, shorten

MOST_BYTES = 1 << 28
"""Of the values that are read at once, at most."""

_LARGEST_ROW = 1 << 30
"""Bytes that a row may take, at most."""

_MOST_NESTED = 1 << 36
"""Bytes that the values of a list column may have in a row group, as one row may have all of them."""

_DENSEST = 64
"""Values that a byte of a list column may stand for, where there are many."""

_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "INT64": 8, "INT96": 12, "FLOAT": 4, "DOUBLE": 8}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A column of values in the file: its column of the table, its place, and what it holds."""

    column: str
    place: int
    schema: pq.ColumnSchema


class RowsAtOnce:
    """Says how many rows of a row group can be read at once.

    Args:
        file: the file; little of it is read here.
        parquet: the same file, opened.
        columns: the names of the columns that are read.
        most_bytes: of the values that are read at once, at most.
        largest_row: bytes that a row may take, at most.
    """

    def __init__(
        self,
        file: IO[bytes],
        parquet: pq.ParquetFile,
        columns: Sequence[str],
        *,
        most_bytes: int = MOST_BYTES,
        largest_row: int = _LARGEST_ROW,
    ) -> None:
        self._most_bytes, self._largest_row = most_bytes, largest_row
        self._file, self._parquet, self._metadata = file, parquet, parquet.metadata
        self._columns = list(columns)
        self._leaves = list(_leaves(parquet, frozenset(columns)))
        self._probe: pq.ParquetFile | None = None

    def of_group(self, group: int, most: int) -> int:
        """Return how many rows of a row group, ``most`` at most, take no more than ``most_bytes``.

        Raises:
            TableError: a single one may take more.
            OSError: the row group cannot be read.
        """
        # Where size statistics are damaged, reading a row raises. Arrow's ``column`` below would end the process, since
        # its binding does not catch what C++ throws there (apache/arrow issue 45283 has the check).
        next(self._parquet.iter_batches(1, row_groups=[group], columns=self._columns), None)
        row_group = self._metadata.row_group(group)
        most = max(1, min(most, row_group.num_rows))
        chunks = [row_group.column(leaf.place) for leaf in self._leaves]
        for leaf, chunk in zip(self._leaves, chunks, strict=True):
            _check_nested(leaf.schema, chunk, self._most_bytes)
        widths = [_width(leaf.schema, chunk) for leaf, chunk in zip(self._leaves, chunks, strict=True)]
        largest = [width or chunk.total_uncompressed_size for width, chunk in zip(widths, chunks, strict=True)]
        if most * _row_bytes(largest, chunks, row_group.num_rows) > self._most_bytes and None in widths:
            repeating = {leaf.column for leaf, width in zip(self._leaves, widths, strict=True) if width is None}
            longest = self._longest(group, repeating)
            for index, (leaf, chunk) in enumerate(zip(self._leaves, chunks, strict=True)):
                if widths[index] is None and leaf.place in longest and "DELTA_BYTE_ARRAY" not in chunk.encodings:
                    # What follows a dictionary that became too large is in the file as it is.
                    length = longest[leaf.place] + chunk.total_uncompressed_size / max(1, chunk.num_values)
                    largest[index] = min(largest[index], length)
                if leaf.schema.max_repetition_level and largest[index] * chunk.num_values > _MOST_NESTED:
                    raise _too_large(leaf.schema, chunk)
        bytes_a_row = _row_bytes(largest, chunks, row_group.num_rows)
        if bytes_a_row > self._largest_row:
            raise TableError(
                f"row group {group + 1}: a row may take {bytes_a_row / (1 << 20):,.0f} MiB of memory:"
                " leave the column of large values out by --select"
            )
        return most if most * bytes_a_row <= self._most_bytes else max(1, int(self._most_bytes / bytes_a_row))

    def _longest(self, group: int, columns: set[str]) -> dict[int, int]:
        """Return the bytes of the longest value in each dictionary that leaves of ``columns`` have, by their place."""
        if self._probe is None:
            paths = [leaf.schema.path for leaf in self._leaves if leaf.schema.physical_type == "BYTE_ARRAY"]
            options = {"buffer_size": 1 << 20, "pre_buffer": False, "read_dictionary": paths}
            self._probe = pq.ParquetFile(self._file, metadata=self._metadata, **options)
        # Arrow reads a dictionary whole, however few rows are asked for.
        try:
            batch = next(self._probe.iter_batches(1, row_groups=[group], columns=sorted(columns)))
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            return {}  # Some encodings cannot be read as a dictionary; what is damaged is said when it is read.
        arrays = [leaf for column in batch.columns for leaf in _leaf_arrays(column)]
        places = [leaf.place for leaf in self._leaves if leaf.column in columns]
        if len(places) != len(arrays):
            return {}
        return {
            place: pc.max(pc.binary_length(array.dictionary)).as_py() or 0
            for place, array in zip(places, arrays, strict=True)
            if pa.types.is_dictionary(array.type)
        }


def _leaves(parquet: pq.ParquetFile, columns: frozenset[str]) -> Iterator[_Leaf]:
    for place in range(parquet.metadata.num_columns):
        leaf = parquet.schema.column(place)
        parts = leaf.path.split(".")  # A name may have dots, too.
        for end in range(1, len(parts) + 1):
            if (name := ".".join(parts[:end])) in columns:
                yield _Leaf(name, place, leaf)
                break


def _leaf_arrays(array: pa.Array) -> Iterator[pa.Array]:
    """Yield the arrays of values of a column, in the order that their leaves have in the file."""
    if pa.types.is_struct(array.type):
        for index in range(array.type.num_fields):
            yield from _leaf_arrays(array.field(index))
    elif pa.types.is_map(array.type):
        yield from _leaf_arrays(array.keys)
        yield from _leaf_arrays(array.items)
    elif pa.types.is_nested(array.type):
        yield from _leaf_arrays(array.values)
    else:
        yield array


def _row_bytes(widths: Sequence[float], chunks: Sequence[pq.ColumnChunkMetaData], rows: int) -> float:
    """Return what a row takes on average, where each value is as long as ``widths`` say."""
    total = sum(width * int(chunk.num_values) for width, chunk in zip(widths, chunks, strict=True))
    return total / max(1, rows)


def _width(leaf: pq.ColumnSchema, chunk: pq.ColumnChunkMetaData) -> float | None:
    """Return the bytes of a value: at most, or on average where all are in the file; None: that has to be seen."""
    if leaf.physical_type == "FIXED_LEN_BYTE_ARRAY":
        return float(leaf.length)
    if leaf.physical_type != "BYTE_ARRAY":
        return float(_WIDTHS[leaf.physical_type])
    if chunk.has_dictionary_page or {"DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "PLAIN_DICTIONARY"} & {*chunk.encodings}:
        return None
    return float(chunk.total_uncompressed_size / max(1, chunk.num_values)) + 4


def _check_nested(leaf: pq.ColumnSchema, chunk: pq.ColumnChunkMetaData, most_bytes: int) -> None:
    """Check that a list column has no more values than its bytes may stand for; a single row may have all of them."""
    if leaf.max_repetition_level and 8 * chunk.num_values > max(most_bytes, _DENSEST * chunk.total_uncompressed_size):
        raise _too_large(leaf, chunk)


def _too_large(leaf: pq.ColumnSchema, chunk: pq.ColumnChunkMetaData) -> TableError:
    name = shorten(leaf.path)
    return TableError(
        f"column {name} has {chunk.num_values:,} values in {chunk.total_uncompressed_size:,} bytes, which may fill the"
        " memory: leave it out by --select",
        quoted=(name,),
    )
