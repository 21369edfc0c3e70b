"""Imports: libraries by their dotted names, and the file's own neighbours, read when a name of theirs is used."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.values import LaterName, LibraryName
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def import_(interpreter: Interpreter, node: ast.Import, variables: Variables) -> None:
    for each in node.names:
        first = each.name.partition(".")[0]
        wanted = each.name if each.asname else first
        module = interpreter.loader(interpreter, variables.module, 0, wanted)
        if module is not None:
            variables.put(each.asname or first, LaterName(module, ""))
        else:
            variables.put(each.asname or first, interpreter.library_value(wanted))


def import_from(interpreter: Interpreter, node: ast.ImportFrom, variables: Variables) -> None:
    source = node.module or ""
    module = interpreter.loader(interpreter, variables.module, node.level, source)
    for each in node.names:
        name = each.asname or each.name
        if each.name == "*":
            _all_of(interpreter, module, source, variables)
        elif module is not None:
            variables.put(name, LaterName(module, each.name))
        elif node.level:
            variables.put(name, LibraryName(f"{source}.{each.name}"))
        else:
            variables.put(name, interpreter.library_value(f"{source}.{each.name}"))


def _all_of(interpreter: Interpreter, module: object, source: str, variables: Variables) -> None:
    """`from x import *`."""
    from cnncalc.source.evaluation.module_body import fill
    from cnncalc.source.values import PyModule

    if isinstance(module, PyModule):
        fill(interpreter, module)
        if module.variables is not None:
            chosen = module.variables.names.get("__all__")
            names = chosen if isinstance(chosen, list | tuple) else [
                name for name in module.variables.names if not name.startswith("_")
            ]  # fmt: skip
            for name in names:
                if name in module.variables.names:
                    variables.put(str(name), module.variables.names[name])
        return
    prefix = f"{source}."
    for path, value in interpreter.library.items():
        if path.startswith(prefix) and "." not in path[len(prefix) :]:
            variables.put(path[len(prefix) :], value)
