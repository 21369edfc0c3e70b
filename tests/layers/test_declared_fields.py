"""The values that each kind of field reads, those that it refuses, and its JSON Schema."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.declare import REQUIRED, Field
from tests.together import for_each

LARGEST = 2**128
PADDINGS = ("valid", "same", "same_upper", "same_lower", "half", "full", "causal")
LIMIT = "a number larger than 2**128, the largest allowed here"


def kinds() -> dict[str, Any]:
    """A field of each kind, with the limits that it has where nothing else is said, and with others."""
    return {
        "count": declare.count("n"),
        "from 3": declare.count("n", minimum=3),
        "optional count": declare.optional_count("n"),
        "per axis": declare.per_axis("n"),
        "optional per axis": declare.optional_per_axis("n"),
        "sizes": declare.sizes("n"),
        "padding": declare.padding("n"),
        "sides": declare.sides("n"),
        "number": declare.number("n"),
        "rate": declare.number("n", minimum=0.0, maximum=1.0),
        "from 0": declare.number("n", minimum=0.0),
        "optional number": declare.optional_number("n"),
        "numbers": declare.numbers("n"),
        "positive": declare.positive_numbers("n"),
        "scales": declare.scales("n"),
        "axis": declare.axis("n"),
        "listed axes": declare.listed_axes("n"),
        "shape": declare.dimensions("n"),
        "shape with a free size": declare.dimensions("n", wildcard=True),
        "shape or scalar": declare.dimensions("n", scalar=True),
        "choice": declare.choice("n", ("floor", "same_lower"), synonyms={"down": "floor"}),
        "flag": declare.flag("n"),
        "words": declare.words("n"),
        "text": declare.text("n"),
        "layer": declare.layer("n"),
    }


READ: list[tuple[str, object, object]] = [
    ("count", 1, 1), ("count", "7", 7), ("count", "+7", 7), ("count", LARGEST, LARGEST),
    ("count", "1", 1), ("count", str(LARGEST), LARGEST), ("from 3", 3, 3),
    ("per axis", 5, 5), ("per axis", [5, "7"], (5, 7)), ("per axis", "5x7x11", (5, 7, 11)), ("per axis", "5×7", (5, 7)),
    ("per axis", "(5, 7)", (5, 7)), ("per axis", [1], (1,)), ("optional per axis", 1, 1),
    ("sizes", 1, 1), ("sizes", [7, None], (7, None)), ("sizes", "(None, 7)", (None, 7)), ("sizes", [1], (1,)),
    ("padding", 0, 0), ("padding", "2", 2), ("padding", "SAME", "same"), ("padding", "Same-Lower", "same_lower"),
    ("padding", [1, [0, 2]], (1, (0, 2))), ("padding", ["1x2"], ((1, 2),)), ("padding", "((1, 1), (2, 0))",
    ((1, 1), (2, 0))),
    ("sides", 0, 0), ("sides", "2x3", (2, 3)), ("sides", [[0, 1]], ((0, 1),)),
    ("number", "1e-3", 0.001), ("number", ".5", 0.5), ("number", "-inf", -inf), ("number", ".inf", inf),
    ("number", "+2.", 2.0), ("number", -3, -3.0), ("rate", 0, 0.0), ("rate", 1, 1.0), ("from 0", 0, 0.0),
    ("numbers", "1/4", 0.25), ("numbers", [1, "1/2", 0.5], (1.0, 0.5, 0.5)), ("numbers", -2, -2.0),
    ("numbers", [3], (3.0,)),
    ("positive", 0.5, (0.5,)), ("positive", [2, 0.5], (2, 0.5)), ("positive", "2x3", (2, 3)),
    ("scales", 1, 1), ("scales", 0.5, 0.5), ("scales", [2, 1.5], (2, 1.5)), ("scales", "2x3", (2, 3)),
    ("axis", "Height", "height"), ("axis", "channels", "channels"), ("axis", -4, -4), ("axis", 1, 1), ("axis", "2", 2),
    ("listed axes", -9, (-9,)), ("listed axes", [0, 2], (0, 2)), ("listed axes", "1x-1", (1, -1)),
    ("shape", 1, (1,)), ("shape", "7x5x3", (7, 5, 3)), ("shape", [7, 5], (7, 5)),
    ("shape with a free size", "-1x5", (-1, 5)), ("shape with a free size", -1, (-1,)),
    ("shape or scalar", "scalar", ()), ("shape or scalar", [], ()), ("shape or scalar", 3, (3,)),
    ("choice", "FLOOR", "floor"), ("choice", "same-lower", "same_lower"), ("choice", "down", "floor"),
    ("flag", True, True), ("flag", False, False), ("flag", 1, True), ("flag", 0, False), ("flag", "TRUE", True),
    ("flag", "False", False),
    ("words", "a", ("a",)), ("words", ["a", 1], ("a", "1")), ("words", [0], ("0",)),
    ("text", "ab->c", "ab->c"), ("text", "", ""),
]  # fmt: skip

REFUSED = [
    # a whole number
    ("count", 0, "got 0, but it must be at least 1"), ("from 3", 2, "got 2, but it must be at least 3"),
    ("count", -LARGEST, f"got -{LARGEST}, but it must be at least 1"),
    ("count", LARGEST + 1, LIMIT), ("count", -LARGEST - 1, LIMIT),
    ("count", True, "got true, but a whole number is needed"),
    ("count", False, "got false, but a whole number is needed"),
    ("count", None, "got nothing, but a whole number is needed"),
    ("count", "07", 'got "07", but a whole number is needed'),
    ("count", 2.5, "got 2.5, but a whole number is needed"),
    ("count", [7, None], "got [7, nothing], but a whole number is needed"),
    ("count", {"a": 1}, "got a mapping, but a whole number is needed"),
    ("optional count", 0, "got 0, but it must be at least 1"),
    ("per axis", [7, 0], "got 0, but it must be at least 1"),
    ("per axis", [], "got an empty list, but one number per axis is needed"),
    ("per axis", "[7, 7]", 'got "[7, 7]", but a whole number is needed'),
    ("per axis", [[7, 7]], "got [7, 7], but a whole number is needed"),
    ("optional per axis", 0, "got 0, but it must be at least 1"),
    ("sizes", 0, "got 0, but it must be at least 1"),
    ("sizes", [7, 0], "got 0, but it must be at least 1"),
    ("sizes", [], "got an empty list, but one size per axis is needed"),
    ("padding", -1, "got -1, but it must be at least 0"),
    ("padding", [[0, -1]], "got -1, but it must be at least 0"),
    ("padding", [[-1, 0]], "got -1, but it must be at least 0"),
    ("padding", [[1, 2, 3]], "got [1, 2, 3], but [before, after] is needed"),
    ("padding", [], "got an empty list, but one number per axis is needed"),
    ("padding", "sames", f'unknown word "sames". Allowed: {", ".join(PADDINGS)}, or numbers'),
    ("sides", -1, "got -1, but it must be at least 0"),
    ("sides", [], "got [], but a whole number is needed"),
    # a real number
    ("number", True, "got true, but a number is needed"), ("number", "a", 'got "a", but a number is needed'),
    ("rate", -0.5, "got -0.5, but it must be between 0.0 and 1.0"),
    ("rate", 1.5, "got 1.5, but it must be between 0.0 and 1.0"),
    ("from 0", -0.5, "got -0.5, but it must be at least 0.0"),
    ("numbers", True, "got True, but a number or a list of numbers is needed"),
    ("numbers", [], "got [], but a number or a list of numbers is needed"),
    ("numbers", "1/0", "got '1/0', but a number or a list of numbers is needed"),
    ("positive", 0, "got 0, but a number above 0 is needed"),
    ("positive", [2, -1], "got -1, but a number above 0 is needed"),
    ("positive", True, "got True, but a number above 0 is needed"),
    ("positive", [], "got [], but a number above 0 is needed"),
    ("scales", 0, "got 0, but it must be at least 1"),
    ("scales", 0.0, "got 0.0, but a positive number is needed"),
    ("scales", inf, "got inf, but a positive number is needed"),
    ("scales", [], "got an empty list, but one number per axis is needed"),
    # axes and shapes
    ("axis", 0, "got 0, which is the batch axis"), ("axis", -5, "got -5, but it must be at least -4"),
    ("axis", "rows", 'unknown word "rows". Allowed: channels, length, height, width, depth, or its position from 1'),
    ("listed axes", -10, "got -10, but it must be at least -9"),
    ("listed axes", [], "got an empty list, but axes are needed"),
    ("shape", 0, "got 0, but it must be at least 1"),
    ("shape", [], "got [], but a shape of sizes from 1 is needed"),
    ("shape", "-1x5", "got -1, but it must be at least 1"),
    ("shape with a free size", "-1x-1", "got [-1, -1], but a shape of sizes from 1 is needed, at most one of them -1"),
    ("shape with a free size", "0x5", "got [0, 5], but a shape of sizes from 1 is needed, at most one of them -1"),
    ("shape with a free size", -2, "got -2, but it must be at least -1"),
    ("shape with a free size", [], "got [], but a shape of sizes from 1 is needed, at most one of them -1"),
    # words
    ("choice", "up", 'unknown word "up". Allowed: floor, same_lower, down'),
    ("choice", 1, "unknown word 1. Allowed: floor, same_lower, down"),
    ("flag", 2, "got 2, but true or false is needed"),
    ("flag", "yes", 'got "yes", but true or false is needed'),
    ("flag", 1.0, "got 1.0, but true or false is needed"),
    ("words", [], "got [], but a list of names is needed"),
    ("words", ["a", ""], 'got ["a", ""], but a list of names is needed'),
    ("words", ["a", ["b"]], 'got ["a", ["b"]], but a list of names is needed'),
    ("words", True, "got true, but a list of names is needed"),
    ("words", None, "got nothing, but a list of names is needed"),
    ("words", ["a", "b\u200b"], 'got ["a", "b\u200b"], but names must not contain invisible characters'),
    ("text", 7, "got 7, but a text is needed"),
    ("layer", "a", 'got "a", but an item that names a layer is needed'),
]  # fmt: skip

HINTS = [
    ("count", 7.0, "write 7"), ("count", 1.0, "write 1"), ("count", 0.0, ""), ("count", -2.0, ""),
    ("count", 999_999_999_999_999.0, "write 999999999999999"), ("count", 1e15, ""), ("count", 2.5, ""),
    ("padding", "sames", 'did you mean "same"?'), ("choice", "flor", 'did you mean "floor"?'),
    ("axis", 0, "count from 1, or -1 for the last axis"),
]  # fmt: skip

ONE, NONE = {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}
REAL, ABOVE = {"type": "number"}, {"type": "number", "exclusiveMinimum": 0}
AXES = {"type": "string", "pattern": r"^(\d+([x×]\d+)*|\(.*\))$"}
SIGNED = {"type": "string", "pattern": r"^(-?\d+([x×]-?\d+)*|\(.*\))$"}
PAIR = {"type": "array", "items": NONE, "minItems": 2, "maxItems": 2}
QUOTIENT = {"type": "string", "pattern": r"^-?[\d.]+(/\d+)?$"}


def some(*items: object) -> dict[str, object]:
    """A list of at least one item."""
    return {"type": "array", "items": items[0] if len(items) == 1 else {"anyOf": list(items)}, "minItems": 1}


def any_of(*schemas: object) -> dict[str, object]:
    return {"anyOf": list(schemas)}


SCHEMAS: dict[str, object] = {
    "count": ONE, "from 3": {"type": "integer", "minimum": 3}, "optional count": ONE,
    "per axis": any_of(ONE, some(ONE), AXES), "optional per axis": any_of(ONE, some(ONE), AXES),
    "sizes": any_of(ONE, some(ONE, {"type": "null"}), AXES),
    "sides": any_of(NONE, some(NONE, PAIR), AXES),
    "number": REAL, "rate": {"type": "number", "minimum": 0.0, "maximum": 1.0}, "from 0": {**REAL, "minimum": 0.0},
    "optional number": REAL, "numbers": any_of(REAL, QUOTIENT, some(REAL, QUOTIENT)),
    "positive": any_of(ABOVE, some(ABOVE)), "scales": any_of(ABOVE, some(ABOVE), AXES),
    "listed axes": any_of({"type": "integer", "minimum": -9}, some({"type": "integer", "minimum": -9}), SIGNED),
    "shape": any_of(ONE, some(ONE), SIGNED),
    "shape with a free size": any_of(
        {"type": "integer", "minimum": -1}, some({"type": "integer", "minimum": -1}), SIGNED
    ),
    "shape or scalar": any_of(
        ONE, {**some(ONE), "minItems": 0}, {"type": "string", "pattern": r"^(-?\d+([x×]-?\d+)*|\(.*\)|scalar)$"}
    ),
    "flag": {"type": "boolean"}, "text": {"type": "string"},
    "choice": {"type": "string", "enum": ["floor", "same_lower", "down", "FLOOR", "SAME_LOWER", "DOWN"]},
    "words": any_of({"type": "string"}, some({"type": ["string", "integer"]})),
    "layer": any_of({"type": "string"}, {"type": "object"}),
}  # fmt: skip


@for_each(("kind", "value", "expected"), READ)
def test_read(kind: str, value: object, expected: object) -> None:
    found = kinds()[kind].parse(value)
    assert (found, type(found)) == (expected, type(expected))


@for_each(("kind", "value", "message"), REFUSED)
def test_refused(kind: str, value: object, message: str) -> None:
    """All are E204, a value of another kind, but numbers beyond the limit and items that are no layer."""
    with pytest.raises(Refusal) as refusal:
        kinds()[kind].parse(value)
    code = "E103" if message == LIMIT else "E209" if kind == "layer" else "E204"
    assert (refusal.value.message, refusal.value.code) == (message, code)


@for_each(("kind", "value", "hint"), HINTS)
def test_hints(kind: str, value: object, hint: str) -> None:
    with pytest.raises(Refusal) as refusal:
        kinds()[kind].parse(value)
    assert refusal.value.hint == hint


@for_each(("kind", "schema"), SCHEMAS.items())
def test_schemas(kind: str, schema: object) -> None:
    assert kinds()[kind].schema == schema


def test_the_padding_s_schema() -> None:
    """A number, a list of numbers and pairs, a word in lower or upper case, or sizes."""
    number, listed, words, axes = kinds()["padding"].schema["anyOf"]
    assert (number, listed, axes) == (NONE, some(NONE, PAIR), AXES)
    assert {word.upper() for word in words["enum"][:7]} == set(words["enum"][7:])


def test_the_axis_s_schema() -> None:
    words, place = kinds()["axis"].schema["anyOf"]
    assert words["enum"][:5] == ["channels", "length", "height", "width", "depth"]
    assert place == {"type": "integer", "minimum": -4, "not": {"const": 0}}


def test_positional_by_kind() -> None:
    """Sizes, sides, scales, lists of axes and shapes are what a layer is about; a field may say otherwise."""
    found = {name for name, field in kinds().items() if field.positional}
    shapes = {"shape", "shape with a free size", "shape or scalar"}
    assert found == {"sizes", "sides", "scales", "listed axes"} | shapes
    named: Any = declare.sizes("n", positional=False)
    assert not named.positional


def test_lists_per_axis() -> None:
    """`AxB` is read as a value of these kinds."""
    found = {name for name, field in kinds().items() if field.axes}
    assert found == {
        "per axis", "optional per axis", "sizes", "padding", "sides", "scales", "listed axes", "shape",
        "shape with a free size", "shape or scalar",
    }  # fmt: skip


def test_defaults_by_kind() -> None:
    """Every other field without a default is required."""
    found = {name: field.default for name, field in kinds().items() if not field.required}
    assert found == {
        "optional count": None, "optional per axis": None, "optional number": None, "padding": 0, "axis": "channels",
        "words": (),
    }  # fmt: skip


def test_words_that_a_kind_allows() -> None:
    """A bare word of an item finds the field by them."""
    found = {name: field.choices for name, field in kinds().items() if field.choices}
    assert found == {
        "padding": PADDINGS,
        "axis": ("channels", "length", "height", "width", "depth"),
        "shape or scalar": ("scalar",),
        "choice": ("floor", "same_lower", "down"),
    }


def test_a_plain_field() -> None:
    field = Field("n", int, {})
    assert (field.default, field.required, field.positional, field.axes) == (REQUIRED, True, False, False)
    assert (field.describe_default(), field.aliases, field.choices, field.short, field.symbol) == ("", (), (), "", "")
    assert declare.FieldOptions.__required_keys__ == frozenset()


@pytest.mark.parametrize(
    ("options", "text"),
    [({}, ""), ({"default": 3}, "3"), ({"default": None, "default_text": "the stride"}, "the stride")],
)
def test_default_as_printed(options: dict[str, Any], text: str) -> None:
    assert Field("n", int, {}, **options).describe_default() == text


@for_each(
    ("value", "text"),
    [
        (None, "unset"), (True, "true"), (Term.leaf(7, "F"), "7"),
        (False, "false"), (7, "7"), (0.5, "0.5"), ("same", "same"), ((8, 5), "8x5"),
        ((3,), "[3]"), ((), "[]"), ((2, 0.5), "[2, 0.5]"), ((2.0,), "[2.0]"), (((1, 2), 3), "[[1, 2], 3]"),
        ((None, 7), "[~, 7]"), (("a", "b"), "[a, b]"),
    ],
)  # fmt: skip
def test_values_as_written(value: object, text: str) -> None:
    assert declare.show_value(value) == text
