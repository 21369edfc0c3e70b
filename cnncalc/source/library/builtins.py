"""Python's own functions and types."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import attributes, operators, texts
from cnncalc.source.evaluation.attributes import MISSING
from cnncalc.source.library import kinds
from cnncalc.source.library.iterables import (
    Native,
    all_or_any,
    enumerate_,
    filter_,
    iter_,
    map_,
    most_or_least,
    next_,
    reversed_,
    sort,
    sum_,
    values_of,
    zip_,
)
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.steps import weigh
from cnncalc.source.values import (
    BoundFunction,
    CallGiven,
    LibraryName,
    NativeFunction,
    Outside,
    PartialCall,
    PyClass,
    PyFunction,
    PyInstance,
    PyModule,
    Unfollowed,
    Wrapped,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def plain(function: Callable[..., object], name: str = "") -> NativeFunction:
    """A function of Python on plain values: an unknown argument makes the result unknown."""
    own = name or function.__name__

    def called(interpreter: Interpreter, given: CallGiven) -> object:
        if unknown := given.unfollowed():
            return unknown
        values = [*given.values, *given.keywords.values()]
        count, strange = weigh(values)
        interpreter.steps.spend(count)
        if strange is not None:
            if isinstance(strange, Outside) and not isinstance(strange, LibraryName):
                return strange.attribute(interpreter, f"__{own}__", given.place)
            return strange if isinstance(strange, Unfollowed) else Unfollowed(f"{own}(…)", given.place)
        return operators.computed(given.place, lambda: function(*given.values, **given.keywords))

    return NativeFunction(own, called)


def _container(make: Callable[[list[Any]], object]) -> Native:
    def called(interpreter: Interpreter, given: CallGiven) -> object:
        if not given.values:
            return make([])
        if isinstance(given.values[0], Unfollowed):
            return given.values[0]
        return operators.computed(given.place, make, values_of(interpreter, given))

    return called


def dictionary(interpreter: Interpreter, given: CallGiven) -> object:
    found: dict[object, object] = {}
    if given.values:
        value = given.values[0]
        if isinstance(value, Unfollowed):
            return value
        pairs = value.items() if isinstance(value, dict) else values_of(interpreter, given)
        for pair in pairs:
            both = list(operators.iterate(interpreter, pair, given.place))
            operators.computed(given.place, lambda key, each: found.__setitem__(key, each), *both)
    found.update(given.keywords)
    return found


def length(interpreter: Interpreter, given: CallGiven) -> object:
    value = given.values[0] if given.values else None
    if isinstance(value, Unfollowed):
        return value
    if isinstance(value, PyInstance):
        method = value.kind.find("__len__")
        return interpreter.call(method[1], given) if method else Unfollowed("len(…)", given.place)
    if isinstance(value, Outside):
        return value.attribute(interpreter, "__len__", given.place)
    if isinstance(value, PyClass) and isinstance(members := value.word("members"), dict):
        return len(members)
    return operators.computed(given.place, len, value)


def get_attribute(interpreter: Interpreter, given: CallGiven) -> object:
    value, name, *default = given.values
    if isinstance(name, Unfollowed) or not isinstance(name, str):
        return name if isinstance(name, Unfollowed) else Unfollowed("getattr(…)", given.place)
    found = _looked_up(interpreter, value, name, given)
    if found is MISSING:
        return default[0] if default else attributes.get(interpreter, value, name, given.place)
    return found


def _looked_up(interpreter: Interpreter, value: object, name: str, given: CallGiven) -> object:
    """An attribute; MISSING also where a property or `__getattr__` of the program raises AttributeError."""
    try:
        return attributes.look_up(interpreter, value, name, given.place)
    except Raised as error:
        if error.kind != "AttributeError":
            raise
        return MISSING


def set_attribute(interpreter: Interpreter, given: CallGiven) -> object:
    value, name, new = given.values
    if not isinstance(name, str):
        raise CannotFollow("setattr with a name that is not known", given.place)
    attributes.put(interpreter, value, name, new, given.place)
    return None


def has_attribute(interpreter: Interpreter, given: CallGiven) -> object:
    value, name = given.values
    if not isinstance(name, str):
        return Unfollowed("hasattr(…)", given.place)
    found = _looked_up(interpreter, value, name, given)
    if isinstance(found, LibraryName):
        return _is_in_library(interpreter, found.path, given)
    return found if isinstance(found, Unfollowed) else found is not MISSING


def _is_in_library(interpreter: Interpreter, path: str, given: CallGiven) -> object:
    """Whether a library has a name; unknown for a module of which not every name is known."""
    if f"{path.rpartition('.')[0]}.*" in interpreter.library:
        return path in interpreter.library
    is_known = any(each.startswith(f"{path}.") for each in interpreter.library)
    return True if is_known or path in interpreter.library else Unfollowed(f"hasattr({path})", given.place)


def type_of(interpreter: Interpreter, given: CallGiven) -> object:
    value = given.values[0] if given.values else None
    if isinstance(value, Unfollowed | Outside):
        return value if isinstance(value, Unfollowed) else Unfollowed("type(…)", given.place)
    if isinstance(value, PyInstance):
        return value.kind
    if isinstance(value, PartialCall):
        return interpreter.library_value("functools.partial")
    if isinstance(value, PyFunction | NativeFunction | PyClass | BoundFunction):
        return BUILTINS["type"] if isinstance(value, PyClass) else interpreter.library_value("types.FunctionType")
    return BUILTINS.get(type(value).__name__, Unfollowed("type(…)", given.place))


def text(interpreter: Interpreter, given: CallGiven) -> object:
    return texts.text_of(interpreter, given.values[0], given.place) if given.values else ""


def representation(interpreter: Interpreter, given: CallGiven) -> object:
    return texts.text_of(interpreter, given.values[0], given.place, quoted=True)


def format_(interpreter: Interpreter, given: CallGiven) -> object:
    value, form = [*given.values, ""][:2]
    return texts.with_format(interpreter, value, str(form), given.place)


def boolean(interpreter: Interpreter, given: CallGiven) -> object:
    return operators.truth(interpreter, given.values[0], given.place) if given.values else False


def callable_(interpreter: Interpreter, given: CallGiven) -> object:
    value = given.values[0]
    if isinstance(value, Unfollowed | Outside):
        return value if isinstance(value, Unfollowed) else True
    if isinstance(value, PyInstance):
        return value.kind.find("__call__") is not None
    return isinstance(value, PyFunction | NativeFunction | BoundFunction | PyClass | PartialCall)


def nothing(interpreter: Interpreter, given: CallGiven) -> object:
    """A function without effect on the model, such as `print`."""
    return None


def variables(interpreter: Interpreter, given: CallGiven) -> object:
    value = given.values[0] if given.values else None
    return value.attributes if isinstance(value, PyInstance) else Unfollowed("vars(…)", given.place)


def globals_(interpreter: Interpreter, given: CallGiven) -> object:
    """The names of the module of the function that is running."""
    if not interpreter.frames:
        return Unfollowed("globals()", given.place)
    module: PyModule = interpreter.frames[-1].variables.module
    return module.variables.names if module.variables is not None else Unfollowed("globals()", given.place)


def locals_(interpreter: Interpreter, given: CallGiven) -> object:
    """The names of the function that is running."""
    return dict(interpreter.frames[-1].variables.names) if interpreter.frames else Unfollowed("locals()", given.place)


def names_of(interpreter: Interpreter, given: CallGiven) -> object:
    """`dir(torch.nn)`: the names of a library's module that have a meaning here."""
    value = given.values[0] if given.values else None
    if not isinstance(value, LibraryName):
        return Unfollowed("dir(…)", given.place)
    start = f"{value.path}."
    names = (path.removeprefix(start) for path in interpreter.library if path.startswith(start))
    return sorted(name for name in names if name.isidentifier())


