import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import engine_with
from tests.slots import opened_slots

from hayakana import (
    ClosedError,
    EmptyNameError,
    ModelNotFoundError,
    NameTooLongError,
    Status,
    Transliterator,
    UnfinishedNameError,
    UnreadableNameError,
)
from hayakana.decoding.states import StepOutput
from hayakana.model.folder import load_model
from hayakana.model.vocabulary import EOS_ID
from hayakana.names.parsed import ParsedName
from hayakana.names.parsing import NameParser

KNOWN = {
    "Tanaka Mori": "タナカ・モリ",
    "tanaka": "タナカ",
    "Kato-Sato": "カト＝サト",
    "SHIN'A": "シンア",
    "Mori 山田": "モリ・山田",
    "ピーター・パーカー": "ピーター・パーカー",
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_answers(tiny: Transliterator, name: str) -> None:
    assert tiny(name) == KNOWN[name]


def test_a_list_keeps_its_order_and_its_repeats(tiny: Transliterator) -> None:
    names = [*KNOWN, "tanaka", *reversed(KNOWN)]
    assert tiny.transliterate(names) == [KNOWN[name] for name in names]
    assert tiny.transliterate(iter(names)) == [KNOWN[name] for name in names]
    assert tiny.transliterate([]) == []


NAMES = st.lists(st.text("aikmnorst'é -", max_size=12), max_size=20)


@settings(max_examples=60)
@given(NAMES, st.integers(1, 8), st.randoms())
def test_batch_size_order_and_repeats_change_nothing(
    tiny: Transliterator, tiny_folder: Path, names: list[str], batch_size: int, shuffling: random.Random
) -> None:
    expected = {name: tiny.transliterate_detailed([name])[0] for name in names}
    shuffled = names * 2
    shuffling.shuffle(shuffled)
    with Transliterator(tiny_folder, batch_size=batch_size) as small:
        for result, name in zip(small.transliterate_detailed(shuffled), shuffled, strict=True):
            assert (result.name, result.text, result.status) == (
                name,
                expected[name].text,
                expected[name].status,
            )


@given(st.lists(st.text(), max_size=5))
def test_any_text_gives_one_result(tiny: Transliterator, names: list[str]) -> None:
    results = tiny.transliterate_detailed(names)
    assert [result.name for result in results] == names
    for result in results:
        fine = result.status in (Status.OK, Status.KEPT, Status.LEXICON)
        assert (result.text is not None) == fine
        assert (result.error is None) == fine


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("", Status.EMPTY, EmptyNameError),
        (" -.- ", Status.EMPTY, EmptyNameError),
        ("2Pac", Status.UNREADABLE, UnreadableNameError),
        ("Peter 😀", Status.UNREADABLE, UnreadableNameError),
        ("a\udcffb", Status.UNREADABLE, UnreadableNameError),
        ("Mori山", Status.UNREADABLE, UnreadableNameError),
        ("Ιωάννης", Status.UNREADABLE, UnreadableNameError),
        ("a" * 25, Status.TOO_LONG, NameTooLongError),
        ("a" * 10_000, Status.TOO_LONG, NameTooLongError),
    ],
)
def test_what_cannot_be_read(tiny: Transliterator, name: str, status: Status, error: type[ValueError]) -> None:
    (result,) = tiny.transliterate_detailed([name])
    assert (result.name, result.text, result.status) == (name, None, status)
    with pytest.raises(error) as caught:
        tiny(name)
    assert isinstance(caught.value, ValueError)
    assert tiny(name, on_error="keep") == name
    assert tiny(name, on_error="empty") == ""
    with pytest.raises(error):
        tiny.transliterate(["Mori", name])
    assert tiny.transliterate(["Mori", name], on_error="keep") == ["モリ", name]


@pytest.mark.parametrize("length", [1, 23, 24])
def test_names_up_to_the_limit_are_read(tiny: Transliterator, length: int) -> None:
    (result,) = tiny.transliterate_detailed(["a" * length])
    assert result.status in (Status.OK, Status.UNFINISHED)


