"""Where cases begin: the models that they are checked with, and the folders that they damage."""

import functools
from pathlib import Path

from hayakana import Transliterator
from hayakana.model.folder import bundled_models

TINY = Path(__file__).parent.parent / "tiny_model"
"""A real model of a few KB."""


def model_folder(name: str) -> Path:
    """Return the folder of a model: ``tiny``, or a bundled one."""
    return TINY if name == "tiny" else bundled_models()[name]


@functools.cache
def transliterator(
    name: str = "tiny",
    batch_size: int | None = None,
    cache_size: int = 65_536,
    least_probability: float = 0,
    style: tuple[str, ...] = (),
) -> Transliterator:
    """Return one that stays open to the end of the process."""
    opened = Transliterator(
        model_folder(name),
        batch_size=batch_size,
        cache_size=cache_size,
        least_probability=least_probability,
        style=style,
    )
    # The first name of two parts has tables of surnames built, whose normalisation is not that of a name in a case.
    opened("Park Geun-hye", on_error="keep")
    return opened
