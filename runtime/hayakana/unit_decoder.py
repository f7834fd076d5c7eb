"""Distinct units → Katakana: what is known from before, and the rest in exact-length buckets through the model."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hayakana.batching import length_buckets
from hayakana.continuous import Slots, decode_continuously, decode_one
from hayakana.decoding import Decoded, Encoder, greedy
from hayakana.model_files import Model
from hayakana.sessions import Sessions
from hayakana.vocabulary import TARGET_SPECIALS

_ONE_BY_ONE = 3
"""As many units as this are decoded sooner one after the other than side by side."""

_FEW = 32
"""Fewer rows than this are encoded sooner in one call of the whole encoder than in steps over their prefixes."""


class UnitDecoder:
    """Decodes units with one model, and remembers ``cache_size`` of them at most. ``answers`` need no model.

    Works from many threads at once: what they share is the cache, and that only ever has whole answers put into it.
    """

    def __init__(
        self, model: Model, *, batch_size: int, cache_size: int, answers: Mapping[str, str] | None = None
    ) -> None:
        self._model, self._batch_size = model, batch_size
        self._answers = answers or {}
        # Two generations, each of half the size: when the recent one is full, it takes the place of the older one.
        self._generation = cache_size // 2
        self._recent: dict[str, str | None] = {}
        self._older: dict[str, str | None] = {}

    def texts(self, sessions: Sessions, units: Sequence[str]) -> list[str | None]:
        """Return the Katakana of ``units``; None where the model wrote nothing or did not end.

        The characters of ``units`` are in the source vocabulary. Each distinct unit is decoded once.
        """
        distinct = dict.fromkeys(units)
        known = self._remembered(distinct)
        known.update({unit: self._answers[unit] for unit in self._answers.keys() & distinct.keys()})
        new = [unit for unit in distinct if unit not in known] if known else list(distinct)
        decoded = self._decoded_units(sessions, new)
        self._remember(dict(islice(zip(new, decoded, strict=True), self._generation)))
        if len(new) == len(units):
            return decoded
        known.update(zip(new, decoded, strict=True))
        return [known[unit] for unit in units]

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

    def _decoded_units(self, sessions: Sessions, units: Sequence[str]) -> list[str | None]:
        """Return the Katakana of distinct units: ids of all of them at once, then a bucket at a time."""
        if not units:
            return []
        if len(units) <= _ONE_BY_ONE and sessions.slot_of_one is not None:
            return [self._decoded_one(sessions.encoder, sessions.slot_of_one(len(unit)), unit) for unit in units]
        lengths = np.fromiter(map(len, units), np.int64, len(units))
        source_ids = self._model.source_vocabulary.encode(["".join(units)])[0]
        starts = np.cumsum(lengths) - lengths
        texts = np.empty(len(units), np.object_)
        at_once = self._batch_size if sessions.open_slots is None else len(units)
        for rows in length_buckets(lengths, batch_size=at_once):
            places = starts[rows][:, np.newaxis] + np.arange(lengths[rows[0]])
            texts[rows] = self.written(self._decoded_bucket(sessions, source_ids[places]))
        return cast(list[str | None], texts.tolist())

    def _decoded_one(self, encoder: Encoder, slot: Slots, unit: str) -> str | None:
        ids = self._model.source_vocabulary.ids
        source_ids = np.array([[ids[character] for character in unit]], np.int64)
        target_ids = decode_one(encoder, slot, source_ids, max_length=self._model.manifest.target_limit)
        if not target_ids or min(target_ids) < len(TARGET_SPECIALS):
            return None
        tokens = self._model.target_vocabulary.tokens
        return "".join([tokens[index] for index in target_ids])

    def _decoded_bucket(self, sessions: Sessions, source_ids: NDArray[np.int64]) -> Decoded:
        """Decode ``source_ids``, ``(batch, source_length)``: in slots where there are slots."""
        limit = self._model.manifest.target_limit
        if sessions.open_slots is None:
            return greedy(sessions.encoder, sessions.decoder_step, source_ids, max_length=limit)
        encoder = sessions.encoder if len(source_ids) < _FEW else sessions.encoder_of_many
        return decode_continuously(encoder, sessions.open_slots, source_ids, max_length=limit, slots=self._batch_size)

    def _remembered(self, units: Iterable[str]) -> dict[str, str | None]:
        """Return what is known of ``units``; those that only the older generation has move to the recent one."""
        recent, older = self._recent, self._older
        known = {unit: recent[unit] for unit in units if unit in recent} if recent else {}
        if older:
            again = {unit: older[unit] for unit in units if unit in older and unit not in known}
            self._remember(again)
            known.update(again)
        return known

    def _remember(self, texts: dict[str, str | None]) -> None:
        """Put ``texts``, a generation at most, into the cache."""
        if len(self._recent) + len(texts) > self._generation:
            self._older, self._recent = self._recent, {}
        self._recent.update(texts)
