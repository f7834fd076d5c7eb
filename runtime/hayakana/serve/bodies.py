"""Bodies of requests: read within limits of bytes and time, decoded, and checked against the limits of names."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from starlette.requests import Request

from hayakana.serve.messages import Name
from hayakana.serve.problems import JSON, Problem
from hayakana.serve.settings import Limits

Body = TypeVar("Body")


def media_type(request: Request) -> str:
    """Return the media type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def decoded(request: Request, decoder: "msgspec.json.Decoder[Body]", limits: Limits) -> Body:
    """Return the JSON body of ``request`` as a type.

    Raises:
        Problem: it is of another media type, too large, too slow, no JSON, or JSON of other types.
        ClientDisconnect: the client has gone.
    """
    if (given := media_type(request)) != JSON:
        what = "without a Content-Type" if not given else "with another Content-Type"
        raise Problem(415, "unsupported_media_type", f"the body came {what}: send Content-Type: {JSON}")
    content = await _content(request, limits)
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid", f"the body is not as /docs has it: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise Problem(400, "malformed", f"the body is not JSON in UTF-8: {reason}") from None


async def _content(request: Request, limits: Limits) -> bytes:
    """Return the body of ``request``.

    Raises:
        Problem: it has too many bytes, or does not come in time.
    """
    too_large = Problem(
        413,
        "too_large",
        f"the body has more than {limits.body_bytes:,} bytes: send fewer names at once, or NDJSON",
        limit=limits.body_bytes,
    )
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and (len(stated) > 18 or int(stated) > limits.body_bytes):
        raise too_large
    content = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                content += chunk
                if len(content) > limits.body_bytes:
                    raise too_large
    except TimeoutError:
        raise Problem(408, "too_slow", f"the body did not arrive within {limits.body_seconds:g} s") from None
    return bytes(content)


def checked_names(names: Sequence[str | Name], *, most: int, most_characters: int) -> list[str]:
    """Return the names of a request.

    Raises:
        Problem: there are too many, or one is too long.
    """
    if len(names) > most:
        raise Problem(
            413,
            "too_many_names",
            f"{len(names):,} names were given, and a request has at most {most:,}: send fewer at once, or NDJSON",
            limit=most,
        )
    texts = [name if isinstance(name, str) else name.name for name in names]
    if max(map(len, texts)) > most_characters:
        place = next(place for place, text in enumerate(texts) if len(text) > most_characters)
        raise name_too_long(f"name {place + 1}", texts[place], most_characters)
    return texts


def name_too_long(which: str, name: str, most: int) -> Problem:
    """Return what is said of a name that is too long."""
    return Problem(
        422, "name_too_long", f"{which} has {len(name):,} characters, and may have at most {most:,}", limit=most
    )


def checked_candidates(candidates: int, limits: Limits) -> int:
    """Return how many candidates are wanted of each name.

    Raises:
        Problem: more than the service searches for.
    """
    if candidates > limits.candidates:
        raise Problem(
            422,
            "invalid",
            f"{candidates:,} candidates were asked for, and at most {limits.candidates} may be",
            limit=limits.candidates,
        )
    return candidates
