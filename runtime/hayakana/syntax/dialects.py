"""CSV and TSV as they are read and written here."""

import csv


class Csv(csv.Dialect):
    """RFC 4180, with line feeds."""

    delimiter, quotechar, lineterminator = ",", '"', "\n"
    doublequote, strict, quoting = True, True, csv.QUOTE_MINIMAL


class Tsv(csv.Dialect):
    """IANA text/tab-separated-values: no quoting, a quotation mark is a character like any other."""

    delimiter, quotechar, lineterminator = "\t", None, "\n"
    strict, quoting = True, csv.QUOTE_NONE
