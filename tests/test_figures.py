"""Figures and files that pages of explanation name are those of the committed results and of this checkout."""

import re
from pathlib import Path
from typing import Any

from benchmarks.harness.record import RESULTS, SUITE, read

ROOT = Path(__file__).parent.parent


def words(page: str) -> str:
    """Return the text of a page of docs/ without its line ends, so that a sentence can be looked up."""
    return " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())


def section(page: str, heading: str) -> str:
    """Return what stands below ``heading``, of the second level, of a page of docs/."""
    return (ROOT / "docs" / page).read_text(encoding="utf-8").partition(f"{heading}\n")[2].partition("\n## ")[0]


# --- docs/reliability.md ---


def test_each_promise_of_reliability_has_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py|tests/\w+)`", page)
    assert len(named) > 20
    for name in named:
        assert (ROOT / name).exists() or list((ROOT / "tests").rglob(name)), name


def test_what_long_runs_showed_is_what_they_measured() -> None:
    page = words("reliability.md")
    soak, kills = read(RESULTS / "service_soak.json"), read(RESULTS / "kills.json")
    memory = {requests: f"{mib:.0f} MiB" for requests, mib in soak["resident_mib"].items()}
    assert soak["of_another_status"] == {}
    for sentence in (
        f"sends {soak['requests']:,} requests to",
        f"{soak['answered']:,} requests were answered and {soak['refused_as_too_many']:,} refused with 429",
        f"{soak['without_a_whole_answer']} were without a whole answer",
        f"{memory['10000']} after 10,000 requests to {memory['100000']} at the end",
        f"{soak['strings_that_differ']} string of {soak['names_answered']:,} differed",
        f"of {sum(kills['kills'].values())} kills, {kills['rows_lost']} rows were lost,"
        f" {kills['rows_doubled']} doubled and {kills['rows_changed']} changed",
    ):
        assert sentence in page, sentence


# --- docs/tables.md, docs/scale.md ---


def test_rates_of_the_adapters_are_those_of_the_results() -> None:
    rates = read(RESULTS / "frames.json")["names_per_second"]
    table = re.findall(
        r"^\| (.*) \| ([\d,]+) \| ([\d,]+) \|$", section("tables.md", "## What the adapters cost"), re.MULTILINE
    )
    assert len(table) == 4
    for label, *cells in table:
        side = label.replace("`", "").removesuffix(", a table")
        assert cells == [f"{rates[words][side]['median']:,.0f}" for words in ("new words", "known words")], side


def jobs(part: str) -> dict[str, Any]:
    return read(RESULTS / "jobs.json")["sections"][part]


def thousands(figure: dict[str, float]) -> str:
    return f"{round(figure['median'], -3):,.0f}"


def test_the_growth_of_jobs_is_that_of_the_results() -> None:
    text = section("scale.md", "## How a job grows")
    for names, figures in jobs("scale")["figures"].items():
        file, folder = (figures[output]["seconds"]["median"] for output in ("file", "folder"))
        start = f"| {int(names):,} | {figures['distinct_words']:,} | {file:.1f} | "
        (peak,) = re.findall(rf"^{re.escape(start)}(.*) MiB \| {folder:.1f} \|$", text, re.MULTILINE)
        peaks = figures["file"]["peak_mib"]
        assert peak in (f"{peaks['median']:.0f}", f"{peaks['min']:.0f} to {peaks['max']:.0f}")
    rates = jobs("rates")["rows_per_second"]
    for side in ("fast", "default", "only read and written"):
        label = f"the files {side}" if " " in side else f"`{side}`"
        cells = (f"{rates[f'{form}, {side}']['median'] / 1e6:.1f} million" for form in ("parquet", "csv"))
        assert f"| {label} | {' | '.join(cells)} |" in text
    for model, parts in (("fast", "five million"), ("default", "a million")):
        figures = jobs("distinct")["figures"][model]
        rate = figures["parts_per_second"]
        cells = (thousands(rate["job"]), thousands(rate["engine"]), f"{figures['peak_mib']['median']:.0f} MiB")
        assert f"| `{model}`, {parts} parts | {' | '.join(cells)} |" in text


def test_figures_of_engines_are_those_of_the_results() -> None:
    result, text = jobs("engines"), section("scale.md", "## On other engines")
    table = re.findall(r"^\| (.*) \| ([\d,]+) \| ([\d,]+) MiB \|$", text, re.MULTILINE)
    assert len(table) == 3
    for label, rate, peak in table:
        side = re.sub(r"\[(.*?)\]\([^)]*\)", r"\1", label).replace("`", "").replace("batch, two workers", "batch")
        assert rate == thousands(result["rows_per_second"][side]), side
        assert peak == f"{result['peak_mib'][side]['median']:,.0f}", side


def test_the_projection_is_a_multiplication_of_the_results() -> None:
    figures, text = jobs("scale")["figures"], section("scale.md", "## Projected")
    cores = 2
    seconds = {names: figures[names]["file"]["seconds"]["median"] * cores for names in ("1000000", "10000000")}
    more, whole = (seconds["10000000"] - seconds["1000000"]) / 9, seconds["10000000"] / 10
    assert f"took {more:.1f} seconds of a core. With the start" in text
    assert f"it took {whole:.1f}." in text
    files = [-(-rows // 1_048_576) for rows in (10**9, 10**11)]
    least, most = (second * 1000 / 3600 for second in (more, whole))
    assert f"| 10⁹ | {least:.2f} to {most:.2f} | {files[0]:,} | 25 GB |" in text
    assert f"| 10¹¹ | {100 * least:.0f} to {100 * most:.0f} | {files[1]:,} | 2.5 TB |" in text
    rates = {
        model: of["names_per_second"]["1"]["median"] for model, of in read(RESULTS / "frontier.json")["figures"].items()
    }
    default, fast = (round(rates[model], -2) for model in ("default", "fast"))
    assert re.search(rf"{default:,.0f} new parts a second with `default` and {fast:,.0f}\s+with `fast`", text)
    assert f"{1000 * 10**7 / default / 3600:.0f} core hours" in " ".join(text.split())


# --- README.md ---


def test_figures_between_the_lines_of_readme_are_those_of_the_results() -> None:
    readme, japanese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ja.md"))
    whole = read(RESULTS / "doubt.json")["models"]["default"]["whole names as borne"]["share_right"]
    one = read(SUITE)["sections"]["peers"]["names_per_second"]["hayakana default, one name at a time"]["median"]
    rows = jobs("rates")["rows_per_second"]["parquet, default"]["median"]
    assert f"`default` gets {100 * whole:.0f} % right" in readme
    assert f"one at a time `default` does {one:,.0f}" in readme
    assert f"{rows / 1e6:.1f} million [names a second](docs/scale.md) with `default` on two cores" in readme
    for figure in (f"{100 * whole:.0f} %", f"{one:,.0f}", f"{rows / 1e4:.0f}万件"):
        assert figure in japanese


# --- docs/accuracy.md ---


def test_names_of_one_bearer_are_right_as_often_as_was_measured() -> None:
    by_bearers = read(RESULTS / "well_known.json")["sides"]["default, known names"]["by_bearers"]
    assert f"are right in {100 * by_bearers['1']:.0f} % of cases" in words("accuracy.md")
