"""Distinct units → Katakana: what is remembered, and all other units in exact-length buckets through the model.

Texts, texts with their probability, and the best texts of a unit are remembered apart: a text that came without its
probability never gets that of another decoding. What needs no model is certain in all three.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.beam import beam_search
from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.products import Scored
from hayakana.decoding.slots import decode_continuously, decode_one
from hayakana.decoding.states import length_buckets
from hayakana.model.folder import Model
from hayakana.model.manifest import DECODER_STEP, Manifest
from hayakana.model.vocabulary import TARGET_SPECIALS
from hayakana.names.style import AS_WRITTEN, Style
from hayakana.sessions.opening import Sessions

_ONE_BY_ONE = 24
"""As many units as this are decoded sooner one after the other than side by side, with probabilities too.

``python -m benchmarks latency`` measures it as ``short_lists``. By results/latency.json there, units of ``default``
side by side run at 0.63 times the speed for 8 units, 0.87 for 16, 1.09 for 24, 1.30 for 32; ``seed`` at 0.90 for 24.
"""

_FEW = 32
"""Fewer rows than this are encoded sooner in one call of the whole encoder than in steps over their prefixes."""

_MORE_BEAMS = 3
"""A beam is wider than the number of candidates by these: without them, one list in five lacks one of the best."""

_OF_CANDIDATES = 8
"""A unit with its candidates takes the room of as many with their Katakana alone, or more."""

_CERTAIN = 0.0
"""The logarithm of 1."""

_WIDE = 128
"""Units of a decoder from which on its weights leave little of a core's cache to its states."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def fitting_batch_size(manifest: Manifest, device: str) -> int:
    """Return how many units at once are decoded fastest on ``device``, ``cpu`` or ``cuda``: the device in use.

    docs/performance.md has the figures.
    """
    width = manifest.graphs[DECODER_STEP].inputs["hidden_state"].shape[-1]
    is_wide = isinstance(width, int) and width >= _WIDE
    return 128 if is_wide and device == "cpu" else 512


def _nothing(_: str) -> None:
    """Have no unit spelled."""


