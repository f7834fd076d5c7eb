"""Whole names of Korean, Chinese and Japanese, read by syllables: the door of this room. Pure.

``read_as`` reads a name in a language that somebody said, or that ``unmistakable`` found. Words are what spaces
separate: a surname and a given name in either order, whose syllables stand together, with hyphens or with spaces.
``signs`` tells readers of many names which names to ask for.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hayakana.names.parts import HYPHEN, JOINED, SPACE, CanonicalName
from hayakana.names.syllabaries import korean, pinyin, romaji
from hayakana.names.syllabaries.korean_surnames import FREQUENT, SURE, SURNAMES, ends_unvoiced
from hayakana.names.syllabaries.signs import anchors

KOREAN, CHINESE, JAPANESE = "ko", "zh", "ja"
LANGUAGES = frozenset([KOREAN, CHINESE, JAPANESE])
"""Languages that are read here, ISO 639-1."""

Word = tuple[int, ...]
"""The places of a word's parts in its name."""


@dataclass(frozen=True, slots=True)
class SyllabicPart:
    """The Katakana of a part. ``is_sure`` says whether it is spelled as names of its language alone are."""

    katakana: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class SyllabicName:
    """A name read by syllables: a part each, None where a part is no syllables; and the separators between them."""

    language: str
    parts: tuple[SyllabicPart | None, ...]
    separators: tuple[str, ...]


def read_as(name: CanonicalName, language: str) -> SyllabicName:
    """Return ``name`` read in ``language``, one of ``LANGUAGES``; a single part may be a surname or a given name."""
    parts: dict[int, SyllabicPart] = {}
    together: list[Word] = []
    if language == JAPANESE:
        for index, part in enumerate(name.parts):
            if (katakana := romaji.read(part)) is not None:
                parts[index] = SyllabicPart(katakana, part in romaji.usual_names())
    else:
        words = _words(name)
        surname = _surname_place(name, words, SURNAMES.__contains__ if language == KOREAN else pinyin.is_surname)
        for given in _given_names(name, words, surname, language):
            found = _korean(name, given, surname) if language == KOREAN else _chinese(name, given)
            parts |= found
            together += [given] if found else []
        if surname is not None:
            part = name.parts[surname]
            katakana = SURNAMES[part] if language == KOREAN else pinyin.written(pinyin.syllables_of(part))
            parts[surname] = SyllabicPart(katakana, is_sure=True)
    separators = list(name.separators)
    for word in together:
        for index in word[1:]:
            separators[index - 1] = JOINED
    return SyllabicName(language, tuple(map(parts.get, range(len(name.parts)))), tuple(separators))


def known_wins(part: SyllabicPart, known: str, language: str) -> bool:
    """Whether ``known`` Katakana of a part is better than what its syllables say.

    It knows which vowels of Japanese are long. What is not sure may be a name of another language: Linda Chen.
    """
    return not part.is_sure or (language == JAPANESE and romaji.differ_in_length_alone(part.katakana, known))


def _words(name: CanonicalName) -> list[Word]:
    words: list[list[int]] = [[]]
    for index, separator in enumerate((HYPHEN, *name.separators)[: len(name.parts)]):
        if separator == SPACE:
            words.append([])
        words[-1].append(index)
    return list(map(tuple, words))


def _surname_place(name: CanonicalName, words: Sequence[Word], is_surname: Callable[[str], bool]) -> int | None:
    """Return the place of the surname, at one of the ends; where both may be it, the more frequent, else the first."""
    places = [word[0] for word in (words[0], words[-1]) if len(word) == 1 and is_surname(name.parts[word[0]])]
    is_turned = len(places) == 2 and [name.parts[place] in FREQUENT for place in places] == [False, True]
    return places[is_turned] if places else None


def _given_names(name: CanonicalName, words: Sequence[Word], surname: int | None, language: str) -> Iterable[Word]:
    """Return the parts of each given name: single syllables side by side are one name."""
    given = [word for word in words if word != (surname,)]
    is_syllable = _is_korean_syllable if language == KOREAN else _is_pinyin_syllable
    if (
        surname is not None
        and 1 < len(given) <= 3
        and all(len(word) == 1 and is_syllable(name.parts[word[0]]) for word in given)
    ):
        return [tuple(place for word in given for place in word)]
    return given


