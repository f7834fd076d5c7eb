"""What a service is set to: its limits, who may ask, and how requests are joined."""

from dataclasses import dataclass, field
from typing import TypeVar

MOST_WINDOW_MS = 2.0
"""The longest that a request waits for others to join it. A longer wait costs more than it brings."""

_Number = TypeVar("_Number", int, float)


def _limit(default: _Number, what: str) -> _Number:
    """Return a field of ``Limits``: its default, and what it is, which the help of the command says."""
    return field(default=default, metadata={"what": what})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a client may ask for. Whatever is more gets an error that says the limit."""

    body_bytes: int = _limit(2_000_000, "bytes of a JSON body")
    names: int = _limit(10_000, "names of a JSON body")
    characters: int = _limit(1_000, "characters of a name")
    candidates: int = _limit(20, "candidates of a name")
    explained_names: int = _limit(100, "names of a request for /v1/explain")
    # Its weights are a number for each pair of characters.
    explained_characters: int = _limit(256, "characters of a name for /v1/explain")
    line_bytes: int = _limit(65_536, "bytes of a line of NDJSON")
    waiting_names: int = _limit(50_000, "names that wait for an answer; more get 429")  # of all clients together
    streams: int = _limit(16, "streams of NDJSON at once; more get 429")
    connections: int = _limit(1_000, "connections at once; more get 503")
    header_bytes: int = _limit(65_536, "bytes of a request before its body")
    header_seconds: float = _limit(10.0, "seconds for the head of a request to arrive")
    body_seconds: float = _limit(30.0, "seconds for a JSON body to arrive")
    idle_seconds: float = _limit(60.0, "seconds without a byte, in a stream and between requests")
    write_seconds: float = _limit(30.0, "seconds for a client to take some of its answer")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that is set but the models."""

    host: str = "127.0.0.1"
    port: int = 8000
    limits: Limits = field(default_factory=Limits)
    joins: bool = True
    """Whether requests that wait are answered in one call."""
    window_ms: float = 0.0
    """How long a request waits for others to join it."""
    piece: int = 1_024
    """Names that are answered in one call, at most: the longest that a small request waits for a large list."""
    calls: int = 1
    """Calls at once."""
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    cors_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    """Names that the service is asked by; none allows whatever the address of ``host`` asks for: see ``guard``."""
    access_log: bool = True
    logs_names: bool = False
    grace_seconds: float = 30.0
    """Time for requests that were accepted to be answered, once the service is told to end."""
