"""hayakana's questions about units: texts, texts with probabilities, candidates, in lists; beams of any width."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.harness.child import timed
from hayakana.decoding.beam import beam_search
from hayakana.decoding.states import length_buckets
from hayakana.engine.units import UnitDecoder
from hayakana.model.folder import bundled_models, load_model
from hayakana.sessions.opening import open_sessions


def open_questions(model: str) -> Callable[[dict], dict]:
    """Serve ``{"names", "question", "count", "length"}`` with ``{"seconds": float, "texts": [the best of each unit]}``.

    ``question`` is a method of ``UnitDecoder``, ``count`` what ``candidates`` is asked for. The units are asked for in
    lists of ``length``, or all in one list. The units of a list are decoded side by side, however few they are; lists
    of one unit are decoded as single names are. The clock is around units as str in, Katakana as str out with what was
    asked for; nothing is remembered.
    """
    loaded = load_model(bundled_models()[model])
    sessions = open_sessions(loaded, device="cpu")
    single, side_by_side = (
        UnitDecoder(loaded, opened, batch_size=None, cache_size=0)
        for opened in (sessions, dataclasses.replace(sessions, slot_of_one=None))
    )

    def handle(request: dict) -> dict:
        units = request["names"]
        length = request.get("length", len(units))
        lists = [units[start : start + length] for start in range(0, len(units), length)]
        decoder = single if length == 1 else side_by_side
        answered = timed(lambda: [_ask(decoder, few, request) for few in lists])
        return {**answered, "texts": [_best(answer) for few in answered["texts"] for answer in few]}

    return handle


def open_beams(name: str) -> Callable[[dict], list]:
    """Serve ``{"names", "beam_size", "count"}`` with the ``count`` best texts of each unit, as target ids."""
    model = load_model(bundled_models()[name])
    sessions = open_sessions(model, device="cpu")

    def handle(request: dict) -> list:
        units, beam_size = request["names"], request["beam_size"]
        lists: list[list] = [[] for _ in units]
        for rows in length_buckets([len(unit) for unit in units], batch_size=max(512 // beam_size, 1)):
            found = beam_search(
                sessions.search_encoder,
                sessions.search_step,
                model.source_vocabulary.encode([units[row] for row in rows]),
                max_length=model.manifest.target_limit,
                beam_size=beam_size,
                count=request["count"],
            )
            for row, texts in zip(rows, found, strict=True):
                lists[row] = [text.target_ids for text in texts]
        return lists

    return handle


def _ask(decoder: UnitDecoder, units: Sequence[str], request: dict) -> Sequence[Any]:
    if request["question"] == "candidates":
        return decoder.candidates(units, count=request["count"])
    return decoder.texts(units) if request["question"] == "texts" else decoder.scored(units)


def _best(answer: Any) -> str | None:
    """Return the text of an answer to any of the questions."""
    if answer is None or isinstance(answer, str):
        return answer
    if isinstance(answer, tuple):
        return answer[0]
    return answer[0].text if answer else None
