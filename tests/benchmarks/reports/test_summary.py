import pytest
from benchmarks.reports.summary import (
    DOUBTED,
    FOLLOWING,
    HEADERS,
    HINTED,
    PEERS,
    WITH_TABLE,
    render,
    render_accuracy,
    render_doubt,
    render_hints,
)
from benchmarks.suite.baselines import ARTICLE

RARE = {"exact_match": 0.464}
QUALITY = {**dict.fromkeys((*WITH_TABLE, "seed"), RARE), "peers": dict.fromkeys(PEERS, RARE)}
BORNE = {
    **{f"{model}, known names": {"well_known": 0.8, "borne": 0.968} for model in WITH_TABLE},
    **{model: {"well_known": 0.4, "borne": 0.8} for model in (*WITH_TABLE, "seed")},
    **{peer: {"well_known": 0.3} for peer in PEERS},
}


@pytest.mark.parametrize("readme", HEADERS)
def test_a_readme_has_models_with_known_names_and_a_dash_for_what_was_not_measured(readme: str) -> None:
    lists = {f"hayakana {model}, a list": {"median": 30_756.4} for model in WITH_TABLE}
    suite = {
        "peers": {"names_per_second": {**lists, **{peer: {"median": 288.9} for peer in PEERS}}},
        "baselines": {"names_per_second": {ARTICLE: {"median": 1.1677}}},
    }
    lines = render(readme, QUALITY, BORNE, suite).splitlines()
    assert lines[2] == "| `default` | 46 % | 97 % | 80 % | 30,756 |"
    assert lines[5].endswith(" | 46 % | – | 30 % | 289 |")
    assert lines[-1].endswith(" | 46 % | 80 % | 40 % | 1.2 |")
    assert len({line.count("|") for line in lines}) == 1


def test_accuracy_is_empty_where_a_side_has_no_known_names() -> None:
    lines = render_accuracy(QUALITY, BORNE).splitlines()
    assert lines[2] == "| 156 well-known names | 0.800 | 0.800 | 0.800 | 0.400 | 0.300 | 0.300 | 0.300 |"
    assert lines[3] == "| the same, without known names | 0.400 | 0.400 | 0.400 |  |  |  |  |"
    borne = "| 68,110 given or family names of Wikidata, by bearers |"
    assert lines[4] == f"{borne} 0.968 | 0.968 | 0.968 | 0.800 |  |  |  |"
    assert len({line.count("|") for line in lines}) == 1


def test_doubt_has_the_probability_and_what_is_right_of_all_other_names() -> None:
    at = {"least_probability": 0.039, "share_unsure": 0.0512, "share_right_of_others": 0.7013}
    measured = {"share_right": 0.6947, "at": dict.fromkeys(DOUBTED, at)}
    kinds = dict.fromkeys(("whole names as borne", "parts as borne", "rare parts"), measured)
    lines = render_doubt(dict.fromkeys(WITH_TABLE, kinds)).splitlines()
    assert lines[0].startswith("| names | model | right | 5 % to a person | 10 % to a person |")
    cells = " | ".join(["0.039 (5 %) → 70.1 %"] * len(DOUBTED))
    assert lines[2] == f"| whole names as borne | `default` | 69 % | {cells} |"
    assert len(lines) == 2 + 3 * len(WITH_TABLE)


def test_hints_have_what_is_right_without_them_and_with_all_of_theirs() -> None:
    scores = {"names": 1_202, "without": 0.3917, "with_hints": 0.4201}
    by_hint = {hint: scores for _, hint, _ in HINTED}
    found = {file: dict.fromkeys(FOLLOWING, by_hint) for file, _, _ in HINTED}
    lines = render_hints(found).splitlines()
    assert lines[-1] == f"| 1,202 {HINTED[-1][2]} | 0.392 → 0.420 | 0.392 → 0.420 |"
    assert len(lines) == 2 + len(HINTED)
