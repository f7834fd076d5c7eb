"""hayakana with a clock around every call of onnxruntime, and with a sampler that looks where the rest is spent."""

import contextlib
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import onnxruntime

from benchmarks.sides.engine import open_warm

CALLS = ("run", "run_with_iobinding", "run_with_ort_values")
_INTERVAL_S = 0.0005


def open_stages(options: str) -> Callable[[dict], dict]:
    """Serve ``{"names": [...], "how": "plain" | "clocked" | "sampled"}``; every answer has ``seconds``.

    ``clocked`` adds ``encoder``, ``decoder`` (seconds inside onnxruntime) and ``calls``; ``sampled`` adds ``modules``:
    how often the sampler saw each module of hayakana at work outside onnxruntime.
    """
    parsed = json.loads(options)

    def handle(request: dict) -> dict:
        with open_warm(parsed) as transliterator:
            how = {"plain": contextlib.nullcontext, "clocked": clocked, "sampled": sampled}[request["how"]]
            with how() as seen:
                started = time.perf_counter()
                transliterator.transliterate(request["names"], on_error="empty")
                seconds = time.perf_counter() - started
        return {"seconds": seconds, **(seen or {})}

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
            stage = stages.get(id(session))
            if stage is None:
                inputs = {tensor.name for tensor in session.get_inputs()}
                stage = stages[id(session)] = "decoder" if "previous_ids" in inputs else "encoder"
            seen[stage] += seconds
            seen["calls"] += 1
            return outputs

        return call

    originals = {name: getattr(onnxruntime.InferenceSession, name) for name in CALLS}
    for name, original in originals.items():
        setattr(onnxruntime.InferenceSession, name, clock(original))
    try:
        yield seen
    finally:
        for name, original in originals.items():
            setattr(onnxruntime.InferenceSession, name, original)
    if not (seen["encoder"] and seen["decoder"]):
        raise RuntimeError(f"no encoder or no decoder was seen at work: {seen}")


@contextlib.contextmanager
def sampled() -> Iterator[dict[str, Any]]:
    """Look every half millisecond which module of hayakana the calling thread is in."""
    modules: Counter[str] = Counter()
    thread, ended = threading.get_ident(), threading.Event()

    def look() -> None:
        while not ended.wait(_INTERVAL_S):
            modules[_module_of(sys._current_frames().get(thread))] += 1

    sampler, interval = threading.Thread(target=look, daemon=True), sys.getswitchinterval()
    # Numpy holds the interpreter lock; a sampler that waited its usual 5 ms for it would see onnxruntime alone.
    sys.setswitchinterval(_INTERVAL_S / 5)
    sampler.start()
    seen: dict[str, Any] = {}
    try:
        yield seen
    finally:
        ended.set()
        sampler.join()
        sys.setswitchinterval(interval)
        seen["modules"] = dict(modules.most_common())


def _module_of(frame: Any) -> str:
    """Return the innermost module of hayakana or onnxruntime on the stack."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(("hayakana.", "onnxruntime.")):
            return "onnxruntime" if name.startswith("onnxruntime.") else name
        frame = frame.f_back
    return "other"
