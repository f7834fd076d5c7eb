"""Problems: why a request is refused, and the answer that says so, of one form for all of them."""

from collections.abc import Mapping

from msgspec import json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from hayakana.serve.collector import Overloaded
from hayakana.serve.messages import Error, ErrorType

JSON = "application/json"
CLIENT_HAS_GONE = 499
"""What is logged in place of a status, as nginx does."""


class Problem(Exception):  # noqa: N818  (what a client is told, and no fault of ours)
    """A request that is refused: the HTTP status, and what its answer says."""

    def __init__(
        self,
        status: int,
        error_type: ErrorType,
        error: str,
        *,
        limit: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(error_type)  # Not the text, which may quote a name: this may be logged.
        self.status = status
        self.error = Error(error, error_type, limit)
        self.headers = headers

    def answered(self, scope: Scope) -> Response:
        """Return the answer to a request, which is logged and counted by its kind."""
        scope["hayakana"].problem = self.error.error_type
        return Response(json.encode(self.error), self.status, self.headers, JSON)


INTERNAL = Problem(500, "internal", "the service failed; its log says at what")


async def answer_problem(request: Request, problem: Exception) -> Response:
    """Answer a ``Problem`` that an endpoint raised."""
    assert isinstance(problem, Problem)
    return problem.answered(request.scope)


async def answer_overload(request: Request, error: Exception) -> Response:
    """Answer a request for which there is no room."""
    assert isinstance(error, Overloaded)
    return Problem(
        429,
        "overloaded",
        f"{error.waiting:,} names wait, and at most {error.most:,} may: try again in {error.seconds} s",
        limit=error.most,
        headers={"Retry-After": str(error.seconds)},
    ).answered(request.scope)


async def answer_dead_worker(request: Request, _: Exception) -> Response:
    """Answer a request whose worker processes died, were started again, and died again."""
    return Problem(
        503, "unavailable", "worker processes died: try again in 5 s", headers={"Retry-After": "5"}
    ).answered(request.scope)


async def answer_nobody(_: Request, __: Exception) -> Response:
    """Answer a client that has gone, for the log's sake."""
    return Response(status_code=CLIENT_HAS_GONE)


async def answer_routing(request: Request, error: Exception) -> Response:
    """Answer what no endpoint is there for."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return Problem(
            405, "method_not_allowed", f"{request.method} is not allowed here: use {allowed}", headers=error.headers
        ).answered(request.scope)
    return Problem(404, "not_found", "no such path: / is the page, and /docs lists the paths").answered(request.scope)


async def answer_failure(request: Request, _: Exception) -> Response:
    """Answer a request at which the service failed."""
    return INTERNAL.answered(request.scope)
