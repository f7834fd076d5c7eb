"""The site in one step: pages, the page without a server under demo/, Zensical, and a look at what came out."""

import subprocess
import sys
from pathlib import Path

from website.built import faults
from website.pages import BrokenLinksError, stage

LIMIT_S = 300
"""Of a build, which takes a few seconds."""


class BuildError(Exception):
    """The site was not built, or has faults; the message says which."""


def build(root: Path, *, engine: Path | None = None) -> Path:
    """Build the site of the checkout ``root``, in place of what is there, and return its folder.

    Args:
        root: the checkout.
        engine: the folder ``dist`` of onnxruntime-web; without it, that of examples/browser.

    Raises:
        BuildError: onnxruntime-web or Zensical is missing, a link leads to nothing, another host would be asked, or
            Zensical warns of something.
    """
    pages, site = root.resolve() / "build" / "pages", root.resolve() / "build" / "site"
    try:
        stage(root.resolve(), pages)
    except BrokenLinksError as error:
        raise BuildError(str(error)) from None
    given = ["--engine", str(engine)] if engine else []
    _run([sys.executable, str(root.resolve() / "examples/browser/build.py"), str(pages / "demo"), *given], root)
    _run([sys.executable, "-m", "zensical", "build", "--clean", "--strict"], root)
    if found := list(faults(site)):
        raise BuildError("\n".join(found))
    return site


def _run(command: list[str], root: Path) -> None:
    done = subprocess.run(  # noqa: S603  (commands of ours)
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT_S, check=False
    )
    output = done.stdout.decode(errors="replace").strip()
    if done.returncode:
        remedy = "\npip install -r requirements/docs.txt" if "No module named zensical" in output else ""
        raise BuildError(f"{output}{remedy}")
