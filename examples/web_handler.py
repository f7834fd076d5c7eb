"""A web handler: one Transliterator for the process, shared by every request thread. Standard library alone.

python examples/web_handler.py 8000 &
curl "http://127.0.0.1:8000/?name=Peter+Parker"
"""

import json
import sys
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIServer, make_server

from hayakana import Transliterator, UntransliterableNameError

transliterator = Transliterator()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Answer ?name=… with {"name": …, "katakana": …}, or 422 and the reason."""
    name = parse_qs(environ["QUERY_STRING"], keep_blank_values=True).get("name", [""])[0]
    try:
        status, body = "200 OK", {"name": name, "katakana": transliterator(name)}
    except UntransliterableNameError as error:
        status, body = "422 Unprocessable Content", {"name": name, "error": str(error)}
    start_response(status, [("Content-Type", "application/json; charset=utf-8")])
    return [json.dumps(body, ensure_ascii=False).encode()]


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """A thread a request."""

    daemon_threads = True


if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), application, server_class=ThreadingServer) as server:
        print(f"listening on port {server.server_port}", flush=True)
        server.serve_forever()
