"""requirements/ pins what the groups of pyproject.toml need, by hash, and leaves it to pip where packages are from."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
RENEW = "nox -s lock"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PYPROJECT["dependency-groups"]
PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ]+)(?: ; (?P<marker>.+?))? \\\n(?P<hashes>(?:    --hash=.*\n)+)"
)
HASHES = re.compile(r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+")
MACHINES = [
    {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "implementation_version": f"{python}.1",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    for python in ("3.11", "3.12", "3.13", "3.14")
    for system in ("linux", "darwin", "win32")
]


@cache
def pins(group: str) -> list[tuple[Requirement, str]]:
    """Return the pins of a group, and the hashes of each."""
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#"))
    found = []
    for pin in PIN.finditer(lines):
        assert HASHES.fullmatch(pin["hashes"]), pin["name"]
        marker = f" ; {pin['marker']}" if pin["marker"] else ""
        found.append((Requirement(f"{pin['name']}=={pin['version']}{marker}"), pin["hashes"]))
    assert PIN.sub("", lines).strip() == "", f"requirements/{group}.txt: neither pin nor comment; {RENEW}"
    return found


def needs(group: str) -> Iterator[Requirement]:
    """Yield what a group asks for: its own packages, included groups, extras of hayakana, and its base."""
    for line in GROUPS[group]:
        if isinstance(line, dict):
            yield from needs(line["include-group"])
        else:
            yield from opened(Requirement(line))


def opened(requirement: Requirement) -> Iterator[Requirement]:
    if requirement.name != "hayakana":
        yield requirement
        return
    yield from map(Requirement, PYPROJECT["project"]["dependencies"])
    for extra in requirement.extras:
        for line in PYPROJECT["project"]["optional-dependencies"][extra]:
            yield from opened(Requirement(line))


def test_every_group_is_locked_and_nothing_else_is() -> None:
    assert {path.stem for path in (ROOT / "requirements").iterdir()} == set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_no_index_and_no_place_is_named(group: str) -> None:
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://| @ |--(?!hash=)|^-|/(?:home|opt|root|tmp|Users|work)/", text, re.MULTILINE), RENEW
    assert pins(group)


@pytest.mark.parametrize("group", GROUPS)
def test_the_pins_satisfy_pyproject(group: str) -> None:
    for machine in MACHINES:
        pinned = {
            canonicalize_name(pin.name): Version(next(iter(pin.specifier)).version)
            for pin, _ in pins(group)
            if pin.marker is None or pin.marker.evaluate(machine)
        }
        for requirement in needs(group):
            if requirement.marker is None or requirement.marker.evaluate(machine):
                version = pinned.get(canonicalize_name(requirement.name))
                assert version is not None, f"{requirement} of group {group} is not locked: {RENEW}"
                assert requirement.specifier.contains(version, prereleases=True), f"{requirement}, {version}: {RENEW}"


@pytest.mark.parametrize("group", GROUPS)
def test_all_groups_have_the_versions_of_the_largest(group: str) -> None:
    largest = {(pin.name, str(pin.specifier)): hashes for pin, hashes in pins("dev")}
    for pin, hashes in pins(group):
        assert largest.get((pin.name, str(pin.specifier))) == hashes, f"{pin}: {RENEW}"
