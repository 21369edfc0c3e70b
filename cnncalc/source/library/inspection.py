"""`inspect`: the kinds of values, and the signatures of functions of the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.source.values import (
    BoundFunction,
    CallGiven,
    LibraryName,
    NativeFunction,
    PyClass,
    PyFunction,
    PyInstance,
    PyModule,
    Unfollowed,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def _asks(name: str, *kinds: type) -> NativeFunction:
    """A question about the kind of a value, such as `inspect.isclass`."""

    def asked(interpreter: Interpreter, given: CallGiven) -> object:
        value = given.values[0] if given.values else None
        return value if isinstance(value, Unfollowed) else isinstance(value, kinds)

    return NativeFunction(name, asked)


_KINDS = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")
_EMPTY = LibraryName("inspect.Parameter.empty")
_PARAMETER = native_class("Parameter", (), {**{name: name for name in _KINDS}, "empty": _EMPTY})
_SIGNATURE = native_class("Signature", (), {"empty": _EMPTY})


def signature(interpreter: Interpreter, given: CallGiven) -> object:
    """The parameters of a function, of a class's `__init__`, or of what a function wraps."""
    value = given.values[0]
    if isinstance(value, PyClass):
        found = value.find("__init__")
        value = found[1] if found else None
    while isinstance(value, PyFunction) and "__wrapped__" in value.attributes:
        value = value.attributes["__wrapped__"]
    if not isinstance(value, PyFunction):
        return value if isinstance(value, Unfollowed) else Unfollowed("inspect.signature(…)", given.place)
    parameters = {
        name: PyInstance(_PARAMETER, {"name": name, "kind": kind, "default": default, "annotation": _EMPTY})
        for name, kind, default in _parameters(value)
    }
    return PyInstance(_SIGNATURE, {"parameters": parameters})


def _parameters(function: PyFunction) -> Iterator[tuple[str, str, object]]:
    given = function.node.args
    plain = [*given.posonlyargs, *given.args]
    missing: list[object] = [_EMPTY] * (len(plain) - len(function.defaults))
    for place, (each, default) in enumerate(zip(plain, [*missing, *function.defaults], strict=True)):
        yield each.arg, _KINDS[0] if place < len(given.posonlyargs) else _KINDS[1], default
    if given.vararg:
        yield given.vararg.arg, _KINDS[2], _EMPTY
    for each in given.kwonlyargs:
        yield each.arg, _KINDS[3], function.keyword_defaults.get(each.arg, _EMPTY)
    if given.kwarg:
        yield given.kwarg.arg, _KINDS[4], _EMPTY


INSPECTION: Mapping[str, object] = MappingProxyType({
    "inspect.signature": NativeFunction("signature", signature), "inspect.Parameter": _PARAMETER,
    "inspect.isfunction": _asks("isfunction", PyFunction), "inspect.isclass": _asks("isclass", PyClass),
    "inspect.ismethod": _asks("ismethod", BoundFunction), "inspect.ismodule": _asks("ismodule", PyModule),
    "inspect.isroutine": _asks("isroutine", PyFunction, BoundFunction, NativeFunction),
})  # fmt: skip
