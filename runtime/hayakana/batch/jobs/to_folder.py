"""Inputs of names in, a folder of files with Katakana out: a job that can be killed at any moment, and resumed."""

import io
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.registry import FORMAT_NAMES, FileFormat, ReadOptions, WriteOptions, writer
from hayakana.batch.jobs.destinations import check_stream
from hayakana.batch.jobs.fingerprints import file_digest, fingerprint
from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.manifest import JOB_MANIFEST, InputFiles, JobFile, JobManifest, difference, job_file_name
from hayakana.batch.jobs.outputs import Output, naming_and_timing
from hayakana.batch.jobs.pipeline import DoneWindow, Pipeline
from hayakana.batch.jobs.progress import Progress
from hayakana.batch.jobs.report import Report, Tally
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.errors import OutputExistsError, TableError
from hayakana.system.files import atomic_file, is_temporary, locked, new_folder
from hayakana.transliterator import Transliterator

ROWS_PER_FILE = 1 << 20
PARQUET = FileFormat("parquet")

_COLUMNS = Columns()
_READ_OPTIONS, _WRITE_OPTIONS = ReadOptions(), WriteOptions()
_JOB_FILE = re.compile(rf"part-\d{{5,}}-\d{{5,}}\.({'|'.join(map(re.escape, FORMAT_NAMES))})")


def transliterate_to_folder(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    folder: Path,
    *,
    file_format: FileFormat = PARQUET,
    columns: Columns = _COLUMNS,
    read_options: ReadOptions = _READ_OPTIONS,
    write_options: WriteOptions = _WRITE_OPTIONS,
    rows_per_file: int = ROWS_PER_FILE,
    resume: bool = False,
    overwrite: bool = False,
    show_progress: bool = True,
) -> Report:
    """Write the rows of ``inputs`` into ``folder`` with Katakana and status, ``rows_per_file`` in each file.

    Files are named after the places of their input and of themselves, ``part-00000-00000.parquet``, and each is there
    when it is whole (written beside its name, fsync, rename). ``_hayakana.json`` says which job it is and which files
    are whole, with their checksums. What a file holds depends on its rows alone, so that a job that was killed and
    resumed leaves the same bytes as one that was not.

    Args:
        transliterator: what turns names into Katakana. Where probabilities or candidates are wanted, one of
            ``cache_size=0``: in their last decimal they may depend on what was decoded together.
        inputs: what is read, in this order; pipes among them cannot be resumed.
        folder: is made where it is not there.
        file_format: of the files.
        columns: which columns are read and added.
        read_options: how text files are read, and how many rows are at work at a time.
        write_options: how files are written.
        rows_per_file: a multiple of ``read_options.window``.
        resume: whether to go on with a job; files that are no longer what they were are written anew.
        overwrite: whether to remove what another job, or this one, has left.
        show_progress: whether to show progress on standard error where that is a terminal.

    Raises:
        OutputExistsError: ``folder`` is another job's, or no job's; or this one's and neither ``resume`` nor
            ``overwrite`` is said.
        JobRunningError: another process works on it.
        TableError: as in ``transliterate_to_file``.
        OSError: a file cannot be opened or written; what was whole stays.
        ValueError: ``rows_per_file`` is no multiple of ``read_options.window``, or standard input is to be resumed.
    """
    if rows_per_file < 1 or rows_per_file % read_options.window:
        raise ValueError(f"rows per file must be a multiple of the window, {read_options.window:,}")
    if resume and (streams := [file for file in inputs if file.is_stream]):
        raise ValueError(f"{streams[0]} cannot be read again, so that no job of it can be resumed: give it as a file")
    _check_folder(folder, inputs)
    started = time.perf_counter()
    watched = [WatchedInput(file) for file in inputs]
    made = fingerprint(
        transliterator,
        watched,
        file_format,
        columns=columns,
        read_options=read_options,
        write_options=write_options,
        rows_per_file=rows_per_file,
    )
    new = JobManifest(made, (InputFiles(),) * len(inputs))
    with closing(Pipeline(transliterator, columns, read_options, watched)) as pipeline:
        # Before there is a folder: are the columns there, and can they be written so?
        pipeline.settle()
        writer(io.BytesIO(), pa.schema([(columns.katakana, pa.string())]), file_format, write_options)
        with new_folder(folder), locked(folder):
            manifest = _begun(folder, new, resume=resume, overwrite=overwrite)
            resumed_rows = sum(files.rows for files in manifest.inputs)
            form = _Form(file_format, write_options, columns.katakana, rows_per_file)
            job = _Job(folder, manifest, pipeline, watched, form)
            with Progress(inputs, shown=show_progress) as progress:
                job.run(progress)
    return job.tally.report(
        distinct_words=pipeline.distinct_words,
        seconds=time.perf_counter() - started,
        stages=pipeline.clock.seconds,
        resumed_rows=resumed_rows,
        doubtful_header=pipeline.doubtful_header,
    )


def _check_folder(folder: Path, inputs: Sequence[Input]) -> None:
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


