"""Particles and small words, by the language of the name: rule 14 of docs/names.md. Pure.

``WORDS`` are read alike in every name; ``WORDS_OF_LANGUAGES`` are read alike in all names that a hint says are of that
language. ``particle_at`` reads what goes by its place or by the other parts of its name: without a hint, ``de`` is ド
in French names alone, and ``van`` ヴァン in German and English ones. Where other parts leave a doubt, the model reads
the form that most people bear.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from hayakana.names.damage import mended
from hayakana.names.normalization import fold_character
from hayakana.names.parts import CanonicalName, canonical_name
from hayakana.syntax import table

WORDS = {"of": "オブ", "and": "アンド", "the": "ザ"}
"""English words, which are read alike in every name."""

_WORDS_OF_LANGUAGES = {
    "fr": "de:ド du:デュ des:デ la:ラ le:ル les:レ",
    "es": "de:デ del:デル la:ラ las:ラス los:ロス el:エル",
    "pt": "de:デ da:ダ do:ド das:ダス dos:ドス",
    "it": "de:デ di:ディ da:ダ del:デル dal:ダル la:ラ lo:ロ li:リ",
    "ca": "de:デ del:デル la:ラ",
    "nl": "de:デ van:ファン der:デル den:デン ter:テル ten:テン het:ヘット",
    "af": "de:デ van:ファン der:デル den:デン",
    "de": "von:フォン vom:フォム van:ヴァン der:デア den:デン dem:デム zu:ツー",
    "en": "de:デ van:ヴァン der:ダー",
    "da": "de:デ von:フォン",
    "no": "de:デ von:フォン",
    "sv": "de:デ von:フォン",
}
WORDS_OF_LANGUAGES: Mapping[str, Mapping[str, str]] = {
    language: table(words) for language, words in _WORDS_OF_LANGUAGES.items()
}
"""Language of a hint (ISO 639-1) → its particles and articles, which go by the unit alone."""

_SMALL_WORDS = table(
    "at:アット by:バイ for:フォー in:イン my:マイ on:オン or:オア to:トゥ with:ウィズ et:エ sur:シュル sous:スー les:レ"
    " della:デッラ delle:デッレ dello:デッロ degli:デッリ dei:デイ nel:ネル und:ウント"
)
"""Words in small letters between other parts of a name that has capitals. With a capital, many are names."""

DE, VAN, DER = "de", "van", "der"

BY_SIGNS = frozenset([DE, VAN])
BY_PLACE = frozenset(_SMALL_WORDS)
"""Canonical words that ``particle_at`` may read: by the other parts, and in small letters by their place.

