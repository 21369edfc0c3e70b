"""Comprehensions and generator expressions, which are computed at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import operators
from cnncalc.source.signals import CannotFollow
from cnncalc.source.values import CodePlace, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def list_(interpreter: Interpreter, node: ast.ListComp, variables: Variables) -> object:
    try:
        return _values(interpreter, node.elt, node.generators, variables)
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)


def generator(interpreter: Interpreter, node: ast.GeneratorExp, variables: Variables) -> object:
    try:
        return iter(_values(interpreter, node.elt, node.generators, variables))
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)


def set_(interpreter: Interpreter, node: ast.SetComp, variables: Variables) -> object:
    try:
        values = _values(interpreter, node.elt, node.generators, variables)
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)
    return operators.computed(CodePlace(variables.file, node), set, values)


def dictionary(interpreter: Interpreter, node: ast.DictComp, variables: Variables) -> object:
    found: dict[object, object] = {}
    inner = variables.inside("function")
    try:
        with interpreter.steps.noted("this comprehension", CodePlace(variables.file, node)):
            for _ in _turns(interpreter, node.generators, inner):
                key = interpreter.evaluate(node.key, inner)
                if isinstance(key, Unfollowed):
                    return key
                value = interpreter.evaluate(node.value, inner)
                operators.computed(CodePlace(variables.file, node.key), found.__setitem__, key, value)
    except CannotFollow as reason:
        return Unfollowed(reason.reason, reason.place)
    return found


def _values(
    interpreter: Interpreter, element: ast.expr, generators: list[ast.comprehension], variables: Variables
) -> list[object]:  # fmt: skip
    inner = variables.inside("function")
    if variables.kind == "class":
        inner.around = variables
        inner.names.update(variables.names)
    with interpreter.steps.noted("this comprehension", CodePlace(variables.file, element)):
        return [interpreter.evaluate(element, inner) for _ in _turns(interpreter, generators, inner)]


def _turns(interpreter: Interpreter, generators: list[ast.comprehension], variables: Variables) -> Iterator[None]:
    """One turn for each combination of the loops. Raises CannotFollow for an unknown loop or condition."""
    from cnncalc.source.evaluation.assigning import assign

    first, *rest = generators
    values = interpreter.evaluate(first.iter, variables)
    for value in operators.iterate(interpreter, values, CodePlace(variables.file, first.iter)):
        assign(interpreter, first.target, value, variables)
        if all(_holds(interpreter, test, variables) for test in first.ifs):
            if rest:
                yield from _turns(interpreter, rest, variables)
            else:
                yield


def _holds(interpreter: Interpreter, test: ast.expr, variables: Variables) -> bool:
    found = operators.truth(interpreter, interpreter.evaluate(test, variables), CodePlace(variables.file, test))
    if isinstance(found, Unfollowed):
        raise CannotFollow(found.reason, found.place)
    return found
