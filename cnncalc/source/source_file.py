"""A Python file: its text, its syntax tree, and the positions of nodes in the text."""

from __future__ import annotations

import ast
from functools import cached_property

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError


class SourceFile:
    """A file of Python source, parsed when its tree is first needed."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises SpecError (E101) for a text that is not Python."""
        return parsed(self.source)

    @cached_property
    def _lines(self) -> list[tuple[int, str, bool]]:
        """Of each line its offset, its text, and whether bytes and characters count the same."""
        found, offset = [], 0
        for line in self.source.text.split("\n"):
            found.append((offset, line, line.isascii()))
            offset += len(line) + 1
        return found

    def offset(self, line: int, column: int) -> int:
        """The offset of a position as `ast` counts it: lines from 1, columns in UTF-8 bytes from 0."""
        if line > len(self._lines):
            return len(self.source.text)
        start, text, is_plain = self._lines[line - 1]
        return start + (column if is_plain else len(text.encode()[:column].decode(errors="ignore")))

    def span(self, node: ast.AST) -> Span:
        """The range of a node."""
        line = getattr(node, "lineno", 1)
        start = self.offset(line, getattr(node, "col_offset", 0))
        end_line = getattr(node, "end_lineno", line)
        return Span(self.source, start, self.offset(end_line, getattr(node, "end_col_offset", 0)))


def parsed(source: Source) -> ast.Module:
    """The syntax tree of a text. Raises SpecError (E101, E103)."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text)
    except SyntaxError as error:
        file = _Lines(source.text)
        start = file.offset(error.lineno or 1, error.offset or 1)
        message = f"this is not Python 3: {error.msg}"
        raise SpecError([Diagnostic("E101", message, Span(source, start, start + 1))]) from None
    except (RecursionError, MemoryError):
        message = "this Python text is nested too deeply"
        raise SpecError([Diagnostic("E103", message, Span(source, 0, 1))]) from None
    except ValueError as error:
        raise SpecError([Diagnostic("E101", f"this is not Python 3: {error}", Span(source, 0, 1))]) from None


class _Lines:
    """Offsets of the positions that syntax errors have: lines and characters from 1."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")

    def offset(self, line: int, column: int) -> int:
        before = sum(len(each) + 1 for each in self.lines[: line - 1])
        return before + max(column - 1, 0)