def wrapped(word: str) -> Native:
    """`property`, `staticmethod` or `classmethod`."""
    return lambda _interpreter, given: Wrapped(word, given.values[0]) if given.values else None


def _range(*values: int) -> range:
    return range(*values)


def _pow(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int) and abs(a).bit_length() * b > 4_096:
        raise OverflowError("this power is too large")
    return pow(a, b)


def _error_init(interpreter: Interpreter, given: CallGiven) -> object:
    made, *words = given.values
    assert isinstance(made, PyInstance)
    made.attributes["args"] = tuple(words)
    return None


def _errors() -> dict[str, object]:
    """Python's exceptions as classes."""
    base = native_class("BaseException", (), {"__init__": NativeFunction("__init__", _error_init)})
    found: dict[str, object] = {"BaseException": base}
    for name, value in vars(builtins).items():
        if isinstance(value, type) and issubclass(value, BaseException) and name not in found:
            found[name] = native_class(name, (base,), {})
    return found


def _type(name: str, function: Native, *types: type) -> NativeFunction:
    return NativeFunction(name, function, binds=False, types=types)


_FUNCTIONS: Mapping[str, Native] = MappingProxyType({
    "len": length, "isinstance": kinds.is_instance, "issubclass": kinds.is_subclass, "getattr": get_attribute,
    "setattr": set_attribute, "hasattr": has_attribute, "sorted": sort, "zip": zip_, "enumerate": enumerate_,
    "map": map_, "filter": filter_, "reversed": reversed_, "iter": iter_, "next": next_, "any": all_or_any(True),
    "all": all_or_any(False), "sum": sum_, "max": most_or_least(max), "min": most_or_least(min),
    "repr": representation, "format": format_, "callable": callable_, "print": nothing, "vars": variables,
    "globals": globals_, "locals": locals_, "dir": names_of,
    "property": wrapped("property"), "staticmethod": wrapped("staticmethod"), "classmethod": wrapped("classmethod"),
})  # fmt: skip


