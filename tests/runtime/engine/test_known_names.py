"""Known names in every way in which names are asked for: the same text, with its probability and its origin."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hayakana import Lexicon, ModelFilesError, Transliterator
from hayakana.batch.arrow.answers import Answerer
from hayakana.engine.column import Details
from hayakana.model.folder import load_model
from hayakana.model.manifest import KNOWN_NAMES, MANIFEST
from hayakana.results import Origin

NAMES = {
    "Mori": ("モーリ", 1.0, ["known"]),
    "MORI": ("モーリ", 1.0, ["known"]),
    "Móri Jr": ("モーリ・ジュニア", 1.0, ["known", "rule"]),
    "Kato Tanaka": ("カトー・タナーカ", 0.61, ["known", "known"]),
    "Kato  Tanáka": ("カトー・タナーカ", 0.61, ["known", "known"]),
    "Mori-Kato": ("モリー＝カトー", 1.0, ["known", "known"]),
    "Mori Kato": ("モーリ・カト", None, ["known", "model"]),
    "Tanaka y Mori": ("タナカ・イ・モリ", 1.0, ["known"] * 3),
    "New York": ("ニューヨーク", 0.6, ["known"]),
    "Anna Mori": ("アンナ・モーリ", 0.6, ["known", "known"]),
    "Anna Shin": ("アンナ・シン", 0.6 * 0.73, ["known", "known"]),
    "山田 Mori": ("山田・モーリ", 1.0, ["kept", "known"]),
    "Kato Tanaka Jr.": ("カトウ・タナカ・ジュニア", 0.95**2, ["rule", "rule", "rule"]),
}


@pytest.fixture(scope="module")
def known(known_folder: Path) -> Transliterator:
    with Transliterator(known_folder) as opened:
        yield opened


def test_text_probability_and_origins(known: Transliterator) -> None:
    for names in ([name] for name in NAMES):
        (alone,) = known.transliterate_detailed(names, probabilities=True)
        text, probability, origins = NAMES[alone.name]
        assert list(map(str, alone.origins)) == origins, alone
        assert text in (None, alone.text)
        assert probability is None or alone.probability == pytest.approx(probability)
        assert known(alone.name) == alone.text
        assert str(alone.status) == "ok"


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("cache_size", [0, 4096])
def test_lists_workers_and_arrays_say_what_names_alone_do(known_folder: Path, workers: int, cache_size: int) -> None:
    names = [*NAMES, "", "2Pac"] * 3
    with Transliterator(known_folder) as known:
        alone = [known.transliterate_detailed([name], probabilities=True, candidates=3)[0] for name in names]
    with Transliterator(known_folder, workers=workers, cache_size=cache_size) as transliterator:
        for _ in range(2):
            texts = transliterator.transliterate(names, on_error="empty")
            assert texts == [result.text or "" for result in alone]
            results = transliterator.transliterate_detailed(names, probabilities=True)
            assert [result.origins for result in results] == [result.origins for result in alone]
            probabilities = [result.probability or 0 for result in results]
            np.testing.assert_allclose(probabilities, [result.probability or 0 for result in alone], atol=1e-4)
        for details in (Details(), Details(probabilities=True)):
            answers = Answerer(transliterator, details=details).answers(pa.array(names))
            assert answers.texts.to_pylist() == [result.text for result in alone]


def test_without_known_names_the_model_writes_all(known_folder: Path, tiny: Transliterator) -> None:
    with Transliterator(known_folder, known_names=False) as transliterator:
        assert transliterator.transliterate(list(NAMES)) == tiny.transliterate(list(NAMES))
        assert "known" not in {str(origin) for name in NAMES for origin in origins_of(transliterator, name)}


def origins_of(transliterator: Transliterator, name: str) -> tuple[Origin, ...]:
    return transliterator.transliterate_detailed([name])[0].origins


def test_the_users_lexicon_wins(known_folder: Path) -> None:
    lexicon = Lexicon.of({"Tanaka": "タナ", "Mori-Kato": "モリカト", "Anna": "アナ"})
    with Transliterator(known_folder, lexicon=lexicon) as transliterator:
        for names in (["Kato Tanaka", "Mori-Kato", "Anna Mori"], ["Kato Tanaka", "Mori-Kato", "Anna Mori"] * 5):
            texts = transliterator.transliterate(names)
            assert texts[1:3] == ["モリカト", "アナ・モーリ"]
            assert texts[0].endswith("・タナ")
        assert origins_of(transliterator, "Anna Mori") == (Origin.LEXICON, Origin.KNOWN)
        assert origins_of(transliterator, "Mori-Kato") == (Origin.LEXICON,)


def test_separators_and_styles_are_the_users(known_folder: Path) -> None:
    with Transliterator(known_folder, separator=" ", hyphen="", style="no-final-long") as transliterator:
        assert transliterator("Kato Tanaka") == "カト タナーカ"
        assert transliterator("Mori-Kato") == "モリカト"
        assert transliterator("New York") == "ニューヨーク"


def test_a_kind_turns_the_order_round(known_folder: Path, tiny_folder: Path) -> None:
    for kind, mori, shin in (("person", "モーリ", "シン"), ("place", "モリノ", "シン"), ("word", "モーリ", "シーン")):
        with Transliterator(known_folder, kind=kind) as transliterator:
            assert transliterator.transliterate(["Mori", "Shin"]) == [mori, shin]
    for folder, options in ((tiny_folder, {}), (known_folder, {"known_names": False})):
        with pytest.raises(ValueError, match="kind chooses among known names"):
            Transliterator(folder, kind="place", **options)
    with pytest.raises(ValueError, match="kind must be person or place or word"):
        Transliterator(known_folder, kind="city")


def test_candidates_share_what_is_left(known: Transliterator) -> None:
    assert known.candidates("Mori") == [*known.candidates("Mori", 1)]
    anna = known.candidates("Anna", 4)
    assert (anna[0].text, anna[0].probability) == ("アンナ", pytest.approx(0.6))
    assert len(anna) > 1
    assert len({candidate.text for candidate in anna}) == len(anna)
    assert sum(candidate.probability for candidate in anna) <= 1
    assert [candidate.probability for candidate in anna] == sorted(
        (candidate.probability for candidate in anna), reverse=True
    )
    assert known.candidates("Kato Tanaka")[0].probability == pytest.approx(0.61)
    assert known.explain("Kato Tanaka").text == "カトー・タナーカ"


def test_doubt_goes_by_the_table(known_folder: Path) -> None:
    names = ["Kato Tanaka", "Anna", "Mori"]
    with Transliterator(known_folder, least_probability=0.605) as transliterator:
        assert [str(result.status) for result in transliterator.transliterate_detailed(names)] == ["ok", "unsure", "ok"]
        answers = Answerer(transliterator).answers(pa.array(names * 4))
        assert answers.statuses.to_pylist() == ["ok", "unsure", "ok"] * 4


def test_a_table_that_was_changed_or_is_missing_is_refused(known_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    folder.symlink_to(known_folder)
    content = (known_folder / KNOWN_NAMES).read_bytes()
    manifest = (known_folder / MANIFEST).read_text()
    try:
        (known_folder / KNOWN_NAMES).write_bytes(content[:-1] + b"\0")
        with pytest.raises(ModelFilesError, match=KNOWN_NAMES):
            load_model(folder)
        (known_folder / KNOWN_NAMES).unlink()
        with pytest.raises(ModelFilesError, match=KNOWN_NAMES):
            load_model(folder)
        (known_folder / KNOWN_NAMES).write_bytes(content)
        values = json.loads(manifest)
        del values["known_names"]
        (known_folder / MANIFEST).write_text(json.dumps(values))
        with pytest.raises(ModelFilesError, match="known_names is missing"):
            load_model(folder)
        # A version that has no table would leave it out unsaid.
        (known_folder / MANIFEST).write_text(json.dumps(json.loads(manifest) | {"format_version": 1}))
        with pytest.raises(ModelFilesError, match="is not for format_version 1"):
            load_model(folder)
    finally:
        (known_folder / KNOWN_NAMES).write_bytes(content)
        (known_folder / MANIFEST).write_text(manifest)
