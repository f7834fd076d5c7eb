"""hayakana (速い仮名, fast kana): names in Latin letters → Katakana, with numpy and onnxruntime alone."""

TYPE_CHECKING = False  # That of ``typing``, which takes longer to load than all of this file.
if TYPE_CHECKING:
    from hayakana.alignment.attention import Alignment
    from hayakana.errors import (
        AlignmentUnavailableError,
        ClosedError,
        DeviceUnavailableError,
        EmptyNameError,
        HayakanaError,
        JobRunningError,
        LexiconError,
        LoadingError,
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
        WorkersUnavailableError,
    )
    from hayakana.names.lexicon import Lexicon
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
    "LoadingError",
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
    "WorkersUnavailableError",
    "__version__",
]

_HOMES = ("alignment.attention", "errors", "names.lexicon", "results", "transliterator")

if not TYPE_CHECKING:  # To them, every name would be one of this module.

    def __getattr__(name: str) -> object:
        """Load the library when the first of its names is asked for, and put all of them here.

        Not earlier: the program must hear of Ctrl-C before numpy loads, and this file runs before all of the package.
        """
        if name.startswith("_"):  # Tools ask every module for such names.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        for home in _HOMES:
            module = import_module(f"{__name__}.{home}")
            names = {public: value for public, value in vars(module).items() if public in __all__}
            for value in names.values():
                value.__module__ = __name__  # Pickles and tracebacks do not know where a name lives.
            globals().update(names)
        try:
            return globals()[name]
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None

    def __dir__() -> list[str]:
        """Return the public names, whether they are loaded or not."""
        return sorted(__all__)
