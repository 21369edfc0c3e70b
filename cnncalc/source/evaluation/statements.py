"""Statements: assignments, conditions, loops, exceptions, definitions and imports."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import assigning, branching, classes, exceptions, functions, imports, matching, operators
from cnncalc.source.signals import CannotFollow, LoopLeft, NextTurn, Returned
from cnncalc.source.values import (
    CallGiven,
    CodePlace,
    LibraryName,
    Outside,
    PyFunction,
    PyInstance,
    Unfollowed,
    functions_of,
)
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

StatementHandler = Callable[["Interpreter", Any, Variables], None]


def expression(interpreter: Interpreter, node: ast.Expr, variables: Variables) -> None:
    interpreter.evaluate(node.value, variables)


def _valued(interpreter: Interpreter, node: ast.stmt, value: ast.expr, variables: Variables) -> object:
    """The value of a statement, which the interpreter's user may replace where it is unknown."""
    found = interpreter.evaluate(value, variables)
    if isinstance(found, Unfollowed) and interpreter.at_statement is not None:
        return interpreter.at_statement(interpreter, node, variables, found)
    return found


def assignment(interpreter: Interpreter, node: ast.Assign, variables: Variables) -> None:
    value = _valued(interpreter, node, node.value, variables)
    for target in node.targets:
        assigning.assign(interpreter, target, value, variables)


def annotated(interpreter: Interpreter, node: ast.AnnAssign, variables: Variables) -> None:
    if node.value is not None:
        value = _valued(interpreter, node, node.value, variables)
        assigning.assign(interpreter, node.target, value, variables)


def augmented(interpreter: Interpreter, node: ast.AugAssign, variables: Variables) -> None:
    """`a += b`: lists grow in place."""
    read = ast.copy_location(_as_read(node.target), node.target)
    before = interpreter.evaluate(read, variables)
    value = interpreter.evaluate(node.value, variables)
    place = CodePlace(variables.file, node)
    if isinstance(before, list) and isinstance(node.op, ast.Add) and not isinstance(value, Unfollowed):
        added = list(operators.iterate(interpreter, value, place))
        interpreter.steps.check_length(len(before) + len(added))
        before += added
        return
    in_place = before.kind.find("__iadd__") if isinstance(before, PyInstance) else None
    if in_place and isinstance(node.op, ast.Add):
        result = interpreter.call(in_place[1], CallGiven([before, value], {}, place))
    else:
        result = operators.binary(interpreter, type(node.op), before, value, place)
    if isinstance(result, Unfollowed) and interpreter.at_statement is not None:
        result = interpreter.at_statement(interpreter, node, variables, result)
    assigning.assign(interpreter, node.target, result, variables)


def _as_read(target: ast.expr) -> ast.expr:
    """The target of an assignment as the expression that reads it."""
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    assert isinstance(target, ast.Subscript)
    return ast.Subscript(target.value, target.slice, ast.Load())


def return_(interpreter: Interpreter, node: ast.Return, variables: Variables) -> None:
    raise Returned(None if node.value is None else _valued(interpreter, node, node.value, variables))


def _goes_on(interpreter: Interpreter, node: ast.For | ast.While, variables: Variables) -> bool:
    """Run the body of a loop once; False after `break`."""
    try:
        interpreter.run(node.body, variables)
    except NextTurn:
        return True
    except LoopLeft:
        return False
    return True


def for_(interpreter: Interpreter, node: ast.For, variables: Variables) -> None:
    values = interpreter.evaluate(node.iter, variables)
    with interpreter.steps.noted("this loop", CodePlace(variables.file, node.iter)):
        for value in operators.iterate(interpreter, values, CodePlace(variables.file, node.iter)):
            assigning.assign(interpreter, node.target, value, variables)
            if not _goes_on(interpreter, node, variables):
                return
    interpreter.run(node.orelse, variables)


def while_(interpreter: Interpreter, node: ast.While, variables: Variables) -> None:
    place = CodePlace(variables.file, node.test)
    with interpreter.steps.noted("this loop", place):
        while True:
            found = operators.truth(interpreter, interpreter.evaluate(node.test, variables), place)
            if isinstance(found, Unfollowed):
                raise CannotFollow(found.reason, found.place)
            if not found:
                break
            if not _goes_on(interpreter, node, variables):
                return
    interpreter.run(node.orelse, variables)


