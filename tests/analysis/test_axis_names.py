"""The names of the axes in explanations: height and width, steps and features, in the layout's order."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.trace import axis_names, keeps_steps, window_axis
from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer
from tests.together import for_each


def last(spec: str, layout: str | None = None) -> Layer:
    layer = load(spec, layout=layout).nodes[-1].layer
    assert layer is not None
    return layer


IMAGE, STEPS = ("height", "width"), ("steps",)


@for_each(
    ("spec", "layout", "rank", "steps", "names"),
    [
        ("5x7x3 -> conv 2 3", None, 3, False, (*IMAGE, "channels")),
        ("3x5x7 -> conv 2 3", "CHW", 3, False, ("channels", *IMAGE)),
        ("28x13 -> lstm 4", None, 2, True, ("steps", "features")),
        ("28x13 -> lstm 4", "CHW", 2, True, ("steps", "features")),
        ("28x13 -> lstm 4", None, 1, False, ("channels",)),
        ("5x8x8x3 -> conv_lstm 4 3", None, 4, True, (*STEPS, *IMAGE, "channels")),
        ("5x3x8x8 -> conv_lstm 4 3", "CHW", 4, True, (*STEPS, "channels", *IMAGE)),
        ("7 -> dense 3", None, 1, False, ("channels",)),
    ],
)
def test_names_of_axes(spec: str, layout: str | None, rank: int, steps: bool, names: tuple[str, ...]) -> None:
    assert axis_names(last(spec, layout), rank, steps=steps) == names


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ("5x7x3 -> conv 2 3", ["height", "width"]), ("7x3 -> conv 2 3", ["length"]),
        ("5x8x8x3 -> conv_lstm 4 3", ["steps", "height", "width"]), ("28x13 -> lstm 4", ["steps"]),
    ],
)  # fmt: skip
def test_axes_of_windows(spec: str, names: list[str]) -> None:
    assert [window_axis(last(spec), len(names), index) for index in range(len(names))] == names


@for_each(
    ("spec", "inputs", "output", "kept"),
    [
        ("28x13 -> lstm 4", ((28, 13),), (4,), False), ("28x13 -> lstm 4", ((28, 13),), (28, 4), True),
        ("5x8x8x3 -> conv_lstm 4 3", ((5, 8, 8, 3),), (8, 8, 4), False),
        ("5x8x8x3 -> conv_lstm 4 3", ((5, 8, 8, 3),), (5, 8, 8, 4), True),
        ("5x7x3 -> conv 2 3", ((5, 7, 3),), (3, 5, 2), False), ("28x13 -> lstm 4", (), (28, 4), False),
    ],
)  # fmt: skip
def test_steps_that_are_kept(spec: str, inputs: tuple[Shape, ...], output: Shape, kept: bool) -> None:
    """A layer that returns its last step alone has no steps after it."""
    assert keeps_steps(last(spec), inputs, output) is kept
