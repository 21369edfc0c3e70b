"""Exceptions of the program: `raise` and `try`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.signals import Raised
from cnncalc.source.values import CodePlace, LibraryName, NativeFunction, PyClass, PyInstance, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def raise_(interpreter: Interpreter, node: ast.Raise, variables: Variables) -> None:
    place = CodePlace(variables.file, node)
    value = interpreter.evaluate(node.exc, variables) if node.exc else None
    if isinstance(value, PyInstance):
        words = value.attributes.get("args", ())
        message = str(words[0]) if isinstance(words, tuple) and words and isinstance(words[0], str) else ""
        raise Raised(value.kind.name, message, place, value)
    if isinstance(value, PyClass):
        raise Raised(value.name, "", place, value)
    name = value.name if isinstance(value, NativeFunction) else _written_name(node.exc)
    raise Raised(name, "", place, value)


def _written_name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else "an exception"


def try_(interpreter: Interpreter, node: ast.Try, variables: Variables) -> None:
    try:
        interpreter.run(node.body, variables)
    except Raised as error:
        handler = next((each for each in node.handlers if _catches(interpreter, each, error, variables)), None)
        if handler is None:
            raise
        if handler.name:
            variables.put(handler.name, Unfollowed(f"the exception {error.kind}", error.place))
        interpreter.run(handler.body, variables)
    else:
        interpreter.run(node.orelse, variables)
    finally:
        if node.finalbody:
            interpreter.run(node.finalbody, variables)


def _catches(interpreter: Interpreter, handler: ast.ExceptHandler, error: Raised, variables: Variables) -> bool:
    if handler.type is None:
        return True
    value = interpreter.evaluate(handler.type, variables)
    return any(_is_kind(each, error) for each in (value if isinstance(value, tuple) else (value,)))


def _is_kind(value: object, error: Raised) -> bool:
    """Whether an exception is of a class: the program's own by their ancestors, Python's by Python's."""
    if not isinstance(value, PyClass):
        return isinstance(value, LibraryName) and value.path.rpartition(".")[2] == error.kind
    kind = error.value.kind if isinstance(error.value, PyInstance) else error.value
    names = [each.name for each in kind.lineage] if isinstance(kind, PyClass) else [error.kind]
    wanted = error_class(value.name)
    known = [found for name in names if (found := error_class(name))]
    return value.name in names or (wanted is not None and any(issubclass(each, wanted) for each in known))


def error_class(name: str) -> type[BaseException] | None:
    """Python's own exception of a name."""
    import builtins

    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
