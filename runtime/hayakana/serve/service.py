"""``Service``: what all endpoints share, and whether it is ending."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from hayakana.serve.collector import Collector
from hayakana.serve.metrics import Metrics
from hayakana.serve.models import Asked, Models
from hayakana.serve.settings import Settings

_MOST_LOGGED = 10_000


@dataclass(eq=False)
class Service:
    """Models, settings and what joins requests."""

    settings: Settings
    models: Models
    metrics: Metrics
    collector: Collector
    streams: int = 0
    """Streams of NDJSON that are open."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Observation:
    """What is logged of a request, and counted."""

    request_id: str
    route: str
    model: str | None = None
    names: int = 0
    problem: str | None = None
    asked: list[str] = field(default_factory=list)
    """The names, where they are logged: the first ``_MOST_LOGGED``, since a stream has no end."""

    def note(self, model: str, names: Sequence[Asked], *, is_logged: bool) -> None:
        """Take note of names that are asked."""
        self.model = model
        self.names += len(names)
        if is_logged:
            self.asked += [name for name, _ in names[: max(_MOST_LOGGED - len(self.asked), 0)]]


def service_of(request: Request) -> Service:
    """Return the service that a request came to."""
    service: Service = request.app.state.service
    return service


def observation_of(request: Request) -> Observation:
    """Return what is observed of a request."""
    observation: Observation = request.scope["hayakana"]
    return observation
