"""Pages that list what the code has list all of it, and nothing else."""

import builtins
import json
import re
import signal
import tomllib
from pathlib import Path
from typing import Any

import yaml
from benchmarks.harness.record import RESULTS, SUITE, read
from packaging.requirements import Requirement

import hayakana
from hayakana import UntransliterableNameError
from hayakana.batch.arrow.added_columns import STATUSES
from hayakana.cli.options import FAILED, FINISHED, INTERRUPTED, PROBLEMS, READER_LEFT
from hayakana.cli.parser import USAGE
from hayakana.model.folder import bundled_models
from hayakana.model.manifest import FORMAT_VERSION, MANIFEST, VERSION_WITHOUT_KNOWN_NAMES
from hayakana.model.onnx_contents import OPERATORS
from hayakana.names.normalization import LONGEST_NAME, NORMALIZATION_VERSION
from hayakana.results import WITH_TEXT, Origin

ROOT = Path(__file__).parent.parent


def section(page: str, heading: str) -> str:
    """Return what stands below ``heading`` of a page of docs/, up to the next heading of that level or a higher one."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    level = heading.split()[0]
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no section {heading}"
    return found[1]


def rows(text: str) -> dict[str, str]:
    """Return the rows of the tables of ``text``: the code in the first cell → all cells."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE))


# --- docs/statuses.md ---


def test_all_statuses_are_listed_with_katakana_or_without() -> None:
    text = section("statuses.md", "## Statuses")
    with_text, without, of_tables = (rows(part) for part in re.split(r"come without Katakana", text))
    assert list(with_text) == [str(status) for status in WITH_TEXT]
    assert {**without, **of_tables}.keys() == STATUSES - with_text.keys()
    errors = {re.findall(r"`(\w+Error)`", cells)[0] for cells in without.values()}
    assert errors == {error.__name__ for error in UntransliterableNameError.__subclasses__()}
    assert f"{LONGEST_NAME:,} characters" in without["too_long"]


def test_all_origins_are_listed() -> None:
    assert list(rows(section("statuses.md", "## Origins"))) == list(Origin)


def test_all_exit_codes_are_listed() -> None:
    codes = [FINISHED, FAILED, USAGE, PROBLEMS, INTERRUPTED, READER_LEFT, 128 + signal.SIGTERM]
    assert list(rows(section("statuses.md", "## Exit codes"))) == [str(int(code)) for code in codes]


# --- docs/model-folder.md ---


def manifest(model: str) -> dict[str, Any]:
    return json.loads((ROOT / "models" / model / MANIFEST).read_text(encoding="utf-8"))


def test_all_members_of_a_shipped_manifest_are_listed() -> None:
    shipped, listed = manifest("default"), rows(section("model-folder.md", "## Manifest"))
    assert listed.keys() == shipped.keys()
    for key in ("limits", "vocabularies"):
        assert shipped[key].keys() <= set(re.findall(r"`(\w+)`", listed[key]))
    for key in ("parity", "calibration"):
        assert set(re.findall(r"`(\w+)`", listed[key])) <= shipped[key].keys()


def test_all_files_of_a_shipped_model_are_listed() -> None:
    listed = rows(section("model-folder.md", "## Files")).keys()
    assert listed == manifest("default")["files"].keys() | {MANIFEST}
    assert listed == {path.name for path in (ROOT / "models" / "default").iterdir() if path.is_file()}


def test_versions_and_operators_of_model_folders_are_listed() -> None:
    text = section("model-folder.md", "## Versions")
    for version in (VERSION_WITHOUT_KNOWN_NAMES, FORMAT_VERSION):
        (models,) = re.findall(rf"^\| {version} \| [^|]+ \| (.*) \|$", text, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", models)) == {
            model for model in bundled_models() if manifest(model)["format_version"] == version
        }
    assert f"now {NORMALIZATION_VERSION}." in text
    operators = section("model-folder.md", "## What is checked").partition("this list:")[2].partition("Anything")[0]
    assert set(re.findall(r"`(\w+)`", operators)) == OPERATORS


# --- docs/support.md ---


def test_systems_and_pythons_are_those_of_the_workflow() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]
    text = section("support.md", "## Python, systems, processors")
    matrix = jobs["wheel"]["strategy"]["matrix"]
    (wheel,) = re.findall(r"^\| the wheel .*$", text, re.MULTILINE)
    assert re.findall(r"`([a-z]+-[\w.-]+)`", wheel) == matrix["os"]
    assert re.findall(r"\b3\.\d+\b", wheel) == matrix["python"]
    (may_fail,) = re.findall(r"^\| .*may fail.*$", text, re.MULTILINE)
    assert f"`{jobs['runtime-macos']['runs-on']}`" in may_fail
    assert f"Python {project()['requires-python'].removeprefix('>=')} or newer" in text


def test_oldest_versions_are_those_of_pyproject_and_of_ci() -> None:
    extras = project()["optional-dependencies"]
    ci = (ROOT / "noxfile.py").read_text(encoding="utf-8")  # which .ci/run and the workflow call
    for package, cells in rows(section("support.md", "## Versions of dependencies")).items():
        extra, oldest, newest = (cell.strip() for cell in cells.split("|"))
        (requirement,) = (
            Requirement(line)
            for line in (extras[extra.strip("`")] if extra else project()["dependencies"])
            if Requirement(line).name == package
        )
        version, *_ = re.findall(r"[\d.]+\d", oldest)
        assert f">={version}" in {str(part) for part in requirement.specifier}
        assert all(str(part.version) in oldest for part in requirement.specifier)
        assert newest in requirement.specifier
        assert ("tested" in oldest) == bool(re.search(rf"\b{package}=={re.escape(version)}", ci))


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


