"""A name as text, and the rules that need no model. Pure functions of strings: no file but a lexicon, no model."""
