"""The log: a JSON object a line, on standard error. What an exception says is left out, since it may quote a name."""

import logging
import sys
import time
import traceback
from types import TracebackType

from msgspec import json

_DEEPEST = 8
"""Frames of an exception that are logged, the innermost ones."""

LOG = logging.getLogger("hayakana.serve")


class JsonFormatter(logging.Formatter):
    """Formats a record as a JSON object; ``fields`` of the record, a dict, are members of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage().strip(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, frames = record.exc_info
            line |= {"error": kind.__name__, "at": _places(frames)}
        return json.encode(line).decode()


def _places(frames: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(frames)[-_DEEPEST:]]


def log_to_standard_error() -> None:
    """Have this process log as above: requests, and what is worth a look of all else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("hayakana").setLevel(logging.INFO)
