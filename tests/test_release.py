"""Tasks, workflows and the tag of a release agree."""

import json
import re
from pathlib import Path

import noxfile
import pytest
import yaml

from hayakana import __version__

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SESSION = re.compile(r"""nox"?(?: --no-venv)? -s ([\w "()-]+?)(?: -- .*)?$""", re.MULTILINE)
CHANGELOG = "# Changelog\n\n## 0.2.0, {day}\n\n- News.\n\n## 0.1.0, 2026-01-02\n\n- Old.\n"


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources of 0.2.0, which was made on a day."""
    code = tmp_path / noxfile.PYPROJECT["tool"]["hatch"]["version"]["path"]
    code.parent.mkdir(parents=True)
    code.write_text('__version__ = "0.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG.format(day="2026-02-03"), encoding="utf-8")
    monkeypatch.setattr(noxfile, "ROOT", tmp_path)
    return tmp_path


def test_notes_are_those_of_the_version(sources: Path) -> None:
    assert noxfile.notes("v0.2.0") == noxfile.notes() == "- News.\n"


@pytest.mark.parametrize("tag", ["0.2.0", "v0.1.0", "v0.2.0rc1"])
def test_a_tag_of_another_version_is_refused(sources: Path, tag: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"the tag is {tag}, and the sources are of 0.2.0")):
        noxfile.notes(tag)


def test_a_tag_needs_a_day_in_the_changelog(sources: Path) -> None:
    (sources / "CHANGELOG.md").write_text(CHANGELOG.format(day="unreleased"), encoding="utf-8")
    assert noxfile.notes() == "- News.\n"
    with pytest.raises(ValueError, match=r"no heading '## 0\.2\.0, ' with the day"):
        noxfile.notes("v0.2.0")
    (sources / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no heading '## 0\.2\.0, '"):
        noxfile.notes()


def test_the_bill_of_materials_names_no_folder_of_the_machine() -> None:
    links = [{"type": "distribution", "url": url} for url in ("file:///home/me/dist/h.whl", "https://host/h")]
    bill = json.dumps({"components": [{"name": "h", "externalReferences": links}, {"name": "numpy"}]})
    (first, second) = json.loads(noxfile.without_folders(bill))["components"]
    assert first["externalReferences"] == links[1:]
    assert second["name"] == "numpy"


def test_the_changelog_of_this_version_can_be_read() -> None:
    assert noxfile.notes(), f"CHANGELOG.md has nothing about {__version__}"


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_tasks_are_sessions_of_the_noxfile(path: Path) -> None:
    sessions = {value.name or name for name, value in vars(noxfile).items() if hasattr(value, "should_warn")}
    assert {"check", "test-runtime"} <= sessions
    called = [name for task in SESSION.findall(path.read_text(encoding="utf-8")) for name in task.split()]
    assert called
    assert {re.sub(r'\(.*|"', "", name) for name in called} <= sessions


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_nothing_may_write_unless_its_job_says_so(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step.get("uses", "a@" + "0" * 40)), step
