"""The exception that stops the parsing of a malformed text."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic


class ReadingStopped(Exception):  # noqa: N818 - not an internal error: it carries the user's
    """Raised by a parser at an error after which it cannot continue, and caught by its entry point."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
