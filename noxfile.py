"""A command a task, the same here and in CI: ``nox -s check``; ``nox -l`` lists them.

A session makes an environment of its own, from the versions and hashes of requirements/, and keeps it for the next
time. ``nox --no-venv -s check`` makes none: it uses the environment that nox runs in, such as README's.
"""

import tomllib
from pathlib import Path

import nox

ROOT = Path(__file__).parent
REQUIREMENTS = "requirements"
GROUPS: list[str] = list(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"])
OLDEST_PYTHON = "3.11"

nox.needs_version = ">=2025.5"
nox.options.sessions = ["check", "test_runtime"]
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True


def install(session: nox.Session, group: str) -> None:
    """Install ``group`` as it is locked, and this checkout; with ``--no-venv``, nothing."""
    if session.virtualenv.is_sandboxed:
        session.install("--require-hashes", "-r", f"{REQUIREMENTS}/{group}.txt")
        session.install("--no-deps", "--editable", ".")


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements/ after a change of pyproject.toml; ``nox -s lock -- --upgrade`` takes the newest versions."""
    install(session, "tasks")
    Path(REQUIREMENTS).mkdir(exist_ok=True)
    # The largest goes first, and gives its versions to the groups that it includes.
    for group in sorted(GROUPS, key=lambda group: group != "dev"):
        output = f"{REQUIREMENTS}/{group}.txt"
        session.run(
            *("uv", "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"),
            # hayakana, whose extras groups name, is installed from the checkout. No line says where packages are from.
            *("--group", group, "--no-emit-package", "hayakana", "--no-emit-index-url", "--no-emit-find-links"),
            *(("--constraints", f"{REQUIREMENTS}/dev.txt") if group != "dev" else ()),
            *("--custom-compile-command", "nox -s lock", "--quiet", "--output-file", output),
            *session.posargs,
        )
