import os
from pathlib import Path

import pytest

from hayakana.system.files import UnfitFileError, read_regular_file


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"", b"x", b"x" * 1_000):
        path.write_bytes(content)
        assert read_regular_file(path, most_bytes=1_000) == content
    link = tmp_path / "link"
    link.symlink_to(path)
    assert read_regular_file(link, most_bytes=1_000) == b"x" * 1_000


def test_a_larger_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(20 << 30)
    with pytest.raises(UnfitFileError, match=r"21,474,836,480 bytes, and 1,000 are allowed"):
        read_regular_file(path, most_bytes=1_000)


def test_what_is_no_regular_file_is_refused_unread(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    link = tmp_path / "link"
    link.symlink_to("/dev/zero")
    for path in (fifo, link, tmp_path):
        with pytest.raises(UnfitFileError, match="not a regular file"):
            read_regular_file(path, most_bytes=1_000)


def test_a_file_that_says_no_size_is_bounded_all_the_same() -> None:
    with pytest.raises(UnfitFileError, match="more than the 10 bytes"):
        read_regular_file(Path("/proc/self/status"), most_bytes=10)
    assert read_regular_file(Path("/proc/self/status"), most_bytes=1 << 20).startswith(b"Name:")
