"""The HTTP protocol of a connection: uvicorn's, with limits of time, bytes and number that uvicorn has none of."""

import asyncio
import socket

from msgspec import json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hayakana.serve.messages import Error, ErrorType
from hayakana.serve.problems import JSON
from hayakana.serve.settings import Limits

_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large", 503: "Unavailable"}
_LEAST_TAKEN = 16_384
"""Bytes that a client must take of its answer in ``write_seconds``, where so many wait."""


def limited(limits: Limits) -> type[asyncio.Protocol]:
    """Return the protocol of a server whose connections have ``limits``."""

    class Protocol(LimitedProtocol):
        limits_of_server = limits

    return Protocol


class LimitedProtocol(HttpToolsProtocol):
    """A connection that ends where a client sends or takes nothing for long, or sends too much before a body.

    A connection without a request, or with half of one, would stay for ever, and so would an answer that nobody takes.
    """

    limits_of_server = Limits()
    _header_bytes = 0
    _is_in_headers = True
    _header_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin, or say that there are too many connections."""
        super().connection_made(transport)
        # asyncio does so for sockets that say that they are TCP; those that ours accepts say nothing. An answer is
        # written in two pieces, and the second would wait 40 ms for the client to say that it has the first.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > self.limits_of_server.connections:
            most = self.limits_of_server.connections
            self._refuse(503, "overloaded", f"there are more than {most:,} connections: try again in 5 s", most)
        else:
            self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting_for_headers()
        self._stop_watching_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrives, which is not too much before a body."""
        if self._is_in_headers:
            if self._header_timer is None:
                self._wait_for_headers()
            self._header_bytes += len(data)
        super().data_received(data)
        if self._is_in_headers and self._header_bytes > self.limits_of_server.header_bytes:
            most = self.limits_of_server.header_bytes
            self._refuse(431, "too_large", f"the request has more than {most:,} bytes before its body", most)

    def on_headers_complete(self) -> None:
        """Hand the request over."""
        self._is_in_headers = False
        self._stop_waiting_for_headers()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Expect the next request."""
        super().on_message_complete()
        self._is_in_headers, self._header_bytes = True, 0
        self._stop_waiting_for_headers()

    def on_response_complete(self) -> None:
        """Watch that a client takes the end of its answer, and that a body which nobody reads ends."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch_writing()
        elif not self._is_in_headers and self.cycle.response_complete:
            self._stop_waiting_for_headers()
            self._header_timer = self.loop.call_later(self.limits_of_server.header_seconds, self.transport.close)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that is idle."""
        super().timeout_keep_alive_handler()
        self._watch_writing()

    def pause_writing(self) -> None:
        """Watch that a client takes more of its answer."""
        super().pause_writing()
        self._watch_writing()

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop_watching_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's signature)
        """Say that what came is no HTTP."""
        self._refuse(400, "malformed", "the request is not HTTP/1.1", None)

    def _wait_for_headers(self) -> None:
        self._header_timer = self.loop.call_later(self.limits_of_server.header_seconds, self._end_waiting)

    def _stop_waiting_for_headers(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _end_waiting(self) -> None:
        seconds = self.limits_of_server.header_seconds
        if self._header_bytes:
            self._refuse(408, "too_slow", f"the request did not arrive within {seconds:g} s", None)
        else:
            self.transport.close()

    def _watch_writing(self) -> None:
        """End the connection if the client takes too little of what waits, beside which nothing is written now."""
        self._stop_watching_writing()
        if size := self.transport.get_write_buffer_size():
            self._write_timer = self.loop.call_later(self.limits_of_server.write_seconds, self._check_writing, size)

    def _check_writing(self, size_before: int) -> None:
        if self.transport.get_write_buffer_size() > max(size_before - _LEAST_TAKEN, 0):
            self.transport.abort()
        else:
            self._watch_writing()

    def _stop_watching_writing(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _refuse(self, status: int, error_type: ErrorType, error: str, limit: int | None) -> None:
        """Say why, and end the connection, unless an answer is under way on it, which would be torn."""
        self._stop_waiting_for_headers()
        if self.cycle is None or self.cycle.response_complete:
            body = json.encode(Error(error, error_type, limit))
            head = f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-type: {JSON}\r\ncontent-length: {len(body)}\r\n"
            self.transport.write(head.encode() + b"connection: close\r\n\r\n" + body)
        self.transport.close()
