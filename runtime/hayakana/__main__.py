"""``python -m hayakana``."""

from hayakana.cli.start import run

run()
