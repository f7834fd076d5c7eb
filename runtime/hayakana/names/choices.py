"""What users choose of how names are read: options of ``Transliterator`` that the rules know. Pure."""

from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args

Numerals = Literal["words", "figures"]
Digits = Literal["refuse", "keep", "read"]
Disambiguators = Literal["read", "drop"]
Order = Literal["as_written", "given_first"]
Kind = Literal["person", "place", "word"]


@dataclass(frozen=True)
class Choices:
    """How a name is read where more than one way is right."""

    numerals: Numerals = "words"
    """How Roman numerals of rulers and generations are written: ハッセイ, or 8世 right behind the name."""
    digits: Digits = "refuse"
    """Whether a name with digits is unreadable, or they are kept as they are, or read in English: Maroon 5."""
    disambiguators: Disambiguators = "read"
    """Whether what stands in brackets at the end of a name is read or left out: Madonna (entertainer)."""
    order: Order = "as_written"
    """Whether a name stays in its order, or is turned round where a comma says that its family name comes first."""

    kind: Kind = "person"
    """What a name is taken to be where it is known as several: Milan is ミラン as a person and ミラノ as a place."""

    def __post_init__(self) -> None:
        for option in fields(self):
            value, possible = getattr(self, option.name), POSSIBLE[option.name]
            if value not in possible:
                raise ValueError(f"{option.name} must be {' or '.join(possible)}, not {value!r:.60}")

    def keywords(self) -> dict[str, str]:
        """Return the choices by name."""
        return asdict(self)


POSSIBLE: dict[str, tuple[str, ...]] = {choice.name: get_args(choice.type) for choice in fields(Choices)}
"""Option → what it may be."""
