"""What is made of results: comparison, report, table, and the pure functions of the parts."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from benchmarks.baselines import ALL_CORES, ARTICLE, COMPILED, FAIR, IN_GRAPH, PREDICT, differences
from benchmarks.compare import compare, render, warnings
from benchmarks.devices import overtakes
from benchmarks.latency import EDGES_MS, histogram
from benchmarks.record import read_json, write_json
from benchmarks.report import report
from benchmarks.rounds import summary
from benchmarks.scaling import worker_counts
from benchmarks.stages import share, shares_outside
from benchmarks.table import MODELS
from benchmarks.table import render as render_table

from hayakana.model_files import bundled_models, load_model


def result(*rates: float, numpy: str = "2.0") -> dict[str, Any]:
    return {
        "machine": {"processor": "P", "cores": 2, "memory_gib": 1, "system": "S", "python": "3", "versions": {}}
        | {"versions": {"numpy": numpy}},
        "quick": False,
        "parts": {
            "limit": {"inside_the_clock": "all", "names_per_second": {"seed": summary(rates)}},
            "devices": {"not_run": "no GPU"},
        },
    }


def test_compare_gives_the_ratio_of_medians_and_whether_the_ranges_meet() -> None:
    (slower,) = compare(result(90, 100, 110), result(100, 200, 210))
    assert slower.path == ("limit", "names_per_second", "seed")
    assert (slower.ratio, slower.overlaps) == (2.0, True)
    (apart,) = compare(result(90, 100, 110), result(120, 130))
    assert not apart.overlaps
    assert "| limit · names per second · seed | 100 (90 – 110) | 125 (120 – 130) | 1.250 | apart |" in render([apart])


def test_compare_leaves_out_what_only_one_result_has_and_warns_of_versions() -> None:
    other = result(1, numpy="2.1")
    other["parts"]["limit"] = {"names_per_second": {"default": summary([1])}}
    assert compare(result(1), other) == []
    assert list(warnings(result(1), other)) == ["version of numpy differs: 2.0 and 2.1"]
    assert list(warnings(result(1), result(2))) == []


def test_a_report_shows_figures_what_did_not_run_and_strings_that_differ() -> None:
    values = result(1, 2, 3)
    values["parts"]["limit"]["differing_strings"] = {
        "Keras": differences(["Ann", "Bo"], expected=["アン", "ボー"], found=["アン", "ボ"])
    }
    text = report(values)
    assert "| names per second · seed | 2 | 1 – 3 | 3 |" in text
    assert "Not run: no GPU." in text
    assert "- Keras: 1 of 2 (Bo: ボ for ボー)" in text


def test_a_result_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "result.json"
    write_json(path, result(1, 2))
    assert read_json(path) == result(1, 2)
    assert '"all": [1.0, 2.0]' in path.read_text()


def test_the_table_has_the_medians() -> None:
    one = {model: summary([1234.5]) for model in MODELS}
    parts = {
        "limit": {"names_per_second": one},
        "latency": {"milliseconds": {model: {"p50": summary([0.25]), "p99": summary([1])} for model in MODELS}},
        "footprint": {model: {"first_name_s": summary([0.18]), "peak_resident_mib": summary([69])} for model in MODELS},
        "baselines": {
            "ratio": {
                ALL_CORES: {
                    ARTICLE: summary([100_000]),
                    PREDICT: summary([250]),
                    COMPILED: summary([150]),
                    FAIR: summary([10.04]),
                    IN_GRAPH: summary([5]),
                }
            }
        },
    }
    quality = {model: dict.fromkeys(("exact_match", "mean_f_score", "character_error_rate"), 0.5) for model in MODELS}
    quality["default"]["names"] = 13_456
    manifests = {model: load_model(bundled_models()[model]).manifest for model in MODELS}
    text = render_table(quality, parts, manifests)
    assert "|  | 100,000 ×; 250 ×; 150 ×; 10.0 ×; 5.0 × |" in text
    assert "| 0.25 ms; 1.00 ms | 0.25 ms; 1.00 ms |" in text
    assert {line.count("|") for line in text.splitlines()} == {4}


def test_workers_double_up_to_the_cores() -> None:
    assert [worker_counts(cores) for cores in (1, 2, 6, 8)] == [[1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8]]


def test_the_stages_of_a_run_are_all_of_it() -> None:
    run = {"seconds": 4.0, "encoder": 1.0, "decoder": 2.0}
    assert [share(run, stage) for stage in ("encoder", "decoder", "outside onnxruntime")] == [25, 50, 25]
    assert shares_outside(Counter({"onnxruntime": 90, "a": 2, "b": 8})) == {"b": 80.0, "a": 20.0}


def test_no_latency_is_lost_from_the_histogram() -> None:
    counts = histogram([0.001, 1.0, 10_000])
    assert (sum(counts), counts[0], counts[-1], len(counts)) == (3, 1, 1, len(EDGES_MS) - 1)


@pytest.mark.parametrize(("medians", "size"), [((0.5, 2, 3), 64), ((2, 0.5, 3), 256), ((2, 2, 1), None)])
def test_a_device_overtakes_where_it_stays_ahead(medians: tuple[float, ...], size: int | None) -> None:
    sizes = (16, 64, 256)
    assert overtakes({str(s): {"median": m} for s, m in zip(sizes, medians, strict=True)}, sizes) == size
