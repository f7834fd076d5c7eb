"""``hayakana serve``: names in and Katakana out over HTTP, and a page."""

import argparse
import importlib
import os
import re
from dataclasses import fields
from functools import partial
from pathlib import Path

from hayakana.cli.options import (
    FAILED,
    FINISHED,
    add_least_probability,
    add_reading_options,
    add_workers,
    open_transliterator,
    say,
)
from hayakana.cli.parser import Parser, count, number, path, path_text, word
from hayakana.cli.serve_environment import API_KEYS
from hayakana.engine.options import Options
from hayakana.errors import listed, shorten
from hayakana.serve.settings import MOST_WINDOW_MS, Limits, Settings
from hayakana.system.files import UnfitFileError, read_regular_file
from hayakana.transliterator import Transliterator, team_of

_DESCRIPTION = """\
Answer names over HTTP: POST /v1/transliterate and /v1/explain. GET / is a page, /docs the reference, and /health,
/ready, /info and /metrics are for whoever runs it. It listens on this machine alone unless --host says otherwise.

Every option can come from the environment too: --allowed-host a.example from HAYAKANA_SERVE_ALLOWED_HOST=a.example,
with commas between several. API keys come from HAYAKANA_SERVE_API_KEYS or from a file, never from the command line,
which other users of a machine can see."""

_LARGEST_KEYS = 1 << 16
_MOST_PORT = 65_535
_SECONDS = partial(number, least=0.1, most=86_400)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s@A-Z]+")


def add_serve(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command to the parser."""
    serve = commands.add_parser(
        "serve",
        usage="hayakana serve [OPTIONS]",
        help="answer names over HTTP, with a page (extra: serve)",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    service = serve.add_argument_group("the service")
    service.add_argument("--host", type=word, default=Settings.host, help="address to listen at (default: %(default)s)")
    service.add_argument(
        "--port", type=_port, default=Settings.port, metavar="N", help="default: %(default)s; 0 is any that is free"
    )
    service.add_argument("--api-key-file", type=path, metavar="FILE", help="API keys, one a line")
    service.add_argument(
        "--allowed-host",
        action="append",
        type=word,
        default=[],
        metavar="NAME",
        help="a Host that is answered, *.NAME for those below it, * for any; repeatable",
    )
    service.add_argument(
        "--cors-origin",
        action="append",
        type=_origin,
        default=[],
        metavar="ORIGIN",
        help="an origin whose pages may ask, such as https://a.example, or *; repeatable",
    )
    service.add_argument("--log-names", action="store_true", help="log the names that are asked")
    service.add_argument("--no-access-log", dest="access_log", action="store_false", help="log no requests")
    service.add_argument(
        "--grace",
        type=_SECONDS,
        default=Settings.grace_seconds,
        metavar="SECONDS",
        help="time to answer what was accepted, once it is told to end (default: %(default)g)",
    )
    _add_joining(serve.add_argument_group("how requests are joined"))
    _add_limits(serve.add_argument_group("limits"))
    serve.add_argument(
        "--model",
        action="append",
        type=path_text,
        dest="models",
        default=[],
        help=f"a bundled model, or a model folder; repeatable, the first is the default (default: {Options.model})",
    )
    add_reading_options(serve)
    add_least_probability(serve)
    add_workers(serve)
    serve.set_defaults(run=_serve)


def _add_joining(joining: "argparse._ActionsContainer") -> None:
    joining.add_argument(
        "--no-joining", dest="joins", action="store_false", help="answer each request in calls of its own"
    )
    joining.add_argument(
        "--window-ms",
        type=partial(number, least=0, most=MOST_WINDOW_MS),
        default=Settings.window_ms,
        metavar="MS",
        help="how long a request waits for others to join it, 0 to 2 (default: %(default)g)",
    )
    joining.add_argument(
        "--piece",
        type=count,
        default=Settings.piece,
        metavar="N",
        help="most names of a call: what a small request may have to wait for (default: %(default)s)",
    )


def _add_limits(limits: "argparse._ActionsContainer") -> None:
    for limit in fields(Limits):
        limits.add_argument(
            f"--limit-{limit.name.replace('_', '-')}",
            type=_SECONDS if isinstance(limit.default, float) else count,
            default=limit.default,
            metavar="N",
            help=f"{limit.metadata['what']} (default: {limit.default:,.10g})",
        )


def _serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    server = importlib.import_module("hayakana.serve.server")  # before models, which take longer to open
    try:
        listening = server.listen(settings.host, settings.port)
    except OSError as error:
        reason = (error.strerror or "").partition(" (")[0]  # Python adds the address, which stands here already.
        say(f"cannot listen at {settings.host}, port {settings.port}: {reason}: give another --host or --port")
        return FAILED
    with listening:
        server.serve(_opened(options), settings, listening)
    return FINISHED


def _settings(options: argparse.Namespace) -> Settings:
    limits = Limits(**{limit.name: getattr(options, f"limit_{limit.name}") for limit in fields(Limits)})
    if limits.names > limits.waiting_names:
        options.usage_error("--limit-names must not be more than --limit-waiting-names: such a list would never fit")
    return Settings(
        host=options.host,
        port=options.port,
        limits=limits,
        joins=options.joins,
        window_ms=options.window_ms,
        piece=options.piece,
        calls=options.workers,
        api_keys=_api_keys(options),
        cors_origins=tuple(options.cors_origin),
        allowed_hosts=tuple(options.allowed_host),
        access_log=options.access_log,
        logs_names=options.log_names,
        grace_seconds=options.grace,
    )


def _api_keys(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the API keys; ends the process where there are none in a place that was given."""
    given: dict[str, str] = {}
    if API_KEYS in os.environ:
        given[API_KEYS] = os.environ[API_KEYS].replace(",", "\n")
    if options.api_key_file is not None:
        file: Path = options.api_key_file
        try:
            given[str(file)] = read_regular_file(file, most_bytes=_LARGEST_KEYS).decode("utf-8", "replace")
        except UnfitFileError as error:
            options.usage_error(f"{file} cannot hold API keys: {error}")
    keys = []
    for source, text in given.items():
        of_source = [line.strip() for line in text.splitlines() if line.strip()]
        if not of_source or not all(key.isascii() and key.isprintable() and " " not in key for key in of_source):
            options.usage_error(f"{source} must have API keys, one a line, of printable ASCII without spaces")
        keys += of_source
    return tuple(keys)


def _opened(options: argparse.Namespace) -> list[Transliterator]:
    """Return the models, open; ends the process where two have one name."""
    models = dict.fromkeys(options.models or [Options.model])
    opened = [open_transliterator(argparse.Namespace(**{**vars(options), "model": model})) for model in models]
    names = [team_of(transliterator).manifest.name for transliterator in opened]
    if len(set(names)) < len(names):
        options.usage_error(f"two models have one name, which requests could not tell apart: {listed(names)}")
    return opened


def _origin(text: str) -> str:
    """Return an origin as browsers send it, ``*``, or ``null``: all else would allow no page, and say nothing."""
    if text not in ("*", "null") and not _ORIGIN.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{shorten(text)}: must be * or an origin in small letters, without a path, such as https://a.example"
        )
    return text


def _port(text: str) -> int:
    return 0 if text == "0" else count(text, most=_MOST_PORT)
