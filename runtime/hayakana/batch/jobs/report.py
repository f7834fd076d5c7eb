"""What a job did, for people and as JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.row_lines import Lines
from hayakana.errors import shorten
from hayakana.results import WITH_TEXT
from hayakana.syntax import JsonError, parse
from hayakana.system.files import UnfitFileError, atomic_file, read_regular_file

EXAMPLES = 5
"""First rows that are kept of each problem."""

_LONGEST_EXAMPLE = 100

_LARGEST = 1 << 20
"""Bytes of a report, at most."""


@dataclass(frozen=True)
class Example:
    """A row without Katakana.

    Args:
        file: the name of its file.
        row: its number there, from 1, a line of column names apart.
        name: its name; None where that is missing.
        line: the number of the line on which it begins, from 1; None where the file has no lines, as Parquet has not.
    """

    file: str
    row: int
    name: str | None
    line: int | None = None

    @property
    def place(self) -> str:
        """Its line, or its row where there are no lines, in words."""
        return f"row {self.row:,}" if self.line is None else f"line {self.line:,}"


@dataclass(frozen=True)
class RowPlaces:
    """Where the rows of a batch are: the first of them is ``first_row`` of ``file``; ``lines``, where it has such."""

    file: str
    first_row: int
    lines: Lines | None = None

    def example(self, place: int, text: str | None) -> Example:
        """Return the row at ``place`` of the batch as an example, whose text that is."""
        return Example(
            self.file, self.first_row + place, _shortened(text), None if self.lines is None else self.lines.at(place)
        )


@dataclass
class Tally:
    """Rows by status and the first examples of each problem: of a batch, a file, a job.

    ``wrong_codes`` is how many rows have a text in the column of languages that is no code. ``code_examples`` are the
    first of these, with that text in place of the name.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    wrong_codes: int = 0
    code_examples: list[Example] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.statuses.total()

    @staticmethod
    def of(statuses: pa.Array, names: pa.Array, rows: RowPlaces) -> "Tally":
        """Return that of a batch, whose rows are at ``rows``."""
        tally = Tally(Counter({count["values"]: count["counts"] for count in pc.value_counts(statuses).to_pylist()}))
        for status in tally.statuses:
            if status not in WITH_TEXT:
                places = pc.indices_nonzero(pc.equal(statuses, status)).slice(0, EXAMPLES).to_pylist()
                tally.examples[status] = [rows.example(place, names[place].as_py()) for place in places]
        return tally

    def add_wrong_codes(self, are_wrong: pa.BooleanArray, codes: pa.Array, rows: RowPlaces) -> None:
        """Count the rows of the batch whose codes of languages are none."""
        self.wrong_codes += are_wrong.true_count
        places = pc.indices_nonzero(are_wrong).slice(0, EXAMPLES).to_pylist()
        self.code_examples = [rows.example(place, codes[place].as_py()) for place in places]

    def add(self, other: "Tally") -> None:
        """Count the rows of ``other``, which come after these."""
        self.statuses.update(other.statuses)
        for status, examples in other.examples.items():
            self.examples[status] = [*self.examples.get(status, []), *examples][:EXAMPLES]
        self.wrong_codes += other.wrong_codes
        self.code_examples = [*self.code_examples, *other.code_examples][:EXAMPLES]


def is_report(path: Path) -> bool:
    """Whether ``path`` is a file that ``Report.write`` wrote, or is empty.

    Raises:
        OSError: it cannot be read.
    """
    try:
        content = read_regular_file(path, most_bytes=_LARGEST)
        return not content or {"rows", "statuses", "examples", "problems"} <= parse(content).object().keys()
    except (UnfitFileError, JsonError):
        return False


def _shortened(name: str | None) -> str | None:
    return name if name is None or len(name) <= _LONGEST_EXAMPLE else f"{name[:_LONGEST_EXAMPLE]}…"


