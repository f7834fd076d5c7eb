"""What PyInstaller is told of hayakana, through the entry point ``pyinstaller40``. Nothing here runs in a program."""

from pathlib import Path


def get_hook_dirs() -> list[str]:
    """Return the folder of the hooks."""
    return [str(Path(__file__).parent)]
