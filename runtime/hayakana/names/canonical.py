"""A name's parts in canonical source characters: what readers and lexicons compare."""

from dataclasses import dataclass

from hayakana.names.normalization import normalize
from hayakana.names.parts import HYPHEN, SPACE, join, split

_SILENT = "' "
"""What a part can hold without having anything to read: apostrophes, and the space that NFKC makes of a bare ¨."""


@dataclass(frozen=True, slots=True)
class CanonicalName:
    """The parts of a name that have something to read, as they came and normalised, and the separators between them."""

    written: tuple[str, ...]
    parts: tuple[str, ...]
    separators: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name as one text; empty if there is nothing to read in it."""
        return join(self.parts, self.separators, space=SPACE, hyphen=HYPHEN)


def canonical_name(name: str) -> CanonicalName:
    """Return the canonical parts of ``name``; apostrophes and invisible characters alone are no part."""
    split_name = split(name)
    written: list[str] = []
    parts: list[str] = []
    separators: list[str] = []
    for separator, text in zip(("", *split_name.separators), split_name.parts, strict=False):
        part = normalize(text)
        if not has_something_to_read(part):
            continue
        if parts:
            separators.append(separator)
        written.append(text)
        parts.append(part)
    return CanonicalName(tuple(written), tuple(parts), tuple(separators))


def has_something_to_read(canonical: str) -> bool:
    """Whether a part, normalised, is more than apostrophes and spaces."""
    return bool(canonical.strip(_SILENT))
