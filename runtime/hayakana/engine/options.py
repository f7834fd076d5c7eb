"""What a ``Transliterator`` is made of: checked once, frozen, and the whole of what is pickled."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from hayakana.model.folder import bundled_models, find_model
from hayakana.names.choices import Choices, Digits, Disambiguators, Kind, Numerals, Order
from hayakana.names.languages import language_of
from hayakana.names.lexicon import Lexicon
from hayakana.names.style import NO_SEPARATORS, Style, checked_styles
from hayakana.sessions.opening import Device

MOST_WORKERS = 1_024
"""Processes that one ``Transliterator`` starts, at most. More are a slip of the finger, which takes a machine down."""

_LARGEST_BATCH = 1 << 20
"""Units that are decoded at once, at most: their states take a few KB each."""

_LARGEST_CACHE = 1 << 32
"""Units that are remembered, at most."""


@dataclass(frozen=True)
class Options:
    """The options of ``Transliterator``, which describes them.

    ``Options.of`` checks all of them but the device, which is checked where sessions are opened.
    ``model`` is the name of a bundled model, whose path is another path elsewhere, or the absolute path of a folder.
    ``lexicon`` is the content of a file rather than its path, so that it travels to workers and other machines.
    ``language`` is ISO 639-1, and empty where a code hints at none.
    """

    model: str = "default"
    device: Device = "cpu"
    separator: str = "・"
    hyphen: str = "＝"
    lexicon: Lexicon = field(default_factory=Lexicon)
    workers: int = 1
    batch_size: int | None = None
    cache_size: int = 65_536
    least_probability: float = 0.0
    known_names: bool = True
    kind: Kind = Choices.kind
    numerals: Numerals = Choices.numerals
    digits: Digits = Choices.digits
    disambiguators: Disambiguators = Choices.disambiguators
    order: Order = Choices.order
    style: tuple[str, ...] = ()
    language: str = ""

    @property
    def choices(self) -> Choices:
        """Those that are choices of how names are read."""
        return Choices(**{choice.name: getattr(self, choice.name) for choice in fields(Choices)})

    @staticmethod
    def of(
        model: str | Path,
        *,
        device: Device,
        separator: str,
        hyphen: str,
        lexicon: Lexicon | str | Path | None,
        workers: int,
        batch_size: int | None,
        cache_size: int,
        least_probability: float,
        known_names: bool,
        kind: Kind,
        numerals: Numerals,
        digits: Digits,
        disambiguators: Disambiguators,
        order: Order,
        style: str | Iterable[str],
        language: str,
    ) -> "Options":
        """Return options that were checked, with the lexicon read and the model found.

        Raises:
            ModelNotFoundError: the model is missing.
            LexiconError: the lexicon's file is not as it should be.
            TypeError: ``model``, ``separator``, ``hyphen``, ``lexicon``, ``style`` or ``language`` is of another type.
            ValueError: a number is out of its range, a choice or a style does not exist, styles do not go together, or
                ``language`` is no code.
        """
        Choices(numerals=numerals, digits=digits, disambiguators=disambiguators, order=order, kind=kind)  # checks them
        if not isinstance(model, str | Path) or not isinstance(separator, str) or not isinstance(hyphen, str):
            raise TypeError("model must be a name or a path, separator and hyphen must be strings")
        if not isinstance(lexicon, Lexicon | str | Path | None):
            raise TypeError(f"lexicon must be a Lexicon or a path, not {type(lexicon).__name__}: see Lexicon.of")
        workers = checked_count(workers, "workers", least=1, most=MOST_WORKERS)
        cache_size = checked_count(cache_size, "cache_size", least=0, most=_LARGEST_CACHE)
        if batch_size is not None:
            batch_size = checked_count(batch_size, "batch_size", least=1, most=_LARGEST_BATCH)
        styles = checked_styles(style)
        _check_between(styles, separator, hyphen)
        return Options(
            str(model) if model in bundled_models() else str(find_model(model)),
            device=device,
            # Exact strings, since no worker knows a class of the caller's.
            separator=str.__str__(separator),
            hyphen=str.__str__(hyphen),
            lexicon=Lexicon.read(lexicon) if isinstance(lexicon, str | Path) else lexicon or Lexicon(),
            workers=workers,
            batch_size=batch_size,
            cache_size=cache_size,
            least_probability=checked_probability(least_probability),
            known_names=bool(known_names),
            kind=kind,
            numerals=numerals,
            digits=digits,
            disambiguators=disambiguators,
            order=order,
            style=styles,
            language=language_of(language) or "",
        )

    @property
    def between(self) -> tuple[str, str]:
        """What stands in style between parts that a space separates, and between parts that a hyphen joins."""
        style = Style(self.style)
        return style(self.separator), style(self.hyphen)

    def keywords(self) -> dict[str, Any]:
        """Return the options by name, as ``Transliterator`` takes them; pickles hold these, and so know no room."""
        return {option.name: getattr(self, option.name) for option in fields(self)}


_BETWEEN = Options.separator, Options.hyphen


def _check_between(styles: tuple[str, ...], separator: str, hyphen: str) -> None:
    """Check that what stands between parts is not given where ``styles`` leave it out.

    Raises:
        ValueError: it is.
    """
    if NO_SEPARATORS in styles and (separator or hyphen) and (separator, hyphen) != _BETWEEN:
        raise ValueError(f"style {NO_SEPARATORS} leaves out what stands between parts: give no separator, no hyphen")


def checked_count(number: int, option: str, *, least: int, most: int) -> int:
    """Return ``number``.

    Raises:
        ValueError: it is no number from ``least`` to ``most``.
    """
    if not isinstance(number, int) or not least <= number <= most:
        raise ValueError(f"{option} must be a number of at least {least} and at most {most:,}, not {_shown(number)}")
    return int(number)


def checked_probability(probability: float) -> float:
    """Return ``least_probability``.

    Raises:
        ValueError: it is no number from 0 to 1.
    """
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise ValueError(f"least_probability must be a number from 0 to 1, not {_shown(probability)}")
    return float(probability)


def _shown(option: object) -> str:
    """Return the value of an option for a message; Python refuses to write numbers of thousands of digits."""
    return "a number of many digits" if isinstance(option, int) and option.bit_length() > 256 else repr(option)[:60]