@dataclass(frozen=True)
class Report:
    """What a job did.

    Args:
        rows: rows written, with the rows of earlier runs of a resumed job.
        statuses: how many rows of each status, most first.
        examples: the first rows of each status that means no Katakana.
        resumed_rows: how many of ``rows`` were there before this run.
        distinct_words: different words, which spaces separate, that this run looked at; a name that had to be asked for
            whole counts as a word. All names are such where the model reads whole names, or where probabilities or
            candidates were asked for. A word that was forgotten, since there were more than
            ``pipeline.WORDS_REMEMBERED``, and came again counts again.
        seconds: what this run took.
        stages: seconds that each stage was at work, ``read``, ``transliterate``, ``write``. Stages overlap, and
            transliterating is summed over its threads.
        doubtful_header: what the first line calls the column of the names, where it reads as if it were a row of its
            own; None where it does not.
        wrong_codes: rows whose text in the column of languages is no code; they were read without a hint.
        code_examples: the first of these, with that text as name.
    """

    rows: int
    statuses: dict[str, int]
    examples: dict[str, list[Example]] = field(default_factory=dict)
    resumed_rows: int = 0
    distinct_words: int = 0
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)
    doubtful_header: str | None = None
    wrong_codes: int = 0
    code_examples: list[Example] = field(default_factory=list)

    @property
    def hints(self) -> list[str]:
        """What may be otherwise than it seems, a sentence each."""
        hints = []
        if self.doubtful_header is not None:
            shown = f", {shorten(self.doubtful_header)}," if self.doubtful_header else ""
            hints.append(f"the first line{shown} was taken for column names: give --no-header if it is a row")
        if self.wrong_codes:
            rows = "1 row" if self.wrong_codes == 1 else f"{self.wrong_codes:,} rows"
            shown = self._shown(self.code_examples, self.wrong_codes)
            hints.append(f"in {rows}, the text in the column of languages is no code, and so no hint: {shown}")
        return hints

    @property
    def problems(self) -> int:
        """Rows without Katakana."""
        return self.rows - sum(self.statuses.get(status, 0) for status in WITH_TEXT)

    def without_names(self) -> "Report":
        """Return it with the places of the examples alone, as for a log that must not have names."""
        examples = {status: [replace(example, name=None) for example in some] for status, some in self.examples.items()}
        header = None if self.doubtful_header is None else ""
        codes = [replace(example, name=None) for example in self.code_examples]
        return replace(self, examples=examples, doubtful_header=header, code_examples=codes)

    def __str__(self) -> str:
        hints = [f"  hint: {hint}" for hint in self.hints]
        return "\n".join([self._summary(), *self._problem_lines(), *hints])

    def _summary(self) -> str:
        counts = ", ".join(f"{count:,} {status}" for status, count in self.statuses.items()) or "nothing to do"
        rate = f", {(self.rows - self.resumed_rows) / self.seconds:,.0f} rows/s" if self.seconds else ""
        before = f" ({self.resumed_rows:,} of them were there)" if self.resumed_rows else ""
        return f"{self.rows:,} rows{before} in {self.seconds:.1f} s{rate}: {counts}"

    def _problem_lines(self) -> Iterable[str]:
        for status, examples in self.examples.items():
            yield f"  {status}: {self._shown(examples, self.statuses[status])}"

    def _shown(self, examples: Sequence[Example], count: int) -> str:
        """Return the first three of ``count`` rows, with their files where any two examples are of different files."""
        of_all = [*self.code_examples, *(example for some in self.examples.values() for example in some)]
        has_files = len({example.file for example in of_all}) > 1
        shown = [
            (f"{example.file} " if has_files else "")
            + example.place
            + ("" if example.name is None or not example.name.strip() else f" {example.name!r}")
            for example in examples[:3]
        ]
        return ", ".join([*shown, "…"] if count > len(shown) else shown)

    def as_json(self) -> str:
        """Return all of it as a JSON object, seconds with three decimals."""
        stages = {stage: round(seconds, 3) for stage, seconds in self.stages.items()}
        content = {
            **asdict(self),
            "problems": self.problems,
            "hints": self.hints,
            "seconds": round(self.seconds, 3),
            "stages": stages,
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def write(self, path: Path) -> None:
        """Write it as JSON; whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        with atomic_file(path) as file:
            file.write(self.as_json().encode("utf-8", "replace"))
