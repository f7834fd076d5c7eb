"""The study of rules counts each rule by names that it reads."""

import pytest
from benchmarks.studies.rules import count, render, rules_of


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("Peter Parker", set()),
        ("Mr. IBM", {9, 10}),
        ("Anna gps", {9}),
        ("Henry VIII", {11}),
        ("'James'", {12}),
        ("John™", {13}),
        ("House of Cards", {14}),
        ("Anna Hill, Ph.D.", {15}),
        ("Hill Co.", {15}),
        ("Simon & Garfunkel", {16}),
        ("Maroon 5", {16}),
        ("GitHub", {17}),
        ("Prince (two)", {18}),
        ("Saint-Germain", {19}),
        ("ZoÃ«", {20}),
        ("anna.jpg", {"refused by 20"}),
        ("Obama, Barack", {21}),
    ],
)
def test_rules_of_a_name(name: str, rules: set[int | str]) -> None:
    assert rules_of(name) == rules


def test_the_table_has_shares() -> None:
    counted = count(["Peter", "Maroon 5", "U2", "Anna"])
    assert (counted["names"], counted["16"], counted["any"]) == (4, 2, 2)
    assert "| 16 | 50.00 % |" in render({"names.txt": counted})
