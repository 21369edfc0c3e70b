"""Expressions: constants, names, operators, containers, conditions, texts and functions without a name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import attributes, calling, comprehensions, functions, operators, subscripts, texts
from cnncalc.source.signals import Raised
from cnncalc.source.steps import weigh
from cnncalc.source.values import CodePlace, LaterName, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

ExpressionHandler = Callable[["Interpreter", Any, Variables], object]


def constant(interpreter: Interpreter, node: ast.Constant, variables: Variables) -> object:
    return node.value


def name(interpreter: Interpreter, node: ast.Name, variables: Variables) -> object:
    """The value of a name, from the inside out, and then among Python's own."""
    holder = variables.holder(node.id)
    if holder is not None:
        value = holder.names[node.id]
        if isinstance(value, LaterName):
            del holder.names[node.id]  # a package may import its own part under the same name
            value = holder.names[node.id] = attributes.later(interpreter, value, CodePlace(variables.file, node))
        return value
    if node.id in interpreter.builtins:
        return interpreter.builtins[node.id]
    if node.id in ("__name__", "__file__"):
        return variables.module.name if node.id == "__name__" else variables.module.path
    place = CodePlace(variables.file, node)
    raise Raised("NameError", f"name '{node.id}' is not defined", place)


def binary(interpreter: Interpreter, node: ast.BinOp, variables: Variables) -> object:
    left = interpreter.evaluate(node.left, variables)
    right = interpreter.evaluate(node.right, variables)
    return operators.binary(interpreter, type(node.op), left, right, CodePlace(variables.file, node))


def unary(interpreter: Interpreter, node: ast.UnaryOp, variables: Variables) -> object:
    value = interpreter.evaluate(node.operand, variables)
    return operators.unary(interpreter, type(node.op), value, CodePlace(variables.file, node))


def boolean(interpreter: Interpreter, node: ast.BoolOp, variables: Variables) -> object:
    """`and`, `or`: the value that decides. One that is certain decides whatever an unknown one before it is."""
    decides = isinstance(node.op, ast.Or)
    value: object = None
    unknown: Unfollowed | None = None
    for each in node.values:
        value = interpreter.evaluate(each, variables)
        if unknown is None and each is node.values[-1]:
            return value  # whatever its truth, which a tensor does not have
        found = operators.truth(interpreter, value, CodePlace(variables.file, each))
        if isinstance(found, Unfollowed):
            unknown = unknown or found
        elif found is decides:
            return value if unknown is None or isinstance(value, bool) else unknown
    return unknown


def comparison(interpreter: Interpreter, node: ast.Compare, variables: Variables) -> object:
    left = interpreter.evaluate(node.left, variables)
    place = CodePlace(variables.file, node)
    result: object = True
    for operation, expression in zip(node.ops, node.comparators, strict=True):
        right = interpreter.evaluate(expression, variables)
        result = operators.compare(interpreter, operation, left, right, place)
        if len(node.ops) > 1 and (isinstance(result, Unfollowed) or not result):
            return result
        left = right
    return result


def condition(interpreter: Interpreter, node: ast.IfExp, variables: Variables) -> object:
    """`a if c else b`: unknown where the condition is, unless both are the same."""
    place = CodePlace(variables.file, node.test)
    found = operators.truth(interpreter, interpreter.evaluate(node.test, variables), place)
    if not isinstance(found, Unfollowed):
        return interpreter.evaluate(node.body if found else node.orelse, variables)
    plain = (ast.Constant, ast.Name, ast.Attribute)
    if isinstance(node.body, plain) and isinstance(node.orelse, plain):
        one, other = interpreter.evaluate(node.body, variables), interpreter.evaluate(node.orelse, variables)
        if one is other or (weigh((one, other))[1] is None and one == other):
            return one
    return found


def elements(interpreter: Interpreter, nodes: list[ast.expr], variables: Variables) -> list[object]:
    """The values of the elements of a list or tuple, with those of starred ones."""
    found: list[object] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            value = interpreter.evaluate(node.value, variables)
            found += operators.iterate(interpreter, value, CodePlace(variables.file, node))
        else:
            found.append(interpreter.evaluate(node, variables))
    return found


def list_(interpreter: Interpreter, node: ast.List, variables: Variables) -> object:
    return elements(interpreter, node.elts, variables)


def tuple_(interpreter: Interpreter, node: ast.Tuple, variables: Variables) -> object:
    return tuple(elements(interpreter, node.elts, variables))


def set_(interpreter: Interpreter, node: ast.Set, variables: Variables) -> object:
    values = elements(interpreter, node.elts, variables)
    return operators.computed(CodePlace(variables.file, node), set, values)


def dictionary(interpreter: Interpreter, node: ast.Dict, variables: Variables) -> object:
    found: dict[object, object] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = interpreter.evaluate(value_node, variables)
        if key_node is None:
            if not isinstance(value, dict):
                return value if isinstance(value, Unfollowed) else Unfollowed("** of this", _at(variables, value_node))
            found.update(value)
            continue
        key = interpreter.evaluate(key_node, variables)
        if isinstance(key, Unfollowed):
            return key
        operators.computed(_at(variables, key_node), found.__setitem__, key, value)
    return found


def _at(variables: Variables, node: ast.AST) -> CodePlace:
    return CodePlace(variables.file, node)


def named(interpreter: Interpreter, node: ast.NamedExpr, variables: Variables) -> object:
    value = interpreter.evaluate(node.value, variables)
    variables.put(node.target.id, value)
    return value


def starred(interpreter: Interpreter, node: ast.Starred, variables: Variables) -> object:
    return Unfollowed("a starred expression", _at(variables, node))


def yielded(interpreter: Interpreter, node: ast.Yield, variables: Variables) -> object:
    """The values of a generator are collected when it is called."""
    value = interpreter.evaluate(node.value, variables) if node.value else None
    if interpreter.yielded:
        interpreter.yielded[-1].append(value)
    return None


def yielded_from(interpreter: Interpreter, node: ast.YieldFrom, variables: Variables) -> object:
    value = interpreter.evaluate(node.value, variables)
    if interpreter.yielded:
        interpreter.yielded[-1] += operators.iterate(interpreter, value, _at(variables, node))
    return None


EXPRESSIONS: Mapping[type[ast.expr], ExpressionHandler] = MappingProxyType({
    ast.Constant: constant, ast.Name: name, ast.BinOp: binary, ast.UnaryOp: unary, ast.BoolOp: boolean,
    ast.Compare: comparison, ast.IfExp: condition, ast.List: list_, ast.Tuple: tuple_, ast.Set: set_,
    ast.Dict: dictionary, ast.NamedExpr: named, ast.Starred: starred, ast.Yield: yielded,
    ast.YieldFrom: yielded_from, ast.Call: calling.call_expression, ast.Attribute: attributes.attribute,
    ast.Subscript: subscripts.subscript, ast.Slice: subscripts.slice_, ast.ListComp: comprehensions.list_,
    ast.SetComp: comprehensions.set_, ast.DictComp: comprehensions.dictionary,
    ast.GeneratorExp: comprehensions.generator, ast.Lambda: functions.lambda_, ast.JoinedStr: texts.joined,
    ast.FormattedValue: texts.formatted_value,
})  # fmt: skip
"""The meaning of each kind of expression."""