def test_a_name_of_many_parts_has_no_limit(tiny: Transliterator) -> None:
    assert tiny(" ".join(["mori"] * 2_000)) == "・".join(["モリ"] * 2_000)


class EndlessStep:
    """Says one token for ever."""

    compacts = True

    def __init__(self, token: int) -> None:
        self._next = token

    def __call__(
        self, previous_ids: np.ndarray, state: object, encoded: object, *, fetch: tuple[str, ...] = ()
    ) -> object:
        weights = np.ones((len(previous_ids), 1), np.float32) if fetch else None
        return StepOutput(np.full_like(previous_ids, self._next), state, attention_weights=weights)


class EndlessSlots:
    """Say one token for ever, or once and then the end, if ``ends``."""

    def __init__(self, count: int, token: int, *, ends: bool) -> None:
        self._ids, self._next = np.full(count, token), EOS_ID if ends else token

    def write(self, *_: object) -> None:
        pass

    def keep(self, slots: np.ndarray) -> None:
        self._ids = self._ids[: len(slots)]

    def step(self) -> np.ndarray:
        ids, self._ids = self._ids, np.full_like(self._ids, self._next)
        return ids


def token_id(folder: Path, token: str) -> int:
    return load_model(folder).target_vocabulary.tokens.index(token)


@pytest.mark.parametrize(("token", "ends"), [("ン", False), ("<eos>", False), ("<pad>", True), ("<bos>", True)])
def test_what_slots_say_without_end_or_without_text_is_a_status(tiny_folder: Path, token: str, ends: bool) -> None:
    index = token_id(tiny_folder, token)
    for names in (["mori"], ["mori", "kato", "sato", "tana"] * 5):
        engine = engine_with(
            tiny_folder,
            open_slots=lambda count, _, **_logits: EndlessSlots(count, index, ends=ends),
            slot_of_one=lambda _, **_logits: EndlessSlots(1, index, ends=ends),
        )
        results = engine.transliterate_window(names).detailed(names)
        assert {(result.status, result.text) for result in results} == {(Status.UNFINISHED, None)}


@pytest.mark.parametrize("token", ["ン", "<eos>", "<pad>", "<bos>"])
def test_a_decode_without_end_or_without_text_is_a_status(tiny_folder: Path, token: str) -> None:
    step = EndlessStep(token_id(tiny_folder, token))
    engine = engine_with(tiny_folder, decoder_step=step, open_slots=None, slot_of_one=None)
    column = engine.transliterate_window(["mori"])
    (result,) = column.detailed(["mori"])
    assert (result.status, result.text) == (Status.UNFINISHED, None)
    with pytest.raises(UnfinishedNameError, match="did not finish 'mori' within 9 Kana"):
        column.resolved(["mori"], on_error="raise")
    with pytest.raises(UnfinishedNameError):
        engine.explain("mori")
    assert engine.transliterate_window(["山田"]).texts == ["山田"]


@pytest.mark.parametrize("name", [None, b"Mori", 7, ["Mori"]])
def test_a_name_is_a_string(tiny: Transliterator, name: object) -> None:
    with pytest.raises(TypeError, match=f"must be a str, not {type(name).__name__}"):
        tiny(name)
    with pytest.raises(TypeError, match="must be a str"):
        tiny.transliterate(["Mori", name])


@pytest.mark.parametrize("names", ["Mori", b"Mori", None, 7])
def test_names_are_an_iterable(tiny: Transliterator, names: object) -> None:
    with pytest.raises(TypeError, match="call it with"):
        tiny.transliterate(names)


def test_separators_can_be_chosen(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder, separator=" ", hyphen="") as transliterator:
        assert transliterator("Kato-Sato Mori") == "カトサト モリ"


