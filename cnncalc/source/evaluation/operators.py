"""Operators on plain values, on instances with methods for them, and on values of libraries."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.signals import CannotFollow, Raised, Stop
from cnncalc.source.steps import weigh
from cnncalc.source.values import CallGiven, CodePlace, LibraryName, Outside, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

BINARY: Mapping[type[ast.operator], tuple[str, Callable[[Any, Any], Any], str]] = MappingProxyType({
    ast.Add: ("+", operator.add, "add"), ast.Sub: ("-", operator.sub, "sub"), ast.Mult: ("*", operator.mul, "mul"),
    ast.Div: ("/", operator.truediv, "truediv"), ast.FloorDiv: ("//", operator.floordiv, "floordiv"),
    ast.Mod: ("%", operator.mod, "mod"), ast.Pow: ("**", operator.pow, "pow"),
    ast.MatMult: ("@", operator.matmul, "matmul"), ast.LShift: ("<<", operator.lshift, "lshift"),
    ast.RShift: (">>", operator.rshift, "rshift"), ast.BitOr: ("|", operator.or_, "or"),
    ast.BitAnd: ("&", operator.and_, "and"), ast.BitXor: ("^", operator.xor, "xor"),
})  # fmt: skip

COMPARED: Mapping[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any], str]] = MappingProxyType({
    ast.Eq: ("==", operator.eq, "eq"), ast.NotEq: ("!=", operator.ne, "ne"), ast.Lt: ("<", operator.lt, "lt"),
    ast.LtE: ("<=", operator.le, "le"), ast.Gt: (">", operator.gt, "gt"), ast.GtE: (">=", operator.ge, "ge"),
})  # fmt: skip

_REFLECTED: Mapping[str, str] = MappingProxyType({"lt": "gt", "gt": "lt", "le": "ge", "ge": "le"})
"""The comparison that the right side is asked for, where the left side has none."""

UNARY: Mapping[type[ast.unaryop], tuple[str, Callable[[Any], Any], str]] = MappingProxyType({
    ast.USub: ("-", operator.neg, "neg"), ast.UAdd: ("+", operator.pos, "pos"),
    ast.Invert: ("~", operator.invert, "invert"),
})  # fmt: skip

_ERRORS = (TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError, AttributeError)


def computed(place: CodePlace, function: Callable[..., Any], *values: object) -> object:
    """The result of a function of Python on plain values; its exception becomes the program's."""
    try:
        return function(*values)
    except _ERRORS as error:
        raise Raised(type(error).__name__, str(error), place) from None
    except RecursionError:
        raise Stop("a value in this program is nested too deeply") from None


def binary(interpreter: Interpreter, kind: type[ast.operator], a: object, b: object, place: CodePlace) -> object:
    """`a + b` and its relatives."""
    symbol, function, word = BINARY[kind]
    if (found := _special(interpreter, symbol, word, a, b, place)) is not None:
        return found
    _check_size(interpreter, symbol, a, b)
    if symbol == "%" and isinstance(a, str | bytes):
        return Unfollowed("a text with %", place) if _is_strange(b) else formatted(interpreter, a, b, place)
    return computed(place, function, a, b)


def _special(
    interpreter: Interpreter, symbol: str, word: str, a: object, b: object, place: CodePlace
) -> object | None:  # fmt: skip
    """The result where a value is unknown, of a library, or an instance; None for plain values."""
    for value in (a, b):
        if isinstance(value, Unfollowed):
            return value
    if isinstance(a, Outside) and not isinstance(a, LibraryName):
        return a.binary(interpreter, symbol, b, place, is_left=True)
    if isinstance(b, Outside):
        return b.binary(interpreter, symbol, a, place, is_left=False)
    if isinstance(a, Outside):
        return a.binary(interpreter, symbol, b, place, is_left=True)
    for value, other, name in ((a, b, f"__{word}__"), (b, a, f"__r{word}__")):
        if isinstance(value, PyInstance) and (method := value.kind.find(name)):
            return interpreter.call(method[1], CallGiven([value, other], {}, place))
    if isinstance(a, PyInstance) or isinstance(b, PyInstance):
        return Unfollowed(f"{symbol} of an instance", place)
    return None


def _is_strange(value: object) -> bool:
    count, strange = weigh(value)
    return strange is not None or count > 2_000


def formatted(interpreter: Interpreter, a: Any, b: Any, place: CodePlace) -> object:
    """`text % values`, without widths that make it long."""
    text = a if isinstance(a, str) else a.decode("latin-1")
    interpreter.steps.check_length(len(text))
    if any(len(digits) > 3 for digits in _digits(text)) or "*" in text:
        return Unfollowed("a text with a wide field", place)
    return computed(place, operator.mod, a, b)


def _digits(text: str) -> list[str]:
    return "".join(char if char.isdigit() else " " for char in text).split()


def _check_size(interpreter: Interpreter, symbol: str, a: Any, b: Any) -> None:
    """Refuse results that would be too large, before they are computed."""
    if isinstance(a, int) and isinstance(b, int):
        most = interpreter.steps.limits.bits
        bits = a.bit_length() + b.bit_length()
        if symbol == "**":
            bits = a.bit_length() * max(b, 0)
        elif symbol == "<<":
            bits = a.bit_length() + max(b, 0)
        if bits > most:
            raise Stop("a number in this program is too large")
        return
    lengths = [len(each) for each in (a, b) if isinstance(each, str | bytes | list | tuple | dict | set)]
    if lengths:
        times = max((each for each in (a, b) if isinstance(each, int)), default=1) if symbol == "*" else 1
        interpreter.steps.check_length(sum(lengths) * max(times, 1))


