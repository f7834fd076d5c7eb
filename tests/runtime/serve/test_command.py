"""Wrong use of ``hayakana serve`` is said."""

import argparse
import os
import socket
import subprocess
from pathlib import Path

import pytest
from tests.services import COMMAND, LIMIT_S

from hayakana.cli.parser import Parser
from hayakana.cli.serve import add_serve
from hayakana.cli.serve_environment import arguments_of_environment

pytestmark = pytest.mark.slow

MODELS = Path(__file__).parents[3] / "models"


@pytest.mark.parametrize(
    ("options", "env", "code", "said"),
    [
        (["--port", "70000"], {}, 2, "argument --port: '70000': must be a number"),
        (["--window-ms", "3"], {}, 2, "must be a number from 0 to 2"),
        (["--limit-names", "100000"], {}, 2, "--limit-names must not be more than --limit-waiting-names"),
        (["--limit-names", "0"], {}, 2, "argument --limit-names: '0': must be a number of at least 1"),
        (["--model", "none"], {}, 1, "none"),
        (["--model", "seed", "--model", str(MODELS / "seed")], {}, 2, "two models have one name"),
        (["--host", "203.0.113.7"], {}, 1, "cannot listen at 203.0.113.7, port 0"),
        (["--api-key-file", "missing"], {}, 1, "missing: No such file"),
        (["--api-key-file", "/dev/zero"], {}, 2, "/dev/zero cannot hold API keys: it is not a regular file"),
        (["--cors-origin", "a.example"], {}, 2, "'a.example': must be * or an origin in small letters"),
        (["--cors-origin", "https://a.example/"], {}, 2, "without a path, such as https://a.example"),
        ([], {"HAYAKANA_SERVE_API_KEYS": ""}, 2, "HAYAKANA_SERVE_API_KEYS must have API keys"),
        ([], {"HAYAKANA_SERVE_PORT": "x"}, 2, "argument --port: 'x': must be a number"),
        ([], {"HAYAKANA_SERVE_LOG_NAMES": "perhaps"}, 2, "HAYAKANA_SERVE_LOG_NAMES: give 1 or 0"),
        ([], {"HAYAKANA_SERVE_API_KEY": "k"}, 2, "HAYAKANA_SERVE_API_KEY is no option: did you mean"),
        ([], {"HAYAKANA_SERVE_PROT": "80"}, 2, "PROT is no option: did you mean HAYAKANA_SERVE_PORT?"),
        ([], {"HAYAKANA_SERVE_HELP": "1"}, 2, "HAYAKANA_SERVE_HELP is no option: "),
        ([], {"HAYAKANA_SERVE_XYZZY": "1"}, 2, "remove it; hayakana serve --help lists the options"),
        (
            [],
            {"HAYAKANA_SERVE_PORT": "tcp://10.0.0.1:80"},
            2,
            "as Kubernetes sets it for a Service named hayakana-serve",
        ),
    ],
)
def test_wrong_use_is_said(options: list[str], env: dict[str, str], code: int, said: str) -> None:
    done = subprocess.run(
        [COMMAND, "serve", *([] if env or "--port" in options else ["--port=0"]), *options],
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_variables_are_the_options_of_help_and_those_of_kubernetes_do_nothing() -> None:
    commands: argparse._SubParsersAction[Parser] = Parser().add_subparsers()
    add_serve(commands)
    of_kubernetes = {
        "HAYAKANA_SERVE_PORT_80_TCP": "tcp://10.0.0.1:80",
        "HAYAKANA_SERVE_PORT_80_TCP_ADDR": "10.0.0.1",
        "HAYAKANA_SERVE_PORT_80_TCP_PORT": "80",
        "HAYAKANA_SERVE_PORT_80_TCP_PROTO": "tcp",
        "HAYAKANA_SERVE_SERVICE_HOST": "10.0.0.1",
        "HAYAKANA_SERVE_SERVICE_PORT": "80",
        "HAYAKANA_SERVE_SERVICE_PORT_HTTP": "80",
    }
    environment = {
        "HAYAKANA_SERVE_PORT": "80",
        "HAYAKANA_SERVE_WORKERS": "auto",
        "HAYAKANA_SERVE_NO_JOINING": "1",
        "HAYAKANA_SERVE_LOG_NAMES": "0",
        "HAYAKANA_SERVE_MODEL": "default, fast",
        "HAYAKANA_SERVE_API_KEYS": "key",
        "HAYAKANA_SERVER": "another program's",
    }
    assert arguments_of_environment(commands.choices["serve"], of_kubernetes) == []
    assert sorted(arguments_of_environment(commands.choices["serve"], {**of_kubernetes, **environment})) == [
        "--model=default",
        "--model=fast",
        "--no-joining",
        "--port=80",
        "--workers=auto",
    ]


def test_help_has_limits_in_figures() -> None:
    done = subprocess.run(
        [COMMAND, "serve", "--help"],
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert "bytes of a JSON body (default: 2,000,000)" in done.stdout
    assert "seconds for a JSON body to arrive (default: 30)" in done.stdout


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [COMMAND, "serve", f"--port={port}"], capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
    assert (done.returncode, "give another --host or --port" in done.stderr) == (1, True)
