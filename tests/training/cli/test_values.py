"""What an option of ``hayakana-train`` may hold: whatever it is given, a number in its range or a sentence."""

import argparse
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.cli.values import count_of, share_of, temperature_of

MOST = 4_294_967_295
ANY_NUMBER = st.one_of(st.floats().map(str), st.integers().map(str), st.text())


@given(ANY_NUMBER)
def test_a_number_is_in_its_range_or_refused(text: str) -> None:
    for kind, least, most in ((count_of, 0, MOST), (share_of, 0, math.inf), (temperature_of, 0.1, 10)):
        try:
            number = kind(text)
        except argparse.ArgumentTypeError:
            continue
        assert least <= number <= most
        assert number == float(text)


@pytest.mark.parametrize("text", ["0", "007", str(MOST)])
def test_a_count(text: str) -> None:
    assert count_of(text) == int(text)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "٣", str(MOST + 1), "9" * 5_000])
def test_no_count(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="must be a whole number from 0 to 4,294,967,295"):
        count_of(text)


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "half"])
def test_no_share(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="must be a number above 0"):
        share_of(text)
