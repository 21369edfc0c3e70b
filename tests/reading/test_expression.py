"""The language inside `${…}`: values by Python's arithmetic, refusals with their place."""

from __future__ import annotations

import pytest

from cnncalc.reading.expression import ExpressionError, UnknownName, compile_expression
from cnncalc.reading.templates import find_templates
from tests.together import for_each

VALUES: dict[str, object] = {
    "w": 7, "f": 0.75, "d": [3, 5, 11, 13], "pad": "same", "one": [2], "none": [], "in.channels": 17, "in.size": 0,
    "t38": "a" * 38, "t39": "a" * 39,
}  # fmt: skip


def lookup(name: str) -> object:
    if name not in VALUES:
        raise UnknownName(f'no variable "{name}"', "there is w")
    return VALUES[name]


@for_each(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 3 - 2", 2),
        ("2 ** 3 ** 2", 512),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("- -3", 3),
        ("7 / 2", 3.5),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("1.5e2 + .5", 150.5),
        ("w * in.channels", 119),
        ("in . channels", 17),
        ("d[0] + d[-1]", 16),
        ("d[w - 5]", 11),
        ("len(d)", 4),
        ("min(d)", 3),
        ("max(w, 5, 2)", 7),
        ("abs(-3)", 3),
        ("int(7 / 2)", 3),
        ("round(2.5)", 2),
        ("round(3.5)", 4),
        ("round(1.256, 2)", 1.26),
        ("floor(-1.5)", -2),
        ("ceil(1.2)", 2),
        ("ceil(-1.2)", -1),
        ("0 < w < 10", True),
        ("0 < w < 7", False),
        ("1 < 2 == true", False),
        ("w == 7 and pad == 'same'", True),
        ('pad != "valid" or 1 / 0', True),
        ("false and 1 / 0", False),
        ("not w == 7", False),
        ("not true or true", True),
        ("3 if w > 5 else 1 / 0", 3),
        ("1 if false else 2 if false else 5", 5),
        ("None == none_like if false else null", None),
        ("True", True), ("False", False), ("false", False), ("7 - 3 * 2", 1), ("8 / 2 * 2", 8.0), ("7 // 2 / 2", 1.5),
        ("7 * 3 // 2", 10), ("7 * 3 % 2", 1), ("9 / 3 / 3", 1.0), ("1 + 2 - 3 + 4", 4),
        (" 5 ", 5),
        ("+".join(["1"] * 499), 499),
        # torchvision _make_divisible(v, 8): 0.75·32 = 24; 1.4·16 = 22.4 → 24; 0.35·16 = 5.6 → 8; 0.75·16 = 12 → 16
        ("divisible(32 * 0.75, 8)", 24),
        ("divisible(16 * 1.4, 8)", 24),
        ("divisible(16 * 0.35, 8)", 8),
        ("divisible(12, 8)", 16),
        # 10 rounds to 8, which is below 0.9·10, so one step up
        ("divisible(10, 8)", 16),
        ("divisible(3, 8)", 8),
        ("divisible(5, 1)", 5),
        ("divisible(40, 16)", 48),  # 40 + 8 = 48
        ("divisible(80, 72)", 72),  # not below 0.9·80 = 72
        # Python's precedence
        ("true or false and false", True), ("not false and false", False), ("not 1 == 2", True), ("7 - 2 * 3", 1),
        ("7 // 2 * 3", 9), ("8 % 3 / 2", 1.0), ("8 % 7 // 2", 0), ("7 * 5 % 3", 2), ("1 < 1 + 1", True),
        ("0 < 1 < 1 + 1", True),
        ("3 > 2 == 2 < 5", True), ("1 if false or true else 2", 1), ("+w", 7), ("2 ** -w", 0.0078125),
        # numbers up to 2**128, exponents up to 64
        ("2 ** 64 * (2 ** 64 - 1)", 2**128 - 2**64), ("-(2 ** 64) * (2 ** 64 - 1)", 2**64 - 2**128), ("2 ** 64", 2**64),
        ("2 ** -64", 2.0**-64), ("1e38", 1e38),
        ("d[-4]", 3), ("d[3]", 13), ("min(5)", 5), ("max(d)", 13), ("len(pad)", 4), ("round(2.5, 0)", 2),
        ("round(7)", 7),
        ("round(0.1234567890123456, 15)", 0.123456789012346), ("int(-7 / 2)", -3), ("0", 0), ("0.50", 0.5), ("00", 0),
        # what is closed no longer counts as nesting
        ("+".join(["(1)"] * 60), 60), ("+".join(["-1"] * 60), -60),
    ],
)  # fmt: skip
def test_value(text: str, value: object) -> None:
    """Arithmetic, comparisons, choices and functions are Python's, exact in type as well."""
    result = compile_expression(text).evaluate(lookup)
    assert result == value
    assert type(result) is type(value)


