"""The server: a socket, uvicorn, signals. Needs the ``serve`` extra, and is where that is asked for."""

import contextlib
import signal
import socket
from collections.abc import Generator, Sequence

from hayakana.errors import import_failure
from hayakana.serve.settings import Settings
from hayakana.transliterator import Transliterator

try:
    import uvicorn

    from hayakana.serve.app import app_of
    from hayakana.serve.guard import is_loopback
    from hayakana.serve.log import LOG, log_to_standard_error
    from hayakana.serve.protocol import limited
    from hayakana.serve.service import Service
except ImportError as error:
    packages = ("starlette", "uvicorn", "httptools", "msgspec", "prometheus_client")
    raise import_failure(error, "serving", extra="serve", packages=packages) from error

_BACKLOG = 2_048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at ``host`` and ``port``; 0 is any port that is free.

    Raises:
        OSError: it is not available.
    """
    family, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def serve(transliterators: Sequence[Transliterator], settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, and then answer what was accepted. Closes ``transliterators``."""
    log_to_standard_error()
    app, service = app_of(transliterators, settings)
    config = uvicorn.Config(
        app,
        http=limited(settings.limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=round(settings.limits.idle_seconds),
        timeout_graceful_shutdown=round(settings.grace_seconds),
    )
    # Whoever repeats signals until the process ends must not: a second signal ends the service at once.
    repeating = signal.set_wakeup_fd(-1)
    try:
        _Server(config, service).run(sockets=[listening])
    finally:
        signal.set_wakeup_fd(repeating)


class _Server(uvicorn.Server):
    """A server that ends well by a signal, and says when it listens."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        for listening in sockets or []:
            address, port, *_ = listening.getsockname()
            shown = f"[{address}]" if ":" in address else address
            models = list(self._service.models.by_name)
            LOG.info("listening", extra={"fields": {"url": f"http://{shown}:{port}", "models": models}})
        settings = self._service.settings
        if not settings.api_keys and not is_loopback(settings.host):
            LOG.warning("no API keys are set, so whoever reaches the service may ask it: see HAYAKANA_SERVE_API_KEYS")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was accepted, and end."""
        LOG.info("stopping", extra={"fields": {"names_waiting": self._service.collector.waiting}})
        self._service.stopping.set()
        await super().shutdown(sockets)
        LOG.info("stopped")

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Hear of signals, which are not sent once more at the end: the end is what they asked for."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()
