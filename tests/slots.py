"""What tests see of the engine at work."""

import pytest

from hayakana.sessions import opening as sessions


def opened_slots(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of slots of each time that slots are opened from now on."""
    opened: list[int] = []
    bound = sessions.BoundSlots

    def opening(session: object, count: int, source_length: int, *, with_logits: bool = False) -> sessions.BoundSlots:
        opened.append(count)
        return bound(session, count, source_length, with_logits=with_logits)

    monkeypatch.setattr(sessions, "BoundSlots", opening)
    return opened
