"""The readers, held against each other: rule book, ordinary names, many names by tables, and Arrow's arrays agree.

Names whose candidates are wanted are parsed by the rule book alone, whatever they are.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hayakana import Lexicon, Transliterator
from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.arrow.hints import Hints

WORDS = "Mori kato TANAKA Jr J j y II IV BJ JFK É é O'Shin Shin’a 山田 ー 2Pac ｍｏｒｉ ﬁ m\u0301ori ' \u200b \ud800"
WORDS += " 'Mori' ‘KATO ´J´ 'n' N' 't d' d’mori O''Shin"  # rule 12
WORDS += " Mori™ ™ Mª M.ª Xª ªb moº ®Kato mo™ri №"  # rule 13
WORDS += " of OF VIII XI V I III, Esq Iii viii"  # rule 11
WORDS += " ﾔﾏﾀﾞ ﾔﾏﾀﾞ･ﾀﾛｳ ヤマﾀﾞ ﾞ ｰ Moriﾔﾏ"  # half-width Katakana, rules 1 and 3
WORDS += " de De van Van der della in In Ludwig x-de Honoré Eddie Gaulle"  # rule 14
WORDS += " Sr. sr Ft. ft Co. Co Chas. MBA, MBA BA AG Ph.D. Ph. Ph D D. M.D. SpA B.Sc"  # rule 15
WORDS += " & + Mori&Kato Kato& &Co (2) [x] [x 8th U2 MoriKato McMori iMori gps"  # rules 9, 16 to 18
WORDS += " Ⅷ\u0327 ＯＦ ｄｅｌｌａ É’ ＭＢＡ"  # in another form, rules 11, 14, 15 and 20
WORDS += " Tanaka y tanákà New york Anna Anná shin"  # rule 22
WORDS += " St St. Saint ST John Pierre Gallen Saint-Mori"  # rule 19
WORDS += " MorÃ© O&#39;Mori D\\'Mori Mori&nbsp;Kato m%20i x.csv a@b.c Mo?ri voilÃ"  # rule 20
WORDS += " Mori, , The MORI<<KATO <"  # rule 21
WORDS += " Kim Park Geun-hye Jong Un hye Jaein Young Xi Xí Jinping Jìn-píng Lee Kenji Abe Satō Dr Lü"  # rule 23
PARTS = st.sampled_from([*WORDS.split(" "), "a" * 30, ""])
SEPARATORS = st.sampled_from([" ", " ", " ", "-", "--", ". ", ", ", "・", "\n", "\u3000", " - "])
NAMES = st.lists(st.tuples(PARTS, SEPARATORS), max_size=4).map(
    lambda pairs: "".join(part + separator for part, separator in pairs).removesuffix(" ")
)
LEXICON = Lexicon.of(
    {"mori": "モーリ", "Kato-Mori": "カトモリ", "tanaka y mori": "タナカイモリ", "2Pac": "ツーパック", "山田": "ヤマダ"}
)


CHOSEN = {"numerals": "figures", "digits": "read", "disambiguators": "drop", "order": "given_first"}


@pytest.fixture(scope="module", params=["tiny_folder", "known_folder"])
def folder(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", params=[{}, {"lexicon": LEXICON}, CHOSEN, {"lexicon": LEXICON, **CHOSEN}], ids=str)
def transliterator(request: pytest.FixtureRequest, folder: Path) -> Transliterator:
    with Transliterator(folder, **request.param) as opened:
        yield opened


@settings(max_examples=50)  # for each of eight parsers
@given(names=st.lists(NAMES, min_size=8, max_size=24))
def test_a_rule_says_the_same_of_a_name_alone_in_a_list_and_in_an_array(
    transliterator: Transliterator, names: list[str]
) -> None:
    by_the_book = transliterator.transliterate_detailed(names, candidates=1)
    expected = [(result.text, result.status) for result in by_the_book]
    alone = [transliterator.transliterate_detailed([name])[0] for name in names]
    assert [(result.text, result.status) for result in alone] == expected
    assert [(result.text, result.status) for result in transliterator.transliterate_detailed(names)] == expected
    if any("\ud800" in name for name in names):
        return  # Arrow's text is UTF-8, which has no half of a surrogate pair.
    assert not any("･" <= character <= "ﾟ" for text, _ in expected for character in text or "")
    answers = Answerer(transliterator).answers(pa.array(names, pa.string()))
    assert list(zip(answers.texts.to_pylist(), answers.statuses.to_pylist(), strict=True)) == expected


@pytest.fixture(scope="module", params=["tagged_folder", "tagged_known_folder"])
def tagged(request: pytest.FixtureRequest) -> Iterator[Transliterator]:
    with Transliterator(request.getfixturevalue(request.param), lexicon=Lexicon.of({"kato": "カトウ"})) as opened:
        yield opened


HINTS = st.sampled_from(["", "", "fr", "nl", "de", "es"])


@settings(max_examples=75)
@given(pairs=st.lists(st.tuples(NAMES, HINTS), min_size=8, max_size=40))
def test_the_readers_say_the_same_under_hints(tagged: Transliterator, pairs: list[tuple[str, str]]) -> None:
    names, codes = [name for name, _ in pairs], [code for _, code in pairs]
    by_the_book = tagged.transliterate_detailed(names, codes, candidates=1)
    expected = [(result.text, result.status) for result in by_the_book]
    alone = [tagged.transliterate_detailed([name], [code])[0] for name, code in pairs]
    assert [(result.text, result.status) for result in alone] == expected
    assert [(result.text, result.status) for result in tagged.transliterate_detailed(names, codes)] == expected
    if any("\ud800" in name for name in names):
        return
    answerer = Answerer(tagged)
    for _ in range(2):  # What is remembered says the same.
        hints = Hints.of(pa.array(codes, pa.string()), tagged)
        answers = answerer.answers(pa.array(names, pa.string()), hints.languages)
        assert list(zip(answers.texts.to_pylist(), answers.statuses.to_pylist(), strict=True)) == expected


@given(
    name=NAMES, marks=st.sampled_from(["''", "‘’", "“”", '""', "``", "«»", "‚‘", "′′", "' ", " ’", " ´", "(）", "❛❜"])
)
def test_quotation_marks_around_a_name_do_not_matter(tiny: Transliterator, name: str, marks: str) -> None:
    in_marks = f"{marks[0]}{name}{marks[1]}"
    if any(short in name.lower() for short in ("n'", "'t", "’n’", "d'")):
        return  # What an apostrophe cuts short is another word.
    bare, result = tiny.transliterate_detailed([name, in_marks])
    if bare.status != "kept":
        assert (result.text, result.status) == (bare.text, bare.status)
