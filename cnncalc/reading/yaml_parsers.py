"""PyYAML's two event parsers: libyaml's, which is fast, and PyYAML's own, which has no bound on depth.

libyaml 0.2.6 refuses more than 1,000 levels, and it looks ahead: on one line of a thousand brackets it fails before it
reports the first. Its bound must not answer for the reader's limit, whatever the bound is: where libyaml finds a text
too deep, PyYAML's own parser reads it again, and only the limit decides.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_DEPTH = re.compile(r"nest|depth|deep|level|recurs", re.IGNORECASE)


class PurePythonLoader(yaml.BaseLoader):
    """PyYAML's own parser, with a search for simple keys that takes linear time.

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
        """Remove what can no longer be a key: a key ends on its own line, within 1,024 characters."""
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
    """The parser of libyaml where it is installed, otherwise PyYAML's own."""
    return yaml.CBaseLoader if yaml.__with_libyaml__ else PurePythonLoader


def is_own_bound(error: yaml.MarkedYAMLError) -> bool:
    """Whether a parser gave up because the text is nested more deeply than its own bound."""
    return _DEPTH.search(f"{error.context or ''} {error.problem or ''}") is not None
