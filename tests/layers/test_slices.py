"""Slices, as Python's own, and the sides of a padding in each framework's order."""

from __future__ import annotations

from itertools import product

import pytest

from cnncalc.arithmetic.convention import setting
from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.diagnostics import Refusal
from cnncalc.layers.reshaping._sides import sides_of, sides_of_all_axes
from cnncalc.layers.reshaping.slice import Slice
from tests.layers.layer_making import make
from tests.together import for_each

PLACES = (None, *range(-7, 8))


@for_each("convention", ["formula", "pytorch", "onnx"])
def test_every_slice_of_five(convention: str) -> None:
    """All starts and stops from -7 to 7 and steps from -3 to 3: the size and the first position of range(5)[…]."""
    under = setting(convention, "HWC")
    for start, stop, step in product(PLACES, PLACES, (-3, -2, -1, 1, 2, 3)):
        if step < 0 and convention == "pytorch":
            continue
        # ONNX: a start before the axis is its first position, also backwards
        begin = max(start, -5) if start is not None and convention == "onnx" and step < 0 else start
        expected = range(5)[begin:stop:step]
        layer = Slice(under, start=start, stop=stop, step=step, axis=1)
        assert layer.shape((5, 2)) == (len(expected), 2), (start, stop, step)
        if expected:
            first = expected[0]
            assert layer.reach((5, 2)) == (AxisTaps((range(first, first + 1),), step),), (start, stop, step)


