"""The parser of ``hayakana``: what an option may hold, and what is said where it holds something else.

Wrong use is answered by the usage of that command in a line, by what is wrong, and by what shows more.
"""

import argparse
import math
from pathlib import Path
from typing import Any, NoReturn

from hayakana.engine.options import MOST_WORKERS
from hayakana.errors import shorten
from hayakana.names.languages import language_of
from hayakana.results import MOST_CANDIDATES
from hayakana.system.processors import usable_processors

USAGE = 2
"""The exit code of wrong use."""

MOST_ROWS = 1 << 31
"""Rows that an option may ask for at once. More are never in memory."""


class Parser(argparse.ArgumentParser):
    """A parser of the program or of a command."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end the process."""
        self.exit(USAGE, f"{self.format_usage()}hayakana: {message}\ntry '{self.prog} --help'\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and refuse what this command does not know; argparse would show the usage of the program for it."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            options = [argument for argument in unknown if argument.startswith("-")]
            self.error(
                f"no option {options[0]}"
                if options
                else f"{shorten(unknown[0])} comes after an option that comes after other arguments: give options first"
            )
        return parsed, unknown


def count(text: str, *, most: int = MOST_ROWS) -> int:
    """Return the number from 1 to ``most`` that ``text`` is."""
    digits = text.lstrip("0") if text.isascii() and text.isdecimal() else ""
    if not 0 < len(digits) <= len(str(most)) or int(digits) > most:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must be a number of at least 1 and at most {most:,}")
    return int(digits)


def worker_count(text: str) -> int:
    """Return the number of workers that ``text`` is; ``auto`` is a worker for each processor that can be used."""
    if text == "auto":
        return min(usable_processors(), MOST_WORKERS)
    try:
        return count(text, most=MOST_WORKERS)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{error}, or auto") from None


def candidate_count(text: str) -> int:
    """Return the number of candidates that ``text`` is."""
    return count(text, most=MOST_CANDIDATES)


def number(text: str, *, least: float, most: float) -> float:
    """Return the number from ``least`` to ``most`` that ``text`` is."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must be a number from {least:g} to {most:g}")
    return value


def language_code(text: str) -> str:
    """Return ``text``, a code of a language or country; empty is none."""
    try:
        language_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text.strip()


def unicode_text(text: str) -> str:
    """Return ``text``, which is written somewhere or looked up; bytes that are not UTF-8 came as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must be text in UTF-8") from None
    return text


def word(text: str) -> str:
    """Return ``text``, which must be something."""
    if not text:
        raise argparse.ArgumentTypeError("an empty text was given: name something, or leave the option out")
    return unicode_text(text)


def separator(text: str) -> str:
    """Return what stands between parts of a name, which must not make two lines of them."""
    if text.splitlines() not in ([], [text]):
        raise argparse.ArgumentTypeError(f"{shorten(text)}: must not hold a line break")
    return unicode_text(text)


def path_text(text: str) -> str:
    """Return ``text``, which names a file, a folder or what stands for one; of any bytes, as names of files are."""
    if not text:
        raise argparse.ArgumentTypeError("an empty path was given: is a variable of the shell not set?")
    if "\0" in text:
        raise argparse.ArgumentTypeError(f"{shorten(text)}: a path cannot hold a null character")
    return text


def path(text: str) -> Path:
    """Return the path that ``text`` is."""
    return Path(path_text(text))


PATHS = (path, path_text)
"""Types of what names a file or a folder."""
