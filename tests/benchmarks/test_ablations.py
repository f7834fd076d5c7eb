"""Every side of the ablations gives the engine's strings; every graph gives the exported one's ids and states."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import pytest
from benchmarks.ablations import GROUPS, ONE_BY_ONE, SEARCH, Bench, one_by_one, other_batches
from benchmarks.engines import Engine, open_engine
from benchmarks.integers import quantize
from benchmarks.rounds import summary
from benchmarks.samples import distinct_parts
from benchmarks.sides.steps import Step, compare, rows_under_way
from benchmarks.standins import CHANGES
from benchmarks.variants import LAYOUTS, Weights, decoder_step, read_weights, unfolded_steps, value_projection
from tests.slots import opened_slots

from hayakana import ModelFilesError, Transliterator
from hayakana.model.folder import Model, bundled_models, load_model
from hayakana.model.manifest import DECODER_STEP
from hayakana_training.runs import open_run

FOLDERS = {**bundled_models(), "tiny": Path(__file__).parent.parent / "tiny_model"}
NAMES = [name.lower() for name in distinct_parts(400, seed=2)]
ENGINE = Engine(slots=16)
"""Few slots, so that they are filled again and dropped at the end."""


@pytest.fixture(scope="module")
def seed() -> Model:
    return load_model(FOLDERS["seed"])


@pytest.fixture(scope="module")
def texts(seed: Model) -> list[str | None]:
    with Transliterator("seed") as transliterator:
        return list(transliterator.transliterate(NAMES))


@pytest.fixture(scope="module", params=["tiny", "seed", "default"])
def weighed(request: pytest.FixtureRequest) -> tuple[Model, Weights]:
    folder = FOLDERS[request.param]
    return load_model(folder), read_weights(open_run(folder / "training").model)


def units_of(model: Model, *, length: int) -> tuple[str, ...]:
    """Forty units of characters that the model knows."""
    known = [character for character in model.source_vocabulary.characters if character.isalpha()]
    rows = np.random.default_rng(0).choice(known, size=(40, length))
    return tuple("".join(row) for row in rows)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_ids_and_states_of_the_exported_step(
    weighed: tuple[Model, Weights], layout: str
) -> None:
    model, weights = weighed
    inputs = dict(rows_under_way(model, units_of(model, length=7)))
    inputs |= Step(value_projection(weights).SerializeToString(), inputs).run(1)
    expected = Step(model.graphs[DECODER_STEP], inputs).run(1)
    found = compare(expected, Step(decoder_step(weights, layout).SerializeToString(), inputs).run(1))
    assert found["differing_ids"] == 0
    assert found["largest_state_difference"] < 1e-5


def test_a_layout_has_no_weights_that_it_does_not_read(weighed: tuple[Model, Weights]) -> None:
    model, weights = weighed
    shapes = {tuple(one.dims) for one in decoder_step(weights, "one Sigmoid for three gates").graph.initializer}
    exported = onnx.load_from_string(model.graphs[DECODER_STEP]).graph.initializer
    assert shapes - {(2,)} == {tuple(one.dims) for one in exported}


def test_unfolded_graphs_take_the_place_of_the_shipped_ones(weighed: tuple[Model, Weights], tmp_path: Path) -> None:
    model, weights = weighed
    for name, graph in unfolded_steps(weights).items():
        (tmp_path / name).write_bytes(graph.SerializeToString())
    assert {path.name for path in tmp_path.iterdir()} == {name for name in model.graphs if "step" in name}
    units = [unit for length in (3, 7) for unit in units_of(model, length=length)]
    shipped = open_engine(ENGINE, model)(units)
    assert open_engine(Engine(slots=16, graphs=str(tmp_path)), model)(units) == shipped


def test_the_engine_is_the_one_that_is_shipped(seed: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many slots are opened for a bucket as by a ``Transliterator`` of no option."""
    opened = opened_slots(monkeypatch)
    units = ["".join(letters) for letters in itertools.product("abcdefghi", repeat=3)]
    texts = open_engine(Engine(), seed)(units)
    slots_of_the_ablation, opened[:] = opened[:], []
    with Transliterator("seed", cache_size=0) as transliterator:
        assert transliterator.transliterate(units) == texts
    assert opened == slots_of_the_ablation
    assert 512 in opened


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_gives_the_same_strings(seed: Model, texts: list[str | None], change: str) -> None:
    assert open_engine(Engine(change=change, slots=16), seed)(NAMES) == texts
    assert open_engine(Engine(change=change), seed)(NAMES[:1]) == texts[:1]


@pytest.mark.parametrize(
    "engine",
    [
        Engine(slots_encoded_at_once=1, prefixes_at_once=3, slots=4),
        Engine(units_at_a_time=7),
        Engine(threads=2, spins=False, arena=False, patterns=True, prepacks=False, optimization="ORT_DISABLE_ALL"),
    ],
)
def test_every_option_gives_the_same_strings(seed: Model, texts: list[str | None], engine: Engine) -> None:
    assert open_engine(engine, seed)(NAMES) == texts


def test_options_are_given_to_onnxruntime(seed: Model) -> None:
    with pytest.raises(ModelFilesError, match="ORT_NONE"):
        open_engine(Engine(optimization="ORT_NONE"), seed)


def test_int8_graphs_load_and_most_of_their_strings_are_the_same(
    seed: Model, texts: list[str | None], tmp_path: Path
) -> None:
    quantize(seed, tmp_path, by_channel=True)
    assert {path.name for path in tmp_path.iterdir()} == set(seed.graphs)
    found = open_engine(Engine(graphs=str(tmp_path)), seed)(NAMES)
    assert 0 < sum(one != other for one, other in zip(texts, found, strict=True)) < len(NAMES) / 5


def test_every_side_is_named_once() -> None:
    names = [name for engines in GROUPS.values() for name in engines]
    assert len(names) == len(set(names))
    assert {*ONE_BY_ONE, *ONE_BY_ONE.values()} <= SEARCH.keys()


def test_one_idea_is_the_ratio_of_two_sides_in_each_round() -> None:
    rates = {side: summary([number, 2 * number]) for number, side in enumerate(SEARCH, start=1)}
    found = one_by_one({"units_per_second": rates})
    assert len(found) == len(ONE_BY_ONE)
    places = list(SEARCH)
    for pair, ratio in found.items():
        of, to = (places.index(side) + 1 for side in pair.split(" / "))
        assert ratio["all"] == pytest.approx([of / to] * 2, rel=1e-4)


def test_strings_that_change_with_their_batch_are_counted() -> None:
    def child(request: Mapping) -> dict:
        units, slots = request["units"], request["engine"]["slots"]
        return {"texts": [f"{unit} of {len(units)}" if slots is None else unit for unit in units]}

    found = other_batches(Bench("seed", Path(), ["a", "b", "c"], child), Engine())
    assert {name: figure["median"] for name, figure in found.items()} == {
        "without every other unit": 3,
        "in 64 slots": 3,
    }
