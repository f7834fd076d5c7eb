"""The table of known names in a model folder: its file, manifest, card, and the list of what was dropped."""

import gzip
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from hayakana.model.folder import load_model
from hayakana.model.manifest import FORMAT_VERSION, KNOWN_NAMES, MANIFEST, MODEL_CARD
from hayakana.names.known_tables import write_known_names
from hayakana.system.files import atomic_file
from hayakana.transliterator import Transliterator
from hayakana_training.errors import TrainingError
from hayakana_training.known_names.choosing import Chosen, Ranked, choose
from hayakana_training.known_names.witnesses import Witness

DROPPED = Path("training") / "known_names_dropped.tsv.gz"
"""What was dropped, in a model folder."""

_CANDIDATES = 10
_KEY = "known_names"
_SECTION = re.compile(r"^## Known names\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BEFORE = "## Parity\n"


def add_known_names(folder: Path, witnesses: Iterable[Witness], *, command: str, log: Callable[[str], None]) -> Chosen:
    """Write the table that ``witnesses`` speak for into the model ``folder``, in place of a table that is there.

    Raises:
        TrainingError: the model reads whole names, or nothing is known.
        ModelFilesError: it is no model folder.
    """
    if load_model(folder).manifest.unit != "part":
        raise TrainingError(f"{folder} reads whole names: give a model whose unit is the part")
    with Transliterator(folder, known_names=False, workers=2) as transliterator:
        chosen = choose(witnesses, lambda names: _ranked(transliterator, names, log))
    if not chosen.parts:
        raise TrainingError("no name is known by these sources: give those that docs/training.md names")
    content = write_known_names(chosen.parts, chosen.whole_names, places=chosen.places, words=chosen.words)
    _write(folder, content, chosen, command=command)
    log(
        f"{len(chosen.parts):,} parts of names and {len(chosen.whole_names):,} whole names, {len(content):,} bytes,"
        f" in {folder}; {len(chosen.dropped):,} witnesses dropped, listed in {folder / DROPPED}"
    )
    return chosen


def _ranked(transliterator: Transliterator, names: Sequence[str], log: Callable[[str], None]) -> Ranked:
    """Return the ten best that the model writes for each of ``names``."""
    log(f"asking the model for {len(names):,} names")
    results = transliterator.transliterate_detailed(names, candidates=_CANDIDATES)
    return {
        name: [candidate.text for candidate in result.candidates] for name, result in zip(names, results, strict=True)
    }


def _write(folder: Path, content: bytes, chosen: Chosen, *, command: str) -> None:
    """Write all files, and check that the model loads with them. The folder is replaced file by file, manifest last."""
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    card = _with_section((folder / MODEL_CARD).read_text(encoding="utf-8"), _section(chosen, content, command)).encode()
    values["format_version"] = FORMAT_VERSION
    values[_KEY] = _entry(chosen)
    values["files"][MODEL_CARD], values["files"][KNOWN_NAMES] = map(_file_entry, (card, content))
    manifest = (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for file in values["files"].keys() - {MODEL_CARD, KNOWN_NAMES}:
            shutil.copyfile(folder / file, copy / file)
        for file, data in ((KNOWN_NAMES, content), (MODEL_CARD, card), (MANIFEST, manifest)):
            (copy / file).write_bytes(data)
        load_model(copy)
    (folder / DROPPED).parent.mkdir(exist_ok=True)
    lines = [b"name\tkatakana\tsource\treason\n", *sorted(_line(*dropped) for dropped in chosen.dropped)]
    dropped_content = gzip.compress(b"".join(lines), mtime=0)
    for file, data in (
        (DROPPED, dropped_content),
        (KNOWN_NAMES, content),
        (MODEL_CARD, card),
        (MANIFEST, manifest),
    ):
        with atomic_file(folder / file) as written:
            written.write(data)
    load_model(folder)


def _line(witness: Witness, reason: str) -> bytes:
    return f"{witness.name}\t{'・'.join(witness.katakana)}\t{witness.source.key}\t{reason}\n".encode()


def _entry(chosen: Chosen) -> dict[str, Any]:
    return {
        "parts": len(chosen.parts),
        "whole_names": len(chosen.whole_names),
        "places": len(chosen.places),
        "words": len(chosen.words),
        "sources": [
            {"name": source.key, "licence": source.licence, "attribution": source.attribution, "entries": count}
            for source, count in chosen.sources.most_common()
        ],
    }


def _file_entry(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _section(chosen: Chosen, content: bytes, command: str) -> str:
    rows = "\n".join(
        f"| {source.attribution} | {source.licence} | {count:,} |" for source, count in chosen.sources.most_common()
    )
    return f"""\
## Known names

`{KNOWN_NAMES}` ({len(content):,} bytes) has {len(chosen.parts):,} parts of names and {len(chosen.whole_names):,} names
of several parts, which are looked up before the model is asked. As a place, {len(chosen.places):,} parts are written
otherwise, as a word {len(chosen.words):,}. Figures of quality above are those of the model without them.
What was dropped, and why, is listed in `{DROPPED.as_posix()}`.

| source | licence | entries |
|---|---|--:|
{rows}

```
{command}
```
"""


def _with_section(card: str, section: str) -> str:
    """Return ``card`` with ``section`` before its parity or, without it, last; a section that is there is removed."""
    without = _SECTION.sub("", card).rstrip("\n") + "\n"
    before, heading, after = without.partition(_BEFORE)
    return f"{before}{section}\n{heading}{after}" if heading else f"{before}\n{section}"
