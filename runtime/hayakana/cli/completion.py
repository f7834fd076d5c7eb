"""``hayakana --print-completion``: what has a shell complete commands, options, choices and names of files."""

import argparse
from typing import Any, NoReturn

from hayakana.cli.parser import PATHS
from hayakana.errors import import_failure

SHELLS = ("bash", "zsh", "tcsh")
"""Shells, as shtab calls them."""


class PrintCompletion(argparse.Action):
    """Prints the completion for a shell, and ends the process."""

    def __call__(self, parser: argparse.ArgumentParser, _: argparse.Namespace, shell: Any, *__: Any) -> NoReturn:
        """Print the completion of ``parser`` for ``shell``.

        Raises:
            MissingExtraError: shtab is not installed.
            LoadingError: shtab is installed, but cannot be loaded.
        """
        print(completion_of(parser, shell))
        parser.exit()


def completion_of(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that has ``shell`` complete what ``parser`` takes; changes what options hold for shtab.

    Raises:
        MissingExtraError: shtab is not installed.
        LoadingError: shtab is installed, but cannot be loaded.
    """
    try:
        import shtab
    except ImportError as error:
        raise import_failure(error, "tab completion", extra="completion", packages=("shtab",)) from error
    _mark_files(parser, shtab.FILE)
    return str(shtab.complete(parser, shell))


def _mark_files(parser: argparse.ArgumentParser, files: object) -> None:
    """Mark the options of ``parser`` and of its commands that name files, as shtab wants it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _mark_files(command, files)
        elif action.type in PATHS or action.metavar == "FILE":
            action.complete = files  # type: ignore[attr-defined]  # what shtab reads
