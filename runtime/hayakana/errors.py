"""Every error that hayakana raises on purpose.

Each is a ``HayakanaError``, and each that is raised is also the builtin that a caller would expect::

    HayakanaError (Exception)
    ├── UntransliterableNameError (ValueError)  one name cannot be transliterated
    │   ├── EmptyNameError                 no letter in it
    │   ├── UnreadableNameError            characters that the model does not know
    │   ├── NameTooLongError               a part is longer than the model's limit
    │   └── UnfinishedNameError            decoding stopped before end of sequence
    ├── ModelError
    │   ├── ModelNotFoundError (FileNotFoundError)   no such model
    │   └── ModelFilesError (ValueError)   files do not match their manifest
    ├── DeviceUnavailableError (RuntimeError)        the device is not available
    ├── ClosedError (RuntimeError)         used after ``close()``
    ├── WorkersUnavailableError (RuntimeError)       worker processes cannot be started here
    ├── WorkerDiedError (RuntimeError)     a worker process ended, or was stopped, before its work was done
    ├── MissingRuntimeError (ImportError)  onnxruntime is not installed
    ├── MissingExtraError (ImportError)    an optional dependency is not installed
    ├── LoadingError (ImportError)         a package is installed and cannot be loaded
    ├── AlignmentUnavailableError (ValueError)       the model has no attention
    ├── PictureError (ValueError)          an alignment cannot be drawn as asked
    ├── TableError (ValueError)            a file of names cannot be read or written as asked
    ├── OutputExistsError (FileExistsError)          there is an output of that name, or another job's
    ├── JobRunningError (RuntimeError)     another process works on the same folder
    └── LexiconError (ValueError)          an entry of a lexicon, or its file, is not as it should be
"""

import functools
from collections.abc import Callable, Collection, Sequence
from importlib.util import find_spec


class HayakanaError(Exception):
    """Base of all errors below.

    ``quoted`` are the places of the message that quote the input: names, other values, names of columns.
    """

    quoted: tuple[str, ...] = ()

    def __init__(self, message: str = "", *, quoted: Sequence[str] = ()) -> None:
        super().__init__(message)
        if quoted:
            self.quoted = tuple(quoted)

    @property
    def without_names(self) -> str:
        """The message with … in place of whatever it quotes of the input, as for a log that must not have names."""
        return functools.reduce(
            lambda message, place: message.replace(place, "…"), filter(None, self.quoted), str(self)
        )


class UntransliterableNameError(HayakanaError, ValueError):
    """One name cannot be transliterated; ``name`` is the name as it came."""

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message)
        self.name = name

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self)), self.__dict__


class EmptyNameError(UntransliterableNameError):
    """The name is empty or holds nothing but spaces and punctuation."""


class UnreadableNameError(UntransliterableNameError):
    """The name holds characters that the model does not know; ``characters`` are they, in order, once each."""

    def __init__(self, message: str, *, name: str, characters: str) -> None:
        super().__init__(message, name=name)
        self.characters = characters


class NameTooLongError(UntransliterableNameError):
    """A unit of the name is longer than ``limit``, the most characters the model was made for."""

    def __init__(self, message: str, *, name: str, limit: int) -> None:
        super().__init__(message, name=name)
        self.limit = limit


class UnfinishedNameError(UntransliterableNameError):
    """Decoding reached ``limit`` characters of Katakana without an end of sequence."""

    def __init__(self, message: str, *, name: str, limit: int) -> None:
        super().__init__(message, name=name)
        self.limit = limit


