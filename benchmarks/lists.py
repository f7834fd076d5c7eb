"""The side that most parts measure: hayakana, given a list of names."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from benchmarks.child import Child


def open_lists(stack: ExitStack, options: Mapping[str, Any], *, core: int | None = None) -> Child:
    """Open ``sides.engine.open_lists`` in a process that ends with ``stack``.

    Args:
        stack: closes the process.
        options: what ``Transliterator`` takes.
        core: as ``Child`` has it.
    """
    return stack.enter_context(Child("benchmarks.sides.engine:open_lists", json.dumps(options), core=core))
