"""What an option may hold: whatever it is given, a value or a sentence about it."""

import argparse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.cli.parser import MOST_ROWS, candidate_count, count, path, separator, unicode_text, word, worker_count
from hayakana.system.processors import usable_processors

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(st.one_of(ANY_TEXT, st.integers().map(str), st.text("0123456789٣", max_size=5_000)))
def test_a_count_is_a_number_in_its_bounds_or_refused(text: str) -> None:
    for kind, most in ((count, MOST_ROWS), (worker_count, 1_024), (candidate_count, 1_000)):
        try:
            number = kind(text)
        except argparse.ArgumentTypeError:
            assert not (text.isascii() and text.isdecimal() and len(text) < 4_000 and 1 <= int(text) <= most)
        else:
            assert 1 <= number <= most
            assert number == int(text)


def test_auto_is_a_worker_for_each_processor_up_to_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker_count("auto") == usable_processors()
    monkeypatch.setattr("hayakana.cli.parser.usable_processors", lambda: 4_096)
    assert worker_count("auto") == 1_024


@given(ANY_TEXT)
def test_a_text_is_what_it_was_or_refused(text: str) -> None:
    is_text = not any("\ud800" <= character <= "\udfff" for character in text)
    is_a_line = len(f"{text}.".splitlines()) == 1
    for kind, fits in (
        (unicode_text, is_text),
        (word, is_text and text != ""),
        (separator, is_text and is_a_line),
        (path, text != "" and "\0" not in text),
    ):
        check(kind, text, fits=fits)


def check(kind: Callable[[str], object], text: str, *, fits: bool) -> None:
    if fits:
        assert str(kind(text)) == (str(path(text)) if kind is path else text)
    else:
        with pytest.raises(argparse.ArgumentTypeError):
            kind(text)
