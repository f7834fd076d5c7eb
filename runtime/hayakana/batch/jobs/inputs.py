"""What ``INPUT`` names: files, a glob, a folder of files, standard input."""

import glob
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from hayakana.batch.formats.options import OptionError
from hayakana.batch.formats.registry import FORMAT_NAMES, FileFormat, format_of
from hayakana.batch.jobs.patterns import files_in, matches
from hayakana.errors import TableError, brief

STANDARD_INPUT = "-"

_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


@dataclass(frozen=True)
class Input:
    """A file of names, or standard input where ``path`` is None."""

    path: Path | None
    file_format: FileFormat

    def __str__(self) -> str:
        return "standard input" if self.path is None else str(self.path)

    @property
    def name(self) -> str:
        """The name of the file, without its folder."""
        return str(self) if self.path is None else self.path.name

    @property
    def is_stream(self) -> bool:
        """Whether it can be read once only: standard input, or a pipe that has a path."""
        return self.path is None or (self.path.exists() and not self.path.is_file())

    @property
    def size(self) -> int:
        """Bytes of the file; 0 where they cannot be known, as of a pipe."""
        return 0 if self.path is None or self.is_stream else self.path.stat().st_size


def inputs_of(
    inputs: Sequence[str | Path], *, format_name: str | None = None, output: Path | None = None
) -> list[Input]:
    """Return the files that ``inputs`` name, in their order; files of a glob or a folder come by name.

    A folder stands for all files of a known suffix in it and below. Files and folders whose name begins with a dot or
    an underscore are left out: engines keep their own things in these.

    Args:
        inputs: paths of files or folders, glob patterns (``**`` for any folders), ``-`` for standard input.
        format_name: the format of all of them, whatever their suffix; has to be given for standard input.
        output: where the result goes. What is in a folder of that name is left out of folders and patterns.

    Raises:
        TableError: there is nothing of such a name, or in such a folder, or too much; or one file is named twice, or
            is ``output``; or nothing says what format it has.
    """
    files = [file for text in inputs for file in _named(str(text), format_name, output)]
    seen: set[object] = set()
    for file in files:
        key = _identity(file)
        if key in seen:
            raise TableError(f"{file} is named twice among the inputs: its rows would come out twice")
        seen.add(key)
    return files


def _identity(file: Input) -> object:
    """Return what is the same for two paths of one file, be it by a link of either kind."""
    if file.path is None or not file.path.exists():
        return file.path
    status = file.path.stat()
    return status.st_dev, status.st_ino


def _named(text: str, format_name: str | None, output: Path | None) -> list[Input]:
    if text == STANDARD_INPUT:
        if format_name is None:
            raise OptionError("nothing says what format standard input has: give it with --input-format")
        return [Input(None, format_of(Path(STANDARD_INPUT), format_name))]
    path = Path(text)
    if path.is_dir():
        # A note or a picture may lie beside the data.
        files = [file for file in files_in(path) if format_name is not None or _has_format(file)]
        if not (files := _without(output, files, text)):
            raise TableError(f"{path}: no file of names in this folder")
    elif not path.exists() and glob.has_magic(text):
        if not (files := matches(text)):
            raise TableError(f"{text}: no file of such a name")
        files = _without(output, files, text)
    else:
        files = [path]
    return [Input(file, format_of(file, format_name)) for file in files]


def _without(output: Path | None, files: list[Path], text: str) -> list[Path]:
    """Return ``files`` without those in the folder ``output``, which is a job's own.

    Raises:
        TableError: ``output`` is one of them: it would be replaced.
    """
    if output is None or not output.exists():
        return files
    if not output.is_dir():
        if taken := [file for file in files if file.exists() and file.samefile(output)]:
            raise TableError(
                f"OUTPUT {output} is {taken[0]}, one of the inputs that {text} names: choose another output"
            )
        return files
    place = output.resolve()
    return [file for file in files if not file.resolve().is_relative_to(place)]


def _has_format(path: Path) -> bool:
    try:
        format_of(path)
    except TableError:
        return False
    return True


def output_format_of(output: str | Path) -> FileFormat | None:
    """Return the format of the file that ``output`` names; None where it names a folder of files.

    A folder has no suffix, or only digits as in ``v1.2``, or already exists, or its path ends in ``/``, which only a
    string can.

    Raises:
        OptionError: no format has such a suffix.
    """
    path = Path(output)
    if str(output).endswith(_SEPARATORS) or path.is_dir() or path.suffix[1:].isdecimal() or not path.suffix:
        return None
    if _has_format(path):
        return format_of(path)
    choices = ", ".join(f".{name}" for name in FORMAT_NAMES)
    raise OptionError(
        f"{output}: no format that is written has the suffix {''.join(path.suffixes[-2:])}: choose one of {choices};"
        " or end the path with / if it is to be a folder of files"
    )


@contextmanager
def naming(where: Input | Path | str) -> Iterator[None]:
    """Name ``where``, an input or an output, in each error of what is in it."""
    try:
        yield
    except OptionError:
        raise  # It is not the file's fault.
    except TableError as error:
        raise TableError(f"{where}: {error}", quoted=error.quoted) from error
    except (pa.ArrowException, EOFError, zlib.error, UnicodeError) as error:
        said = brief(error)  # Arrow may quote a value.
        raise TableError(f"{where}: {said}", quoted=(said,)) from error
    except OSError as error:
        if error.errno is not None:  # The system's own, such as a full disk; reads and writes do not say of what.
            if error.filename is None:
                error.filename = str(where)
            raise
        raise TableError(f"{where}: {brief(error)}") from error  # gzip's and Parquet's, about damaged files