@for_each("convention, step, code", [("formula", 0, "E204"), ("pytorch", 0, "E204"), ("pytorch", -1, "E304")])
def test_steps_that_are_refused(convention: str, step: int, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make("slice", convention, step=step).shape((5, 2))
    assert (refusal.value.code, refusal.value.field) == (code, "step")


# convention, layout, amounts for two spatial axes, (before, after) of each
SIDES = [
    ("formula", "HWC", 3, ((3, 3), (3, 3))),
    ("formula", "HWC", (1, 2), ((1, 1), (2, 2))),
    ("formula", "HWC", ((1, 3), 2), ((1, 3), (2, 2))),
    ("pytorch", "CHW", (1, 2, 3, 4), ((3, 4), (1, 2))),  # from the last axis: left, right, top, bottom
    ("onnx", "CHW", (1, 2, 3, 4), ((1, 3), (2, 4))),  # all befores, then all afters
    # batch and channels among them
    ("onnx", "CHW", (0, 0, 1, 2, 0, 0, 3, 4), ((1, 3), (2, 4))),
    ("onnx", "HWC", (0, 1, 2, 0, 0, 3, 4, 0), ((1, 3), (2, 4))),
    ("tensorflow", "HWC", ((0, 0), (1, 3), (2, 4), (0, 0)), ((1, 3), (2, 4))),
    ("tensorflow", "CHW", ((0, 0), (0, 0), (1, 3), (2, 4)), ((1, 3), (2, 4))),
]


@for_each("convention, layout, amount, sides", SIDES)
def test_sides_of_spatial_axes(convention, layout, amount, sides) -> None:
    assert sides_of(amount, 2, setting(convention, layout)) == sides


NOT_SIDES = [
    ("formula", "HWC", (1, 2, 3, 4)),  # no framework says what comes first
    ("keras", "HWC", (1, 2, 3, 4)),
    ("pytorch", "CHW", (1, 2, 3)),
    ("pytorch", "CHW", (1, 2, 3, (4, 4))),
    ("pytorch", "CHW", ((1, 2), 3, 4, 5, 6)),
    ("onnx", "CHW", (0, 1, 1, 2, 0, 0, 3, 4)),  # channels are padded
    ("onnx", "CHW", (0, 0, 1, 2, 0, 1, 3, 4)),
    ("onnx", "HWC", (0, 0, 1, 2, 0, 0, 3, 4)),
    ("tensorflow", "HWC", ((0, 0), (0, 0), (1, 3), (2, 4))),
    ("tensorflow", "HWC", ((0, 1), (1, 3), (2, 4), (0, 0))),
    ("tensorflow", "HWC", ((0, 0), (1, 3), (0, 0))),
    ("tensorflow", "HWC", (0, (1, 3), (2, 4), (0, 0))),
]


@for_each("convention, layout, amount", NOT_SIDES)
def test_lists_that_are_not_sides(convention, layout, amount) -> None:
    with pytest.raises(Refusal, match=f"{len(amount)} values for an input with 2 spatial axes") as refusal:
        sides_of(amount, 2, setting(convention, layout))
    assert refusal.value.hint == "write one number, or [[before, after], [before, after]]"


def test_two_numbers_for_one_axis() -> None:
    """ZeroPadding1D((1, 2)) and nn.ConstantPad1d((1, 2)): before and after."""
    for convention in ("keras", "tensorflow", "pytorch", "onnx"):
        assert sides_of((1, 2), 1, setting(convention)) == ((1, 2),)
    with pytest.raises(Refusal, match="2 values for an input with 1 spatial axis"):
        sides_of((1, 2), 1, setting("formula"))


# convention, amounts, (before, after) of each of three axes, channels included
ALL = [
    ("pytorch", (1, 2, 3, 4, 5, 6), ((5, 6), (3, 4), (1, 2))),
    ("onnx", (0, 1, 2, 3, 0, 4, 5, 6), ((1, 4), (2, 5), (3, 6))),
    ("formula", ((1, 2), (3, 4), (5, 6)), ((1, 2), (3, 4), (5, 6))),
    ("formula", (1, 2, 3, 4, 5, 6), None),
    ("onnx", (1, 2, 3, 4, 5, 6), None),
    ("pytorch", (0, 1, 2, 3, 0, 4, 5, 6), None),
    ("formula", ((1, 2), 3, (5, 6)), None),
    ("formula", ((1, 2), (3, 4)), None),
]


@for_each("convention, amount, sides", ALL)
def test_sides_of_all_axes(convention, amount, sides) -> None:
    assert sides_of_all_axes(amount, 3, convention) == sides


# convention, layout, amount, input, output: F.pad counts from the last axis, and a list for fewer axes leaves the first
PADDED = [
    ("pytorch", "CHW", [[1, 2]], (3, 5, 7), (3, 5, 10)),
    ("pytorch", "CHW", [[1, 2], [3, 4]], (3, 5, 7), (3, 8, 14)),
    ("formula", "HWC", [[0, 1], [2, 0]], (5, 7, 3), (6, 9, 3)),
    ("formula", "HWC", [[-1, 0], [0, -2]], (5, 7, 3), (4, 5, 3)),
    ("formula", "HWC", [[-2, -2], [0, 0]], (5, 7, 3), (1, 7, 3)),
    ("formula", "HWC", [[0, 0], [0, 0], [1, 2]], (5, 7, 3), (5, 7, 6)),
]


@for_each("convention, layout, amount, x, y", PADDED)
def test_padded_sizes(convention, layout, amount, x, y) -> None:
    assert make("zero_pad", convention, layout, amount=amount).shape(x) == y


UNPADDED = [
    ("formula", "HWC", [[-2, -3], [0, 0]], (5, 7, 3), "5 removed from an axis of 5 leave nothing"),
    ("formula", "HWC", [[2, -7], [0, 0]], (5, 7, 3), "5 removed from an axis of 5 leave nothing"),
    ("keras", "HWC", [[0, -1], [2, 0]], (5, 7, 3), "Keras pads by 0 or more"),
    ("tensorflow", "HWC", [[0, 0], [-1, 2]], (5, 7, 3), "TensorFlow pads by 0 or more"),
    ("keras", "HWC", [[0, 0], [0, 0], [1, 2]], (5, 7, 3), "Keras's padding layers do not pad the channels"),
    ("keras", "CHW", [[1, 2], [0, 0], [0, 0]], (3, 5, 7), "Keras's padding layers do not pad the channels"),
]


@for_each("convention, layout, amount, x, message", UNPADDED)
def test_padding_that_is_refused(convention, layout, amount, x, message) -> None:
    with pytest.raises(Refusal) as refusal:
        make("zero_pad", convention, layout, amount=amount).shape(x)
    assert refusal.value.message == message


def test_keras_pads_channels_first_images() -> None:
    assert make("zero_pad", "keras", "CHW", amount=[[1, 2], [0, 1]]).shape((3, 5, 7)) == (3, 8, 8)
