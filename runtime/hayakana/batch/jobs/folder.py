"""What the folder of a job holds before the job writes, and what becomes of it: the table of docs/batch.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hayakana.batch.formats.registry import FORMAT_NAMES
from hayakana.batch.jobs.destinations import check_stream
from hayakana.batch.jobs.fingerprints import file_digest
from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.job_files import InputFiles
from hayakana.batch.jobs.journal import JOB_JOURNAL
from hayakana.batch.jobs.manifest import JOB_MANIFEST, JobManifest, difference
from hayakana.errors import OutputExistsError, TableError
from hayakana.system.files import is_temporary

_JOB_FILE = re.compile(rf"part-\d{{5,}}-\d{{5,}}\.({'|'.join(map(re.escape, FORMAT_NAMES))})")


def check_folder(folder: Path, inputs: Sequence[Input]) -> None:
    """Check that ``folder`` can be made, or is one, and holds no input.

    Raises:
        TableError: it is a file or the folder of an input, or there is no folder for it.
        OutputExistsError: it is something else, such as a pipe.
    """
    check_stream(folder)
    if folder.is_file():
        raise TableError(f"{folder} is a file, and its suffix names no format: choose another output")
    if folder.exists() and not folder.is_dir():
        raise OutputExistsError(f"{folder} is neither a file nor a folder: choose another output")
    if not folder.parent.is_dir():
        raise TableError(f"{folder.parent} is not a folder: make it first")
    place = folder.resolve()
    for file in inputs:
        if file.path is not None and file.path.resolve().is_relative_to(place):
            raise TableError(f"{file} is in the folder of the output: choose another output")


@dataclass(frozen=True)
class Nothing:
    """No job has begun here: the folder is empty, or what began had no row."""


@dataclass(frozen=True)
class ThisJob:
    """The job that is asked for, whole or in part."""

    manifest: JobManifest


@dataclass(frozen=True)
class AnotherJob:
    """A job of another input, model, option or version: the first ``difference``."""

    difference: str


@dataclass(frozen=True)
class OtherFiles:
    """Files that no job has written, as ``reason`` says."""

    reason: str


def begun(folder: Path, new: JobManifest, *, resume: bool, overwrite: bool) -> JobManifest:
    """Return the manifest to go on from: ``new``, or that of ``folder``. Changes nothing in ``folder``.

    Raises:
        OutputExistsError: what is in ``folder`` has to stay as it is.
    """
    match _found(folder, new), "resume" if resume else "overwrite" if overwrite else "":
        case Nothing(), _:
            return new
        case ThisJob(manifest), "resume":
            return _still_whole(folder, manifest, new)
        case AnotherJob(what), "resume":
            raise OutputExistsError(
                f"{folder} is of another job: {what}. Give the same again, --overwrite in place of --resume, or"
                " another folder"
            )
        case ((ThisJob() | AnotherJob()), "overwrite"):
            return new
        case ((ThisJob() | AnotherJob()), _):
            raise OutputExistsError(
                f"{folder} holds a job already: give --resume to go on with it, --overwrite to start over, or choose"
                " another folder"
            )
        case OtherFiles(reason), _:
            raise OutputExistsError(f"{folder} {reason}: choose another folder")


def _found(folder: Path, new: JobManifest) -> Nothing | ThisJob | AnotherJob | OtherFiles:
    """Return what is in ``folder``, beside what a killed process left; ``new`` is the job that is asked for.

    Raises:
        OutputExistsError: its manifest cannot be read, or was changed.
        OSError: the folder cannot be read.
    """
    files = {path.name: path for path in folder.iterdir() if not is_temporary(path)}
    for name, path in sorted(files.items()):
        if (
            not (name in (JOB_MANIFEST, JOB_JOURNAL) or _JOB_FILE.fullmatch(name))
            or path.is_symlink()
            or not path.is_file()
        ):
            return OtherFiles(f"holds {name!r}, which is of no job of hayakana")
    manifest = JobManifest.read(folder)
    if manifest is None:
        return OtherFiles(f"has files and no {JOB_MANIFEST}, which says what job they are of") if files else Nothing()
    if not manifest.rows and files.keys() <= {JOB_MANIFEST, JOB_JOURNAL}:
        return Nothing()
    what = difference(manifest.fingerprint, new.fingerprint)
    return ThisJob(manifest) if what is None else AnotherJob(what)


def _still_whole(folder: Path, manifest: JobManifest, new: JobManifest) -> JobManifest:
    """Return the manifest of ``folder`` with the files that are still what they were.

    Raises:
        OutputExistsError: its files are of another job than ``new``.
    """
    writing = new.fingerprint["writing"]
    manifest.check_files(
        folder, inputs=len(new.inputs), rows_per_file=writing["rows_per_file"], suffix=writing["format"]
    )
    return JobManifest(manifest.fingerprint, tuple(_verified(folder, whole) for whole in manifest.inputs))


def _verified(folder: Path, whole: InputFiles) -> InputFiles:
    """Return the files, from the first on, that are still what they were."""
    for number, file in enumerate(whole.files):
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.bytes or file_digest(path) != file.sha256:
            return InputFiles(whole.files[:number])
    return whole
