"""Which rows are decoded together: exact-length buckets, so that a batch has no padding and needs no mask."""

from collections.abc import Iterator, Sequence


def length_buckets(lengths: Sequence[int], *, batch_size: int) -> Iterator[list[int]]:
    """Yield the indices of ``lengths`` in batches of one length each, at most ``batch_size`` a batch.

    Every index comes once. Shorter lengths come first; within a length, the order of ``lengths`` is kept.

    Raises:
        ValueError: ``batch_size`` is not positive.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, not {batch_size}")
    buckets: dict[int, list[int]] = {}
    for index, length in enumerate(lengths):
        buckets.setdefault(length, []).append(index)
    for length in sorted(buckets):
        rows = buckets[length]
        for start in range(0, len(rows), batch_size):
            yield rows[start : start + batch_size]
