"""Distinct units → Katakana: what is remembered, and all other units in exact-length buckets through the model.

Texts, texts with their probability, and the best texts of a unit are remembered apart: a text that came without its
probability never gets that of another decoding. What needs no model is certain in all three.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.beam import beam_search
from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.products import Scored
from hayakana.decoding.slots import decode_continuously, decode_one
from hayakana.decoding.states import length_buckets
from hayakana.engine.cache import Cache
from hayakana.engine.lookups import NOTHING, Lookups
from hayakana.model.folder import Model
from hayakana.model.manifest import DECODER_STEP, Manifest
from hayakana.model.vocabulary import TARGET_SPECIALS
from hayakana.names.style import AS_WRITTEN, Style
from hayakana.results import Origin
from hayakana.sessions.opening import Sessions

_ONE_BY_ONE = 24
"""As many units as this are decoded sooner one after the other than side by side, with probabilities too.

``python -m benchmarks latency`` measures it as ``short_lists``. By benchmarks/results/suite.json, units of ``default``
side by side run at 0.64 times the speed for 8 units, 0.90 for 16, 1.14 for 24, 1.34 for 32; ``seed`` at 0.95 for 24.
"""

_FEW = 32
"""Fewer rows than this are encoded sooner in one call of the whole encoder than in steps over their prefixes."""

_MORE_BEAMS = 3
"""A beam is wider than the number of candidates by these: without them, one list in five lacks one of the best."""

_OF_CANDIDATES = 8
"""A unit with its candidates takes the room of as many with their Katakana alone, or more."""

_KANA_OF_LETTER = 2
"""The most Kana that letters of a part carry each, and all of them together one more: ox is オックス.

None of 42,000 references has more. A model that goes on beyond it repeats itself (Uhx), and did not finish.
"""

_WIDE = 128
"""Units of a decoder from which on its weights leave little of a core's cache to its states."""


def fitting_batch_size(manifest: Manifest, device: str) -> int:
    """Return how many units at once are decoded fastest on ``device``, ``cpu`` or ``cuda``: the device in use.

    benchmarks/results/ablations.md has the figures.
    """
    width = manifest.graphs[DECODER_STEP].inputs["hidden_state"].shape[-1]
    is_wide = isinstance(width, int) and width >= _WIDE
    return 128 if is_wide and device == "cpu" else 512


