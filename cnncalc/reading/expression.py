"""The language inside `${…}`: arithmetic, comparisons, conditionals and a few safe functions.

An expression is parsed once into nested closures and evaluated as often as needed. Its length and depth are bounded,
numbers are below 2**128, and no operation lengthens a text or a list, so the cost is linear in the length.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, NoReturn

from cnncalc.diagnostics import did_you_mean
from cnncalc.number_text import thousands
from cnncalc.reading.operations import ARITHMETIC, COMPARISONS, FUNCTIONS, OperationError, bounded, index, numbers

Lookup = Callable[[str], object]
Run = Callable[[Lookup], object]

INCOMING = ("channels", "height", "width", "depth", "length", "size", "rank")  # the attributes of `in.`
_CONSTANTS: Mapping[str, bool | None] = {
    "True": True,
    "true": True,
    "False": False,
    "false": False,
    "None": None,
    "null": None,
}
_RESERVED = ("and", "or", "not", "if", "else", "in")
_MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+(?:[eE][-+]?[0-9]+)?)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>in\s*\.\s*[A-Za-z_][A-Za-z0-9_]*|[A-Za-z_][A-Za-z0-9_]*)
    |(?P<symbol>\*\*|//|==|!=|<=|>=|[-+*/%<>()\[\],])
    |(?P<end>$)
    |(?P<other>.))""",
    re.VERBOSE | re.DOTALL,
)
_LEVELS: Mapping[str, int] = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(COMPARISONS, 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "//": 6,
    "%": 6,
}
_NOT, _COMPARISON = 3, 4


