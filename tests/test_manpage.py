"""The manual page is that of the parser, and man finds no fault with it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/hayakana.1"


def test_the_manual_page_is_that_of_the_parser() -> None:
    pytest.importorskip("argparse_manpage")
    command = [sys.executable, ROOT / ".ci/manpage.py"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert PAGE.read_text(encoding="utf-8") == done.stdout.decode(), "run: python .ci/manpage.py > docs/hayakana.1"


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man")
def test_man_finds_no_fault_with_it() -> None:
    command = ["man", "--warnings", "-E", "UTF-8", "-l", PAGE]
    done = subprocess.run(command, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    for heading in ("NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES"):
        assert f"\n{heading}\n" in text
