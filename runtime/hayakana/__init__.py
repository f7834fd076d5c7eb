"""hayakana (速い仮名, fast kana): names in Latin letters → Katakana, with numpy and onnxruntime alone."""

from hayakana.attention import Alignment
from hayakana.errors import (
    AlignmentUnavailableError,
    ClosedError,
    DeviceUnavailableError,
    EmptyNameError,
    HayakanaError,
    JobRunningError,
    LexiconError,
    MissingExtraError,
    MissingRuntimeError,
    ModelError,
    ModelFilesError,
    ModelNotFoundError,
    NameTooLongError,
    OutputExistsError,
    PictureError,
    TableError,
    UnfinishedNameError,
    UnreadableNameError,
    UntransliterableNameError,
    WorkerDiedError,
)
from hayakana.lexicon import Lexicon
from hayakana.results import Candidate, Status, Transliteration
from hayakana.transliterator import Transliterator

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "AlignmentUnavailableError",
    "Candidate",
    "ClosedError",
    "DeviceUnavailableError",
    "EmptyNameError",
    "HayakanaError",
    "JobRunningError",
    "Lexicon",
    "LexiconError",
    "MissingExtraError",
    "MissingRuntimeError",
    "ModelError",
    "ModelFilesError",
    "ModelNotFoundError",
    "NameTooLongError",
    "OutputExistsError",
    "PictureError",
    "Status",
    "TableError",
    "Transliteration",
    "Transliterator",
    "UnfinishedNameError",
    "UnreadableNameError",
    "UntransliterableNameError",
    "WorkerDiedError",
    "__version__",
]
