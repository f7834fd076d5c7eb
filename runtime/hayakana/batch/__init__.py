"""Tables and files of names. Needs the ``batch`` extra.

``reader → record batches → Katakana and status → writer``; one way, a window of rows at a time.
"""

from hayakana.errors import MissingExtraError

try:
    from hayakana.batch.answers import MISSING
    from hayakana.batch.arrow import ArrowTransliterator
    from hayakana.batch.columns import KATAKANA, STATUS, add_katakana
    from hayakana.batch.files import Report, transliterate_file
except ImportError as error:
    raise MissingExtraError("reading and writing tables", extra="batch") from error

__all__ = ["KATAKANA", "MISSING", "STATUS", "ArrowTransliterator", "Report", "add_katakana", "transliterate_file"]
