"""Methods of texts, numbers and containers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import operators, ordering
from cnncalc.source.steps import weigh
from cnncalc.source.values import CallGiven, NativeFunction, Outside, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_TEXT = (
    "capitalize casefold count endswith find index isalnum isalpha isdigit isidentifier islower isnumeric isspace "
    "isupper join lower lstrip partition removeprefix removesuffix replace rfind rindex rpartition rsplit rstrip split "
    "splitlines startswith strip swapcase title upper encode format"
)
_METHODS: Mapping[type, tuple[str, ...]] = MappingProxyType({
    str: tuple(_TEXT.split()),
    bytes: ("decode",),
    list: ("append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"),
    tuple: ("count", "index"),
    dict: ("clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values", "move_to_end"),
    set: ("add", "clear", "copy", "difference", "discard", "intersection", "issubset", "issuperset", "pop", "remove",
          "symmetric_difference", "union", "update"),
    frozenset: ("copy", "difference", "intersection", "issubset", "issuperset", "union"),
    int: ("bit_length", "conjugate"),
    float: ("is_integer",),
    range: ("count", "index"),
})  # fmt: skip
_NUMBERS: Mapping[type, tuple[str, ...]] = MappingProxyType({
    int: ("real", "imag", "numerator", "denominator"), float: ("real", "imag"), range: ("start", "stop", "step"),
    slice: ("start", "stop", "step"),
})  # fmt: skip
_TAKES_UNKNOWN = ("append", "insert", "add", "setdefault", "get", "pop", "update", "extend")


def method_of(value: object, name: str, missing: object) -> object:
    """A method of a plain value, bound to it; a number of it; or `missing`."""
    for kind, names in _METHODS.items():
        if isinstance(value, kind) and name in names and not (kind is int and isinstance(value, bool)):
            return NativeFunction(name, lambda interpreter, given: _called(interpreter, value, name, given))
    for kind, names in _NUMBERS.items():
        if isinstance(value, kind) and name in names:
            return getattr(value, name)
    return getattr(value, name) if name in getattr(value, "_fields", ()) else missing


def of_type(value: NativeFunction, name: str) -> object | None:
    """A method of a type, `dict.fromkeys` or `str.lower`."""
    if value.types == (dict,) and name == "fromkeys":
        return NativeFunction(name, _from_keys)
    for kind in value.types:
        if name in _METHODS.get(kind, ()):
            return NativeFunction(
                name,
                lambda interpreter, given: (
                    _called(interpreter, given.values[0], name, given.without_first())
                    if given.values
                    else Unfollowed(name, given.place)
                ),
            )
    return None


def _from_keys(interpreter: Interpreter, given: CallGiven) -> object:
    keys = list(operators.iterate(interpreter, given.values[0] if given.values else (), given.place))
    value = given.values[1] if len(given.values) > 1 else None
    return operators.computed(given.place, dict.fromkeys, keys, value)


def _called(interpreter: Interpreter, value: Any, name: str, given: CallGiven) -> object:
    """A method of a plain value on arguments, with its cost."""
    unknown = given.unfollowed()
    if unknown is not None and name not in _TAKES_UNKNOWN:
        return unknown
    if name in ("get", "pop", "setdefault") and given.values and isinstance(given.values[0], Unfollowed):
        return given.values[0]
    interpreter.steps.check_length(len(value) if hasattr(value, "__len__") else 1)
    if isinstance(value, str):
        return _of_text(interpreter, value, name, given)
    if name == "sort":
        return _sorted_in_place(interpreter, value, given)
    if name in ("extend", "update") and given.values:
        values: Any = given.values[0]
        if not isinstance(values, dict):
            values = list(operators.iterate(interpreter, values, given.place))
        interpreter.steps.check_length(len(value) + len(values))
        return operators.computed(given.place, lambda: getattr(value, name)(values, **given.keywords))
    if name in ("count", "index", "remove") and isinstance(value, list | tuple):
        weight = weigh(value)[0] * max(weigh(given.values)[0], 1)
        interpreter.steps.spend(weight)
        if weight > interpreter.steps.limits.elements:
            return Unfollowed(f"{name} of a deep container", given.place)
    result: Any = operators.computed(given.place, lambda: getattr(value, name)(*given.values, **given.keywords))
    return list(result) if name in ("items", "keys", "values") and isinstance(value, dict) else result


def _of_text(interpreter: Interpreter, value: str, name: str, given: CallGiven) -> object:
    values: list[Any] = list(given.values)
    if name == "join" and values:
        values = [list(operators.iterate(interpreter, values[0], given.place))]
        for each in values[0]:
            if isinstance(each, Unfollowed):
                return each
        count = len(values[0])
        total = sum(len(each) for each in values[0] if isinstance(each, str))
        interpreter.steps.check_length(total + count * len(value))
    if name == "replace" and len(values) > 1 and isinstance(values[1], str):
        interpreter.steps.check_length((len(value) + 1) * max(len(values[1]), 1))
    if name == "format":
        return _formatted(interpreter, value, given)
    if any(isinstance(each, Outside) for each in values):
        return Unfollowed(f"{name} of this", given.place)
    return operators.computed(given.place, lambda: getattr(value, name)(*values, **given.keywords))


def _formatted(interpreter: Interpreter, value: str, given: CallGiven) -> object:
    """`"{}x{}".format(a, b)` of plain values, without attributes and wide fields."""
    digits = "".join(char if char.isdigit() else " " for char in value).split()
    plain = weigh((given.values, list(given.keywords.values())))[1] is None
    simple = "[" not in value and not any(f".{char}" in value for char in "_abcdeghijklmnopqrstuvwxyz")
    if not plain or not simple or any(len(each) > 3 for each in digits):
        return Unfollowed("a text with format", given.place)
    return operators.computed(given.place, lambda: value.format(*given.values, **given.keywords))


def _sorted_in_place(interpreter: Interpreter, value: list[Any], given: CallGiven) -> object:
    value[:] = ordering.sorted_values(interpreter, value, given)
    return None
