"""hayakana with a clock around every call of onnxruntime."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import onnxruntime

from benchmarks.harness.child import timed
from benchmarks.sides.engine import open_warm

CALLS = ("run", "run_with_iobinding", "run_with_ort_values")


def open_stages(options: dict[str, Any]) -> Callable[[dict], dict]:
    """Serve ``{"names": [...], "how": "plain" | "clocked"}``; every answer has ``seconds``.

    ``clocked`` adds ``encoder``, ``decoder`` (seconds inside onnxruntime) and ``calls``.
    """

    def handle(request: dict) -> dict:
        how = {"plain": contextlib.nullcontext, "clocked": clocked}[request["how"]]
        with open_warm(options) as transliterator, how() as seen:
            answered = timed(lambda: transliterator.transliterate(request["names"], on_error="empty"))
        return {"seconds": answered["seconds"], **(seen or {})}

    return handle


@contextlib.contextmanager
def clocked() -> Iterator[dict[str, Any]]:
    """Clock every call of a session; a graph that reads ``previous_ids`` is the decoder, the others the encoder.

    Raises:
        RuntimeError: one of the two was never called, so that the sessions are called in some other way by now.
    """
    seen: dict[str, Any] = {"encoder": 0.0, "decoder": 0.0, "calls": 0}
    stages: dict[int, str] = {}

    def clock(original: Callable) -> Callable:
        def call(session: onnxruntime.InferenceSession, *arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            outputs = original(session, *arguments, **options)
            seconds = time.perf_counter() - started
            if id(session) not in stages:
                reads_ids = any(tensor.name == "previous_ids" for tensor in session.get_inputs())
                stages[id(session)] = "decoder" if reads_ids else "encoder"
            seen[stages[id(session)]] += seconds
            seen["calls"] += 1
            return outputs

        return call

    clocks = {name: clock(getattr(onnxruntime.InferenceSession, name)) for name in CALLS}
    with mock.patch.multiple(onnxruntime.InferenceSession, **clocks):
        yield seen
    if not (seen["encoder"] and seen["decoder"]):
        raise RuntimeError(f"no encoder or no decoder was seen at work: {seen}")
