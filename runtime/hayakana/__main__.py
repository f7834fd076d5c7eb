"""``python -m hayakana``."""

from hayakana.start import run

run()
