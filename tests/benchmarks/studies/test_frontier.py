"""The command on the tiny model; figures are checked for being there, not for their size."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.harness.record import read
from benchmarks.harness.rounds import WORKERS, summary
from benchmarks.reports.plots import write_plot
from benchmarks.studies.frontier import draw, main, render

ROOT = Path(__file__).parents[3]


def test_a_quick_run_writes_json_markdown_and_plot(tiny_folder: Path, pairs_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "frontier.json"
    arguments = [str(tiny_folder), "--pairs", str(pairs_file), "--quick", "--output", str(output)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.studies.frontier", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    values = read(output)
    found = values["figures"]["tiny_model"]
    assert found["unit"] == "part"
    assert found["weights"] > 5_000
    assert found["exact_match"] > 0.95
    assert {workers: len(rate["all"]) for workers, rate in found["names_per_second"].items()} == {"1": 2, "2": 2}
    assert values["quick"]
    assert output.with_suffix(".md").read_text(encoding="utf-8") == done.stdout
    assert "not to be quoted" in done.stdout
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".md", ".png", ".svg"}


def test_every_model_is_a_row_and_a_point(tmp_path: Path) -> None:
    rates = {str(workers): summary([workers * 1_000.0]) for workers in WORKERS}
    figures = {
        name: {
            "unit": "part",
            "weights": weights,
            "exact_match": exact,
            "character_error_rate": 0.2,
            "names_per_second": rates,
        }
        for name, weights, exact in (("default", 755_155, 0.44), ("seed", 91_798, 0.39))
    }
    values = {"head": {}, "quick": False, "settings": {"names_in_quality": 13_456}, "figures": figures}
    text = render(values)
    assert "| default | part | 755,155 | 0.4400 | 0.2000 | 1,000 (1,000–1,000) | 2,000 (2,000–2,000) |" in text
    assert "seed, 92 k" in write_plot(draw, values, tmp_path / "frontier")[1].read_text(encoding="utf-8")


def test_two_folders_of_one_name_are_a_usage_error(
    tiny_folder: Path, pairs_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    same = shutil.copytree(tiny_folder, tmp_path / tiny_folder.name)
    monkeypatch.setattr("sys.argv", ["frontier", str(tiny_folder), str(same), "--pairs", str(pairs_file)])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "folders of one name" in capsys.readouterr().err
