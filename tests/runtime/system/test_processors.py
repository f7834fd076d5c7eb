"""Processors that a process may use: by affinity, and by the quotas of control groups as Linux writes them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.system import processors
from hayakana.system.processors import usable_processors


@pytest.fixture(autouse=True)
def sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processors, "_processors_of_affinity", lambda: 16)


def system(root: Path, groups: str, files: dict[str, str]) -> Path:
    """Write what a system says of its control groups."""
    for name, text in {"proc/self/cgroup": groups, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="ascii")
    return root


V1_GROUPS = "9:name=systemd:/\n4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n"


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("", {}, 16),
        ("0::/\n", {}, 16),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "max 100000\n"}, 16),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "150000 100000\n"}, 2),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "5000 100000\n"}, 1),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "9900000 100000\n"}, 16),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "0 0\n"}, 16),
        ("0::/a/b\n", {"sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "sys/fs/cgroup/a/cpu.max": "300000 100000\n"}, 3),
        ("0::/../../kubepods/x\n", {"sys/fs/cgroup/cpu.max": "400000 100000\n"}, 4),
        ("0::/a\n", {"sys/fs/cgroup/unified/a/cpu.max": "500000 100000\n"}, 5),
        (
            V1_GROUPS,
            {
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "600000\n",
                "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            },
            6,
        ),
        (
            "1:cpu:/docker/abc\n",
            {
                "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us": "100000\n",
            },
            16,
        ),
    ],
)
def test_quotas_of_control_groups(tmp_path: Path, groups: str, files: dict[str, str], expected: int) -> None:
    assert usable_processors(root=system(tmp_path, groups, files)) == expected


@given(st.text(st.characters(max_codepoint=127)), st.text(st.characters(max_codepoint=127)))
def test_whatever_the_system_says_there_is_a_processor(tmp_path_factory, groups: str, quota: str) -> None:
    root = system(tmp_path_factory.mktemp("root"), f"0::/{groups}\n", {"sys/fs/cgroup/cpu.max": quota})
    assert 1 <= usable_processors(root=root) <= 16


def test_the_affinity_of_this_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    assert 1 <= usable_processors() <= len(os.sched_getaffinity(0))
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_processors(root=tmp_path) == 1
    finally:
        os.sched_setaffinity(0, before)
