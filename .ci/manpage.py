"""Print the manual page of ``hayakana``, made from its parser: ``python .ci/manpage.py > docs/hayakana.1``.

The wheel has docs/hayakana.1 as ``share/man/man1/hayakana.1``; a test holds it to the parser.
"""

import os
import sys

from argparse_manpage.manpage import Manpage

import hayakana
from hayakana.cli.main import parsers

SECTIONS = {
    "exit status": r""".TP
.B 0
Finished. Problems are in the statuses of the output and on standard error.
.TP
.B 1
Failed. One sentence on standard error says what to do.
.TP
.B 2
Wrong use: no such command or option, or a value that no file could make right.
.TP
.B 3
Finished, under \-\-strict, with names that have no Katakana.
.TP
.B 130, 143
Ended by Ctrl\-C, by SIGTERM.
.TP
.B 141
The reader of standard output went away.""",
    "environment": r""".TP
.B HAYAKANA_SERVE_*
Options of
.BR "hayakana serve" :
\-\-allowed\-host NAME is HAYAKANA_SERVE_ALLOWED_HOST=NAME. HAYAKANA_SERVE_API_KEYS has the API keys.
.TP
.B COLUMNS
The width of help.""",
    "examples": r""".nf
hayakana transliterate "Peter Parker"
hayakana transliterate < names.txt > katakana.txt
hayakana batch names.csv katakana.csv
hayakana batch "names/*.parquet" out/ \-\-workers auto \-\-resume
.fi""",
}


def page() -> str:
    """Return the page, the same on any day and in any terminal."""
    os.environ["COLUMNS"] = "100"
    parser, _ = parsers()
    manual = Manpage(parser, format="single-commands-section")
    manual.description = "names in Latin letters to Katakana"
    manual.date, manual.manual = "", "User Commands"
    manual.source = f"hayakana {hayakana.__version__}"
    for heading, content in SECTIONS.items():
        manual.add_section(heading, "=", content)
    return str(manual)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(page())
