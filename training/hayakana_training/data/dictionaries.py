"""The Electronic Dictionary Research Group's dictionaries, enamdict and edict, in their own format → pairs.

A line is ``HEADWORD [reading] /(tags) gloss/gloss/…/``, in EUC-JP
(https://www.edrdg.org/jmdict/edict_doc.html, https://www.edrdg.org/enamdict/enamdict_doc.html). What is kept:

- headwords in Katakana, with those glosses that are a spelling of the Katakana: names, and in edict loanwords of
  English; entries of several words are cut into parts where every part aligns;
- in enamdict, readings of Japanese surnames and given names, spelled by rule in the ways that names are romanised
  (``romaji``); romanised readings of anything else (places, stations, companies, persons) are dropped.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hayakana.names.normalization import normalize
from hayakana.names.parts import split
from hayakana.names.syllabaries.romaji import katakana
from hayakana_training.data import romaji
from hayakana_training.data.likeness import align_parts, likeness
from hayakana_training.data.pairs import DICTIONARY_COUNT, KATAKANA_PART, Pair

LEAST_LIKENESS_OF_NAMES, LEAST_LIKENESS_OF_WORDS = 0.62, 0.78
"""Below it, a gloss is no spelling of its Katakana. Nearly every name in Katakana has its spelling as gloss; a word has
its meaning there as often, which then must not pass by chance."""

KANA_A_LETTER = (0.34, 1.5)
"""Fewest and most Kana that a spelling has for each of its letters."""

MOST_PARTS = 4
MOST_JAPANESE_NAMES = 12_000
"""Readings of Japanese names that are kept, those written with the most Kanji spellings first."""

_TITLE = "　？？？ /E".encode("euc_jp")
ENTRY = re.compile(r"(?P<headword>\S+)(?: \[(?P<reading>[^\]]+)\])? /(?P<glosses>.+)/")
KATAKANA_HEADWORD = re.compile("[\u30a1-\u30faー・＝]+")
HIRAGANA = re.compile("[\u3041-\u3096ー]+")
_TAGS = re.compile(r"\(([a-z,]+)\)")
_PARENTHESES = re.compile(r"\([^)]*\)|\{[^}]*\}")
_FOREIGN = re.compile(r"\((?:wasei|[a-z]{3}):")
JAPANESE_NAME_TAGS = frozenset("sgfm")


@dataclass
class DictionaryPairs:
    """What a dictionary gave: ``pairs``, and how many entries gave pairs or, by reason and with examples, gave none."""

    pairs: list[Pair] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)

    def drop(self, reason: str, line: str) -> None:
        """Count an entry that gave nothing."""
        self.dropped[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if len(examples) < 20 and self.dropped[reason] % 97 == 1:
            examples.append(line)


def is_dictionary(path: Path) -> bool:
    """Whether ``path`` is enamdict or edict: their first line says so."""
    with path.open("rb") as file:
        return file.readline().startswith(_TITLE)


def is_dictionary_of_words(path: Path) -> bool:
    """Whether ``path`` is edict, which has words: their Katakana is how words are spelled, not names."""
    with path.open("rb") as file:
        title = file.readline()
    return title.startswith(_TITLE) and b"ENAMDICT" not in title


def read_dictionary(path: Path) -> DictionaryPairs:
    """Read enamdict or edict; every entry gives pairs or is counted with the reason why not."""
    with path.open(encoding="euc_jp", errors="replace", newline="\n") as file:
        title, *lines = file
    is_names = "ENAMDICT" in title
    least = LEAST_LIKENESS_OF_NAMES if is_names else LEAST_LIKENESS_OF_WORDS
    found = DictionaryPairs()
    japanese: Counter[str] = Counter()
    distinct: dict[tuple[str, str], None] = {}
    for line in lines:
        entry = ENTRY.fullmatch(line.rstrip())
        if entry is None:
            found.drop("not an entry", line.rstrip())
        elif KATAKANA_HEADWORD.fullmatch(entry["headword"]):
            _read_katakana(entry, distinct, found, is_names=is_names, least=least)
        elif is_names:
            _read_japanese_name(entry, japanese, found)
        else:
            found.drop("not a headword in Katakana", entry[0])
    found.pairs += [Pair(name, katakana, DICTIONARY_COUNT) for name, katakana in distinct]
    if is_names:
        _romanise(japanese, found)
    return found


def _read_katakana(
    entry: re.Match[str],
    distinct: dict[tuple[str, str], None],
    found: DictionaryPairs,
    *,
    is_names: bool,
    least: float,
) -> None:
    headword = entry["headword"]
    if not is_names and "(uk)" in entry["glosses"]:
        found.drop("a native word that is usually written in Kana", entry[0])
        return
    spellings = list(glosses(entry["glosses"], is_names=is_names))
    if not spellings:
        reason = "a number" if is_names else "a loanword of another language than English, or coined in Japan"
        found.drop(reason, entry[0])
        return
    pairs = [pair for gloss in spellings for pair in parts_of_gloss(gloss, headword, least=least)]
    if not pairs:
        found.drop("no gloss is a spelling of the Katakana", entry[0])
        return
    distinct |= dict.fromkeys(pairs)
    found.kept["names in Katakana" if is_names else "loanwords of English"] += 1


def glosses(text: str, *, is_names: bool) -> Iterator[str]:
    """Yield the words that may be a spelling. If a gloss names its language, the word is not English."""
    for gloss in text.split("/"):
        if not is_names and _FOREIGN.search(gloss):
            continue
        words = _PARENTHESES.sub(" ", gloss).strip()
        if words and words.isprintable() and not any(character.isdigit() for character in words):
            yield words


def parts_of_gloss(gloss: str, headword: str, *, least: float) -> list[tuple[str, str]]:
    """Return a pair for each part of ``gloss`` if all parts sound like their pieces of ``headword``, else nothing."""
    names = split(gloss)
    if not 0 < len(names) <= MOST_PARTS:
        return []
    references = re.split("[・＝]", headword)
    if len(references) != len(names):
        references = align_parts(names, re.sub("[・＝]", "", headword), least=least) or []
    if not references or not all(KATAKANA_PART.fullmatch(reference) for reference in references):
        return []
    pairs = [(normalize(name), reference) for name, reference in zip(names, references, strict=True)]
    fewest, most = KANA_A_LETTER
    if all(
        fewest * len(name) <= len(kana) <= most * len(name) + 1 and likeness(name, kana) >= least
        for name, kana in pairs
    ):
        return pairs
    return []


def _read_japanese_name(entry: re.Match[str], japanese: Counter[str], found: DictionaryPairs) -> None:
    reading = entry["reading"] or entry["headword"]
    if not JAPANESE_NAME_TAGS & set(tags(entry["glosses"])):
        found.drop("a romanised reading of what is no name", entry[0])
    elif not HIRAGANA.fullmatch(reading):
        found.drop("a reading that is not Hiragana", entry[0])
    else:
        japanese[katakana(reading)] += 1


def _romanise(japanese: Counter[str], found: DictionaryPairs) -> None:
    """Add the romanised spellings of the most frequent readings; count the entries that gave spellings or none."""
    readings = dict(japanese.most_common(MOST_JAPANESE_NAMES))
    romanised = romaji.pairs(readings)
    used = sum(readings[reading] for reading in {pair.katakana for pair in romanised})
    found.pairs += romanised
    found.kept["readings of Japanese names"] = used
    found.dropped["a Japanese name of one Kana, or spelled like a more frequent one"] = sum(readings.values()) - used
    found.dropped["a Japanese name, rarer than those kept"] = sum(japanese.values()) - sum(readings.values())


def tags(text: str) -> list[str]:
    """Return the tags of an entry, such as ``s`` of a surname: enamdict_doc.html has them."""
    return [tag for found in _TAGS.findall(text) for tag in found.split(",")]
