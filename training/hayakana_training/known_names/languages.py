"""What people of one language write for a known name, where that is not what most people write. Pure.

Charles is チャールズ, and シャルル in France. People or dictionaries have the readings, and ``hayakana-train tag`` says
which language each is of. The table has them under the tag of the language, where a hint of it looks first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hayakana.names.known_tables import KnownName
from hayakana.names.languages import KIND_TAGS, tags_before, untagged
from hayakana_training.data.likeness import likeness
from hayakana_training.data.pairs import Pair
from hayakana_training.known_names.choosing import LEAST_LIKENESS, loose
from hayakana_training.known_names.witnesses import Source, Witness

PERCENT = 70
"""How often such a reading is right, in hundredths: 16 of 23 in ENAMDICT's names of whole persons."""


def of_languages(
    parts: Mapping[str, KnownName], pairs: Iterable[Pair], witnesses: Iterable[Witness]
) -> dict[str, KnownName]:
    """Return tag and name → Katakana for names that people of a language write otherwise than ``parts``.

    ``pairs`` have the tag of a language in front of their names; those with a tag of a kind have no say. A reading
    that differs in long vowels, doubled consonants, or ヴ and バ alone is no other reading. Of several, that of most
    bearers and entries wins.
    """
    readings: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        tags = tags_before(pair.name)
        if len(tags) == 1 and tags not in KIND_TAGS.values():
            readings[pair.name].add(pair.katakana)
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for witness in witnesses:
        if len(witness.katakana) == 1:
            weights[witness.name, witness.katakana[0]] += witness.weight if witness.source is Source.BEARERS else 1
    found: dict[str, KnownName] = {}
    for tagged, texts in readings.items():
        name = untagged(tagged)
        if name not in parts or any(loose(text) == loose(parts[name].katakana) for text in texts):
            continue
        likely = [text for text in texts if likeness(name, text) >= LEAST_LIKENESS]
        if likely:
            best = max(likely, key=lambda text: (weights[name, text], text))
            found[tagged] = KnownName(best, PERCENT)
    return found
