"""The table of known names in a model folder: its file, manifest, card, and the list of what was dropped."""

import gzip
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hayakana.model.folder import load_model
from hayakana.model.manifest import FORMAT_VERSION, KNOWN_NAMES, MANIFEST, MODEL_CARD
from hayakana.names.known_tables import write_known_names
from hayakana.system.files import atomic_file
from hayakana.transliterator import Transliterator
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.export.folder_files import file_entries, manifest_bytes, with_section
from hayakana_training.known_names.choosing import Chosen, Ranked, choose
from hayakana_training.known_names.languages import of_languages
from hayakana_training.known_names.witnesses import Witness

DROPPED = Path("training") / "known_names_dropped.tsv.gz"
"""What was dropped, in a model folder."""

_CANDIDATES = 10
_KEY = "known_names"


def add_known_names(
    folder: Path, witnesses: Sequence[Witness], *, tagged: Iterable[Pair] = (), command: str, log: Callable[[str], None]
) -> Chosen:
    """Write the table that ``witnesses`` speak for into the model ``folder``, in place of a table that is there.

    ``tagged`` says which languages readings are of; see ``of_languages``.

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
    chosen.languages = of_languages(chosen.parts, tagged, witnesses)
    content = write_known_names(
        chosen.parts | chosen.languages, chosen.whole_names, places=chosen.places, words=chosen.words
    )
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
    """Write all files, the manifest last, and check that the model loads with them, before and after."""
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    card = with_section((folder / MODEL_CARD).read_text(encoding="utf-8"), _section(chosen, content, command)).encode()
    values["format_version"] = FORMAT_VERSION
    values[_KEY] = _entry(chosen)
    values["files"] |= file_entries({MODEL_CARD: card, KNOWN_NAMES: content})
    files = {KNOWN_NAMES: content, MODEL_CARD: card, MANIFEST: manifest_bytes(values)}
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for file in values["files"].keys() - {MODEL_CARD, KNOWN_NAMES}:
            shutil.copyfile(folder / file, copy / file)
        for file, data in files.items():
            (copy / file).write_bytes(data)
        load_model(copy)
    (folder / DROPPED).parent.mkdir(exist_ok=True)
    lines = [b"name\tkatakana\tsource\treason\n", *sorted(_line(*dropped) for dropped in chosen.dropped)]
    dropped = {DROPPED: gzip.compress(b"".join(lines), mtime=0)}
    with ExitStack() as stack:
        # All are written before any takes its place, and what was opened first, the manifest, takes its place last.
        for file, data in reversed((dropped | files).items()):
            written = stack.enter_context(atomic_file(folder / file))
            written.write(data)
            written.flush()
    load_model(folder)


def _line(witness: Witness, reason: str) -> bytes:
    return f"{witness.name}\t{'・'.join(witness.katakana)}\t{witness.source.key}\t{reason}\n".encode()


def _entry(chosen: Chosen) -> dict[str, Any]:
    return {
        "parts": len(chosen.parts),
        "whole_names": len(chosen.whole_names),
        "places": len(chosen.places),
        "words": len(chosen.words),
        "in_languages": len(chosen.languages),
        "sources": [
            {"name": source.key, "licence": source.licence, "attribution": source.attribution, "entries": count}
            for source, count in chosen.sources.most_common()
        ],
    }


def _section(chosen: Chosen, content: bytes, command: str) -> str:
    rows = "\n".join(
        f"| {source.attribution} | {source.licence} | {count:,} |" for source, count in chosen.sources.most_common()
    )
    return f"""\
## Known names

`{KNOWN_NAMES}` ({len(content):,} bytes) has {len(chosen.parts):,} parts of names and {len(chosen.whole_names):,} names
of several parts, which are looked up before the model is asked. As a place, {len(chosen.places):,} parts are written
otherwise, as a word {len(chosen.words):,}, under a hint of language {len(chosen.languages):,}. Figures of quality above
are those of the model without them.
What was dropped, and why, is listed in `{DROPPED.as_posix()}`.

| source | licence | entries |
|---|---|--:|
{rows}

```
{command}
```
"""
