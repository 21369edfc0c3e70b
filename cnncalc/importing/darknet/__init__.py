"""Darknet's configuration files: `[net]`, then a section for each layer, each with `key=value` lines.

Sources: the parser of Redmon's darknet (src/parser.c) and of its fork by Bochkovskiy, which adds sections.
"""

from __future__ import annotations

import re

from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import Request, read_text

ENDINGS = (".cfg",)
_FIRST_SECTION = re.compile(rb"(?:\s*(?:[#;][^\n]*)?\n)*\s*\[(?:net|network)\]")


def recognizes(head: bytes, path: str) -> bool:
    """Whether the first thing in the file is the section `[net]`."""
    return _FIRST_SECTION.match(head) is not None


def read(request: Request) -> Draft:
    """The draft of a configuration. Raises SpecError: E111 for what darknet has no meaning for."""
    from cnncalc.importing.darknet.network import draft_of
    from cnncalc.importing.darknet.sections import sections_of

    source = read_text(request)
    return draft_of(source, sections_of(source), request)
