"""The install line of an extra: for each place that hayakana can have come from."""

import json
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest

from hayakana import MissingExtraError
from hayakana.extras import install_line

REQUIREMENTS = [
    "numpy>=1.26",
    "pyarrow>=18; extra == 'batch'",
    "tqdm>=4.66; extra == 'batch'",
    'ray[data]>=2.55 ; extra == "ray"',
    'hayakana[batch]; extra == "ray"',
    "hayakana[loop]; extra == 'loop'",
]


class Installed(metadata.Distribution):
    """hayakana as some installer has noted it."""

    def __init__(self, origin: str | None) -> None:
        self.origin = origin

    def read_text(self, filename: str) -> str | None:
        return self.origin if filename == "direct_url.json" else None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError

    @property
    def metadata(self) -> Message:
        message = Message()
        for requirement in REQUIREMENTS:
            message["Requires-Dist"] = requirement
        return message

    @property
    def requires(self) -> list[str]:
        return REQUIREMENTS


def line(monkeypatch: pytest.MonkeyPatch, origin: object, extra: str = "batch") -> str:
    noted = origin if isinstance(origin, str) or origin is None else json.dumps(origin)
    monkeypatch.setattr(metadata, "distribution", lambda _: Installed(noted))
    return str(MissingExtraError("this", extra=extra)).removeprefix("this needs an optional dependency: ")


def test_from_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    assert line(monkeypatch, None) == "pip install 'hayakana[batch]'"


def test_from_a_wheel_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wheel = tmp_path / "a folder" / "hayakana-0.1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.touch()
    assert line(monkeypatch, {"url": wheel.as_uri(), "archive_info": {}}) == f"pip install '{wheel}[batch]'"
    quoted = tmp_path / "it's.whl"
    quoted.touch()
    expected = f"pip install '{tmp_path}/it'\"'\"'s.whl[batch]'"
    assert line(monkeypatch, {"url": quoted.as_uri(), "archive_info": {}}) == expected


@pytest.mark.parametrize(("noted", "option"), [({}, ""), ({"editable": True}, "-e "), ({"editable": False}, "")])
def test_from_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, noted: dict, option: str) -> None:
    origin = {"url": tmp_path.as_uri(), "dir_info": noted}
    assert line(monkeypatch, origin, "plot") == f"pip install {option}'{tmp_path}[plot]'"


def test_from_a_wheel_file_that_has_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    origin = {"url": (tmp_path / "gone.whl").as_uri(), "archive_info": {}}
    assert line(monkeypatch, origin) == "pip install 'pyarrow>=18' 'tqdm>=4.66'"
    assert line(monkeypatch, origin, "ray") == "pip install 'ray[data]>=2.55' 'pyarrow>=18' 'tqdm>=4.66'"
    assert line(monkeypatch, origin, "unknown") == "pip install 'hayakana[unknown]'"
    assert line(monkeypatch, origin, "loop") == "pip install 'hayakana[loop]'"


def test_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    repository = {"url": "https://host/h.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    assert line(monkeypatch, repository) == "pip install 'hayakana[batch] @ git+https://host/h.git@abc'"
    inside = repository | {"subdirectory": "python"}
    assert line(monkeypatch, inside).endswith("git+https://host/h.git@abc#subdirectory=python'")
    local = repository | {"url": "file:///srv/h.git"}
    assert line(monkeypatch, local) == "pip install 'hayakana[batch] @ git+file:///srv/h.git@abc'"
    wheel = {"url": "https://host/hayakana.whl", "archive_info": {}}
    assert line(monkeypatch, wheel) == "pip install 'hayakana[batch] @ https://host/hayakana.whl'"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "[]",
        "{}",
        '{"url": 7}',
        '{"url": "https://[half"}',
        '{"url": "https://host/h", "vcs_info": []}',
        '{"url": "https://host/h", "vcs_info": {"vcs": "git"}}',
        '{"url": "file:///", "dir_info": {"editable": "yes"}}',
        "\ud800",
    ],
)
def test_a_note_that_is_damaged_says_nothing(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    assert line(monkeypatch, origin) == "pip install 'hayakana[batch]'"


def test_without_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", none)
    assert install_line("batch") == "pip install 'hayakana[batch]'"
