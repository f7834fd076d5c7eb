"""How much a model works, counted at onnxruntime's door: the same on every machine, whatever the engine looks like."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import onnxruntime
import pytest

GRAPHS = {"previous_ids": "decoder step", "hidden_state": "encoder step"}
"""An input that tells a graph → the graph; what has neither is the whole encoder."""


@dataclass
class Work:
    """What one kind of graph did.

    Args:
        rows: the rows of each call.
        characters: rows times the source length of each call, of the whole encoder alone.
        copies: calls from arrays into new ones; all other calls are bound to arrays that stay where they are.
        bindings: how often arrays were bound.
    """

    rows: list[int] = field(default_factory=list)
    characters: int = 0
    copies: int = 0
    bindings: int = 0

    @property
    def calls(self) -> int:
        """How often the graph was called."""
        return len(self.rows)


@contextmanager
def counted() -> Iterator[dict[str, Work]]:
    """Count what the graphs of all sessions do in the block."""
    work = {name: Work() for name in ("encoder", "encoder step", "decoder step")}
    session_class = onnxruntime.InferenceSession
    run, run_bound, bind = session_class.run, session_class.run_with_iobinding, session_class.io_binding

    def of(session: onnxruntime.InferenceSession) -> Work:
        inputs = {tensor.name for tensor in session.get_inputs()}
        return work[next((graph for name, graph in GRAPHS.items() if name in inputs), "encoder")]

    def count_run(session: Any, outputs: Any, inputs: dict[str, Any], *arguments: Any) -> Any:
        rows = len(next(iter(inputs.values())))
        of(session).rows.append(rows)
        of(session).copies += 1
        if set(inputs) == {"source_ids"}:
            of(session).characters += inputs["source_ids"].size
        return run(session, outputs, inputs, *arguments)

    def count_bound(session: Any, binding: Any, *arguments: Any) -> Any:
        result = run_bound(session, binding, *arguments)
        of(session).rows.append(binding.get_outputs()[0].shape()[0])
        return result

    def count_binding(session: Any) -> Any:
        of(session).bindings += 1
        return bind(session)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_class, "run", count_run)
        patch.setattr(session_class, "run_with_iobinding", count_bound)
        patch.setattr(session_class, "io_binding", count_binding)
        yield work
