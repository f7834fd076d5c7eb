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
    try:
        from hayakana.cli.main import run as run_command
    except (ImportError, MemoryError) as error:
        _say_what_failed(error)
        raise SystemExit(1) from None
    run_command()


def _say_what_failed(error: BaseException) -> None:
    """Say in a sentence what the first of the packages that cannot be loaded said, pages of advice apart."""
    from hayakana.errors import cause_of

    message = f"hayakana: a package that it needs cannot be loaded: {cause_of(error)}\n"
    os.write(2, message.encode(errors="backslashreplace"))


def _end(number: int, _: object) -> None:
    os._exit(128 + number)  # Nothing is written yet, or everything is.
