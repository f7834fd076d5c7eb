"""What can go wrong in training and export; every message says what to do."""

from hayakana.errors import HayakanaError


class TrainingError(HayakanaError, ValueError):
    """Training cannot start or go on as asked."""


class ExportError(HayakanaError, RuntimeError):
    """A model is not what it should be, so nothing was exported."""
