"""Detection of characters that specs must not contain, before the text is parsed."""

from __future__ import annotations

import re

from cnncalc.diagnostics import Diagnostic, Source, Span

_UNPRINTABLE_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# All but YAML's printable characters; a byte order mark counts only at the very start, where the readers skip it.
# Compiled when first needed, and not as the complement of the printable ones, whose wide ranges take milliseconds.
_UNPRINTABLE = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"


def unprintable_character(source: Source) -> Diagnostic | None:
    """E104 for the first control character or broken byte of the text, or None."""
    pattern = _UNPRINTABLE_ASCII if source.text.isascii() else re.compile(_UNPRINTABLE)
    found = pattern.search(source.text, 1 if source.text.startswith("\ufeff") else 0)
    if found is None:
        return None
    start = found.start()
    char = found.group()
    if char == "\0":
        return Diagnostic(
            "E104", "the text contains a NUL byte: this is a binary file, not a spec", Span(source, start, start + 1)
        )
    name = "a byte that is not UTF-8" if "\ud800" <= char <= "\udfff" else f"the control character U+{ord(char):04X}"
    return Diagnostic(
        "E104",
        f"the text contains {name}",
        Span(source, start, start + 1),
        hint="remove it; a spec is plain UTF-8 text",
    )
