"""House style: tables that say what becomes of each Kana, and what stands for what."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.names.style import STYLES, Style, checked_styles, full_width, traced_full_width

KATAKANA = [*map(chr, range(0x30A1, 0x30FB)), "ー", "・", "＝"]
TEXTS = st.text(st.sampled_from([*KATAKANA, "ヴ", "ー", "・"]), max_size=12)
TOGETHER = [
    names
    for count in range(len(STYLES) + 1)
    for names in itertools.combinations(STYLES, count)
    if not {"hiragana", "half-width"} <= {*names}
]
BANKS = {*map(chr, range(0xFF71, 0xFFA0)), *"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789()-. "}
"""What payee names of the Zengin format may have: no ｦ and no small letters."""


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        ("b-for-v", "ルートヴィヒ・ヴァン＝ヴェルヴォヴ", "ルートビヒ・バン＝ベルボブ"),
        ("b-for-v", "ヴュルツ・ヴャ・ヴョ・ヴゥ・ヷヸヹヺ", "ビュルツ・ビャ・ビョ・ブ・バビベボ"),
        ("b-for-v", "ピーター・バーバラ", "ピーター・バーバラ"),
        ("no-final-long", "ピーター・パーカー", "ピータ・パーカ"),
        ("no-final-long", "メアリー＝ルー", "メアリ＝ルー"),
        ("no-final-long", "リー・ティー・シャー・エー", "リー・ティー・シャー・エー"),
        ("no-final-long", "アンー・アッー・ダブリュー・キャシー", "アン・アッ・ダブリュ・キャシ"),
        ("no-final-long", "ー・ーーー・アーー", "ー・ーーー・ア"),
        ("no-separators", "ジャン＝リュック・ピカール", "ジャンリュックピカール"),
        ("hiragana", "ジャン＝リュック・ヴェルナー", "じゃん＝りゅっく・ゔぇるなー"),
        ("hiragana", "ヷヺヵヶヮヽヾ", "ゔぁゔぉゕゖゎゝゞ"),
        ("half-width", "ジャン＝リュック・ヴェルナー", "ｼﾞﾔﾝ ﾘﾕﾂｸ ｳﾞｴﾙﾅ-"),
        ("half-width", "パプピペポ・ヲヰヱヮ・ヵヶ・ヷヸヹヺ", "ﾊﾟﾌﾟﾋﾟﾍﾟﾎﾟ ｵｲｴﾜ ｶｹ ﾜﾞｲﾞｴﾞｵﾞ"),
    ],
)
def test_a_style_has_its_table(style: str, text: str, expected: str) -> None:
    assert Style([style])(text) == expected


def test_styles_are_applied_in_their_order() -> None:
    text = "ヴィクター＝ピーター・リー"
    styles = checked_styles(["half-width", "no-final-long", "b-for-v"])
    assert styles == ("b-for-v", "no-final-long", "half-width")
    assert Style(styles)(text) == "ﾋﾞｸﾀ ﾋﾟ-ﾀ ﾘ-"
    assert Style(checked_styles(("no-separators", "hiragana", "no-final-long")))(text) == "ゔぃくたぴーたりー"


@given(TEXTS, st.sampled_from(TOGETHER), st.randoms())
def test_styles_twice_are_styles_once_whatever_their_order(text: str, names: tuple[str, ...], order: object) -> None:
    shuffled = [*names, *names]
    order.shuffle(shuffled)
    assert checked_styles(shuffled) == names
    style = Style(names)
    if "no-final-long" not in names or "no-separators" not in names:  # What is one part then had been two.
        assert style(style(text)) == style(text)
    if not names:
        assert style(text) == text


@given(TEXTS, st.sampled_from(TOGETHER))
def test_every_character_says_what_it_stands_for(text: str, names: tuple[str, ...]) -> None:
    traced = Style(names).traced(text)
    assert "".join(character for character, _ in traced) == Style(names)(text)
    assert all(len(character) == 1 and places for character, places in traced)
    assert [places for _, places in traced] == sorted(places for _, places in traced)
    stood_for = {place for _, places in traced for place in places}
    dropped = {text[place] for place in range(len(text)) if place not in stood_for}
    assert dropped <= {"ー"} | ({"・", "＝"} if "no-separators" in names else set())


@given(TEXTS)
def test_banks_take_what_is_half_width(text: str) -> None:
    half = Style(["half-width"])(text)
    assert {*half} <= BANKS
    assert all(half[place - 1] >= "ｱ" for place, mark in enumerate(half) if mark in "ﾞﾟ")


def test_half_width_and_back_is_the_same_kana_where_banks_have_it() -> None:
    lossless = [kana for kana in KATAKANA if kana not in "ァィゥェォッャュョヮヵヶヲヰヱヸヹヺー・＝"]
    half = Style(["half-width"])("".join(lossless))
    assert unicodedata.normalize("NFKC", half) == full_width(half) == "".join(lossless)


@given(TEXTS)
def test_hiragana_is_the_same_kana(text: str) -> None:
    hiragana = Style(["hiragana"])(text)
    assert not any("ァ" <= kana <= "ヺ" for kana in hiragana)
    back = "".join(chr(ord(kana) + 0x60) if "ぁ" <= kana <= "ゖ" else kana for kana in hiragana)
    for single, spelled in {"ヷ": "ヴァ", "ヸ": "ヴィ", "ヹ": "ヴェ", "ヺ": "ヴォ"}.items():
        text = text.replace(single, spelled)
    assert back == text


@given(
    st.text(st.sampled_from([*map(chr, range(0xFF60, 0xFFA1)), *"アカガパァかがー゛ ･・＝A山\u3099"]), max_size=12)
    | st.text()
)
def test_half_width_katakana_is_made_full_width_and_nothing_else_changes(text: str) -> None:
    wide = full_width(text)
    assert not any("･" <= character <= "ﾟ" for character in wide)
    assert unicodedata.normalize("NFKC", wide) == unicodedata.normalize("NFKC", text)
    if not any("･" <= character <= "ﾟ" for character in text):
        assert wide == text
    assert full_width(wide) == wide
    assert [other for other in wide if not "\u3000" < other < "\u3100"] == [
        other for other in text if not "\u3000" < other < "\u3100" and not "･" <= other <= "ﾟ"
    ]
    assert "".join(character for character, _ in traced_full_width(text)) == wide


def test_a_mark_goes_with_its_kana() -> None:
    assert full_width("ﾔﾏﾀﾞ ﾊﾟｳﾙ･ﾘ-ｰ ﾜﾞ") == "ヤマダ パウル・リ-ー ヷ"
    assert full_width("カﾞがﾞﾞ") == "ガが\u3099\u3099"
    assert traced_full_width("ﾀﾞﾛ") == [("ダ", (0, 1)), ("ロ", (2,))]


def test_what_is_no_style_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=f"no style 'small': the styles are {', '.join(STYLES)}"):
        checked_styles(["b-for-v", "small"])
    with pytest.raises(ValueError, match="no style 'b'"):
        checked_styles("b")
    with pytest.raises(ValueError, match="hiragana and half-width"):
        checked_styles(("half-width", "hiragana"))
    with pytest.raises(TypeError, match="not int"):
        checked_styles([1])
    assert checked_styles("hiragana") == ("hiragana",)
    assert checked_styles(()) == ()
