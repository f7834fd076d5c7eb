"""What is read by rule: each rule with what it must not take for one."""

import pytest

from hayakana.names.normalization import normalize
from hayakana.names.parsing import NameParser
from hayakana.names.particles import WORDS
from hayakana.names.parts import canonical_name
from hayakana.names.spelling import KATAKANA_OF_UNITS, LONGEST_BY_CASE, by_case, may_go_by_case
from hayakana.names.titles import TITLES

LATIN = frozenset("abcdefghijklmnopqrstuvwxyz'")


def answers(name: str) -> list[str | None]:
    """By its case, or by the table; None for what the model reads."""
    parts = NameParser(LATIN, limit=20, whole_names=False).parse(name).parts
    return [part.katakana if part.unit is None else KATAKANA_OF_UNITS.get(part.unit) for part in parts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("J. R. R. Tolkien", ["ジェイ", "アール", "アール", None]),
        ("j r r tolkien", ["ジェイ", "アール", "アール", None]),
        ("É. Zola", ["イー", None]),
        ("Malcolm X", [None, "エックス"]),
        ("Rock 'n' Roll", [None, "ン", None]),
        ("ROCK ’N’ ROLL", [None, "ン", None]),
        ("Guns N' Roses", [None, "ン", None]),
        ("Gerard 't Hooft", [None, "ト", None]),
        ("'s-Gravenhage", ["ス", None]),
        ("'S Smith'", ["エス", None]),
        ("'t' Hooft", ["ティー", None]),
        ("'n'", ["エヌ"]),
        ("George V", [None, "ヴィー"]),
        ("JOSE Y GASSET", [None, "ワイ", None]),
        # small words between names
        ("José Ortega y Gasset", [None, None, "イ", None]),
        ("Antoni Gaudí i Cornet", [None, None, "イ", None]),
        ("Thomas à Kempis", [None, "ア", None]),
        ("jose ortega y gasset", [None, None, "ワイ", None]),
        ("e. e. Cummings", ["イー", "イー", None]),
        ("Kim y", [None, "ワイ"]),
        # acronyms
        ("IBM", ["アイビーエム"]),
        ("ＩＢＭ", ["アイビーエム"]),
        ("JFK", ["ジェイエフケイ"]),
        ("BJ Penn", ["ビージェイ", None]),
        ("BJ PENN", ["ビージェイ", None]),
        ("AJ Styles", ["エージェイ", None]),
        ("MC Hammer", ["エムシー", None]),
        ("FBI Anna", ["エフビーアイ", None]),
        ("ibm", [None]),
        ("Ibm", [None]),
        ("USA", [None]),
        ("NASA", [None]),
        ("DUPONT", [None]),
        ("LEE Jae", [None, None]),
        ("NG Andrew", [None, None]),
        ("ANDREW NG", [None, None]),
        ("MC DONALD", [None, None]),
        ("VLK MILOSLAV", [None, None]),
        ("山田 IBM", [None, "アイビーエム"]),
        ("O'B", [None]),
        # titles
        ("Martin Luther King Jr.", [None, None, None, "ジュニア"]),
        ("DR. DRE", ["ドクター", None]),
        ("Mr. T", ["ミスター", "ティー"]),
        ("Mt. st. JOHN", ["マウント", "セント", None]),
        # numerals
        ("Henry VIII", [None, "ハッセイ"]),
        ("JOHN SMITH III", [None, None, "サンセイ"]),
        ("Louis XIV", [None, "ジュウヨンセイ"]),
        ("Charles IV", [None, "ヨンセイ"]),
        ("CHARLES IV", [None, None]),
        ("Xi Jinping", ["シー", "ジンピン"]),
        ("JIN XI", [None, None]),
        ("II", [None]),
        ("John Xx", [None, None]),
        ("Henry viii", [None, "ハッセイ"]),
        ("山田 II", [None, "ニセイ"]),
    ],
)
def test_what_is_read_by_rule(name: str, expected: list[str | None]) -> None:
    found = answers(name)
    assert [None if katakana == "山田" else katakana for katakana in found] == expected


def test_numerals_count() -> None:
    counted = {
        "II": "ニ",
        "IX": "キュウ",
        "XI": "ジュウイッ",
        "XX": "ニジュッ",
        "XXIII": "ニジュウサン",
        "XXX": "サンジュッ",
    }
    for numeral, ordinal in counted.items():
        assert answers(f"Anna {numeral}") == [None, f"{ordinal}セイ"]


def test_titles_words_letters_and_nothing_else_are_in_the_table() -> None:
    assert {unit for unit in KATAKANA_OF_UNITS if len(unit) > 1} == {*TITLES, *WORDS}
    assert all(normalize(unit) == unit for unit in KATAKANA_OF_UNITS)
    assert KATAKANA_OF_UNITS["é"] == KATAKANA_OF_UNITS["e"] == "イー"
    assert "ó" not in KATAKANA_OF_UNITS  # Ó Briain


NAMES = (
    "abd al amr ana an ann anh art ash axl che chu cho dre ed el elk eng erb eva fry gde hsu ibn ike irv jha kwa lee"
    " li mba mfa ngo ng nhu odd ohm oz pla sky sri tse tsu ulf urs xu yi zvi zsa emma kyle ngai pham schmid mbeki"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_names_in_capitals_are_no_acronyms(name: str) -> None:
    for parts in ([name.upper()], [name.upper(), "Anna"], ["Anna", name.upper()], [name.upper(), "ANNA"]):
        assert by_case(canonical_name(" ".join(parts))) == [None] * len(parts)


def test_what_may_go_by_case_is_short() -> None:
    assert may_go_by_case("IBM")
    assert may_go_by_case("II")
    assert not may_go_by_case("ANNA")
    assert not may_go_by_case("X" * (LONGEST_BY_CASE + 1))


def test_whole_name_models_have_no_such_rules() -> None:
    (part,) = NameParser(LATIN | {" "}, limit=20, whole_names=True).parse("J. IBM").parts
    assert part.unit == "j ibm"
