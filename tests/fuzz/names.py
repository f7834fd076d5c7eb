"""The doors of text: a name, a list of names, a lexicon."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pyarrow as pa
from tests.fuzz import texts
from tests.fuzz.cases import Case
from tests.fuzz.corpora import TINY, transliterator
from tests.fuzz.mutations import mutated

from hayakana import HayakanaError, Lexicon, LexiconError, Status, Transliteration, Transliterator
from hayakana.batch import ArrowTransliterator, add_katakana
from hayakana.names.normalization import LONGEST_NAME
from hayakana.names.style import full_width
from hayakana.results import WITH_TEXT

_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc\u30fb\uff1d]+")
_LONGEST_RUN = 200
"""Marks in a row that are given to ``unicodedata.normalize``, whose time grows with their square."""

_MOST_NORMALISED = 160
"""Times that each character is given to it, on average; U+FDFA alone becomes 18."""


def make_name(random: Random) -> Case:
    """Return a case of one name, and the names that are the same to Unicode."""
    return Case("name", {"name": texts.name(random), "model": random.choice(("tiny", "tiny", "fast", "seed"))})


def check_name(case: Case, _: Path) -> str:
    """Check what is promised of one name, whichever way it is asked for."""
    name = case.options["name"]
    one = transliterator(case.options["model"])
    with _normalisation_watched(len(name)):
        (result,) = one.transliterate_detailed([name])
    _check_result(result, name)
    if result.error is None:
        assert one(name) == one(name, on_error="keep") == one(name, on_error="empty") == result.text
    else:
        try:
            raise AssertionError(f"{one(name)!r} in place of {result.error!r}")
        except type(result.error) as error:
            assert str(error) == str(result.error), error
        assert (one(name, on_error="keep"), one(name, on_error="empty")) == (name, "")
    for form in ("NFC", "NFD"):
        same = unicodedata.normalize(form, name)
        if len(same) > LONGEST_NAME >= len(name):
            continue  # Only the longer form is more than a name may be.
        (other,) = one.transliterate_detailed([same])
        # What is Japanese already is kept as it came, so in the form that it came in.
        assert (_composed(other.text), other.status) == (_composed(result.text), result.status), (
            f"{form}: {other} in place of {result}"
        )
    return _outcome(result)


def _composed(text: str | None) -> str | None:
    return text and unicodedata.normalize("NFC", text)


def _outcome(result: Transliteration) -> str:
    return "right answer" if result.error is None else type(result.error).__name__


def _check_result(result: Transliteration, name: str) -> None:
    assert result.name == name
    assert (result.text is None) == (result.error is not None) == (result.status not in WITH_TEXT), result
    if result.status is Status.KEPT:
        assert result.text == full_width(name)
        odd = [c for c in name if unicodedata.category(c) in ("Cn", "Cc", "Cs", "Co")]
        assert not odd, f"{odd!r} was kept"
    if result.status is Status.OK:
        assert result.text
        # What was Japanese in the name already stands in it as it was.
        written = "".join(c for c in result.text if c not in full_width(name) or _KATAKANA.match(c))
        assert _KATAKANA.fullmatch(written) or not written, f"{name!r} became {result.text!r}"
        assert written or result.text in full_width(name), f"{name!r} became {result.text!r}"
    if result.error is not None:
        assert str(result.error).isprintable(), result.error
        assert len(str(result.error)) < 1_000, result.error
        assert isinstance(result.error, HayakanaError)


@contextmanager
def _normalisation_watched(length: int) -> Iterator[None]:
    """Count what is given to ``unicodedata.normalize``, in place of the time that it takes."""
    given = 0
    real = unicodedata.normalize

    def counted(form: str, text: str) -> str:
        nonlocal given
        given += len(text)
        longest = run = 0
        for character in text if len(text) > _LONGEST_RUN else ():
            run = run + 1 if unicodedata.combining(character) else 0
            longest = max(longest, run)
        assert longest <= _LONGEST_RUN, f"{longest} marks in a row are normalised"
        return real(form, text)

    with mock.patch.object(unicodedata, "normalize", counted):
        yield
    assert given <= _MOST_NORMALISED * (length + 20), f"{given} characters were normalised for a name of {length}"


def make_list(random: Random) -> Case:
    """Return a case of a list of names, with duplicates, and how it is asked for."""
    names: list[Any] = [texts.name(random) for _ in range(random.choice((0, 1, 3, 7, 8, 9, 40)))]
    if names:
        names += [random.choice(names) for _ in range(random.choice((0, 0, 2, 9)))]
        random.shuffle(names)
    if not random.randrange(20):
        names.insert(random.randrange(len(names) + 1), random.choice((None, 7, ["Mori"], 1.5)))
    options = {
        "names": names,
        "model": random.choice(("tiny", "tiny", "fast", "seed")),
        "batch_size": random.choice((1, 2, 7, 64)),
        "probabilities": bool(random.randrange(2)),
        "candidates": random.choice((0, 0, 0, 1, 3)),
        "type": random.choice(("string", "large_string", "string_view", "dictionary", "chunks")),
        "least_probability": random.choice((0, 0.5)),
        "style": random.choice(([], ["b-for-v", "half-width"], ["no-final-long", "hiragana"], ["no-separators"])),
    }
    return Case("list", options)


def check_list(case: Case, _: Path) -> str:
    """Check that a list is its names, one by one, in whatever form and company they come."""
    options = case.options
    names, one = options["names"], transliterator(options["model"])
    details = {"probabilities": options["probabilities"], "candidates": options["candidates"]}
    if not all(isinstance(name, str) for name in names):
        try:
            raise AssertionError(one.transliterate_detailed(names, **details))
        except TypeError:
            return "TypeError"
    results = one.transliterate_detailed(names, **details)
    assert len(results) == len(names)
    other = transliterator(options["model"], options["batch_size"], 0)
    of_others = [other.transliterate_detailed([name], **details)[0] for name in names]
    for results_too in (of_others, other.transliterate_detailed(names, **details)):
        for name, result, too in zip(names, results, results_too, strict=True):
            _check_result(result, name)
            _check_same(result, too)
    for on_error in ("keep", "empty"):
        texts_of = [r.text if r.text is not None else {"keep": r.name, "empty": ""}[on_error] for r in results]
        assert one.transliterate(names, on_error=on_error) == texts_of
    first = next((result for result in results if result.error is not None), None)
    if first is not None:
        try:
            raise AssertionError(one.transliterate(names))
        except type(first.error) as error:
            assert error.name == first.name
    _check_arrow(results, options["type"], one)
    least, style = options.get("least_probability", 0), tuple(options.get("style", ()))
    doubting = transliterator(options["model"], least_probability=least, style=style)
    others = [doubting.transliterate_detailed([name], **details)[0] for name in names]
    for result, too, plain in zip(others, doubting.transliterate_detailed(names, **details), results, strict=True):
        _check_same(result, too)
        assert (result.text is None) == (plain.text is None)
        assert plain.status == result.status or result.status is Status.UNSURE
    _check_arrow(others, options["type"], doubting)
    return "right answer"


def _check_same(one: Transliteration, other: Transliteration) -> None:
    assert (one.name, one.text, one.status, str(one.error)) == (other.name, other.text, other.status, str(other.error))
    assert abs((one.probability or 0) - (other.probability or 0)) < 1e-4, f"{one} and {other}"
    for candidates in (one.candidates, other.candidates):
        probabilities = [candidate.probability for candidate in candidates]
        assert probabilities == sorted(probabilities, reverse=True)
        assert len({candidate.text for candidate in candidates}) == len(candidates)
    assert len(one.candidates) == len(other.candidates)


_ARROW: dict[Transliterator, ArrowTransliterator] = {}


def _check_arrow(results: list[Transliteration], kind: str, one: Transliterator) -> None:
    """Arrow's tables say what lists say; null is missing."""
    results = [result for result in results if not re.search("[\ud800-\udfff]", result.name)]
    names = pa.array([*(result.name for result in results), None], pa.string())
    wanted = ([*(result.text for result in results), None], [*(str(result.status) for result in results), "missing"])
    if kind == "dictionary":
        names = names.dictionary_encode()
    elif kind != "chunks":
        names = names.cast(getattr(pa, kind)())
    column = pa.chunked_array([names[:1], names[1:]]) if kind == "chunks" else names
    arrow = _ARROW.setdefault(one, ArrowTransliterator(**one._options.keywords()))
    table = arrow(pa.table({"name": column}))
    assert (table.column("katakana").to_pylist(), table.column("status").to_pylist()) == wanted
    batch = add_katakana(pa.record_batch([names], ["name"]), one, names=names)
    assert (batch.column("katakana").to_pylist(), batch.column("status").to_pylist()) == wanted


