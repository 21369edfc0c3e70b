"""The end of reading a text that is beyond repair."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic


class ReadingStopped(Exception):  # noqa: N818 - not an error of ours: it carries the user's mistake
    """Raised by a reader at a mistake after which nothing can be understood, and caught by its entry point."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
