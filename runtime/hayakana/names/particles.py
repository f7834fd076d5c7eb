"""Particles and small words, by the language of the name: rule 14 of docs/names.md. Pure.

``WORDS`` are read alike in every name. ``particle_at`` reads what goes by its place or by the other parts of its name:
``de`` is ド in French names alone, and ``van`` ヴァン in German and English ones. What the other parts do not tell for
certain is left to the model, which reads the form that most people bear.
"""

import re

from hayakana.names.parts import CanonicalName

WORDS = {"of": "オブ", "and": "アンド", "the": "ザ"}
"""English words, which are read alike in every name."""

_SMALL_WORDS = {
    "at": "アット",
    "by": "バイ",
    "for": "フォー",
    "in": "イン",
    "my": "マイ",
    "on": "オン",
    "or": "オア",
    "to": "トゥ",
    "with": "ウィズ",
    "et": "エ",
    "sur": "シュル",
    "sous": "スー",
    "les": "レ",
    "della": "デッラ",
    "delle": "デッレ",
    "dello": "デッロ",
    "degli": "デッリ",
    "dei": "デイ",
    "nel": "ネル",
    "und": "ウント",
}
"""Words in small letters between other parts of a name that has capitals. With a capital, many are names."""

DE, VAN, DER = "de", "van", "der"

GO_BY_OTHERS = frozenset([DE, VAN])
GO_BY_PLACE = frozenset(_SMALL_WORDS)
"""Canonical words that ``particle_at`` may read: by the other parts, and in small letters by their place.

``der`` is read so behind ``van`` alone.
"""
PARTICLES = GO_BY_OTHERS | GO_BY_PLACE | {DER}
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
    r".{2,}(?:eaux?|ault|aulle|oux|[iy]?eux|ieu|ville|court|ières?|gn[ay]c|gny|[lrz]ac|euil|champs?|bourg|ssant|quet)"
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


def particle_at(name: CanonicalName, index: int) -> str | None:
    """Return the Katakana of the part at ``index`` as a particle or small word; None where that is not certain."""
    part, written, last = name.parts[index], name.written[index], len(name.parts) - 1
    if part not in PARTICLES:
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
