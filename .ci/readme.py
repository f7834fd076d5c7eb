"""Print the shell block of README.md that follows `<!-- NAME -->`, so that CI runs what users are told to run."""

import re
import sys
from pathlib import Path


def main(name: str) -> None:
    """Print the block, or fail if README.md has no such one."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", readme, re.DOTALL)
    if not found:
        sys.exit(f"README.md has no block {name}")
    sys.stdout.write(found[1])


if __name__ == "__main__":
    main(sys.argv[1])
