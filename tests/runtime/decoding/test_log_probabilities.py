import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hayakana.decoding.greedy import log_probability_of_best, log_softmax

LOGITS = st.lists(
    st.lists(st.integers(-90_000, 90_000).map(lambda thousandths: thousandths / 1000), min_size=4, max_size=4),
    min_size=1,
    max_size=6,
)


@given(LOGITS)
def test_they_are_log_probabilities(rows: list[list[float]]) -> None:
    logits = np.array(rows, np.float32)
    found = log_softmax(logits)
    assert found.dtype == np.float64
    assert np.allclose(np.exp(found).sum(axis=1), 1, rtol=0, atol=1e-12)
    assert np.allclose(np.diff(found, axis=1), np.diff(logits.astype(np.float64), axis=1), rtol=0, atol=1e-12)
    assert np.array_equal(found.argmax(axis=1), logits.argmax(axis=1))
    assert np.allclose(log_probability_of_best(logits), found.max(axis=1), rtol=0, atol=1e-6)
    assert (log_probability_of_best(logits) <= 0).all()


def test_large_logits_are_no_overflow() -> None:
    logits = np.array([[1e4, -1e4, 0]], np.float32)
    assert log_probability_of_best(logits).tolist() == [0]
    assert log_softmax(logits)[0, 0] == 0
