"""Who may ask: hosts that the service answers to, and API keys."""

import hmac
from collections.abc import Collection, Sequence
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from hayakana.serve.problems import Problem
from hayakana.serve.settings import Settings

ANY = "*"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
PROBES = ("/health", "/ready")
"""Paths that whoever watches the service asks, by an address that only it knows."""


def allowed_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the names that the service answers to.

    A service on this machine alone answers to this machine's names alone: a page of another host could ask it
    otherwise, under a name of its own that leads to 127.0.0.1 (DNS rebinding).
    """
    if settings.allowed_hosts:
        return tuple(host.lower() for host in settings.allowed_hosts)
    return _LOOPBACK if is_loopback(settings.host) else (ANY,)


def is_loopback(host: str) -> bool:
    """Whether ``host`` is an address of this machine that no other machine reaches."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def without_port(host: str) -> str:
    """Return what a ``Host`` header names, without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def is_allowed(host: str, allowed: Collection[str]) -> bool:
    """Whether a ``Host`` header names one of ``allowed``, where ``*.example.com`` allows all names below it."""
    name = without_port(host)
    return any(
        pattern in (ANY, name) or (pattern.startswith("*.") and name.endswith(pattern[1:])) for pattern in allowed
    )


class Hosts:
    """Refuses requests that were sent to another host."""

    def __init__(self, app: ASGIApp, *, allowed: Sequence[str]) -> None:
        self._app, self._allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["path"] not in PROBES:
            host = Headers(scope=scope).get("host", "")
            if not is_allowed(host, self._allowed):
                problem = Problem(
                    400, "unknown_host", "the service is not known by this Host: start it with --allowed-host"
                )
                await problem.answered(scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Keys:
    """Refuses requests of ``paths`` without a key, where keys are set."""

    def __init__(self, app: ASGIApp, *, keys: Sequence[str], paths: Collection[str]) -> None:
        self._app, self._keys, self._paths = app, [key.encode() for key in keys], paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._keys and scope["type"] == "http" and scope["path"] in self._paths and not self._is_known(scope):
            problem = Problem(
                401,
                "unauthorized",
                "send an API key: Authorization: Bearer KEY, or X-API-Key: KEY",
                headers={"WWW-Authenticate": "Bearer"},
            )
            await problem.answered(scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = (token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")).encode()
        # All of them, so that the time says nothing of which is alike.
        return sum(hmac.compare_digest(given, key) for key in self._keys) > 0
