"""``hayakana --print-completion``: what has a shell complete commands, options, choices, models and names of files."""

import argparse
from typing import Any, NoReturn

from hayakana.cli.parser import PATHS
from hayakana.errors import import_failure
from hayakana.model.folder import bundled_models

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
    _mark(parser, files=shtab.FILE, models=_models())
    return str(shtab.complete(parser, shell))


def _models() -> dict[str, str | dict[str, str]]:
    """Return what has shells complete a model, in shtab's terms: the bundled models by name, and folders."""
    names = " ".join(bundled_models())
    return {
        "bash": "_hayakana_models",
        "zsh": "_hayakana_models",
        "tcsh": "d",
        "preamble": {
            "bash": f'_hayakana_models() {{ compgen -W "{names}" -- "$1"; compgen -d -- "$1"; }}',
            "zsh": f"_hayakana_models() {{ _alternative 'models:bundled model:({names})' 'folders:folder:_files -/' }}",
        },
    }


def _mark(parser: argparse.ArgumentParser, *, files: object, models: object) -> None:
    """Mark the options of ``parser`` and of its commands that name files or models, as shtab wants it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _mark(command, files=files, models=models)
        elif action.dest in ("model", "models"):
            action.complete = models  # type: ignore[attr-defined]  # what shtab reads
        elif action.type in PATHS or action.metavar == "FILE":
            action.complete = files  # type: ignore[attr-defined]  # what shtab reads
