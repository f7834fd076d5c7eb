"""Probabilities and candidates: what they are, and that they are the same however names are decoded."""

import itertools
import math
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import engine_with, in_windows

from hayakana import (
    Candidate,
    ClosedError,
    EmptyNameError,
    Lexicon,
    NameTooLongError,
    Status,
    Transliteration,
    Transliterator,
    UnfinishedNameError,
    UnreadableNameError,
)
from hayakana.decoding.greedy import greedy, log_softmax
from hayakana.engine.column import Details
from hayakana.engine.engine import Engine
from hayakana.engine.options import Options
from hayakana.model.folder import load_model
from hayakana.sessions.opening import open_sessions

TOLERANCE = 1e-4

LEXICON = Lexicon.of(
    {"2Pac": "ツーパック", "Sato": "サトー", "kato mori": "カトモリ", "山田": "ヤマダ", "k" * 25: "ク"}
)


@pytest.fixture(scope="module", params=["tiny", "seed", "tiny and a lexicon", "seed and a lexicon"])
def one_of_each(request: pytest.FixtureRequest, tiny_folder: Path) -> Iterator[Transliterator]:
    """A model whose unit is the part, and one whose unit is the name; nothing is remembered, so all is decoded."""
    model, *lexicon = request.param.split(" and ")
    with Transliterator(
        tiny_folder if model == "tiny" else "seed", cache_size=0, lexicon=LEXICON if lexicon else None
    ) as transliterator:
        yield transliterator


@pytest.fixture(scope="module")
def listed(tiny_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tiny_folder, lexicon=LEXICON) as transliterator:
        yield transliterator


def assert_same(results: list[Transliteration], expected: list[Transliteration]) -> None:
    for result, same in zip(results, expected, strict=True):
        assert (result.name, result.text, result.status) == (same.name, same.text, same.status)
        assert result.probability == (None if same.probability is None else pytest.approx(same.probability, abs=1e-4))
        assert [one.text for one in result.candidates] == [one.text for one in same.candidates]
        probabilities = [one.probability for one in same.candidates]
        assert [one.probability for one in result.candidates] == pytest.approx(probabilities, abs=TOLERANCE)


