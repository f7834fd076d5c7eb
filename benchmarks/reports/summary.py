"""Print the tables of README.md, README.ja.md, docs/accuracy.md and docs/probabilities.md from the committed results.

python -m benchmarks.reports.summary
"""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.harness.record import RESULTS, SUITE, read
from benchmarks.reports.tables import page_table
from benchmarks.suite.baselines import ARTICLE

WITH_TABLE = ("default", "fast", "cc0")
"""Models that have a table of known names."""
PEERS = ("kanalizer", "e2k base", "e2k turbo")
PEERS_OF_READMES = ("kanalizer", "e2k turbo")
"""Of the two models of e2k, the one that is faster and gets more rare names right."""
KERAS = "Keras"
"""The article's loop: its strings are those of ``seed``, whose weights it has."""
NOT_MEASURED = "–"
FOLLOWING = ("default", "fast")
"""Models that follow hints."""
_PLACES = "places_development"
HINTED = (
    (_PLACES, "any hint", "places of GeoNames and GeoLite2: place, and the language of their country"),
    (_PLACES, "it", "of these in Italian"),
    (_PLACES, "fr", "of these in French"),
    (_PLACES, "de", "of these in German"),
    (_PLACES, "en", "of these in English"),
    (_PLACES, "es", "of these in Spanish"),
    ("words_development", "any hint", "loanwords and names of UniDic: word, or place"),
)
"""File of the study of hints, the hint that its names have, and what they are called in docs/accuracy.md."""
DOUBTED = ("5%", "10%", "20%")
"""The shares of names that go to a person, in docs/probabilities.md."""
LINKS = {
    "kanalizer": "[kanalizer](https://github.com/VOICEVOX/kanalizer)",
    "e2k turbo": "[e2k](https://github.com/Patchethium/e2k) turbo",
}
HEADERS = {
    "README.md": ("", "rare names", "names by bearers", "well-known names", "names a second"),
    "README.ja.md": ("", "珍しい名前", "実在の人名（人数で加重）", "有名な名前", "1秒あたりの件数"),
}
"""README → the columns of its table."""
LABELS = {
    "README.md": {**LINKS, KERAS: "the article's loop in Keras"},
    "README.ja.md": {**LINKS, KERAS: "元の記事のKeras実装"},
}
"""README → side → its row, where that is not the name of a model."""


def pages() -> Mapping[str, str]:
    """Return the tables by the page or by what they are of, from the committed results."""
    quality, borne = read(RESULTS / "quality.json"), read(RESULTS / "well_known.json")["sides"]
    suite = read(SUITE)["sections"]
    return {
        **{readme: render(readme, quality, borne, suite) for readme in HEADERS},
        "accuracy": render_accuracy(quality, borne),
        "hints": render_hints(read(RESULTS / "hints.json")["files"]),
        "doubt": render_doubt(read(RESULTS / "doubt.json")["models"]),
    }


def render(readme: str, quality: Mapping[str, Any], borne: Mapping[str, Any], suite: Mapping[str, Any]) -> str:
    """Return the Markdown: models with their known names, then peers, then the article's loop in Keras."""
    rates = suite["peers"]["names_per_second"]
    rows = {
        **{
            model: (quality[model], borne[f"{model}, known names"], rates[f"hayakana {model}, a list"])
            for model in WITH_TABLE
        },
        **{peer: (quality["peers"][peer], borne[peer], rates[peer]) for peer in PEERS_OF_READMES},
        KERAS: (quality["seed"], borne["seed"], suite["baselines"]["names_per_second"][ARTICLE]),
    }
    lines = []
    for side, (rare, known, rate) in rows.items():
        shares = (rare["exact_match"], known.get("borne"), known["well_known"])
        speed = f"{rate['median']:,.0f}" if rate["median"] >= 10 else f"{rate['median']:.1f}"
        lines.append((LABELS[readme].get(side, f"`{side}`"), *map(_percent, shares), speed))
    return page_table(HEADERS[readme], lines)


def render_accuracy(quality: Mapping[str, Any], borne: Mapping[str, Any]) -> str:
    """Return the first table of docs/accuracy.md: exact match by kind of names, with known names and without."""
    sides = (*WITH_TABLE, "seed", *PEERS)
    known = {side: borne.get(f"{side}, known names", borne[side]) for side in sides}
    # Where there is no table of known names, "without it" would say the same again.
    alone = {side: borne[side] if side in WITH_TABLE else {} for side in sides}
    rare = {side: quality["peers"][side] if side in PEERS else quality[side] for side in sides}
    rows: tuple[tuple[str, Callable[[str], float | None]], ...] = (
        ("156 well-known names", lambda side: known[side]["well_known"]),
        ("the same, without known names", lambda side: alone[side].get("well_known")),
        ("68,110 given or family names of Wikidata, by bearers", lambda side: known[side].get("borne")),
        ("the same, without known names", lambda side: alone[side].get("borne")),
        ("13,456 rare names, without known names", lambda side: rare[side]["exact_match"]),
    )
    labels = [side if side in PEERS else f"`{side}`" for side in sides]
    cells = [(label, *(_decimals(share(side)) for side in sides)) for label, share in rows]
    return page_table(("", *labels), cells)


def render_hints(found: Mapping[str, Any]) -> str:
    """Return the second table of docs/accuracy.md: exact match without hints → with all of theirs, by kind of names."""
    rows = []
    for file, hint, label in HINTED:
        by_model = [found[file][model][hint] for model in FOLLOWING]
        cells = [f"{scores['without']:.3f} → {scores['with_hints']:.3f}" for scores in by_model]
        rows.append((f"{by_model[0]['names']:,} {label}", *cells))
    return page_table(("names", *(f"`{model}`" for model in FOLLOWING)), rows)


def render_doubt(found: Mapping[str, Any]) -> str:
    """Return the table of docs/probabilities.md: the least probability → what is right of all other names."""
    rows = []
    for kind in ("whole names as borne", "parts as borne", "rare parts"):
        for model in WITH_TABLE:
            measured = found[model][kind]
            cells = [_doubt(measured["at"][share]) for share in DOUBTED]
            rows.append((kind, f"`{model}`", _percent(measured["share_right"]), *cells))
    shares = [f"{share.replace('%', ' %')} to a person" for share in DOUBTED]
    return page_table(("names", "model", "right", *shares), rows, words=2)


def _percent(share: float | None) -> str:
    return NOT_MEASURED if share is None else f"{100 * share:.0f} %"


def _doubt(at: Mapping[str, float]) -> str:
    sent, right = _percent(at["share_unsure"]), 100 * at["share_right_of_others"]
    return f"{at['least_probability']:.3f} ({sent}) → {right:.1f} %"


def _decimals(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"


if __name__ == "__main__":
    print(*pages().values(), sep="\n", end="")
