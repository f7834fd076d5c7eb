"""Words that stand before and behind a name, and are no part of it. Tables, with the canonical form of each word."""

_SUFFIXES = (
    "jr jnr jun junior sr snr sen senior esq esqr esquire phd dphil md dds dmd dvm jd llb llm ba bsc ma msc mba mph"
    " mp mep qc kc obe mbe cbe kbe dbe rn cpa usn usmc raf ret retd rev bart bt dsc dso vc sj osb op ofm"
)
SUFFIXES = frozenset(_SUFFIXES.split())
"""They stand behind a name, after a comma or none, so that a numeral before them ends a name too."""
