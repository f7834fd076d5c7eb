"""``/openapi.json``, made of the types that requests are decoded by, and of the table of operations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.json import schema_components

import hayakana
from hayakana.serve.lines import NDJSON
from hayakana.serve.messages import Error, LineError, Name, Result
from hayakana.serve.problems import JSON

_REF = "#/components/schemas/{name}"
_REASONS = {
    400: "The body is not JSON in UTF-8, the request is not HTTP, or its Host is not known.",
    401: "An API key is missing, or is another.",
    404: "There is no such path.",
    405: "The method is not allowed.",
    408: "The body did not arrive in time.",
    413: "The body has too many bytes, or too many names.",
    415: "The body is of another media type.",
    422: "The JSON is not as it should be, or goes beyond a limit.",
    429: "Too many names wait: try again after Retry-After seconds.",
    500: "The service failed.",
    503: "Worker processes died, or the service is about to end.",
}
OF_A_BODY = (400, 401, 408, 413, 415, 422, 429, 500, 503)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A path and a method: what is asked and answered, as types or as media types."""

    path: str
    method: str
    summary: str
    asked: type[Struct] | None = None
    answered: type[Struct] | str
    example: Mapping[str, Any] = field(default_factory=dict)
    query: type[Struct] | None = None
    is_streamed: bool = False
    """Whether it takes NDJSON too."""
    needs_key: bool = False
    """Whether keys, where they are set, guard it: all but the probes, the page, and what says how to ask."""
    problems: Sequence[int] = (400, 500)
    also: Mapping[int, str] = field(default_factory=dict)
    """Other statuses that have the type of the answer."""


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of ``operations``."""
    types = {Error, LineError, Name, Result}
    for operation in operations:
        types |= {kind for kind in (operation.asked, operation.answered, operation.query) if isinstance(kind, type)}
    _, schemas = schema_components(sorted(types, key=lambda kind: kind.__name__), ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hayakana",
            "version": hayakana.__version__,
            "description": "Names in Latin letters to Katakana.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _operation(operation: Operation, schemas: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.path.strip("/").replace("/", "_").replace(".", "_") or "page",
        "summary": operation.summary,
        "responses": {
            "200": {"description": "The answer.", "content": _answer(operation)},
            **{
                str(status): {"description": why, "content": _answer(operation)}
                for status, why in operation.also.items()
            },
            **{str(status): _problem(status) for status in operation.problems if status not in operation.also},
        },
    }
    if operation.query is not None:
        schema = schemas[operation.query.__name__]
        described["parameters"] = [
            {
                "name": name,
                "in": "query",
                "description": f"Of NDJSON alone. {of_name.get('description', '')}",
                "schema": {key: value for key, value in of_name.items() if key != "description"},
            }
            for name, of_name in schema["properties"].items()
        ]
    if operation.asked is not None:
        content: dict[str, Any] = {JSON: {"schema": _reference(operation.asked), "example": dict(operation.example)}}
        if operation.is_streamed:
            line = {"anyOf": [{"type": "string"}, _reference(Name)]}
            content[NDJSON[0]] = {"x-itemSchema": line, "schema": {"type": "string"}, "example": '"Peter Parker"\n'}
        described["requestBody"] = {"required": True, "content": content}
    if operation.needs_key:
        described["security"] = [{}, {"bearer": []}, {"header": []}]
    return described


def _answer(operation: Operation) -> dict[str, Any]:
    if isinstance(operation.answered, str):
        return {operation.answered: {"schema": {"type": "string"}}}
    content: dict[str, Any] = {JSON: {"schema": _reference(operation.answered)}}
    if operation.is_streamed:
        line = {"anyOf": [_reference(Result), _reference(LineError)]}
        content[NDJSON[0]] = {"x-itemSchema": line, "schema": {"type": "string"}}
    return content


def _problem(status: int) -> dict[str, Any]:
    problem: dict[str, Any] = {"description": _REASONS[status], "content": {JSON: {"schema": _reference(Error)}}}
    if status in (429, 503):
        problem["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return problem


def _reference(kind: type[Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}


def encoded(described: Mapping[str, Any]) -> bytes:
    """Return a document as JSON."""
    return msgspec.json.format(msgspec.json.encode(described), indent=2)
