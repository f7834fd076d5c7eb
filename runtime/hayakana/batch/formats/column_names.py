"""Names of columns: how many there may be, that each is there once, and which one a user means."""

from collections import Counter
from collections.abc import Sequence

from hayakana.errors import TableError, listed, shorten

MOST_COLUMNS = 100_000
"""Columns of a table, at most: an array costs some hundred bytes, be it empty, and each step has one for each."""

CHOOSE_COLUMN, CHOOSE_SELECT, CHOOSE_LANGUAGE = (
    "; choose one of {} with --column",
    "; choose one of {} with --select",
    "; choose one of {} with --language-column",
)
"""What to do where a column is not there."""

_LONGEST_SHOWN = 60
"""Characters of a name in a message."""


class ColumnNames:
    """Finds columns by what a user calls them: exactly, or regardless of case and outer spaces, or by number.

    Args:
        there: the names of all columns, in order.
        numbered: whether ``"2"`` is the second column, where none has that name.
        exact: whether case and outer spaces count.
    """

    def __init__(self, there: Sequence[str], *, numbered: bool, exact: bool = False) -> None:
        self._there, self._numbered = there, numbered
        self._exact = frozenset(there)
        self._alike: dict[str, list[str]] = {}
        for name in () if exact else there:
            self._alike.setdefault(_folded(name), []).append(name)

    def found(self, wanted: str, *, remedy: str) -> str:
        """Return the name of the column that ``wanted`` means.

        Raises:
            TableError: there is no such column, or there are several; ``remedy`` says what to do, with ``{}`` for what
                there is.
        """
        if wanted in self._exact:
            return wanted
        alike = self._alike.get(_folded(wanted), [])
        if len(alike) == 1:
            return alike[0]
        if alike:
            which = listed(alike, shown=shorten)
            raise TableError(f"column {shorten(wanted)} is ambiguous{remedy.format(which)}", quoted=(which,))
        if self._numbered and wanted.isascii() and wanted.isdecimal() and len(wanted) < 10:
            number = int(wanted)
            if 1 <= number <= len(self._there):
                return self._there[number - 1]
        choices = shown(self._there)
        raise TableError(f"no column {shorten(wanted)}{remedy.format(choices)}", quoted=(choices,))


def _folded(name: str) -> str:
    return name.strip().casefold()


def shown(names: Sequence[str]) -> str:
    """Return the first of ``names`` as a list for people; those whose ends cannot be seen are in quotation marks."""
    return listed(names, shown=lambda name: name if _is_plain(name) else shorten(name))


def _is_plain(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_SHOWN and name == name.strip() and name.isprintable()


def check_count(columns: int) -> None:
    """Check that a table may have so many columns.

    Raises:
        TableError: it may not.
    """
    if columns > MOST_COLUMNS:
        raise TableError(f"there are more than {MOST_COLUMNS:,} columns: split the table, or make rows of them")


def check_names(there: Sequence[str], *added: str, remedy: str = "rename it, since hayakana adds its own") -> None:
    """Check that columns ``added`` can be, beside those that are ``there``.

    Raises:
        TableError: one of them is there already, or two columns of one name are, or there are too many.
    """
    check_count(len(there))
    counts = Counter(there)
    if len(counts) < len(there):
        repeated = next(name for name, count in counts.items() if count > 1)
        raise TableError(f"two columns are named {shorten(repeated)}: rename one", quoted=(shorten(repeated),))
    if taken := [name for name in added if name in counts]:
        raise TableError(f"the input has a column {listed(taken, between=' and ')} already: {remedy}")
