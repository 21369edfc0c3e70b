"""Calls: arguments, functions of the source and of libraries, classes and instances."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import attributes, functions, operators
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.values import (
    BoundFunction,
    CallGiven,
    CodePlace,
    NativeFunction,
    Outside,
    PartialCall,
    PyClass,
    PyFunction,
    PyInstance,
    SuperView,
    Unfollowed,
    Wrapped,
)
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def call_expression(interpreter: Interpreter, node: ast.Call, variables: Variables) -> object:
    """A call. Where the function cannot be followed, its result is unknown."""
    if isinstance(node.func, ast.Name) and node.func.id == "super" and variables.holder("super") is None:
        return _super(interpreter, node, variables)
    function = interpreter.evaluate(node.func, variables)
    try:
        given = arguments(interpreter, node, variables)
    except CannotFollow as reason:
        return reason.unknown()
    if isinstance(given, Unfollowed):
        return given
    return call(interpreter, function, given)


def arguments(interpreter: Interpreter, node: ast.Call, variables: Variables) -> CallGiven | Unfollowed:
    """The arguments of a call, with the place of each. Raises CannotFollow for an unknown number of them."""
    place = CodePlace(variables.file, node)
    given = CallGiven([], {}, place)
    for each in node.args:
        if isinstance(each, ast.Starred):
            value = interpreter.evaluate(each.value, variables)
            for one in operators.iterate(interpreter, value, CodePlace(variables.file, each)):
                given.values.append(one)
                given.nodes.append(each)
        else:
            given.values.append(interpreter.evaluate(each, variables))
            given.nodes.append(each)
    for keyword in node.keywords:
        value = interpreter.evaluate(keyword.value, variables)
        if keyword.arg is not None:
            given.keywords[keyword.arg] = value
            given.keyword_nodes[keyword.arg] = keyword.value
        elif isinstance(value, dict):
            given.keywords.update({str(key): one for key, one in value.items()})
        else:
            return value if isinstance(value, Unfollowed) else Unfollowed("** of this value", place)
    return given


def call(interpreter: Interpreter, function: object, given: CallGiven) -> object:
    """The result of a call with given arguments."""
    if isinstance(function, BoundFunction):
        given = given.after(function.receiver)
        function = function.function
    if isinstance(function, PyFunction):
        try:
            return functions.call_function(interpreter, function, given)
        except CannotFollow as reason:
            functions.forget(function, given.values[0] if given.values else None, reason.unknown())
            return reason.unknown()
    if isinstance(function, NativeFunction):
        try:
            return function.function(interpreter, given)
        except (IndexError, ZeroDivisionError):  # a missing argument, or one out of range
            return Unfollowed(f"{function.name}(…)", given.place)
    if isinstance(function, PyClass):
        return make_instance(interpreter, function, given)
    if isinstance(function, PyInstance):
        return _call_instance(interpreter, function, given)
    if isinstance(function, Outside):
        return function.call(interpreter, given)
    if isinstance(function, Unfollowed):
        return function
    if isinstance(function, PartialCall):
        own = function.given
        keywords, nodes = {**own.keywords, **given.keywords}, {**own.keyword_nodes, **given.keyword_nodes}
        values = [*own.values, *given.values]
        return call(
            interpreter, function.function, CallGiven(values, keywords, given.place, own.nodes + given.nodes, nodes)
        )  # fmt: skip
    if isinstance(function, Wrapped):
        return call(interpreter, function.function, given)
    raise Raised("TypeError", f"'{attributes.kind_name(function)}' object is not callable", given.place)


def make_instance(interpreter: Interpreter, kind: PyClass, given: CallGiven) -> object:
    """An instance of a class, with its `__init__` run."""
    members = kind.word("members")
    if isinstance(members, dict) and given.values:
        return next((each for each in members.values() if _is_member(each, given.values[0])), None)
    if (new := kind.find("__new__")) and isinstance(new[1], NativeFunction):
        return new[1].function(interpreter, given.after(kind))
    made = PyInstance(kind, place=given.place)
    init = kind.find("__init__")
    if init is not None:
        found = call(interpreter, init[1], given.after(made))
        if isinstance(found, Unfollowed):
            return found
    elif kind.has_unknown_part:
        return Unfollowed(f"{kind.name}(…)", given.place)
    elif given.values or given.keywords:
        raise Raised("TypeError", f"{kind.name}() takes no arguments", given.place)
    return made


def _is_member(each: object, value: object) -> bool:
    return isinstance(each, PyInstance) and each.attributes.get("value") == value


def _call_instance(interpreter: Interpreter, value: PyInstance, given: CallGiven) -> object:
    found = value.kind.find("__call__")
    if found is None:
        if value.kind.has_unknown_part:
            return Unfollowed(f"{value.kind.name}(…)", given.place)
        raise Raised("TypeError", f"'{value.kind.name}' object is not callable", given.place)
    return call(interpreter, found[1], given.after(value))


def _super(interpreter: Interpreter, node: ast.Call, variables: Variables) -> object:
    """`super()` in a method, or `super(Net, self)`."""
    place = CodePlace(variables.file, node)
    if len(node.args) == 2:
        owner = interpreter.evaluate(node.args[0], variables)
        receiver = interpreter.evaluate(node.args[1], variables)
    else:
        frame = interpreter.frames[-1] if interpreter.frames else None
        owner = frame.function.owner if frame else None
        receiver = next(iter(frame.variables.names.values()), None) if frame else None
    if isinstance(owner, PyClass) and isinstance(receiver, PyInstance | PyClass):
        return SuperView(owner, receiver)
    return Unfollowed("super()", place)