_SUFFIXES = (".tsv", ".csv", ".json")


def make_lexicon(random: Random) -> Case:
    """Return a case of a lexicon's file, whole or damaged."""
    entries = [(texts.name(random, unicode_only=True), _katakana(random)) for _ in range(random.choice((0, 1, 2, 5)))]
    suffix = random.choice(_SUFFIXES)
    text = _lexicon_text(entries, suffix, random)
    content = text.encode(random.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp932")), "replace")
    if random.randrange(2):
        content = mutated(content, random)
    return Case(
        "lexicon", {"entries": [list(entry) for entry in entries], "suffix": suffix}, {f"lexicon{suffix}": content}
    )


def _katakana(random: Random) -> str:
    return random.choice(
        ("モリ", "ツーパック", "a b", " カ ", "", "\u3000", "a\tb", "=cmd", "\x1b", "ジョージ5世", "カ・ナ", "\u202e")
    )


def _lexicon_text(entries: list[tuple[str, str]], suffix: str, random: Random) -> str:
    if suffix == ".json":
        return json.dumps(dict(entries), ensure_ascii=bool(random.randrange(2)), indent=random.choice((None, 1)))
    lines = [["name", "katakana"], *entries] if random.randrange(2) else entries
    if suffix == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator=random.choice(("\n", "\r\n"))).writerows(lines)
        return text.getvalue()
    return "".join(f"{name}\t{katakana}\n" for name, katakana in lines)


