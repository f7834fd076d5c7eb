"""What a column of codes of languages and countries says of the names beside it."""

from dataclasses import dataclass
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.names.languages import language_of, languages_of
from hayakana.transliterator import Transliterator, team_of


@dataclass(frozen=True, slots=True)
class Hints:
    """The language of each row's hint, a string array without nulls, empty where there is none; and wrong codes.

    ``are_wrong``, boolean, says which rows have a text that is no code at all. It gives no hint.
    """

    languages: pa.StringArray
    are_wrong: pa.BooleanArray

    @classmethod
    def of(cls, codes: pa.StringArray, transliterator: Transliterator) -> Self:
        """Return what ``codes`` are to ``transliterator``.

        A null, and a blank text, leave the row to the option ``language``.
        """
        encoded = codes.dictionary_encode()
        texts = [text if text is None or text.strip() else None for text in encoded.dictionary.to_pylist()]
        are_wrong = [_is_wrong(text) for text in texts]
        said = ["" if is_wrong else text for text, is_wrong in zip(texts, are_wrong, strict=True)]
        known = team_of(transliterator).parser.languages
        # One code more, that of rows without any.
        languages = languages_of([*said, None], otherwise=transliterator.language, known=known)
        indices = pc.fill_null(encoded.indices, len(said))
        return cls(
            pa.array(languages, pa.string()).take(indices), pa.array([*are_wrong, False], pa.bool_()).take(indices)
        )


def _is_wrong(code: str | None) -> bool:
    try:
        language_of(code)
    except ValueError:
        return True
    return False
