"""PyYAML's two event parsers: libyaml's, which is fast, and PyYAML's own, which has no depth limit.

libyaml 0.2.6 rejects more than 1,000 levels, and it looks ahead: on a line of a thousand brackets it fails before it
reports the first. Its limit must not replace the reader's own: if libyaml rejects a text as too deep, PyYAML's own
parser reads it again, and only the reader's limit applies.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_DEPTH = r"(?i)nest|depth|deep|level|recurs"


class PurePythonLoader(yaml.BaseLoader):
    """PyYAML's own parser, with a linear-time search for simple keys.

    A simple key is a value that a `:` may still turn into a key; each level of brackets has at most one. PyYAML looks
    through all of them at every token. A level's key is older than those of the levels inside it, and the dictionary
    keeps the order in which keys were saved: the first is the nearest one, and the first to become stale.
    """

    possible_simple_keys: dict[int, Any]
    line: int
    index: int

    def next_possible_simple_key(self) -> int | None:
        """The number of the token where the oldest possible key begins."""
        return next((key.token_number for key in self.possible_simple_keys.values()), None)

    def stale_possible_simple_keys(self) -> None:
        """Remove values that can no longer be keys: a key ends on its own line, within 1,024 characters."""
        while self.possible_simple_keys:
            level, key = next(iter(self.possible_simple_keys.items()))
            if key.line == self.line and self.index - key.index <= 1024:
                return
            if key.required:
                raise yaml.scanner.ScannerError(
                    "while scanning a simple key", key.mark, "could not find expected ':'", self.get_mark()
                )
            del self.possible_simple_keys[level]


def fast_loader() -> type[Any]:
    """The parser of libyaml if it is installed, otherwise PyYAML's own."""
    return yaml.CBaseLoader if yaml.__with_libyaml__ else PurePythonLoader


def is_own_bound(error: yaml.MarkedYAMLError) -> bool:
    """Whether a parser failed because the text is nested more deeply than its own limit."""
    return re.search(_DEPTH, f"{error.context or ''} {error.problem or ''}") is not None
