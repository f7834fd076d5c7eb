"""Which room of a package may import which: a table of folders for each package, and no circle among modules."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import hayakana
import hayakana_training

ROOT = Path(__file__).parent.parent
RUNTIME = Path(hayakana.__file__).parent

ROOMS: dict[str, tuple[Path, Sequence[str]]] = {
    "hayakana": (
        RUNTIME,
        (
            "errors extras system syntax results",
            "batch.formats",
            "names",
            "model alignment",
            "decoding",
            "sessions",
            "engine",
            "transliterator",
            "batch.arrow",
            "batch.jobs",
            "batch",
            "integrations serve",
            "cli",
            "__main__ _pyinstaller",
        ),
    ),
    "hayakana_training": (
        Path(hayakana_training.__file__).parent,
        ("errors", "model", "data", "export", "known_names evaluation", "origin", "learning", "teaching", "cli"),
    ),
    "benchmarks": (ROOT / "benchmarks", ("harness", "sides", "suite", "reports", "studies", "__main__ kills")),
    "website": (ROOT / "website", ("built defaults options pages", "build", "__main__")),
}
"""Package → its folder and its floors, from the ground up: a room imports from its own floor and those below it."""


def modules(folder: Path, package: str) -> dict[str, Path]:
    """Return the modules of a package by their dotted names."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        found[".".join((package, *(part for part in parts if part != "__init__")))] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield which modules of ``known`` a file imports, wherever in it, but for those that type checkers alone see."""
    for node in nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else node.module for name in submodules)


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes below ``tree``, but for what stands under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            yield from nodes(node)


def room_of(module: str, rooms: Sequence[str]) -> str:
    """Return the room of a module: the longest of ``rooms`` that it begins with; ``""`` for the package itself."""
    _, _, below = module.partition(".")
    return max((room for room in rooms if f"{below}.".startswith(f"{room}.")), key=len, default="")


@pytest.mark.parametrize("package", ROOMS)
def test_imports_run_down_only(package: str) -> None:
    folder, floors = ROOMS[package]
    known = modules(folder, package)
    floor_of = {room: floor for floor, rooms in enumerate(floors) for room in rooms.split()}
    assert {room_of(module, list(floor_of)) for module in known} >= floor_of.keys()
    wrong = []
    for module, path in known.items():
        room = room_of(module, list(floor_of))
        assert room or module == package, f"{module} is in no room"
        for other in imported(path, known):
            room_of_other = room_of(other, list(floor_of))
            # The package itself lists the public names of rooms; whoever imports it goes by these.
            if room and room_of_other and floor_of[room_of_other] > floor_of[room]:
                wrong.append(f"{module} imports {other}")
    assert not wrong


@pytest.mark.parametrize("package", ROOMS)
def test_no_modules_import_each_other_in_a_circle(package: str) -> None:
    folder, _ = ROOMS[package]
    known = modules(folder, package)
    arrows = {module: {*imported(path, known)} - {package} for module, path in known.items() if module != package}
    while leaves := [module for module, others in arrows.items() if not others & arrows.keys()]:
        for module in leaves:
            del arrows[module]
    assert not arrows, f"in a circle, or leading into one: {sorted(arrows)}"
