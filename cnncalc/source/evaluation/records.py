"""Dataclasses and named tuples: classes whose `__init__` follows from their annotations."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


class FieldDefault:
    """`dataclasses.field(default=…)`: the default, or the function that makes it."""

    __slots__ = ("default", "factory", "has_default", "is_argument")

    def __init__(self, given: CallGiven) -> None:
        self.has_default = "default" in given.keywords
        self.default = given.keywords.get("default")
        self.factory = given.keywords.get("default_factory")
        self.is_argument = given.keywords.get("init", True) is not False


def field_default(interpreter: Interpreter, given: CallGiven) -> object:
    return FieldDefault(given)


def dataclass(interpreter: Interpreter, given: CallGiven) -> object:
    """The decorator, with or without arguments."""
    if given.values and isinstance(given.values[0], PyClass):
        give_init(given.values[0])
        return given.values[0]
    return NativeFunction(
        "dataclass", lambda _, inner: dataclass(interpreter, CallGiven(inner.values, {}, inner.place))
    )


def field_names(kind: PyClass) -> list[str]:
    """The fields of a dataclass, those of its bases first."""
    found: dict[str, None] = {}
    for each in reversed(kind.lineage):
        found |= {name: None for name, note in each.annotations.items() if "ClassVar" not in ast.unparse(note)[:20]}
    return list(found)


def give_init(kind: PyClass) -> None:
    """Give a class the `__init__` that its annotations say, unless it has its own."""
    names = field_names(kind)

    def init(interpreter: Interpreter, given: CallGiven) -> object:
        made, *values = given.values
        assert isinstance(made, PyInstance)
        taking = [name for name in names if _takes(kind, name)]
        if len(values) > len(taking):
            raise Raised("TypeError", f"{kind.name}() takes {len(taking)} arguments", given.place)
        found = {**dict(zip(taking, values, strict=False)), **given.keywords}
        for name in names:
            if name in found:
                made.attributes[name] = found[name]
            else:
                made.attributes[name] = _default(interpreter, kind, name, given)
        for name in found:
            if name not in names:
                message = f"{kind.name}() got an unexpected keyword argument '{name}'"
                raise Raised("TypeError", message, given.place)
        if after := made.kind.find("__post_init__"):
            interpreter.call(after[1], CallGiven([made], {}, given.place))
        return None

    def values(interpreter: Interpreter, given: CallGiven) -> object:
        made = given.values[0]
        assert isinstance(made, PyInstance)
        return [made.attributes[name] for name in names]

    def item(interpreter: Interpreter, given: CallGiven) -> object:
        from cnncalc.source.evaluation import subscripts

        return subscripts.item(interpreter, tuple(values(interpreter, given)), given.values[1], given.place)  # type: ignore[arg-type]

    kind.namespace.setdefault("__init__", NativeFunction("__init__", init))
    if kind.word("named_tuple"):
        kind.namespace |= {"__iter__": NativeFunction("__iter__", values), "__getitem__": NativeFunction("item", item)}
        kind.namespace |= {"_replace": NativeFunction("_replace", replaced), "_fields": tuple(names)}
        kind.namespace["_asdict"] = NativeFunction("_asdict", as_dictionary)
        kind.namespace["__len__"] = NativeFunction("len", lambda _interpreter, _given: len(names))


def _takes(kind: PyClass, name: str) -> bool:
    found = kind.find(name)
    return not (found and isinstance(found[1], FieldDefault) and not found[1].is_argument)


def _default(interpreter: Interpreter, kind: PyClass, name: str, given: CallGiven) -> object:
    found = kind.find(name)
    if found is None:
        raise Raised("TypeError", f"{kind.name}() missing the argument '{name}'", given.place)
    value = found[1]
    if not isinstance(value, FieldDefault):
        return value
    if value.factory is not None:
        return interpreter.call(value.factory, CallGiven([], {}, given.place))
    if value.has_default or not value.is_argument:
        return value.default
    raise Raised("TypeError", f"{kind.name}() missing the argument '{name}'", given.place)


def named_tuple(interpreter: Interpreter, given: CallGiven) -> object:
    """`namedtuple("Point", ["x", "y"])`."""
    if unknown := given.unfollowed():
        return unknown
    title, names = [*given.values, None, None][:2]
    listed = names.replace(",", " ").split() if isinstance(names, str) else list(names or ())  # type: ignore[call-overload]
    made = native_class(str(title), (), {}, named_tuple=True)
    made.annotations = {str(each): ast.Constant(None) for each in listed}
    defaults = given.keywords.get("defaults")
    if isinstance(defaults, list | tuple):
        made.namespace |= dict(zip(map(str, listed[len(listed) - len(defaults) :]), defaults, strict=False))
    give_init(made)
    return made


def replaced(interpreter: Interpreter, given: CallGiven) -> object:
    """`dataclasses.replace(record, name=value)`: a copy with other values."""
    value = given.values[0]
    if not isinstance(value, PyInstance):
        return value if isinstance(value, Unfollowed) else Unfollowed("dataclasses.replace(…)", given.place)
    return PyInstance(value.kind, {**value.attributes, **given.keywords}, given.place)


def as_dictionary(interpreter: Interpreter, given: CallGiven) -> object:
    """`dataclasses.asdict(record)`, with the records inside."""
    value = given.values[0]
    return _plain(value) if isinstance(value, PyInstance | Unfollowed) else Unfollowed("asdict(…)", given.place)


def _plain(value: object) -> object:
    if isinstance(value, PyInstance) and value.kind.annotations:
        return {name: _plain(each) for name, each in value.attributes.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value


def is_record(interpreter: Interpreter, given: CallGiven) -> object:
    """`dataclasses.is_dataclass`."""
    value = given.values[0]
    kind = value.kind if isinstance(value, PyInstance) else value
    return isinstance(kind, PyClass) and bool(kind.annotations) and not kind.word("named_tuple")
