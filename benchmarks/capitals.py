"""Which names would be taken for acronyms if they were written in capitals: what the rules of ``spelling`` get wrong.

python -m benchmarks.capitals wd_katakana_train.tsv
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from hayakana.names.normalization import normalize
from hayakana.names.spelling import by_case
from hayakana_training.census import census_parts

FREQUENT = 3
"""Times that a name occurs in wd_katakana to be called frequent."""


def taken_for_acronyms(names: Iterable[str], *, beside: str | None = None) -> list[str]:
    """Return those of ``names`` that are spelled, in capitals, alone or before the part ``beside``."""
    others = [] if beside is None else [beside]
    found = []
    for name in names:
        parts = [name.upper(), *others]
        if by_case(parts, [normalize(part) for part in parts])[0] is not None:
            found.append(name)
    return found


def main(pairs: str) -> None:
    """Print how many names of each list are spelled, and which: name ⇥ Katakana ⇥ count is a line of the file."""
    rows = [line.split("\t") for line in Path(pairs).read_text(encoding="utf-8").splitlines()]
    lists = {
        "wd_katakana": [row[0] for row in rows if row[0].upper().isupper()],
        f"wd_katakana, {FREQUENT} times or more": [row[0] for row in rows if int(row[2]) >= FREQUENT],
        "US census": [part.lower() for part in census_parts()],
    }
    for title, names in lists.items():
        for context, beside in (("alone", None), ("beside Anna", "Anna"), ("beside ANNA", "ANNA")):
            found = taken_for_acronyms(names, beside=beside)
            print(f"{title}, {context}: {len(found)} of {len(names):,}: {' '.join(found)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
