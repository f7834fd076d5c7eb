from typing import Any

from benchmarks.harness.rounds import summary
from benchmarks.reports.tables import (
    LOOPS,
    MEASURED,
    MODELS,
    render_attention,
    render_known_names,
    render_loops,
    render_models,
    render_number,
    render_one_name,
    render_peers,
    render_stages,
)
from benchmarks.suite.baselines import ALL_CORES, STOPPING
from benchmarks.suite.peers import NEURAL
from benchmarks.suite.stages import STAGES

from hayakana.model.folder import bundled_models, load_model


def test_models_stand_before_peers_and_the_most_accurate_first() -> None:
    found = {
        "exact_match_of_2": 0.6,
        "exact_match_of_3": 0.7,
        "character_error_rate": 0.2,
        "variants_folded": {"exact_match": 0.55},
    }
    quality = {model: {**found, "exact_match": 0.4 + place / 100} for place, model in enumerate(MODELS)}
    quality["peers"] = {"e2k base": {**found, "exact_match": 0.25}}
    rates = {"names_per_second": {"1": {"median": 1234.5}, "2": {"median": 2345.6}}}
    manifest = load_model(bundled_models()["default"]).manifest
    lines = render_models(quality, dict.fromkeys(MODELS, rates), dict.fromkeys(MODELS, manifest)).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| `{model}`" for model in MODELS[::-1]] + ["| e2k base"]
    assert lines[2].endswith("| **0.430** | 0.550 | 0.600 | 0.700 | 0.200 | 1,234 | 2,346 |")
    assert "| **0.250** | 0.550 |  |  | 0.200 |  |  |" in lines[-1]
    assert len({line.count("|") for line in lines}) == 1


def cells(table: str) -> list[list[str]]:
    """Return the rows of a table without its two lines of headers, which are as wide as each row."""
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    assert len({line.count("|") for line in table.splitlines()}) == 1
    return rows[2:]


def test_loops_have_the_ratios_and_those_of_the_loops_that_stop() -> None:
    ratio = {side: summary([value]) for side, value in zip(LOOPS, (138_920, 389, 163, 7.35, 3.6, 2.77), strict=True)}
    ratio |= dict.fromkeys(STOPPING.values(), summary([92.9]))
    found: dict[str, Any] = {
        "ratio": {ALL_CORES: ratio},
        "names_per_second": dict.fromkeys(LOOPS, summary([1.1677])),
        "differing_strings": {key: {"compared": 1024, "differing": 1, "examples": []} for key in LOOPS},
    }
    first, *_, last = cells(render_loops(found))
    assert first[1:] == ["1.17", "138,920 ×", "92.9 ×", "1 of 1,024"]
    assert last[1:] == ["1.17", "2.77 ×", "", "1 of 1,024"]


def test_peers_are_compared_in_both_ways() -> None:
    ways = [f"hayakana {model}, {way}" for model in MEASURED for way in ("one name at a time", "a list")]
    found = {
        "ratio": {way: dict.fromkeys(NEURAL, summary([19.94])) for way in ways},
        "names_per_second": dict.fromkeys(NEURAL, summary([374.6])),
        "quality": {key: {"exact_match": 0.2734} for key in NEURAL},
    }
    assert cells(render_peers(found)) == [[peer, "375", "0.273", *["19.9 ×"] * 4] for peer in NEURAL]


def test_costs_are_medians() -> None:
    by_model = {"p50": summary([0.18288]), "p99": summary([0.30166])}
    started = {"first_name_s": summary([0.14671]), "peak_resident_mib": summary([66.4])}
    sections = {
        "latency": {"milliseconds": dict.fromkeys(MEASURED, by_model)},
        "footprint": dict.fromkeys(MEASURED, started),
        "stages": {key: {"percent_of_time": dict.fromkeys(STAGES, summary([24.99]))} for key in MEASURED},
        "limit": {"fraction_of_sgemm": dict.fromkeys(MEASURED, summary([0.599]))},
    }
    assert [row[1] for row in cells(render_one_name(sections))] == ["0.18 ms", "0.30 ms", "0.15 s", "66 MiB"]
    assert [row[2] for row in cells(render_stages(sections))] == [*["25 %"] * len(STAGES), "0.60"]


def test_known_names_cost_what_the_median_round_says() -> None:
    found = {"a job, CSV to CSV": {"with_to_without": {"median": 0.944, "min": 0.9, "max": 1.0}}}
    assert render_known_names(found).splitlines()[-1] == "| a job, CSV to CSV | 0.94 × |"


def test_ten_million_names_stand_last() -> None:
    large = {"names_per_second": summary([69_674.0]), "peak_resident_mib": summary([138.02])}
    small = {"names_per_second": {"100": summary([17_057.0])}, "peak_resident_mib": {"100": summary([67.4])}}
    rows = cells(render_number({**small, "ten_million": large}))
    assert rows == [["100", "17,057", "67 MiB"], ["10,000,000", "69,674", "138 MiB"]]


def test_attention_is_compared_by_length() -> None:
    band = {"without attention": {"parts_right": 0.4724}, "with attention": {"parts_right": 0.49}}
    assert cells(render_attention({"1–4": band})) == [["1–4", "47 %", "49 %"]]
