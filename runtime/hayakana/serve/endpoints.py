"""The endpoints that answer names: ``/v1/transliterate`` and ``/v1/explain``."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hayakana.serve.bodies import checked_candidates, checked_names, decoded, media_type
from hayakana.serve.collector import Lane
from hayakana.serve.lines import NDJSON, transliterated_lines
from hayakana.serve.messages import ExplainRequest, ExplainResponse, TransliterateRequest, TransliterateResponse
from hayakana.serve.models import Asked
from hayakana.serve.problems import JSON, Problem
from hayakana.serve.service import Service, observation_of, service_of

_TRANSLITERATE = json.Decoder(TransliterateRequest)
_EXPLAIN = json.Decoder(ExplainRequest)
_ENCODER = json.Encoder()

_FEW = 64
"""Names of a request of which it is not watched whether its client has gone: they are answered as soon."""


async def transliterate(request: Request) -> Response:
    """Answer a list of names, or a stream of them."""
    if media_type(request) in NDJSON:
        return await transliterated_lines(request)
    service = service_of(request)
    body = await decoded(request, _TRANSLITERATE, service.settings.limits)
    limits = service.settings.limits
    model = service.models.named(body.model)
    names = checked_names(body.names, body.language, most=limits.names, most_characters=limits.characters)
    lane = model.transliterating(
        probabilities=body.probabilities, candidates=checked_candidates(body.candidates, limits)
    )
    return await _answered(request, lane, names, TransliterateResponse)


async def explain(request: Request) -> Response:
    """Answer which letters each Kana of names was written on."""
    service = service_of(request)
    body = await decoded(request, _EXPLAIN, service.settings.limits)
    limits = service.settings.limits
    model = service.models.named(body.model)
    if not model.explains:
        raise Problem(422, "invalid", f"model {model.name} has no attention, so nothing to explain")
    names = checked_names(
        body.names, body.language, most=limits.explained_names, most_characters=limits.explained_characters
    )
    return await _answered(request, model.explaining, names, ExplainResponse)


async def _answered(request: Request, lane: Lane, names: list[Asked], kind: Callable[[str, Any], object]) -> Response:
    """Answer ``names`` in their lane, with a body of that kind."""
    service = service_of(request)
    observation_of(request).note(lane.model, names, is_logged=service.settings.logs_names)
    results = await _unless_gone(request, service.collector.answer(lane, names), len(names))
    service.metrics.of_names(lane.model, (result.status for result in results))
    return Response(_ENCODER.encode(kind(lane.model, results)), media_type=JSON)


async def _unless_gone(request: Request, answering: Coroutine[Any, Any, list[Any]], count: int) -> list[Any]:
    """Return the answer to ``count`` names; once the client of a long list has gone, the list is not answered further.

    Raises:
        ClientDisconnect: it has gone.
    """
    if count <= _FEW:
        return await answering
    answer = asyncio.ensure_future(answering)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise ClientDisconnect
    finally:
        answer.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    """Wait until the client of ``request``, whose body was read, has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def close(service: Service) -> None:
    """End the calls, and close the models."""
    service.collector.close()
    for model in service.models.by_name.values():
        model.transliterator.close()
