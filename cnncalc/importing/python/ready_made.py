"""Programs of our own in a framework's words, which make the networks that its library has ready-made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Source
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import PyModule
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def run_program(
    interpreter: Interpreter, name: str, text: str, given: Mapping[str, object], file: type[SourceFile] = SourceFile
) -> PyModule:  # fmt: skip
    """The module of a program that is run under a name, with these names in it from the beginning, as a `file`."""
    module = PyModule(name, "")
    source = file(Source(name, text))
    module.variables = Variables("module", source, module)
    module.variables.names |= given
    interpreter.run(source.tree.body, module.variables)
    return module
