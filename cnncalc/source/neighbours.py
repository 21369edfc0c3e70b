"""The files around a file: modules of its folder, and of the package that it belongs to. No other file is read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Source, SpecError
from cnncalc.source.source_file import SourceFile
from cnncalc.source.steps import Steps
from cnncalc.source.values import PyModule

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


class Neighbours:
    """The modules that a file may import, each made once. Without a path there are none."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path) if path else ""
        self.folder = os.path.dirname(self.path)
        self.top = _top(self.folder) if path else ""
        """The folder of the outermost package of the file, or its own folder: nothing outside of it is read."""
        self.modules: dict[str, PyModule] = {}

    def start(self, name: str) -> PyModule:
        """The module of the file itself."""
        made = self.modules[self.path] = PyModule(name, self.path)
        return made

    def __call__(self, interpreter: Interpreter, module: PyModule, level: int, name: str) -> PyModule | None:
        """The module of an import; None for one of a library."""
        if not self.folder:
            return None
        parts = name.split(".") if name else []
        if level:
            start = module.path if os.path.isdir(module.path) else os.path.dirname(module.path)
            for _ in range(level - 1):
                start = os.path.dirname(start)
            return self._found(start, parts)
        if not parts:
            return None
        is_whole = parts[0] == os.path.basename(self.top)
        return (self._found(os.path.dirname(self.top), parts) if is_whole else None) or self._found(self.folder, parts)

    def _found(self, start: str, parts: list[str]) -> PyModule | None:
        path = os.path.abspath(os.path.join(start, *parts))
        if os.path.commonpath([path, self.top]) != self.top:
            return None
        for each in (f"{path}.py", os.path.join(path, "__init__.py"), path):
            if os.path.isfile(each) or (each == path and parts and os.path.isdir(each)):
                is_file = os.path.isfile(each)
                if each not in self.modules:
                    self.modules[each] = PyModule(".".join(parts), each if is_file else path)
                return self.modules[each]
        return None


def _top(folder: str) -> str:
    while os.path.isfile(os.path.join(os.path.dirname(folder), "__init__.py")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


def file_of(steps: Steps, path: str) -> SourceFile | None:
    """The text of a module; None for a folder without one, and for what is not Python."""
    if os.path.isdir(path):
        return None
    steps.spend(200)
    try:
        with open(path, "rb") as stream:
            data = stream.read(steps.limits.file_bytes + 1)
        if len(data) > steps.limits.file_bytes:
            return None
        file = SourceFile(Source(os.path.relpath(path), data.decode("utf-8-sig")))
        assert file.tree
    except (OSError, ValueError, SpecError):
        return None
    return file
