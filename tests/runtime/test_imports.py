"""What importing does, and what is public; tests/test_imports.py says which room may import which."""

import ast
import importlib
import pickle
import pickletools
import subprocess
import sys
from pathlib import Path

import pytest

import hayakana
from hayakana import batch

RUNTIME = Path(hayakana.__file__).parent


def modules() -> list[Path]:
    return sorted(RUNTIME.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(RUNTIME)))
def test_only_sessions_imports_onnxruntime_and_nothing_tensorflow(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert not imported & {"tensorflow", "keras", "tf2onnx", "onnx", "hayakana_training"}
    assert "onnxruntime" not in imported or path.parent.name == "sessions"


@pytest.mark.slow
def test_importing_is_light() -> None:
    engines = ("pyarrow", "ray", "pyspark", "shtab")
    heavy = ("onnxruntime", "tensorflow", "keras", *engines, "matplotlib", "tqdm", "multiprocessing", "urllib.request")
    code = f"import sys, hayakana.cli.main; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_the_program_hears_of_signals_before_anything_else_is_loaded() -> None:
    code = "import sys, hayakana.cli.start; print([name for name in sys.modules if name.partition('.')[0] in "
    code += "('hayakana', 'numpy', 'typing', 'argparse')])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout == "['hayakana', 'hayakana.cli', 'hayakana.cli.start']\n"


@pytest.mark.slow
def test_importing_the_library_leaves_signals_alone() -> None:
    code = "import signal; before = [signal.getsignal(number) for number in signal.valid_signals()]; import hayakana;"
    code += "hayakana.Transliterator; import hayakana.cli.main, hayakana.cli.start, hayakana.system.signals;"
    code += "print(before == [signal.getsignal(number) for number in signal.valid_signals()])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout == "True\n"


@pytest.mark.slow
def test_transliterating_never_loads_tensorflow(tiny_folder: Path) -> None:
    code = (
        "import sys, hayakana; hayakana.Transliterator(sys.argv[1])('Mori');"
        "print('tensorflow' in sys.modules, 'matplotlib' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tiny_folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout == "False False\n"


def test_the_public_names_are_sorted_and_there() -> None:
    assert hayakana.__all__ == sorted(hayakana.__all__)
    assert dir(hayakana) == hayakana.__all__
    assert all(getattr(hayakana, name) is not None for name in hayakana.__all__)
    visible = {name for name in vars(hayakana) if not name.startswith("_")}
    submodules = {path.stem for path in RUNTIME.iterdir()}
    assert set(hayakana.__all__) - {"__version__"} == visible - submodules - {"TYPE_CHECKING"}


def test_pickles_know_no_room(tiny_folder: Path) -> None:
    values = [getattr(hayakana, name) for name in hayakana.__all__ if name != "__version__"]
    assert {value.__module__ for value in values} == {"hayakana"}
    classes = [value for name in batch.__all__ if isinstance(value := getattr(batch, name), type)]
    assert {value.__module__ for value in classes} == {"hayakana.batch"}
    with hayakana.Transliterator(tiny_folder, lexicon=hayakana.Lexicon.of({"a": "ア"})) as transliterator:
        for value in (transliterator, batch.ArrowTransliterator(tiny_folder)):
            opcodes = pickletools.genops(pickle.dumps(value, 0))
            modules = {name.split()[0] for opcode, name, _ in opcodes if opcode.name == "GLOBAL"}
            assert {name for name in modules if name.startswith("hayakana")} <= {"hayakana", "hayakana.batch"}


def test_the_public_names_are_those_that_type_checkers_see() -> None:
    """They read the imports; a program loads the modules of ``_HOMES``."""
    tree = ast.parse((RUNTIME / "__init__.py").read_text(encoding="utf-8"))
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hayakana."):
            imported |= {alias.name: node.module for alias in node.names}
    assert {*imported, "__version__"} == set(hayakana.__all__)
    assert {module.removeprefix("hayakana.") for module in imported.values()} == set(hayakana._HOMES)
    for name, module in imported.items():
        assert getattr(hayakana, name) is getattr(importlib.import_module(module), name)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    for name in ("Transliteratr", "__wrapped__"):
        with pytest.raises(AttributeError, match=f"module 'hayakana' has no attribute '{name}'"):
            getattr(hayakana, name)


def test_every_error_is_ours_and_in_the_tree() -> None:
    public = [getattr(hayakana, name) for name in hayakana.__all__]
    errors = [value for value in public if isinstance(value, type) and issubclass(value, Exception)]
    assert errors
    tree = hayakana.errors.__doc__
    assert tree is not None
    for error in errors:
        assert issubclass(error, hayakana.HayakanaError)
        assert error.__name__ in tree
