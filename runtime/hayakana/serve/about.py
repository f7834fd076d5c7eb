"""What serves here, and how it is: probes, ``/info``, ``/metrics``, and files that do not change, such as the page."""

import platform
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources

from msgspec import json
from starlette.requests import Request
from starlette.responses import Response

import hayakana
from hayakana.extras import version_of
from hayakana.serve.messages import Health, Info, LimitsInfo, Readiness
from hayakana.serve.problems import JSON
from hayakana.serve.service import service_of

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: nothing of another host, and nothing that stands in it."""

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PACKAGES = ("onnxruntime", "onnxruntime-gpu", "numpy", "starlette", "uvicorn", "msgspec", "prometheus-client")
_INDEX = "index.html"

Endpoint = Callable[[Request], Awaitable[Response]]


async def health(_: Request) -> Response:
    """Answer that the process is alive."""
    return Response(json.encode(Health("ok")), media_type=JSON)


async def ready(request: Request) -> Response:
    """Answer whether requests should be sent here. Models are open before the first request is taken."""
    is_stopping = service_of(request).stopping.is_set()
    body = Readiness("stopping" if is_stopping else "ready")
    return Response(json.encode(body), 503 if is_stopping else 200, media_type=JSON)


async def info(request: Request) -> Response:
    """Answer what serves here."""
    service = service_of(request)
    limits = service.settings.limits
    transliterator = service.models.default.transliterator
    said = Info(
        hayakana.__version__,
        {"python": platform.python_version()} | {name: version for name in _PACKAGES if (version := version_of(name))},
        service.models.default.name,
        [model.info() for model in service.models.by_name.values()],
        LimitsInfo(**{field: getattr(limits, field) for field in LimitsInfo.__struct_fields__}),
        transliterator.separator,
        transliterator.hyphen,
        list(transliterator.style),
    )
    return Response(json.encode(said), media_type=JSON)


async def metrics(request: Request) -> Response:
    """Answer counts and times, for Prometheus."""
    service = service_of(request)
    service.metrics.waiting.set(service.collector.waiting)
    service.metrics.streams.set(service.streams)
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def page_files() -> Mapping[str, Endpoint]:
    """Return the path of each file of the page, and what answers it. ``/`` is the page itself."""
    endpoints = {}
    for file in (resources.files("hayakana") / "serve" / "page").iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if suffix in _MEDIA_TYPES:
            path = "/" if file.name == _INDEX else f"/{file.name}"
            endpoints[path] = fixed(file.read_bytes(), _MEDIA_TYPES[suffix], policy=PAGE_POLICY)
    return endpoints


def fixed(content: bytes, media_type: str, *, policy: str | None = None) -> Endpoint:
    """Return what answers ``content``; its page may load what ``policy`` allows."""
    headers = {"Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}
    if policy is not None:
        headers["Content-Security-Policy"] = policy

    async def endpoint(_: Request) -> Response:
        return Response(content, media_type=media_type, headers=headers)

    return endpoint