class ModelError(HayakanaError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """No model has that name, and no model folder that path."""


class ModelFilesError(ModelError, ValueError):
    """The files of a model folder are missing, damaged, or not what the manifest says."""


class DeviceUnavailableError(HayakanaError, RuntimeError):
    """The device that was asked for is not available here."""


class ClosedError(HayakanaError, RuntimeError):
    """A ``Transliterator`` was used after ``close()``."""


class WorkersUnavailableError(HayakanaError, RuntimeError):
    """Worker processes cannot be started here: this program is no Python, or the process is a worker itself."""


class WorkerDiedError(HayakanaError, RuntimeError):
    """A worker process ended before its work was done: killed, out of memory, or stopped for long."""


class MissingRuntimeError(HayakanaError, ImportError):
    """Neither wheel of onnxruntime is installed."""


class MissingExtraError(HayakanaError, ImportError):
    """An optional dependency is not installed; the message has the install line for where hayakana came from."""

    def __init__(self, purpose: str, *, extra: str) -> None:
        from hayakana.extras import install_line  # Of no use until something is missing.

        super().__init__(f"{purpose} needs an optional dependency: {install_line(extra)}")
        self.extra = extra

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self)), self.__dict__


class LoadingError(HayakanaError, ImportError):
    """A package is installed and cannot be loaded: it is damaged, or memory is short; the message says what failed."""


class AlignmentUnavailableError(HayakanaError, ValueError):
    """The model was trained without attention, so there is no alignment to show."""


class PictureError(HayakanaError, ValueError):
    """An alignment cannot be drawn as asked."""


class TableError(HayakanaError, ValueError):
    """A file of names cannot be read or written as asked."""


class OutputExistsError(HayakanaError, FileExistsError):
    """There is an output of that name already, or a folder that holds something else than this job's output."""


class JobRunningError(HayakanaError, RuntimeError):
    """Another process works on the same folder."""


class LexiconError(HayakanaError, ValueError):
    """An entry of a lexicon, or its file, is not as it should be; the message says where, and what to do."""


def shorten(text: str, *, limit: int = 60) -> str:
    """Return ``text`` quoted for a message, in ``limit`` characters at most, and printable whatever is in it."""
    return repr(text if len(text) <= limit else f"{text[: limit - 1]}…")


def brief(said: object, *, limit: int = 300) -> str:
    """Return what a package says, such as an error, in ``limit`` characters at most, printable whatever is in it."""
    text = str(said)
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(character if character.isprintable() else " " for character in text)


_MOST_LISTED, _LONGEST_LIST = 20, 1_500
"""Of a list in a message: items, and characters."""


def listed(
    items: Sequence[str], *, shown: Callable[[str], str] = brief, most: int = _MOST_LISTED, between: str = ", "
) -> str:
    """Return ``items`` for a message: the first few, each as ``shown`` shows it, and how many more there are."""
    texts: list[str] = []
    for item in items[:most]:
        text = shown(item)
        if texts and sum(map(len, texts)) + len(text) > _LONGEST_LIST:
            break
        texts.append(text)
    more = len(items) - len(texts)
    return f"{between.join(texts) or 'none'}{f' and {more:,} more' if more else ''}"


def import_failure(error: ImportError, purpose: str, *, extra: str, packages: Collection[str]) -> HayakanaError:
    """Return what ``error`` means, which the import of ``packages`` of an extra has raised.

    Only where one of them is missing does it help to install the extra.
    """
    package = (error.name or "").partition(".")[0]
    # Where a package is there without one of its modules, it is damaged.
    is_missing = isinstance(error, ModuleNotFoundError) and package in packages and not _is_there(package)
    if is_missing or isinstance(error, MissingExtraError):
        return MissingExtraError(purpose, extra=extra)
    return LoadingError(f"{purpose} needs packages that are installed, but cannot be loaded: {cause_of(error)}")


def _is_there(package: str) -> bool:
    """Whether ``package`` can be found, be it that it cannot be loaded."""
    try:
        return find_spec(package) is not None
    except ValueError:  # It is in memory, without saying from where.
        return True


def cause_of(error: BaseException) -> str:
    """Return the first line of what ``error`` began with: packages put pages of advice around it."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _rebuild(kind: type[HayakanaError], message: str) -> HayakanaError:
    """Unpickle an error whose constructor has required keywords: all but the message is in its attributes."""
    return kind.__new__(kind, message)
