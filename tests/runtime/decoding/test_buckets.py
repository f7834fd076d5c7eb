import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.decoding.states import length_buckets


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_every_row_comes_once_with_rows_of_its_length(lengths: list[int], batch_size: int) -> None:
    batches = [batch.tolist() for batch in length_buckets(lengths, batch_size=batch_size)]
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= batch_size
        assert len({lengths[row] for row in batch}) == 1
        assert batch == sorted(batch)


def test_batches_are_filled() -> None:
    assert [batch.tolist() for batch in length_buckets([3, 1, 3, 3], batch_size=2)] == [[1], [0, 2], [3]]


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_has_rows(batch_size: int) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        list(length_buckets([1], batch_size=batch_size))
