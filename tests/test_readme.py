"""Every snippet of README.md and docs/ is run, and does what it says."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services import serving

from benchmarks.reports import tables

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL_RUN_BY_CI = {"first-run", "extras", "tests"}
"""Blocks of README.md that .ci/run runs in fresh environments."""
NEEDS = {"ray.md": "ray_cluster", "spark.md": "spark", "service.md": "served"}
"""The fixture that the snippets of a page need around them."""


def blocks(language: str) -> list[pytest.param]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for number, code in enumerate(re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)):
            marks = [pytest.mark.spark] if NEEDS.get(page.name) == "spark" else []
            found.append(pytest.param(code, NEEDS.get(page.name), id=f"{page.name}-{number}", marks=marks))
    return found


@pytest.mark.parametrize(("code", "needs"), blocks("python"))
def test_python(
    code: str, needs: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A line that ends in `# value` gives that value; the others run."""
    if needs is not None:
        request.getfixturevalue(needs)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    for statement in ast.parse(code).body:
        source = ast.get_source_segment(code, statement)
        assert source is not None
        last_line = code.splitlines()[(statement.end_lineno or 0) - 1].encode()  # columns count UTF-8 bytes
        comment = last_line[statement.end_col_offset or 0 :].decode().strip()
        if isinstance(statement, ast.Expr) and re.match(r"# ['\[(\d]", comment):
            assert eval(source, names) == ast.literal_eval(comment.removeprefix("# "))  # noqa: S307
        else:
            exec(source, names)  # noqa: S102


SERVED = "http://127.0.0.1:8000"
"""Where the service of the pages is; that of the tests is elsewhere."""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with serving() as service:
        yield service.url


@pytest.mark.parametrize(("session", "needs"), blocks("console"))
def test_console(session: str, needs: str | None, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What follows a `$` line is what it prints on standard output."""
    if needs is not None:
        assert needs == "served"
        session = session.replace(SERVED, request.getfixturevalue(needs))
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", session, re.MULTILINE):
        done = subprocess.run(  # noqa: S602
            command,
            shell=True,
            cwd=tmp_path,
            env={"PATH": path, "LANG": "C.UTF-8"},
            capture_output=True,
            check=True,
            timeout=300,
        )
        assert done.stdout.decode() == expected


def test_the_other_shell_blocks_are_run_by_ci_or_marked_as_not() -> None:
    marked = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for before in re.findall(r"(.*)\n```sh\n", text):
            name = re.fullmatch(r"<!-- ([a-z-]+)(?:: .*)? -->", before)
            assert name, f"{page.name}: a shell block without a mark that says who runs it"
            marked.add(name[1])
    assert marked == SHELL_RUN_BY_CI | {"not-run"}
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"readme.py {name}" in ci for name in SHELL_RUN_BY_CI)


def test_the_tables_are_those_of_the_results() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert tables.models() in readme
    assert tables.speed() in readme


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), f"{page.name}: {link}"