def _begun(folder: Path, new: JobManifest, *, resume: bool, overwrite: bool) -> JobManifest:
    """Return the manifest to go on from; changes nothing in ``folder``."""
    files = {path.name: path for path in folder.iterdir() if not is_temporary(path)}
    for name, path in sorted(files.items()):
        if not (name == JOB_MANIFEST or _JOB_FILE.fullmatch(name)) or path.is_symlink() or not path.is_file():
            raise OutputExistsError(f"{folder} holds {name!r}, which is of no job of hayakana: choose another folder")
    manifest = JobManifest.read(folder)
    has_rows = manifest is not None and any(whole.rows for whole in manifest.inputs)
    has_begun = has_rows or any(name != JOB_MANIFEST for name in files)
    if has_begun and manifest is None:
        raise OutputExistsError(
            f"{folder} has files and no {JOB_MANIFEST}, which says what job they are of: choose another folder"
        )
    if has_begun and not (resume or overwrite):
        raise OutputExistsError(
            f"{folder} holds a job already: give --resume to go on with it, --overwrite to begin anew, or choose"
            " another folder"
        )
    if not has_begun or manifest is None or not resume:
        return new
    if what := difference(manifest.fingerprint, new.fingerprint):
        raise OutputExistsError(
            f"{folder} is of another job: {what}. Give the same again, --overwrite in place of --resume, or another"
            " folder"
        )
    writing = new.fingerprint["writing"]
    manifest.check_files(
        folder, inputs=len(new.inputs), rows_per_file=writing["rows_per_file"], suffix=writing["format"]
    )
    return JobManifest(manifest.fingerprint, tuple(_verified(folder, whole) for whole in manifest.inputs))


def _verified(folder: Path, whole: InputFiles) -> InputFiles:
    """Return those of the files, from the first on, that are what they were."""
    for number, file in enumerate(whole.files):
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.bytes or file_digest(path) != file.sha256:
            return InputFiles(whole.files[:number])
    return whole


@dataclass(frozen=True)
class _Form:
    """What the files of a job are like; lines of text are those of the column ``katakana``."""

    file_format: FileFormat
    write_options: WriteOptions
    katakana: str
    rows: int


class _Job:
    """Fills a folder that is held by this process."""

    def __init__(
        self,
        folder: Path,
        manifest: JobManifest,
        pipeline: Pipeline,
        inputs: Sequence[WatchedInput],
        form: _Form,
    ) -> None:
        self.tally = Tally()
        self._folder, self._manifest, self._form = folder, manifest, form
        self._pipeline, self._inputs = pipeline, inputs
        self._windows_per_file = form.rows // pipeline.window
        self._is_begun = False

    def run(self, progress: Progress) -> None:
        """Write the files that are not there."""
        for index in range(len(self._inputs)):
            self._fill(index, progress)
        self._begin()

    def _begin(self) -> None:
        """Leave nothing in the folder but the files of this job. Once, when there are rows: until then it may fail."""
        if self._is_begun:
            return
        self._is_begun = True
        whole_names = {file.name for whole in self._manifest.inputs for file in whole.files}
        for path in self._folder.iterdir():
            if path.name not in whole_names and path.name != JOB_MANIFEST:
                path.unlink()
        self._manifest.write(self._folder)

    def _fill(self, index: int, progress: Progress) -> None:
        """Write the files of an input that are not there."""
        done = self._manifest.inputs[index]
        for file in done.files:
            self.tally.add(file.tally)
        if done.complete:
            progress.skip(inputs=index + 1)
            return
        with closing(self._pipeline.windows(index, skip_rows=done.rows)) as windows:
            begun = next(windows)
            self._begin()
            if done.files:
                progress.skip(inputs=index, fraction=begun.fraction)
            first: DoneWindow | None = begun
            while first is not None:
                if done.files and not len(first.rows):
                    break  # All rows were there, and this was not known yet.
                following = islice(windows, self._windows_per_file - 1)
                file = self._written(index, len(done.files), chain([first], following), progress)
                self.tally.add(file.tally)
                first = next(windows, None)
                done = InputFiles((*done.files, file), complete=first is None)
                self._keep(index, done)
        if not done.complete:
            self._keep(index, InputFiles(done.files, complete=True))

    def _written(self, index: int, number: int, windows: Iterator[DoneWindow], progress: Progress) -> JobFile:
        """Write a file, which is not there before it is known to be of what was read when the job began."""
        path = self._folder / job_file_name(index, number, str(self._form.file_format))
        tally, clock = Tally(), self._pipeline.clock
        with atomic_file(path) as file:
            output = Output(file, self._form.file_format, self._form.write_options, katakana=self._form.katakana)
            for window in windows:
                with naming_and_timing(path, clock):
                    output.write(window.rows, window.style)
                tally.add(window.tally)
                progress.done(len(window.rows), inputs=index, fraction=window.fraction)
            with naming_and_timing(path, clock):
                output.end()
            self._inputs[index].check_unchanged()
        with naming_and_timing(path, clock):
            digest = file_digest(path)
        statuses = dict(tally.statuses.most_common())
        return JobFile(path.name, digest, path.stat().st_size, tally.rows, statuses, tally.examples)

    def _keep(self, index: int, files: InputFiles) -> None:
        self._manifest = self._manifest.with_input(index, files)
        self._manifest.write(self._folder)