# --- docs/comparison.md, docs/faq.md ---


def test_figures_of_the_comparison_are_those_of_the_results() -> None:
    peers = read(SUITE)["sections"]["peers"]
    text = section("comparison.md", "## Figures")
    assert f"{peers['settings']['names_in_quality']:,} rare names" in text
    measured = re.findall(r"^\| ([^|]+?) \| (0\.\d+) \| ([\d,]+) \|$", text, re.MULTILINE)
    assert len(measured) == 7
    for label, exact_match, rate in measured:
        side = label.replace("`", "")
        quality, speed = peers["quality"][side.partition(",")[0]], peers["names_per_second"][side]
        # Half to even in binary would make 0.466 of 0.4665.
        assert (exact_match, rate) == (f"{quality['exact_match'] + 1e-9:.3f}", f"{speed['median']:,.0f}"), label
    assert f"for {peers['share_answered']['alkana']:.0%} of these" in text.replace(" %", "%")


def test_figures_of_the_answers_are_those_of_the_results() -> None:
    text = " ".join((ROOT / "docs" / "faq.md").read_text(encoding="utf-8").split())
    borne = read(RESULTS / "well_known.json")["sides"]["default, known names"]["borne"]
    rare = read(RESULTS / "quality.json")["default"]["exact_match"]
    assert f"{100 * borne:.0f} % of given and family names by their bearers" in text
    assert f"and {100 * rare:.0f} % of rare names" in text
    start = read(SUITE)["sections"]["footprint"]["default"]
    first, peak = start["first_name_s"]["median"], start["peak_resident_mib"]["median"]
    assert f"{first:.2f} s from its start to its first name, and {peak:.0f} MiB" in text
    soak = read(RESULTS / "service_soak.json")
    at_start, *_, at_end = soak["resident_mib"].values()
    assert f"{at_start:.0f} MiB at its start and {at_end:.0f} MiB after {soak['requests']:,} requests" in text
    rates = read(SUITE)["sections"]["service"]["names_per_second"]
    assert f"{rates['joined, 128 connections, lists of 1']['median']:,.0f} requests of one new name a second" in text


def test_what_is_cited_is_what_readme_names() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()  # what the format requires
    assert citation["abstract"].rstrip(".") == project()["description"]
    article, paper = citation["references"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert article["url"] in readme
    assert paper["title"] in (ROOT / "models" / "ATTRIBUTION.md").read_text(encoding="utf-8")


def test_examples_of_the_answers_are_what_hayakana_writes() -> None:
    text = (ROOT / "docs" / "faq.md").read_text(encoding="utf-8")
    with hayakana.Transliterator(order="given_first") as transliterator:
        assert [transliterator("Charles", code) for code in ("en", "fr")] == ["チャールズ", "シャルル"]
        assert "Charles is チャールズ in England and シャルル in France" in text
        assert transliterator.transliterate(["Lee", "Leigh"]) == ["リー", "リー"]
        assert "Lee and Leigh are both リー" in text
        assert f"`Obama, Barack` becomes {transliterator('Obama, Barack')}" in text


def test_fast_is_more_than_twice_as_fast() -> None:
    figures = read(RESULTS / "frontier.json")["figures"]
    rates = {model: figures[model]["names_per_second"]["1"]["median"] for model in ("default", "fast")}
    assert rates["fast"] > 2 * rates["default"]
    assert 0 < figures["default"]["exact_match"] - figures["fast"]["exact_match"] < 0.02


# --- docs/service.md ---


def test_rates_of_the_service_are_those_of_the_results() -> None:
    result = read(SUITE)["sections"]["service"]
    rates, times = result["names_per_second"], result["milliseconds"]
    table = re.findall(r"^\| (\d+) \| (\d+) \| (.*) \|$", section("service.md", "## Limits and speed"), re.MULTILINE)
    assert len(table) == 4
    for connections, size, cells in table:
        run = f"{connections} connections, lists of {size}"
        measured = [f"{rates[f'{how}, {run}']['median']:,.0f}" for how in ("joined", "not joined")]
        share = result["joined_over_library"][f"joined, {run}"]["median"]
        waits = [f"{times[f'joined, {run}'][wait]['median']:.3g} ms" for wait in ("p50", "p99")]
        assert cells.split(" | ") == [*measured, f"{share:.2g}", ", ".join(waits)], run


# --- docs/embedding.md ---


def test_errors_are_the_builtins_that_the_page_says() -> None:
    for line in re.findall(r"^\| (`\w+Error`.*) \|$", section("embedding.md", "## Errors"), re.MULTILINE):
        *errors, builtin = re.findall(r"`(\w+)`", line)
        assert errors
        for error in errors:
            kind = getattr(hayakana, error)
            assert issubclass(kind, hayakana.HayakanaError)
            assert issubclass(kind, getattr(builtins, builtin))


# --- docs/names.md ---


def test_names_become_what_the_page_says() -> None:
    transliterator = hayakana.Transliterator()
    table = section("names.md", "# Names").partition("\n\n|")[2].partition("\n\n")[0]
    examples = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", table, re.MULTILINE)
    assert len(examples) > 10
    for names, outcome in examples:
        for result in transliterator.transliterate_detailed(re.findall(r"`([^`]+)`", names)):
            assert outcome == (result.text or f"`{result.status}`"), result.name


# --- all pages ---


def test_files_that_pages_name_are_there() -> None:
    files = [path.as_posix() for folder in (".", "[a-z]*/**") for path in ROOT.glob(f"{folder}/*.py")]
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for name in re.findall(r"`([\w/.]+\.py)`", page.read_text(encoding="utf-8")):
            assert any(file.endswith(f"/{name}") for file in files), f"{page.name}: {name}"
