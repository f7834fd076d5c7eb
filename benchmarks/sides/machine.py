"""What this machine does without hayakana's models: it multiplies matrices, and copies tables.

``python -m benchmarks.sides.machine INPUT OUTPUT`` copies a table.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np


def open_sgemm() -> Callable[[dict], dict]:
    """Serve ``{"size": n, "repetitions": r}`` with the seconds of ``r`` products of two ``(n, n)`` float32 matrices.

    By numpy's ``matmul``; the output array is used again. Which kernel OpenBLAS takes is for the environment to say,
    before numpy is imported: ``OPENBLAS_CORETYPE``.
    """
    random = np.random.default_rng(0)

    def handle(request: dict) -> dict:
        size = request["size"]
        left, right = random.random((2, size, size), dtype=np.float32)
        product = left @ right
        started = time.perf_counter()
        for _ in range(request["repetitions"]):
            np.matmul(left, right, out=product)
        return {"seconds": time.perf_counter() - started}

    return handle


def copy(source: Path, destination: Path) -> None:
    """Copy the rows of ``source`` to ``destination`` by the readers, writers and threads of ``hayakana batch``.

    Nothing is between them: it is what a job costs whose transliterating costs nothing and adds nothing.
    """
    from hayakana.batch import ReadOptions, WriteOptions, format_of
    from hayakana.batch.formats.registry import open_table, writer
    from hayakana.batch.formats.rows import windows_of
    from hayakana.batch.jobs.threads import ahead
    from hayakana.system.files import atomic_file

    options = ReadOptions()
    with open_table(source, format_of(source), options) as table, atomic_file(destination) as file:
        assert table.schema is not None
        output = writer(file, table.schema, format_of(destination), WriteOptions())
        for rows in ahead(windows_of(table.batches(), options.window), depth=2):
            output.write(rows.batch)
        output.close()


if __name__ == "__main__":
    copy(Path(sys.argv[1]), Path(sys.argv[2]))
