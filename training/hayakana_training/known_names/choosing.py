"""Which Katakana of a name goes into the table: the rules that say which witnesses are believed. Pure.

The order among sources is stated here, and only here. Bearers come first: they are people who are written so. One
bearer alone may be a slip (federer → ヴァヴリネック) and needs a second witness. Then come dictionaries of names, large
places, and words. Of several Katakana in one source, that of most sources wins, then the model's best.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hayakana.names.choices import Kind
from hayakana.names.known_tables import CERTAIN, KnownName
from hayakana.names.parts import HYPHEN, SPACE
from hayakana.names.spelling import KATAKANA_OF_UNITS
from hayakana_training.data.likeness import align_parts, consonants_of, likeness
from hayakana_training.known_names.witnesses import COMMON, Source, Witness

Ranked = Mapping[str, Sequence[str]]
"""Name → what the model writes for it, the most probable first."""

SEVERAL_BEARERS, MANY_BEARERS = 2, 10
"""So many bearers need no second witness; so many need not even sound like the name."""
LEAST_LIKENESS, LEAST_LIKENESS_OF_ONE = 0.5, 0.6
"""How well the consonants of bearers' Katakana match the name: of several, and of one bearer."""
AGREEING_BEARERS = 6
"""So many people who are written alike agree: probability 1."""
JAPANESE_SPELLINGS, FEW_BEARERS, LONG = 8, 3, 4
"""Romaji of a reading that Kanji spell in so many ways win over fewer bearers, if they are so long: Kato カトウ."""
KNOWN_PLACE = 100_000
"""Inhabitants. Of a smaller place nobody thinks first, where a name may be a person's."""

_AGREEMENT = {"bearers 1": 60, "bearers 2": 73, "dictionary": 61, "place": 69, "word": 76}
"""Hundredths: how often a Katakana that one source alone has is what another human source says of such a name.

Bearers, one and two to five: as ENAMDICT says. Dictionaries: as the bearers of 2,882 development names in wd_katakana
say. Places are GeoNames', words UniDic's: as other references of held-out names say.
"""


@dataclass
class Chosen:
    """Name → Katakana, for the tables of ``write_known_names``; and what was dropped, with the reason."""

    parts: dict[str, KnownName] = field(default_factory=dict)
    whole_names: dict[str, KnownName] = field(default_factory=dict)
    places: dict[str, KnownName] = field(default_factory=dict)
    words: dict[str, KnownName] = field(default_factory=dict)
    languages: dict[str, KnownName] = field(default_factory=dict)
    """Tag of a language and name → what people of that language write otherwise than ``parts``."""
    dropped: list[tuple[Witness, str]] = field(default_factory=list)
    sources: Counter[Source] = field(default_factory=Counter)
    """How many entries come from each source."""


def choose(witnesses: Iterable[Witness], rank: Callable[[Sequence[str]], Ranked]) -> Chosen:
    """Return the known names that ``witnesses`` speak for. ``rank`` says what the model writes for names."""
    parts: dict[str, list[Witness]] = defaultdict(list)
    whole_names: dict[str, list[Witness]] = defaultdict(list)
    chosen = Chosen()
    for witness in witnesses:
        if SPACE in witness.name or HYPHEN in witness.name:
            whole_names[witness.name].append(witness)
        elif len(witness.name) > 1 and witness.name not in KATAKANA_OF_UNITS:
            parts[witness.name].append(witness)
        else:
            chosen.dropped.append((witness, "read by rule"))
    ranked = rank([name for name, of_name in parts.items() if _needs_the_model(of_name)])
    for name, of_name in parts.items():
        _choose_part(chosen, name, of_name, ranked.get(name, ()))
    for name, of_name in whole_names.items():
        _choose_whole(chosen, name, of_name)
    return chosen


def _needs_the_model(of_name: Sequence[Witness]) -> bool:
    """Whether the model has a say: there is one bearer, or there are several Katakana."""
    return len({witness.katakana for witness in of_name}) > 1 or all(
        witness.source is Source.BEARERS and witness.weight < SEVERAL_BEARERS for witness in of_name
    )


