"""Japanese surnames and given names, composed by rule of what they are usually composed of; nobody's data.

For models that may be trained on nothing but public-domain pairs: it tells them how romaji is read. Models trained on
enamdict get real readings from there, through the same rules (``romaji``).
"""

import configparser
import itertools
from pathlib import Path

from hayakana_training.data import romaji
from hayakana_training.data.pair import Pair

ELEMENTS = Path(__file__).with_suffix(".txt")


def japanese_name_pairs() -> list[Pair]:
    """Return some 11,000 romanised spellings; of names spelled alike, the usual one wins over a composed one."""
    parser = configparser.ConfigParser(allow_no_value=True, delimiters=("=",))
    parser.optionxform = str
    parser.read(ELEMENTS, encoding="utf-8")
    elements = {section: " ".join(parser[section]).split() for section in parser.sections()}
    composed = map(
        "".join,
        itertools.chain(
            itertools.product(elements["surname beginnings"], elements["surname endings"]),
            itertools.product(elements["given beginnings"], elements["given endings"]),
        ),
    )
    usual = elements["surnames"] + elements["given names"]
    return romaji.pairs(dict.fromkeys(composed, 1) | dict.fromkeys(usual, 2))
