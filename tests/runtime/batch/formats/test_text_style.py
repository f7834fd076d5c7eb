"""Line ends and the byte order mark of the first input, which text that is written keeps."""

import io
import itertools
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import Transliterator
from hayakana.batch import (
    FileFormat,
    ReadOptions,
    WriteOptions,
    inputs_of,
    transliterate_to_file,
    transliterate_to_folder,
)
from hayakana.batch.formats.blocks import PLAIN, TextBuffer, TextSizes, TextStyle
from hayakana.batch.formats.registry import open_table, writer

MARK = b"\xef\xbb\xbf"
TEXTS = {
    "csv": b"id,name\n1,Mori\n2,2Pac\n",
    "tsv": b"id\tname\n1\tMori\n2\t2Pac\n",
    "jsonl": b'{"id": 1, "name": "Mori"}\n{"id": 2, "name": "2Pac"}\n',
    "txt": b"Mori\n2Pac\n",
}


@pytest.mark.parametrize(("source", "destination"), list(itertools.product(TEXTS, TEXTS)))
@pytest.mark.parametrize("mark", [MARK, b""])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_file_keeps_the_line_ends_and_the_mark_of_the_first_input(
    tiny: Transliterator, tmp_path: Path, source: str, destination: str, mark: bytes, line_end: bytes
) -> None:
    plain, kept = tmp_path / f"plain.{source}", tmp_path / f"kept.{source}"
    plain.write_bytes(TEXTS[source])
    kept.write_bytes(mark + TEXTS[source].replace(b"\n", line_end))
    for path in (plain, kept):
        transliterate_to_file(
            tiny, inputs_of([path, plain][: 1 + (path is kept)]), tmp_path / f"{path.stem}.out.{destination}"
        )
    once = (tmp_path / f"plain.out.{destination}").read_bytes()
    body = once + (once.split(b"\n", 1)[1] if destination in ("csv", "tsv") else once)
    mark = b"" if destination == "jsonl" else mark
    assert (tmp_path / f"kept.out.{destination}").read_bytes() == mark + body.replace(b"\n", line_end)


def test_what_is_said_wins(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(MARK + b"name\r\nMori\r\n")
    for options, expected in (
        (WriteOptions(encoding="utf-8"), "name,katakana,status\r\nMori,モリ,ok\r\n".encode()),
        (WriteOptions(encoding="cp932", line_end="\n"), "name,katakana,status\nMori,モリ,ok\n".encode("cp932")),
    ):
        transliterate_to_file(
            tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out.csv", write_options=options, overwrite=True
        )
        assert (tmp_path / "out.csv").read_bytes() == expected


@pytest.mark.parametrize(
    ("content", "style"),
    [
        (b"", PLAIN),
        (MARK, TextStyle(has_mark=True)),
        (b"\n", PLAIN),
        (b"\r\n", TextStyle("\r\n")),
        (b"name\rMori\rKato", PLAIN),
        (b"name\nMori\r\n", PLAIN),
        (b"name\r\nMori\n", TextStyle("\r\n")),
        (MARK[:2] + b"\r\n", TextStyle("\r\n")),
        (MARK + b"\r\n", TextStyle("\r\n", has_mark=True)),
    ],
)
def test_the_first_line_feed_decides(content: bytes, style: TextStyle) -> None:
    options = ReadOptions(undecodable="replace")
    with open_table(io.BytesIO(content), FileFormat("txt"), options) as opened:
        assert opened.style == style
        rows = list(opened.batches())
    assert sum(len(one.batch) for one in rows) == content.count(b"\n") + (
        not content.endswith(b"\n") and content not in (b"", MARK)
    )


def test_other_encodings_keep_their_line_ends(tmp_path: Path) -> None:
    for encoding in ("utf-16", "cp932", "utf-16-le"):
        content = "name\r\n山田\r\n".encode(encoding)
        with open_table(io.BytesIO(content), FileFormat("csv"), ReadOptions(encoding=encoding)) as opened:
            assert opened.style == TextStyle("\r\n")


@given(cells=st.lists(st.text(st.sampled_from('a,"\r\n\t山')), min_size=1, max_size=8))
def test_values_with_line_breaks_come_back_from_lines_of_any_end(cells: list[str]) -> None:
    batch = pa.record_batch([cells, cells], names=["a", "b"])
    file = io.BytesIO()
    writing = writer(file, batch.schema, FileFormat("csv"), WriteOptions(), style=TextStyle("\r\n", has_mark=True))
    writing.write(batch)
    writing.close()
    file.seek(0)
    with open_table(file, FileFormat("csv"), ReadOptions()) as opened:
        assert [row for rows in opened.batches() for row in rows.batch.to_pylist()] == batch.to_pylist()


def test_all_files_of_a_folder_have_one_style_and_a_resumed_one_too(tiny: Transliterator, tmp_path: Path) -> None:
    lines = [f"{number},Mori {number % 3}" for number in range(50)]
    (tmp_path / "1.csv").write_bytes(MARK + "\r\n".join(["id,name", *lines, ""]).encode())
    (tmp_path / "2.csv").write_bytes("\n".join(["id,name", *lines, ""]).encode())
    inputs = inputs_of([tmp_path / "1.csv", tmp_path / "2.csv"])
    options = {"file_format": FileFormat("csv"), "read_options": ReadOptions(window=10), "rows_per_file": 20}
    transliterate_to_folder(tiny, inputs, tmp_path / "out", **options)
    parts = sorted((tmp_path / "out").glob("part-*"))
    whole = [part.read_bytes() for part in parts]
    assert len(parts) == 6
    assert all(part.startswith(MARK) and part.count(b"\r\n") == part.count(b"\n") for part in whole)
    for part in parts[4:]:  # The rest is of the second input alone.
        part.unlink()
    transliterate_to_folder(tiny, inputs, tmp_path / "out", **options, resume=True)
    assert [part.read_bytes() for part in parts] == whole


@pytest.mark.slow
def test_standard_input_keeps_its_style(tiny_folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), "-", "out.csv"]
    content = MARK + b"name\r\nMori\r\n"
    subprocess.run(
        [*command, "--input-format", "csv"], input=content, check=True, capture_output=True, cwd=tmp_path, timeout=60
    )
    assert (tmp_path / "out.csv").read_bytes() == MARK + "name,katakana,status\r\nMori,モリ,ok\r\n".encode()


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_mark_is_found_however_small_blocks_are(size: int) -> None:
    text = TextBuffer(iter([bytes([byte]) for byte in MARK + b"Mori\r\n"]), TextSizes(block=size))
    assert text.style.has_mark
    assert text.fill()
    assert text.pending.startswith(b"M")
