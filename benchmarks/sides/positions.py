"""How far the sides write that decode with the seed model's weights outside hayakana: all as far as the article's."""

POSITIONS = 20
"""Positions of a padded sequence, bos among them: the article's."""
CHARACTERS = POSITIONS - 1
"""Most characters that any of these sides writes, so that a name that does not end is cut off alike by all."""
