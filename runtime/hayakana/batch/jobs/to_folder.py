"""Inputs of names in, a folder of files with Katakana out: a job that can be killed at any moment, and resumed."""

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa

from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.registry import FileFormat, ReadOptions, WriteOptions, writer
from hayakana.batch.jobs.fingerprints import file_digest, fingerprint
from hayakana.batch.jobs.folder import begun, check_folder
from hayakana.batch.jobs.inputs import Input, naming
from hayakana.batch.jobs.job import Job
from hayakana.batch.jobs.job_files import InputFiles, JobFile, job_file_name
from hayakana.batch.jobs.journal import JOB_JOURNAL
from hayakana.batch.jobs.manifest import JOB_MANIFEST, Additions, JobManifest
from hayakana.batch.jobs.options import (
    COLUMNS,
    READ_OPTIONS,
    ROWS_PER_FILE,
    WRITE_OPTIONS,
    JobOptions,
    check_folder_options,
)
from hayakana.batch.jobs.pipeline import DoneWindow
from hayakana.batch.jobs.progress import Progress
from hayakana.batch.jobs.report import Report
from hayakana.system.files import atomic_file, locked, new_folder
from hayakana.transliterator import Transliterator

PARQUET = FileFormat("parquet")


def transliterate_to_folder(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    folder: Path,
    *,
    file_format: FileFormat = PARQUET,
    columns: Columns = COLUMNS,
    read_options: ReadOptions = READ_OPTIONS,
    write_options: WriteOptions = WRITE_OPTIONS,
    rows_per_file: int = ROWS_PER_FILE,
    resume: bool = False,
    overwrite: bool = False,
    show_progress: bool = True,
) -> Report:
    """Write the rows of ``inputs`` into ``folder`` with Katakana and status, ``rows_per_file`` in each file.

    Files are named after the places of their input and of themselves, ``part-00000-00000.parquet``. A file is there
    when it is whole (written beside its name, fsync, rename). ``_hayakana.json`` says which job it is and which files
    are whole, with their checksums; while the job is at work, ``_hayakana.journal`` has the files that were added to
    these. What a file holds depends on its rows alone. So a job that was killed and resumed leaves the same bytes as a
    job that ran through. Give a ``transliterator`` of ``cache_size=0`` where probabilities or candidates are wanted: in
    their last decimal they may depend on what was decoded together.

    ``folder`` is made where it is missing; ``rows_per_file`` is a multiple of ``read_options.window``. With ``resume``
    a job goes on, and files that have changed since are written again; a pipe cannot be resumed. With ``overwrite``
    what another job, or this one, has left is removed. Progress is shown as by ``transliterate_to_file``.

    Raises:
        OutputExistsError: ``folder`` belongs to another job, contains other files, or already holds this job and
            neither ``resume`` nor ``overwrite`` was given.
        JobRunningError: another process works on it.
        TableError: as in ``transliterate_to_file``.
        OSError: a file cannot be opened or written; what was whole stays.
        ValueError: ``rows_per_file`` is no multiple of ``read_options.window``, or standard input is to be resumed.
    """
    options = JobOptions(file_format, columns, read_options, write_options)
    check_folder_options(inputs, options, rows_per_file=rows_per_file, resume=resume)
    check_folder(folder, inputs)
    with Job(transliterator, inputs, options) as job:
        made = fingerprint(transliterator, job.inputs, options, rows_per_file=rows_per_file)
        # Before there is a folder: are the columns there, and can they be written so?
        job.pipeline.settle()
        writer(io.BytesIO(), pa.schema([(columns.katakana, pa.string())]), file_format, write_options)
        with new_folder(folder), locked(folder):
            new = JobManifest(made, (InputFiles(),) * len(inputs))
            manifest = begun(folder, new, resume=resume, overwrite=overwrite)
            with Progress(inputs, shown=show_progress) as progress:
                windows_per_file = rows_per_file // read_options.window
                with closing(_Filling(folder, manifest, job, progress, windows_per_file=windows_per_file)) as filling:
                    filling.run()
    return job.report(resumed_rows=manifest.rows)


class _Filling:
    """Fills a folder that is held by this process. ``close()`` closes its journal."""

    def __init__(
        self, folder: Path, manifest: JobManifest, job: Job, progress: Progress, *, windows_per_file: int
    ) -> None:
        self._folder, self._fingerprint = folder, manifest.fingerprint
        self._inputs = list(manifest.inputs)
        self._job, self._progress = job, progress
        self._windows_per_file = windows_per_file
        self._additions: Additions | None = None

    def run(self) -> None:
        """Write the files that are missing."""
        for index in range(len(self._job.inputs)):
            self._fill(index)
        self._begin()
        self._manifest().write(self._folder)

    def close(self) -> None:
        """Close the journal. Closing twice is fine."""
        if self._additions is not None:
            self._additions.close()

    def _begin(self) -> Additions:
        """Leave nothing in the folder but the files of this job. Once, when there are rows: until then it may fail."""
        if self._additions is None:
            manifest = self._manifest()
            kept = {file.name for whole in manifest.inputs for file in whole.files} | {JOB_MANIFEST, JOB_JOURNAL}
            for path in self._folder.iterdir():
                if path.name not in kept:
                    path.unlink()
            manifest.write(self._folder)
            self._additions = manifest.additions(self._folder)
        return self._additions

    def _manifest(self) -> JobManifest:
        return JobManifest(self._fingerprint, tuple(self._inputs))

    def _fill(self, index: int) -> None:
        """Write the files of an input that are missing."""
        done = self._inputs[index]
        for file in done.files:
            self._job.tally.add(file.tally)
        if done.complete:
            self._progress.skip(inputs=index + 1)
            return
        files = list(done.files)
        with closing(self._job.pipeline.windows(index, skip_rows=done.rows)) as windows:
            first: DoneWindow | None = next(windows)
            additions = self._begin()
            assert first is not None
            if files:
                self._progress.skip(inputs=index, fraction=first.fraction)
            # Where all rows were there, and this was not known yet, one window without a row follows.
            while first is not None and (not files or len(first.rows)):
                following = islice(windows, self._windows_per_file - 1)
                file = self._written(index, len(files), chain([first], following))
                self._job.tally.add(file.tally)
                files.append(file)
                additions.file(index, file)
                first = next(windows, None)
        additions.end_of(index)
        self._inputs[index] = InputFiles(tuple(files), complete=True)

    def _written(self, index: int, number: int, windows: Iterator[DoneWindow]) -> JobFile:
        """Write a file, which appears once it is known to be of what was read when the job began."""
        path = self._folder / job_file_name(index, number, str(self._job.options.file_format))
        with atomic_file(path) as file:
            output = self._job.output(file, where=path)
            tally = self._job.write(index, windows, output, self._progress)
            output.end()
        with self._job.pipeline.clock.counting("write"), naming(path):
            digest = file_digest(path)
        statuses = dict(tally.statuses.most_common())
        size, codes = path.stat().st_size, tally.code_examples
        return JobFile(path.name, digest, size, tally.rows, statuses, tally.examples, tally.wrong_codes, codes)
