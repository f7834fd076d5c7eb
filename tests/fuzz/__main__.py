"""``python -m tests.fuzz``: minutes or hours of cases by hand, with figures at the end.

    python -m tests.fuzz --minutes 30                          every door in turn
    python -m tests.fuzz --minutes 30 --door csv --door job    these doors
    python -m tests.fuzz --folders 2000 --files 20000          so many model folders and input files
    python -m tests.fuzz --case FOLDER                         a case that was saved, once more
    python -m tests.fuzz --soak 10000000                       memory over as many different parts

Cases that fail are saved in ``--crashes`` and make the exit code 1. Each is checked in another process with at most
4 GiB of address space, which is killed after 10 s of work on one case.
"""

import argparse
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.fuzz import coverages
from tests.fuzz.cases import Case
from tests.fuzz.doors import DOORS, FILES, FOLDERS
from tests.fuzz.soak import soak
from tests.fuzz.watch import Figures, Watch

_SLICE = 60
"""Seconds that a door has before it is the turn of the next one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what ``arguments`` ask for; return 1 if a case failed."""
    options = _parser().parse_args(arguments)
    if options.soak:
        soak(options.soak)
        return 0
    if options.case:
        return _once_more(options.case)
    seed = options.seed or secrets.token_hex(4)
    with tempfile.TemporaryDirectory() as name:
        coverage = Path(name)
        watches = [
            Watch(door, seed=seed, crashes=options.crashes, coverage=coverage) for door in options.door or list(DOORS)
        ]
        if options.folders or options.files:
            _run_counts(watches, folders=options.folders, files=options.files)
        else:
            _run_minutes(watches, options.minutes)
        print(f"seed {seed}, {sum(watch.figures.seconds for watch in watches) / 60:.1f} minutes of processor time\n")
        print("\n".join(_table([watch.figures for watch in watches if watch.figures.inputs], coverage)))
    failed = [watch.figures for watch in watches if watch.figures.failures]
    for figures in failed:
        for kind, count in figures.failures.most_common():
            print(f"{figures.door}: {count} times {kind}", file=sys.stderr)
        for place in figures.saved:
            print(f"  python -m tests.fuzz --case {place}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="of all doors together (default: %(default)s)")
    parser.add_argument("--door", action="append", choices=list(DOORS), help="only this door; repeatable")
    parser.add_argument("--seed", help="the same seed makes the same cases (default: another each time)")
    parser.add_argument(
        "--folders", type=int, default=0, metavar="N", help="so many model folders, in place of minutes"
    )
    parser.add_argument("--files", type=int, default=0, metavar="N", help="so many input files, in place of minutes")
    parser.add_argument(
        "--crashes", type=Path, default=Path("runs/fuzz"), metavar="FOLDER", help="default: %(default)s"
    )
    parser.add_argument("--case", type=Path, metavar="FOLDER", help="check this case alone, in this process")
    parser.add_argument("--soak", type=int, default=0, metavar="N", help="N different parts through one process")
    return parser


def _run_minutes(watches: Sequence[Watch], minutes: float) -> None:
    end = time.monotonic() + 60 * minutes
    share = min(_SLICE, 60 * minutes / len(watches))
    while (left := end - time.monotonic()) > 0:
        for watch in watches:
            watch.run(seconds=min(share, max(left, share / 2)))
            watch.close()
            if (left := end - time.monotonic()) <= 0:
                break


def _run_counts(watches: Sequence[Watch], *, folders: int, files: int) -> None:
    for doors, count in ((FOLDERS, folders), (FILES, files)):
        of_kind = [watch for watch in watches if watch.figures.door in doors]
        for place, watch in enumerate(of_kind):
            watch.run(cases=count * (place + 1) // len(of_kind) - count * place // len(of_kind))
            watch.close()


def _table(all_figures: Sequence[Figures], coverage: Path) -> Iterator[str]:
    """Yield the lines of a table of Markdown."""
    yield "| door | inputs | right answers | clear errors | failures | lines of hayakana | minutes | most memory, MB |"
    yield "|---|--:|--:|---|--:|--:|--:|--:|"
    for figures in all_figures:
        outcomes = figures.outcomes.copy()
        right = outcomes.pop("right answer", 0)
        clear = ", ".join(f"{count:,} {kind}" for kind, count in outcomes.most_common())
        yield (
            f"| {figures.door} | {figures.inputs:,} | {right:,} | {clear} | {figures.failures.total():,}"
            f" | {coverages.percent(coverage, figures.door):.0f} % | {figures.seconds / 60:.1f}"
            f" | {figures.most_memory / 1e6:.0f} |"
        )
    inputs, failures = (
        sum(counts) for counts in zip(*((f.inputs, f.failures.total()) for f in all_figures), strict=True)
    )
    minutes = sum(figures.seconds for figures in all_figures) / 60
    yield f"| all | {inputs:,} | | | {failures:,} | {coverages.percent(coverage):.0f} % | {minutes:.1f} | |"


def _once_more(place: Path) -> int:
    case = Case.load(place)
    with tempfile.TemporaryDirectory() as folder:
        print(DOORS[case.door].check(case, Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
