"""Which rows are decoded together: exact-length buckets, so that a batch has no padding and needs no mask."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray


def length_buckets(lengths: Sequence[int] | NDArray[np.int64], *, batch_size: int) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of ``lengths`` in batches of one length each, at most ``batch_size`` a batch.

    Every index comes once. Shorter lengths come first; within a length, the order of ``lengths`` is kept.

    Raises:
        ValueError: ``batch_size`` is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    if not len(lengths):
        return
    # numpy sorts 16-bit numbers stably in linear time; a longer unit than that is a batch of its own anyway.
    order = np.argsort(np.minimum(lengths, 0xFFFF).astype(np.uint16), kind="stable")
    ends = np.flatnonzero(np.diff(np.asarray(lengths)[order])) + 1
    for bucket in np.split(order, ends):
        for start in range(0, len(bucket), batch_size):
            yield bucket[start : start + batch_size]
