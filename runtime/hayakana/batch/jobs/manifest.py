"""The manifest of a folder that a job fills: which job it is, and which of its files are whole.

It is checked before it is believed: what it says decides which rows are read again and which files are removed. While
a job is at work, files that became whole are added to a journal beside it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hayakana.batch.jobs.job_files import InputFiles, JobFile, file_content, job_file_name, read_file, read_input
from hayakana.batch.jobs.journal import JOB_JOURNAL, Journal, read_journal
from hayakana.errors import OutputExistsError, TableError, brief, shorten
from hayakana.syntax import Json, JsonError, parse
from hayakana.system.files import UnfitFileError, atomic_file, read_regular_file

JOB_MANIFEST = "_hayakana.json"
"""Engines leave out files whose names begin with an underscore when they read a folder."""

FORMAT_VERSION = 2

LARGEST = 1 << 26
"""Bytes of a manifest, at most: of some 50,000 files."""

_SEAL = re.compile(rb'(.*),\n "seal": "([0-9a-f]{64})"\n}\n', re.DOTALL)
"""The last member is the sha256 of all that comes before it, so that whatever changed is known to have changed."""

_SEAL_BYTES = 100
"""Of the member ``seal`` and what stands around it, at most."""

_LONGEST_SHOWN = 500


@dataclass(frozen=True)
class JobManifest:
    """What a folder holds. ``fingerprint`` says of what and how it is made: equal ones give the same bytes."""

    fingerprint: Mapping[str, Any]
    inputs: tuple[InputFiles, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether the job is done."""
        return all(files.complete for files in self.inputs)

    @property
    def rows(self) -> int:
        """How many rows are there."""
        return sum(files.rows for files in self.inputs)

    def write(self, folder: Path, *, largest: int = LARGEST) -> None:
        """Write it into ``folder``, whole or not at all. It then says all that a journal beside it did.

        Raises:
            TableError: it has more files than fit in ``largest`` bytes.
            OSError: it cannot be written.
        """
        text = self._text()
        if len(text) > largest - _SEAL_BYTES:
            raise _too_many_files(folder)
        with atomic_file(folder / JOB_MANIFEST) as file:
            file.write(b'%b,\n "seal": "%b"\n}\n' % (text, _seal(text).encode("ascii")))
        (folder / JOB_JOURNAL).unlink(missing_ok=True)

    def additions(self, folder: Path, *, largest: int = LARGEST) -> "Additions":
        """Return what files are added to that become whole. This manifest is what ``folder`` has.

        Raises:
            OSError: its journal cannot be written.
        """
        text = self._text()
        return Additions(
            folder, Journal(folder / JOB_JOURNAL, seal=_seal(text)), room=largest - _SEAL_BYTES - len(text)
        )

    def _text(self) -> bytes:
        content = {
            "format_version": FORMAT_VERSION,
            "complete": self.complete,
            "fingerprint": self.fingerprint,
            "inputs": [
                {"parts": list(map(file_content, whole.files)), "complete": whole.complete} for whole in self.inputs
            ],
        }
        return json.dumps(content, ensure_ascii=True, indent=1).removesuffix("\n}").encode("ascii")

    @staticmethod
    def read(folder: Path) -> "JobManifest | None":
        """Return that of ``folder``, with what its journal adds to it; None where it is missing.

        Raises:
            OutputExistsError: it cannot be read as one, or was changed since it was written.
            OSError: it cannot be opened.
        """
        try:
            content = read_regular_file(folder / JOB_MANIFEST, most_bytes=LARGEST)
            manifest = _manifest(parse(content))
            sealed = _SEAL.fullmatch(content)
            if sealed is None or (seal := _seal(sealed[1])).encode("ascii") != sealed[2]:
                raise JsonError("it was changed after it was written")
            return _with_additions(manifest, read_journal(folder / JOB_JOURNAL, seal=seal, most_bytes=LARGEST))
        except FileNotFoundError:
            return None
        except (JsonError, UnfitFileError) as error:
            raise _unbelievable(folder, str(error)) from error

    def check_files(self, folder: Path, *, inputs: int, rows_per_file: int, suffix: str) -> None:
        """Check that its files are the files of a job of so many inputs, each with the rows that its place asks for.

        Raises:
            OutputExistsError: they are not.
        """
        if len(self.inputs) != inputs:
            raise _unbelievable(folder, f"it has {len(self.inputs)} inputs in place of {inputs}")
        for index, whole in enumerate(self.inputs):
            for number, file in enumerate(whole.files):
                is_last = whole.complete and number == len(whole.files) - 1
                fewest = rows_per_file if not is_last else 1 if number else 0  # An empty input has a file, too.
                if file.name != job_file_name(index, number, suffix) or not fewest <= file.rows <= rows_per_file:
                    raise _unbelievable(
                        folder, f"{shorten(file.name)} of {file.rows} rows is not its file {index}, {number}"
                    )
            if whole.complete and not whole.files:
                raise _unbelievable(folder, f"input {index + 1} is complete without a file")


