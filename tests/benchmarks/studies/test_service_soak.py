"""The soak of a service: it finds nothing wrong with ours, and does find what is wrong."""

import json
from pathlib import Path

from benchmarks.studies.service_soak import Outcome, compare, soak

from hayakana import Transliterator


def test_a_small_soak_loses_nothing(tiny_folder: Path) -> None:
    outcome = soak(tiny_folder, 200, seed=3)
    assert outcome.is_clean, outcome
    assert outcome.answered + outcome.refused_as_bad + outcome.refused_as_too_many == 200
    assert outcome.answered > outcome.refused_as_bad > 0
    assert list(outcome.resident_mib) == [str(sent) for sent in range(0, 201, 20)]
    assert outcome.growth > 0.5


def test_names_that_are_lost_changed_or_out_of_place_are_counted(tiny_folder: Path) -> None:
    names = ["Mori", "Kato", "Shin"]
    with Transliterator(tiny_folder) as library:
        right = [{"name": name, "text": text} for name, text in zip(names, library.transliterate(names), strict=True)]
        changed = [right[0], {**right[1], "text": "カ"}, right[2]]
        for results, count in ((right, 0), (right[:2], 1), (changed, 1), (right[::-1], 2)):
            outcome = Outcome()
            compare([(names, json.dumps({"results": results}).encode())], library, outcome)
            assert outcome.strings_that_differ == len(outcome.examples) == count