def _choose_part(chosen: Chosen, name: str, of_name: Sequence[Witness], ranked: Sequence[str]) -> None:
    believed = [witness for witness in of_name if _is_believed(witness, of_name, ranked)]
    chosen.dropped += [(witness, "no second witness") for witness in of_name if witness not in believed]
    best: dict[Kind, Witness] = {}
    for kind, order in _ORDERS.items():
        of_kind = [witness for witness in believed if order(witness) is not None]
        if of_kind:
            best[kind] = min(of_kind, key=lambda witness: (order(witness), *_doubt(witness, of_name, ranked)))
    if (person := best.get("person")) is None:
        chosen.dropped += [(witness, "a small place") for witness in believed]
    else:
        chosen.parts[name] = KnownName(person.katakana[0], _percent(person, of_name))
        chosen.sources[person.source] += 1
    for kind, table in (("place", chosen.places), ("word", chosen.words)):
        if (witness := best.get(kind)) is not None and (person is None or witness.katakana != person.katakana):
            table[name] = KnownName(witness.katakana[0], _percent(witness, of_name))
            chosen.sources[witness.source] += 1
    written = {witness.katakana for witness in best.values()}
    chosen.dropped += [
        (witness, "another Katakana is better") for witness in believed if witness.katakana not in written
    ]


def _is_believed(witness: Witness, of_name: Sequence[Witness], ranked: Sequence[str]) -> bool:
    if witness.source is not Source.BEARERS:
        return True
    sounds = likeness(witness.name, witness.katakana[0])
    if witness.weight >= SEVERAL_BEARERS:
        return sounds >= LEAST_LIKENESS or witness.weight >= MANY_BEARERS
    others = {loose(other.katakana[0]) for other in of_name if other.source is not Source.BEARERS}
    return sounds >= LEAST_LIKENESS_OF_ONE and (loose(witness.katakana[0]) in others or witness.katakana[0] in ranked)


def _as_person(witness: Witness) -> int | None:
    """Return the place of ``witness`` in the order of people, places, words; None where nobody thinks of it first."""
    match witness.source, witness.kind:
        case Source.BEARERS, _:
            return 2 if witness.weight < FEW_BEARERS else 0
        case Source.ENAMDICT, "person" if witness.is_japanese:
            is_common = witness.weight >= JAPANESE_SPELLINGS and len(witness.name) >= LONG
            return 1 if is_common else 10
        case Source.ENAMDICT, "person":
            return 5 if witness.is_unclassified else 3
        case Source.CLDR, _:
            return 4
        case Source.EDICT, "place":
            return 4 if witness.weight >= COMMON else 6
        case Source.GEONAMES, _:
            return 6 if witness.weight >= KNOWN_PLACE else None
        case Source.ENAMDICT, "place":
            return 7
        case Source.EDICT, _:
            return 8
    return 9


def _as_place(witness: Witness) -> int | None:
    """Return the place of ``witness`` among witnesses of places; None where it is no place."""
    if witness.kind != "place":
        return None
    if witness.source is Source.GEONAMES and witness.weight < KNOWN_PLACE:
        return 5
    return [Source.EDICT, Source.CLDR, Source.GEONAMES, Source.ENAMDICT, Source.UNIDIC].index(witness.source)


def _as_word(witness: Witness) -> int | None:
    """Return the place of ``witness`` among witnesses of words; None where it is no word."""
    if witness.kind != "word":
        return None
    return [Source.EDICT, Source.UNIDIC, Source.ENAMDICT].index(witness.source)


_ORDERS: dict[Kind, Callable[[Witness], int | None]] = {"person": _as_person, "place": _as_place, "word": _as_word}


def _doubt(witness: Witness, of_name: Sequence[Witness], ranked: Sequence[str]) -> tuple[float, ...]:
    """Return what is to be minimised among witnesses of one order."""
    (katakana,) = witness.katakana
    same = {other.source for other in of_name if other.katakana == witness.katakana}
    alike = {other.source for other in of_name if loose(other.katakana[0]) == loose(katakana)}
    rank = ranked.index(katakana) if katakana in ranked else len(ranked)
    return -len(same), -len(alike), -witness.weight, rank