def break_(interpreter: Interpreter, node: ast.Break, variables: Variables) -> None:
    raise LoopLeft


def continue_(interpreter: Interpreter, node: ast.Continue, variables: Variables) -> None:
    raise NextTurn


def with_(interpreter: Interpreter, node: ast.With, variables: Variables) -> None:
    """A block whose context, such as `torch.no_grad()`, changes no shape."""
    entered: list[Outside] = []
    bound: object
    try:
        for item in node.items:
            value = interpreter.evaluate(item.context_expr, variables)
            place = CodePlace(variables.file, item.context_expr)
            bound = value if isinstance(value, Unfollowed) else Unfollowed("with", place)
            if isinstance(value, Outside):
                bound = value.entered(interpreter, place)
                entered.append(value)
            if item.optional_vars is not None:
                assigning.assign(interpreter, item.optional_vars, bound, variables)
        interpreter.run(node.body, variables)
    finally:
        for each in reversed(entered):
            each.left(interpreter)


def function(interpreter: Interpreter, node: ast.FunctionDef, variables: Variables) -> None:
    made = functions.make_function(interpreter, node, variables, node.name)
    variables.put(node.name, decorated(interpreter, made, node.decorator_list, variables))


def decorated(
    interpreter: Interpreter, value: object, decorators: list[ast.expr], variables: Variables
) -> object:  # fmt: skip
    """A function or class with its decorators. Those of libraries without a meaning here change nothing."""
    for each in reversed(decorators):
        decorator = interpreter.evaluate(each, variables)
        if isinstance(decorator, Unfollowed | LibraryName):
            continue
        place = CodePlace(variables.file, each)
        made = interpreter.call(decorator, CallGiven([value], {}, place))
        value = value if isinstance(made, Unfollowed) and _returns_its_argument(decorator) else made
    return value


def _returns_its_argument(decorator: object) -> bool:
    """Whether a decorator of the source gives back what it takes, whatever else it does: it registers it."""
    if not isinstance(decorator, PyFunction) or isinstance(decorator.node, ast.Lambda) or not decorator.node.args.args:
        return False
    name = decorator.node.args.args[0].arg
    nodes = [each for one in decorator.node.body for each in (one, *functions_of(one))]
    returned = [each.value for each in nodes if isinstance(each, ast.Return)]
    stored = any(isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store) for each in nodes)
    return bool(returned) and not stored and all(isinstance(each, ast.Name) and each.id == name for each in returned)


def class_(interpreter: Interpreter, node: ast.ClassDef, variables: Variables) -> None:
    made = classes.make_class(interpreter, node, variables)
    variables.put(node.name, decorated(interpreter, made, node.decorator_list, variables))


def delete(interpreter: Interpreter, node: ast.Delete, variables: Variables) -> None:
    for target in node.targets:
        assigning.delete(interpreter, target, variables)


def global_(interpreter: Interpreter, node: ast.Global | ast.Nonlocal, variables: Variables) -> None:
    for name in node.names:
        variables.declare(name, is_global=isinstance(node, ast.Global))


def pass_(interpreter: Interpreter, node: ast.Pass, variables: Variables) -> None:
    """Nothing."""


STATEMENTS: Mapping[type[ast.stmt], StatementHandler] = MappingProxyType({
    ast.Expr: expression, ast.Assign: assignment, ast.AnnAssign: annotated, ast.AugAssign: augmented,
    ast.Return: return_, ast.If: branching.if_, ast.For: for_, ast.While: while_, ast.Break: break_,
    ast.Continue: continue_, ast.With: with_, ast.FunctionDef: function, ast.AsyncFunctionDef: function,
    ast.ClassDef: class_, ast.Delete: delete, ast.Global: global_, ast.Nonlocal: global_, ast.Pass: pass_,
    ast.Assert: branching.assert_, ast.Raise: exceptions.raise_, ast.Try: exceptions.try_,
    ast.Match: matching.match, ast.Import: imports.import_, ast.ImportFrom: imports.import_from,
})  # fmt: skip
"""The meaning of each kind of statement."""
