"""The interpreter on a text, with the names that the text gives values to."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.library.builtins import BUILTINS
from cnncalc.source.library.standard import STANDARD
from cnncalc.source.neighbours import Neighbours
from cnncalc.source.source_file import SourceFile
from cnncalc.source.steps import SourceLimits
from cnncalc.source.values import PyModule


def names_of(text: str, *, path: str = "", limits: SourceLimits | None = None) -> dict[str, object]:
    """The names of a module with this text."""
    interpreter = Interpreter(BUILTINS, STANDARD, Neighbours(path), limits or SourceLimits())
    module = PyModule("net", path)
    interpreter.run_module(module, SourceFile(Source(path or "net.py", text)))
    assert module.variables is not None
    return module.variables.names
