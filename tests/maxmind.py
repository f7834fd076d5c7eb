"""A MaxMind DB file of a few records, as https://maxmind.github.io/MaxMind-DB/ has its format, version 2.0."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

_STRING, _UINT16, _UINT32, _MAP, _UINT64, _ARRAY = 2, 5, 6, 7, 9, 11
_SEPARATOR = bytes(16)
_MARKER = b"\xab\xcd\xefMaxMind.com"


def write_database(path: Path, records: Sequence[object], *, database_type: str = "GeoLite2-City") -> None:
    """Write a database whose networks have ``records``: maps, lists, text and numbers."""
    nodes = len(records)
    data, tree = b"", b""
    for place, record in enumerate(records):
        # A node for each record: the left branch is the record, the right one the next node, or nothing.
        tree += _record(nodes + len(_SEPARATOR) + len(data)) + _record(place + 1)
        data += _encoded(record)
    metadata = {
        "node_count": (_UINT32, nodes),
        "record_size": (_UINT16, 24),
        "ip_version": (_UINT16, 4),
        "database_type": database_type,
        "languages": ["en", "ja"],
        "binary_format_major_version": (_UINT16, 2),
        "binary_format_minor_version": (_UINT16, 0),
        "build_epoch": (_UINT64, 1),
        "description": {"en": "a test"},
    }
    path.write_bytes(tree + _SEPARATOR + data + _MARKER + _encoded(metadata))


def _record(value: int) -> bytes:
    return struct.pack(">I", value)[1:]


def _encoded(value: object) -> bytes:
    if isinstance(value, str):
        content = value.encode()
        return _control(_STRING, len(content)) + content
    if isinstance(value, int):
        return _encoded((_UINT32, value))
    if isinstance(value, tuple):
        kind, number = value
        content = number.to_bytes(8, "big").lstrip(b"\0")
        return _control(kind, len(content)) + content
    if isinstance(value, list):
        return _control(_ARRAY, len(value)) + b"".join(map(_encoded, value))
    assert isinstance(value, Mapping)
    return _control(_MAP, len(value)) + b"".join(_encoded(key) + _encoded(item) for key, item in value.items())


def _control(kind: int, size: int) -> bytes:
    """Return the control byte, with an extended type (above 7) and a size of up to 284 behind it."""
    first, extended = (kind << 5, b"") if kind <= 7 else (0, bytes([kind - 7]))
    return bytes([first | min(size, 29)]) + extended + (bytes([size - 29]) if size >= 29 else b"")