NAMES = st.lists(
    st.text(st.sampled_from("aikmnorst'é -"), max_size=12)
    | st.sampled_from(["Mori Kato", "2Pac", "", "k" * 25, "山田 太郎", "mori 山田", "Kato-Sato", "mori mori"])
    | st.sampled_from(
        ["J. Mori", "TK Mori", "MORI TK", "Mori II", "Mori y Kato", "Dr. Sato", "Kato  MORI", "2pac-sato"]
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(NAMES, st.integers(1, 9), st.integers(0, 4), st.booleans(), st.randoms())
def test_no_window_order_or_repeat_changes_anything(
    one_of_each: Transliterator,
    names: list[str],
    window: int,
    candidates: int,
    probabilities: bool,
    shuffling: random.Random,
) -> None:
    plain = {name: one_of_each.transliterate_detailed([name])[0] for name in names}
    alone = {
        name: one_of_each.transliterate_detailed([name], probabilities=probabilities, candidates=candidates)[0]
        for name in names
    }
    for name, result in alone.items():
        assert (result.text, result.status) == (plain[name].text, plain[name].status)
        assert (result.probability is not None) == (probabilities and result.text is not None)
        assert bool(result.candidates) == (candidates > 0 and result.text is not None)
    shuffled = names * 2
    shuffling.shuffle(shuffled)
    results = in_windows(one_of_each, shuffled, Details(probabilities, candidates), window=window)
    assert_same(results, [alone[name] for name in shuffled])


WORDS = ["".join(letters) for letters in itertools.product("kmst", "aio", "nr", "ai")]
BY_RULE_OR_LEXICON = ["J. R. Mori", "IBM", "Mori TK", "Dr. Kato", "Mori II", "Kato y Mori", "2PAC Sato", "kato mori"]
LIST = [*WORDS, "Mori Tanaka", "kato-sato mori", "2Pac", "", "山田 太郎", "Mori 山田", "a" * 25, *WORDS[:5]]
LIST += BY_RULE_OR_LEXICON


@pytest.mark.slow
@pytest.mark.parametrize("has_lexicon", [False, True])
@pytest.mark.parametrize("options", [{"batch_size": 1}, {"batch_size": 7}, {"cache_size": 20}, {"workers": 2}], ids=str)
def test_no_option_changes_anything(
    tiny: Transliterator,
    listed: Transliterator,
    tiny_folder: Path,
    options: dict[str, int],
    has_lexicon: bool,
) -> None:
    tiny = listed if has_lexicon else tiny
    expected = tiny.transliterate_detailed(LIST, probabilities=True, candidates=3)
    with Transliterator(tiny_folder, lexicon=LEXICON if has_lexicon else None, **options) as other:
        for _ in range(2):  # The second time from the cache, if there is one.
            assert_same(other.transliterate_detailed(LIST, probabilities=True, candidates=3), expected)
            texts = [result.text for result in expected]
            assert [result.text for result in other.transliterate_detailed(LIST)] == texts
        assert [one.text for one in other.candidates("mori kato", 3)] == [
            one.text for one in tiny.candidates("mori kato", 3)
        ]


def test_states_on_a_device_change_nothing(tiny: Transliterator, tiny_folder: Path) -> None:
    """The form of the graphs that CUDA has, on the CPU."""
    expected = tiny.transliterate_detailed(LIST, probabilities=True, candidates=3)
    bound = Engine(Options(str(tiny_folder), batch_size=9), sessions_of=partial(open_sessions, bound=True))
    assert_same(bound.transliterate_window(LIST, Details(probabilities=True, candidates=3)).detailed(LIST), expected)
    texts = [candidate.text for candidate in tiny.candidates("mori kato", 3)]
    assert [candidate.text for candidate in bound.candidates("mori kato", 3)] == texts


def test_the_probability_of_a_text_is_that_of_its_tokens(tiny: Transliterator, tiny_folder: Path) -> None:
    model = load_model(tiny_folder)
    sessions = open_sessions(model, device="cpu")
    for names in (["mori"], ["mori", "kato", "sato", "tana"], [word for word in WORDS if len(word) == 4]):
        results = tiny.transliterate_detailed(names, probabilities=True)
        source_ids = model.source_vocabulary.encode(names)
        decoded = greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=24, fetch=("logits",))
        for row, result in enumerate(results):
            tokens = [*decoded.target_ids[row, : decoded.lengths[row]], 2]
            logarithms = log_softmax(decoded.fetched["logits"][row])
            expected = math.exp(sum(logarithms[step, token] for step, token in enumerate(tokens)))
            assert result.probability == pytest.approx(expected, abs=1e-6)


def test_the_probability_of_a_name_is_the_product_of_its_parts(tiny: Transliterator) -> None:
    names = [
        "mori",
        "kato",
        "tanaka",
        "mori kato",
        "Kato-Mori  Tanaka",
        "mori mori",
        "山田 kato",
        "山田・太郎",
        "!mori",
    ]
    for some in (names, names * 3):
        results = tiny.transliterate_detailed(some, probabilities=True)
        mori, kato, tanaka, *products = (result.probability for result in results[: len(names)])
        expected = [mori * kato, kato * mori * tanaka, mori * mori]
        # What is kept is no question.
        assert products == pytest.approx([*expected, kato, 1, mori], abs=1e-6)


def test_candidates_are_different_and_the_most_probable_comes_first(one_of_each: Transliterator) -> None:
    for name in ("mori", "Kato Tanaka", "shin'a-mori", "mori mori"):
        for n in (1, 2, 5, 20):
            found = one_of_each.candidates(name, n)
            assert 1 <= len(found) <= n
            assert len({one.text for one in found}) == len(found)
            probabilities = [one.probability for one in found]
            assert probabilities == sorted(probabilities, reverse=True)
            assert sum(probabilities) <= 1 + 1e-6
            (result,) = one_of_each.transliterate_detailed([name], probabilities=True, candidates=n)
            assert list(result.candidates) == found
            # Beam search finds the greedy text or something better.
            assert probabilities[0] >= result.probability - TOLERANCE
    assert len(one_of_each.candidates("mori")) == 5


def test_candidates_of_a_name_are_the_best_products(tiny: Transliterator) -> None:
    first, second = tiny.candidates("mori", 6), tiny.candidates("kato", 6)
    products = sorted(
        ((a.probability * b.probability, f"{a.text}・{b.text}") for a in first for b in second), reverse=True
    )
    found = tiny.candidates("mori kato", 6)
    assert [one.text for one in found] == [text for _, text in products[:6]]
    assert [one.probability for one in found] == pytest.approx([value for value, _ in products[:6]])


def test_separators_are_those_that_were_chosen(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, separator=" ", hyphen="") as transliterator:
        assert transliterator.candidates("Kato-Sato Mori", 1)[0].text == "カトサト モリ"
    with Transliterator("seed") as whole:
        texts = [one.text for one in whole.candidates("Jean-Luc Picard", 3)]
        assert all("＝" in text and "・" in text for text in texts)


def test_what_is_kept_is_its_only_candidate(tiny: Transliterator) -> None:
    assert tiny.candidates("山田 太郎") == [Candidate("山田 太郎", 1.0)]
    (kept,) = tiny.transliterate_detailed(["山田 太郎"], probabilities=True, candidates=3)
    assert (kept.status, kept.probability, kept.candidates) == (Status.KEPT, 1.0, (Candidate("山田 太郎", 1.0),))
    assert [one.text for one in tiny.candidates("Mori 山田", 3)] == [
        f"{one.text}・山田" for one in tiny.candidates("mori", 3)
    ]


CERTAIN = {
    "2PAC": ("ツーパック", Status.LEXICON),
    "sato 2Pac": ("サトー・ツーパック", Status.LEXICON),
    "Kato  MORI": ("カトモリ", Status.LEXICON),
    "山田 太郎": ("ヤマダ・太郎", Status.LEXICON),
    "k" * 25: ("ク", Status.LEXICON),
    "太郎 次郎": ("太郎 次郎", Status.KEPT),
    "J.-Sato": ("ジェイ・サトー", Status.OK),
    "É": ("イー", Status.OK),
    "IBM": ("アイビーエム", Status.OK),
    "Dr. Sato": ("ドクター・サトー", Status.OK),
    "sato-sato II": ("サトー＝サトー・ニセイ", Status.OK),
}


def test_what_no_model_writes_is_certain_and_its_only_candidate(listed: Transliterator) -> None:
    names = list(CERTAIN)
    for some in (*([name] for name in names), names, [*WORDS, *names, *names]):
        results = listed.transliterate_detailed(some, probabilities=True, candidates=3)
        for result in (result for result in results if result.name in CERTAIN):
            assert (result.text, result.status) == CERTAIN[result.name]
            assert (result.probability, result.candidates) == (1.0, (Candidate(result.text, 1.0),))
    for name, (text, _) in CERTAIN.items():
        assert listed.candidates(name) == [Candidate(text, 1.0)]


def test_whole_names_from_the_lexicon_are_certain() -> None:
    with Transliterator("seed", lexicon=LEXICON) as whole:
        for names in (["Kato Mori"], ["Kato Mori", "Sato", "2pac"] * 4):
            results = whole.transliterate_detailed(names, probabilities=True, candidates=2)
            assert {(one.status, one.probability, len(one.candidates)) for one in results} == {(Status.LEXICON, 1.0, 1)}
            assert [one.candidates[0].text for one in results] == [one.text for one in results]
        assert whole.candidates("2pac") == [Candidate("ツーパック", 1.0)]
        assert len(whole.candidates("Kato Tanaka", 3)) == 3


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("J. Mori", "ジェイ・{}"),
        ("mori-sato", "{}＝サトー"),
        ("2Pac Mori", "ツーパック・{}"),
        ("Mori 山田", "{}・ヤマダ"),
        ("Mori 太郎", "{}・太郎"),
        ("TK Mori III", "ティーケイ・{}・サンセイ"),
        ("Sato y Mori", "サトー・イ・{}"),
        ("Dr. Mori", "ドクター・{}"),
    ],
)
def test_beside_what_is_certain_a_part_is_what_it_is_alone(listed: Transliterator, name: str, written: str) -> None:
    (mori,) = listed.transliterate_detailed(["mori"], probabilities=True, candidates=4)
    assert len(mori.candidates) == 4
    for names in ([name], [*WORDS, name]):
        *_, result = listed.transliterate_detailed(names, probabilities=True, candidates=4)
        assert (result.text, result.status) == (written.format(mori.text), Status.OK)
        assert result.probability == pytest.approx(mori.probability, abs=TOLERANCE)
        assert [one.text for one in result.candidates] == [written.format(one.text) for one in mori.candidates]
        probabilities = [one.probability for one in mori.candidates]
        assert [one.probability for one in result.candidates] == pytest.approx(probabilities, abs=TOLERANCE)
    assert [one.text for one in listed.candidates(name, 4)] == [written.format(one.text) for one in mori.candidates]


