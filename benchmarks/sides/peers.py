"""What a user might install instead, each called as its documentation says, one word at a time: none has a batch."""

from collections.abc import Callable

from benchmarks.harness.child import timed

Convert = Callable[[str], str]


def open_peer(name: str) -> Callable[[dict], dict]:
    """Serve ``{"names": [...]}`` with ``{"seconds": float, "texts": [...]}``, and anything else with the alphabet.

    ``name`` is a key of ``PEERS``. Names are in lower case. A text is empty where the peer has no answer.
    """
    convert, alphabet = PEERS[name]()

    def handle(request: dict) -> dict:
        if "names" not in request:
            return {"alphabet": "".join(sorted(alphabet))}
        return timed(lambda: [convert(name) for name in request["names"]])

    return handle


def _e2k(model: str) -> tuple[Convert, set[str]]:
    from e2k import C2K

    convert = C2K(model=model)
    return convert, {character for character in convert.in_table if len(character) == 1}


def _kanalizer() -> tuple[Convert, set[str]]:
    import kanalizer

    def convert(name: str) -> str:
        # Without this every unfinished conversion would issue a Python warning, inside the clock.
        return kanalizer.convert(name, on_incomplete="ignore")

    return convert, set(kanalizer.INPUT_CHARS)


def _alkana() -> tuple[Convert, set[str]]:
    import alkana

    return lambda name: alkana.get_kana(name) or "", set("abcdefghijklmnopqrstuvwxyz")


PEERS: dict[str, Callable[[], tuple[Convert, set[str]]]] = {
    "e2k base": lambda: _e2k("base"),
    "e2k turbo": lambda: _e2k("turbo"),
    "kanalizer": _kanalizer,
    "alkana": _alkana,
}
