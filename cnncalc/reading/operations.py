"""The operations of expressions: bounded arithmetic on plain numbers, with error messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.number_text import plural

Number = int | float

_LARGEST = 2**128
_LARGEST_EXPONENT = 64
_KINDS: Mapping[type, str] = {
    bool: "a bool",
    int: "an integer",
    float: "a float",
    str: "a text",
    list: "a list",
    type(None): "none",
}


class OperationError(Exception):
    """An operation that is undefined for its values; the evaluator adds the position."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def kind_of(value: object) -> str:
    """The kind of a value in words, such as "an integer"."""
    return _KINDS.get(type(value), "a value")


def shown(value: object) -> str:
    """A value for an error message: short, in the notation of specs."""
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


def bounded(value: object) -> object:
    """The value, if it is a real number below 2**128 in size; else raise OperationError."""
    if isinstance(value, complex):
        raise OperationError("a negative number has no power with a fractional exponent")
    if isinstance(value, int | float) and not -_LARGEST < value < _LARGEST:
        raise OperationError("the result is larger than 2**128, the largest number allowed here")
    return value


def numbers(symbol: str, *values: object) -> None:
    """Raise OperationError for a value that is not a number; bools are not numbers."""
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise OperationError(f"`{symbol}` needs numbers, got {kind_of(value)}, {shown(value)}")


def _arithmetic(symbol: str, compute: Callable[[Number, Number], object]) -> Callable[[object, object], object]:
    def operation(left: object, right: object) -> object:
        numbers(symbol, left, right)
        try:
            return bounded(compute(left, right))  # type: ignore[arg-type]
        except ZeroDivisionError:
            raise OperationError(f"division by zero: {shown(left)} {symbol} {shown(right)}") from None
        except OverflowError:
            return bounded(_LARGEST)

    return operation


def _power(base: Number, exponent: Number) -> object:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise OperationError(f"the exponent {shown(exponent)} is too large; the limit is {_LARGEST_EXPONENT}")
    return base**exponent


def _ordering(symbol: str, compare: Callable[[Number, Number], bool]) -> Callable[[object, object], object]:
    def operation(left: object, right: object) -> object:
        if not (isinstance(left, str) and isinstance(right, str)):
            numbers(symbol, left, right)
        return compare(left, right)  # type: ignore[arg-type]

    return operation


ARITHMETIC: Mapping[str, Callable[[object, object], object]] = {
    "+": _arithmetic("+", lambda a, b: a + b),
    "-": _arithmetic("-", lambda a, b: a - b),
    "*": _arithmetic("*", lambda a, b: a * b),
    "/": _arithmetic("/", lambda a, b: a / b),
    "//": _arithmetic("//", lambda a, b: a // b),
    "%": _arithmetic("%", lambda a, b: a % b),
    "**": _arithmetic("**", _power),
}
COMPARISONS: Mapping[str, Callable[[object, object], object]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": _ordering("<", lambda a, b: a < b),
    "<=": _ordering("<=", lambda a, b: a <= b),
    ">": _ordering(">", lambda a, b: a > b),
    ">=": _ordering(">=", lambda a, b: a >= b),
}


def index(container: object, position: object) -> object:
    """`container[position]` for a list; negative positions count from the end."""
    if not isinstance(container, list | tuple):
        raise OperationError(f"only a list can be indexed, got {kind_of(container)}, {shown(container)}")
    if isinstance(position, bool) or not isinstance(position, int):
        raise OperationError(f"an index must be an integer, got {kind_of(position)}, {shown(position)}")
    if not -len(container) <= position < len(container):
        count = plural(len(container), "value")
        raise OperationError(f"index {position} is out of range: the list has {count}", "indices count from 0")
    return container[position]


def divisible(value: Number, divisor: Number) -> int:
    """The multiple of `divisor` nearest to `value`, at least `divisor`, and not below 90 % of `value`.

    Source: `_make_divisible` of the TensorFlow models repository (research/slim/nets/mobilenet), as in torchvision.
    """
    if not isinstance(divisor, int) or divisor < 1:
        raise OperationError(f"divisible needs a positive integer as its second value, got {shown(divisor)}")
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


def _extreme(name: str, choose: Callable[[list[Number]], Number]) -> Callable[..., object]:
    def function(*values: object) -> object:
        chosen = list(values[0]) if len(values) == 1 and isinstance(values[0], list | tuple) else list(values)
        if not chosen:
            raise OperationError(f"{name} needs at least one value")
        numbers(name, *chosen)
        return choose(chosen)  # type: ignore[arg-type]

    return function


def _numeric(name: str, compute: Callable[..., object]) -> Callable[..., object]:
    def function(*values: object) -> object:
        numbers(name, *values)
        return bounded(compute(*values))

    return function


def _length(value: object) -> int:
    if not isinstance(value, list | tuple | str):
        raise OperationError(f"len needs a list or a text, got {kind_of(value)}, {shown(value)}")
    return len(value)


def _round(value: Number, digits: Number = 0) -> object:
    if not isinstance(digits, int) or not 0 <= digits <= 15:
        raise OperationError(f"round supports 0 to 15 digits, got {shown(digits)}")
    return round(value, digits) if digits else round(value)


# name -> the function, and the minimum and maximum number of its arguments
FUNCTIONS: Mapping[str, tuple[Callable[..., object], int, int]] = {
    "min": (_extreme("min", min), 1, 1000),
    "max": (_extreme("max", max), 1, 1000),
    "round": (_numeric("round", _round), 1, 2),
    "floor": (_numeric("floor", lambda value: int(value // 1)), 1, 1),
    "ceil": (_numeric("ceil", lambda value: -int(-value // 1)), 1, 1),
    "int": (_numeric("int", int), 1, 1),
    "abs": (_numeric("abs", abs), 1, 1),
    "len": (_length, 1, 1),
    "divisible": (_numeric("divisible", divisible), 2, 2),
}
