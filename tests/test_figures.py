"""Figures and files that pages of explanation name are those of the committed results and of this checkout."""

import re
from pathlib import Path

from benchmarks.harness.record import RESULTS, read

ROOT = Path(__file__).parent.parent


def words(page: str) -> str:
    """Return the text of a page of docs/ without its line ends, so that a sentence can be looked up."""
    return " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())


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
