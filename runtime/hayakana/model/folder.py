"""Find a model folder, verify it against its manifest, and read it into memory. Opens no session."""

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hayakana.errors import ModelFilesError, ModelNotFoundError, listed
from hayakana.model.manifest import (
    KNOWN_NAMES,
    LARGEST_MANIFEST,
    MANIFEST,
    MODEL_CARD,
    SOURCE_VOCABULARY,
    TARGET_VOCABULARY,
    Manifest,
    parse_manifest,
)
from hayakana.model.onnx_contents import ForbiddenContentError, check_contents
from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana.names.known_names import KnownNames, read_known_names
from hayakana.system.files import UnfitFileError, read_regular_file
from hayakana.system.processes import is_frozen


@dataclass(frozen=True)
class Model:
    """A verified model folder, read: what was hashed is what is used."""

    folder: Path
    manifest: Manifest
    graphs: Mapping[str, bytes]
    """By file name: those that ``manifest.graphs`` describes."""
    source_vocabulary: Vocabulary
    target_vocabulary: Vocabulary
    card: str
    known_names: KnownNames | None


def bundled_models() -> dict[str, Path]:
    """Return the models that come with hayakana, by name."""
    return {manifest.parent.name: manifest.parent for manifest in sorted(models_folder().glob(f"*/{MANIFEST}"))}


def models_folder() -> Path:
    """Return the folder of the models that come with hayakana, whether it is there or not."""
    package = Path(__file__).parent.parent
    # In an installed wheel the models lie inside the package; in a checkout, as runtime/hayakana, two folders up.
    is_checkout = package.parent.name == "runtime" and not (package / "models").exists()
    return package.parent.parent / "models" if is_checkout else package / "models"


def find_model(model: str | Path) -> Path:
    """Return the folder of a bundled model by name, or of any model by path.

    Raises:
        ModelNotFoundError: there is neither, or the bundled models were left behind where hayakana was packed.
    """
    bundled = bundled_models()
    if isinstance(model, str) and model in bundled:
        return bundled[model]
    folder = Path(model)
    with contextlib.suppress(OSError):  # It is too long for a name, or lies where this user may not look.
        if (folder / MANIFEST).is_file():
            return folder.resolve()
    if not bundled:
        raise ModelNotFoundError(
            f"no model {str(model)!r}: {_no_bundled()}, or give the path of a folder that holds {MANIFEST}"
        )
    names = listed(sorted(bundled))
    raise ModelNotFoundError(
        f"no model {str(model)!r}: give a bundled one ({names}) or the path of a folder that holds {MANIFEST}"
    )


def _no_bundled() -> str:
    """Say why no bundled model is there, and what to do."""
    package = Path(__file__).parent.parent
    if is_frozen():
        return (
            "this program was packed without hayakana's models, so build it with PyInstaller's --collect-data hayakana"
        )
    if not package.is_dir():
        archive = next((str(parent) for parent in package.parents if parent.is_file()), str(package))
        return f"hayakana was imported from {archive}, where its models cannot be opened, so install it with pip"
    return "hayakana was installed without its models, so install it again"


def load_model(folder: Path) -> Model:
    """Read the model in ``folder``, every file checked against the manifest.

    Raises:
        ModelFilesError: a file is missing, has another size or checksum, or does not fit the other files.
    """
    path = folder / MANIFEST
    manifest = parse_manifest(_read(path, most_bytes=LARGEST_MANIFEST), path=path)
    contents = {name: _verified(folder, name, manifest) for name in manifest.files}
    source = _vocabulary(folder, contents[SOURCE_VOCABULARY], SOURCE_SPECIALS, manifest.source_vocabulary_size)
    target = _vocabulary(folder, contents[TARGET_VOCABULARY], TARGET_SPECIALS, manifest.target_vocabulary_size)
    if (manifest.pad, manifest.bos, manifest.eos) != tuple(range(len(TARGET_SPECIALS))):
        raise ModelFilesError(f"{folder / MANIFEST}: pad, bos and eos must be 0, 1 and 2: {_REMEDY}")
    for name in manifest.graphs:
        try:
            check_contents(contents[name])
        except ForbiddenContentError as error:
            raise ModelFilesError(f"{folder / name} is refused: {error}. {_EXPORT_AGAIN}") from error
    try:
        card = contents[MODEL_CARD].decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelFilesError(f"{folder / MODEL_CARD} is not UTF-8: {_REMEDY}") from error
    known_names = _known_names(folder, contents[KNOWN_NAMES]) if KNOWN_NAMES in contents else None
    graphs = {name: contents[name] for name in manifest.graphs}
    return Model(folder, manifest, graphs, source, target, card, known_names)


def _known_names(folder: Path, content: bytes) -> KnownNames:
    try:
        return read_known_names(content)
    except ValueError as error:
        raise ModelFilesError(
            f"{folder / KNOWN_NAMES} is not a table of known names, since {error}: {_REMEDY}"
        ) from error


_REMEDY = "the folder was changed or copied in part; reinstall hayakana, or export the model again"
_EXPORT_AGAIN = "Export the model again with hayakana-train"


def _read(path: Path, *, most_bytes: int) -> bytes:
    try:
        return read_regular_file(path, most_bytes=most_bytes)
    except UnfitFileError as error:
        raise ModelFilesError(f"cannot read {path}: {error}. {_REMEDY.capitalize()}") from error
    except OSError as error:
        raise ModelFilesError(f"cannot read {path} ({error.strerror}): {_REMEDY}") from error


def _verified(folder: Path, name: str, manifest: Manifest) -> bytes:
    path, expected = folder / name, manifest.files[name]
    content = _read(path, most_bytes=expected.bytes)
    if len(content) != expected.bytes:
        raise ModelFilesError(f"{path} has {len(content)} bytes, expected {expected.bytes}: {_REMEDY}")
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected.sha256:
        raise ModelFilesError(f"{path} has sha256 {digest}, expected {expected.sha256}: {_REMEDY}")
    return content


def _vocabulary(folder: Path, content: bytes, specials: tuple[str, ...], size: int) -> Vocabulary:
    try:
        vocabulary = Vocabulary.parse(content.decode("utf-8"), specials=specials)
    except ValueError as error:
        raise ModelFilesError(f"a vocabulary of {folder} is not valid ({error}): {_REMEDY}") from error
    if len(vocabulary) != size:
        raise ModelFilesError(f"a vocabulary of {folder} has {len(vocabulary)} tokens, expected {size}: {_REMEDY}")
    return vocabulary