@for_each(
    ("text", "message", "start", "end"),
    [
        ("", "empty", 0, 0),
        ("1 +", "is incomplete", 3, 3),
        ("(1", "is incomplete", 2, 2),
        ("1 2", "`2` cannot follow", 2, 3),
        ("1 + * 2", "found `*` where a value", 4, 5),
        ("a; b", "`;` is not part", 1, 2),
        ("w.real", "`.` is not part", 1, 2),
        ("'abc", "`'` is not part", 0, 1),
        ("x = 3", "`=` is not part", 2, 3),
        ("in.chanels", "no `in.chanels`", 0, 10),
        ("in + 1", "found `in` where", 0, 2),
        ("__import__('os')", "unknown function `__import__`", 0, 10),
        ("flor(1)", "unknown function `flor`", 0, 4),
        ("1 + min()", "`min` takes 1 or more values, got 0", 4, 9),
        ("divisible(1)", "`divisible` takes 2 values, got 1", 0, 12),
        ("len(1, 2)", "`len` takes 1 value, got 2", 0, 9),
        ("012", "begins with a zero", 0, 3),
        ("1 / 0", "division by zero: 1 / 0", 2, 3),
        ("1 % (w - 7)", "division by zero: 1 % 0", 2, 3),
        ("0 ** -1", "division by zero", 2, 4),
        ("2 ** 65", "exponent 65 is too large; the limit is 64", 2, 4),
        ("9 ** 64", "larger than 2**128", 2, 4),
        ("2 ** 64 * 2 ** 64", "larger than 2**128", 8, 9),
        ("1e38 * 10", "larger than 2**128", 5, 6),
        ("1e400", "larger than 2**128", 0, 5),
        ("9" * 60, "larger than 2**128", 0, 60),
        ("(-8) ** 0.5", "no power with a fractional exponent", 5, 7),
        ("'ab' * 3", '`*` needs numbers, got a text, "ab"', 5, 6),
        ("d * 2", "`*` needs numbers, got a list", 2, 3),
        ("pad + 1", '`+` needs numbers, got a text, "same"', 4, 5),
        ("true + 1", "`+` needs numbers, got a bool", 5, 6),
        ("-pad", "`-` needs numbers", 0, 1),
        ("1 < 'a'", "`<` needs numbers", 2, 3),
        ("d[4]", "index 4 is out of range: the list has 4 values", 1, 4),
        ("d[-5]", "index -5 is out of range", 1, 5),
        ("d[0.5]", "an index must be an integer, got a float", 1, 6),
        ("w[0]", "only a list can be indexed, got an integer, 7", 1, 4),
        ("max(d, 2)", "`max` needs numbers, got a list", 0, 9),
        ("divisible(5, 0)", "positive integer", 0, 15),
        ("divisible(5, -8)", "positive integer", 0, 16),
        ("divisible(5, 8.5)", "positive integer", 0, 17),
        ("1 + missing", 'no variable "missing"', 4, 11),
        ("(" * 60 + "1" + ")" * 60, "nested too deeply; the limit is 50", 50, 51),
        ("-" * 60 + "1", "nested too deeply", 50, 51),
        ("not " * 60 + "1", "nested too deeply", 200, 203),
        ("(1)+" * 10 + "(" * 60, "nested too deeply", 90, 91), ("-1+" * 10 + "-" * 60, "nested too deeply", 80, 81),
        ("-(2 ** 64) * 2 ** 64", "larger than 2**128", 11, 12), ("2 ** -65", "exponent -65 is too large", 2, 4),
        ("null + 1", "`+` needs numbers, got none, None", 5, 6),
        ("1.5 + true", "`+` needs numbers, got a bool, True", 4, 5),
        ("t38 + 1", f'got a text, "{"a" * 38}"', 4, 5), ("t39 + 1", f'got a text, "{"a" * 36}…', 4, 5),
        ("d[true]", "an index must be an integer, got a bool, True", 1, 7), ("one[1]", "the list has 1 value", 3, 6),
        ("min(none)", "min needs at least one value", 0, 9),
        ("len(5)", "len needs a list or a text, got an integer, 5", 0, 6),
        ("round(1.5, 16)", "round supports 0 to 15 digits, got 16", 0, 14),
        ("round(1.5, -1)", "0 to 15 digits, got -1", 0, 14),
        ("round(1.5, 0.5)", "0 to 15 digits, got 0.5", 0, 15), ("round()", "`round` takes 1 to 2 values, got 0", 0, 7),
        ("round(1, 2, 3)", "`round` takes 1 to 2 values, got 3", 0, 14),
        ("floor()", "`floor` takes 1 value, got 0", 0, 7),
        ("floor(1, 2)", "`floor` takes 1 value, got 2", 0, 11), ("ceil(1, 2)", "`ceil` takes 1 value, got 2", 0, 10),
        ("int(1, 2)", "`int` takes 1 value, got 2", 0, 9), ("abs(1, 2)", "`abs` takes 1 value, got 2", 0, 9),
        ("divisible(1, 2, 3)", "`divisible` takes 2 values, got 3", 0, 18),
        ("len()", "`len` takes 1 value, got 0", 0, 5),
        ("ceil()", "`ceil` takes 1 value, got 0", 0, 6), ("int()", "`int` takes 1 value, got 0", 0, 5),
        ("abs()", "`abs` takes 1 value, got 0", 0, 5), ("max()", "`max` takes 1 or more values, got 0", 0, 5),
        ("divisible(5, true)", "`divisible` needs numbers, got a bool", 0, 18),
        ("9 ** 64.0", "larger than 2**128", 2, 4),
    ],
)  # fmt: skip
def test_refusal(text: str, message: str, start: int, end: int) -> None:
    """A refusal says what and where; nothing but the listed operations exists, and none can grow without bound."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text).evaluate(lookup)
    assert message in caught.value.message
    assert (caught.value.start, caught.value.end) == (start, end)


SYMBOLS = "+ - * / // % **, comparisons, and or not, if else, [index], and functions"
SHAPE = "in.channels, in.height, in.width, in.depth, in.length, in.size, in.rank"


@for_each(
    ("text", "hint"),
    [
        ("in.chanels", 'did you mean "in.channels"?'), ("in.q", f"it has {SHAPE}"),
        ("in", f"the incoming shape is {SHAPE}"),
        ("1 + if", ""), ("flor(1)", 'did you mean "floor"?'), ("q", "there is w"), ("d[9]", "indices count from 0"),
        ("zzz(1)", "the functions are min, max, round, floor, ceil, int, abs, len, divisible"),
        ("'abc", "the quote ' is never closed"), ("1; 2", f"expressions have {SYMBOLS}"), ("(1", "`)` is missing"),
        ("012", "write 12"), ("1 +", ""),
    ],
)  # fmt: skip
def test_hint(text: str, hint: str) -> None:
    """Misspelt names come with the nearest right one, others with all; a lookup's own hint is passed on."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text).evaluate(lookup)
    assert caught.value.hint == hint


