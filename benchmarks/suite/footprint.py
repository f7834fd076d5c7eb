"""What hayakana costs to start: import, first name, memory, size of the wheel. Each repetition is a new process."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.harness.child import AS_INSTALLED, ROOT
from benchmarks.harness.rounds import Settings, summaries, summary

MODELS = ("default", "seed")

IMPORT = "import time; t = time.perf_counter(); import hayakana; print(time.perf_counter() - t)"
FIRST_NAME = """
import sys
from hayakana import Transliterator
print(Transliterator(sys.argv[1])("Peter Parker"))
from benchmarks.harness.memory import peak_resident_mib
print(peak_resident_mib())
"""


def run(settings: Settings) -> dict[str, Any]:
    """Measure both models in turns; the wheel is weighed if there is exactly one in ``dist/``."""
    imports: list[float] = []
    measured: dict[str, dict[str, list[float]]] = {
        model: {"first_name_s": [], "peak_resident_mib": []} for model in MODELS
    }
    _python(FIRST_NAME, MODELS[0])  # Compiles.
    for number in range(settings.pick(full=11, quick=3)):
        imports.append(float(_python(IMPORT)))
        for model in MODELS if number % 2 == 0 else MODELS[::-1]:
            started = time.perf_counter()
            output = _python(FIRST_NAME, model)
            measured[model]["first_name_s"].append(time.perf_counter() - started)
            measured[model]["peak_resident_mib"].append(float(output.split()[-1]))
    return {
        "inside_the_clock": {
            "import_s": "import hayakana, in a process that has imported nothing else",
            "first_name_s": "from starting the process until it has ended, Peter Parker transliterated and printed",
            "peak_resident_mib": "of that process",
        },
        "wheel_mb": _wheel_mb(ROOT / "dist"),
        "import_s": summary(imports),
        **{model: summaries(found) for model, found in measured.items()},
    }


def _wheel_mb(folder: Path) -> float | str:
    wheels = sorted(folder.glob("hayakana-*.whl"))
    return round(wheels[0].stat().st_size / 1e6, 2) if len(wheels) == 1 else f"not run: {len(wheels)} wheels in dist/"


def _python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **AS_INSTALLED}
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
