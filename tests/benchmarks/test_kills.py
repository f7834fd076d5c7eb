"""What kills jobs; tests/runtime/batch/jobs/test_to_folder.py lets it kill some."""

import signal
import sys
from pathlib import Path

import pytest
from tests import processes

from benchmarks import kills


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_every_signal_ends_a_job_though_this_process_ignores_sigint(how: signal.Signals, tmp_path: Path) -> None:
    """As under ``nohup``, or in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sleep = [sys.executable, "-c", f"import time; time.sleep({processes.LIMIT_S})"]
        assert kills.run_and_kill(sleep, tmp_path, 0.3, how) is how
    finally:
        signal.signal(signal.SIGINT, before)
