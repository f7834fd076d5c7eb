"""``python -m benchmarks.kills``: jobs killed at random moments and resumed, against the same job left alone.

A folder job is started on names by census frequency, killed after a random part of the time that it takes alone, and
resumed, again and again; whenever it gets to its end, its folder has to hold the very bytes of the job left alone, and
then it begins anew. Not a measurement of speed: nothing here depends on how long anything takes.
"""

import argparse
import filecmp
import functools
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.harness.record import RESULTS, head, origin, page, publish
from benchmarks.harness.samples import full_names
from hayakana.model.folder import find_model

SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
"""One is drawn for each kill."""


@dataclass
class Outcome:
    """What became of the jobs: kills by signal, jobs that ended, and how their rows differ from the job left alone."""

    kills: Counter[str] = field(default_factory=Counter)
    jobs_ended: int = 0
    rows_lost: int = 0
    rows_doubled: int = 0
    rows_changed: int = 0
    files_that_differ: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether every job that ended left the same bytes."""
        return not (self.rows_lost or self.rows_doubled or self.rows_changed or self.files_that_differ)


def kill_and_resume(command: Sequence[str], folder: Path, *, kills: int, seed: int) -> Outcome:
    """Run ``command``, to which the name of an output folder is appended, with ``kills`` kills in all.

    Args:
        command: a job that resumes; has a column ``id``, different in each row, in Parquet files.
        folder: an empty folder to work in.
        kills: how many processes are killed.
        seed: of the moments and the signals.
    """
    started = time.perf_counter()
    subprocess.run([*command, str(folder / "alone")], check=True, capture_output=True)
    alone = time.perf_counter() - started
    chance, outcome, output = random.Random(seed), Outcome(), folder / "killed"  # noqa: S311  (not a secret)
    while outcome.kills.total() < kills or not outcome.jobs_ended or output.exists():
        if outcome.kills.total() < kills:
            killed = run_and_kill(command, output, chance.uniform(0, alone), chance.choice(SIGNALS))
            if killed is not None:
                outcome.kills[killed.name] += 1
                continue
        done = subprocess.run([*command, str(output)], check=True, capture_output=True, text=True)
        assert "rows" in done.stderr
        _compare(folder / "alone", output, outcome)
        outcome.jobs_ended += 1
        shutil.rmtree(output)
    return outcome


def run_and_kill(command: Sequence[str], output: Path, moment: float, how: signal.Signals) -> signal.Signals | None:
    """Run the job and kill it after ``moment`` seconds; return None where it had ended by then."""
    # A program that a shell starts in the background ignores SIGINT, and what it starts does so from it.
    hear = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        [*command, str(output)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=hear
    ) as process:
        try:
            _, errors = process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(how)
            _, errors = process.communicate()
        if process.returncode == 0:
            return None
        assert process.returncode in (-how, 128 + how), errors
    return how


def _compare(alone: Path, killed: Path, outcome: Outcome) -> None:
    names = {path.name for path in alone.iterdir()} | {path.name for path in killed.iterdir()}
    _, different, missing = filecmp.cmpfiles(alone, killed, sorted(names), shallow=False)
    outcome.files_that_differ += len(different) + len(missing)
    expected, found = (pq.read_table(sorted(folder.glob("part-*"))) for folder in (alone, killed))
    by_id = Counter(found.column("id").to_pylist())
    outcome.rows_doubled += sum(count - 1 for count in by_id.values())
    outcome.rows_lost += sum(row not in by_id for row in expected.column("id").to_pylist())
    outcome.rows_changed += len(set(map(str, found.to_pylist())) - set(map(str, expected.to_pylist())))


def render(result: Mapping[str, Any]) -> str:
    """Return the result as Markdown."""
    by_signal = ", ".join(f"{count} by {name}" for name, count in result["kills"].items())
    counts = ("rows_lost", "rows_doubled", "rows_changed", "files_that_differ")
    kills = f"{sum(result['kills'].values())} kills ({by_signal}) of jobs of {result['rows']:,} rows"
    what = f"{kills}; {result['jobs_ended']} jobs ended, and beside the job left alone:"
    differences = "".join(f"- {name.replace('_', ' ')}: {result[name]}\n" for name in counts)
    return page("Kills", origin(result["head"]), what, differences)


def main() -> None:
    """Run it with the shipped model, print what came out and write it to the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--model", default="fast")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = head({options.model: find_model(options.model)})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = "".join(f"{place},{full}\n" for place, full in enumerate(full_names(options.rows, seed=options.seed)))
        (folder / "names.csv").write_text(f"id,name\n{names}", encoding="ascii")
        command = [sys.executable, "-m", "hayakana", "batch", "--model", options.model, "--resume", "--workers", "2"]
        sizes = ["--window", "8192", "--rows-per-file", "65536"]
        outcome = kill_and_resume(
            [*command, *sizes, str(folder / "names.csv")], folder, kills=options.kills, seed=options.seed
        )
    result = {"head": begun, **vars(options), **asdict(outcome), "kills": dict(outcome.kills)}
    publish(RESULTS / "kills.json", result, render)
    sys.exit(0 if outcome.is_clean else 1)


if __name__ == "__main__":
    main()
