"""The doors of a model folder: its manifest, and all its files."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.cases import Case
from tests.fuzz.commands import run
from tests.fuzz.corpora import model_folder, transliterator
from tests.fuzz.graphs import mutated_graph
from tests.fuzz.mutations import mutated, mutated_json

from hayakana import ModelFilesError, ModelNotFoundError, Transliterator
from hayakana.model.manifest import MANIFEST

NAMES = [
    "Mori",
    "Kato-Sato",
    "peter parker",
    "2Pac",
    "山田 Tanaka",
    "J. R. Mori",
    "a" * 60,
    "",
    "Ａｎｎａ",
    "Tanaka Mori",
]
"""Ten, so that they are read in columns, and so are the first three one by one."""

_HUGE = 20 << 30
"""Bytes of a sparse file, which takes none of the disk."""


def make_manifest(random: Random) -> Case:
    """Return a case of a model folder with another manifest."""
    base = random.choice(("tiny", "tiny", "fast"))
    text = (model_folder(base) / MANIFEST).read_text(encoding="utf-8")
    content = mutated_json(text, random) if random.randrange(3) else mutated(text.encode(), random)
    return Case("manifest", {"base": base, "places": {}, "is_forged": False}, {MANIFEST: content})


def make_folder(random: Random) -> Case:
    """Return a case of a model folder with other files, vouched for by its manifest or not."""
    base = random.choice(("tiny", "tiny", "fast"))
    folder = model_folder(base)
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    if not random.randrange(6):
        places = {random.choice(names): random.choice(sorted(_PLACES))}
        return Case("folder", {"base": base, "places": places, "is_forged": bool(random.randrange(2))})
    files = {}
    for name in random.sample(names[:-1], random.choice((1, 1, 1, 2))):
        files[name] = _other_content(name, folder, names, random)
    return Case("folder", {"base": base, "places": {}, "is_forged": bool(random.randrange(3))}, files)


def _other_content(name: str, folder: Path, names: list[str], random: Random) -> bytes:
    content = (folder / name).read_bytes()
    others = [(folder / other).read_bytes() for other in names]
    kind = random.randrange(8)
    if kind == 0:
        return random.choice(others)
    if kind < 5 and name.endswith(".onnx"):
        return mutated_graph(content, random)
    return mutated(content, random, others)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(_HUGE)


_PLACES: dict[str, Callable[[Path], None]] = {
    "fifo": _fifo,
    "zeros": _zeros,
    "sparse": _sparse,
    "folder": Path.mkdir,
    "nothing": lambda _: None,
    "empty": Path.touch,
    "loop": lambda path: path.symlink_to(path.name),
    "dangling": lambda path: path.symlink_to("nothing-is-here"),
    "a link to the file": lambda path: path.symlink_to(path.parent.parent / "before" / path.name),
}
"""What may be in the place of a file."""


def check(case: Case, folder: Path) -> str:
    """Open the model of ``case`` and use it: it is refused, or it says what it said before.

    Where the manifest vouches for other files, somebody made another model: it may say something else.
    """
    options = case.options
    base = model_folder(options["base"])
    for place in ("before", "model"):
        shutil.copytree(base, folder / place, ignore=shutil.ignore_patterns("training"))
    model = folder / "model"
    case.lay_out(model)
    for name, kind in options["places"].items():
        (model / name).unlink()
        _PLACES[kind](model / name)
    if options["is_forged"]:
        _vouch_for(model)
    try:
        said = _said_by(model)
    except (ModelFilesError, ModelNotFoundError) as error:
        assert str(model) in str(error) or options["is_forged"], error
        assert len(str(error)) < 4_000, f"a message of {len(str(error))} characters"
        done = run(["info", str(model)])
        assert done.code in (0, 1), done
        return type(error).__name__
    if options["is_forged"] and _is_other(model, base):
        return "another answer" if said != _said_before(options["base"]) else "right answer"
    if _means_the_same(model, base):
        assert said == _said_before(options["base"]), f"{said} in place of {_said_before(options['base'])}"
    return "right answer"


def _said_by(model: Path) -> list[Any]:
    with Transliterator(model) as one:
        results = one.transliterate_detailed(NAMES)
        few = one.transliterate_detailed(NAMES[:3])
        assert [r.status for r in few] == [r.status for r in results[:3]]
        for result in one.transliterate_detailed(NAMES[:3], probabilities=True, candidates=2):
            assert result.probability is None or 0 <= result.probability <= 1.0001, result
        return [(result.text, str(result.status)) for result in results]


def _said_before(base: str) -> list[Any]:
    return [(result.text, str(result.status)) for result in transliterator(base).transliterate_detailed(NAMES)]


def _vouch_for(model: Path) -> None:
    """Write checksums and sizes of the files that are there into the manifest."""
    if not (model / MANIFEST).is_file() or (model / MANIFEST).stat().st_size == _HUGE:
        return
    try:
        values = json.loads((model / MANIFEST).read_bytes())
        for name, entry in values["files"].items():
            if (path := model / name).is_symlink() or not path.is_file():
                continue
            if path.stat().st_size == _HUGE:
                entry["bytes"] = _HUGE
                continue
            content = path.read_bytes()
            entry.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    (model / MANIFEST).write_text(json.dumps(values), encoding="utf-8")


def _is_other(model: Path, base: Path) -> bool:
    """Whether a file that says what the model answers is another."""
    names = [path.name for path in base.iterdir() if path.is_file() and path.name not in (MANIFEST, "MODEL_CARD.md")]
    return any(
        not (model / name).is_file() or (model / name).read_bytes() != (base / name).read_bytes() for name in names
    )


_SAYING = ("unit", "limits", "vocabularies", "calibration")
"""Keys of a manifest that say what the model answers."""


def _means_the_same(model: Path, base: Path) -> bool:
    """Whether what a manifest says of answers is what it said before."""
    now, before = (json.loads((folder / MANIFEST).read_bytes()) for folder in (model, base))
    return all(now.get(key) == before.get(key) for key in _SAYING)
