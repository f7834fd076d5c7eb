"""The ideas of the engine, each by the work that it saves: calls, rows and bytes are counted, nothing is timed.

Whatever the engine looks like inside, a count here that grows says that an idea is lost. What ideas are worth in time,
benchmarks/results/ablations.md says.
"""

import itertools
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.counted import counted

from hayakana import Transliterator
from hayakana.names.parsing import NameParser

SHORT = ["".join(syllables) for syllables in itertools.product(("ka", "no", "mi", "se"), repeat=3)]
LONG = ["".join(vowels) for vowels in itertools.product("aeiou", repeat=6)][:200:3]
MIXED = random.Random(1).sample(SHORT + LONG, len(SHORT + LONG))
"""Units of six letters, whose Katakana takes four to seven steps of the decoder, eos among them."""


def opened(folder: Path, *, batch_size: int | None = None, workers: int = 1) -> Transliterator:
    """A ``Transliterator`` that remembers nothing."""
    return Transliterator(folder, batch_size=batch_size, workers=workers, cache_size=0)


def steps(texts: Sequence[str]) -> int:
    """Steps of the decoder that ``texts`` take one by one: a step a character, and one for eos."""
    return sum(len(text) + 1 for text in texts)


def test_distinct_parts_are_decoded_once(tiny_folder: Path) -> None:
    """The unit of work is the distinct part, however many names of a list have it."""
    given, family = SHORT[:32], SHORT[32:]
    with opened(tiny_folder) as transliterator, counted() as work:
        texts = transliterator.transliterate(f"{first} {last}" for first, last in itertools.product(given, family))
    parts = {part for text in texts for part in text.split("・")}
    assert len(texts) == 32 * 32
    assert sum(work["decoder step"].rows) <= steps(list(parts)) + len(parts)


def test_distinct_prefixes_are_encoded_once(tiny_folder: Path) -> None:
    """Anna and Annie share the states after Ann; the tiny model reads from the other end too."""
    with opened(tiny_folder) as transliterator, counted() as work:
        transliterator.transliterate(MIXED)
    lengths = range(1, 7)
    prefixes = {unit[:length] for unit in MIXED for length in lengths}
    suffixes = {unit[-length:] for unit in MIXED for length in lengths}
    assert work["encoder"].calls == 0
    assert sum(work["encoder step"].rows) == len(prefixes) + len(suffixes) < 12 * len(MIXED) / 2


def test_rows_that_wait_are_encoded_in_order_for_several_fillings_of_the_slots(tiny_folder: Path) -> None:
    """Rows of one beginning are encoded together, though the slots hold a few at a time."""
    with opened(tiny_folder, batch_size=16) as transliterator, counted() as work:
        transliterator.transliterate(MIXED)
    together = [sorted(MIXED)[start : start + 4 * 16] for start in range(0, len(MIXED), 4 * 16)]
    prefixes = [{unit[:length] for unit in units for length in range(1, 7)} for units in together]
    suffixes = [{unit[-length:] for unit in units for length in range(1, 7)} for units in together]
    assert len(together) > 1
    assert sum(work["encoder step"].rows) == sum(map(len, prefixes + suffixes))


def test_units_of_one_length_are_encoded_together_and_nothing_is_padded(tiny_folder: Path) -> None:
    """Exact-length buckets: a call of the encoder for each length, which reads the characters that are there."""
    units = [unit[:length] for length in (3, 4, 5, 6) for unit in dict.fromkeys(name[:length] for name in MIXED)][::5]
    lengths = set(map(len, units))
    with opened(tiny_folder) as transliterator, counted() as work:
        transliterator.transliterate(units, on_error="empty")
    assert work["encoder"].calls == len(lengths) == 4
    assert work["encoder"].characters == sum(map(len, units))


def test_a_row_that_ends_makes_room_for_the_next(tiny_folder: Path) -> None:
    """Slots stay full until no row waits: with a machine of as many slots, no schedule can be longer (Graham, 1966)."""
    with opened(tiny_folder, batch_size=16) as transliterator, counted() as work:
        texts = transliterator.transliterate(MIXED)
    assert work["decoder step"].calls <= steps(texts) / 16 + max(map(len, texts)) + 1


def test_slots_that_are_free_are_dropped_at_the_end(tiny_folder: Path) -> None:
    """Batch compaction: the last rows do not carry all slots with them."""
    with opened(tiny_folder, batch_size=64) as transliterator, counted() as work:
        texts = transliterator.transliterate(SHORT[:60] + LONG[:4])
    assert work["decoder step"].rows[:1] == [64]
    assert sum(work["decoder step"].rows) <= steps(texts) * 1.05


