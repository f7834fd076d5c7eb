"""The languages that names are told apart by: where examples of each come from, and which tags stand for it.

A language here is a group, named by its first tag (ISO 639-1), whose names are written in Katakana by like rules.
"""

import random

from hayakana.names.languages import language_tag

LOCALES: dict[str, tuple[str, ...]] = {
    "az": ("az_AZ",),
    "cs": ("cs_CZ", "sk_SK"),
    "da": ("da_DK",),
    "de": ("de_DE", "de_AT"),
    "el": ("el_GR",),
    "en": ("en_US", "en_GB", "en_IE", "en_NZ"),
    "es": ("es_ES", "es_MX", "es_CO", "es_CL", "es_AR"),
    "et": ("et_EE", "lv_LV", "lt_LT"),
    "fi": ("fi_FI",),
    "fr": ("fr_FR", "fr_BE", "fr_QC"),
    "hi": ("en_IN",),
    "hr": ("hr_HR", "sl_SI"),
    "hu": ("hu_HU",),
    "id": ("id_ID",),
    "it": ("it_IT",),
    "ja": ("ja_JP",),
    "nl": ("nl_NL", "nl_BE"),
    "no": ("no_NO",),
    "pl": ("pl_PL",),
    "pt": ("pt_BR", "pt_PT"),
    "ro": ("ro_RO",),
    "ru": ("ru_RU", "uk_UA", "bg_BG"),
    "sv": ("sv_SE",),
    "tr": ("tr_TR",),
    "vi": ("vi_VN",),
}
"""Language → the locales of Faker whose names of people are examples of it."""

_COUNTRIES = {
    "az": "AZ",
    "cs": "CZ SK",
    "da": "DK",
    "de": "DE AT",
    "el": "GR",
    "en": "US GB IE AU",
    "es": "ES MX AR CO CL",
    "et": "EE LV LT",
    "fi": "FI",
    "fr": "FR",
    "hi": "IN",
    "hr": "HR SI RS BA",
    "hu": "HU",
    "id": "ID",
    "it": "IT",
    "ja": "JP",
    "nl": "NL",
    "no": "NO",
    "pl": "PL",
    "pt": "PT BR",
    "ro": "RO",
    "ru": "RU UA BG BY",
    "sv": "SE",
    "tr": "TR",
    "vi": "VN",
}
_BOTH = {country: language for language, countries in _COUNTRIES.items() for country in countries.split()}
COUNTRIES_OF_EXAMPLES = _BOTH | {"CN": "zh", "KR": "ko"}
"""Country (ISO 3166-1) → the language that its cities are examples of. Chinese and Korean are among them so that such
names are not taken for something else."""
COUNTRIES_OF_PLACES = _BOTH | {"UY": "es"}
"""Country → the language by which its places are tagged."""

SHARED: dict[str, tuple[str, ...]] = {"ru": ("ru", "ru", "uk", "bg"), "hr": ("hr", "sr")}
"""Language → the tags that share its names, each as often as it stands here: spelling does not tell them apart."""

READ_BY_RULE = ("ko", "zh")
"""Languages whose spelling is a syllabary, which tables read."""

WITHOUT_TAG: dict[str, str] = {
    "az": "too few names",
    "et": "three languages that are not alike",
    **dict.fromkeys(READ_BY_RULE, "read by rule"),
}
"""Languages that are told apart so that their names do not count for another one, and get no tag; and why."""

LEAST_PAIRS = 240
"""The floor of evidence: a language with fewer pairs gets no tag, since a model makes things up from some hundred."""


class LanguageTags:
    """The tags of languages; where some share names, chance decides, by ``seed``."""

    def __init__(self, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (nothing is secret here)

    def next(self, language: str) -> str:
        """Return a tag for the next name of ``language``."""
        return language_tag(self._random.choice(SHARED.get(language, (language,))))
