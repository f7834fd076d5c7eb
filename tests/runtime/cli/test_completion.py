"""Tab completion: what shells are given, and what bash makes of it."""

import subprocess
import sys

import pytest
from tests.processes import HAYAKANA, LIMIT_S

from hayakana.cli.main import main

pytestmark = pytest.mark.slow

COMPLETE = """
source /dev/stdin <<< "$SCRIPT"
COMP_WORDS=({words}) COMP_CWORD={last}
_shtab_hayakana hayakana "${{COMP_WORDS[$COMP_CWORD]}}" "${{COMP_WORDS[$COMP_CWORD - 1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
"""What bash does when a person presses the tab key."""


@pytest.fixture(scope="module")
def script() -> str:
    done = subprocess.run([*HAYAKANA, "--print-completion", "bash"], capture_output=True, timeout=LIMIT_S)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["tr"], ["transliterate"]),
        (["--ver"], ["--version"]),
        (["batch", "--res"], ["--resume"]),
        (["transliterate", "--device", "c"], ["cpu", "cuda"]),
        (["batch", "nam"], ["names.csv"]),
        (["transliterate", "--lexicon", "nam"], ["names.csv"]),
        (["explain", "--output", "nam"], ["names.csv"]),
        (["transliterate", "--model", "f"], ["fast", "folder"]),
        (["serve", "--model", "c"], ["cc0"]),
        (["info", "s"], ["seed"]),
    ],
)
def test_bash_completes(script: str, typed: list[str], expected: list[str], tmp_path) -> None:
    (tmp_path / "names.csv").touch()
    (tmp_path / "folder").mkdir()
    code = COMPLETE.format(words=" ".join(["hayakana", *typed]), last=len(typed))
    done = subprocess.run(
        ["bash", "-c", code],
        env={"SCRIPT": script, "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert [word for word in done.stdout.split() if word] == expected, done.stderr


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_are_given_theirs(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--print-completion={shell}"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "transliterate" in out
    assert "print-completion" in out


def test_another_shell_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", "csh"])
    assert ended.value.code == 2
    assert "(choose from" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("hayakana: tab completion needs an optional dependency: pip install ")
    assert "completion]" in err
    assert err.count("\n") == 1
