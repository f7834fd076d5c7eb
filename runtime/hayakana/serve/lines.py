"""NDJSON: a stream of lines with a name each in, a line with its result out, in bounded memory however long it is."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hayakana.serve.bodies import asked_of, checked_candidates, checked_language, name_too_long
from hayakana.serve.collector import Lane
from hayakana.serve.messages import LineError, Name, Result, StreamOptions
from hayakana.serve.models import Asked, OpenModel
from hayakana.serve.problems import INTERNAL, Problem
from hayakana.serve.service import Service, observation_of, service_of
from hayakana.serve.settings import Limits

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
"""What lines of JSON are called. The first is what is sent."""

_WINDOW = 4_096
"""Lines that are read, answered and written together, at most."""

_IDLE_WHILE_STOPPING_S = 1.0
_SHARE_OF_GRACE = 0.8
"""Of the time in which the service ends: so long a stream is read on, so that it can say where it stopped."""

_LINE = msgspec.json.Decoder(str | Name)
_ENCODER = msgspec.json.Encoder()


async def transliterated_lines(request: Request) -> Response:
    """Answer a stream of names.

    Raises:
        Problem: an option is none, or too many streams are open.
    """
    service = service_of(request)
    options = _options(request)
    limits = service.settings.limits
    model = service.models.named(options.model)
    lane = model.transliterating(
        probabilities=options.probabilities, candidates=checked_candidates(options.candidates, limits)
    )
    if service.streams >= limits.streams:
        raise Problem(
            429,
            "overloaded",
            f"{service.streams} streams are open, and at most {limits.streams} may be: try again in 5 s",
            limit=limits.streams,
            headers={"Retry-After": "5"},
        )
    return _Lines(request, service, model, lane, checked_language(options.language))


def _options(request: Request) -> StreamOptions:
    query = request.query_params
    if len(query.multi_items()) > len(query):
        raise Problem(422, "invalid", "an option was given twice in the query")
    try:
        return msgspec.convert(dict(query), StreamOptions, strict=False)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid", f"the query is not as /docs has it: {error}") from None


class _Lines(Response):
    """The answer to a stream, which is sent while the stream is read."""

    media_type = NDJSON[0]

    def __init__(self, request: Request, service: Service, model: OpenModel, lane: Lane, language: str | None) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._request, self._service, self._model, self._lane = request, service, model, lane
        self._language = language

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Answer line by line."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        service = self._service
        service.streams += 1
        done, last = 0, b""
        try:
            async for lines in _windows(receive, service):
                body = await self._answered(lines, first=done + 1)
                done += len(lines)
                await send({"type": "http.response.body", "body": body, "more_body": True})
        except Problem as problem:
            last = _line_of(problem, done + 1)
        except ClientDisconnect:
            return
        except Exception:
            body = _line_of(INTERNAL, done + 1)
            await send({"type": "http.response.body", "body": body, "more_body": False})
            raise
        finally:
            service.streams -= 1
        await send({"type": "http.response.body", "body": last, "more_body": False})

    async def _answered(self, lines: Sequence[bytes | None], *, first: int) -> bytes:
        """Return the lines that answer ``lines``; the number of the first line is ``first``."""
        service, limits = self._service, self._service.settings.limits
        parsed = [_parsed(line, number, self._language, limits) for number, line in enumerate(lines, start=first)]
        names = [name for name in parsed if not isinstance(name, LineError)]
        observation_of(self._request).note(self._model.name, names, is_logged=service.settings.logs_names)
        answers: list[Result] = await service.collector.answer(self._lane, names, is_admitted=True)
        service.metrics.of_names(self._model.name, (result.status for result in answers))
        results = iter(answers)
        return _ENCODER.encode_lines([name if isinstance(name, LineError) else next(results) for name in parsed])


def _parsed(line: bytes | None, number: int, language: str | None, limits: Limits) -> Asked | LineError:
    """Return the name of a line, of the code ``language`` unless it says another, or what is wrong with the line."""
    if line is None:
        error = f"the line has more than {limits.line_bytes:,} bytes"
        return LineError(number, error, "too_large", limits.line_bytes)
    if not line.strip():
        return LineError(number, "the line is empty", "malformed")
    try:
        parsed = _LINE.decode(line)
    except msgspec.ValidationError as error:
        return LineError(number, f"the line is no name, nor an object with one: {error}", "invalid")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        return LineError(number, f"the line is not JSON in UTF-8: {reason}", "malformed")
    asked = asked_of(parsed, language)
    name, code = asked
    try:
        if len(name) > limits.characters:
            raise name_too_long("the name", name, limits.characters)
        if code != language:
            checked_language(code)
    except Problem as problem:
        return _line_error(problem, number)
    return asked


def _line_error(problem: Problem, line: int) -> LineError:
    return LineError(line, problem.error.error, problem.error.error_type, problem.error.limit)


def _line_of(problem: Problem, line: int) -> bytes:
    return _ENCODER.encode(_line_error(problem, line)) + b"\n"


@dataclass
class _Splitter:
    """Cuts what arrives into lines. A line that is too long is None, and is not kept."""

    longest: int
    rest: bytearray
    is_skipping: bool = False
    """Whether what comes, up to a line feed, is of a line that was too long."""

    def fed(self, chunk: bytes) -> list[bytes | None]:
        """Return the lines that are complete with ``chunk``."""
        if self.is_skipping:
            _, feed, chunk = chunk.partition(b"\n")
            if not feed:
                return []
            self.is_skipping = False
        self.rest += chunk
        *complete, last = self.rest.split(b"\n")
        lines: list[bytes | None] = [bytes(line) if len(line) <= self.longest else None for line in complete]
        if len(last) > self.longest:
            lines.append(None)
            self.is_skipping, last = True, bytearray()
        self.rest = last
        return lines

    def ended(self) -> list[bytes | None]:
        """Return the last line, where no line feed ends it."""
        return [bytes(self.rest)] if self.rest else []


async def _windows(receive: Receive, service: Service) -> AsyncIterator[Sequence[bytes | None]]:
    """Yield the lines of a body as they arrive, as many at once as there are, ``_WINDOW`` at most.

    Raises:
        Problem: nothing came for long, or the service ends.
        ClientDisconnect: the client has gone.
    """
    splitter = _Splitter(service.settings.limits.line_bytes, bytearray())
    stopping = asyncio.ensure_future(service.stopping.wait())
    ends_at: float | None = None
    try:
        while True:
            receiving = asyncio.ensure_future(receive())
            try:
                if ends_at is None:
                    idle_s = service.settings.limits.idle_seconds
                    await asyncio.wait((receiving, stopping), timeout=idle_s, return_when=asyncio.FIRST_COMPLETED)
                if stopping.done():
                    ends_at = ends_at or time.monotonic() + service.settings.grace_seconds * _SHARE_OF_GRACE
                    await asyncio.wait((receiving,), timeout=_IDLE_WHILE_STOPPING_S)
                if not receiving.done() or time.monotonic() > (ends_at or float("inf")):
                    raise _why_stopped(service)
                message = receiving.result()
            finally:
                receiving.cancel()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            lines = splitter.fed(message.get("body", b""))
            is_last = not message.get("more_body", False)
            if is_last:
                lines += splitter.ended()
            for start in range(0, len(lines), _WINDOW):
                yield lines[start : start + _WINDOW]
            if is_last:
                return
    finally:
        stopping.cancel()


def _why_stopped(service: Service) -> Problem:
    if service.stopping.is_set():
        return Problem(503, "unavailable", "the service ends: this line and those after it were not read")
    seconds = service.settings.limits.idle_seconds
    return Problem(408, "too_slow", f"nothing came for {seconds:g} s: this line and those after it were not read")
