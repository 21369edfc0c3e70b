"""What an unquoted word means, by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.reading.nodes import Scalar
from cnncalc.reading.number_traps import explain_trap, trap
from cnncalc.reading.scalars import as_value, value_of
from tests.together import for_each


@for_each(
    ("text", "value"),
    [
        ("0", 0),
        ("20", 20),
        ("-7", -7),
        ("+7", 7),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-2.5E-1", -0.25),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_value(text: str, value: object) -> None:
    """Ints, floats, bools and null are read as YAML 1.2 reads them, with their exact type."""
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@for_each(
    "text",
    [
        "3x3",
        "same",
        "5M",
        "16MiB",
        "1.2.3",
        "tRUE",
        "-",
        "+",
        ".",
        "e3",
        "١٢",
        "1e",
        "0x",
        "--1",
        "1 2",
        "${n}",
        "nan",
        "inf",
    ],
)
def test_words_are_text_without_a_trap(text: str) -> None:
    """What looks like no number to any YAML reader is text, and nothing is said about it."""
    assert value_of(text) == text
    assert explain_trap(text) == ""


@for_each(
    ("text", "meaning", "advice"),
    [
        ("012", "octal 10 in YAML 1.1 and 12 in YAML 1.2", "write 12 or 10"),
        ("-010", "octal -8 in YAML 1.1 and -10", "write -10 or -8"),
        ("089", "text in YAML 1.1 and 89 in YAML 1.2", "write 89"),
        ("0x10", "hexadecimal", "write 16"),
        ("0o17", "octal", "write 15"),
        ("0b101", "binary", "write 5"),
        ("1_000", "separator", "write 1000"),
        ("1,000,000", "separator", "write 1000000"),
        ("1:30", "90 in base 60", "write 90"),
        ("2024-01-31", "date", "write a number"),
        (".inf", "is not finite", "write a finite number"),
        (".NaN", "is not finite", "write a finite number"),
        ("1e999", "is too large", "smaller"),
        ("yes", "a bool in YAML 1.1 and text in YAML 1.2", "write true"),
        ("No", "a bool in YAML 1.1", "write false"),
        ("ON", "a bool in YAML 1.1", "write true"),
        ("off", "a bool in YAML 1.1", "write false"),
        ("n", "a bool in YAML 1.1", "write false"),
        ("9" * 5000, "a number of 5000 digits", "at most"),
    ],
)
def test_trap(text: str, meaning: str, advice: str) -> None:
    """A word that YAML versions read differently stays text; the trap says both readings and what to write."""
    node = Scalar(Source("t", text), 0, len(text), text)
    assert as_value(node) == text
    diagnostic = trap(node)
    assert diagnostic is not None
    assert diagnostic.code == "E105"
    assert meaning in diagnostic.message
    assert advice in diagnostic.hint


@pytest.mark.parametrize(("text", "advice"), [("1e3", "write 1000"), ("5.", "write 5"), ("0.5", "write an integer")])
def test_float_is_explained_where_an_integer_was_wanted(text: str, advice: str) -> None:
    """A float is a fine value, and has an explanation for the callers that wanted an integer."""
    assert isinstance(value_of(text), float)
    assert advice in explain_trap(text)


@pytest.mark.parametrize("text", ["012", "no", "1", "true", "~"])
def test_quoted_text_is_text(text: str) -> None:
    """Quotes make anything text, and no trap."""
    node = Scalar(Source("t", f"'{text}'"), 0, len(text) + 2, text, plain=False)
    assert as_value(node) == text
    assert trap(node) is None


@for_each("text", ["", "٣" * 41, "0x" + "1" * 99, "1_" + "0" * 99, "abc", "+", "-x"])
def test_what_has_no_explanation(text: str) -> None:
    """Digits of other scripts, and words of more than 100 characters."""
    assert explain_trap(text) == ""
    assert explain_trap("0x" + "1" * 98).startswith("`0x1")


@for_each(
    ("text", "explanation"),
    [
        ("+012", "`+012` is octal 10 in YAML 1.1 and 12 in YAML 1.2; write 12 or 10"),
        # 1·8^7 + 2·8^6 + 3·8^5 + 4·8^4 + 5·8^3 + 6·8^2 + 7·8
        ("012345670", "`012345670` is octal 2739128 in YAML 1.1 and 12345670 in YAML 1.2; write 12345670 or 2739128"),
        ("-0X1f", "`-0X1f` is a number in hexadecimal"),
        ("-1:30", "`-1:30` is -90 in base 60 in YAML 1.1 and text in YAML 1.2; write -90"),
        ("1:30:15", "`1:30:15` is 5415 in base 60 in YAML 1.1 and text in YAML 1.2; write 5415"),  # (1·60 + 30)·60 + 15
        ("-1,000", "`-1,000` is a number with a separator for some YAML readers and text for others; write -1000"),
        ("1" * 41, "a number of 41 digits; write at most 40"),
        ("-" + "1" * 41, "a number of 41 digits; write at most 40"),
        ("1" * 40, ""), ("-" + "1" * 40, ""),
        ("0.1e3", "`0.1e3` is a float or, for some YAML readers, text; write 100"),
        ("9007199254740991.0", "`9007199254740991.0` is a float or, for some YAML readers, text"),
        ("9007199254740992.0", "`9007199254740992.0` is the float 9007199254740992.0; write an integer"),  # 2**53
        ("-1e999", "`-1e999` is too large; write a smaller number"),
        ("0.25", "`0.25` is the float 0.25; write an integer"),
        ("2024-1-31 12", "`2024-1-31 12` is a date in YAML 1.1 and text in YAML 1.2; write a number"), ("x1_000", ""),
        ("0b1" + "0" * 97, "`0b1"), ("0b1" + "0" * 98, ""),  # texts of more than 100 characters are words
    ],
)  # fmt: skip
def test_explanations_in_full(text: str, explanation: str) -> None:
    found = explain_trap(text)
    assert found == explanation if "; " in explanation or not explanation else found.startswith(explanation)


@for_each(
    ("text", "value"),
    [
        ("9" * 40, 10**40 - 1),
        ("9" * 41, "9" * 41),
        ("1e308", 1e308),
        ("1e309", "1e309"),
        ("-1e309", "-1e309"),
        ("-0", 0),
    ],
)
def test_values_at_the_limits(text: str, value: object) -> None:
    """Forty characters are a number, and floats are finite."""
    assert value_of(text) == value
