from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary

# What Vocabulary.read splits at, and what UTF-8 cannot hold.
CHARACTERS = st.characters(exclude_characters="\n\r", exclude_categories=("Cs",))


def test_special_tokens_come_first_and_have_no_character() -> None:
    vocabulary = Vocabulary.of("ba", specials=TARGET_SPECIALS)
    assert vocabulary.tokens == ("<pad>", "<bos>", "<eos>", "a", "b")
    assert vocabulary.ids == {"a": 3, "b": 4}


@given(st.sets(CHARACTERS, min_size=1))
def test_a_file_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, characters: set[str]) -> None:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    vocabulary = Vocabulary.of(characters, specials=SOURCE_SPECIALS)
    vocabulary.write(path)
    assert Vocabulary.read(path, specials=SOURCE_SPECIALS) == vocabulary


@given(
    st.integers(0, 6).flatmap(lambda length: st.lists(st.text("abc ー", min_size=length, max_size=length), min_size=1))
)
def test_decoding_undoes_encoding(texts: list[str]) -> None:
    vocabulary = Vocabulary.of("abc ー", specials=TARGET_SPECIALS)
    ids = vocabulary.encode(texts)
    lengths = np.full(len(texts), len(texts[0]), np.int64)
    assert ids.dtype == np.int64
    assert vocabulary.decode(ids, lengths) == texts


def test_decoding_stops_at_each_row_length() -> None:
    vocabulary = Vocabulary.of("ab", specials=TARGET_SPECIALS)
    assert vocabulary.decode(np.array([[3, 4], [4, 0]]), np.array([2, 1])) == ["ab", "b"]


@pytest.mark.parametrize("tokens", [("a",), ("<pad>", "a", "a"), ("<pad>", "ab"), ("<pad>", ""), ("<pad>", "\n")])
def test_a_wrong_vocabulary_is_refused(tokens: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        Vocabulary(tokens, SOURCE_SPECIALS)


def test_an_unknown_character_is_not_encoded() -> None:
    with pytest.raises(KeyError):
        Vocabulary.of("ab", specials=SOURCE_SPECIALS).encode(["x"])


def test_texts_of_two_lengths_are_not_a_batch() -> None:
    with pytest.raises(ValueError, match="one length"):
        Vocabulary.of("ab", specials=SOURCE_SPECIALS).encode(["a", "ab"])


def test_no_texts_are_an_empty_batch() -> None:
    vocabulary = Vocabulary.of("ab", specials=TARGET_SPECIALS)
    assert vocabulary.encode([]).shape == (0, 0)
    assert vocabulary.decode(np.empty((0, 0), np.int64), np.empty(0, np.int64)) == []


def test_a_special_token_is_decoded_to_no_character() -> None:
    vocabulary = Vocabulary.of("ab", specials=TARGET_SPECIALS)
    assert vocabulary.decode(np.array([[3, 1]]), np.array([2])) == ["a\ufffe"]


def test_the_tiny_model_has_readable_files(tiny_folder: Path) -> None:
    vocabulary = Vocabulary.read(tiny_folder / "target_vocabulary.txt", specials=TARGET_SPECIALS)
    assert "ン" in vocabulary.ids
