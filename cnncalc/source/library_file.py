"""A library's file that is written in the words of the program: its positions are those of the program's calls."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Source, Span
from cnncalc.source.source_file import SourceFile

if TYPE_CHECKING:
    from cnncalc.source.values import CodePlace


class LibrarySpan(Span):
    """The range of a program's call of a library, for what happens inside; `library` is the name of the file there."""

    __slots__ = ("library",)

    def __init__(self, call: Span, library: str) -> None:
        super().__init__(call.source, call.start, call.end)
        self.library = library


class LibraryFile(SourceFile):
    """A file that no user has seen. `call` is the place by which a program reaches it; None while it is loaded."""

    def __init__(self, source: Source, call: CodePlace | None = None) -> None:
        super().__init__(source)
        self.call = call

    def reached_by(self, place: CodePlace) -> LibraryFile:
        """The same file for what happens in a call, which another file of a library may make."""
        call = place.file.call if isinstance(place.file, LibraryFile) else place
        return self if call is self.call else LibraryFile(self.source, call)

    def span(self, node: ast.AST) -> Span:
        """The range of the program's call, whatever the node."""
        return super().span(node) if self.call is None else LibrarySpan(self.call.span, self.source.name)
