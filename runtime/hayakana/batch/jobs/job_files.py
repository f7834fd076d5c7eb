"""The files that a job has written, and how its manifest says what they are: JSON that is checked as it is read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hayakana.batch.arrow.added_columns import STATUSES
from hayakana.batch.jobs.report import EXAMPLES, Example, Tally
from hayakana.errors import shorten
from hayakana.syntax import Json


@dataclass(frozen=True)
class JobFile:
    """A file that is whole: its checksum (hexadecimal), its size, what its rows are; see ``Tally``."""

    name: str
    sha256: str
    bytes: int
    rows: int
    statuses: Mapping[str, int]
    examples: Mapping[str, list[Example]]
    wrong_codes: int = 0
    code_examples: Sequence[Example] = ()

    @property
    def tally(self) -> Tally:
        """Rows by status, and the first examples of each problem."""
        return Tally(Counter(self.statuses), dict(self.examples), self.wrong_codes, list(self.code_examples))


@dataclass(frozen=True)
class InputFiles:
    """The files that hold the rows of one input, in order, and whether they hold all of them."""

    files: tuple[JobFile, ...] = ()
    complete: bool = False

    @property
    def rows(self) -> int:
        """How many rows are there."""
        return sum(file.rows for file in self.files)


def job_file_name(index: int, number: int, suffix: str) -> str:
    """Return the name of a file by the places of its input and of itself, from 0."""
    return f"part-{index:05}-{number:05}.{suffix}"


def file_content(file: JobFile) -> dict[str, Any]:
    """Return a file as it stands in the manifest, which calls a file a part and its input a source."""
    examples = {status: list(map(_example_content, some)) for status, some in file.examples.items()}
    return asdict(file) | {"examples": examples, "code_examples": list(map(_example_content, file.code_examples))}


def _example_content(example: Example) -> dict[str, Any]:
    return {"source": example.file, "row": example.row, "name": example.name, "line": example.line}


def read_input(content: Json) -> InputFiles:
    """Return the files of an input.

    Raises:
        JsonError: ``content`` says nothing of this kind.
    """
    files = tuple(map(read_file, content.member("parts").elements()))
    return InputFiles(files, content.member("complete").flag())


def read_file(content: Json) -> JobFile:
    """Return a file.

    Raises:
        JsonError: ``content`` says nothing of this kind, or no row has what it says.
    """
    digest = content.member("sha256").sha256()
    rows = content.member("rows").count()
    statuses = {status: number.count(least=1) for status, number in content.member("statuses").members()}
    if unknown := statuses.keys() - STATUSES:
        raise content.member("statuses").error(f"has {shorten(min(unknown))}, which no row has")
    if sum(statuses.values()) != rows:
        raise content.member("statuses").error(f"does not have the statuses of {rows} rows")
    examples = {status: list(map(_example, rows.elements())) for status, rows in content.member("examples").members()}
    for status, rows_of_status in examples.items():
        if not 1 <= len(rows_of_status) <= min(EXAMPLES, statuses.get(status, 0)):
            raise content.member("examples").error(f"has {len(rows_of_status)} rows of the status {shorten(status)}")
    name, size = content.member("name").text(), content.member("bytes").count()
    wrong_codes = content.member("wrong_codes").count(most=rows)
    code_examples = tuple(map(_example, content.member("code_examples").elements()))
    if len(code_examples) > min(EXAMPLES, wrong_codes):
        raise content.member("code_examples").error(f"has {len(code_examples)} rows of {wrong_codes}")
    return JobFile(name, digest, size, rows, statuses, examples, wrong_codes, code_examples)


def _example(content: Json) -> Example:
    name, line = content.optional("name"), content.optional("line")
    return Example(
        _any_text(content.member("source")),
        content.member("row").count(least=1),
        None if name is None else _any_text(name),
        None if line is None else line.count(least=1),
    )


def _any_text(content: Json) -> str:
    """Return a string, be it with half of a surrogate pair, which stands for a byte in the name of a file."""
    if not isinstance(content.value, str):
        raise content.error("is not a string")
    return content.value
