"""Axes of equal numbers share their window and their taps; axes that differ, or are traced, have their own."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.receptive_field import views
from cnncalc.arithmetic.convention import Shape, setting
from cnncalc.arithmetic.term import Term
from cnncalc.layers.convolution.conv import Conv

# The fields of a convolution, its input, the output size along each axis, ⌊(W − F′ + P₀ + P₁)/S⌋ + 1, and sharing.
CASES: tuple[tuple[dict[str, Any], Shape, tuple[int, ...], bool], ...] = (
    ({"kernel": 3}, (11, 11, 2), (9, 9), True),
    ({"kernel": (3, 3), "padding": (1, 1), "stride": 2}, (11, 11, 2), (6, 6), True),
    ({"kernel": 3}, (7, 7, 7, 2), (5, 5, 5), True),
    ({"kernel": 3}, (11, 2), (9,), True),
    ({"kernel": 3}, (11, 13, 2), (9, 11), False),
    ({"kernel": 3}, (7, 5, 7, 2), (5, 3, 5), False),
    ({"kernel": (3, 5)}, (11, 11, 2), (9, 7), False),
    ({"kernel": 3, "stride": (1, 2)}, (11, 11, 2), (9, 5), False),
    ({"kernel": 3, "dilation": (1, 2)}, (11, 11, 2), (9, 7), False),
    ({"kernel": 1, "dilation": (1, 2)}, (11, 11, 2), (11, 11), False),
    ({"kernel": 3, "padding": (0, (1, 2))}, (11, 11, 2), (9, 12), False),
)


@pytest.mark.parametrize(("fields", "shape", "outputs", "is_shared"), CASES)
def test_axes_of_a_convolution(fields: dict[str, Any], shape: Shape, outputs: tuple[int, ...], is_shared: bool) -> None:
    layer = Conv(setting(), filters=5, **fields)
    windows, taps = layer.windows(shape), layer.reach(shape)
    assert isinstance(taps, tuple)
    assert tuple(window.output for window in windows) == outputs
    assert all(each is windows[0] for each in windows) == is_shared
    assert all(each is taps[0] for each in taps) == is_shared
    assert [len(axis.cells[0]) for axis in taps] == list(layer.kernels(shape))


H, W = Term.leaf(11, "W", "h"), Term.leaf(11, "W", "w")


@pytest.mark.parametrize(
    ("layout", "shape"), [("HWC", (H, W, 2)), ("CHW", (2, H, W)), ("HWC", (11, W, 2)), ("CHW", (2, H, 11))]
)
def test_traced_sizes_have_windows_of_their_own(layout: str, shape: Shape) -> None:
    """Equal sizes, of which one is the height and the other the width."""
    layer = Conv(setting(layout=layout), filters=5, kernel=3)
    first, second = layer.windows(shape)
    taps = layer.reach(shape)
    assert isinstance(taps, tuple)
    assert first == second
    assert first is not second
    assert taps[0] is not taps[1]


@pytest.mark.parametrize(("spec", "fields"), [("11x11x2", (3, 3)), ("11x13x2", (3, 3)), ("11x2", (3,))])
def test_fields_of_equal_axes(spec: str, fields: tuple[int, ...]) -> None:
    view = views(load(f"{spec} -> conv 5 3"))[-1]
    assert view is not None
    assert view.axes is not None
    assert view.sizes == fields
    assert (view.axes[0] is view.axes[-1]) == (spec != "11x13x2")
