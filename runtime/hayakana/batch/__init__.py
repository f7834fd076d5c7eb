"""Tables and files of names. Needs the ``batch`` extra.

``reader → record batches → Katakana and status → writer``; one way, a window of rows at a time.
"""

from hayakana.errors import import_failure

try:
    from hayakana.batch.arrow.added_columns import (
        BROKEN,
        CANDIDATES,
        KATAKANA,
        PROBABILITY,
        STATUS,
        UNDECODABLE,
        add_katakana,
    )
    from hayakana.batch.arrow.answers import CANDIDATES_TYPE, MISSING
    from hayakana.batch.arrow.columns import Columns
    from hayakana.batch.arrow.transliterator import ArrowTransliterator
    from hayakana.batch.formats.options import ReadOptions, WriteOptions
    from hayakana.batch.formats.registry import FileFormat, format_of
    from hayakana.batch.jobs.inputs import Input, inputs_of, output_format_of
    from hayakana.batch.jobs.report import Example, Report
    from hayakana.batch.jobs.to_file import transliterate_to_file, transliterate_to_stream
    from hayakana.batch.jobs.to_folder import transliterate_to_folder
except ImportError as error:
    raise import_failure(error, "reading and writing tables", extra="batch", packages=("pyarrow", "tqdm")) from error

__all__ = [
    "BROKEN",
    "CANDIDATES",
    "CANDIDATES_TYPE",
    "KATAKANA",
    "MISSING",
    "PROBABILITY",
    "STATUS",
    "UNDECODABLE",
    "ArrowTransliterator",
    "Columns",
    "Example",
    "FileFormat",
    "Input",
    "ReadOptions",
    "Report",
    "WriteOptions",
    "add_katakana",
    "format_of",
    "inputs_of",
    "output_format_of",
    "transliterate_to_file",
    "transliterate_to_folder",
    "transliterate_to_stream",
]

for _name in __all__:
    if isinstance(_public := globals()[_name], type):
        _public.__module__ = __name__  # Pickles and tracebacks do not know where a class lives.
