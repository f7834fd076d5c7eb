"""The log and the counts of requests, and what every answer carries. Nothing here says a name unless that was asked."""

import logging
import os
import re
import time
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hayakana.serve.service import Observation, Service

ACCESS = logging.getLogger("hayakana.access")
_OTHER = "other"
"""Stands for every path that there is not: paths are free text, which may be a name."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class Observed:
    """Logs and counts each request to ``app``, and gives its answer an ``X-Request-ID``: the client's, or a new one."""

    def __init__(self, app: ASGIApp, *, service: Service, routes: Collection[str]) -> None:
        self._app, self._service, self._routes = app, service, frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        observation = scope["hayakana"] = Observation(
            given if _REQUEST_ID.fullmatch(given) else os.urandom(8).hex(),
            scope["path"] if scope["path"] in self._routes else _OTHER,
        )
        status, began, sent = 500, time.perf_counter(), 0

        async def observing(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = observation.request_id
                headers["x-content-type-options"] = "nosniff"
                headers.setdefault("cache-control", "no-store")
                # uvicorn says so on connections that it has when it is told to end, not on one that it takes just then.
                if self._service.stopping.is_set():
                    headers["connection"] = "close"
            else:
                sent += len(message.get("body", b""))
            await send(message)

        metrics = self._service.metrics
        metrics.under_way.inc()
        try:
            await self._app(scope, receive, observing)
        finally:
            metrics.under_way.dec()
            seconds = time.perf_counter() - began
            metrics.of_request(observation.route, status, seconds, observation.problem)
            if self._service.settings.access_log:
                self._log(scope["method"], observation, status, seconds, sent)

    def _log(self, method: str, observation: Observation, status: int, seconds: float, sent: int) -> None:
        fields: dict[str, object] = {
            "request_id": observation.request_id,
            "method": method,
            "route": observation.route,
            "status": status,
            "ms": round(seconds * 1_000, 2),
            "bytes": sent,
            "names": observation.names,
        }
        if observation.model is not None:
            fields["model"] = observation.model
        if observation.problem is not None:
            fields["error_type"] = observation.problem
        if observation.asked:
            fields["asked"] = observation.asked
        ACCESS.info("request", extra={"fields": fields})
