"""Arrow arrays of names in, Katakana and status out. It knows no file."""