def _types() -> dict[str, NativeFunction]:
    return {
        "list": _type("list", _container(list), list), "tuple": _type("tuple", _container(tuple), tuple),
        "set": _type("set", _container(set), set), "frozenset": _type("frozenset", _container(frozenset), frozenset),
        "dict": _type("dict", dictionary, dict), "str": _type("str", text, str), "bool": _type("bool", boolean, bool),
        "int": _type("int", plain(int).function, int), "float": _type("float", plain(float).function, float),
        "complex": _type("complex", plain(complex).function, complex), "type": _type("type", type_of, PyClass),
        "range": _type("range", plain(_range, "range").function, range), "bytes": _type("bytes", nothing, bytes),
        "slice": _type("slice", plain(slice).function, slice), "object": _type("object", nothing, object),
    }  # fmt: skip


BUILTINS: Mapping[str, object] = MappingProxyType({
    **_errors(),
    **{name: NativeFunction(name, function) for name, function in _FUNCTIONS.items()},
    **_types(),
    **{function.__name__: plain(function) for function in (abs, round, divmod, ord, chr, hex, bin, hash)},
    "pow": plain(_pow, "pow"),
    "NotImplemented": LibraryName("NotImplemented"), "Ellipsis": ...,
    **{name: LibraryName(name) for name in (
        "open", "input", "exec", "eval", "compile", "__import__", "id", "memoryview", "bytearray",
        "delattr", "breakpoint", "help", "exit", "quit", "__build_class__", "__debug__", "copyright", "credits",
        "aiter", "anext", "ascii", "oct", "license",
    )},
})  # fmt: skip
"""Everything that a program finds without an import. A function that reaches outside of it has no meaning here."""
