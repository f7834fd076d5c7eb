"""The package of a workbook: the ZIP file that an .xlsx is, copied so that nothing is in it that was not measured."""

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from hayakana.batch.formats.excel_measure import MOST_TEXT, Extent, Texts, whole_tags
from hayakana.errors import TableError, brief

MOST_XML = 1 << 29
"""Bytes of XML in a workbook, at most: some fifteen million cells."""

_MOST_MEMBERS = 10_000

_WORKBOOK, _TEXTS = "workbook.xml", "sharedstrings.xml"
_NOT_READ = re.compile(
    r"(^|/)(calcChain\.xml|customXml|docProps|drawings|charts|externalLinks|media|pivot\w+|theme)(/|$)"
)
_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins, in which Excel encrypts a workbook, and which .xls is."""

_CHUNK = 1 << 20
_ERROR = re.compile(rb"(<(?:[\w.-]+:)?c\s[^<>]*?\bt\s*=\s*)([\"'])e\2")
_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"'][^\"'0-9]*([0-9]+)")
_SHORTEST_TEXT = len("<si/>")

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def copy_measured(
    workbook: IO[bytes], copy: IO[bytes], *, most_xml: int = MOST_XML, most_text: int = MOST_TEXT
) -> None:
    """Write the XML of ``workbook`` to ``copy``, a package without compression; errors in cells become texts.

    Of XML in the workbook there are ``most_xml`` bytes at most, of text in the cells of a sheet ``most_text``.

    Raises:
        TableError: it is no workbook, or is damaged or encrypted, or more than fits in memory.
        OSError: it cannot be read, or the copy not be written.
    """
    start = workbook.read(len(_ENCRYPTED))
    if start == _ENCRYPTED:
        raise TableError(
            "encrypted, or in the format of .xls: open it in Excel and save it as .xlsx without a password"
        )
    try:
        with zipfile.ZipFile(workbook) as package:
            members = _members(package)
            _check_size(members, most_xml)
            with zipfile.ZipFile(copy, "w") as copied:
                _copy(package, members, copied, most_text)
    except TableError:
        raise
    except (*_DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):  # A place that no file has.
            raise
        raise TableError(
            f"not an .xlsx workbook, or damaged or cut off ({brief(error)}): if it is of another format, name that with"
            " --input-format"
        ) from error


def _members(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members that make sheets, shared texts first."""
    members = [member for member in package.infolist() if _is_read(member.filename)]
    names = [_plain(member) for member in members]
    if not any(_is_named(member, _WORKBOOK) for member in members):
        raise TableError(f"not an .xlsx workbook: there is no {_WORKBOOK} in it")
    if (
        len(set(names)) < len(names)
        or sum(_is_named(member, _TEXTS) for member in members) > 1
        or len(names) > _MOST_MEMBERS
    ):
        raise TableError("damaged: it holds a member twice, or too many members")
    if any(member.flag_bits & 1 for member in members):
        raise TableError("encrypted: open it in Excel and save it without a password")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise TableError("compressed as Excel never does: open it in Excel and save it again")
    return sorted(members, key=lambda member: not _is_named(member, _TEXTS))


def _check_size(members: list[zipfile.ZipInfo], most: int) -> None:
    if (size := sum(member.file_size for member in members)) > most:
        raise TableError(
            f"holds {size >> 20:,} MiB of XML, and at most {most >> 20} MiB fit in memory: save the sheet as CSV"
        )


def _plain(member: zipfile.ZipInfo) -> str:
    """Return the name of a member as readers look for it."""
    return member.filename.replace("\\", "/").lower()


def _is_named(member: zipfile.ZipInfo, name: str) -> bool:
    return _plain(member).rsplit("/", 1)[-1] == name


def _is_read(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels")) and not _NOT_READ.search(name)


def _copy(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], copied: zipfile.ZipFile, most_text: int) -> None:
    texts = Texts()
    for member in members:
        extent = Extent()
        is_texts = _is_named(member, _TEXTS)
        with copied.open(zipfile.ZipInfo(member.filename), "w") as file:
            for chunk in whole_tags(_chunks(package, member)):
                _check_chunk(chunk, member)
                extent.add(chunk)
                if is_texts:
                    texts.add(chunk)
                    file.write(chunk)
                else:
                    file.write(_ERROR.sub(rb"\1\2str\2", chunk) if b"e" in chunk else chunk)
        extent.check()
        if texts.longest * extent.cells > most_text:
            texts.check_uses(whole_tags(_chunks(package, member)), most=most_text)


def _chunks(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(member) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _check_chunk(chunk: bytes, member: zipfile.ZipInfo) -> None:
    if b"\0" in chunk:
        raise TableError("damaged: there is no text in its XML")
    # The reader makes room for as many texts as are said to come.
    if any(len(said) > 10 or int(said) > member.file_size // _SHORTEST_TEXT for said in _COUNT.findall(chunk)):
        raise TableError("damaged: it announces more texts than fit in")
