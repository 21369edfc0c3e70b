"""Conditions. One that is unknown is passed over only if neither branch can change anything."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import operators
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.values import CodePlace, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_UNKNOWN = "a condition that is not known"
_HARMLESS_CALLS = ("print", "warn", "warning", "info", "debug", "log", "_log_api_usage_once")


def if_(interpreter: Interpreter, node: ast.If, variables: Variables) -> None:
    place = CodePlace(variables.file, node.test)
    found = operators.truth(interpreter, interpreter.evaluate(node.test, variables), place)
    if not isinstance(found, Unfollowed):
        interpreter.run(node.body if found else node.orelse, variables)
        return
    if _only_refuses(node.body):  # the program runs only if the condition does not hold
        interpreter.run(node.orelse, variables)
    elif node.orelse and _only_refuses(node.orelse):
        interpreter.run(node.body, variables)
    elif not _is_harmless(node.body) or not _is_harmless(node.orelse):
        is_said = found.reason.startswith(_UNKNOWN)
        reason = found.reason if is_said else f"{_UNKNOWN} ({found.reason})"
        raise CannotFollow(reason, place)


def assert_(interpreter: Interpreter, node: ast.Assert, variables: Variables) -> None:
    """An assertion that certainly fails is an exception; an unknown one holds."""
    place = CodePlace(variables.file, node)
    found = operators.truth(interpreter, interpreter.evaluate(node.test, variables), place)
    if found is False:
        message = interpreter.evaluate(node.msg, variables) if node.msg else ""
        raise Raised("AssertionError", message if isinstance(message, str) else "", place)


def _only_refuses(body: list[ast.stmt]) -> bool:
    """Whether statements end in an exception and do nothing else that counts."""
    return bool(body) and isinstance(body[-1], ast.Raise) and _is_harmless(body[:-1])


def _is_harmless(body: list[ast.stmt]) -> bool:
    """Whether statements change nothing: they print, warn or check."""
    return all(_changes_nothing(each) for each in body)


def _changes_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass | ast.Assert):
        return True
    if isinstance(node, ast.Expr):
        value = node.value
        called = value.func if isinstance(value, ast.Call) else None
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        return isinstance(value, ast.Constant) or name in _HARMLESS_CALLS
    return False
