"""The commands, run as a user runs them, on the cheapest sections."""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.__main__ import begin, check_packages
from benchmarks.harness.child import Child
from benchmarks.harness.record import SUITE, head, read, write
from benchmarks.reports.plots import draw
from benchmarks.suite.latency import LENGTHS

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )


def test_a_quick_run_writes_json_and_markdown_and_compares_with_itself(tmp_path: Path) -> None:
    output = tmp_path / "quick.json"
    for chosen in ("latency", "devices"):
        done = run("benchmarks", chosen, "--quick", "--output", str(output))
        assert done.returncode == 0, done.stderr
    result = read(output)
    assert result["quick"]
    assert list(result["sections"]) == ["latency", "devices"]
    latency = result["sections"]["latency"]
    assert len(latency["milliseconds"]["seed"]["p50"]["all"]) == 2
    assert set(latency["head"]["models"]) == {"seed", "default"}
    assert f"benchmarks latency --quick --output {output.name}" in latency["head"]["command"]
    ratios = latency["short_lists"]["default"]["with probabilities"]["side_by_side_over_one_by_one"]
    assert list(ratios) == [f"lists of {length}" for length in LENGTHS]
    assert "short lists · default · texts · side by side over one by one · lists of 24 |" in done.stdout
    assert "not_run" in result["sections"]["devices"]
    assert output.with_suffix(".md").read_text(encoding="utf-8") == done.stdout
    compared = run("benchmarks.reports.compare", str(output), str(output))
    assert "| 1.000 | overlap |" in compared.stdout
    assert "!" not in compared.stdout

    output.write_text(output.read_text(encoding="utf-8").replace('"python": "3', '"python": "2'), encoding="utf-8")
    mixed = run("benchmarks", "devices", "--quick", "--output", str(output))
    assert mixed.returncode == 1
    assert "holds latency from another machine" in mixed.stderr


def test_the_committed_results_can_be_drawn(tmp_path: Path) -> None:
    paths = draw(read(SUITE)["sections"], tmp_path)
    assert sorted(path.name for path in paths) == [
        "number_of_names.png",
        "number_of_names.svg",
        "stages.png",
        "stages.svg",
    ]
    assert all(path.stat().st_size > 1_000 for path in paths)


def test_old_figures_stay_until_there_are_new_ones_of_the_same_kind(tmp_path: Path) -> None:
    output, sections = tmp_path / "result.json", {"latency": {"head": head({}), "took_s": 1}}
    write(output, {"quick": True, "sections": sections}, "")
    assert begin(output, ("latency", "devices"), quick=True)["sections"] == sections
    assert begin(output, ("latency",), quick=False)["sections"] == {}


def test_an_unknown_section_is_a_usage_error() -> None:
    done = run("benchmarks", "speed")
    assert done.returncode == 2
    assert "argument SECTION: invalid choice: 'speed' (choose from " in done.stderr
    assert "'baselines', 'peers'" in done.stderr


def test_a_missing_package_has_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.__main__.find_spec", lambda package: None if package == "e2k" else object())
    expected = r"the benchmark peers needs e2k: pip install -r requirements/bench\.txt"
    with pytest.raises(SystemExit, match=expected):
        check_packages(("latency", "peers"))


def test_a_child_that_ends_is_an_error() -> None:
    with Child("benchmarks.sides.peers:open_peer", "no such peer") as child, pytest.raises(RuntimeError, match="ended"):
        child({})
