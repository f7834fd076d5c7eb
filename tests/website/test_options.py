"""docs/options.md is what the parsers say."""

from pathlib import Path

import pytest

from hayakana.cli.main import parsers as parsers_of_hayakana
from hayakana_training.cli.main import parsers as parsers_of_training
from website import options

PAGE = Path(__file__).parent.parent.parent / "docs" / "options.md"


def test_the_page_is_that_of_the_parsers() -> None:
    assert PAGE.read_text(encoding="utf-8") == options.page(), "run: python -m website options"


@pytest.mark.parametrize("parsers", [parsers_of_hayakana, parsers_of_training])
def test_every_option_of_every_command_is_there(parsers: pytest.param) -> None:
    parser, commands = parsers()
    _, _, page = options.page().partition(f"## {parser.prog}\n")
    for name, command in commands.items():
        _, _, section = page.partition(f"### {parser.prog} {name}\n")
        section, _, _ = section.partition("\n### ")
        long = {option for action in command._actions for option in action.option_strings if option.startswith("--")}
        assert [option for option in long - {"--help"} if f"`{option}" not in section] == []


def test_the_width_of_a_terminal_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert options.page() == PAGE.read_text(encoding="utf-8")


def test_help_texts_mean_what_they_say_as_markdown() -> None:
    assert options._markdown("as_written, or *.a|b <TAB> of [--no-x] \\N - so") == (
        "as\\_written, or \\*.a\\|b \\<TAB> of \\[`--no-x`\\] \\\\N - so"
    )