ENTRIES = st.dictionaries(
    st.lists(st.sampled_from(["mori", "kato", "2pac", "山田", "j", "ibm", "7"]), min_size=1, max_size=2).map(" ".join),
    st.text("アイカ・", min_size=1, max_size=3),
    max_size=4,
)
PARTS = st.sampled_from(["mori", "Kato", "sato", "2Pac", "山田", "J", "y", "IBM", "TK", "II", "Jr.", "7", "n'a"])
SEVERAL = st.lists(PARTS, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", "-"]).map(lambda sign: sign.join(parts))
)


@settings(max_examples=40)
@given(st.lists(SEVERAL, max_size=6), ENTRIES, st.integers(0, 3), st.randoms())
def test_no_lexicon_makes_a_difference_to_what_asking_for_more_changes(
    tiny_folder: Path, names: list[str], entries: dict[str, str], candidates: int, shuffling: random.Random
) -> None:
    names = [*names, *entries]
    with Transliterator(tiny_folder, cache_size=8, lexicon=Lexicon.of(entries)) as transliterator:
        plain = {name: transliterator.transliterate_detailed([name])[0] for name in names}
        alone = {
            name: transliterator.transliterate_detailed([name], probabilities=True, candidates=candidates)[0]
            for name in names
        }
        shuffled = names * 3
        shuffling.shuffle(shuffled)
        results = transliterator.transliterate_detailed(shuffled, probabilities=True, candidates=candidates)
    assert_same(results, [alone[name] for name in shuffled])
    for name, result in alone.items():
        assert (result.text, result.status) == (plain[name].text, plain[name].status)
        if result.status in (Status.LEXICON, Status.KEPT):
            assert result.probability == 1
            assert result.candidates == ((Candidate(result.text, 1.0),) if candidates else ())