class ExpressionError(Exception):
    """An error in an expression, with its position in the text: `start` to `end` (exclusive)."""

    def __init__(self, message: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.hint = hint


class UnknownName(Exception):  # noqa: N818 - not an internal error: a result of a lookup
    """Raised by a lookup for an unknown name; `evaluate` adds the position."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Expression:
    """A compiled expression, with its `text` and the `names` that it looks up (`width`, `in.channels`)."""

    __slots__ = ("_run", "names", "text")

    def __init__(self, text: str, names: frozenset[str], run: Run) -> None:
        self.text = text
        self.names = names
        self._run = run

    def evaluate(self, lookup: Lookup) -> object:
        """The value: an int, float, bool, text, None, or any value returned by the lookup. Raises ExpressionError."""
        return self._run(lookup)


@lru_cache(maxsize=4096)
def compile_expression(text: str, max_length: int = 1000) -> Expression:
    """Parse an expression. Raises ExpressionError with offsets in `text`.

    >>> compile_expression("divisible(width * 0.75, 8)").evaluate({"width": 32}.__getitem__)
    24
    """
    if len(text) > max_length:
        message = f"the expression is too long: {thousands(len(text))} characters; the limit is {thousands(max_length)}"
        raise ExpressionError(message, 0, len(text), "compute a part of it in a variable")
    if not text.strip():
        raise ExpressionError("the expression is empty", 0, len(text))
    parser = _ExpressionParser(text)
    run = parser.choice()
    if parser.token.kind != "end":
        parser.fail(f"`{parser.token.text}` cannot follow the expression")
    return Expression(text, frozenset(parser.names), run)


class _ExpressionToken(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


_Step = tuple[str, Run, int, int]  # operator, right side, start and end of the operator


class _ExpressionParser:
    """Precedence climbing; each method returns the closure of the part that it parsed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()
        self.depth = 0
        self.previous_end = 0
        self.token = self.read(0)

    def read(self, offset: int) -> _ExpressionToken:
        found = _TOKEN.match(self.text, offset)
        assert found is not None  # one of the groups matches anywhere
        assert found.lastgroup is not None
        token = _ExpressionToken(found.lastgroup, found[found.lastgroup], *found.span(found.lastgroup))
        if token.kind == "other":
            hint = "expressions have + - * / // % **, comparisons, and or not, if else, [index], and functions"
            if token.text in "\"'":
                hint = f"the quote {token.text} is never closed"
            raise ExpressionError(
                f"`{token.text}` is not part of the expression language", token.start, token.end, hint
            )
        return token

    def fail(self, message: str, hint: str = "") -> NoReturn:
        if self.token.kind == "end":
            raise ExpressionError("the expression is incomplete", len(self.text), len(self.text), hint)
        raise ExpressionError(message, self.token.start, self.token.end, hint)

    def advance(self) -> _ExpressionToken:
        token = self.token
        self.previous_end = token.end
        self.token = self.read(token.end)
        return token

    def at(self, word: str) -> bool:
        return self.token.text == word and self.token.kind in ("symbol", "name")

    def expect(self, word: str) -> None:
        if not self.at(word):
            self.fail(f"found `{self.token.text}` where `{word}` was expected", f"`{word}` is missing")
        self.advance()

    def choice(self) -> Run:
        """`a if condition else b`, or any simpler expression."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail(f"the expression is nested too deeply; the limit is {_MAX_DEPTH} levels")
        run = self.binary(1)
        if self.at("if"):
            self.advance()
            condition = self.binary(1)
            self.expect("else")
            run = _choose(condition, run, self.choice())
        self.depth -= 1
        return run

    def binary(self, level: int) -> Run:
        """Operators of at least `level`, folded from the left in one loop, so that a long sum does not nest."""
        first = self.unary()
        steps: list[_Step] = []
        while (operator_level := _LEVELS.get(self.token.text, 0)) >= level and self.token.kind in ("symbol", "name"):
            operator = self.advance()
            if operator_level == _COMPARISON:
                first = self.comparisons(_fold(first, steps), operator)
                steps = []
                continue
            right = self.binary(operator_level + 1)
            steps.append((operator.text, right, operator.start, operator.end))
        return _fold(first, steps)

    def comparisons(self, first: Run, operator: _ExpressionToken) -> Run:
        """A chain such as `0 < i < 3`, which holds if every neighbouring pair does."""
        links = [(operator, self.binary(_COMPARISON + 1))]
        while self.token.kind == "symbol" and self.token.text in COMPARISONS:
            operator = self.advance()
            links.append((operator, self.binary(_COMPARISON + 1)))
        return _compare(first, links)

    def unary(self) -> Run:
        if self.at("not"):
            self.advance()
            return self.nested(lambda: _negate(self.binary(_NOT + 1)))
        if self.at("-") or self.at("+"):
            operator = self.advance()
            return self.nested(lambda: _sign(operator, self.unary()))
        base = self.postfix()
        if self.at("**"):
            operator = self.advance()
            exponent = self.nested(self.unary)
            return _fold(base, [("**", exponent, operator.start, operator.end)])
        return base

    def nested(self, parse: Callable[[], Run]) -> Run:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail(f"the expression is nested too deeply; the limit is {_MAX_DEPTH} levels")
        run = parse()
        self.depth -= 1
        return run

    def postfix(self) -> Run:
        run = self.primary()
        while self.at("["):
            start = self.advance().start
            position = self.choice()
            self.expect("]")
            run = _indexed(run, position, start, self.previous_end)
        return run

    def primary(self) -> Run:
        token = self.advance()
        if token.kind == "number":
            return _constant(_number(token))
        if token.kind == "text":
            return _constant(token.text[1:-1])
        if token.kind == "name":
            return self.name(token)
        if token.text == "(":
            run = self.choice()
            self.expect(")")
            return run
        self.token = token
        return self.fail(f"found `{token.text}` where a value was expected")

    def name(self, token: _ExpressionToken) -> Run:
        if token.text in _CONSTANTS:
            return _constant(_CONSTANTS[token.text])
        name = "".join(token.text.split())
        known = ", ".join(f"in.{word}" for word in INCOMING)
        if token.text in _RESERVED:
            hint = f"the incoming shape is {known}" if token.text == "in" else ""
            raise ExpressionError(f"found `{token.text}` where a value was expected", token.start, token.end, hint)
        if name.startswith("in.") and name[3:] not in INCOMING:
            hint = did_you_mean(name, [f"in.{word}" for word in INCOMING]) or f"it has {known}"
            raise ExpressionError(f"the incoming shape has no `{name}`", token.start, token.end, hint)
        if self.at("("):
            return self.call(token)
        self.names.add(name)
        return _named(name, token.start, token.end)

    def call(self, token: _ExpressionToken) -> Run:
        if token.text not in FUNCTIONS:
            hint = did_you_mean(token.text, FUNCTIONS) or f"the functions are {', '.join(FUNCTIONS)}"
            raise ExpressionError(f"unknown function `{token.text}`", token.start, token.end, hint)
        self.advance()
        values: list[Run] = []
        while not self.at(")"):
            values.append(self.choice())
            if not self.at(")"):
                self.expect(",")
        self.advance()
        function, least, most = FUNCTIONS[token.text]
        if not least <= len(values) <= most:
            want = str(least) if least == most else f"{least} or more" if most >= 1000 else f"{least} to {most}"
            message = f"`{token.text}` takes {want} value{'' if want == '1' else 's'}, got {len(values)}"
            raise ExpressionError(message, token.start, self.previous_end)
        return _called(function, values, token.start, self.previous_end)


def _number(token: _ExpressionToken) -> int | float:
    if token.text.isdecimal() and token.text.startswith("0") and token.text.strip("0"):
        hint = f"write {token.text.lstrip('0')}"
        raise ExpressionError(f"`{token.text}` begins with a zero: octal or decimal?", token.start, token.end, hint)
    try:
        value = int(token.text) if token.text.isdecimal() and len(token.text) < 50 else float(token.text)
        bounded(value)
    except OperationError as error:
        raise ExpressionError(error.message, token.start, token.end) from None
    return value


def _constant(value: object) -> Run:
    return lambda lookup: value


def _choose(condition: Run, yes: Run, no: Run) -> Run:
    return lambda lookup: yes(lookup) if condition(lookup) else no(lookup)


def _negate(operand: Run) -> Run:
    return lambda lookup: not operand(lookup)


def _apply(function: Callable[..., object], values: tuple[object, ...], start: int, end: int) -> object:
    try:
        return function(*values)
    except OperationError as error:
        raise ExpressionError(error.message, start, end, error.hint) from None


def _signed(symbol: str) -> Callable[[object], object]:
    def function(value: object) -> object:
        numbers(symbol, value)
        return -value if symbol == "-" else value  # type: ignore[operator]

    return function


def _sign(operator: _ExpressionToken, operand: Run) -> Run:
    function = _signed(operator.text)
    return lambda lookup: _apply(function, (operand(lookup),), operator.start, operator.end)


def _fold(first: Run, steps: list[_Step]) -> Run:
    if not steps:
        return first

    def run(lookup: Lookup) -> object:
        value = first(lookup)
        for symbol, right, start, end in steps:
            if symbol == "and":
                value = value and right(lookup)
            elif symbol == "or":
                value = value or right(lookup)
            else:
                value = _apply(ARITHMETIC[symbol], (value, right(lookup)), start, end)
        return value

    return run


def _compare(first: Run, links: list[tuple[_ExpressionToken, Run]]) -> Run:
    def run(lookup: Lookup) -> object:
        left = first(lookup)
        for operator, right_side in links:
            right = right_side(lookup)
            if not _apply(COMPARISONS[operator.text], (left, right), operator.start, operator.end):
                return False
            left = right
        return True

    return run


def _indexed(container: Run, position: Run, start: int, end: int) -> Run:
    return lambda lookup: _apply(index, (container(lookup), position(lookup)), start, end)


def _called(function: Callable[..., object], values: list[Run], start: int, end: int) -> Run:
    return lambda lookup: _apply(function, tuple(value(lookup) for value in values), start, end)


def _named(name: str, start: int, end: int) -> Run:
    def run(lookup: Lookup) -> object:
        try:
            return lookup(name)
        except UnknownName as error:
            raise ExpressionError(error.message, start, end, error.hint) from None

    return run
