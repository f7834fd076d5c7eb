"""What ``INPUT`` names: files, a glob, a folder of files, standard input."""

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hayakana.batch.formats import FileFormat, format_of
from hayakana.batch.options import OptionError
from hayakana.errors import TableError

STANDARD_INPUT = "-"


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

    @property
    def version(self) -> tuple[int, int, int] | None:
        """What changes when the file is written to: its number, bytes and time of change; None of what is no file."""
        if self.path is None or self.is_stream:
            return None
        found = self.path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns

    def check_unchanged(self, version: tuple[int, int, int] | None) -> None:
        """Check that the file is still that of ``version``.

        Raises:
            TableError: it was written to meanwhile.
            OSError: it is no longer there.
        """
        if self.version != version:
            raise TableError(f"{self} was written to while it was read: run this again when it is whole")


def inputs_of(
    inputs: Sequence[str | Path], *, format_name: str | None = None, output: Path | None = None
) -> list[Input]:
    """Return the files that ``inputs`` name, in their order, those of a glob or a folder by name.

    A folder stands for all files of a known suffix in it and below, those apart whose name, or that of a folder on the
    way, begins with a dot or an underscore: engines keep their own things in these.

    Args:
        inputs: paths of files or folders, glob patterns (``**`` for any folders), ``-`` for standard input.
        format_name: the format of all of them, whatever their suffix; has to be given for standard input.
        output: where the result goes, which folders and patterns leave out.

    Raises:
        TableError: there is nothing of such a name, or in such a folder, or one file is named twice, or nothing says
            what format it has.
    """
    found = [source for one in inputs for source in _named(str(one), format_name, output)]
    seen = set()
    for source in found:
        key = None if source.path is None else source.path.resolve()
        if key in seen:
            raise TableError(f"{source} is named twice among the inputs: its rows would come out twice")
        seen.add(key)
    return found


def _named(text: str, format_name: str | None, output: Path | None) -> list[Input]:
    if text == STANDARD_INPUT:
        if format_name is None:
            raise OptionError("nothing says what format standard input has: give it with --input-format")
        return [Input(None, format_of(Path(STANDARD_INPUT), format_name))]
    path = Path(text)
    if path.is_dir():
        found = [source for source in _in_folder(path, format_name) if not _is_in(source, output)]
        if not found:
            raise TableError(f"{path}: no file of names in this folder")
        return found
    if not path.exists() and glob.has_magic(text):
        matches = sorted(match for match in map(Path, glob.glob(text, recursive=True)) if match.is_file())  # noqa: PTH207  (any pattern)
        if not matches:
            raise TableError(f"{text}: no file of such a name")
        found = [Input(match, format_of(match, format_name)) for match in matches]
        return [source for source in found if not _is_in(source, output)]
    return [Input(path, format_of(path, format_name))]


def _in_folder(folder: Path, format_name: str | None) -> list[Input]:
    return [
        Input(path, format_of(path, format_name))
        for path in sorted(_files_in(folder))
        if format_name is not None or _has_format(path)  # A note or a picture may lie beside the data.
    ]


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of ``folder`` and of those in it, through links too; what cannot be read is an error."""
    for path in folder.iterdir():
        if path.name.startswith((".", "_", "~$")):  # The last is what Excel writes beside a workbook that is open.
            continue
        if path.is_dir():
            yield from _files_in(path)
        else:
            yield path


def _has_format(path: Path) -> bool:
    try:
        format_of(path)
    except TableError:
        return False
    return True


def _is_in(source: Input, output: Path | None) -> bool:
    return output is not None and source.path is not None and source.path.resolve().is_relative_to(output.resolve())


def output_format_of(output: Path) -> FileFormat | None:
    """Return the format of the file that ``output`` names; None where no suffix says one: then it is a folder."""
    return None if output.is_dir() or not _has_format(output) else format_of(output)