def test_names() -> None:
    """An expression knows which names it may ask for, functions and constants not among them."""
    assert compile_expression("min(w, in.height) if true else d[i]").names == {"w", "in.height", "d", "i"}


def test_length_is_bounded() -> None:
    """The limit on length is exact and can be raised."""
    text = "1" + "+1" * 500
    with pytest.raises(ExpressionError, match="1,001 characters; the limit is 1,000") as caught:
        compile_expression(text)
    assert (caught.value.start, caught.value.end) == (0, 1001)
    assert compile_expression(text, 1001).evaluate(lookup) == 501


@for_each(
    ("text", "pieces"),
    [
        ("plain", [("plain", 0, 5, False)]),
        ("", [("", 0, 0, False)]),
        ("${a}", [("a", 2, 3, True)]),
        ("x${a}y${b + 1}", [("x", 0, 1, False), ("a", 3, 4, True), ("y", 5, 6, False), ("b + 1", 8, 13, True)]),
        ("${'}'}", [("'}'", 2, 5, True)]),
        ("$${a}", [("${a}", 0, 5, False)]),
        ("x$${a}${b}", [("x${a}", 0, 6, False), ("b", 8, 9, True)]),
        ("cost $5 {x}", [("cost $5 {x}", 0, 11, False)]),
    ],
)
def test_templates(text: str, pieces: list[tuple[str, int, int, bool]]) -> None:
    """A text splits into literals and expressions with their offsets; `$${` is a literal `${`."""
    assert [tuple(piece) for piece in find_templates(text)] == pieces


@pytest.mark.parametrize(("text", "start", "end"), [("ab${c", 2, 4), ("a${}", 1, 4), ("${a}${ }", 4, 8)])
def test_template_mistakes(text: str, start: int, end: int) -> None:
    """An unclosed or empty `${` is blamed where it opens."""
    with pytest.raises(ExpressionError) as caught:
        find_templates(text)
    assert (caught.value.start, caught.value.end) == (start, end)
