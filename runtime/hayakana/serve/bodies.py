"""Bodies of requests: read within limits of bytes and time, decoded, and checked against the limits of names."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from starlette.requests import Request

from hayakana.names.languages import language_of
from hayakana.serve.messages import Name
from hayakana.serve.models import Asked
from hayakana.serve.problems import JSON, Problem
from hayakana.serve.settings import Limits

Body = TypeVar("Body")


def media_type(request: Request) -> str:
    """Return the media type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def decoded(request: Request, decoder: "msgspec.json.Decoder[Body]", limits: Limits) -> Body:
    """Return the JSON body of ``request`` as a type.

    Raises:
        Problem: it is of another media type, too large, too slow, no JSON, or JSON of other types; or options stand in
            the query, where only options of NDJSON are read.
        ClientDisconnect: the client has gone.
    """
    if (given := media_type(request)) != JSON:
        what = "without a Content-Type" if not given else "with another Content-Type"
        raise Problem(415, "unsupported_media_type", f"the body came {what}: send Content-Type: {JSON}")
    if request.url.query:
        raise Problem(422, "invalid", "options were given in the query: those of a JSON body are members of it")
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


def checked_names(names: Sequence[str | Name], language: str | None, *, most: int, most_characters: int) -> list[Asked]:
    """Return the names of a request, with the code of each name, or that of all, ``language``.

    Raises:
        Problem: there are too many, one is too long, or a code is none.
    """
    if len(names) > most:
        raise Problem(
            413,
            "too_many_names",
            f"{len(names):,} names were given, and a request has at most {most:,}: send fewer at once, or NDJSON",
            limit=most,
        )
    checked_language(language)
    asked = [asked_of(name, language) for name in names]
    for place, (text, code) in enumerate(asked, start=1):
        if len(text) > most_characters:
            raise name_too_long(f"name {place:,}", text, most_characters)
        if code != language:
            checked_language(code, of=f"name {place:,}: ")
    return asked


def asked_of(name: str | Name, language: str | None) -> Asked:
    """Return what is asked of a name of a list, whose names have the code code unless they say another."""
    if isinstance(name, str):
        return name, language
    return name.name, language if name.language is None else name.language


def checked_language(code: str | None, *, of: str = "") -> str | None:
    """Return the code of a language, which ``of`` tells from others in what is said of it.

    Raises:
        Problem: it is none.
    """
    try:
        language_of(code)
    except ValueError as error:
        raise Problem(422, "invalid", f"{of}{error}") from None
    return code


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