def check_lexicon(case: Case, folder: Path) -> str:
    """Check that a lexicon says what its file says, or that it is refused."""
    case.lay_out(folder)
    path = folder / f"lexicon{case.options['suffix']}"
    entries = dict(case.options["entries"])
    try:
        _check_lexicon(Lexicon.of(entries), entries, folder)
    except LexiconError as error:
        assert len(str(error)) < 5_000
    try:
        lexicon = Lexicon.read(path)
    except LexiconError as error:
        assert str(path) in str(error), error
        return "LexiconError"
    _check_lexicon(lexicon, _entries_in(path), folder)
    return "right answer"


def _entries_in(path: Path) -> dict[str, str]:
    """Return the entries as Python reads them."""
    text = path.read_bytes().decode("utf-8-sig")
    if path.suffix == ".json":
        return json.loads(text)
    quoting = {"strict": True} if path.suffix == ".csv" else {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    lines = ["\n" if line.startswith("#") else line for line in io.StringIO(text, newline="")]
    csv.field_size_limit(1 << 30)
    rows = [row for row in csv.reader(lines, **quoting) if row]
    if rows and [cell.strip().lower() for cell in rows[0]] == ["name", "katakana"]:
        rows = rows[1:]
    return dict(rows)


def _check_lexicon(lexicon: Lexicon, entries: dict[str, str], folder: Path) -> None:
    assert len(lexicon) <= len(entries)
    again = folder / "again.json"
    again.write_text(json.dumps(entries), encoding="utf-8")
    assert Lexicon.read(again) == Lexicon.of(entries) == lexicon == lexicon | lexicon == Lexicon() | lexicon
    if entries:
        with Transliterator(TINY, lexicon=lexicon) as one:
            for result in one.transliterate_detailed(list(entries)):
                wanted = entries[result.name].strip()
                assert (result.text, result.status) == (wanted, Status.LEXICON), f"{result}, and not {wanted!r}"
