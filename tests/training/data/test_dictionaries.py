from pathlib import Path

import pytest

from hayakana_training.data.dictionaries import is_dictionary, read_dictionary
from hayakana_training.data.pairs import DICTIONARY_COUNT, read_pairs

ENAMDICT = """\
　？？？ /ENAMDICT - Japanese Proper Name Dictionary File/
アテネ /(p) Athinai/Athens/
ジョイスメイナード /(h) Joyce Maynard/
ロータリー・クラブ /(o) Rotary Club/
アーノンクール /(h) Nikolaus Harnoncourt/
大谷 [おおたに] /(s) Ootani/
大谷 [おおたに] /(p) Ootani/
尾谷 [おたに] /(s) Otani/
大谷駅 [おおたにえき] /(st) Ootani Station/
エミ莉 [エミり] /(f) Emiri/
ダト /(u) Dato/
not an entry
"""
EDICT = """\
　？？？ /EDICT, EDICT_SUB(P), EDICT2 Japanese-English Electronic Dictionary Files/
バナナ /(n) banana/(P)/
マンション /(n) condominium (often mid-rise) (eng: mansion)/flat/
レア・アイテム /(n) rare item/unusual item/
エトワール /(n) star (fre:)/
タマネギ /(n) (uk) onion (Allium cepa)/
犬 [いぬ] /(n) dog/
ミニセットアップ /(n) (comp) mini-Setup/
２時 [にじ] /(n-t) two o'clock/
"""


@pytest.fixture
def enamdict(tmp_path: Path) -> Path:
    (tmp_path / "enamdict").write_bytes(ENAMDICT.encode("euc_jp"))
    return tmp_path / "enamdict"


@pytest.fixture
def edict(tmp_path: Path) -> Path:
    (tmp_path / "edict").write_bytes(EDICT.encode("euc_jp"))
    return tmp_path / "edict"


def test_names_in_katakana_are_kept_where_the_gloss_is_a_spelling(enamdict: Path) -> None:
    found = read_dictionary(enamdict)
    pairs = {(pair.name, pair.katakana) for pair in found.pairs}
    assert {("athinai", "アテネ"), ("athens", "アテネ"), ("dato", "ダト")} <= pairs
    assert {("joyce", "ジョイス"), ("maynard", "メイナード"), ("rotary", "ロータリー"), ("club", "クラブ")} <= pairs
    assert not [pair for pair in pairs if "アーノンクール" in pair]
    assert {pair.count for pair in found.pairs} == {DICTIONARY_COUNT}
    assert found.kept["names in Katakana"] == 4
    assert found.dropped["no gloss is a spelling of the Katakana"] == 1
    assert found.dropped["not an entry"] == 1


def test_readings_are_kept_of_what_is_a_name(enamdict: Path) -> None:
    found = read_dictionary(enamdict)
    pairs = {(pair.name, pair.katakana) for pair in found.pairs}
    assert {("ōtani", "オオタニ"), ("ohtani", "オオタニ"), ("otani", "オオタニ")} <= pairs
    assert not [name for name, _ in pairs if "station" in name or "eki" in name]
    assert found.dropped["a romanised reading of what is no name"] == 2
    assert found.dropped["a reading that is not Hiragana"] == 1


def test_loanwords_of_english_are_kept(edict: Path) -> None:
    found = read_dictionary(edict)
    assert {(pair.name, pair.katakana) for pair in found.pairs} == {
        ("banana", "バナナ"),
        ("rare", "レア"),
        ("item", "アイテム"),
        ("mini", "ミニ"),
        ("setup", "セットアップ"),
    }
    assert found.dropped["a native word that is usually written in Kana"] == 1
    assert found.dropped["a loanword of another language than English, or coined in Japan"] == 1
    assert found.dropped["no gloss is a spelling of the Katakana"] == 1  # condominium
    assert found.dropped["not a headword in Katakana"] == 2


def test_every_entry_is_kept_or_counted(enamdict: Path, edict: Path) -> None:
    for path, entries in ((enamdict, ENAMDICT), (edict, EDICT)):
        found = read_dictionary(path)
        assert found.kept.total() + found.dropped.total() == entries.count("\n") - 1


def test_a_dictionary_is_told_from_a_file_of_pairs(enamdict: Path, edict: Path, pairs_file: Path) -> None:
    assert is_dictionary(enamdict)
    assert is_dictionary(edict)
    assert not is_dictionary(pairs_file)
    assert read_pairs(pairs_file)[0]
