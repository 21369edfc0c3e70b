"""Rows as CSV that a spreadsheet shows as they are.

A cell that begins like a formula is run when somebody opens the file: OWASP, "CSV Injection". Texts of that kind get an
apostrophe before them, as spreadsheets themselves mark a text; numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the wide ones are read as the narrow ones in some languages
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def csv_text(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """RFC 4180, except that lines end in a newline alone."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
