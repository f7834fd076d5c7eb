"""What is made of results: comparison, report, tables, and the pure functions of the sections."""

from pathlib import Path
from typing import Any

import pytest
from benchmarks.harness.record import head, origin, read, write
from benchmarks.harness.rounds import differences, summary
from benchmarks.reports.compare import compare, warnings
from benchmarks.reports.report import report
from benchmarks.suite.devices import overtakes
from benchmarks.suite.latency import LENGTHS, QUESTIONS, short_lists
from benchmarks.suite.peers import NEURAL
from benchmarks.suite.scaling import worker_counts
from benchmarks.suite.stages import share

from hayakana.model.folder import bundled_models

SIDE = "hayakana seed, one name at a time"
ANSWERING = [*NEURAL, "hayakana seed"]
PEERS_MEASURED: dict[str, Any] = {
    "head": {},
    "inside_the_clock": "all",
    "quality": {name: {"names": 10_000, "exact_match": 0.45} for name in ANSWERING},
    "share_answered": dict.fromkeys(ANSWERING, 0.99),
    "names_per_second": {side: summary([500]) for side in (*NEURAL, SIDE)},
    "ratio": {SIDE: {peer: summary([ratio]) for peer, ratio in zip(NEURAL, (30, 8, 9), strict=True)}},
}


def result(*rates: float, numpy: str = "2.0") -> dict[str, Any]:
    machine = {"processor": "P", "cores": 2, "memory_gib": 1, "system": "S", "python": "3"}
    begun = {"head": {"machine": machine, "versions": {"numpy": numpy}, "models": {}}}
    return {
        "quick": False,
        "sections": {
            "limit": {**begun, "inside_the_clock": "all", "names_per_second": {"seed": summary(rates)}},
            "devices": {**begun, "not_run": "no GPU"},
        },
    }


def test_compare_gives_the_ratio_of_medians_and_whether_the_ranges_meet() -> None:
    *_, meeting = compare(result(90, 100, 110), result(100, 200, 210)).splitlines()
    assert meeting == "| limit · names per second · seed | 100 (90 – 110) | 200 (100 – 210) | 2.000 | overlap |"
    *_, apart = compare(result(90, 100, 110), result(120, 130)).splitlines()
    assert apart == "| limit · names per second · seed | 100 (90 – 110) | 125 (120 – 130) | 1.250 | apart |"


def test_compare_leaves_out_what_only_one_result_has_and_warns_of_versions() -> None:
    other = result(1, numpy="2.1")
    other["sections"]["limit"]["names_per_second"] = {"default": summary([1])}
    assert len(compare(result(1), other).splitlines()) == 2
    del other["sections"]["devices"]
    assert list(warnings(result(1), other)) == ["limit: numpy differs: 2.0 and 2.1"]
    assert list(warnings(result(1), result(2))) == []


def test_zero_and_zero_are_the_same_and_what_one_machine_lacks_is_warned_of() -> None:
    assert "| 1.000 | overlap |" in compare(result(0), result(0))
    assert "| inf | apart |" in compare(result(0), result(2))
    other = result(1)
    del other["sections"]["devices"]
    other["sections"]["limit"]["head"] |= {"commit": "ab", "models": {"seed": {"encoder.onnx": "12"}}}
    other["sections"]["limit"]["head"]["machine"]["system"] = "other"
    assert list(warnings(result(1), other)) == [
        "limit: system differs: S and other",
        "limit: models differs",
        "limit: commit differs: None and ab",
    ]


def test_strings_are_compared_name_by_name_and_each_name_has_one() -> None:
    found = differences(["Ann", "Bo"], expected=["アン", "ボー", "シ"], found=["アン", None])
    assert (found["compared"], found["differing"]) == (2, 1)
    assert found["examples"] == [{"name": "Bo", "hayakana": "ボー", "found": None}]
    for texts in (["アン"], ["アン", "ボー", "シ"]):
        with pytest.raises(ValueError, match="zip"):
            differences(["Ann", "Bo"], expected=["アン", "ボー"], found=texts)