def test_a_step_of_many_rows_writes_where_the_next_one_reads(tiny_folder: Path) -> None:
    """Arrays are bound when slots are opened and when slots are dropped, and by no step."""
    with opened(tiny_folder, batch_size=16) as transliterator, counted() as work:
        transliterator.transliterate(MIXED)
    assert work["decoder step"].calls > 40
    assert (work["decoder step"].copies, work["encoder step"].copies) == (0, 0)
    assert work["decoder step"].bindings <= 2 * (1 + 4)  # Two sides; 16 slots are halved four times at most.


def test_single_names_use_one_slot_again(tiny_folder: Path) -> None:
    """The slot of a length is opened once, and every name of that length is decoded in it."""
    with opened(tiny_folder) as transliterator, counted() as work:
        texts = [transliterator(unit) for unit in SHORT[:20]]
    assert (work["encoder"].rows, work["encoder"].characters) == ([1] * 20, 20 * 6)
    assert (work["decoder step"].calls, work["decoder step"].copies) == (steps(texts), 0)
    assert work["decoder step"].bindings == 2


@pytest.mark.parametrize(("probabilities", "candidates"), [(False, 0), (True, 0), (True, 2)])
def test_what_is_remembered_is_not_decoded_again(tiny_folder: Path, *, probabilities: bool, candidates: int) -> None:
    """A part that came before costs no call; texts, probabilities and candidates are remembered, each by themselves."""
    asked = {"probabilities": probabilities, "candidates": candidates}
    with Transliterator(tiny_folder) as transliterator:
        transliterator.transliterate_detailed(SHORT, **asked)
        with counted() as work:
            transliterator.transliterate_detailed(
                [f"{first} {last}" for first, last in itertools.pairwise(SHORT)], **asked
            )
    assert [graph.calls for graph in work.values()] == [0, 0, 0]


@pytest.mark.parametrize("units", [SHORT[:20], MIXED], ids=["one by one", "in slots"])
def test_a_probability_takes_the_work_of_its_text(tiny_folder: Path, units: Sequence[str]) -> None:
    """Texts and scored texts go one way: the logits are bound, and nothing is encoded or decoded for them alone."""
    with opened(tiny_folder) as transliterator:
        with counted() as of_texts:
            transliterator.transliterate(units)
        with counted() as of_scored_texts:
            transliterator.transliterate_detailed(units, probabilities=True)
    assert of_texts == of_scored_texts


def test_an_explanation_encodes_and_decodes_each_part_once(tiny_folder: Path) -> None:
    """The attention weights are fetched while a part is decoded."""
    with opened(tiny_folder) as transliterator:
        texts = transliterator.transliterate(SHORT[:2])
        with counted() as work:
            transliterator.explain(" ".join(SHORT[:2]))
    assert (work["encoder"].rows, work["encoder step"].calls) == ([1, 1], 0)
    assert work["decoder step"].rows == [1] * steps(texts)


def test_candidates_parse_and_encode_once(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are parsed once; the search encodes each distinct part once, beside the encoding for the text."""
    parsed, parse = [], NameParser.parse
    monkeypatch.setattr(
        NameParser, "parse", lambda parser, name, *hint: parsed.append(name) or parse(parser, name, *hint)
    )
    names = [f"{first} {last}" for first, last in itertools.product(SHORT[:8], SHORT[8:16])]
    with opened(tiny_folder) as transliterator, counted() as work:
        results = transliterator.transliterate_detailed(names, candidates=2)
    assert all(len(result.candidates) == 2 for result in results)
    assert parsed == names
    assert sum(work["encoder"].rows) == 2 * 16


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="Linux counts the bytes that a process reads and writes")
@pytest.mark.parametrize("probabilities", [False, True])
def test_names_cross_the_pipe_in_as_many_bytes_as_they_have(tiny_folder: Path, *, probabilities: bool) -> None:
    """A window and its column travel as one string each, a line feed after each name, and little beside it.

    Probabilities travel as one array, and origins as a string with a letter for each part.
    """
    names = [f"{first} {last}" for first, last in itertools.product(SHORT, LONG)]
    with opened(tiny_folder, workers=2) as transliterator:
        transliterator.transliterate(names[:100])
        before = _read_and_written()
        results = transliterator.transliterate_detailed(names, probabilities=probabilities)
        read, written = (now - then for now, then in zip(_read_and_written(), before, strict=True))
    assert len(names) > 4_000
    katakana = [result.text or "" for result in results]
    origins = ["m" * len(result.origins) for result in results]
    for crossed, strings, bytes_of_numbers in ((read, names, 0), (written, katakana + origins, 4 * probabilities)):
        size = sum(len(string.encode()) + 1 + bytes_of_numbers for string in strings)
        assert size <= crossed <= size + 2_000


def _read_and_written() -> tuple[int, int]:
    """Bytes that the processes which this one has started read and wrote, by now."""
    pid = os.getpid()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    counts = [
        dict(line.split(": ") for line in Path(f"/proc/{child}/io").read_text().splitlines()) for child in children
    ]
    return sum(int(count["rchar"]) for count in counts), sum(int(count["wchar"]) for count in counts)
