"""The benchmark of the service, at its smallest."""

from pathlib import Path

from benchmarks.harness.rounds import Settings

from benchmarks.suite import service


def test_a_quick_run_has_the_strings_of_the_library(tmp_path: Path) -> None:
    result = service.run(Settings(folder=tmp_path, quick=True))
    assert len(result["differing_strings"]) == len(service.LISTS) * len(service.SERVICES)
    assert all(found["differing"] == 0 and found["compared"] for found in result["differing_strings"].values())
    assert len(result["joined_over_not_joined"]) == len(service.LISTS) * len(service.CONNECTIONS)
