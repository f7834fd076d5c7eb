"""What hayakana costs to start: import, first name, memory, size of the wheel. Each repetition is a new process."""

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.harness.child import AS_INSTALLED, ROOT
from benchmarks.harness.rounds import Settings, in_turns, summaries

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
    """Measure the import and both models in turns; the wheel is weighed if there is exactly one in ``dist/``."""
    _python(FIRST_NAME, MODELS[0])  # Compiles.
    sides = {"import": _import, **{model: partial(_first_name, model) for model in MODELS}}
    runs = in_turns(sides, rounds=settings.pick(full=11, quick=3))
    figures = {
        side: summaries({key: [run[key] for run in of_side] for key in of_side[0]}) for side, of_side in runs.items()
    }
    return {
        "inside_the_clock": {
            "import_s": "import hayakana, in a process that has imported nothing else",
            "first_name_s": "from starting the process until it has ended, Peter Parker transliterated and printed",
            "peak_resident_mib": "of that process",
        },
        "wheel_mb": _wheel_mb(ROOT / "dist"),
        **figures.pop("import"),
        **figures,
    }


def _import() -> dict[str, float]:
    return {"import_s": float(_python(IMPORT))}


def _first_name(model: str) -> dict[str, float]:
    started = time.perf_counter()
    output = _python(FIRST_NAME, model)
    return {"first_name_s": time.perf_counter() - started, "peak_resident_mib": float(output.split()[-1])}


def _wheel_mb(folder: Path) -> float | str:
    wheels = sorted(folder.glob("hayakana-*.whl"))
    return round(wheels[0].stat().st_size / 1e6, 2) if len(wheels) == 1 else f"not run: {len(wheels)} wheels in dist/"


def _python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **AS_INSTALLED}
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
