"""Attributes of instances, classes, modules, and Python's own values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.source.evaluation import methods
from cnncalc.source.signals import Raised
from cnncalc.source.values import (
    BoundFunction,
    CallGiven,
    CodePlace,
    LaterName,
    NativeFunction,
    Outside,
    PartialCall,
    PyClass,
    PyFunction,
    PyInstance,
    PyModule,
    SuperView,
    Unfollowed,
    Wrapped,
)
from cnncalc.source.variables import Variables

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

MISSING = object()
"""The result for an attribute that does not exist."""


def attribute(interpreter: Interpreter, node: ast.Attribute, variables: Variables) -> object:
    value = interpreter.evaluate(node.value, variables)
    return get(interpreter, value, node.attr, CodePlace(variables.file, node))


def get(interpreter: Interpreter, value: object, name: str, place: CodePlace) -> object:
    """`value.name`. Raises Raised (AttributeError)."""
    found = look_up(interpreter, value, name, place)
    if found is MISSING:
        message = f"'{kind_name(value)}' object has no attribute '{name}'"
        raise Raised("AttributeError", message, place)
    return found


def kind_name(value: object) -> str:
    """The name of a value's class, as Python's messages write it."""
    if isinstance(value, PyInstance):
        return value.kind.name
    name = type(value).__name__
    return name.removeprefix("Py").lower() if name.startswith("Py") else name


def look_up(interpreter: Interpreter, value: object, name: str, place: CodePlace) -> object:
    """`value.name`, or MISSING."""
    if isinstance(value, Unfollowed):
        return value
    if isinstance(value, PyInstance):
        return _of_instance(interpreter, value, name, place)
    if isinstance(value, Outside):
        return value.attribute(interpreter, name, place)
    if isinstance(value, PyModule):
        return _of_module(interpreter, value, name, place)
    if isinstance(value, PyClass):
        return _of_class(interpreter, value, name, place)
    if isinstance(value, SuperView):
        found = value.find(name)
        if found is None:
            return _missing_in(value.receiver, name, place)
        return bound(interpreter, found[1], value.receiver, place)
    if isinstance(value, PyFunction):
        return value.attributes[name] if name in value.attributes else _of_function(value, name)
    if isinstance(value, Wrapped) and value.word == "property" and name in ("setter", "deleter"):
        return NativeFunction(name, lambda _interpreter, given: _changed_property(value, name, given))
    if isinstance(value, NativeFunction):
        return methods.of_type(value, name) or (value.name if name == "__name__" else MISSING)
    if isinstance(value, PartialCall):
        parts = {"func": value.function, "args": tuple(value.given.values), "keywords": value.given.keywords}
        return parts.get(name, MISSING)
    return methods.method_of(value, name, MISSING)


def _changed_property(value: Wrapped, name: str, given: CallGiven) -> Wrapped:
    """A property with another function: `@width.setter`."""
    return Wrapped(value.word, value.function, given.values[0]) if name == "setter" else value


def _of_function(value: PyFunction, name: str) -> object:
    if name in ("__name__", "__qualname__"):
        return value.name
    if name == "__module__":
        return value.around.module.name
    if name == "__class__":
        return PyClass("function", (), {})
    return None if name in ("__doc__", "__defaults__") else MISSING


def _of_instance(interpreter: Interpreter, value: PyInstance, name: str, place: CodePlace) -> object:
    found = value.kind.find(name)
    if found and isinstance(found[1], Wrapped) and found[1].word == "property":
        return interpreter.call(found[1].function, CallGiven([value], {}, place))
    if name in value.attributes:
        return value.attributes[name]
    if found:
        return bound(interpreter, found[1], value, place)
    if name == "__class__":
        return value.kind
    if name == "__dict__":
        return value.attributes
    if name in ("__module__", "__doc__"):
        return _of_class(interpreter, value.kind, name, place)
    if hook := value.kind.find("__getattr__"):
        return interpreter.call(hook[1], CallGiven([value, name], {}, place))
    return _missing_in(value, name, place)


def _missing_in(value: PyInstance | PyClass, name: str, place: CodePlace) -> object:
    """An attribute may come from a base that nobody knows."""
    kind = value.kind if isinstance(value, PyInstance) else value
    if name == "__init__":
        return NativeFunction("__init__", lambda _interpreter, _given: None)
    if name in _HOOKS and isinstance(value, PyInstance):
        return _HOOKS[name](value)
    return Unfollowed(f"{kind.name}.{name}", place) if kind.has_unknown_part else MISSING


def _setter(value: PyInstance) -> NativeFunction:
    def called(interpreter: Interpreter, given: CallGiven) -> object:
        name, new = given.values
        put(interpreter, value, str(name), new, given.place)
        return None

    return NativeFunction("__setattr__", called)


def _getter(value: PyInstance) -> NativeFunction:
    def called(interpreter: Interpreter, given: CallGiven) -> object:
        name = str(given.values[0])
        if name not in value.attributes:
            raise Raised("AttributeError", f"'{value.kind.name}' object has no attribute '{name}'", given.place)
        return value.attributes[name]

    return NativeFunction("__getattr__", called)


_HOOKS: Mapping[str, Callable[[PyInstance], NativeFunction]] = MappingProxyType(
    {"__setattr__": _setter, "__getattr__": _getter, "__getattribute__": _getter}
)
"""The functions by which every instance sets and gives its attributes."""


def bound(interpreter: Interpreter, value: object, receiver: PyInstance | PyClass, place: CodePlace) -> object:
    """An attribute of a class as its instance, or the class itself, gives it."""
    if isinstance(value, Wrapped):
        if value.word == "staticmethod":
            return value.function
        if value.word == "classmethod":
            kind = receiver.kind if isinstance(receiver, PyInstance) else receiver
            return BoundFunction(_function(value.function), kind)
        return interpreter.call(value.function, CallGiven([receiver], {}, place))
    binds = isinstance(value, PyFunction) or (isinstance(value, NativeFunction) and value.binds)
    if binds and isinstance(receiver, PyInstance):
        return BoundFunction(_function(value), receiver)
    return value


def _function(value: object) -> PyFunction | NativeFunction:
    assert isinstance(value, PyFunction | NativeFunction)
    return value


def _of_class(interpreter: Interpreter, value: PyClass, name: str, place: CodePlace) -> object:
    found = value.find(name)
    if found:
        own = found[1]
        is_bound = isinstance(own, Wrapped) and own.word != "property"
        return bound(interpreter, own, value, place) if is_bound else own
    if name in ("__name__", "__qualname__"):
        return value.name
    if name == "__module__":
        return place.file.source.name
    if name in ("__mro__", "__bases__"):
        return value.lineage if name == "__mro__" else value.bases
    if name == "__doc__":
        return None
    members = value.word("members")
    if name == "__members__" and isinstance(members, dict):
        return members
    return _missing_in(value, name, place)


def _of_module(interpreter: Interpreter, value: PyModule, name: str, place: CodePlace) -> object:
    """A name of a module, or a module inside a package."""
    found = MISSING
    if value.variables is None:
        from cnncalc.source.evaluation.module_body import fill

        fill(interpreter, value)
    if value.variables is not None and name in value.variables.names:
        found = value.variables.names[name]
        if isinstance(found, LaterName):
            del value.variables.names[name]  # a package may import its own part under the same name
            found = value.variables.names[name] = later(interpreter, found, place)
    if found is MISSING and (inner := interpreter.loader(interpreter, value, 1, name)):
        return inner
    if found is MISSING and name == "__name__":
        return value.name
    return found


def later(interpreter: Interpreter, name: LaterName, place: CodePlace) -> object:
    """The value of an imported name."""
    interpreter.steps.spend(10)
    if not name.name:
        return name.module
    found = _of_module(interpreter, name.module, name.name, place)
    return Unfollowed(f"{name.name} of {name.module.name}", place) if found is MISSING else found


def put(interpreter: Interpreter, value: object, name: str, new: object, place: CodePlace) -> None:
    """`value.name = new`."""
    if isinstance(value, PyInstance):
        found = value.kind.find(name)
        if found and isinstance(found[1], Wrapped) and found[1].word == "property":
            if found[1].setter is not None:
                interpreter.call(found[1].setter, CallGiven([value, new], {}, place))
            return
        if (hook := value.kind.find("__setattr__")) and isinstance(hook[1], NativeFunction):
            interpreter.call(hook[1], CallGiven([value, name, new], {}, place))
            return
        value.attributes[name] = new
    elif isinstance(value, PyClass):
        value.namespace[name] = new
    elif isinstance(value, PyFunction):
        value.attributes[name] = new
    elif isinstance(value, Outside):
        value.assign(interpreter, name, new, place)
