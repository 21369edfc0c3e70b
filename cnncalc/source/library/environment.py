"""`os.environ`: no variable is set, so that a model is the same for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, NativeFunction, PyInstance, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def default(interpreter: Interpreter, given: CallGiven) -> object:
    """The value that a program gives for a variable that is not set."""
    return given.values[1] if len(given.values) > 1 else given.keywords.get("default")


def default_of(interpreter: Interpreter, given: CallGiven) -> object:
    """`os.environ.get(name, default)`."""
    return default(interpreter, given.without_first())


def missing(interpreter: Interpreter, given: CallGiven) -> object:
    raise Raised("KeyError", str(given.values[1]), given.place)


def never(interpreter: Interpreter, given: CallGiven) -> object:
    return False


def nothing(interpreter: Interpreter, given: CallGiven) -> object:
    """A variable that the program sets has no effect on the model."""
    return None


_KIND = native_class("environ", (), {
    "get": NativeFunction("get", default_of), "setdefault": NativeFunction("setdefault", default_of),
    "__contains__": NativeFunction("__contains__", never), "__getitem__": NativeFunction("__getitem__", missing),
    "__setitem__": NativeFunction("__setitem__", nothing),
})  # fmt: skip

ENVIRONMENT: Mapping[str, object] = MappingProxyType(
    {"os.environ": PyInstance(_KIND), "os.getenv": NativeFunction("getenv", default)}
)
"""The names of the environment by their dotted paths."""
