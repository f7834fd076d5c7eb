"""Katakana spellings that name the same sounds: which one a reference has is its writer's choice. Pure."""

import re

_SOUNDS = {
    **{"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ"},
    **{"ヴャ": "ビャ", "ヴュ": "ビュ", "ヴョ": "ビョ"},
    **{"ヷ": "バ", "ヸ": "ビ", "ヹ": "ベ", "ヺ": "ボ"},
    "ヴ": "ブ",
}
"""V by B, as most writers of names have it; ヴ alone comes last, after the pairs that begin with it."""
_SOUND = re.compile("|".join(_SOUNDS))
_FINAL_LENGTH = re.compile("ー+(?=[・＝]|$)")
_SEPARATOR = re.compile("[・＝]")


def fold_variants(katakana: str) -> str:
    """Return the spelling that stands for all free variants of ``katakana``.

    Three folds, one after another: ヴ and what follows it become the row of バ (ヴァ → バ, ヴィ → ビ, ヴ → ブ,
    ヴェ → ベ, ヴォ → ボ, ヴュ → ビュ, …); the ー that ends a part is dropped (メアリー → メアリ); ・ and ＝ go.
    Both the prediction and the reference are folded, and compared then. Folding twice is folding once; text of
    nothing else than ー, ・ and ＝ stays, so that only "" folds to "".
    """
    sounded = _SOUND.sub(lambda found: _SOUNDS[found[0]], katakana)
    return _SEPARATOR.sub("", _FINAL_LENGTH.sub("", sounded)) or sounded
