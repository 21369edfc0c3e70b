"""Values of options."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.cli._values import read_setting, read_shape, read_size, read_value
from tests.together import for_each


@pytest.mark.parametrize(
    ("text", "shape"),
    [("224x224x3", ("", (224, 224, 3))), ("7×5", ("", (7, 5))), ("10", ("", (10,))),
     ("mask=5x7x1", ("mask", (5, 7, 1)))],
)  # fmt: skip
def test_shape(text: str, shape: object) -> None:
    """A shape, with the input's name where there are several."""
    assert read_shape(text) == shape


@for_each("text", ["", "x", "3x", "0x3", "-1x3", "a=", "3.5", "3 x 3", "٣x٣"])
def test_no_shape(text: str) -> None:
    """Sizes are whole and from 1."""
    with pytest.raises(ValueError, match="is not a shape"):
        read_shape(text)


@pytest.mark.parametrize(
    ("text", "size"), [("20000", 20000), ("10MiB", 10485760), ("1 GB", 10**9), ("3kb", 3000), ("5B", 5)]
)
def test_size(text: str, size: int) -> None:
    """Bytes, in decimal or binary units."""
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "1.5MB", "-3", "3 apples"])
def test_no_size(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="is not a size"):
        read_size(text)


@for_each(
    ("text", "value"),
    [
        ("12", 12), ("0.5", 0.5), ("true", True), ("no", "no"), ("012", "012"), ("~", None), ("relu", "relu"),
        ("3x3", "3x3"), ('"12"', "12"), ("[3, 4, 6, 3]", [3, 4, 6, 3]), ("[]", []), ("[[1, 2], [a]]", [[1, 2], ["a"]]),
        ("[1", "[1"),
    ],
)  # fmt: skip
def test_value(text: str, value: Any) -> None:
    """A value is read as YAML 1.2 reads it: `no` and `012` are text, brackets make lists."""
    read = read_value(text)
    assert read == value
    assert type(read) is type(value)


def test_setting() -> None:
    """The first `=` ends the name."""
    assert read_setting("head=a=b") == ("head", "a=b")
    with pytest.raises(ValueError, match="NAME=VALUE"):
        read_setting("=3")
    with pytest.raises(ValueError, match="lists"):
        read_setting("x=" + "[" * 100000)
