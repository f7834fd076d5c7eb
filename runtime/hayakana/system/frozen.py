"""Whether this program was packed together with its Python."""

import sys


def is_frozen() -> bool:
    """Whether it was: PyInstaller, cx_Freeze and py2exe set ``sys.frozen``, and Nuitka ``__compiled__`` in modules."""
    modules = (sys.modules.get("__main__"), sys.modules[__name__])
    return bool(getattr(sys, "frozen", False)) or any(hasattr(module, "__compiled__") for module in modules)
