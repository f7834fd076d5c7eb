"""Write the files of the shipped models anew: name ⇥ katakana ⇥ status of every line of names.txt. Read the difference.

``MODEL.tsv`` is of the model alone, ``MODEL-known.tsv`` of the model and its known names.

python tests/golden/update.py
"""

from pathlib import Path

from hayakana import Transliterator
from hayakana.model.folder import bundled_models, load_model

GOLDEN = Path(__file__).parent


def main() -> None:
    """Write one file for each shipped model, and another for a model with known names."""
    names = (GOLDEN / "names.txt").read_text(encoding="utf-8").splitlines()
    for model, folder in bundled_models().items():
        has_known_names = load_model(folder).known_names is not None
        for known_names in (False, True)[: 1 + has_known_names]:
            with Transliterator(model, known_names=known_names) as transliterator:
                results = transliterator.transliterate_detailed(names)
            lines = [f"{result.name}\t{result.text or ''}\t{result.status}\n" for result in results]
            path = GOLDEN / f"{model}{'-known' if known_names else ''}.tsv"
            path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
