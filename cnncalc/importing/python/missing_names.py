"""A name without a value in the whole file: the statement that would give it one, or names that are close."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.source.values import LibraryName, PyFunction
from cnncalc.source.variables import Variables


class NameTarget(NamedTuple):
    """A statement or target that gives a name, and the function around it."""

    node: ast.AST
    function: ast.FunctionDef | ast.AsyncFunctionDef | None


def unreached(name: str, variables: Variables) -> Diagnostic | None:
    """The error for a name that the file gives in a function or in statements that do not run; None for others."""
    found = list(_given(name, variables.file.tree))
    if not found:
        return None
    given = next((each for each in found if each.function is None), found[0])
    span = variables.file.span(given.node)
    if given.function is None:
        message = f'"{name}" has no value after this program: the statement does not run, or its value is deleted'
        return Diagnostic(
            "E111", message, span, hint="give the variable its value outside of conditions and exceptions"
        )
    message = f'"{name}" is a variable inside the function {given.function.name}, which has no name outside'
    maker = variables.names.get(given.function.name)
    if not isinstance(maker, PyFunction):
        return Diagnostic("E111", message, span, hint="give the model a name outside of functions")
    needs = len(maker.node.args.args) > len(maker.defaults)
    call = f"{variables.file.source.name}:{given.function.name}({'NAME=VALUE, …' if needs else ''})"
    return Diagnostic("E111", message, span, hint=f"if the function returns it, name the call: {call}")


def foreign(name: str, value: LibraryName, variables: Variables) -> Diagnostic:
    """The error for a name that the file imports from another library."""
    tree = variables.file.tree
    aliases = (each for each in ast.walk(tree) if isinstance(each, ast.alias) and (each.asname or each.name) == name)
    span = variables.file.span(next(aliases, tree))
    return Diagnostic("E111", f"cannot follow {value.title()}", span, hint="name a model that the file itself defines")


def _given(name: str, tree: ast.Module) -> Iterator[NameTarget]:
    """The places of a file that give a name a value, in order."""
    waiting: list[NameTarget] = [NameTarget(each, None) for each in reversed(tree.body)]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            yield NameTarget(node, function)
        inner = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if not isinstance(node, ast.ClassDef):
            waiting += [NameTarget(each, inner) for each in reversed(list(ast.iter_child_nodes(node)))]
