"""The public names as users write them. Never run: type checkers of users must accept it in their strict modes."""

# pyright: strict

from pathlib import Path
from typing import assert_type

import hayakana
from hayakana import (
    Alignment,
    Candidate,
    HayakanaError,
    Lexicon,
    NameTooLongError,
    Status,
    Transliteration,
    Transliterator,
    UnreadableNameError,
    UntransliterableNameError,
)
from hayakana.batch import ReadOptions, Report, inputs_of, transliterate_to_file, transliterate_to_folder


def one_name(transliterator: Transliterator) -> None:
    """One name at a time: Katakana, candidates, letters."""
    assert_type(transliterator("Peter Parker"), str)
    assert_type(transliterator("2Pac", on_error="keep"), str)
    assert_type(transliterator.candidates("Peter Parker", n=3), list[Candidate])
    alignment = transliterator.explain("Peter Parker", language="en")
    assert_type(alignment, Alignment)
    assert_type(alignment.pairs(), list[tuple[str, str]])


def many_names(transliterator: Transliterator, names: list[str]) -> list[str]:
    """Lists, in detail; what a name's error holds is known once its class is."""
    assert_type(transliterator.transliterate(names, on_error="empty"), list[str])
    unknown: list[str] = []
    for result in transliterator.transliterate_detailed(names, ["en", None], probabilities=True, candidates=2):
        assert_type(result, Transliteration)
        assert_type(result.text, str | None)
        assert_type(result.error, UntransliterableNameError | None)
        assert_type(result.probability, float | None)
        if isinstance(result.error, UnreadableNameError):
            assert_type(result.error.characters, str)
            unknown.append(result.error.characters)
        elif isinstance(result.error, NameTooLongError):
            assert_type(result.error.limit, int)
        if result.status is Status.UNSURE and result.candidates:
            assert_type(result.candidates[0].text, str)
    return unknown


def opened(model: Path, own: Path) -> str | None:
    """Options, a lexicon of two sources, and the errors that all share a base."""
    lexicon = Lexicon.read(own) | Lexicon.of({"2Pac": "トゥーパック"})
    try:
        with Transliterator(model, lexicon=lexicon, workers=2, least_probability=0.5) as transliterator:
            assert_type(transliterator.lexicon["2Pac"], str)
            assert_type(transliterator.style, tuple[str, ...])
            return transliterator("2Pac")
    except UntransliterableNameError as error:
        return error.name
    except HayakanaError as error:
        assert_type(error.without_names, str)
        return None


def tables(transliterator: Transliterator, folder: Path) -> Report:
    """Files to a file, and to a folder."""
    inputs = inputs_of(["names.csv", folder / "more"])
    transliterate_to_folder(transliterator, inputs, folder / "done", resume=True, show_progress=False)
    return transliterate_to_file(
        transliterator, inputs, folder / "done.csv", read_options=ReadOptions(encoding="cp932"), overwrite=True
    )


VERSION: str = hayakana.__version__
