"""Versions of packages, and how an extra is installed where hayakana came from: an index, a file, a repository."""

import contextlib
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from hayakana.syntax import Json, parse

_REQUIREMENT = re.compile(r"(?P<package>[^;]+?)\s*;\s*extra\s*==\s*['\"](?P<extra>[\w.-]+)['\"]")
_OF_HAYAKANA = re.compile(r"hayakana\[(?P<extras>[\w.,\s-]+)\]")


def version_of(distribution: str) -> str | None:
    """Return the version of a package; None where it is not installed."""
    from importlib import metadata  # Slow to import, and seldom needed.

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def install_line(extra: str) -> str:
    """Return the command that adds ``extra`` to hayakana as it was installed."""
    from importlib import metadata

    with contextlib.suppress(metadata.PackageNotFoundError, OSError, ValueError):  # A damaged note is a ValueError.
        installed = metadata.distribution("hayakana")
        origin = installed.read_text("direct_url.json")
        if origin is not None:  # It is None from an index.
            return line_of_origin(parse(origin.encode()), extra, requirements=installed.requires or ())
    return _pip(f"hayakana[{extra}]")


def line_of_origin(origin: Json, extra: str, *, requirements: Sequence[str]) -> str:
    """Return the install line of ``extra`` where ``origin`` is ``direct_url.json`` (PEP 610).

    Nothing can be installed from a wheel file or folder that has gone. There the packages of the extra are named, which
    are in ``requirements``, as the metadata of hayakana have them.

    Raises:
        JsonError: ``origin`` is not as PEP 610 has it.
        ValueError: its address is none.
    """
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    url, vcs, folder = origin.member("url").text(), origin.optional("vcs_info"), origin.optional("dir_info")
    if vcs is not None:
        url = f"{vcs.member('vcs').text()}+{url}@{vcs.member('commit_id').text()}"
    if urlsplit(url).scheme != "file":
        inside = origin.optional("subdirectory")
        return _pip(f"hayakana[{extra}] @ {url}{f'#subdirectory={inside.text()}' if inside else ''}")
    path = url2pathname(urlsplit(url).path)
    if not Path(path).exists():
        return _pip(*(_packages(extra, requirements) or [f"hayakana[{extra}]"]))
    editable = folder and folder.optional("editable")
    return _pip(f"{path}[{extra}]", editable=bool(editable and editable.flag()))


def _packages(extra: str, requirements: Sequence[str]) -> list[str]:
    """Return what ``extra`` of hayakana requires, with its versions; other extras of hayakana are opened."""
    packages: list[str] = []
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement)
        if match and match["extra"] == extra:
            inner = _OF_HAYAKANA.fullmatch(match["package"])
            if inner is None:
                packages.append(match["package"])
            else:
                remaining = [line for line in requirements if line != requirement]
                for inner_extra in inner["extras"].split(","):
                    packages += _packages(inner_extra.strip(), remaining)
    return packages


def _pip(*what: str, editable: bool = False) -> str:
    # A shell would take brackets for a pattern and > for a file, which shlex quotes.
    return " ".join(["pip install", *(["-e"] if editable else []), *map(shlex.quote, what)])
