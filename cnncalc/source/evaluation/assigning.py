"""Assignments to names, attributes, items and several targets at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import attributes, operators, subscripts
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.values import CodePlace, Outside, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def assign(interpreter: Interpreter, target: ast.expr, value: object, variables: Variables) -> None:
    """Give a target its value."""
    if isinstance(target, ast.Name):
        variables.put(target.id, value)
    elif isinstance(target, ast.Attribute):
        holder = interpreter.evaluate(target.value, variables)
        attributes.put(interpreter, holder, target.attr, value, CodePlace(variables.file, target))
    elif isinstance(target, ast.Subscript):
        _put_item(interpreter, target, value, variables)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(interpreter, target, value, variables)
    elif isinstance(target, ast.Starred):
        assign(interpreter, target.value, value, variables)


def _put_item(interpreter: Interpreter, target: ast.Subscript, value: object, variables: Variables) -> None:
    """An item; where that cannot be followed, the whole container is unknown from then on."""
    holder = interpreter.evaluate(target.value, variables)
    key = interpreter.evaluate(target.slice, variables)
    place = CodePlace(variables.file, target)
    changed = subscripts.put_item(interpreter, holder, key, value, place)
    if isinstance(holder, Outside) or isinstance(changed, Unfollowed):
        if isinstance(changed, Unfollowed) and not isinstance(holder, Outside | Unfollowed):
            raise CannotFollow(changed.reason, changed.place)
        if isinstance(target.value, ast.Name | ast.Attribute):
            assign(interpreter, target.value, changed, variables)


def _unpack(interpreter: Interpreter, target: ast.Tuple | ast.List, value: object, variables: Variables) -> None:
    """Several targets at once: of something unknown, each is unknown."""
    if isinstance(value, Unfollowed):
        for each in target.elts:
            assign(interpreter, each, value, variables)
        return
    place = CodePlace(variables.file, target)
    values = list(operators.iterate(interpreter, value, place))
    star = next((index for index, each in enumerate(target.elts) if isinstance(each, ast.Starred)), None)
    count = len(target.elts)
    if len(values) != count if star is None else len(values) < count - 1:
        message = f"cannot unpack {len(values)} values into {count} names"
        raise Raised("ValueError", message, place)
    if star is not None:
        end = len(values) - (count - star - 1)
        values = [*values[:star], values[star:end], *values[end:]]
    for each, one in zip(target.elts, values, strict=True):
        assign(interpreter, each, one, variables)


def delete(interpreter: Interpreter, target: ast.expr, variables: Variables) -> None:
    """`del target`."""
    if isinstance(target, ast.Name):
        holder = variables.holder(target.id)
        if holder is not None:
            del holder.names[target.id]
    elif isinstance(target, ast.Attribute):
        value = interpreter.evaluate(target.value, variables)
        getattr(value, "attributes", {}).pop(target.attr, None)
    elif isinstance(target, ast.Subscript):
        value = interpreter.evaluate(target.value, variables)
        key = interpreter.evaluate(target.slice, variables)
        subscripts.delete_item(interpreter, value, key, CodePlace(variables.file, target))
    elif isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            delete(interpreter, each, variables)
