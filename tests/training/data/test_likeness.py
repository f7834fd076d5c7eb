import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana_training.data.likeness import align_parts, likeness


@pytest.mark.parametrize(
    ("name", "katakana"),
    [
        ("peter", "ピーター"),
        ("camus", "カミュ"),
        ("schwarz", "シュヴァルツ"),
        ("alexandra", "アレクサンドラ"),
        ("Łódź", "ウッジ"),
        ("banana", "バナナ"),
        ("aia", "アイア"),
        ("foucault", "フーコー"),
    ],
)
def test_a_spelling_sounds_like_its_katakana(name: str, katakana: str) -> None:
    assert likeness(name, katakana) >= 0.6


@pytest.mark.parametrize(
    ("name", "katakana"),
    [("banana", "ヤヤ"), ("katona", "ヨージェフ"), ("garagiola", "シニア"), ("láng", "アードルフ")],
)
def test_another_word_does_not(name: str, katakana: str) -> None:
    assert likeness(name, katakana) < 0.5


@given(st.text(max_size=12), st.text("アカサタナハマヤラワンァッーヴ", max_size=12))
def test_it_lies_between_0_and_1_and_needs_no_letters(name: str, katakana: str) -> None:
    assert 0 <= likeness(name, katakana) <= 1


@pytest.mark.parametrize(
    ("names", "katakana", "pieces"),
    [
        (["Joyce", "Maynard"], "ジョイスメイナード", ["ジョイス", "メイナード"]),
        (["Lee", "Marvin"], "リーマーヴィン", ["リー", "マーヴィン"]),
        (["Jean", "Baptiste", "Lully"], "ジャンバプティストリュリ", ["ジャン", "バプティスト", "リュリ"]),
        (["Peter"], "ピーター", ["ピーター"]),
    ],
)
def test_parts_written_together_are_cut_apart(names: list[str], katakana: str, pieces: list[str]) -> None:
    assert align_parts(names, katakana, least=0.6) == pieces


def test_what_does_not_align_is_not_cut() -> None:
    assert align_parts(["Nikolaus", "Harnoncourt"], "アーノンクール", least=0.6) is None
    assert align_parts(["A", "B", "C"], "ア", least=0.0) is None


@given(st.lists(st.sampled_from(["mari", "ken", "sato", "abe"]), min_size=1, max_size=3), st.data())
def test_the_pieces_make_the_whole(names: list[str], data: st.DataObject) -> None:
    katakana = data.draw(st.text("マリケンサトアベー", min_size=1, max_size=10))
    pieces = align_parts(names, katakana, least=0.0)
    if pieces is not None:
        assert "".join(pieces) == katakana
        assert len(pieces) == len(names)
