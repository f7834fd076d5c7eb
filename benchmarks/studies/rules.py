"""What share of names each rule of docs/names.md reads, from rule 9 on: ``python -m benchmarks.studies.rules FILE...``.

A file has a name a line. A rule counts for a name if it reads a part of it, or changes what is read. Rules 18 and 21
count as if they were asked for. Names without any of these rules are read by the model, letter by letter.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.harness.record import table
from hayakana.names import particles, saints, titles
from hayakana.names.choices import Choices
from hayakana.names.damage import damage_in, mended
from hayakana.names.numerals import Numeral
from hayakana.names.order import as_chosen, given_first
from hayakana.names.parts import AMPERSANDS, PLUSES, CanonicalName, canonical_name
from hayakana.names.pieces import humps
from hayakana.names.spelling import KATAKANA_OF_UNITS, by_case, katakana_of_units
from hayakana.names.syllabaries.whole_names import unmistakable
from hayakana.names.symbols import symbols_of_letters, with_symbols_read

RULES = (*range(9, 22), 23, "refused by 20")
"""Those that are counted, in the order of the table."""


def main() -> None:
    """Count, and print a table of the files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.rules", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    counted = {path.name: count(path.read_text("utf-8").splitlines()) for path in arguments.files}
    print(json.dumps(counted, indent=1) if arguments.json else render(counted), end="")


def count(names: Sequence[str]) -> dict[str, int]:
    """Return rule → how many of ``names`` it reads, ``names`` and ``any`` among the keys."""
    found = Counter(str(rule) for name in names for rule in rules_of(name))
    any_rule = sum(bool(rules_of(name)) for name in names)
    return {"names": len(names), **{str(rule): found[str(rule)] for rule in RULES}, "any": any_rule}


def rules_of(name: str) -> set[int | str]:
    """Return the rules from 9 on that read ``name``."""
    text = mended(name)
    if damage_in(text):
        return {"refused by 20"}
    dropped, _ = as_chosen(text, Choices(disambiguators="drop"))
    rules: set[int | str] = set()
    rules |= {20} if text != name else set()
    rules |= {18} if dropped != text else set()
    rules |= {21} if given_first(text) != text else set()
    rules |= {13} if symbols_of_letters(text) or with_symbols_read(text) != text else set()
    rules |= {16} if any(sign in text for sign in AMPERSANDS + PLUSES + "0123456789") else set()
    canonical = canonical_name(text)
    rules |= {15} if titles.dotted_degrees(canonical) else set()
    rules |= {23} if unmistakable(canonical) else set()
    for index, by_its_case in enumerate(by_case(canonical)):
        rules |= set(_of_part(canonical, index, by_its_case))
    return rules


def _of_part(name: CanonicalName, index: int, by_its_case: str | Numeral | None) -> Iterable[int]:
    """Yield the rules that read the part at ``index``."""
    part, written = name.parts[index], name.written[index]
    if isinstance(by_its_case, Numeral):
        yield 11
    elif by_its_case is not None and len(part) > 1:
        yield 15 if part in titles.IN_CAPITALS else 9
    elif part not in KATAKANA_OF_UNITS and katakana_of_units([part]) != [None]:
        yield 9
    if name.quoted[index] != part:
        yield 12
    if part in particles.WORDS or particles.particle_at(name, index):
        yield 14
    if titles.title_at(name, index):
        yield 15
    elif part in saints.SAINTS:
        yield 19
    elif part in titles.TITLES:
        yield 10
    if len(humps(written)) > 1:
        yield 17


def render(counted: dict[str, dict[str, int]]) -> str:
    """Return a table in Markdown: a row a rule, a column a file."""
    keys = next(iter(counted.values()))
    rows = [(key, *(_cell(of_file, key) for of_file in counted.values())) for key in keys]
    return table(("rule", *counted), rows)


def _cell(of_file: dict[str, int], key: str) -> str:
    if key == "names":
        return f"{of_file[key]:,}"
    share = of_file[key] / max(of_file["names"], 1)
    return "–" if not of_file[key] else f"{share:.2%}".replace("%", " %") if share >= 0.00005 else "< 0.01 %"


if __name__ == "__main__":
    main()
