"""Items and slices of containers."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import operators
from cnncalc.source.signals import CannotFollow
from cnncalc.source.values import CallGiven, CodePlace, NativeFunction, Outside, PyClass, PyInstance, Unfollowed
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def subscript(interpreter: Interpreter, node: ast.Subscript, variables: Variables) -> object:
    value = interpreter.evaluate(node.value, variables)
    key = interpreter.evaluate(node.slice, variables)
    return item(interpreter, value, key, CodePlace(variables.file, node))


def slice_(interpreter: Interpreter, node: ast.Slice, variables: Variables) -> object:
    parts = [interpreter.evaluate(each, variables) if each else None for each in (node.lower, node.upper, node.step)]
    for each in parts:
        if isinstance(each, Unfollowed):
            return each
    return slice(*parts)


def item(interpreter: Interpreter, value: object, key: object, place: CodePlace) -> object:
    """`value[key]`."""
    for each in (value, key):
        if isinstance(each, Unfollowed):
            return each
    if isinstance(value, Outside):
        return value.item(interpreter, key, place)
    if isinstance(value, PyInstance):
        method = value.kind.find("__getitem__")
        given = CallGiven([value, key], {}, place)
        return interpreter.call(method[1], given) if method else Unfollowed("an item of an instance", place)
    if isinstance(value, PyClass):
        members = value.word("members")
        if isinstance(members, dict):
            return operators.computed(place, operator.getitem, members, key)
        return value
    if isinstance(value, NativeFunction):  # a generic type, list[int]
        return value
    if isinstance(key, slice) and isinstance(value, list | tuple | str):
        interpreter.steps.check_length(len(value))
    if isinstance(key, Outside):
        return Unfollowed("an item at a position that is computed", place)
    return operators.computed(place, operator.getitem, value, key)


def put_item(interpreter: Interpreter, value: object, key: object, new: object, place: CodePlace) -> object | None:
    """`value[key] = new`; an unknown value where it cannot be followed."""
    for each in (value, key):
        if isinstance(each, Unfollowed):
            return each
    if isinstance(value, Outside):
        return value.put_item(interpreter, key, new, place)
    if isinstance(value, PyInstance):
        method = value.kind.find("__setitem__")
        if method is None:
            return Unfollowed("an item of an instance", place)
        return interpreter.call(method[1], CallGiven([value, key, new], {}, place))
    operators.computed(place, operator.setitem, value, key, new)
    return None


def delete_item(interpreter: Interpreter, value: object, key: object, place: CodePlace) -> None:
    """`del value[key]`. Raises CannotFollow."""
    if isinstance(value, PyInstance) and (method := value.kind.find("__delitem__")):
        interpreter.call(method[1], CallGiven([value, key], {}, place))
    elif not isinstance(value, list | dict) or isinstance(key, Unfollowed):
        raise CannotFollow("del of an item", place)
    else:
        operators.computed(place, operator.delitem, value, key)
