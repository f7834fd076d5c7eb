"""What takes the place of one piece of the engine in an ablation: ``Sessions`` in, ``Sessions`` out."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hayakana.decoding.greedy import DecoderStep, Encoder
from hayakana.decoding.slots import EncoderOfMany, OpenSlots, RowsOfEncoderOutput, Slots
from hayakana.decoding.states import DecoderState, EncoderOutput, RowIndex, StepOutput
from hayakana.model.vocabulary import BOS_ID
from hayakana.sessions.opening import Sessions


class SlotsOfCopies:
    """Slots without bindings: each step takes numpy arrays and gives new ones; a ``continuous.Slots``."""

    def __init__(self, step: DecoderStep, count: int, source_length: int, *, with_logits: bool = False) -> None:
        assert not with_logits
        self._step, self._count, self._source_length = step, count, source_length
        self._previous_ids = np.full(count, BOS_ID, np.int64)
        self._encoder_output: EncoderOutput | None = None

    def write(self, slots: RowIndex, encoder_output: EncoderOutput, state: DecoderState) -> None:
        """Put new rows at the places ``slots``; the first ones say how wide the arrays are."""
        if self._encoder_output is None:
            self._encoder_output = EncoderOutput(*(self._empty(array) for array in _arrays(encoder_output)))
            self._state = DecoderState(*(self._empty(array) for array in _arrays(state)))
        self._previous_ids[slots] = BOS_ID
        for target, source in ((self._encoder_output, encoder_output), (self._state, state)):
            for array, rows in zip(_arrays(target), _arrays(source), strict=True):
                if array is not None:
                    array[slots] = rows

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Drop all slots but these."""
        assert self._encoder_output
        self._previous_ids, self._state = self._previous_ids[slots], self._state.take(slots)
        self._encoder_output = self._encoder_output.take(slots)

    def step(self) -> NDArray[np.int64]:
        """Run one step."""
        assert self._encoder_output
        output = self._step(self._previous_ids, self._state, self._encoder_output)
        self._previous_ids, self._state = output.next_ids, output.state
        return self._previous_ids

    def _empty(self, array: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        return None if array is None else np.zeros((self._count, *array.shape[1:]), np.float32)


class SlotsNeverDropped:
    """Slots that all take part in every step until the last row has ended; a ``continuous.Slots``.

    Rows are only dropped when none is waiting, so that nothing is written after it.
    """

    def __init__(self, slots: Slots, count: int) -> None:
        self._slots, self._kept = slots, np.arange(count)

    def write(self, slots: RowIndex, encoder_output: EncoderOutput, state: DecoderState) -> None:
        """Put new rows at the places ``slots``."""
        self._slots.write(slots, encoder_output, state)

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Remember which slots are still asked for."""
        self._kept = self._kept[slots]

    def step(self) -> NDArray[np.int64]:
        """Run one step on all of them; return the ids of those that are kept."""
        return self._slots.step()[self._kept]


@dataclass(frozen=True)
class RowsWithSource:
    """Encoder output together with the source ids that it is of."""

    encoded: RowsOfEncoderOutput
    source_ids: NDArray[np.int64]

    def take(self, rows: slice) -> "RowsWithSource":
        """Return the given rows."""
        return RowsWithSource(self.encoded.take(rows), self.source_ids[rows])


class SlotsEncodedAgain:
    """Slots whose source is encoded anew before every step, all of them; a ``continuous.Slots``.

    The result is what the slots hold already, so it is not copied into them: the least that it can cost.
    """

    def __init__(self, slots: Slots, encoder: EncoderOfMany, count: int, source_length: int) -> None:
        self._slots, self._encoder = slots, encoder
        self._source_ids = np.zeros((count, source_length), np.int64)

    def write(self, slots: RowIndex, rows: RowsWithSource, state: DecoderState) -> None:
        """Put new rows at the places ``slots``."""
        self._slots.write(slots, rows.encoded, state)
        self._source_ids[slots] = rows.source_ids

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Drop all slots but these."""
        self._slots.keep(slots)
        self._source_ids = self._source_ids[slots]

    def step(self) -> NDArray[np.int64]:
        """Encode, and run one step."""
        encoded, _ = self._encoder(self._source_ids)
        encoded.take(slice(None))
        return self._slots.step()


class StepOfWholeBatches:
    """A decoder step from whose batch no row is dropped."""

    compacts = False

    def __init__(self, step: DecoderStep) -> None:
        self._step = step

    def __call__(
        self,
        previous_ids: NDArray[np.int64],
        state: DecoderState,
        encoder_output: EncoderOutput,
        *,
        fetch: tuple[str, ...] = (),
    ) -> StepOutput:
        """Run one step."""
        return self._step(previous_ids, state, encoder_output, fetch=fetch)


def _whole_encoder(sessions: Sessions) -> Sessions:
    return dataclasses.replace(sessions, encoder_of_many=sessions.encoder)


def _encoded_again(sessions: Sessions) -> Sessions:
    return _encoded_before_every_step(sessions, sessions.encoder_of_many)


def _encoded_again_whole(sessions: Sessions) -> Sessions:
    return _encoded_before_every_step(sessions, sessions.encoder)


def _encoded_before_every_step(sessions: Sessions, encoder: EncoderOfMany) -> Sessions:
    def open_slots(count: int, source_length: int, *, with_logits: bool = False) -> Slots:
        assert not with_logits
        return SlotsEncodedAgain(_opener(sessions)(count, source_length), encoder, count, source_length)

    def with_source(encoder: EncoderOfMany, source_ids: NDArray[np.int64]) -> tuple[RowsWithSource, DecoderState]:
        encoded, state = encoder(source_ids)
        return RowsWithSource(encoded, source_ids), state

    return dataclasses.replace(
        sessions,
        encoder=functools.partial(with_source, sessions.encoder),
        encoder_of_many=functools.partial(with_source, sessions.encoder_of_many),
        open_slots=open_slots,
        slot_of_one=None,
    )


def _slots_of_copies(sessions: Sessions) -> Sessions:
    opener = functools.partial(SlotsOfCopies, sessions.decoder_step)
    return dataclasses.replace(sessions, open_slots=opener, slot_of_one=None)


def _slots_never_dropped(sessions: Sessions) -> Sessions:
    def open_slots(count: int, source_length: int, *, with_logits: bool = False) -> Slots:
        assert not with_logits
        return SlotsNeverDropped(_opener(sessions)(count, source_length), count)

    return dataclasses.replace(sessions, open_slots=open_slots, slot_of_one=None)


def _greedy(sessions: Sessions) -> Sessions:
    """Batches that end together, over shared prefixes as before."""
    return dataclasses.replace(sessions, encoder=_assembled(sessions), open_slots=None, slot_of_one=None)


def _greedy_of_whole_batches(sessions: Sessions) -> Sessions:
    return dataclasses.replace(_greedy(sessions), decoder_step=StepOfWholeBatches(sessions.decoder_step))


def _assembled(sessions: Sessions) -> Encoder:
    def encoder(source_ids: NDArray[np.int64]) -> tuple[EncoderOutput, DecoderState]:
        encoded, state = sessions.encoder_of_many(source_ids)
        return encoded.take(slice(None)), state

    return encoder


def _opener(sessions: Sessions) -> OpenSlots:
    assert sessions.open_slots
    return sessions.open_slots


def _arrays(values: EncoderOutput | DecoderState) -> list[NDArray[np.float32] | None]:
    return [getattr(values, field.name) for field in dataclasses.fields(values)]


CHANGES: Mapping[str, Callable[[Sessions], Sessions]] = {
    "whole encoder": _whole_encoder,
    "encoded again": _encoded_again,
    "encoded again, whole encoder": _encoded_again_whole,
    "slots of copies": _slots_of_copies,
    "slots never dropped": _slots_never_dropped,
    "greedy": _greedy,
    "greedy of whole batches": _greedy_of_whole_batches,
}
