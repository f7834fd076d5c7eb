"""Distinct units → Katakana: what is remembered, and all other units in exact-length buckets through the model.

Texts, scored texts and candidates are remembered separately, so a remembered text is never paired with a probability
from another decode. What needs no model is certain in all three.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.beam import beam_search
from hayakana.decoding.buckets import length_buckets
from hayakana.decoding.greedy import Decoded, greedy
from hayakana.decoding.products import Scored
from hayakana.decoding.slots import decode_continuously, decode_one
from hayakana.engine.cache import Cache
from hayakana.model.folder import Model
from hayakana.model.manifest import DECODER_STEP, Manifest
from hayakana.model.vocabulary import TARGET_SPECIALS
from hayakana.sessions.opening import Sessions

_ONE_BY_ONE = 24
"""As many units as this are decoded sooner one after the other than side by side, with probabilities too.

Medians of nine rounds in turns on two shared cores: the two break even at 24 units for ``default``, and at about 30 for
``fast`` and ``seed``. ``python -m benchmarks latency`` measures it: ``short_lists``.
"""

_FEW = 32
"""Fewer rows than this are encoded sooner in one call of the whole encoder than in steps over their prefixes."""

_MORE_BEAMS = 3
"""A beam is wider than the number of candidates by these: without them, one list in five lacks one of the best."""

_OF_CANDIDATES = 8
"""One unit with its candidates takes the room of as many with their Katakana alone, or more."""

_CERTAIN = 0.0
"""The logarithm of 1."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


_WIDE = 128
"""Units of a decoder from which on its weights leave little of a core's cache to its states."""


def fitting_batch_size(manifest: Manifest, device: str) -> int:
    """Return how many units at once are decoded fastest on ``device``, ``cpu`` or ``cuda``: that which is in use.

    docs/performance.md has the figures.
    """
    width = manifest.graphs[DECODER_STEP].inputs["hidden_state"].shape[-1]
    is_wide = isinstance(width, int) and width >= _WIDE
    return 128 if is_wide and device == "cpu" else 512


