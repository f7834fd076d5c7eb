"""Models and peers on the same names; peers and candidates are fed by a script."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, Self

import pytest

from benchmarks.studies import quality

REFERENCES = {"peter": ["ピーター"], "josé": ["ホセ"], "ivan": ["イヴァン"], "mary": ["メアリー", "マリー"]}


class Peer:
    """Reads a–z; knows two names."""

    def __init__(self, opener: str, name: str, *, core: int) -> None:
        assert opener == "benchmarks.sides.peers:open_peer"

    def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        if "names" not in request:
            return {"alphabet": "abcdefghijklmnopqrstuvwxyz"}
        return {"texts": [{"peter": "ピーター", "ivan": "イバン"}.get(name, "") for name in request["names"]]}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Model:
    """Reads everything; its second candidate for ivan is the right one."""

    def __init__(self, folder: object, *, known_names: bool) -> None:
        assert not known_names  # The network is measured, not its table.

    def transliterate_detailed(self, names: Iterable[str], *, candidates: int) -> Sequence[Any]:
        texts = {"peter": "ピーター", "josé": "ホセ", "ivan": "アイヴァン", "mary": "マリ"}
        return [SimpleNamespace(text=texts[name], candidates=[SimpleNamespace(text="イヴァン")]) for name in names]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def values(monkeypatch: pytest.MonkeyPatch, tiny_folder: object) -> dict[str, Any]:
    monkeypatch.setattr(quality, "Child", Peer)
    monkeypatch.setattr(quality, "Transliterator", Model)
    return {
        "head": {"models": {"default": {}}},
        **quality.measure(REFERENCES, models={"default": tiny_folder}, peers=["e2k base"]),
    }


def test_what_a_peer_cannot_read_counts_as_wrong_and_is_left_out_of_the_second_count(values: dict[str, Any]) -> None:
    peer = values["peers"]["e2k base"]
    assert (peer["names"], peer["exact_match"], peer["share_read"]) == (4, 1 / 4, 3 / 4)
    assert peer["variants_folded"]["exact_match"] == 2 / 4
    assert values["names_read_by_all"] == 3
    assert (peer["read_by_all"]["names"], peer["read_by_all"]["exact_match"]) == (3, pytest.approx(1 / 3))
    assert peer["read_by_all"]["variants_folded"]["exact_match"] == pytest.approx(2 / 3)


def test_a_model_has_its_candidates_and_the_keys_that_the_table_reads(values: dict[str, Any]) -> None:
    model = values["default"]
    assert (model["exact_match"], model["exact_match_of_2"], model["share_read"]) == (2 / 4, 3 / 4, 1)
    assert model["variants_folded"]["exact_match"] == 3 / 4
    assert model["read_by_all"]["exact_match"] == pytest.approx(1 / 3)
    assert {"names", "exact_match", "mean_f_score", "character_error_rate"} <= model.keys()


def test_the_table_has_a_side_a_row(values: dict[str, Any]) -> None:
    lines = quality.render({**values, "data": {"file": "dev.tsv"}}).splitlines()
    assert "4 names of `dev.tsv`; all sides read 3 of them." in lines
    rows = [line for line in lines if line.startswith("|")]
    assert {row.count("|") for row in rows} == {12}
    assert rows[2].startswith("| hayakana default | 0.500 | 0.750 | 0.750 | ")
    assert rows[3].startswith("| e2k base | 0.250 | 0.500 |  |  |  | ")
