"""What every result file says: where and with what it was measured, and each part with which code."""

import hashlib
import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import hayakana
from hayakana.model.folder import bundled_models, load_model
from hayakana.system.files import atomic_file

RESULTS = Path(__file__).parent / "results"
SUITE = RESULTS / "suite.json"
PACKAGES = (
    "hayakana",
    "numpy",
    "onnxruntime",
    "onnxruntime-gpu",
    "tensorflow",
    "keras",
    "tf2onnx",
    "e2k",
    "kanalizer",
    "alkana",
    "names",
)


def machine() -> dict[str, Any]:
    """Return processor, cores, memory and versions; no name and no path of the machine."""
    cpu = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        cpu = next(
            (line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")),
            cpu,
        )
    return {
        "processor": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {package: metadata.version(package) for package in PACKAGES if _installed(package)},
    }


def describe_models(*names: str) -> dict[str, dict[str, str]]:
    """Return the sha256 of each file of the bundled models ``names``, as their manifests state them."""
    return {name: describe_folder(bundled_models()[name]) for name in names}


def describe_folder(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file of a model folder, as its manifest states them."""
    return {file: entry.sha256 for file, entry in load_model(folder).manifest.files.items()}


def describe_file(path: Path) -> dict[str, str]:
    """Return the name and the sha256 of a file of data."""
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def write(name: str, values: dict[str, Any]) -> Path:
    """Write ``results/NAME.json`` with the machine in it."""
    path = RESULTS / f"{name}.json"
    write_json(path, {"machine": machine(), **values})
    return path


def read_json(path: Path) -> dict[str, Any]:
    """Read a result file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a result file: lists of numbers on one line, since repetitions are for programs to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, _render(values, "") + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with atomic_file(path) as file:
        file.write(text.encode())


def _render(value: Any, indent: str) -> str:
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    lines = ",\n".join(f"{inner}{json.dumps(key, ensure_ascii=False)}: {_render(value[key], inner)}" for key in value)
    return f"{{\n{lines}\n{indent}}}"


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def code_digest() -> str:
    """Return a checksum of the source of runtime and suite: their version stays the same at work."""
    digest = hashlib.sha256()
    for folder in (Path(hayakana.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
