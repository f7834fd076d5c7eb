"""Whether a first line that was taken for the names of columns reads as if it were a row."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*[.,]?")
_MOST_WORDS = 5

_WORDS = """
name names first last given family middle full sur surname forename nickname maiden display legal preferred native
customer client contact person people user member author artist player actor employee student patient passenger
owner account company organisation organization title id city town country state address street email mail phone
date birth sex gender age type kind status number no code note notes comment comments description language
nom prénom nombre apellido apellidos vorname nachname nome cognome naam namn imię nazwisko
in of latin roman english original
"""
_WORDS_OF_HEADERS = frozenset(_WORDS.split())


def reads_as_a_name(text: str) -> bool:
    """Whether ``text`` is two to five words, the first and last with a capital, and none of them usual in headers."""
    words = text.split()
    return (
        2 <= len(words) <= _MOST_WORDS
        and all(map(_WORD.fullmatch, words))
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and _WORDS_OF_HEADERS.isdisjoint(word.strip(".,").casefold() for word in words)
    )


def reads_as_a_row(names: Sequence[str], of_names: Sequence[str]) -> bool:
    """Whether the header ``names``, which calls the columns of the names ``of_names``, reads as if it were a row.

    It does where it has a name in place of that of a column; or a word with a capital, beside a number.
    """
    if any(map(reads_as_a_name, of_names)):
        return True
    are_words = all(
        _WORD.fullmatch(name) and name[0].isupper() and name.casefold() not in _WORDS_OF_HEADERS for name in of_names
    )
    return are_words and any(name.strip().replace(".", "", 1).isdecimal() for name in names if name not in of_names)