def _percent(witness: Witness, of_name: Sequence[Witness]) -> int:
    """Return the probability of what ``witness`` says, in hundredths: 1 only where bearers or sources agree."""
    agree = {other.source for other in of_name if other.katakana == witness.katakana}
    bearers = sum(
        other.weight for other in of_name if other.source is Source.BEARERS and other.katakana == witness.katakana
    )
    if len(agree) > 1 or bearers >= AGREEING_BEARERS:
        return CERTAIN
    if bearers:
        return _AGREEMENT["bearers 1" if bearers < SEVERAL_BEARERS else "bearers 2"]
    return _AGREEMENT["dictionary" if witness.kind == "person" else witness.kind]


def _choose_whole(chosen: Chosen, name: str, of_name: Sequence[Witness]) -> None:
    """Choose the Katakana of a name of several parts; none where its parts give the same."""
    parts = re.split(f"[{SPACE}{HYPHEN}]", name)
    of_parts = tuple(chosen.parts[part].katakana if part in chosen.parts else "" for part in parts)

    def doubt(witness: Witness) -> tuple[float, ...]:
        agreeing = sum(map(str.__eq__, witness.katakana, of_parts)) if len(witness.katakana) > 1 else 0
        return _WHOLE_ORDER.index(witness.kind), not witness.is_separated, -agreeing, -witness.weight

    best = min(of_name, key=doubt)
    chosen.dropped += [(witness, "another Katakana is better") for witness in of_name if witness is not best]
    katakana = best.katakana
    if best.kind == "person" and len(katakana) > 1 and not best.is_separated:
        katakana = _cut_at_known("".join(katakana), parts, of_parts) or katakana
        # What says no more than another spelling of the same part is spelled as its bearers are.
        katakana = tuple(
            known_text if len(part) >= LONG and known_text and _sounds_alike(known_text, text) else text
            for part, known_text, text in zip(parts, of_parts, katakana, strict=True)
        )
    if katakana == of_parts:
        chosen.dropped.append((best, "its parts give the same"))
        return
    agree = {witness.source for witness in of_name if witness.katakana == best.katakana}
    percent = CERTAIN if len(agree) > 1 else _AGREEMENT["dictionary"]
    separators = [separator for separator in name if separator in (SPACE, HYPHEN)]
    text = katakana[0] + "".join(
        ("＝" if separator == HYPHEN else "・") + part
        for separator, part in zip(separators, katakana[1:], strict=False)
    )
    chosen.whole_names[name] = KnownName(text, percent)
    chosen.sources[best.source] += 1


def _cut_at_known(katakana: str, parts: Sequence[str], of_parts: Sequence[str]) -> tuple[str, ...] | None:
    """Cut ``katakana`` where its first or last part, as it is known, ends or begins; None where neither is there."""
    first, last = of_parts[0], of_parts[-1]
    if first and katakana.startswith(first):
        rest = align_parts(parts[1:], katakana.removeprefix(first), least=LEAST_LIKENESS_OF_ONE)
        return (first, *rest) if rest else None
    if last and katakana.endswith(last):
        rest = align_parts(parts[:-1], katakana.removesuffix(last), least=LEAST_LIKENESS_OF_ONE)
        return (*rest, last) if rest else None
    return None


_WHOLE_ORDER: tuple[Kind, ...] = ("person", "place", "word")


def _sounds_alike(first: str, second: str) -> bool:
    """Whether two Katakana have the same consonants, so that they are one name spelled in two ways: レイ and レー."""
    return [c for c in consonants_of(first) if c not in "wy"] == [c for c in consonants_of(second) if c not in "wy"]


_LOOSE = str.maketrans("ァィゥェォャュョヮヂヅ", "アイウエオヤユヨワジズ")


def loose(katakana: str) -> str:
    """Return ``katakana`` without what is free: long vowels, doubled consonants, ヴ or バ, small Kana."""
    plain = re.sub("[ーッ]", "", katakana.translate(_LOOSE))
    for v, b in (("ヴア", "バ"), ("ヴイ", "ビ"), ("ヴエ", "ベ"), ("ヴオ", "ボ"), ("ヴ", "ブ")):
        plain = plain.replace(v, b)
    return plain
