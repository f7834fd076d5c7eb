"""Every snippet of README.md, README.ja.md and docs/ is run, and does what it says."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services import serving

from benchmarks.reports import summary, tables

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.ja.md"]
PAGES = [*READMES, *sorted((ROOT / "docs").glob("*.md"))]
SHELL_RUN_BY_CI = {"first-run", "extras", "tests", "first-training"}
"""Blocks of README.md, and of docs/training.md, that .ci/run runs in fresh environments."""
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
    of_pages = summary.pages()
    for readme in READMES:
        assert of_pages[readme.name] in readme.read_text(encoding="utf-8")
    performance = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert all(table in performance for table in tables.performance().values())
    accuracy = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert all(table in accuracy for table in (of_pages["accuracy"], of_pages["hints"]))
    assert of_pages["doubt"] in (ROOT / "docs" / "probabilities.md").read_text(encoding="utf-8")


def test_both_readmes_have_the_same_snippets_and_links() -> None:
    english, japanese = (readme.read_text(encoding="utf-8") for readme in READMES)
    assert commands(english) == commands(japanese)
    own = {"README.md", "README.ja.md", "docs/pictures/page-light.png", "docs/pictures/page-ja.png"}
    assert set(links(english)) - own == set(links(japanese)) - own


def commands(text: str) -> list[list[str]]:
    """Return the lines of each snippet, those of shell blocks without their comments, which are translated."""
    found = re.findall(r"((?:<!-- [^\n]* -->\n)?)^```([a-z]+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [
        [mark, *(line.partition("  # ")[0].rstrip() if language == "sh" else line for line in code.splitlines())]
        for mark, language, code in found
    ]


def links(text: str) -> list[str]:
    """Return where the links of a page lead, without those to another place of the same page."""
    return re.findall(r"\]\(([^)#]+[^)]*)\)", text)


def test_links_lead_somewhere() -> None:
    for page in {*PAGES, *ROOT.glob("*.md")}:
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = link.partition("#")
            if link.startswith("https://"):
                continue
            target = page.parent / path if path else page
            assert target.exists(), f"{page.name}: {link}"
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), f"{page.name}: {link}"


def anchors(text: str) -> set[str]:
    """Return the anchors that forges give to the headings of a page."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