def _is_korean_syllable(part: str) -> bool:
    return korean.syllable(part) is not None


def _is_pinyin_syllable(part: str) -> bool:
    return len(pinyin.syllables_of(part)) == 1


def _korean_syllables(part: str) -> tuple[str, ...]:
    return (part,) if _is_korean_syllable(part) else korean.syllables_of(part)


def _korean(name: CanonicalName, given: Word, surname: int | None) -> dict[int, SyllabicPart]:
    """Return the parts of a given name in Korean; empty where it is none."""
    syllables = [_korean_syllables(name.parts[index]) for index in given]
    if not all(syllables) or sum(map(len, syllables)) > 4:
        return {}
    spoken = korean.spoken([letters for part in syllables for letters in part])
    behind_voiced = surname is not None and not ends_unvoiced(name.parts[surname])
    texts = iter(korean.written(spoken, behind_voiced=behind_voiced))
    is_sure = len(given) > 1 or any(map(korean.is_telling, syllables[0]))
    return {
        index: SyllabicPart("".join(next(texts) for _ in of_part), is_sure)
        for index, of_part in zip(given, syllables, strict=True)
    }


def _chinese(name: CanonicalName, given: Word) -> dict[int, SyllabicPart]:
    """Return the parts of a word in Pinyin; empty where it is none."""
    syllables = [pinyin.syllables_of(name.parts[index]) for index in given]
    if not all(syllables) or sum(map(len, syllables)) > 4:
        return {}
    is_sure = pinyin.are_telling([syllable for part in syllables for syllable in part])
    return {
        index: SyllabicPart(pinyin.written(of_part), is_sure) for index, of_part in zip(given, syllables, strict=True)
    }


def unmistakable(name: CanonicalName) -> str | None:
    """Return the language of a name of two or three words that is Korean, Chinese or Japanese beyond doubt.

    Both a surname and the syllables of a given name say so. All else is None, such as any single word.
    """
    if not 1 < len(name.parts) <= 4 or SPACE not in name.separators or anchors().isdisjoint(name.parts):
        return None
    words = _words(name)
    if len(words) > 3:
        return None
    if _is_korean(name, words):
        return KOREAN
    if _is_chinese(name, words):
        return CHINESE
    return JAPANESE if _is_japanese(name, words) else None


def _is_korean(name: CanonicalName, words: Sequence[Word]) -> bool:
    """Whether a Korean surname stands beside two usual syllables, and the surname or a syllable is unmistakable.

    Where syllables stand together, or the name has three words, the surname and a syllable must both be so.
    """
    surname = _surname_place(name, words, SURNAMES.__contains__)
    if surname is None:
        return False
    given = [name.parts[place] for word in words for place in word if place != surname]
    is_sure = name.parts[surname] in SURE
    if len(given) == 1:
        syllables = korean.syllables_of(given[0])
        return is_sure and len(syllables) == 2 and any(map(korean.is_telling, syllables))
    if len(given) != 2 or not all(map(korean.is_usual, given)):
        return False
    tells = any(map(korean.is_telling, given))
    return (is_sure and tells) if len(words) == 3 else (is_sure or tells)


def _is_chinese(name: CanonicalName, words: Sequence[Word]) -> bool:
    """Whether a Chinese surname stands beside one or two syllables that tell, or two that speak beside a sure one."""
    surname = _surname_place(name, words, pinyin.is_surname)
    if surname is None:
        return False
    parts = [pinyin.syllables_of(name.parts[place]) for word in words for place in word if place != surname]
    syllables = [syllable for part in parts for syllable in part]
    if not all(parts) or len(syllables) > 2:
        return False
    if pinyin.plain(name.parts[surname]) in pinyin.SURE:
        return pinyin.are_speaking(syllables)
    return len(syllables) == 2 and pinyin.are_telling(syllables)


def _is_japanese(name: CanonicalName, words: Sequence[Word]) -> bool:
    """Whether a usual Japanese name stands beside a word that is composed as Japanese names are."""
    telling = romaji.telling_names()
    return (
        [len(word) for word in words] == [1, 1]
        and any(part in telling for part in name.parts)
        and all(map(romaji.is_plausible, name.parts))
    )
