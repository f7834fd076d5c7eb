"""The page docs/options.md: every option of both programs, as their parsers have them."""

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence

from hayakana.cli.main import parsers as parsers_of_hayakana
from hayakana_training.cli.main import parsers as parsers_of_training

HEAD = """\
# Options

Every command and every option of `hayakana` and `hayakana-train`. How they are used: [command line](command-line.md).

<!-- Written by `python -m website options`, from the parsers. -->
"""


def page() -> str:
    """Return docs/options.md."""
    return "\n".join([HEAD, *_program(*parsers_of_hayakana()), *_program(*parsers_of_training())])


def _program(parser: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]) -> Iterator[str]:
    """Yield the lines of a program and of its commands."""
    yield f"## {parser.prog}\n"
    yield from _paragraphs(parser.description)
    [listed] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    summaries = {action.dest: action.help or "" for action in listed._choices_actions}
    yield from _table("command", [(f"[`{name}`](#{parser.prog}-{name})", text) for name, text in summaries.items()])
    for name, command in commands.items():
        yield f"### {parser.prog} {name}\n"
        usage = " ".join(command.format_usage().removeprefix("usage: ").split())  # argparse breaks lines for a terminal
        yield f"```text\n{usage}\n```\n"
        yield from _paragraphs(command.description)
        for group in command._action_groups:
            yield from _group(command, group)
        yield from _paragraphs(command.epilog)


def _paragraphs(text: str | None) -> Iterator[str]:
    """Yield the paragraphs of a help text. Lines that are indented are commands."""
    for paragraph in filter(None, re.split(r"\n\s*\n", (text or "").strip())):
        text, _, commands = paragraph.partition("\n  ")
        yield f"{_markdown(' '.join(text.split()))}\n"
        if commands:
            yield "\n".join(["```text", *(line.strip() for line in commands.splitlines()), "```\n"])


def _group(parser: argparse.ArgumentParser, group: argparse._ArgumentGroup) -> Iterator[str]:
    """Yield the table of a group of options, with what the help of a terminal says of them."""
    formatter = parser._get_formatter()  # The public ways of argparse print, and have no rows.
    rows = [
        (_usage(action, formatter), formatter._expand_help(action) if action.help else "")
        for action in group._group_actions
        if action.help != argparse.SUPPRESS and not isinstance(action, argparse._HelpAction)
    ]
    titles = {"positional arguments": "argument", "options": "option"}
    if rows:
        yield from _table(titles.get(group.title or "", group.title or ""), rows)


def _usage(action: argparse.Action, formatter: argparse.HelpFormatter) -> str:
    """Return an option as it is typed: its short and its long form, and what follows them."""
    if not action.option_strings:
        return f"`{formatter._format_args(action, formatter._get_default_metavar_for_positional(action))}`"
    metavar = formatter._get_default_metavar_for_optional(action)
    values = "" if action.nargs == 0 else formatter._format_args(action, metavar)
    *short, long = action.option_strings
    return ", ".join([*(f"`{option}`" for option in short), f"`{f'{long} {values}'.rstrip()}`"])


def _table(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a table of two columns: names in Markdown, under ``title``, and what the help says of them."""
    yield f"| {title} | |\n|---|---|"
    yield from (f"| {name} | {_markdown(text)} |" for name, text in rows)
    yield ""


def _markdown(text: str) -> str:
    """Return text of a terminal as Markdown: what it would take for marks stands for itself, and options are code."""
    escaped = re.sub(r"([\\*_`<|\[\]])", r"\\\1", text)
    return re.sub(r"(?<![\w-])--?[a-z][\w-]*", lambda option: f"`{option[0]}`", escaped)
