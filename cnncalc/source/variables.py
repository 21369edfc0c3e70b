"""The names of a module, a class body or a function call, with those around it."""

from __future__ import annotations

from typing import Literal

from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import PyModule


class Variables:
    """Names and their values. A function inside a class does not see the names of the class body."""

    __slots__ = ("around", "elsewhere", "file", "kind", "module", "names")

    def __init__(
        self, kind: Literal["module", "class", "function"], file: SourceFile, module: PyModule,
        around: Variables | None = None,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.file = file
        self.module = module
        self.around = around
        self.names: dict[str, object] = {}
        self.elsewhere: dict[str, Variables] = {}
        """Names that `global` and `nonlocal` declare, with the place of each."""

    def inside(self, kind: Literal["class", "function"]) -> Variables:
        """Fresh names inside these."""
        around: Variables = self
        while around.kind == "class" and around.around is not None:
            around = around.around
        return Variables(kind, self.file, self.module, around if kind == "function" else self)

    def holder(self, name: str) -> Variables | None:
        """The names among which a name is, from the inside out."""
        if name in self.elsewhere:
            return self.elsewhere[name]
        place: Variables | None = self
        while place is not None:
            if name in place.names and (place.kind != "class" or place is self):
                return place
            place = place.around
        return None

    def put(self, name: str, value: object) -> None:
        self.elsewhere.get(name, self).names[name] = value

    def declare(self, name: str, *, is_global: bool) -> None:
        """Let assignments to a name reach the module, or the nearest function around that has it."""
        place = self.around
        while place is not None and place.around is not None and (is_global or name not in place.names):
            place = place.around
        self.elsewhere[name] = place or self
