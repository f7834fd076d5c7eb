"""Pages that list what the code has list all of it, and nothing else."""

import re
import signal
from pathlib import Path

from hayakana import UntransliterableNameError
from hayakana.batch.arrow.added_columns import STATUSES
from hayakana.cli.options import FAILED, FINISHED, INTERRUPTED, PROBLEMS, READER_LEFT
from hayakana.cli.parser import USAGE
from hayakana.results import WITH_TEXT, Origin

ROOT = Path(__file__).parent.parent


def section(page: str, heading: str) -> str:
    """Return what stands below ``heading`` of a page of docs/, up to the next heading of that level or a higher one."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    level = heading.split()[0]
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no section {heading}"
    return found[1]


def rows(text: str) -> dict[str, str]:
    """Return the rows of the tables of ``text``: the code in the first cell → all cells."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE))


def test_all_statuses_are_listed_with_katakana_or_without() -> None:
    text = section("statuses.md", "## Statuses")
    with_text, without, of_tables = (rows(part) for part in re.split(r"come without Katakana", text))
    assert list(with_text) == [str(status) for status in WITH_TEXT]
    assert {**without, **of_tables}.keys() == STATUSES - with_text.keys()
    errors = {re.findall(r"`(\w+Error)`", cells)[0] for cells in without.values()}
    assert errors == {error.__name__ for error in UntransliterableNameError.__subclasses__()}


def test_all_origins_are_listed() -> None:
    assert list(rows(section("statuses.md", "## Origins"))) == list(Origin)


def test_all_exit_codes_are_listed() -> None:
    codes = [FINISHED, FAILED, USAGE, PROBLEMS, INTERRUPTED, READER_LEFT, 128 + signal.SIGTERM]
    assert list(rows(section("statuses.md", "## Exit codes"))) == [str(int(code)) for code in codes]
