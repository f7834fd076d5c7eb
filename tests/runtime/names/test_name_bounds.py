"""The work on a name is bounded: how long it may be, and how many marks may stand in a row."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import processes

from hayakana import Lexicon, NameTooLongError, Transliterator, UnreadableNameError
from hayakana.names.normalization import LONGEST_NAME, MOST_MARKS, mark_too_many

MARKS = "\u0301\u0327\u0344\u0f73\u3099"


def run_of_marks(name: str) -> int:
    """The longest run by the definition: a decomposed text, and what of it has a combining class."""
    longest = run = 0
    for character in unicodedata.normalize("NFKD", name):
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest


@given(
    st.text(st.sampled_from("aé \u1f82가" + MARKS), max_size=120)
    | st.text(st.sampled_from("a" + MARKS), min_size=190, max_size=230)
)
def test_marks_are_counted_as_unicode_defines_it(name: str) -> None:
    assert (mark_too_many(name) is None) == (run_of_marks(name) <= MOST_MARKS)


@pytest.mark.parametrize("mark", [*MARKS])
@pytest.mark.parametrize("place", ["a{}", "{}", "Anna {}b", "山田{}"])
def test_marks_in_a_row_are_read_or_refused(tiny: Transliterator, mark: str, place: str) -> None:
    most = MOST_MARKS // run_of_marks(mark)
    allowed, refused = tiny.transliterate_detailed([place.format(mark * count) for count in (most, most + 1)])
    assert allowed.status != "too_long"
    assert refused.status == "unreadable"
    assert isinstance(refused.error, UnreadableNameError)
    assert refused.error.characters == mark


@pytest.mark.parametrize(
    "name", ["x" * 2_000_000, "é" * 2_000_000, "山" * 2_000_000, "a " * 1_000_000, "\u0301\u0327" * 1_000_000]
)
def test_nothing_is_done_with_a_name_that_is_too_long(
    tiny: Transliterator, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("normalised, split or asked about")

    monkeypatch.setattr("hayakana.names.parsing.canonical_name", refuse)
    monkeypatch.setattr("hayakana.names.parsing.is_japanese", refuse)
    for names in ([name], [name, *["Anna"] * 10]):
        with pytest.raises(NameTooLongError) as caught:
            tiny.transliterate(names)
        assert caught.value.limit == LONGEST_NAME


def test_the_longest_name_is_read(tiny: Transliterator) -> None:
    name = ("mori " * LONGEST_NAME)[:LONGEST_NAME].strip()
    assert len(name) > LONGEST_NAME - 5
    assert len(tiny(name).split("・")) == -(-LONGEST_NAME // 5)
    assert tiny.transliterate_detailed([name + " mori"])[0].status == "too_long"


def test_an_entry_of_a_lexicon_has_the_bounds_of_a_name() -> None:
    for name in ("x" * (LONGEST_NAME + 1), "a" + "\u0301" * (MOST_MARKS + 1)):
        with pytest.raises(ValueError, match=r"entry .* (16,384 characters|combining marks)") as caught:
            Lexicon.of({name: "エックス"})
        assert len(str(caught.value)) < 300


PIECES = [
    *(
        "a@",
        "\x9b@",
        "@",
        "a.",
        "a-",
        "..a-",
        "é-a",
        "A",
        "://",
        "www.",
        "a.com-",
        "~/",
        "\\",
        "\\u00e9",
        "\\x",
        "%41",
        "=41",
    ),
    *(
        "&",
        "&a;",
        "&#1;",
        "(",
        "(a)",
        "( ",
        "[a]",
        "（a）",
        "a,",
        "A,",
        "MBA ",
        "MBA, ",
        "A.",
        "M.D. ",
        "Ph.D. ",
        "Jr, ",
    ),
    *(
        "II ",
        "II, ",
        "x ",
        "d'",
        "d' ",
        "''",
        "n' ",
        "de ",
        "Jean de ",
        "van der ",
        "of ",
        "St ",
        "Saint-",
        "a & ",
        "+ ",
    ),
    *(
        "1st ",
        "<<",
        "A<",
        "P<",
        "GitHub",
        "aB",
        "™",
        "Mª ",
        "Ã©",
        "Ã",
        "â€",
        "ﾞ",
        "山 ",
        "{\\'a}",
        'a"',
        "!",
        "_x",
        "\u00a0",
        "Kim ",
        "Geun-",
        "gun",
        "xi",
        "Li ",
        "ō",
        "tanaka",
        "Xi'",
    ),
]
"""What a name of any length may be made of, and what rules look for."""

_ALL_ARE_ANSWERED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (200, 200))
from hayakana import Transliterator
from hayakana.transliterator import team_of
for options in ({}, {"order": "given_first", "disambiguators": "drop", "digits": "read"}):
    with Transliterator(sys.argv[1], **options) as transliterator:
        parser = team_of(transliterator).parser
        for piece in sys.argv[2:]:
            for before, behind in (("", ""), ("Ab, ", "!"), ("é", "@ b")):
                name = before + (piece * 16_000)[:16_000] + behind
                transliterator.transliterate_detailed([name])
                parser.stands_alone(name.replace(" ", ""))
"""


@pytest.mark.slow
def test_the_work_on_the_longest_name_is_bounded_whatever_it_is_made_of(tiny_folder: Path) -> None:
    """Searches that begin at each character and go on to the end took hours: the limit is far from what all take."""
    command = [sys.executable, "-c", _ALL_ARE_ANSWERED, str(tiny_folder), *PIECES]
    subprocess.run(command, check=True, timeout=processes.LIMIT_S * 5)
