"""What a service is set to: its limits, who may ask, and how requests are joined."""

from dataclasses import dataclass, field

MOST_WINDOW_MS = 2.0
"""The longest that a request waits for others to join it. A longer wait costs more than it brings."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a client may ask for. Whatever is more gets an error that says the limit."""

    body_bytes: int = 2_000_000
    """Bytes of a JSON body."""
    names: int = 10_000
    """Names of a JSON body."""
    characters: int = 1_000
    """Characters of a name."""
    candidates: int = 20
    """Candidates of a name."""
    explained_names: int = 100
    """Names of a request that are explained."""
    explained_characters: int = 256
    """Characters of a name that is explained: its weights are a number for each pair of characters."""
    line_bytes: int = 65_536
    """Bytes of a line of NDJSON."""
    waiting_names: int = 50_000
    """Names that wait for an answer, of all clients together."""
    streams: int = 16
    """Streams of NDJSON at once."""
    connections: int = 1_000
    """Connections at once."""
    header_bytes: int = 65_536
    """Bytes of a request before its body."""
    header_seconds: float = 10.0
    """Time for a request to arrive up to its body."""
    body_seconds: float = 30.0
    """Time for a JSON body to arrive."""
    idle_seconds: float = 60.0
    """Time without a byte, in a stream of NDJSON and between two requests of a connection."""
    write_seconds: float = 30.0
    """Time in which a client must take some of its answer."""


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
