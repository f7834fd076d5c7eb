import dataclasses

from hayakana.names.languages import KIND_TAGS, language_tag, untagged
from hayakana_training.data.pairs import Pair
from hayakana_training.origin.gathering import Gathered
from hayakana_training.origin.places import Entry
from hayakana_training.origin.tagging import last_stage, tagged

PLACE, WORD = KIND_TAGS["place"], KIND_TAGS["word"]
PEOPLE = [Pair(f"pierre{letter}", "ピエール", 3) for letter in "abcdef"]
LISTED = [Pair(f"jean{letter}", "ジャン", 0.25) for letter in "abcdef"]
GATHERED = Gathered(
    people=PEOPLE,
    listed=LISTED,
    words=[Pair("coffee", "コーヒー", 0.25)],
    romaji=[Pair("sakurano", "サクラノ", 0.25)],
    entries=[
        Entry("nantes", "ナント", "place", "FR"),
        Entry("basel", "バーゼル", "place", "CH"),
        Entry("riga", "リガ", "place", "LV"),
        Entry("tea", "ティー", "word"),
        Entry("paris", "パリ", "place"),
    ],
    development=[],
    cities=[],
    held_out=frozenset(),
    problems=[],
)
TOLD = [(pair, "fr") for pair in PEOPLE] + [(LISTED[0], "ru"), (LISTED[1], "et"), (LISTED[2], "zh")]


def test_people_places_and_words_get_their_tags() -> None:
    kept, left_out = tagged(TOLD, GATHERED, seed=1, least_pairs=3)
    french = language_tag("fr")
    assert [entry.pair for entry in kept] == [
        *(Pair(french + pair.name, pair.katakana, pair.count) for pair in PEOPLE),
        *(Pair(tags + "nantes", "ナント", 1) for tags in (PLACE, PLACE + french, french)),
        Pair(PLACE + "basel", "バーゼル", 1),
        Pair(PLACE + "riga", "リガ", 1),
        Pair(WORD + "tea", "ティー", 1),
        Pair(PLACE + "paris", "パリ", 1),
        Pair(WORD + "coffee", "コーヒー", 1),
    ]
    # One name is below the floor; the others are of languages that get no tag.
    assert left_out == {"ru": 1, "et": 1, "zh": 1}


def test_a_language_below_the_floor_loses_its_places_too() -> None:
    kept, left_out = tagged(TOLD, GATHERED, seed=1, least_pairs=8)
    assert left_out["fr"] == 7
    assert not [entry for entry in kept if language_tag("fr") in entry.pair.name]
    assert PLACE + "nantes" in [entry.pair.name for entry in kept]


def test_a_name_that_languages_write_otherwise_counts_more_but_in_english() -> None:
    told = [
        (Pair("charles", "シャルル", 9), "fr"),
        (Pair("charles", "チャールズ", 20), "en"),
        (Pair("anna", "アンナ", 5), "fr"),
        (Pair("anna", "アンナ", 5), "en"),
        (Pair("luc", "リュック", 0.25), "fr"),
        (Pair("luc", "リュク", 2), "fr"),
        (Pair("jack", "ジャック", 30), "en"),
    ]
    found, _ = tagged(told, dataclasses.replace(GATHERED, entries=[], words=[]), seed=1, least_pairs=3)
    assert [(untagged(entry.pair.name), entry.language, entry.pair.count) for entry in found] == [
        ("charles", "fr", 36),
        ("charles", "en", 20),
        ("anna", "fr", 5),
        ("anna", "en", 5),
        ("luc", "fr", 1),
        ("luc", "fr", 2),
        ("jack", "en", 30),
    ]


def test_languages_that_spelling_does_not_tell_apart_share_their_names() -> None:
    told = [(Pair(f"ivan{place}", "イヴァン"), "ru") for place in range(400)]
    names = [entry.pair.name for entry in tagged(told, GATHERED, seed=1, least_pairs=3)[0]]
    shares = [sum(name.startswith(language_tag(language)) for name in names) for language in ("ru", "uk", "bg")]
    assert sum(shares) == 400
    assert shares[0] > shares[1] > 60
    assert names == [entry.pair.name for entry in tagged(told, GATHERED, seed=1, least_pairs=3)[0]]
    assert names != [entry.pair.name for entry in tagged(told, GATHERED, seed=2, least_pairs=3)[0]]


def test_the_last_stage_sees_all_kinds_of_names() -> None:
    pairs = [entry.pair for entry in tagged(TOLD, GATHERED, seed=1, least_pairs=3)[0]]
    japanese = Pair(language_tag("ja") + "sakurano", "サクラノ", 0.25)
    stage = last_stage(GATHERED, [*pairs, japanese], seed=1)
    assert {*PEOPLE, *GATHERED.romaji, *LISTED[::3], Pair("nantes", "ナント", 0.25), Pair("tea", "ティー", 0.25)} < {
        *stage
    }
    assert not {LISTED[1], LISTED[2], Pair("paris", "パリ", 0.25), japanese} & {*stage}
    assert {*pairs} < {*stage}
    fewer = last_stage(GATHERED, pairs, seed=1, most_by_kind=2, most_by_language=0)
    with_tags = [pair for pair in fewer if untagged(pair.name) != pair.name]
    # Pairs of people stay; of the others as many as there is room for.
    assert len(with_tags) == len(PEOPLE) + 2
    without_entries = dataclasses.replace(GATHERED, entries=[])
    assert last_stage(without_entries, [], seed=1) == [*PEOPLE, *GATHERED.romaji, *LISTED[::3]]