class UnitDecoder:
    """Decodes units with one model, and remembers ``cache_size`` of them at most; as many again with probabilities.

    ``batch_size`` is how many units are decoded at once; None is what fits the device in use. The units of
    ``katakana_of_units`` need no model: their Katakana is their only text, of probability 1.

    Works from many threads at once: what they share is the caches.
    """

    def __init__(
        self,
        model: Model,
        *,
        batch_size: int | None,
        cache_size: int,
        katakana_of_units: Mapping[str, str] | None = None,
    ) -> None:
        self._model, self._batch_size = model, batch_size
        self._katakana_of_units = katakana_of_units or {}
        self._texts: Cache[str, str | None] = Cache(cache_size)
        self._scored: Cache[str, tuple[str | None, float]] = Cache(cache_size)
        self._candidates: Cache[tuple[str, int], list[Scored]] = Cache(cache_size // _OF_CANDIDATES)

    def texts(self, sessions: Sessions, units: Sequence[str]) -> list[str | None]:
        """Return the Katakana of ``units``; None where the model wrote nothing or did not end.

        The characters of ``units`` are in the source vocabulary. Each distinct unit is decoded once.
        """
        return _recall(self._texts, units, self._without_model, lambda new: self._decoded_units(sessions, new)[0])

    def scored(self, sessions: Sessions, units: Sequence[str]) -> list[tuple[str | None, float]]:
        """Return the Katakana of ``units``, as ``texts`` does, each with the logarithm of its probability.

        The number says nothing where there is no text.
        """

        def certain(distinct: Mapping[str, None]) -> dict[str, tuple[str | None, float]]:
            return {unit: (text, _CERTAIN) for unit, text in self._without_model(distinct).items()}

        def decoded(new: Sequence[str]) -> list[tuple[str | None, float]]:
            texts, scores = self._decoded_units(sessions, new, scored=True)
            return list(zip(texts, scores.tolist(), strict=True))

        return _recall(self._scored, units, certain, decoded)

    def candidates(self, sessions: Sessions, units: Sequence[str], *, count: int) -> list[list[Scored]]:
        """Return ``count`` texts at most of each of ``units``, different ones, the most probable first.

        The beam is ``count + _MORE_BEAMS`` wide.
        """

        def certain(distinct: Mapping[tuple[str, int], None]) -> dict[tuple[str, int], list[Scored]]:
            texts = self._without_model(dict.fromkeys(unit for unit, _ in distinct))
            return {(unit, count): [Scored(text, _CERTAIN)] for unit, text in texts.items()}

        def searched(new: Sequence[tuple[str, int]]) -> list[list[Scored]]:
            return self._searched_units(sessions, [unit for unit, _ in new], count)

        return _recall(self._candidates, [(unit, count) for unit in units], certain, searched)

    def decode(self, sessions: Sessions, units: Sequence[str], *, fetch: tuple[str, ...] = ()) -> Decoded:
        """Decode ``units``, all of one length, as one batch, with the optional outputs ``fetch``."""
        source_ids = self._model.source_vocabulary.encode(units)
        limit = self._model.manifest.target_limit
        return greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit, fetch=fetch)

    def written(self, decoded: Decoded) -> list[str | None]:
        """Return the text of each row; None where it did not end, is empty, or has a special token in it."""
        texts = self._model.target_vocabulary.decode(decoded.target_ids, decoded.lengths)
        within = np.arange(decoded.target_ids.shape[1]) < decoded.lengths[:, np.newaxis]
        special = ((decoded.target_ids < len(TARGET_SPECIALS)) & within).any(axis=1)
        good = decoded.finished & ~special & (decoded.lengths > 0)
        if good.all():
            return list(texts)
        return [text if is_good else None for text, is_good in zip(texts, good.tolist(), strict=True)]

    def _at_once(self, sessions: Sessions) -> int:
        return self._batch_size or fitting_batch_size(self._model.manifest, sessions.device)

    def _without_model(self, distinct: Mapping[str, None]) -> dict[str, str]:
        """Return the units among ``distinct`` that need no model, with their Katakana; only the fewer are looked at."""
        return {unit: self._katakana_of_units[unit] for unit in self._katakana_of_units.keys() & distinct.keys()}

    def _decoded_units(
        self, sessions: Sessions, units: Sequence[str], *, scored: bool = False
    ) -> tuple[list[str | None], NDArray[np.float64]]:
        """Return the Katakana of distinct units, and their log probabilities; zeros unless they are ``scored``.

        Few units are decoded one by one. The ids of many are looked up at once, and a bucket is decoded at a time.
        """
        texts, scores = np.empty(len(units), np.object_), np.zeros(len(units))
        if len(units) <= _ONE_BY_ONE and sessions.slot_of_one is not None:
            for row, unit in enumerate(units):
                texts[row], scores[row] = self._decoded_one(sessions, unit, scored=scored)
        else:
            at_once = None if sessions.open_slots else self._at_once(sessions)
            for rows, source_ids in self._buckets(units, at_once=at_once):
                decoded = self._decoded_bucket(sessions, source_ids, scored=scored)
                texts[rows] = self.written(decoded)
                if decoded.log_probabilities is not None:
                    scores[rows] = decoded.log_probabilities
        return cast(list[str | None], texts.tolist()), self._calibrated(scores) if scored else scores

    def _searched_units(self, sessions: Sessions, units: Sequence[str], count: int) -> list[list[Scored]]:
        """Return the best texts of distinct units, from batches whose texts under way are ``batch_size`` at most."""
        beam_size = count + _MORE_BEAMS
        best: list[list[Scored]] = [[] for _ in units]
        for rows, source_ids in self._buckets(units, at_once=max(self._at_once(sessions) // beam_size, 1)):
            hypotheses = beam_search(
                sessions.search_encoder,
                sessions.search_step,
                source_ids,
                max_length=self._model.manifest.target_limit,
                beam_size=beam_size,
                count=count,
            )
            for row, ranked in zip(rows.tolist(), hypotheses, strict=True):
                scores = self._calibrated(np.array([hypothesis.log_probability for hypothesis in ranked]))
                texts = [self._text(hypothesis.target_ids) for hypothesis in ranked]
                best[row] = [Scored(*scored) for scored in zip(texts, scores.tolist(), strict=True)]
        return best

    def _buckets(
        self, units: Sequence[str], *, at_once: int | None
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield places in ``units`` and their source ids, all of one length, ``at_once`` at most."""
        lengths = np.fromiter(map(len, units), np.int64, len(units))
        source_ids = self._model.source_vocabulary.encode(["".join(units)])[0]
        starts = np.cumsum(lengths) - lengths
        for rows in length_buckets(lengths, batch_size=at_once or max(len(units), 1)):
            yield rows, source_ids[starts[rows][:, np.newaxis] + np.arange(lengths[rows[0]])]

    def _decoded_one(self, sessions: Sessions, unit: str, *, scored: bool) -> tuple[str | None, float]:
        assert sessions.slot_of_one is not None
        slot = sessions.slot_of_one(len(unit), with_logits=scored)
        limit = self._model.manifest.target_limit
        target_ids, score = decode_one(sessions.encoder, slot, self._source_ids(unit), max_length=limit, scored=scored)
        return (self._text(target_ids) if target_ids and min(target_ids) >= len(TARGET_SPECIALS) else None), score

    def _decoded_bucket(self, sessions: Sessions, source_ids: NDArray[np.int64], *, scored: bool) -> Decoded:
        """Decode ``source_ids``, ``(batch, source_length)``: in slots where there are slots."""
        limit, open_slots = self._model.manifest.target_limit, sessions.open_slots
        if open_slots is None:
            return greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit, scored=scored)
        encoder = sessions.encoder if len(source_ids) < _FEW else sessions.encoder_of_many
        return decode_continuously(
            encoder, open_slots, source_ids, max_length=limit, slots=self._at_once(sessions), scored=scored
        )

    def _source_ids(self, unit: str) -> NDArray[np.int64]:
        ids = self._model.source_vocabulary.ids
        return np.array([[ids[character] for character in unit]], np.int64)

    def _text(self, target_ids: Iterable[int]) -> str:
        tokens = self._model.target_vocabulary.tokens
        return "".join([tokens[index] for index in target_ids])

    def _calibrated(self, log_probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        calibration = self._model.manifest.calibration
        return log_probabilities if calibration is None else calibration.calibrated(log_probabilities)


def _recall(
    cache: Cache[Key, Value],
    keys: Sequence[Key],
    certain: Callable[[Mapping[Key, None]], Mapping[Key, Value]],
    compute: Callable[[Sequence[Key]], list[Value]],
) -> list[Value]:
    """Return the values of ``keys``: from ``certain``, from ``cache``, and by ``compute`` for all other keys.

    Both ``certain`` and ``compute`` are given distinct keys. What is certain takes no room in the cache.
    """
    distinct = dict.fromkeys(keys)
    values = cache.recall(distinct)
    values.update(certain(distinct))
    new = [key for key in distinct if key not in values] if values else list(distinct)
    computed = compute(new) if new else []
    cache.remember(zip(new, computed, strict=True))
    if len(new) == len(keys):
        return computed
    values.update(zip(new, computed, strict=True))
    return [values[key] for key in keys]
