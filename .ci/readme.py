"""Print the shell block of a page that follows `<!-- NAME -->`, so that CI runs what users are told to run."""

import re
import sys
from pathlib import Path


def main(name: str, page: str = "README.md") -> None:
    """Print the block, or fail if the page has no such block."""
    text = (Path(__file__).parent.parent / page).read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", text, re.DOTALL)
    if not found:
        sys.exit(f"{page} has no block {name}")
    sys.stdout.write(found[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
