"""``python -m benchmarks.copying INPUT OUTPUT``: read a table and write it again, as ``hayakana batch`` does both.

The same readers, writers and threads, and nothing between them: what is left of a job when transliterating costs
nothing and adds nothing.
"""

import sys
from pathlib import Path

from hayakana.batch import ReadOptions, WriteOptions, format_of
from hayakana.batch.formats.registry import open_table, writer
from hayakana.batch.formats.rows import windows_of
from hayakana.batch.jobs.threads import ahead
from hayakana.system.files import atomic_file


def copy(source: Path, destination: Path) -> None:
    """Copy the rows of ``source`` to ``destination``."""
    options = ReadOptions()
    with open_table(source, format_of(source), options) as table, atomic_file(destination) as file:
        assert table.schema is not None
        output = writer(file, table.schema, format_of(destination), WriteOptions())
        for rows in ahead(windows_of(table.batches(), options.window), depth=2):
            output.write(rows.batch)
        output.close()


if __name__ == "__main__":
    copy(Path(sys.argv[1]), Path(sys.argv[2]))
