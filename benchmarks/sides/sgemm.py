"""How fast this core multiplies float32 matrices: numpy's ``matmul``, one thread, output array reused."""

import time
from collections.abc import Callable

import numpy as np


def open_sgemm() -> Callable[[dict], dict]:
    """Serve ``{"size": n, "repetitions": r}`` with the seconds of ``r`` products of two ``(n, n)`` matrices.

    Which kernel OpenBLAS takes is for the environment to say, before numpy is imported: ``OPENBLAS_CORETYPE``.
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
