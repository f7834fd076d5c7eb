"""What ``INPUT`` names: files, a glob, a folder of files, standard input."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hayakana.batch.formats import FileFormat, format_of
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
    def size(self) -> int:
        """Bytes of the file; 0 where they cannot be known, as of a pipe."""
        return 0 if self.path is None else self.path.stat().st_size


def inputs_of(inputs: Sequence[str | Path], *, format_name: str | None = None) -> list[Input]:
    """Return the files that ``inputs`` name, in their order, those of a glob or a folder by name.

    A folder stands for all files of a known suffix in it and below, those apart whose name, or that of a folder on the
    way, begins with a dot or an underscore: engines keep their own things in these.

    Args:
        inputs: paths of files or folders, glob patterns (``**`` for any folders), ``-`` for standard input.
        format_name: the format of all of them, whatever their suffix; has to be given for standard input.

    Raises:
        TableError: there is nothing of such a name, or in such a folder, or one file is named twice, or nothing says
            what format it has.
    """
    found = [source for one in inputs for source in _named(str(one), format_name)]
    seen = set()
    for source in found:
        key = None if source.path is None else source.path.resolve()
        if key in seen:
            raise TableError(f"{source} is named twice among the inputs: its rows would come out twice")
        seen.add(key)
    return found


def _named(text: str, format_name: str | None) -> list[Input]:
    if text == STANDARD_INPUT:
        if format_name is None:
            raise TableError("nothing says what format standard input has: give it with --input-format")
        return [Input(None, format_of(Path(STANDARD_INPUT), format_name))]
    path = Path(text)
    if path.is_dir():
        found = _in_folder(path, format_name)
        if not found:
            raise TableError(f"{path}: no file of names in this folder")
        return found
    if not path.exists() and glob.has_magic(text):
        matches = sorted(match for match in map(Path, glob.glob(text, recursive=True)) if match.is_file())  # noqa: PTH207  (any pattern)
        if not matches:
            raise TableError(f"{text}: no file of such a name")
        return [Input(match, format_of(match, format_name)) for match in matches]
    return [Input(path, format_of(path, format_name))]


def _in_folder(folder: Path, format_name: str | None) -> list[Input]:
    found = []
    for path in sorted(folder.rglob("*")):
        if any(part.startswith((".", "_")) for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        try:
            found.append(Input(path, format_of(path, format_name)))
        except TableError:
            continue  # A note or a picture beside the data.
    return found


def output_format_of(output: Path) -> FileFormat | None:
    """Return the format of the file that ``output`` names; None where no suffix says one: then it is a folder."""
    try:
        return None if output.is_dir() else format_of(output)
    except TableError:
        return None
