"""Where the program ``hayakana`` starts: it hears of signals before it loads what takes long to load."""

import os
import signal


def run() -> None:
    """Run the command line as a process, which Ctrl-C and SIGTERM end without a traceback from the start on."""
    # Not those that are ignored: SIGINT is in a job in the background, and whoever starts us may want so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end)
    # numpy alone takes a tenth of a second. An exception in the midst of its import would become whatever it likes.
    from hayakana.cli import run as run_command

    run_command()


def _end(number: int, _: object) -> None:
    os._exit(128 + number)  # Nothing is written yet, or everything is.
