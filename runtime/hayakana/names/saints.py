"""Saint and St by the language of the name that they stand before: rule 19 of docs/names.md. Pure.

French saints are サン, German ones ザンクト, all others セント. A hint tells the language; without a hint what follows
does, and for ``Saint`` the hyphen, which French names have.
"""

from hayakana.names.parts import HYPHEN, CanonicalName

SAINTS = frozenset(["st", "saint"])

_FRENCH_SAINTS = (
    "amand amant amour andré ange arnaud aubin brieuc cast chamond christophe clair claude cloud cyr cyprien denis"
    " didier dizier domingue donat éloi émilion estèphe étienne eustache exupéry firmin floris flour fargeau gaudens"
    " gelais geniès genis george georges germain gervais gilles girons gobain hilaire hippolyte honoré hubert imier"
    " jacques jean jérôme joseph julien just lambert lary laurent léger léonard lô loup luc maixent malo mandé marcel"
    " martin maur maurice maximin médard michel mihiel nazaire nicolas omer ouen patrice paul phalle philippe pierre"
    " pol pons prix quentin raphaël rémy roch saëns saturnin sauveur savin sébastien sernin servan sever simon"
    " sulpice tropez ursanne vaast valéry vallier venant véran victor vincent vivien wandrille yrieix yves"
)
_ENGLISH_TOO = (
    "andré clair claude george hubert joseph julien lambert luc marcel martin michel nicolas paul philippe simon"
    " victor vincent christophe patrice pierre raphaël maurice just jean louis cloud cyr ange hilaire"
)
_FRENCH = frozenset(_FRENCH_SAINTS.split())
_FRENCH_ALONE = _FRENCH - frozenset(_ENGLISH_TOO.split())
"""Behind ``Saint`` and ``St`` without a hyphen."""

_ENGLISH = frozenset(["john", "george", "james", "mary", "andrew", "helen", "helens", "clare", "lucia", "kitts"])

_GERMAN_SAINTS = (
    "gallen gall pauli pölten anton veit florian wendel blasien ingbert goar goarshausen johann margarethen georgen"
    " augustin ulrich leonhard stefan wolfgang gilgen märgen egidien englmar oswald vith lambrecht radegund andrä"
    " ruprecht gallenkirch moritz magdalena kanzian urban jakob"
)
_GERMAN = frozenset(_GERMAN_SAINTS.split())

_OF_LANGUAGES = {
    "fr": {"st": "サン", "saint": "サン"},
    "en": {"st": "セント", "saint": "セント"},
    "de": {"st": "ザンクト"},
    "nl": {"st": "シント"},
    "da": {"st": "サンクト"},
    "no": {"st": "サンクト"},
    "sv": {"st": "サンクト"},
}
"""Language of a hint → what it decides, whatever follows. ``Saint`` is French or English in the names of all others."""


def saint_at(name: CanonicalName, index: int, language: str = "") -> str | None:
    """Return the Katakana of the saint at ``index``; None where nothing follows or it is no saint."""
    part = name.parts[index]
    if part not in SAINTS or index == len(name.parts) - 1:  # A surname, or a word: see ``titles.TITLES``.
        return None
    if (by_hint := _OF_LANGUAGES.get(language, {}).get(part)) is not None:
        return by_hint
    following, has_hyphen = name.parts[index + 1], name.separators[index] == HYPHEN
    if following in _GERMAN and not has_hyphen and part == "st":
        return "ザンクト"
    if has_hyphen and (following not in _ENGLISH if part == "saint" else following in _FRENCH):
        return "サン"
    return "サン" if following in _FRENCH_ALONE else "セント"
