"""Names in, a column of Katakana out, in this process or in worker processes. It knows no file of names."""