class UnitDecoder:
    """Decodes units with one model, and remembers ``cache_size`` of them at most; as many again with probabilities.

    ``batch_size`` is how many units are decoded at once; None is what fits the device in use. What ``lookups`` have
    needs no model. What the model writes is in ``style``.

    Works from many threads at once: what they share is the caches.
    """

    def __init__(
        self,
        model: Model,
        sessions: Sessions,
        *,
        batch_size: int | None,
        cache_size: int,
        lookups: Lookups = NOTHING,
        style: Style = AS_WRITTEN,
    ) -> None:
        self._model, self._sessions = model, sessions
        self._batch_size = batch_size or fitting_batch_size(model.manifest, sessions.device)
        self._lookups, self._style = lookups, style
        self._texts: Cache[str, str | None] = Cache(cache_size)
        self._scored: Cache[str, tuple[str | None, float]] = Cache(cache_size)
        self._candidates: Cache[tuple[str, int], list[Scored]] = Cache(cache_size // _OF_CANDIDATES)

    def texts(self, units: Sequence[str]) -> list[str | None]:
        """Return the Katakana of ``units``; None where the model wrote nothing or did not end.

        The characters of ``units`` are in the source vocabulary. Each distinct unit is decoded once.
        """
        return self._texts.values(units, lambda new: [text for text, _ in self._found(new, scored=False)])

    def scored(self, units: Sequence[str]) -> list[tuple[str | None, float]]:
        """Return the Katakana of ``units``, as ``texts`` does, each with the logarithm of its probability.

        The number says nothing where there is no text.
        """
        return self._scored.values(units, lambda new: self._found(new, scored=True))

    def score_alone(self, unit: str) -> float:
        """Return the logarithm of the probability of ``unit`` decoded alone: nothing else has a say in its last bit."""
        ((_, score),) = self._found([unit], scored=True)
        return score

    def candidates(self, units: Sequence[str], *, count: int) -> list[list[Scored]]:
        """Return ``count`` texts at most of each of ``units``, different ones, the most probable first.

        The beam is ``count + _MORE_BEAMS`` wide. What is certain has no other candidate.
        """

        def found(new: Sequence[tuple[str, int]]) -> list[list[Scored]]:
            new_units = [unit for unit, _ in new]
            looked_up = self._lookups.look_up(new_units)
            doubtful = [unit for unit in new_units if unit not in looked_up or looked_up[unit].log_probability < 0]
            searched = dict(zip(doubtful, self._searched_units(doubtful, count), strict=True))
            for unit, text in looked_up.items():
                searched[unit] = _known_first(text, searched.get(unit, []), count=count)
            return [searched[unit] for unit in new_units]

        return self._candidates.values([(unit, count) for unit in units], found)

    def origins(self, units: Sequence[str]) -> list[Origin]:
        """Return where the text of each of ``units`` comes from."""
        return self._lookups.origins(units)

    def without_model(self, unit: str) -> str | None:
        """Return the Katakana of ``unit`` if it needs no model; None if it does."""
        looked_up = self._lookups.look_up([unit])
        return looked_up[unit].text if looked_up else None

    def most_kana(self, source_length: int) -> int:
        """Return how many Kana the model may write for a unit so long; a text that goes on is unfinished."""
        limit = self._model.manifest.target_limit
        # A letter of a whole name may be an initial, which some read as the name that it stands for.
        return limit if self._model.manifest.unit == "name" else min(limit, _KANA_OF_LETTER * source_length + 1)

    def attended(self, unit: str) -> tuple[str | None, NDArray[np.float32]]:
        """Return the Katakana of ``unit``, as ``texts`` does, and its attention weights, ``(steps, source_length)``."""
        source_ids, fetch = self._model.source_vocabulary.encode([unit]), ("attention_weights",)
        step = self._sessions.decoder_step
        decoded = greedy(self._sessions.encoder, step, source_ids, max_length=self.most_kana(len(unit)), fetch=fetch)
        (text,) = self._written(decoded)
        return text, decoded.fetched["attention_weights"][0]

    def _found(self, new: Sequence[str], *, scored: bool) -> list[tuple[str | None, float]]:
        """Return the text of each of distinct units, looked up or decoded, and the logarithm of its probability.

        That of a decoded text is 0 unless ``scored`` asks for it.
        """
        looked_up = self._lookups.look_up(new)
        if len(looked_up) == len(new):
            return [looked_up[unit] for unit in new]
        texts, scores = self._decoded_units([unit for unit in new if unit not in looked_up], scored=scored)
        decoded = iter(zip(texts, [0.0] * len(texts) if scores is None else scores.tolist(), strict=True))
        return [looked_up[unit] if unit in looked_up else next(decoded) for unit in new]

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
        """Return ``texts`` in style; None where it leaves nothing of a text."""
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
                max_length=self.most_kana(source_ids.shape[1]),
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
        most = self.most_kana(len(unit))
        target_ids, score = decode_one(sessions.encoder, slot, source_ids, max_length=most, scored=scored)
        return (self._text(target_ids) if target_ids and min(target_ids) >= len(TARGET_SPECIALS) else None), score

    def _decoded_bucket(self, source_ids: NDArray[np.int64], *, scored: bool) -> Decoded:
        """Decode ``source_ids``, ``(batch, source_length)``: in slots where there are slots."""
        sessions, limit = self._sessions, self.most_kana(source_ids.shape[1])
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


def _known_first(known: Scored, searched: Sequence[Scored], *, count: int) -> list[Scored]:
    """Return the Katakana of a known name and, with what is left of the probability, what the model wrote, sorted."""
    left = math.log1p(-math.exp(known.log_probability)) if searched else -math.inf
    others = [Scored(text, score + left) for text, score in searched if text != known.text]
    return sorted([known, *others], key=lambda scored: -scored.log_probability)[:count]
