from hayakana_training.data import romaji
from hayakana_training.data.romaji import japanese_name_pairs


def test_a_spelling_goes_to_the_most_frequent_reading() -> None:
    pairs = romaji.pairs({"オタニ": 3, "オオタニ": 40})
    assert {pair.name: pair.katakana for pair in pairs} == dict.fromkeys(
        ("otani", "ōtani", "ootani", "ohtani"), "オオタニ"
    )


def test_generated_names_have_one_reading_each() -> None:
    pairs = japanese_name_pairs()
    references = {pair.name: pair.katakana for pair in pairs}
    assert len(references) == len(pairs) > 5_000
    assert [references[name] for name in ("utada", "hikaru", "ohtani", "ōtani", "yuko", "yamamoto")] == [
        "ウタダ",
        "ヒカル",
        "オオタニ",
        "オオタニ",
        "ユウコ",
        "ヤマモト",
    ]
