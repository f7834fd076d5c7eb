"""Titles, degrees, forms of companies and shortened given names: what tells them from names."""

import pytest

from hayakana.names.parsing import NameParser
from hayakana.names.spelling import KATAKANA_OF_UNITS
from hayakana.names.titles import TITLES, WITH_FULL_STOP

PARSER = NameParser(frozenset("abcdefghijklmnopqrstuvwxyz'"), 20, whole_names=False)


def read(name: str) -> str:
    """The name with the Katakana of what is read by rule, all in between as it is separated."""
    parsed = PARSER.parse(name)
    texts = [KATAKANA_OF_UNITS.get(part.unit, part.text) if part.unit else part.katakana for part in parsed.parts]
    return "".join(text + separator for text, separator in zip(texts, [*parsed.separators, ""], strict=True))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sir Isaac Newton", "サー Isaac Newton"),
        ("Sgt. Hill", "サージェント Hill"),
        ("SGT HILL", "サージェント HILL"),
        ("Anna Hill PhD", "Anna Hill ピーエイチディー"),
        ("Anna Hill, Ph.D.", "Anna Hill ピーエイチディー"),
        ("Anna Hill, Ph. D.", "Anna Hill ピーエイチディー"),
        ("Anna Hill Ph D", "Anna Hill ピーエイチディー"),
        ("Anna Hill, B.Sc.", "Anna Hill ビーエスシー"),
        ("Anna Hill, LL.M.", "Anna Hill エルエルエム"),
        ("Anna Hill, D.Phil.", "Anna Hill ディーフィル"),
        ("Anna Hill, M.D., J.D.", "Anna Hill エムディー ジェイディー"),
        ("Anna Hill, M.D., PhD", "Anna Hill エムディー ピーエイチディー"),
        ("Anna Hill MBA", "Anna Hill エムビーエー"),
        ("Anna Hill, MBA, MA", "Anna Hill エムビーエー エムエー"),
        ("Anna Hill OBE Esq.", "Anna Hill オービーイー エスクワイア"),
        ("Hill Ltd", "Hill リミテッド"),
        ("Hill Co., Ltd.", "Hill カンパニー リミテッド"),
        ("Siemens AG", "Siemens アーゲー"),
        ("Wm. Hill", "ウィリアム Hill"),
        ("Hill, Chas.", "Hill チャールズ"),
        ("Fr. Hdez.", "Fr エルナンデス"),
        ("Sr. Hill", "セニョール Hill"),
        ("Anna Hill Sr.", "Anna Hill シニア"),
        ("Anna ft. Bo", "Anna フィーチャリング Bo"),
        ("Ft. Hill", "フォート Hill"),
        ("Anna Hill, EdD", "Anna Hill エドディー"),
        ("Mme. Hill", "マダム Hill"),
        ("Sig.ra Hill", "シニョーラ Hill"),
        ("Dott.ssa Hill", "ドットレッサ Hill"),
        ("Hill GmbH & Co. KG", "Hill ゲーエムベーハー アンド カンパニー カーゲー"),
        ("Hill AG & Co. OHG", "Hill アーゲー アンド カンパニー オーハーゲー"),
        ("Hill SA", "Hill SA"),
        ("Sig. Hill", "シニョール Hill"),
        ("Frau Dipl.-Ing. Hill", "Frau ディプロム インジェニア Hill"),
    ],
)
def test_titles(name: str, expected: str) -> None:
    assert read(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Chas Hill",
        "Geo Hill",
        "Kim Co",
        "Art Hill",
        "Ed. Hill",
        "Al. Hill",
        "Jack MA",
        "Ondo MBA",
        "ANNA ONDO MBA",
        "Hill MBA Anna",
        "Nguyen, Thi BA",
        "Le Van, Minh MA",
        "Meng Hill",
        "Edd Hill",
        "Ag Hill",
    ],
)
def test_names_are_names(name: str) -> None:
    assert read(name) == name.replace(". ", " ").replace(", ", " ")


@pytest.mark.parametrize("name", ["J.D. Salinger", "Salinger, J.D.", "Anna M.D. Hill"])
def test_initials_are_letters(name: str) -> None:
    assert " ディー" in read(name)


def test_no_word_is_in_two_tables() -> None:
    assert TITLES.keys().isdisjoint(WITH_FULL_STOP)


@pytest.mark.parametrize("title", WITH_FULL_STOP)
def test_a_full_stop_tells(title: str) -> None:
    assert read(f"{title.title()}. Hill") == f"{WITH_FULL_STOP[title]} Hill"
    assert read(f"{title.title()} Hill") == f"{title.title()} Hill"