class UnitDecoder:
    """Decodes units with one model, and remembers ``cache_size`` of them at most; as many again with probabilities.

    ``batch_size`` is how many units are decoded at once; None is what fits the device in use. The units of
    ``katakana_of_units`` need no model, nor do those that ``spell`` has a text for: their Katakana is their only text,
    of probability 1. What the model writes is remembered in ``style``.

    Works from many threads at once: what they share is the caches.
    """

    def __init__(
        self,
        model: Model,
        sessions: Sessions,
        *,
        batch_size: int | None,
        cache_size: int,
        katakana_of_units: Mapping[str, str] | None = None,
        spell: Callable[[str], str | None] = _nothing,
        style: Style = AS_WRITTEN,
    ) -> None:
        self._model, self._sessions = model, sessions
        self._batch_size = batch_size or fitting_batch_size(model.manifest, sessions.device)
        self._limit = model.manifest.target_limit
        self._katakana_of_units, self._spell = katakana_of_units or {}, spell
        self._style = style
        self._texts: Cache[str, str | None] = Cache(cache_size)
        self._scored: Cache[str, tuple[str | None, float]] = Cache(cache_size)
        self._candidates: Cache[tuple[str, int], list[Scored]] = Cache(cache_size // _OF_CANDIDATES)

    def texts(self, units: Sequence[str]) -> list[str | None]:
        """Return the Katakana of ``units``; None where the model wrote nothing or did not end.

        The characters of ``units`` are in the source vocabulary. Each distinct unit is decoded once.
        """
        return _recall(self._texts, units, self._without_model, lambda new: self._decoded_units(new)[0])

    def scored(self, units: Sequence[str]) -> list[tuple[str | None, float]]:
        """Return the Katakana of ``units``, as ``texts`` does, each with the logarithm of its probability.

        The number says nothing where there is no text.
        """

        def certain(distinct: Mapping[str, None]) -> dict[str, tuple[str | None, float]]:
            return {unit: (text, _CERTAIN) for unit, text in self._without_model(distinct).items()}

        def decoded(new: Sequence[str]) -> list[tuple[str | None, float]]:
            texts, scores = self._decoded_units(new, scored=True)
            assert scores is not None
            return list(zip(texts, scores.tolist(), strict=True))

        return _recall(self._scored, units, certain, decoded)

    def score_alone(self, unit: str) -> float:
        """Return the logarithm of the probability of ``unit`` decoded alone: nothing else has a say in its last bit."""
        if self.without_model(unit) is not None:
            return _CERTAIN
        _, scores = self._decoded_units([unit], scored=True)
        assert scores is not None
        return float(scores[0])

    def candidates(self, units: Sequence[str], *, count: int) -> list[list[Scored]]:
        """Return ``count`` texts at most of each of ``units``, different ones, the most probable first.

        The beam is ``count + _MORE_BEAMS`` wide.
        """

        def certain(distinct: Mapping[tuple[str, int], None]) -> dict[tuple[str, int], list[Scored]]:
            texts = self._without_model(dict.fromkeys(unit for unit, _ in distinct))
            return {(unit, count): [Scored(text, _CERTAIN)] for unit, text in texts.items()}

        def searched(new: Sequence[tuple[str, int]]) -> list[list[Scored]]:
            return self._searched_units([unit for unit, _ in new], count)

        return _recall(self._candidates, [(unit, count) for unit in units], certain, searched)

    def attended(self, unit: str) -> tuple[str | None, NDArray[np.float32]]:
        """Return the Katakana of ``unit``, as ``texts`` does, and its attention weights, ``(steps, source_length)``."""
        source_ids, fetch = self._model.source_vocabulary.encode([unit]), ("attention_weights",)
        step = self._sessions.decoder_step
        decoded = greedy(self._sessions.encoder, step, source_ids, max_length=self._limit, fetch=fetch)
        (text,) = self._written(decoded)
        return text, decoded.fetched["attention_weights"][0]

    def without_model(self, unit: str) -> str | None:
        """Return the Katakana of ``unit`` if it needs no model; None if it does."""
        return self._without_model({unit: None}).get(unit)

    def _without_model(self, distinct: Mapping[str, None]) -> dict[str, str]:
        """Return the units among ``distinct`` that need no model, with their Katakana."""
        table = self._katakana_of_units
        found = {unit: text for unit in distinct if (text := self._spell(unit)) is not None}
        return found | {unit: table[unit] for unit in table.keys() & distinct.keys()}  # The fewer are looked at.

    def _decoded_units(
        self, units: Sequence[str], *, scored: bool = False
    ) -> tuple[list[str | None], NDArray[np.float64] | None]:
        """Return the Katakana of distinct units, and their log probabilities where ``scored`` asks for them.

        Few units are decoded one by one. The ids of many are looked up at once, and a bucket is decoded at a time.
        """
        if len(units) <= _ONE_BY_ONE and self._sessions.slot_of_one is not None:
            pairs = [self._decoded_one(unit, scored=scored) for unit in units]
            one_by_one = self._in_style([text for text, _ in pairs])
            return one_by_one, self._calibrated(np.array([score for _, score in pairs])) if scored else None
        texts, scores = np.empty(len(units), np.object_), np.zeros(len(units))
        most = len(units) if self._sessions.open_slots else self._batch_size
        for rows, source_ids in self._buckets(units, batch_size=most):
            decoded = self._decoded_bucket(source_ids, scored=scored)
            texts[rows] = self._written(decoded)
            if decoded.log_probabilities is not None:
                scores[rows] = decoded.log_probabilities
        written = self._in_style(cast(list[str | None], texts.tolist()))
        return written, self._calibrated(scores) if scored else None

    def _in_style(self, texts: list[str | None]) -> list[str | None]:
        """Return ``texts`` in style; None for a text of which it leaves nothing."""
        if not self._style.steps:
            return texts
        return [None if text is None else self._style(text) or None for text in texts]

    def _searched_units(self, units: Sequence[str], count: int) -> list[list[Scored]]:
        """Return the best texts of distinct units, from batches whose texts under way are ``batch_size`` at most.

        Where texts become one in style, the most probable of them stands for all.
        """
        beam_size = count + _MORE_BEAMS
        best: list[list[Scored]] = [[] for _ in units]
        for rows, source_ids in self._buckets(units, batch_size=max(self._batch_size // beam_size, 1)):
            hypotheses = beam_search(
                self._sessions.search_encoder,
                self._sessions.search_step,
                source_ids,
                max_length=self._limit,
                beam_size=beam_size,
                count=beam_size if self._style.steps else count,
            )
            for row, of_row in zip(rows.tolist(), hypotheses, strict=True):
                scores = self._calibrated(np.array([hypothesis.log_probability for hypothesis in of_row]))
                texts = [self._style(self._text(hypothesis.target_ids)) for hypothesis in of_row]
                first: dict[str, float] = {}
                for text, score in zip(texts, scores.tolist(), strict=True):
                    if text:
                        first.setdefault(text, score)
                best[row] = [Scored(*scored) for scored in islice(first.items(), count)]
        return best

    def _buckets(self, units: Sequence[str], *, batch_size: int) -> Iterator[tuple[NDArray[np.int64], ...]]:
        """Yield places in ``units`` and their source ids, all of one length, ``batch_size`` at most."""
        lengths = np.fromiter(map(len, units), np.int64, len(units))
        source_ids = self._model.source_vocabulary.encode(["".join(units)])[0]
        starts = np.cumsum(lengths) - lengths
        for rows in length_buckets(lengths, batch_size=max(batch_size, 1)):
            yield rows, source_ids[starts[rows][:, np.newaxis] + np.arange(lengths[rows[0]])]

    def _decoded_one(self, unit: str, *, scored: bool) -> tuple[str | None, float]:
        sessions, ids = self._sessions, self._model.source_vocabulary.ids
        assert sessions.slot_of_one is not None
        slot = sessions.slot_of_one(len(unit), with_logits=scored)
        source_ids = np.array([[ids[character] for character in unit]], np.int64)
        target_ids, score = decode_one(sessions.encoder, slot, source_ids, max_length=self._limit, scored=scored)
        return (self._text(target_ids) if target_ids and min(target_ids) >= len(TARGET_SPECIALS) else None), score

    def _decoded_bucket(self, source_ids: NDArray[np.int64], *, scored: bool) -> Decoded:
        """Decode ``source_ids``, ``(batch, source_length)``: in slots where there are slots."""
        sessions, limit = self._sessions, self._limit
        if sessions.open_slots is None:
            return greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit, scored=scored)
        encoder = sessions.encoder if len(source_ids) < _FEW else sessions.encoder_of_many
        return decode_continuously(
            encoder, sessions.open_slots, source_ids, max_length=limit, slots=self._batch_size, scored=scored
        )

    def _written(self, decoded: Decoded) -> list[str | None]:
        """Return the text of each row; None where it did not end, is empty, or has a special token in it."""
        texts = self._model.target_vocabulary.decode(decoded.target_ids, decoded.lengths)
        within = np.arange(decoded.target_ids.shape[1]) < decoded.lengths[:, np.newaxis]
        special = ((decoded.target_ids < len(TARGET_SPECIALS)) & within).any(axis=1)
        good = decoded.finished & ~special & (decoded.lengths > 0)
        if good.all():
            return list(texts)
        return [text if is_good else None for text, is_good in zip(texts, good.tolist(), strict=True)]

    def _text(self, target_ids: Iterable[int]) -> str:
        tokens = self._model.target_vocabulary.tokens
        return "".join([tokens[index] for index in target_ids])

    def _calibrated(self, log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        calibration = self._model.manifest.calibration
        return log_probabilities if calibration is None else calibration.calibrated(log_probabilities)


class Cache(Generic[Key, Value]):
    """Remembers ``size`` values at most, those that were asked for last.

    Works from many threads at once without a lock: only whole values are ever put into it.
    """

    def __init__(self, size: int) -> None:
        # Two generations, each of half the size: when the recent one is full, it takes the place of the older one.
        self._generation = size // 2
        self._recent: dict[Key, Value] = {}
        self._older: dict[Key, Value] = {}

    def recall(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return what is known of ``keys``; what only the older generation has moves to the recent one."""
        recent, older = self._recent, self._older
        known = {key: recent[key] for key in keys if key in recent} if recent else {}
        if older:
            again = {key: older[key] for key in keys if key in older and key not in known}
            self._put(again)
            known.update(again)
        return known

    def remember(self, values: Iterable[tuple[Key, Value]]) -> None:
        """Put the first of ``values``, a generation at most, into the cache."""
        self._put(dict(islice(values, self._generation)))

    def _put(self, values: Mapping[Key, Value]) -> None:
        if len(self._recent) + len(values) > self._generation:
            self._older, self._recent = self._recent, {}
        self._recent.update(values)


def _recall(
    cache: Cache[Key, Value],
    keys: Sequence[Key],
    certain: Callable[[Mapping[Key, None]], Mapping[Key, Value]],
    compute: Callable[[Sequence[Key]], list[Value]],
) -> list[Value]:
    """Return the values of ``keys``: those that ``certain`` has, then ``cache``, and ``compute`` of the rest.

    Both functions are called with distinct keys. What is certain takes no room in the cache.
    """
    distinct = dict.fromkeys(keys)
    known = cache.recall(distinct)
    known.update(certain(distinct))
    new = [key for key in distinct if key not in known] if known else list(distinct)
    values = compute(new) if new else []
    cache.remember(zip(new, values, strict=True))
    if len(new) == len(keys):
        return values
    known.update(zip(new, values, strict=True))
    return [known[key] for key in keys]
