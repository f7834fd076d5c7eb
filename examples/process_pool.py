"""A process pool: each process opens its own sessions once, and transliterates many lists of names.

python examples/process_pool.py names.txt
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from hayakana import Transliterator


def start() -> None:
    """Open the model, once a process."""
    global transliterator
    transliterator = Transliterator()


def transliterate(names: list[str]) -> list[str]:
    """Transliterate one list in whichever process takes it."""
    return transliterator.transliterate(names, on_error="keep")


if __name__ == "__main__":
    names = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    lists = [names[start : start + 1_000] for start in range(0, len(names), 1_000)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=start) as pool:
        for katakana in pool.map(transliterate, lists):
            print("\n".join(katakana))
