"""What the API page shows as a default: the value, where a signature names what holds it, as ``Options.workers``."""

from typing import Any

from griffe import Expr, Extension, Function


class Defaults(Extension):
    """Puts values in place of names and fields of this package that are defaults of parameters."""

    def on_function(self, *, func: Function, **_: Any) -> None:
        """Change the defaults of ``func``; Griffe calls this for every function, and gives more than it needs."""
        for parameter in func.parameters:
            parameter.default = _value(func, parameter.default)


def _value(function: Function, default: str | Expr | None) -> str | Expr | None:
    """Return what ``default`` stands for, through as many names as there are; itself where it is a value."""
    seen: set[str] = set()
    while isinstance(default, Expr) and default.canonical_path not in seen:
        seen.add(path := default.canonical_path)
        try:
            held = function.modules_collection[path]
        except KeyError:
            break
        if not held.is_attribute or held.value is None:
            break
        default = held.value
    return default
