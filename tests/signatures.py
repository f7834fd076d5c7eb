"""Doors that take the options of ``Transliterator`` as keywords: their signatures, and what they make of them.

Python has no way to write a list of keywords once that type checkers, ``inspect.signature``, ``help()`` and tools that
read docs from the source all see. So each door writes the list out, and tests hold the doors to one another.
"""

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any
from unittest.mock import patch

from hayakana import Lexicon, Transliterator
from hayakana.engine.options import Options

NAMES = [option.name for option in fields(Options)]
"""The options, in their order."""

OTHERS: dict[str, Any] = {
    "model": "fast",
    "device": "auto",
    "separator": "/",
    "hyphen": "=",
    "lexicon": Lexicon.of({"2Pac": "ツーパック"}),
    "workers": 2,
    "batch_size": 7,
    "cache_size": 3,
    "least_probability": 0.5,
    "known_names": False,
    "kind": "place",
    "numerals": "figures",
    "digits": "keep",
    "disambiguators": "drop",
    "order": "given_first",
    "style": ("hiragana",),
    "language": "fr",
}
"""Option → a value that is not its default, as ``Options`` stores it."""


class Reached(BaseException):
    """Carries the options that a door has made past whatever catches errors, before anything is opened."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options


def options_made_by(door: Callable[..., object], *arguments: Any, **keywords: Any) -> Options:
    """Call ``door``, and return the options that it makes of what it is given; it opens nothing."""
    original = Options.of

    def of(*given: Any, **options: Any) -> Options:
        raise Reached(original(*given, **options))

    with patch.object(Options, "of", of):
        try:
            door(*arguments, **keywords)
        except Reached as reached:
            return reached.options
    raise AssertionError("the door made no options")


def assert_takes_all_options(
    door: Callable[..., object], *before: Any, beside: tuple[str, ...] = (), documents: bool = False
) -> None:
    """Hold ``door`` to ``Transliterator``: the same options, kinds, types and defaults in one order, and each is used.

    ``before`` is what the door is called with in front of options. ``beside`` are the parameters that are none. With
    ``documents``, the docstring describes every parameter, in any order.
    """
    parameters = inspect.signature(door).parameters
    own = [parameter for name, parameter in parameters.items() if name not in ("self", *beside)]
    assert own == list(inspect.signature(Transliterator).parameters.values())
    if documents:
        described = inspect.getdoc(door).partition("\nArgs:\n")[2].partition("\n\n")[0].splitlines()
        names = [line.partition(":")[0].strip() for line in described if line.startswith("    ") and line[4] != " "]
        assert sorted(names) == sorted(parameters)
    assert options_made_by(door, *before) == Options()
    assert options_made_by(door, *before, **OTHERS) == Options(**OTHERS)
