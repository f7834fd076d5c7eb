"""The engine with one thing other than as shipped, made of the library's own functions."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import onnxruntime

from benchmarks.standins import CHANGES
from hayakana.decoding import prefixes
from hayakana.decoding import slots as continuous
from hayakana.engine.units import UnitDecoder
from hayakana.model.folder import Model
from hayakana.sessions.opening import open_sessions

Decode = Callable[[Sequence[str]], list[str | None]]
"""Distinct units → Katakana."""


@dataclass(frozen=True)
class Engine:
    """What is other than as shipped; None leaves it alone, and ``Engine()`` is the engine itself. All of it is JSON.

    Args:
        change: a key of ``standins.CHANGES``.
        graphs: a folder of graphs that take the place of the shipped ones of the same names.
        slots: ``batch_size`` of ``Transliterator``.
        slots_encoded_at_once: how many times the slots are encoded together.
        prefixes_at_once: most prefixes in one call of an encoder step.
        units_at_a_time: units that are sorted and decoded together; None is all of them.
        alphabetical: units are put in this order before the clock starts, which slots do by themselves.
        threads: intra-op threads.
        spins: whether these threads wait at work.
        arena: onnxruntime's memory arena.
        patterns: onnxruntime's memory patterns, a plan of the arena for each shape.
        prepacks: whether weights are laid out for the kernels when a session opens.
        optimization: the ``GraphOptimizationLevel``.
    """

    change: str | None = None
    graphs: str | None = None
    slots: int | None = None
    slots_encoded_at_once: int | None = None
    prefixes_at_once: int | None = None
    units_at_a_time: int | None = None
    alphabetical: bool = False
    threads: int | None = None
    spins: bool | None = None
    arena: bool | None = None
    patterns: bool | None = None
    prepacks: bool | None = None
    optimization: str | None = None


def open_engine(engine: Engine, model: Model) -> Decode:
    """Open the sessions of ``model`` and return what decodes units with them, remembering none."""
    if engine.graphs is not None:
        others = {path.name: path.read_bytes() for path in sorted(Path(engine.graphs).glob("*.onnx"))}
        model = dataclasses.replace(model, graphs={**model.graphs, **others})
    with _options(engine):
        sessions = open_sessions(model, device="cpu")
    if engine.change is not None:
        sessions = CHANGES[engine.change](sessions)

    def decode(units: Sequence[str]) -> list[str | None]:
        decoder = UnitDecoder(model, batch_size=engine.slots, cache_size=0)
        at_a_time = engine.units_at_a_time or len(units)
        with _constants(engine):
            pieces = [
                decoder.texts(sessions, units[start : start + at_a_time]) for start in range(0, len(units), at_a_time)
            ]
        return [text for piece in pieces for text in piece]

    return decode


@contextlib.contextmanager
def _constants(engine: Engine) -> Iterator[None]:
    constants = (
        (continuous, "ENCODED_AT_ONCE", engine.slots_encoded_at_once),
        (prefixes, "ROWS_AT_ONCE", engine.prefixes_at_once),
    )
    with contextlib.ExitStack() as stack:
        for module, name, value in constants:
            if value is not None:
                stack.enter_context(mock.patch.object(module, name, value))
        yield


@contextlib.contextmanager
def _options(engine: Engine) -> Iterator[None]:
    """Have sessions opened with the options of ``engine`` where it has any, else with those that hayakana gives."""
    opened = onnxruntime.InferenceSession

    def open_session(
        graph: bytes, options: onnxruntime.SessionOptions, *, providers: list[str], enable_fallback: int
    ) -> onnxruntime.InferenceSession:
        if engine.threads is not None:
            options.intra_op_num_threads = engine.threads
        if engine.arena is not None:
            options.enable_cpu_mem_arena = engine.arena
        if engine.patterns is not None:
            options.enable_mem_pattern = engine.patterns
        if engine.optimization is not None:
            options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, engine.optimization)
        if engine.spins is not None:
            options.add_session_config_entry("session.intra_op.allow_spinning", str(int(engine.spins)))
        if engine.prepacks is not None:
            options.add_session_config_entry("session.disable_prepacking", str(int(not engine.prepacks)))
        return opened(graph, options, providers=providers, enable_fallback=enable_fallback)

    with mock.patch.object(onnxruntime, "InferenceSession", open_session):
        yield