def test_wrong_options_are_refused(tiny_folder: Path) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        Transliterator(tiny_folder, batch_size=0)
    with pytest.raises(ValueError, match="batch_size"):
        Transliterator(tiny_folder, batch_size=1.5)
    for options in ({"separator": None}, {"hyphen": b"-"}, {"model": None}):
        with pytest.raises(TypeError, match="must be"):
            Transliterator(**{"model": tiny_folder, **options})
    with pytest.raises(ValueError, match="device"):
        Transliterator(tiny_folder, device="gpu")
    with pytest.raises(ModelNotFoundError):
        Transliterator("no-such-model")
    with pytest.raises(ValueError, match="own ・ and ＝"):
        Transliterator("seed", separator=" ")


def test_on_error_has_three_values(tiny: Transliterator) -> None:
    with pytest.raises(ValueError, match="raise, keep or empty"):
        tiny("mori", on_error="ignore")


def test_a_closed_transliterator_says_so(tiny_folder: Path) -> None:
    with Transliterator(tiny_folder) as transliterator:
        assert transliterator("mori") == "モリ"
    for names in ([], ["mori"], ["mori"] * 20):
        with pytest.raises(ClosedError):
            transliterator.transliterate(names)
    transliterator.close()


def test_the_device_is_there(tiny: Transliterator) -> None:
    assert tiny.device == "cpu"
    assert repr(tiny) == "<Transliterator model='tiny'>"


@pytest.mark.parametrize("model", ["default", "fast"])
def test_a_device_that_was_chosen_decodes_as_many_at_once_as_the_one_that_was_named(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = opened_slots(monkeypatch)
    names = ["".join(letters) for letters in itertools.product("abcdefghi", repeat=3)]
    slots = {}
    for device in ("cpu", "auto"):
        with Transliterator(model, device=device, known_names=False) as transliterator:
            assert transliterator.device == "cpu"
            transliterator.transliterate(names)
        slots[device] = opened.copy()
        opened.clear()
    assert slots["auto"] == slots["cpu"]
    assert max(slots["cpu"]) == {"default": 128, "fast": 512}[model]


@pytest.mark.parametrize(
    "option", [{"workers": 10**6}, {"workers": 0}, {"batch_size": 10**30}, {"cache_size": 10**30}, {"cache_size": -1}]
)
def test_numbers_out_of_bounds_are_refused(tiny_folder: Path, option: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be a number of at least"):
        Transliterator(tiny_folder, **option)
    with pytest.raises(ValueError, match="a number of many digits"):
        Transliterator(tiny_folder, **dict.fromkeys(option, 10**5000))


@pytest.mark.parametrize("names", [{"Mori": 1}, {"Mori"}, frozenset(["Mori"])])
def test_names_without_an_order_are_refused(tiny: Transliterator, names: object) -> None:
    with pytest.raises(TypeError, match="names must be in an order"):
        tiny.transliterate(names)


def test_keys_and_values_of_a_dict_have_an_order(tiny: Transliterator) -> None:
    names = {"Mori": "Tanaka", "Kato": "Mori"}
    assert tiny.transliterate(names.keys()) == ["モリ", "カト"]
    assert tiny.transliterate(names.values()) == ["タナカ", "モリ"]


def test_a_name_is_read_once_for_its_candidates(tiny: Transliterator, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{first} {second}" for first in ("Mori", "Kato", "Sato") for second in ("Tanaka", "Abe", "Ueda")]
    read: list[str] = []
    of_class = NameParser.parse

    def parsed(parser: NameParser, name: str, language: str) -> ParsedName:
        read.append(name)
        return of_class(parser, name, language)

    monkeypatch.setattr(NameParser, "parse", parsed)
    tiny.transliterate_detailed([*names, "2Pac"], candidates=2)
    assert read == [*names, "2Pac"]


@pytest.mark.parametrize("name", ["ア" * 60_000, "ア" * 4_097, "mori " * 1_000])
def test_a_name_that_is_too_long_to_show_is_not_explained(tiny: Transliterator, name: str) -> None:
    with pytest.raises(NameTooLongError, match="at most 4,096 are shown"):
        tiny.explain(name)
    assert tiny.explain(name[:4_096].strip()).name == name[:4_096].strip()
