"""Hints of language: which units the model is given, and that nothing but the hint of a name has a say in its text."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import in_windows
from tests.tagged_model import LETTERS, read_as

from hayakana import Lexicon, NameTooLongError, Transliterator, UnreadableNameError
from hayakana.engine.column import Details
from hayakana.names.languages import language_tag

NAMES = ["Mori", "Kato Tanaka", "Anna-Mori", "mori", "Shin de Mori", "Tanaka", "É Mori", "J. Kato", "山田", "2Pac", ""]
HINTS = st.sampled_from([*LETTERS, "es", "FRA", "CH", "", None])


@pytest.fixture(scope="module")
def tagged(tagged_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tagged_folder) as opened:
        yield opened


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize("many", [1, 9], ids=["one", "list"])
def test_a_hint_stands_in_front_of_each_unit(
    tiny: Transliterator, tagged: Transliterator, language: str, many: int
) -> None:
    names = [f"Mori{'o' * number} Kato-Tanaka" for number in range(many)]
    firsts = [tiny(read_as("mori" + "o" * number, language=language)) for number in range(many)]
    assert tagged.transliterate(names, on_error="empty") == tiny.transliterate(names, on_error="empty")
    found = tagged.transliterate(names, [language] * many)
    ends = f"{tiny(read_as('kato', language=language))}＝{tiny(read_as('tanaka', language=language))}"
    assert found == [f"{first}・{ends}" for first in firsts]
    assert found != tagged.transliterate(names)


def test_the_hint_may_be_of_all_names_of_a_name_or_of_a_call(tagged_folder: Path, tagged: Transliterator) -> None:
    french = tagged("Mori", "fr")
    assert french != tagged("Mori")
    assert tagged.transliterate(["Mori", "Mori"], ["fr", None]) == [french, tagged("Mori")]
    with Transliterator(tagged_folder, language="FRA") as of_all:
        assert of_all.language == "fr"
        assert of_all("Mori") == french
        assert of_all("Mori", "") == tagged("Mori")
        assert of_all.transliterate(["Mori"] * 4, ["de", None, "", "CH"]) == [
            tagged("Mori", "de"),
            french,
            tagged("Mori"),
            tagged("Mori"),
        ]
        assert pickle.loads(pickle.dumps(of_all))("Mori") == french
        assert of_all.candidates("Mori", 1)[0] == tagged.candidates("Mori", 1, "fr")[0]
        assert of_all.explain("Mori").text == french


@settings(max_examples=40)
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES), HINTS), max_size=40), window=st.integers(1, 9))
def test_nothing_but_its_own_hint_has_a_say_in_a_name(
    tagged: Transliterator, pairs: list[tuple[str, str | None]], window: int
) -> None:
    names, codes = [name for name, _ in pairs], [code for _, code in pairs]
    alone = [tagged.transliterate_detailed([name], [code])[0] for name, code in pairs]
    together = tagged.transliterate_detailed(names, codes)
    assert [(result.name, result.text, result.status, result.origins, result.language) for result in together] == [
        (result.name, result.text, result.status, result.origins, result.language) for result in alone
    ]
    assert tagged.transliterate(names, codes, on_error="empty") == [result.text or "" for result in alone]
    in_french = in_windows(tagged, names, Details(language="fr"), window=window)
    expected = tagged.transliterate_detailed(names, ["fr"] * len(names))
    assert [result.text for result in in_french] == [result.text for result in expected]


@pytest.mark.slow
def test_workers_and_the_cache_change_nothing(tagged_folder: Path, tagged: Transliterator) -> None:
    names = [name for name in NAMES for _ in range(6)]
    codes = ["fr", "de", None, "nl", "CH", "xx"] * len(NAMES)
    details = {"probabilities": True, "candidates": 2}
    expected = tagged.transliterate_detailed(names, codes, **details)
    with Transliterator(tagged_folder, workers=2, cache_size=0) as workers:
        assert workers.languages == tagged.languages
        found = workers.transliterate_detailed(names, codes, **details)
    for result, other in zip(expected, found, strict=True):
        assert (result.text, result.status, result.origins, result.language) == (
            other.text,
            other.status,
            other.origins,
            other.language,
        )
        assert [candidate.text for candidate in result.candidates] == [candidate.text for candidate in other.candidates]
        assert result.probability == pytest.approx(other.probability, abs=1e-4)


def test_what_was_followed_is_said(tagged: Transliterator, tiny: Transliterator) -> None:
    assert {*LETTERS} <= {*tagged.languages}
    codes = ["fr", "FRA", "es", "CH", "", None, "fr", "fr"]
    results = tagged.transliterate_detailed(["Mori"] * 6 + ["山田", "2Pac"], codes)
    assert [result.language for result in results] == ["fr", "fr", None, None, None, None, None, None]
    assert tiny.language == ""
    assert tiny.transliterate_detailed(["Mori"], ["fr"])[0].language is None
    assert tiny("Mori", "fr") == tiny("Mori")


def test_a_name_of_the_lexicon_is_read_by_no_hint(tagged_folder: Path) -> None:
    with Transliterator(tagged_folder, lexicon=Lexicon.of({"Mori": "モーリ"}), language="fr") as transliterator:
        whole, in_part = transliterator.transliterate_detailed(["Mori", "Mori Kato"])
    assert (whole.text, whole.language) == ("モーリ", None)
    assert (in_part.text[:4], in_part.language) == ("モーリ・", "fr")


def test_particles_follow_a_hint(tagged: Transliterator) -> None:
    def read(name: str, language: str) -> str:
        return tagged(name, language).split("・")[1]

    assert [read("Mori de Kato", language) for language in ("fr", "nl")] == ["ド", "デ"]
    assert [read("Mori van Kato", language) for language in ("nl", "de")] == ["ファン", "ヴァン"]
    assert read("Charles de Gaulle", "nl") == "デ"
    (result,) = tagged.transliterate_detailed(["Mori de Kato"], ["fr"])
    assert [str(origin) for origin in result.origins] == ["model", "rule", "model"]


def test_a_place_has_its_tag_where_the_model_knows_it(
    tagged_folder: Path, tiny_folder: Path, tiny: Transliterator
) -> None:
    with Transliterator(tagged_folder, kind="place") as places:
        assert places("Mori") == tiny(read_as("mori", is_place=True))
        assert places("Mori", "fr") == tiny(read_as("mori", language="fr", is_place=True))
    for folder, kind in ((tagged_folder, "word"), (tiny_folder, "place")):
        with pytest.raises(ValueError, match="kind chooses among known names"):
            Transliterator(folder, kind=kind)


def test_known_names_of_a_language_go_first(tagged_known_folder: Path, tiny: Transliterator) -> None:
    with Transliterator(tagged_known_folder) as transliterator:
        assert transliterator.transliterate(["Anna"] * 3, ["fr", "de", None]) == ["アナ", "アンナ", "アンナ"]
        assert transliterator("Ánna", "fr") == "アナ"
        assert transliterator.transliterate(["Kato"] * 2, ["fr", None]) == ["カトー", tiny("Kato")]
        results = transliterator.transliterate_detailed(["Anna", "Kato"], ["fr", "fr"], probabilities=True)
        assert [(str(result.origins[0]), result.probability) for result in results] == [
            ("known", pytest.approx(0.9))
        ] * 2
        assert transliterator(f"{language_tag('fr')}anna", on_error="empty") == ""


def test_tags_are_no_letters_of_names(tagged: Transliterator) -> None:
    for name in (f"{language_tag('fr')}Mori", f"Mo{language_tag('fr')}ri", language_tag("de"), "\uf8ff"):
        for names in ([name], [name] * 9):
            with pytest.raises(UnreadableNameError, match=r"no reading for .*U\+[EF]"):
                tagged.transliterate(names)


def test_the_longest_unit_is_as_long_under_a_hint(tagged: Transliterator) -> None:
    assert tagged.transliterate_detailed(["a" * 24], ["fr"])[0].status in ("ok", "unfinished")
    with pytest.raises(NameTooLongError, match="has 25 characters, the model reads 24"):
        tagged("a" * 25, "fr")


def test_an_alignment_shows_letters_and_no_tags(tagged: Transliterator) -> None:
    alignment = tagged.explain("Mori Kato", "fr")
    assert alignment.text == tagged("Mori Kato", "fr")
    assert "".join(alignment.source) == "Mori Kato"
    assert np.allclose(alignment.weights.sum(axis=1), 1)
    assert not np.allclose(alignment.weights[0], tagged.explain("Mori Kato").weights[0])


def test_unsure_names_are_decided_by_their_own_hint(tagged_folder: Path, tagged: Transliterator) -> None:
    names, codes = ["Mori", "Kato", "Tanaka"] * 4, ["fr", "de", None] * 4
    results = tagged.transliterate_detailed(names, codes, probabilities=True)
    least = sorted(result.probability or 0 for result in results)[6]
    with Transliterator(tagged_folder, least_probability=least) as careful:
        unsure = [result.status == "unsure" for result in careful.transliterate_detailed(names, codes)]
        alone = [
            careful.transliterate_detailed([name], [code])[0].status == "unsure"
            for name, code in zip(names, codes, strict=True)
        ]
    assert unsure == alone
    assert any(unsure)


def test_wrong_hints_are_refused(tagged: Transliterator, tagged_folder: Path) -> None:
    with pytest.raises(ValueError, match="there are 2 names and 1 languages: give one for each name"):
        tagged.transliterate(["Mori", "Kato"], ["fr"])
    with pytest.raises(TypeError, match="languages must be a list with a code for each name"):
        tagged.transliterate(["Mori", "Kato"], "fr")
    with pytest.raises(TypeError, match="not int"):
        tagged.transliterate(["Mori"], [1])  # type: ignore[list-item]  # on purpose
    for call in (
        lambda: tagged.transliterate(["Mori"], ["French"]),
        lambda: tagged("Mori", "French"),
        lambda: tagged.candidates("Mori", 2, "French"),
        lambda: tagged.explain("Mori", "French"),
        lambda: Transliterator(tagged_folder, language="French"),
    ):
        with pytest.raises(ValueError, match="'French' is not a code of a language or country"):
            call()
    with pytest.raises(TypeError, match="must be a str or None, not int"):
        Transliterator(tagged_folder, language=5)  # type: ignore[arg-type]  # on purpose
    assert tagged.transliterate([], []) == []