``der`` is read so behind ``van`` alone.
"""
PARTICLES = BY_SIGNS | BY_PLACE | {DER}
"""All that ``particle_at`` may read."""

_FRENCH_NAMES = (
    "adèle aimé alain alphonse amélie anatole antoinette apolline aristide armand arnaud arsène aude augustin aurélie"
    " aurore baptiste bastien béatrice benoît benoit bertrand blaise brice cécile célestin céline charlemagne"
    " chevalier christelle claudette clémence comte comtesse corentin cyprien duc duchesse édith édouard élise élodie"
    " émile émilie emmanuelle étienne eugène eugénie fabien fabrice faustine flavie francine françois françoise"
    " frédéric gaspard gaston geneviève geoffroy georges gérard germaine ghislaine gilles gisèle grégoire guillaume"
    " gustave hélène henriette hervé hippolyte honoré hortense hugues huguette jérôme jocelyn joséphine laetitia léon"
    " léonie loïc ludovic madame mademoiselle manon marquis marquise mathieu mathilde mireille monsieur noémie odile"
    " pascal patrice paulette quentin rémi rémy renaud rené renée sébastien solange stéphane sylvain théodore"
    " théophile thérèse thibault thierry toussaint valéry vicomte vicomtesse virginie xavière yves antoine didier"
    " christophe laurent"
)
_FRENCH = frozenset(_FRENCH_NAMES.split())
"""Given names and titles of nobility that are French, and hardly Dutch, English or Portuguese too."""

_FRENCH_FAMILIES = (
    "anjou artagnan aulnoy balzac bellay berry bourbon bourgogne bretagne brissac broglie calonne champaigne chardin"
    " chartres chavannes condé coubertin coulanges courcy créqui créquy dreux estaing fontenelle funès gaulle gouges"
    " gourmont gouvion grasse grouchy guise lamartine lenclos lesseps lorraine lully lyon machaut maintenon maistre"
    " marivaux maupassant médicis mérode molay montaigne montespan montherlant montmorency musset nemours nerval"
    " nesle noailles orléans pizan poitiers pompadour polignac régnier retz rohan ronsard rostand sade saumaise"
    " sévigné soissons staël sully tocqueville toulouse turenne valois vaucanson vendôme versailles vigny villepin"
    " villon vivonne gennes fontaine bruyère rochefoucauld fayette salle"
)
_FAMILIES = frozenset(_FRENCH_FAMILIES.split())
_FRENCH_ENDING = re.compile(
    r".{2,}(?:eaux?|ault|aulle|oux|[iy]?eux|ieu|ville|court|i[eè]res?|gn[ay]c|gny|[lrz]ac|euil|champs?|bourg|ssant|quet)"
    r"|beau.{3,}|saint.{3,}"
)
"""How French names end, and hardly any Spanish, Portuguese, Italian or Dutch ones behind ``de``."""

_OF_ANOTHER_LANGUAGE = frozenset(["los", "las", "el", "den", "der", "van", "y", "dos", "da", "do", "e", "di", "della"])

_GERMAN = frozenset(["ludwig", "wolfgang", "heinrich", "friedrich", "johann", "beethoven"])
_ENGLISH_NAMES = (
    "alan alexander alice amy andrew angela anthony armand arthur barbara barry becky ben benjamin betty bill billy"
    " bob bobby brad brandon brian brittany bruce carl carol carrie charles charlie chris christina christopher cindy"
    " connie dale dan daniel dave david deborah dennis diana dick donald donna dorothy doug douglas earl ed eddie"
    " edward elizabeth emily eric frank fred gary gene george gerald gloria greg gus guy harold harry heather helen"
    " henry howard jack jackie jake jamal james jane janet jason jeff jeffrey jennifer jerry jesse jessica jim jimmy"
    " joan joe john johnny jonathan joseph joshua judy julie justin karen kate katherine keith kelly ken kenneth"
    " kevin kim kyle larry laura lauren lee leslie linda lisa luther margaret mark martha martin mary matt matthew"
    " melissa michael michelle mike mitch nancy nathan nick nicole norm norman pat patricia patrick paul peggy peter"
    " phil philip phyllis rachel ralph randy ray rebecca richard rick rob robert roger ron ronald ronnie rosemary roy"
    " russell ruth ryan sam samuel sandra sarah scott sean sharon shirley stephanie stephen steve steven stuart sue"
    " susan ted teresa terry theodore thomas tim timothy todd tom tommy tony townes travis trevor tyler vernon"
    " victoria vince virginia walter wayne wendy william willie zach jean-claude claude"
)
_ENGLISH = frozenset(_ENGLISH_NAMES.split())


def _is_french(name: CanonicalName, index: int) -> bool:
    """Whether the parts beside a ``de`` at ``index`` say for certain that a name is French."""
    others = name.parts[:index] + name.parts[index + 1 :]
    if not _OF_ANOTHER_LANGUAGE.isdisjoint(others):
        return False
    following = next((part for part in name.parts[index + 1 :] if part not in ("la", "le", "l")), "")
    behind_de = following in _FAMILIES or _FRENCH_ENDING.fullmatch(following) is not None
    return behind_de or not _FRENCH.isdisjoint(others)


def _plain(word: str) -> str:
    return word if word.isascii() else "".join(map(fold_character, word))


_FRENCH_SIGNS = frozenset(map(_plain, _FRENCH | _FAMILIES))
_SIGNS_OF_VAN = _ENGLISH | _GERMAN


@lru_cache(maxsize=65_536)
def signs(part: str) -> frozenset[str]:
    """Return the particles that a canonical part, with its marks or folded, may have a say in."""
    plain = _plain(part)
    is_french = plain in _FRENCH_SIGNS or _FRENCH_ENDING.fullmatch(plain) or _FRENCH_ENDING.fullmatch(part)
    return frozenset([DE] if is_french else []) | frozenset([VAN] if part in _SIGNS_OF_VAN else [])


@lru_cache(maxsize=65_536)
def signs_of_word(word: str) -> frozenset[str]:
    """Return the particles that any part of a word as it came may have a say in."""
    return frozenset().union(*map(signs, canonical_name(mended(word)).parts))


def may_be_read(parts: Collection[str]) -> bool:
    """Whether ``particle_at`` may read ``de`` or ``van`` among the parts of a name; where not, the model does."""
    return any(particle in parts and any(particle in signs(part) for part in parts) for particle in BY_SIGNS)


def particle_at(name: CanonicalName, index: int, language: str = "") -> str | None:
    """Return the Katakana of the part at ``index`` as a particle or small word; None where that is not certain.

    What a hint of ``language`` decides is left to ``WORDS_OF_LANGUAGES``, which go by the unit.
    """
    part, written, last = name.parts[index], name.written[index], len(name.parts) - 1
    if part not in PARTICLES or part in WORDS_OF_LANGUAGES.get(language, ()):
        return None
    if part in _SMALL_WORDS:
        stands_out = written.islower() and any(map(str.isupper, "".join(name.written)))
        return _SMALL_WORDS[part] if 0 < index < last and stands_out else None
    if index == last:
        return None
    if part == DE:
        return "ド" if _is_french(name, index) else None
    if part == VAN and index > 0:
        return "ヴァン" if _is_english_van(name, index) or name.parts[index - 1] in _GERMAN else None
    return "ダー" if index > 1 and name.parts[index - 1] == VAN and _is_english_van(name, index - 1) else None


def _is_english_van(name: CanonicalName, index: int) -> bool:
    """Whether the ``Van`` at ``index`` is of people whose language is English: Eddie Van Halen, James Van Der Beek."""
    return name.written[index].istitle() and not _ENGLISH.isdisjoint(name.parts[:index])
