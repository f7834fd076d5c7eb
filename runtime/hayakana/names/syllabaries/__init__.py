"""Languages whose names are romanised syllable by syllable, read by tables: rule 23 of docs/names.md.

``korean``, ``pinyin`` and ``romaji`` each know one language; ``whole_names`` is the door. Pure: no file, no model. It
does not know the lexicon, the table of known names, or what other rules read.
"""
