"""Print what is installed here in another version than requirements/dev.txt has: a line a package, or nothing."""

import re
from importlib import metadata
from pathlib import Path

NOT_LOCKED = {"hayakana", "setuptools"}
"""hayakana is installed from the checkout, and setuptools comes with venv."""


def main() -> None:
    """Compare all packages of this environment."""
    lock = (Path(__file__).parent.parent / "requirements" / "dev.txt").read_text(encoding="utf-8")
    # Some packages have a version for each of several Pythons.
    pins = set(re.findall(r"^([a-z0-9-]+==[^ ]+)", lock, re.MULTILINE))
    for installed in metadata.distributions():
        name = re.sub(r"[-_.]+", "-", installed.metadata["Name"]).lower()
        if name not in NOT_LOCKED and f"{name}=={installed.version}" not in pins:
            print(f"{name} {installed.version}")  # noqa: T201  (what .ci/run reads)


if __name__ == "__main__":
    main()
