"""The examples, run as a user would run them."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tests.processes import started

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_the_web_handler_answers_many_at_once() -> None:
    command = [sys.executable, str(EXAMPLES / "web_handler.py"), "0"]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            port = server.stdout.readline().split()[-1]

            def ask(name: str) -> dict:
                url = f"http://127.0.0.1:{port}/?{urllib.parse.urlencode({'name': name})}"
                with urllib.request.urlopen(url, timeout=60) as response:
                    return json.load(response)

            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(ask, ["Peter Parker", "Jon Snow"] * 20))
            assert [answer["katakana"] for answer in answers] == ["ピーター・パーカー", "ジョン・スノー"] * 20
            with pytest.raises(urllib.error.HTTPError) as caught:
                ask("2Pac")
            assert caught.value.code == 422
            assert "no reading for 2" in json.loads(caught.value.read())["error"]
            caught.value.close()
        finally:
            server.terminate()


def test_the_dockerfile_is_as_its_linter_wants_it() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    command = [hadolint, "--failure-threshold=info", EXAMPLES / "service" / "Dockerfile"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout
    root = EXAMPLES.parent
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", command[-1].read_text(encoding="utf-8"), re.MULTILINE)
    assert all((root / path).exists() for paths in copied for path in paths.split())


def test_the_compose_file_has_a_read_only_root() -> None:
    (container,) = yaml.safe_load((EXAMPLES / "service" / "compose.yaml").read_text(encoding="utf-8"))[
        "services"
    ].values()
    assert container["read_only"] is True
    assert (EXAMPLES / "service" / container["build"]["context"] / container["build"]["dockerfile"]).is_file()


def test_the_unit_of_systemd_is_one(tmp_path: Path) -> None:
    text = (EXAMPLES / "service" / "hayakana.service").read_text(encoding="utf-8")
    unit = tmp_path / "hayakana.service"
    unit.write_text(text.replace("/opt/hayakana/bin/hayakana", sys.executable), encoding="utf-8")
    parser = configparser.ConfigParser(strict=True, interpolation=None, delimiters="=")
    parser.optionxform = str
    parser.read_string(text)
    assert parser["Service"]["ExecStart"] == "/opt/hayakana/bin/hayakana serve"
    if analyze := shutil.which("systemd-analyze"):  # Where there is none, it was read as above.
        command = [analyze, "verify", unit]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_process_pool_keeps_lines_in_order(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Peter Parker\nJon Snow\n2Pac\n" * 1_000, encoding="utf-8")
    command = [sys.executable, str(EXAMPLES / "process_pool.py"), str(tmp_path / "names.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout == "ピーター・パーカー\nジョン・スノー\n2Pac\n" * 1_000


def test_the_ray_job_writes_every_row(tmp_path: Path) -> None:
    names = pa.table({"id": range(3_000), "name": ["Peter Parker", None, "2Pac"] * 1_000})
    (tmp_path / "names").mkdir()
    pq.write_table(names, tmp_path / "names" / "names.parquet")
    command = [sys.executable, str(EXAMPLES / "ray_job.py"), "names", "katakana"]
    # On a cluster of its own, which sends nothing and leaves no token in the home folder.
    settings = os.environ | {"RAY_ADDRESS": "local", "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, check=True, timeout=300)
    done = pq.read_table(tmp_path / "katakana").sort_by("id")
    added = {"katakana": ["ピーター・パーカー", None, None] * 1_000, "status": ["ok", "missing", "unreadable"] * 1_000}
    assert done.to_pydict() == names.to_pydict() | added


def test_the_builder_of_the_page_without_a_server_starts() -> None:
    """Without Node.js, which ``tests/browser`` needs, too."""
    command = [sys.executable, str(EXAMPLES / "browser" / "build.py"), "--help"]
    assert "folder" in subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
