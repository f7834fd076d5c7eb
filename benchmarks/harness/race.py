"""Processes that race on names: rates of rounds in turns, and their strings compared."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks.harness.child import Child
from benchmarks.harness.rounds import Side, differences, interleave


def open_lists(stack: ExitStack, *, core: int | None = None, **options: Any) -> Child:
    """Open hayakana, given lists of names, in a process that ends with ``stack``; ``options`` of ``Transliterator``."""
    return stack.enter_context(Child("benchmarks.sides.engine:open_lists", options, core=core))


@dataclass(frozen=True)
class Contender:
    """A process and what it is asked: it answers with the ``seconds`` and the ``texts`` of ``request["names"]``."""

    child: Child
    request: dict[str, Any]

    @property
    def names(self) -> Sequence[str]:
        """What is to be written in Katakana."""
        return self.request["names"]

    @property
    def side(self) -> Side:
        """The side that a round runs."""
        return Side(len(self.names), lambda: self.child(self.request)["seconds"])

    def but(self, **changes: Any) -> "Contender":
        """Return the same process with another request."""
        return Contender(self.child, {**self.request, **changes})


@dataclass(frozen=True)
class Race:
    """Names a second of every contender, one a round; and the texts, from a run outside the clock."""

    contenders: Mapping[str, Contender]
    rates: dict[str, list[float]]
    texts: dict[str, list[str | None]]

    def differing_strings(self, reference: str) -> dict[str, Any]:
        """Return how the strings of each contender differ from those of ``reference``, which has as many or more."""
        return {
            name: differences(contender.names, expected=self.texts[reference], found=self.texts[name])
            for name, contender in self.contenders.items()
            if name != reference
        }


def race(contenders: Mapping[str, Contender], *, rounds: int) -> Race:
    """Ask every contender once outside the clock, which warms it up, and then once a round."""
    texts = {name: contender.child(contender.request)["texts"] for name, contender in contenders.items()}
    rates = interleave({name: contender.side for name, contender in contenders.items()}, rounds=rounds)
    return Race(contenders, rates, texts)


def differing_strings(races: Mapping[str, Race], reference: str) -> dict[str, Any]:
    """Return how strings differ from those of ``reference`` in the race of each model, by model and contender."""
    return {
        f"{model}, {name}": found
        for model, race in races.items()
        for name, found in race.differing_strings(reference).items()
    }
