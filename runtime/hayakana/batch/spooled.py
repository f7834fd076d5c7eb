"""Files that can be read from any place, which formats that are no streams need."""

import shutil
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import IO


def seekable(source: Path | IO[bytes]) -> tuple[IO[bytes], bool]:
    """Return a file that can be read from any place, and whether it was opened here; a pipe goes to a temporary file.

    Raises:
        OSError: the file cannot be opened, or the temporary file not be written.
    """
    file = source.open("rb") if isinstance(source, Path) else source
    if file.seekable():
        return file, file is not source
    spooled = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asks closes it)
    with file if file is not source else nullcontext():
        shutil.copyfileobj(file, spooled)
    spooled.seek(0)
    return spooled, True
