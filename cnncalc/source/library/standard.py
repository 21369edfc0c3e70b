"""Modules of Python's standard library that models use: mathematics, containers, functions, iteration, records."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from copy import copy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import operators, records
from cnncalc.source.library import builtins, iterables
from cnncalc.source.library.command_line import COMMAND_LINE
from cnncalc.source.library.environment import ENVIRONMENT
from cnncalc.source.library.inspection import INSPECTION
from cnncalc.source.library.regular_expressions import REGULAR_EXPRESSIONS
from cnncalc.source.values import (
    CallGiven,
    LibraryName,
    NativeFunction,
    Outside,
    PartialCall,
    PyFunction,
    PyInstance,
    Unfollowed,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def partial(interpreter: Interpreter, given: CallGiven) -> object:
    """The function with arguments; of a partial function, its function with the arguments of both."""
    first, own = given.values[0], given.without_first()
    if isinstance(first, PartialCall):
        own = CallGiven([*first.given.values, *own.values], {**first.given.keywords, **own.keywords}, given.place)
        first = first.function
    return first if isinstance(first, Unfollowed) else PartialCall(first, own)


def reduce(interpreter: Interpreter, given: CallGiven) -> object:
    function, *rest = given.values
    values = iterables.values_of(interpreter, given, 1)
    if len(rest) > 1:
        values = [rest[1], *values]
    if not values:
        return Unfollowed("reduce(…)", given.place)
    result = values[0]
    for each in values[1:]:
        result = interpreter.call(function, CallGiven([result, each], {}, given.place))
    return result


def decorator(interpreter: Interpreter, given: CallGiven) -> object:
    """A decorator that changes nothing, with or without arguments."""
    if len(given.values) == 1 and not given.keywords and not isinstance(given.values[0], int | str | float | tuple):
        return given.values[0]
    return NativeFunction("decorator", lambda _, inner: inner.values[0] if inner.values else None)


def wraps(interpreter: Interpreter, given: CallGiven) -> object:
    """`functools.wraps`: the wrapper keeps the name."""

    def renamed(_: Interpreter, inner: CallGiven) -> object:
        made, own = inner.values[0], given.values[0]
        if isinstance(made, PyFunction) and isinstance(own, PyFunction):
            made.attributes |= {"__name__": own.attributes.get("__name__", own.name), "__wrapped__": own}
        return made

    return NativeFunction("wraps", renamed)


def copied(interpreter: Interpreter, given: CallGiven) -> object:
    """`copy.deepcopy`."""
    return deep_copy(interpreter, given.values[0], {})


def shallow_copy(interpreter: Interpreter, given: CallGiven) -> object:
    """`copy.copy`: another container or instance with the same parts."""
    value = given.values[0]
    if isinstance(value, list | dict):
        interpreter.steps.spend(len(value))
        return copy(value)
    if not isinstance(value, PyInstance) or "members" in value.kind.words:
        return value
    return PyInstance(value.kind, dict(value.attributes), value.place, copy(value.extra))


def deep_copy(interpreter: Interpreter, value: Any, made: dict[int, object]) -> object:
    """A copy of containers and instances; functions, classes and values of libraries are the same."""
    interpreter.steps.spend()
    if id(value) in made:
        return made[id(value)]
    found: Any
    if isinstance(value, list):
        found = made[id(value)] = []
        found += [deep_copy(interpreter, each, made) for each in value]
    elif isinstance(value, dict):
        found = made[id(value)] = type(value)()
        for key, each in value.items():
            found[key] = deep_copy(interpreter, each, made)
    elif isinstance(value, tuple):
        found = tuple(deep_copy(interpreter, each, made) for each in value)
    elif isinstance(value, PyInstance):
        if "members" in value.kind.words:
            return value
        found = made[id(value)] = PyInstance(value.kind, {}, value.place)
        found.extra = copy(value.extra)
        for key, each in value.attributes.items():
            found.attributes[key] = deep_copy(interpreter, each, made)
    else:
        found = made[id(value)] = value.copied() if isinstance(value, Outside) else value
    return found


def chain(interpreter: Interpreter, given: CallGiven) -> object:
    parts = [each for part in given.values for each in operators.iterate(interpreter, part, given.place)]
    interpreter.steps.check_length(len(parts))
    return iter(parts)


def product(interpreter: Interpreter, given: CallGiven) -> object:
    parts = [list(operators.iterate(interpreter, each, given.place)) for each in given.values]
    interpreter.steps.check_length(math.prod(map(len, parts)))
    repeat = given.keywords.get("repeat", 1)
    if not isinstance(repeat, int) or math.prod(map(len, parts)) ** max(repeat, 0) > 10_000:
        return Unfollowed("product(…)", given.place)
    return iter(list(itertools.product(*parts, repeat=repeat)))


def repeat(interpreter: Interpreter, given: CallGiven) -> object:
    value, *times = given.values
    if not times or not isinstance(times[0], int):
        return itertools.repeat(value)
    interpreter.steps.check_length(times[0])
    return iter([value] * times[0])


def count(interpreter: Interpreter, given: CallGiven) -> object:
    start = given.values[0] if given.values else 0
    return itertools.count(start) if isinstance(start, int) else Unfollowed("count(…)", given.place)


def pairwise(interpreter: Interpreter, given: CallGiven) -> object:
    return iter(list(itertools.pairwise(iterables.values_of(interpreter, given))))


def item_getter(interpreter: Interpreter, given: CallGiven) -> object:
    from cnncalc.source.evaluation import subscripts

    key = given.values[0]
    return NativeFunction("itemgetter", lambda inner, one: subscripts.item(inner, one.values[0], key, one.place))


def cast(interpreter: Interpreter, given: CallGiven) -> object:
    return given.values[1] if len(given.values) > 1 else None


_MATH = (
    "sqrt", "floor", "ceil", "log", "log2", "log10", "exp", "pow", "sin", "cos", "tan", "atan", "prod", "gcd", "isqrt",
    "fabs", "trunc", "hypot", "isclose", "fmod", "copysign", "erf", "tanh", "radians", "degrees", "isnan", "isinf",
)  # fmt: skip

_DECORATORS = (
    "functools.lru_cache", "functools.cache", "functools.cached_property", "abc.abstractmethod", "typing.overload",
    "typing.final", "typing.no_type_check", "functools.total_ordering", "functools.singledispatch", "enum.unique",
)  # fmt: skip


def _classes() -> dict[str, object]:
    enumeration = native_class("Enum", (), {}, enumeration=True)
    namespace = native_class("SimpleNamespace", (), {"__init__": NativeFunction("__init__", _fill)})
    return {
        **{f"enum.{name}": enumeration for name in ("Enum", "IntEnum", "StrEnum", "Flag")},
        "enum.auto": NativeFunction("auto", builtins.nothing),
        "typing.NamedTuple": native_class("NamedTuple", (), {}, named_tuple=True),
        "types.SimpleNamespace": namespace, "argparse.Namespace": namespace,
    }  # fmt: skip


def _fill(interpreter: Interpreter, given: CallGiven) -> object:
    made = given.values[0]
    assert isinstance(made, PyInstance)
    made.attributes.update(given.keywords)
    return None


STANDARD: Mapping[str, object] = MappingProxyType({
    **{f"math.{name}": builtins.plain(getattr(math, name)) for name in _MATH},
    "math.pi": math.pi, "math.e": math.e, "math.inf": math.inf, "math.nan": math.nan,
    **{name: NativeFunction(name, decorator) for name in _DECORATORS},
    **_classes(),
    **INSPECTION,
    **COMMAND_LINE,
    **REGULAR_EXPRESSIONS,
    **ENVIRONMENT,
    "functools.partial": NativeFunction("partial", partial, types=(PartialCall,)),
    "types.FunctionType": NativeFunction("function", builtins.nothing, types=(PyFunction,)),
    "functools.reduce": NativeFunction("reduce", reduce),
    "functools.wraps": NativeFunction("wraps", wraps),
    "collections.OrderedDict": builtins.BUILTINS["dict"],
    "collections.deque": builtins.BUILTINS["list"],
    "collections.namedtuple": NativeFunction("namedtuple", records.named_tuple),
    "typing.OrderedDict": builtins.BUILTINS["dict"],
    "copy.copy": NativeFunction("copy", shallow_copy), "copy.deepcopy": NativeFunction("deepcopy", copied),
    "dataclasses.dataclass": NativeFunction("dataclass", records.dataclass),
    "dataclasses.replace": NativeFunction("replace", records.replaced),
    "dataclasses.asdict": NativeFunction("asdict", records.as_dictionary),
    "dataclasses.is_dataclass": NativeFunction("is_dataclass", records.is_record),
    "dataclasses.field": NativeFunction("field", records.field_default),
    "itertools.chain": NativeFunction("chain", chain), "itertools.product": NativeFunction("product", product),
    "itertools.repeat": NativeFunction("repeat", repeat), "itertools.count": NativeFunction("count", count),
    "itertools.pairwise": NativeFunction("pairwise", pairwise),
    "operator.itemgetter": NativeFunction("itemgetter", item_getter),
    "operator.mul": builtins.plain(lambda a, b: a * b, "mul"),
    "operator.add": builtins.plain(lambda a, b: a + b, "add"),
    "typing.cast": NativeFunction("cast", cast), "typing.TYPE_CHECKING": False,
    "typing.NewType": NativeFunction("NewType", cast), "typing.TypeVar": NativeFunction("TypeVar", builtins.nothing),
    "warnings.warn": NativeFunction("warn", builtins.nothing),
    "sys.version_info": LibraryName("sys.version_info"),
})  # fmt: skip
"""The names of the standard library that have a meaning here, by their dotted paths."""