def test_the_head_says_what_was_run_and_no_folder_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["/usr/bin/python", "-m", "benchmarks", "peers", "--pairs=/data/of/mine/dev.tsv", "in/out.json"]
    monkeypatch.setattr("sys.orig_argv", arguments)
    found = head({"seed": bundled_models()["seed"]})
    assert found["command"] == "python -m benchmarks peers --pairs=dev.tsv out.json"
    assert "encoder.onnx" in found["models"]["seed"]
    assert "MODEL_CARD.md" not in found["models"]["seed"]
    assert {"date", "commit", "uncommitted_changes", "machine", "versions"} <= found.keys()
    assert found["command"] in origin(found)
    assert origin({**found, "commit": "12ab", "uncommitted_changes": True}).startswith("Commit 12ab, with uncommitted")


def test_a_report_has_what_is_no_figure_a_line_each() -> None:
    values = result(1)
    values["sections"]["limit"] |= {
        "data": {"seed": 1, "length_histogram": {"2": 105, "3": 8500}},
        "settings": {"cores": 1, "names": {"a side": 80_000}},
        "wheel_mb": 1.25,
        "seconds_by_window": [1.0] * 100,
        "sgemm_gflop_per_second_by_kernel_and_size": {"Zen": {"256": 90.0, "512": 99.5}},
    }
    values["sections"]["peers"] = PEERS_MEASURED
    text = report(values)
    for line in (
        "- this section: wheel mb = 1.25",
        "- data: seed = 1",
        "- data · length histogram: 2 = 105; 3 = 8,500",
        "- settings: cores = 1",
        "- settings · names: a side = 80,000",
        "- sgemm gflop per second, best size of each kernel: Zen = 99.5 at 512",
        "| kanalizer | 500 | 0.450 | 0.990 |",
        "| hayakana seed, one name at a time | 500 | 0.450 | 0.990 |",
    ):
        assert line in text.splitlines()
    assert "seconds" not in text
    assert "Commit, date and command were not recorded." in text


def test_a_report_shows_figures_what_did_not_run_and_strings_that_differ() -> None:
    values = result(1, 2, 3)
    values["sections"]["limit"]["differing_strings"] = {
        "Keras": differences(["Ann", "Bo"], expected=["アン", "ボー"], found=["アン", "ボ"])
    }
    text = report(values)
    assert "| names per second · seed | 2 | 1 – 3 | 3 |" in text
    assert "Not run: no GPU." in text
    assert "- Keras: 1 of 2 (Bo: ボ for ボー)" in text


def test_a_result_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "result.json"
    write(path, result(1, 2), "# A report\n")
    assert read(path) == result(1, 2)
    assert path.with_suffix(".md").read_text() == "# A report\n"
    assert '"all": [1.0, 2.0]' in path.read_text()


def test_workers_double_up_to_the_cores() -> None:
    assert [worker_counts(cores) for cores in (1, 2, 6, 8)] == [[1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8]]


def test_the_stages_of_a_run_are_all_of_it() -> None:
    run = {"seconds": 4.0, "encoder": 1.0, "decoder": 2.0}
    assert [share(run, stage) for stage in ("encoder", "decoder", "outside onnxruntime")] == [25, 50, 25]


def test_short_lists_are_compared_with_the_same_units_one_by_one_in_their_round() -> None:
    rates = {f"{question}, lists of 1": [100.0, 10.0, 50.0] for question in QUESTIONS}
    for question in QUESTIONS:
        rates |= {f"{question}, lists of {length}": [10 * length, 2 * length, 5 * length] for length in LENGTHS}
    found = short_lists(rates)
    assert list(found) == list(QUESTIONS)
    for figures in found.values():
        assert figures["units_per_second"]["one by one"]["all"] == [100, 10, 50]
        over = figures["side_by_side_over_one_by_one"]
        assert list(over) == [f"lists of {length}" for length in LENGTHS]
        assert over["lists of 4"]["all"] == [0.4, 0.8, 0.4]
        assert over["lists of 4"]["median"] == 0.4
        assert over["lists of 32"]["all"] == [3.2, 6.4, 3.2]


@pytest.mark.parametrize(("medians", "size"), [((0.5, 2, 3), 64), ((2, 0.5, 3), 256), ((2, 2, 1), None)])
def test_a_device_overtakes_where_it_stays_ahead(medians: tuple[float, ...], size: int | None) -> None:
    sizes = (16, 64, 256)
    assert overtakes({str(s): {"median": m} for s, m in zip(sizes, medians, strict=True)}, sizes) == size