def unary(interpreter: Interpreter, kind: type[ast.unaryop], value: object, place: CodePlace) -> object:
    """`-a`, `+a`, `~a` and `not a`."""
    if kind is ast.Not:
        found = truth(interpreter, value, place)
        return found if isinstance(found, Unfollowed) else not found
    symbol, function, word = UNARY[kind]
    if isinstance(value, Unfollowed):
        return value
    if isinstance(value, Outside):
        return value.unary(interpreter, symbol, place)
    if isinstance(value, PyInstance):
        method = value.kind.find(f"__{word}__")
        given = CallGiven([value], {}, place)
        return interpreter.call(method[1], given) if method else Unfollowed(f"{symbol} of an instance", place)
    return computed(place, function, value)


def compare(interpreter: Interpreter, node: ast.cmpop, a: object, b: object, place: CodePlace) -> object:
    """One comparison of a chain."""
    if isinstance(a, Unfollowed):
        return a
    if isinstance(b, Unfollowed):
        return b
    if isinstance(node, ast.Is | ast.IsNot):
        return _same(a, b) is isinstance(node, ast.Is)
    if isinstance(node, ast.In | ast.NotIn):
        found = contains(interpreter, b, a, place)
        return found if isinstance(found, Unfollowed) or isinstance(node, ast.In) else not found
    symbol, function, word = COMPARED[type(node)]
    if (isinstance(a, LibraryName) or isinstance(b, LibraryName)) and symbol in ("==", "!="):
        same = isinstance(a, LibraryName) and isinstance(b, LibraryName) and a.path == b.path
        return same if symbol == "==" else not same
    if isinstance(a, Outside) or isinstance(b, Outside):
        first, second = (a, b) if isinstance(a, Outside) else (b, a)
        assert isinstance(first, Outside)
        return first.binary(interpreter, symbol, second, place, is_left=first is a)
    for value, other, name in ((a, b, word), (b, a, _REFLECTED.get(word, word))):
        if isinstance(value, PyInstance) and (method := value.kind.find(f"__{name}__")):
            return interpreter.call(method[1], CallGiven([value, other], {}, place))
    if word == "ne" and (isinstance(a, PyInstance) or isinstance(b, PyInstance)):
        return unary(interpreter, ast.Not, compare(interpreter, ast.Eq(), a, b, place), place)
    return compared(interpreter, function, a, b, place)


def compared(
    interpreter: Interpreter, function: Callable[[Any, Any], Any], a: object, b: object, place: CodePlace
) -> object:  # fmt: skip
    """A comparison of plain values and containers, none of them unknown or too deep."""
    for value in (a, b):
        if isinstance(value, list | tuple | dict | set | frozenset):
            count, strange = weigh(value)
            interpreter.steps.spend(count)
            if count > 2_000 or isinstance(strange, Unfollowed | Outside):
                return strange if isinstance(strange, Unfollowed) else Unfollowed("a comparison of containers", place)
    return computed(place, function, a, b)


def _same(a: object, b: object) -> bool:
    if isinstance(a, LibraryName) and isinstance(b, LibraryName):
        return a.path == b.path
    plain = (int, float, str, bytes)
    return a is b or (type(a) is type(b) and isinstance(a, plain) and a == b)


def contains(interpreter: Interpreter, container: object, value: object, place: CodePlace) -> object:
    """`value in container`."""
    if isinstance(container, Unfollowed):
        return container
    if isinstance(container, PyInstance) and (method := container.kind.find("__contains__")):
        return interpreter.call(method[1], CallGiven([container, value], {}, place))
    if isinstance(container, str | dict | set | frozenset | range | bytes):
        if weigh(value)[1] is not None and not isinstance(value, Outside | PyInstance):
            hash(value)
        return computed(place, operator.contains, container, value)
    for each in iterate(interpreter, container, place):
        found = each is value or compare(interpreter, ast.Eq(), each, value, place)
        if isinstance(found, Unfollowed) or (found and truth(interpreter, found, place) is True):
            return found
    return False


def truth(interpreter: Interpreter, value: object, place: CodePlace) -> bool | Unfollowed:
    """Whether a value counts as true."""
    if isinstance(value, Unfollowed):
        return value
    if isinstance(value, Outside):
        return value.truth(place)
    if isinstance(value, PyInstance):
        for name in ("__bool__", "__len__"):
            if method := value.kind.find(name):
                found = interpreter.call(method[1], CallGiven([value], {}, place))
                return found if isinstance(found, Unfollowed) else bool(found)
    return bool(value)


def iterate(interpreter: Interpreter, value: object, place: CodePlace) -> Any:
    """The values of a loop, each for a step. Raises CannotFollow for a loop over something unknown."""
    if isinstance(value, Outside):
        value = value.items(interpreter, place)
    if isinstance(value, Unfollowed):
        raise CannotFollow(value.reason, value.place, value)
    if isinstance(value, PyInstance):
        value = _of_instance(interpreter, value, place)
    if isinstance(value, dict):
        value = list(value)
    try:
        for each in iter(value):  # type: ignore[call-overload]
            interpreter.steps.spend()
            yield each
    except TypeError:
        name = type(value).__name__
        raise Raised("TypeError", f"'{name}' object is not iterable", place) from None


def _of_instance(interpreter: Interpreter, value: PyInstance, place: CodePlace) -> object:
    if method := value.kind.find("__iter__"):
        found = interpreter.call(method[1], CallGiven([value], {}, place))
        if isinstance(found, Unfollowed):
            raise CannotFollow(found.reason, found.place, found)
        if not isinstance(found, PyInstance):
            return found
    raise CannotFollow("a loop over an instance", place)
