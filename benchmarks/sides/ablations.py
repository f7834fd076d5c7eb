"""What ablations measure: engines other than as shipped, and ``Transliterator`` a window at a time, or with threads."""

import functools
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.engines import Decode, Engine, open_engine
from benchmarks.sides.engine import open_warm
from hayakana.model.folder import bundled_models, load_model


def open_engines(model: str) -> Callable[[dict], dict]:
    """Serve ``{"engine": fields of Engine, "units": [...]}`` with ``{"seconds": float, "texts": [...]}``.

    The units are distinct and in lower case; a text is null where the model did not finish. An engine stays open.
    """
    files = load_model(bundled_models()[model])

    @functools.cache
    def opened(engine: Engine) -> Decode:
        return open_engine(engine, files)

    def handle(request: dict) -> dict:
        engine, units = Engine(**request["engine"]), request["units"]
        decode = opened(engine)
        places = sorted(range(len(units)), key=units.__getitem__) if engine.alphabetical else range(len(units))
        arranged = [units[place] for place in places]
        started = time.perf_counter()
        decoded = decode(arranged)
        seconds = time.perf_counter() - started
        texts = dict(zip(places, decoded, strict=True))
        return {"seconds": seconds, "texts": [texts[place] for place in range(len(units))]}

    return handle


def open_windows(options: str) -> Callable[[dict], dict]:
    """Serve ``{"names": [...], "window": int, "threads": int}`` with ``{"seconds": float, "texts": [...]}``.

    ``options`` is what ``Transliterator`` takes, in JSON; it is called with a window at a time, by all the threads.
    """
    parsed = json.loads(options)

    def handle(request: dict) -> dict:
        names, window = request["names"], request["window"]
        with open_warm(parsed) as transliterator, ThreadPoolExecutor(request["threads"]) as threads:
            transliterate = functools.partial(transliterator.transliterate, on_error="empty")
            started = time.perf_counter()
            windows = (names[start : start + window] for start in range(0, len(names), window))
            texts = [text for column in threads.map(transliterate, windows) for text in column]
            seconds = time.perf_counter() - started
        return {"seconds": seconds, "texts": texts}

    return handle
