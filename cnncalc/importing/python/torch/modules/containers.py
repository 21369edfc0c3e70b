"""Modules that hold modules: `Sequential`, `ModuleList`, `ModuleDict`, and lists of learned arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.modules import check_number
from cnncalc.importing.python.torch.modules.base import MODULE, is_module
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.source.evaluation import operators
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyFunction, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def _parts(value: object) -> tuple[PyInstance, dict[str, object]]:
    """A container, and its contents by their names; a list of modules may hold None, or something unknown."""
    assert isinstance(value, PyInstance)
    own = {
        key: each for key, each in value.attributes.items()
        if is_module(each) or isinstance(each, TorchTensor)
        or (key.isdigit() and (each is None or isinstance(each, Unfollowed)))
    }  # fmt: skip
    return value, own


def _put(made: PyInstance, values: Iterable[object]) -> object:
    """Put values into a container under the next numbers; a class that is not known makes the container unknown."""
    _, own = _parts(made)
    number = len(own)
    for value in values:
        if isinstance(value, NativeFunction | PyFunction) and made.place is not None:
            message = f"{value.name} is a function and not a module: use one such as nn.ReLU() for F.relu"
            raise Raised("TypeError", message, made.place)
        if isinstance(value, PyClass) and made.place is not None:
            raise Raised("TypeError", f"{value.name} is a class and not a module: write {value.name}()", made.place)
        if isinstance(value, PyInstance) and not is_module(value) and made.place is not None:
            if value.kind.has_unknown_part:
                return Unfollowed(f"the class {value.kind.name} as a module", made.place)
            raise Raised("TypeError", f"{value.kind.name} is not a Module subclass", made.place)
        made.attributes[str(number)] = value
        number += 1
    return None


def _values(interpreter: Interpreter, value: object, given: CallGiven) -> list[object]:
    return list(operators.iterate(interpreter, value, given.place))


def init_sequential(interpreter: Interpreter, given: CallGiven) -> object:
    made, *values = given.values
    assert isinstance(made, PyInstance)
    if len(values) == 1 and isinstance(values[0], dict):
        return put_named(made, values[0])
    if len(values) == 1 and isinstance(values[0], list | tuple):
        raise Raised("TypeError", "Sequential takes modules, and not a list of them: write *layers", given.place)
    return _put(made, values)


def put_named(made: PyInstance, values: Mapping[object, object]) -> object:
    for key, value in values.items():
        if isinstance(value, Unfollowed):
            return value
        made.attributes[str(key)] = value
    return None


def init_list(interpreter: Interpreter, given: CallGiven) -> object:
    made, *values = given.values
    assert isinstance(made, PyInstance)
    listed = values[0] if values else given.keywords.get("modules", ())
    return listed if isinstance(listed, Unfollowed) else _put(made, _values(interpreter, listed, given))


def init_dictionary(interpreter: Interpreter, given: CallGiven) -> object:
    made, *values = given.values
    assert isinstance(made, PyInstance)
    listed = values[0] if values else given.keywords.get("modules", {})
    if isinstance(listed, list):
        listed = dict(listed)
    if isinstance(listed, PyInstance):
        listed = _parts(listed)[1]
    return put_named(made, listed) if isinstance(listed, dict) else Unfollowed("ModuleDict(…)", given.place)


def run_sequential(interpreter: Interpreter, given: CallGiven) -> object:
    _, own = _parts(given.values[0])
    check_number("Sequential", given.without_first(), 1)
    value = given.values[1] if len(given.values) > 1 else next(iter(given.keywords.values()), None)
    for each in own.values():
        if isinstance(each, Unfollowed):
            value = _stated(interpreter, each, value)
        else:
            value = interpreter.call(each, CallGiven([value], {}, given.place))
        if isinstance(value, Unfollowed):
            return value
    return value


def _stated(interpreter: Interpreter, unknown: Unfollowed, value: object) -> object:
    """The output of a layer that cannot be followed, if a comment on its line states it."""
    from cnncalc.importing.python.outcome import shape_in_comment
    from cnncalc.importing.python.torch.ending import opaque

    shape = shape_in_comment(unknown.place)
    if shape is None or not isinstance(value, TorchTensor):
        return unknown
    return opaque(interpreter, [value], shape, unknown.reason, unknown.place)


def append(interpreter: Interpreter, given: CallGiven) -> object:
    made, own = _parts(given.values[0])
    if isinstance(given.values[1], Unfollowed):
        raise CannotFollow(given.values[1].reason, given.values[1].place)
    made.attributes[str(len(own))] = given.values[1]
    return made


def extend(interpreter: Interpreter, given: CallGiven) -> object:
    made, _ = _parts(given.values[0])
    found = _put(made, _values(interpreter, given.values[1], given))
    if isinstance(found, Unfollowed):
        raise CannotFollow(found.reason, found.place)
    return made


def insert(interpreter: Interpreter, given: CallGiven) -> object:
    made, own = _parts(given.values[0])
    listed = list(own.values())
    if not isinstance(given.values[1], int):
        raise CannotFollow("insert at a position that is not known", given.place)
    listed.insert(given.values[1], given.values[2])
    for key in own:
        del made.attributes[key]
    _put(made, listed)
    return None


def item(interpreter: Interpreter, given: CallGiven) -> object:
    """A part by its number, several by a slice, or one by its name."""
    made, own = _parts(given.values[0])
    key = given.values[1]
    if isinstance(key, str):
        if key not in own:
            raise Raised("KeyError", key, given.place)
        return own[key]
    if isinstance(key, slice):
        part = PyInstance(made.kind, place=made.place)
        names = list(own)[key]
        part.attributes = {name if made.kind.descends(SEQUENTIAL) else str(number): own[name]
                           for number, name in enumerate(names)}  # fmt: skip
        return part
    if not isinstance(key, int):
        return Unfollowed("an item of a container", given.place)
    if not -len(own) <= key < len(own):
        raise Raised("IndexError", f"index {key} is out of range", given.place)
    return list(own.values())[key]


def put_item(interpreter: Interpreter, given: CallGiven) -> object:
    made, own = _parts(given.values[0])
    key, value = given.values[1:3]
    if isinstance(value, Unfollowed):
        raise CannotFollow(value.reason, value.place)
    made.attributes[list(own)[key] if isinstance(key, int) else str(key)] = value
    return None


def delete_item(interpreter: Interpreter, given: CallGiven) -> object:
    """`del layers[-1]`: those after it move up, except in a container by names."""
    made, own = _parts(given.values[0])
    key = given.values[1]
    names = list(own)
    gone = names[key] if isinstance(key, int | slice) else [key]
    for name in [gone] if isinstance(gone, str) else gone:
        if name not in own:
            raise Raised("KeyError", str(name), given.place)
        del made.attributes[str(name)]
    left = [name for name in names if name in made.attributes]
    if all(name.isdigit() for name in left):
        for name in left:
            del made.attributes[name]
        made.attributes |= {str(number): own[name] for number, name in enumerate(left)}
    return None


def length(interpreter: Interpreter, given: CallGiven) -> object:
    return len(_parts(given.values[0])[1])


def values(interpreter: Interpreter, given: CallGiven) -> object:
    return iter(list(_parts(given.values[0])[1].values()))


def keys(interpreter: Interpreter, given: CallGiven) -> object:
    return iter(list(_parts(given.values[0])[1]))


def pairs(interpreter: Interpreter, given: CallGiven) -> object:
    return iter(list(_parts(given.values[0])[1].items()))


def has(interpreter: Interpreter, given: CallGiven) -> object:
    return given.values[1] in _parts(given.values[0])[1]


def update(interpreter: Interpreter, given: CallGiven) -> object:
    made, _ = _parts(given.values[0])
    if not isinstance(given.values[1], dict):
        raise CannotFollow("update of a container", given.place)
    put_named(made, given.values[1])
    return None


def _class(name: str, functions: Mapping[str, Callable[[Interpreter, CallGiven], object]]) -> PyClass:
    namespace: dict[str, object] = {key: NativeFunction(key, function) for key, function in functions.items()}
    return native_class(name, (MODULE,), namespace)


_COMMON: Mapping[str, Callable[[Interpreter, CallGiven], object]] = MappingProxyType({
    "__getitem__": item, "__setitem__": put_item, "__delitem__": delete_item, "__len__": length,
    "append": append, "extend": extend,
    "__iadd__": extend, "insert": insert,
})  # fmt: skip
_BY_NAME: Mapping[str, Callable[[Interpreter, CallGiven], object]] = MappingProxyType({
    "__init__": init_dictionary, "__getitem__": item, "__setitem__": put_item, "__delitem__": delete_item,
    "__len__": length, "__iter__": keys,
    "keys": keys, "values": values, "items": pairs, "__contains__": has, "update": update,
})  # fmt: skip

SEQUENTIAL = _class(
    "Sequential", {**_COMMON, "__init__": init_sequential, "__iter__": values, "forward": run_sequential}
)

CONTAINERS: Mapping[str, PyClass] = MappingProxyType({
    "Sequential": SEQUENTIAL,
    "ModuleList": _class("ModuleList", {**_COMMON, "__init__": init_list, "__iter__": values}),
    "ParameterList": _class("ParameterList", {**_COMMON, "__init__": init_list, "__iter__": values}),
    "ModuleDict": _class("ModuleDict", _BY_NAME), "ParameterDict": _class("ParameterDict", _BY_NAME),
})  # fmt: skip
