"""``python -m hayakana``."""

from hayakana.cli import run

run()
