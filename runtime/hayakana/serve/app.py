"""The ASGI app: its paths, and what stands before them."""

import contextlib
from collections.abc import AsyncIterator, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import ASGIApp

from hayakana.errors import WorkerDiedError
from hayakana.serve import problems
from hayakana.serve.about import Endpoint, fixed, health, info, metrics, page_files, ready
from hayakana.serve.collector import Collector, Overloaded
from hayakana.serve.endpoints import close, explain, transliterate
from hayakana.serve.guard import Hosts, Keys, allowed_hosts
from hayakana.serve.messages import (
    ExplainRequest,
    ExplainResponse,
    Health,
    Info,
    Readiness,
    StreamOptions,
    TransliterateRequest,
    TransliterateResponse,
)
from hayakana.serve.metrics import Metrics
from hayakana.serve.models import Models, OpenModel
from hayakana.serve.observed import Observed
from hayakana.serve.openapi import OF_A_BODY, Operation, document, encoded
from hayakana.serve.problems import JSON
from hayakana.serve.reference import POLICY, reference
from hayakana.serve.service import Service
from hayakana.serve.settings import Settings
from hayakana.transliterator import Transliterator

_HTML = "text/html"

OPERATIONS: Sequence[tuple[Operation, Endpoint | None]] = (
    (
        Operation(
            path="/v1/transliterate",
            method="POST",
            summary="Katakana of names, in their order. As NDJSON, a name a line in, and its result a line out.",
            asked=TransliterateRequest,
            answered=TransliterateResponse,
            query=StreamOptions,
            example={"names": ["Peter Parker", "Jon Snow"]},
            is_streamed=True,
            needs_key=True,
            problems=OF_A_BODY,
        ),
        transliterate,
    ),
    (
        Operation(
            path="/v1/explain",
            method="POST",
            summary="Which letters each Kana of names was written on, with the weights of a heat map.",
            asked=ExplainRequest,
            answered=ExplainResponse,
            example={"names": ["Jon Snow"]},
            needs_key=True,
            problems=OF_A_BODY,
        ),
        explain,
    ),
    (Operation(path="/health", method="GET", summary="Whether the process is alive.", answered=Health), health),
    (
        Operation(
            path="/ready",
            method="GET",
            summary="Whether requests should be sent here.",
            answered=Readiness,
            also={503: "The service is about to end."},
        ),
        ready,
    ),
    (
        Operation(
            path="/info",
            method="GET",
            summary="Models, licences, limits and versions.",
            answered=Info,
            needs_key=True,
            problems=(400, 401, 500),
        ),
        info,
    ),
    (
        Operation(
            path="/metrics",
            method="GET",
            summary="Counts and times, for Prometheus.",
            answered="text/plain",
            needs_key=True,
            problems=(400, 401, 500),
        ),
        metrics,
    ),
    (Operation(path="/", method="GET", summary="The page.", answered=_HTML), None),
    (Operation(path="/docs", method="GET", summary="This reference.", answered=_HTML), None),
    (
        Operation(path="/openapi.json", method="GET", summary="This reference, for programs.", answered=JSON),
        None,
    ),
)
"""What is described, and what answers it; None for what is fixed, such as the page."""


def app_of(transliterators: Sequence[Transliterator], settings: Settings) -> tuple[ASGIApp, Service]:
    """Return the app of a service, and the service. Requests that name no model go to the first of them."""
    metrics_of_service = Metrics()
    service = Service(
        settings,
        Models([OpenModel(transliterator, piece=settings.piece) for transliterator in transliterators]),
        metrics_of_service,
        Collector(
            waiting_names=settings.limits.waiting_names,
            window_s=settings.window_ms / 1_000,
            calls=settings.calls,
            joins=settings.joins,
            observe=metrics_of_service.of_call,
        ),
    )
    routes = _routes()

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        close(service)

    app = Starlette(
        routes=routes,
        middleware=_middleware(settings),
        exception_handlers={
            problems.Problem: problems.answer_problem,
            Overloaded: problems.answer_overload,
            WorkerDiedError: problems.answer_dead_worker,
            ClientDisconnect: problems.answer_nobody,
            HTTPException: problems.answer_routing,
            Exception: problems.answer_failure,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return Observed(app, service=service, routes=[route.path for route in routes]), service


def _routes() -> list[Route]:
    described = document([operation for operation, _ in OPERATIONS])
    pages = {
        **page_files(),
        "/docs": fixed(reference(described), f"{_HTML}; charset=utf-8", policy=POLICY),
        "/openapi.json": fixed(encoded(described), JSON),
    }
    routes = [
        Route(operation.path, endpoint, methods=[operation.method]) for operation, endpoint in OPERATIONS if endpoint
    ]
    return routes + [Route(path, endpoint, methods=["GET"]) for path, endpoint in pages.items()]


def _middleware(settings: Settings) -> list[Middleware]:
    """Return what stands before the paths. A browser asks with neither key nor name whether another host may ask."""
    middleware = [Middleware(Hosts, allowed=allowed_hosts(settings))]
    if settings.cors_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.cors_origins),
                allow_methods=["GET", "POST"],
                allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
                expose_headers=["Retry-After", "X-Request-ID"],
            )
        )
    protected = frozenset(operation.path for operation, _ in OPERATIONS if operation.needs_key)
    return [*middleware, Middleware(Keys, keys=settings.api_keys, paths=protected)]
