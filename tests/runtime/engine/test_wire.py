"""Messages through real pipes: whatever is sent comes out, in whatever pieces the pipe gives it."""

import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.engine.column import KatakanaColumn
from hayakana.engine.wire import MAGIC, packed, packed_column, receive, receive_first, send, unpacked, unpacked_column
from hayakana.errors import UnreadableNameError


def pipe() -> tuple[io.FileIO, io.FileIO]:
    read, write = os.pipe()
    return io.FileIO(read), io.FileIO(write, "w")


@given(st.lists(st.text()), st.binary(max_size=100).filter(lambda noise: MAGIC not in noise))
def test_messages_come_out_as_they_went_in(message: list[str], noise: bytes) -> None:
    reading, writing = pipe()
    with reading, writing:
        writing.write(noise)
        send(writing, message)
        send(writing, message)
        assert receive_first(reading) == (message, noise)
        assert receive(reading) == message


def test_what_looks_like_the_begin_of_a_message_hides_none() -> None:
    reading, writing = pipe()
    with reading, writing:
        for size in range(len(MAGIC)):
            writing.write(MAGIC[:size])
            send(writing, size)
            assert receive_first(reading) == (size, MAGIC[:size])


def test_a_message_that_no_pipe_holds() -> None:
    reading, writing = pipe()
    message = os.urandom(10_000_000)
    full = threading.Event()
    os.set_blocking(writing.fileno(), False)
    with reading, writing, ThreadPoolExecutor(1) as pool:
        sent = pool.submit(send, writing, message, wait=lambda _: full.set())
        assert full.wait(60)
        assert receive(reading) == message
        sent.result(60)


@pytest.mark.parametrize("written", [b"", b"\0hyk", b"hello " * 20_000])
@pytest.mark.parametrize("read", [receive, receive_first])
def test_what_is_no_message(written: bytes, read: object) -> None:
    reading, writing = pipe()
    with reading, ThreadPoolExecutor(1) as pool:

        def write() -> None:
            with writing:
                writing.write(written)

        done = pool.submit(write)
        with pytest.raises(EOFError):
            read(reading)
        reading.close()
        assert not isinstance(done.exception(60), TimeoutError)


@given(st.lists(st.text(st.characters(codec="utf-8") | st.just("\n") | st.just("\udcff"))))
def test_texts_are_unpacked_as_they_were(texts: list[str]) -> None:
    if texts:  # No window is empty.
        assert unpacked(packed(texts)) == texts


def test_a_column_is_unpacked_as_it_was() -> None:
    error = UnreadableNameError("no", name="2", characters="2")
    column = KatakanaColumn(
        ["ア", None, "イ\nウ"], {1: error}, frozenset({0}), frozenset({2}), np.array([0.5, np.nan, 1])
    )
    again = unpacked_column(*packed_column(column))
    assert (again.texts, again.errors, again.kept, again.from_lexicon) == (
        column.texts,
        column.errors,
        column.kept,
        column.from_lexicon,
    )
    assert np.array_equal(again.probabilities, column.probabilities, equal_nan=True)