@pytest.mark.parametrize(
    ("name", "error"), [("", EmptyNameError), ("2Pac", UnreadableNameError), ("a" * 25, NameTooLongError)]
)
def test_what_cannot_be_read(tiny: Transliterator, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        tiny.candidates(name)
    for names in ([name], [name, *WORDS]):
        result, *_ = tiny.transliterate_detailed(names, probabilities=True, candidates=3)
        assert (result.text, result.probability, result.candidates) == (None, None, ())


def test_as_many_candidates_as_can_be_asked_for(tiny: Transliterator) -> None:
    found = tiny.candidates("mori", 1_000)
    assert len({one.text for one in found}) == len(found) <= 1_000
    assert [one.text for one in found[:5]] == [one.text for one in tiny.candidates("mori", 5)]


def test_wrong_options_are_refused(tiny: Transliterator) -> None:
    for n in (0, -1, 1.5, "2", None, 1_001, 10**20):
        with pytest.raises(ValueError, match="n must be a number of at least 1 and at most 1,000"):
            tiny.candidates("mori", n)
    for candidates in (-1, 1_001):
        with pytest.raises(ValueError, match="candidates must be a number of at least 0 and at most 1,000"):
            tiny.transliterate_detailed(["mori"], candidates=candidates)
    with pytest.raises(TypeError, match="must be a str"):
        tiny.candidates(7)


def test_a_closed_transliterator_says_so(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder) as transliterator:
        assert transliterator.candidates("mori", 1)
    with pytest.raises(ClosedError):
        transliterator.candidates("mori")
    with pytest.raises(ClosedError):
        transliterator.transliterate_detailed(["mori"], candidates=1)


def test_a_search_that_finds_nothing_is_an_error(tiny_folder: Path) -> None:
    endless = open_sessions(load_model(tiny_folder), device="cpu").search_step

    def never_ends(*arguments: object, **options: object) -> object:
        output = endless(*arguments, **options)
        output.logits[:, 2] = -1e9
        return output

    engine = engine_with(tiny_folder, cache_size=0, search_step=never_ends)
    with pytest.raises(UnfinishedNameError, match="did not finish 'mori' within 9 Kana"):
        engine.candidates("山田 mori", 5)
    # Greedy decoding did finish it.
    (result,) = engine.transliterate_window(["mori"], Details(candidates=2)).detailed(["mori"])
    assert (result.text, result.candidates) == ("モリ", ())


def test_a_name_that_is_not_finished_has_neither(tiny_folder: Path) -> None:
    engine = engine_with(tiny_folder, cache_size=0)
    names = ["mori kato", "sato", "tana"] * 4
    engine._units.scored = lambda units: [
        (None, math.nan) if unit == "kato" else (unit.upper(), -1.0) for unit in units
    ]
    results = engine.transliterate_window(names, Details(probabilities=True, candidates=1)).detailed(names)
    assert [result.status for result in results[:3]] == [Status.UNFINISHED, Status.OK, Status.OK]
    assert (results[0].probability, results[0].candidates) == (None, ())
    assert results[1].probability == pytest.approx(math.exp(-1))
