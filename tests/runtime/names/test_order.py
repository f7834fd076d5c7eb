"""Names turned round: which commas say so, and which do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import Status, Transliterator
from hayakana.names.order import given_first, without_fillers


@pytest.mark.parametrize(
    ("name", "turned"),
    [
        ("Obama, Barack", "Barack Obama"),
        ("OBAMA,BARACK", "BARACK OBAMA"),
        ("Obama， Barack", "Barack Obama"),
        ("Miller, Walter M., Jr.", "Walter M. Miller Jr."),
        ("Miller, Jr., Walter M.", "Walter M. Miller Jr."),
        ("Hill, William, III", "William Hill III"),
        ("Hill, Anna, Ph.D.", "Anna Hill Ph.D."),
        ("Hill, Anna, MBA, Ph.D.", "Anna Hill MBA Ph.D."),
        ("Salinger, J.D.", "J.D. Salinger"),
        ("Beatles, The", "The Beatles"),
        ("Gaulle, Charles de", "Charles de Gaulle"),
        ("Gogh, van", "van Gogh"),
        ("Great Gatsby, The", "The Great Gatsby"),
        ("Smith, Dr. John", "Dr. John Smith"),
        ("van den Berg, Anna", "Anna van den Berg"),
        ("SMITH<<JOHN<PAUL", "JOHN PAUL SMITH"),
        ("P<GBRSMITH<<JOHN<PAUL<<<<<", "JOHN PAUL SMITH"),
        ("PARKER<<PETER", "PETER PARKER"),
        ("VAN<DER<BERG<<ANNA<<<", "ANNA VAN DER BERG"),
    ],
)
def test_names_are_turned_round(name: str, turned: str) -> None:
    assert given_first(name) == turned


@pytest.mark.parametrize(
    "name",
    [
        *("Peter Parker", "John Hill, Jr.", "John Hill, Ph.D.", "John Hill, M.D.", "John Hill, III", "Hill Co., Ltd."),
        *("Hill, MBA", "Hill, Jr.", "Berlin, Germany, Europe", "Anna,", ", Anna", "Anna, ...", ",", "", "a<b", "<<"),
        *("Mellor, Charlton and Griffiths", "Tozzo, Botta & Borgia", "Tobias Berg, van den"),
    ],
)
def test_other_names_stay(name: str) -> None:
    assert given_first(name) == name


def test_names_of_travel_documents_are_read_in_their_order_too() -> None:
    assert without_fillers("SMITH<<JOHN<PAUL<<<") == "SMITH JOHN PAUL"
    assert without_fillers("a<<b") == "a<<b"


def test_the_status_says_that_a_name_was_turned(tiny: Transliterator, tiny_folder: str) -> None:
    names = ["Mori, Kato", "Mori Kato", "MORI<<KATO", "Kato Mori, Jr.", "2Pac, Mori", "Mori,"] * 2
    with Transliterator(tiny_folder, order="given_first") as transliterator:
        results = transliterator.transliterate_detailed(names)
        doubting = Transliterator(tiny_folder, order="given_first", least_probability=1.0)
        assert doubting.transliterate_detailed(names)[0].status == Status.UNSURE
    assert [result.status for result in results[:6]] == ["turned", "ok", "turned", "ok", "unreadable", "ok"]
    assert results[0].text == tiny("Kato Mori") != tiny("Mori, Kato")
    assert results[0].name == "Mori, Kato"


@given(st.text(st.sampled_from("aB ,<.JrM"), max_size=16))
def test_no_letter_is_lost(name: str) -> None:
    for read in (given_first(name), without_fillers(name)):
        assert sorted(filter(str.isalpha, read)) == sorted(filter(str.isalpha, name))
