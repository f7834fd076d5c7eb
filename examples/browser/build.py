"""Write a page that turns names into Katakana in the browser alone, for any server of static files.

cd examples/browser && npm install --no-package-lock && python build.py site && python -m http.server --directory site
"""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hayakana.model.folder import bundled_models, load_model
from hayakana.names.damage import TELLING_LETTERS
from hayakana.names.normalization import APOSTROPHES, fold, normalize
from hayakana.names.rules import RULED_WORDS
from hayakana.names.spelling import KATAKANA_OF_UNITS
from hayakana.names.syllabaries.signs import anchors
from hayakana.names.symbols import symbols_of_letters

HERE = Path(__file__).parent
PAGE = ("index.html", "page.css", "page.mjs", "reading.mjs", "decoding.mjs")
GRAPHS = ("encoder.onnx", "decoder_step.onnx")
ENGINE = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
LETTERS = (*range(0x250), *range(0x1E00, 0x1F00))
"""Code points whose letters are read: Basic Latin, Latin-1, Latin Extended-A, -B and Additional."""


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(prog="python build.py", description=__doc__)
    parser.add_argument("folder", type=Path, help="what a server of static files is given")
    parser.add_argument("--model", default="default", choices=[name for name in bundled_models() if name != "seed"])
    parser.add_argument("--engine", type=Path, default=HERE / "node_modules/onnxruntime-web/dist")
    arguments = parser.parse_args()
    if missing := [name for name in ENGINE if not (arguments.engine / name).is_file()]:
        sys.exit(
            f"no {missing[0]} in {arguments.engine}: run npm install --no-package-lock in {HERE}, or give --engine"
        )
    model = bundled_models()[arguments.model]
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for source in [HERE / name for name in PAGE] + [model / name for name in GRAPHS]:
        shutil.copyfile(source, arguments.folder / source.name)
    for name in ENGINE:
        shutil.copyfile(arguments.engine / name, arguments.folder / name)
    text = json.dumps(tables(model), ensure_ascii=False, separators=(",", ":"))
    (arguments.folder / "tables.json").write_text(text, encoding="utf-8")


def tables(folder: Path) -> Mapping[str, Any]:
    """Return what the page knows of letters and words, by the functions that hayakana itself reads with."""
    model = load_model(folder)
    source, target = model.source_vocabulary, model.target_vocabulary
    characters = frozenset(source.characters)
    letters = {}
    for letter in map(chr, LETTERS):
        unit = fold(normalize(letter), characters)
        is_read = letter.isalpha() and letter not in TELLING_LETTERS and not symbols_of_letters(letter)
        if is_read and unit and characters.issuperset(unit):
            letters[letter] = unit
    return {
        "model": model.manifest.name,
        "licence": model.manifest.licence,
        "limit": model.manifest.source_limit,
        "longest": model.manifest.target_limit,
        "letters": letters,
        "capitals": "".join(letter for letter in letters if letter.isupper()),
        "apostrophes": APOSTROPHES,
        "katakana": {unit: text for unit, text in KATAKANA_OF_UNITS.items() if len(unit) > 1},
        "refused": sorted(RULED_WORDS),
        "anchors": sorted({fold(part, characters) for part in anchors()}),
        "source": list(source.tokens),
        "target": list(target.tokens),
    }


if __name__ == "__main__":
    main()
