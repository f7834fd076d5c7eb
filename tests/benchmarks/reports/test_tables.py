from benchmarks.reports.tables import MODELS, render_models

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