class Additions:
    """The files that became whole since the manifest of ``folder`` was written, each added to its journal.

    A manifest of all of them has ``room`` bytes more than this one. ``close()`` closes the journal, which stays.
    """

    def __init__(self, folder: Path, journal: Journal, *, room: int) -> None:
        self._folder, self._journal, self._room = folder, journal, room

    def file(self, index: int, file: JobFile) -> None:
        """Add a file of an input.

        Raises:
            TableError: the manifest has no room for it.
            OSError: the journal cannot be written.
        """
        content = file_content(file)
        in_manifest = json.dumps(content, indent=1)
        self._room -= len(in_manifest) + _DEPTH * (in_manifest.count("\n") + 1) + len(",\n")
        if self._room < 0:
            raise _too_many_files(self._folder)
        self._add({"input": index, "part": content})

    def end_of(self, index: int) -> None:
        """Say that the files of an input hold all of its rows.

        Raises:
            OSError: the journal cannot be written.
        """
        self._add({"input": index, "complete": True})

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def _add(self, content: Mapping[str, Any]) -> None:
        self._journal.add(json.dumps(content, ensure_ascii=True).encode("ascii"))


_DEPTH = 4
"""Spaces before a file in the manifest: it stands in a list in an object in a list of the object."""


def _with_additions(manifest: JobManifest, lines: Iterable[bytes]) -> JobManifest:
    """Return ``manifest`` with what the ``lines`` of its journal say.

    Raises:
        JsonError: they say nothing that can be added to it.
    """
    files = [list(whole.files) for whole in manifest.inputs]
    complete = [whole.complete for whole in manifest.inputs]
    for line in lines:
        added = parse(line)
        index = added.member("input").count(most=len(files) - 1)
        if (part := added.optional("part")) is None:
            complete[index] = added.member("complete").flag()
        else:
            files[index].append(read_file(part))
    return replace(manifest, inputs=tuple(map(InputFiles, map(tuple, files), complete)))


def _seal(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _too_many_files(folder: Path) -> TableError:
    return TableError(f"{folder} has more files than {JOB_MANIFEST} can hold: give a larger --rows-per-file")


def _unbelievable(folder: Path, reason: str) -> OutputExistsError:
    return OutputExistsError(
        f"{folder / JOB_MANIFEST} is not a manifest of this version of hayakana ({reason}):"
        " choose another folder, or remove this one"
    )


def _manifest(content: Json) -> JobManifest:
    if (version := content.member("format_version").count()) != FORMAT_VERSION:
        raise JsonError(f"format_version is {version}, not {FORMAT_VERSION}")
    fingerprint = content.member("fingerprint").object()
    manifest = JobManifest(fingerprint, tuple(map(read_input, content.member("inputs").elements())))
    if content.member("complete").flag() != manifest.complete:
        raise content.member("complete").error("is not what its inputs say")
    return manifest


def difference(before: Mapping[Any, Any], wanted: Mapping[Any, Any], *, path: str = "") -> str | None:
    """Return the first difference of two fingerprints, in words; None where they are the same."""
    for key in dict.fromkeys((*before, *wanted)):
        old, new = before.get(key), wanted.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            return difference(old, new, path=f"{path}{key}: ")
        if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            return difference(dict(enumerate(old, start=1)), dict(enumerate(new, start=1)), path=f"{path}{key} ")
        return f"{path}{brief(key, limit=_LONGEST_SHOWN)} was {_shown(old)} and is {_shown(new)}"
    return None


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "something else"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
