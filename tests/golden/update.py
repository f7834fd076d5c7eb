"""Write a file a shipped model anew: name ⇥ katakana ⇥ status of every line of names.txt. Read the difference.

python tests/golden/update.py
"""

from pathlib import Path

from hayakana import Transliterator
from hayakana.model.folder import bundled_models

GOLDEN = Path(__file__).parent


def main() -> None:
    """Write one file a shipped model."""
    names = (GOLDEN / "names.txt").read_text(encoding="utf-8").splitlines()
    for model in bundled_models():
        with Transliterator(model) as transliterator:
            results = transliterator.transliterate_detailed(names)
        lines = [f"{result.name}\t{result.text or ''}\t{result.status}\n" for result in results]
        (GOLDEN / f"{model}.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
