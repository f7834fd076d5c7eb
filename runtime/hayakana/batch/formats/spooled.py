"""Files that can be read from any place, which formats that are no streams need."""

import shutil
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import IO


def seekable(path_or_file: Path | IO[bytes]) -> tuple[IO[bytes], bool]:
    """Return a file that can be read from any place, and whether it was opened here; a pipe goes to a temporary file.

    Raises:
        OSError: the file cannot be opened, or the temporary file not be written.
    """
    file = path_or_file.open("rb") if isinstance(path_or_file, Path) else path_or_file
    if file.seekable():
        return file, file is not path_or_file
    spooled = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asks closes it)
    with file if file is not path_or_file else nullcontext():
        shutil.copyfileobj(file, spooled)
    spooled.seek(0)
    return spooled, True
