"""What hayakana costs to start: import, first name, memory, size of the wheel. Each repetition is a new process.

python -m benchmarks.footprint dist/hayakana-*.whl
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.record import write

REPETITIONS = 11

IMPORT = "import time; t = time.perf_counter(); import hayakana; print(time.perf_counter() - t)"
FIRST_NAME = """
import resource, sys
from hayakana import Transliterator
print(Transliterator(sys.argv[1])("Peter Parker"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main(wheel: str) -> None:
    """Measure, print, and write results/footprint.json."""
    values: dict[str, object] = {
        "inside_the_clock": {
            "import_s": "import hayakana, in a process that has imported nothing else",
            "first_name_s": "from starting the process until it has ended, Peter Parker transliterated and printed",
            "peak_resident_mib": "of that process",
        },
        "wheel_mb": round(Path(wheel).stat().st_size / 1e6, 2),
        "import_s": summary([float(_run(IMPORT)) for _ in range(REPETITIONS)]),
    }
    for model in ("default", "seed"):
        seconds, memory = [], []
        for _ in range(REPETITIONS):
            started = time.perf_counter()
            output = _run(FIRST_NAME, model)
            seconds.append(time.perf_counter() - started)
            memory.append(int(output.split()[-1]) / 1024)
        values[model] = {"first_name_s": summary(seconds), "peak_resident_mib": summary(memory)}
    print(write("footprint", values).read_text(encoding="utf-8"))


def summary(values: list[float]) -> dict[str, object]:
    """Return median, smallest and largest, and every repetition."""
    return {
        "median": round(statistics.median(values), 4),
        "min": round(min(values), 4),
        "max": round(max(values), 4),
        "all": [round(value, 4) for value in values],
    }


def _run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


if __name__ == "__main__":
    main(sys.argv[1])
