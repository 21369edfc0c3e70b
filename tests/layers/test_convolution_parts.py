"""Convolutions in their parts: the orders of their kernels, kept arrays, bounds of paddings, formulas with groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cnncalc.arithmetic.convention import setting
from cnncalc.arithmetic.taps import sliding
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping
from cnncalc.layers.base import Weight
from cnncalc.layers.window_layer import WindowLayer
from tests.layers.layer_making import make
from tests.together import for_each


@for_each(
    ("name", "weight", "shape", "order", "outputs"),
    [
        # PyTorch: (outputs, inputs, H, W); transposed (inputs, outputs, H, W); depthwise (channels × m, 1, H, W)
        ("conv", "kernel", (3, 5, 4, 6), (3, 2, 0, 1), (3,)),
        ("conv_transpose", "kernel", (3, 5, 4, 6), (2, 3, 0, 1), (3,)),
        ("conv_transpose", "kernel", (3, 4, 6), (1, 2, 0), (2,)),
        ("depthwise_conv", "kernel", (3, 5, 4, 2), (2, 3, 0, 1), (2, 3)), ("depthwise_conv", "bias", (8,), (0,), ()),
        ("separable_conv", "depthwise_kernel", (3, 5, 4, 2), (3, 2, 0, 1), (2, 3)),
        ("separable_conv", "pointwise_kernel", (1, 1, 8, 6), (3, 2, 0, 1), (3,)),
    ],
)  # fmt: skip
def test_orders_of_kernels(
    name: str, weight: str, shape: tuple[int, ...], order: tuple[int, ...], outputs: tuple[int, ...]
) -> None:
    layer = make(name)
    if name != "separable_conv":
        assert layer.channels_first(Weight(weight, shape)) == order
    assert layer.output_axes(Weight(weight, shape)) == outputs


def operators(term: object) -> Iterator[str]:
    """Every operator that a number was computed with."""
    if isinstance(term, Term):
        yield term.operator
        for part in term.parts:
            yield from operators(part)


@pytest.mark.parametrize("groups", [1, 2])
@for_each("name", ["conv", "conv_transpose", "deformable_conv"])
def test_one_group_is_not_divided(name: str, groups: int) -> None:
    """A formula divides by g only where there are groups."""
    layer = make(name, filters=6, kernel=3, groups=groups).traced(2)
    x = tuple(Term.leaf(size, symbol) for size, symbol in ((7, "H"), (7, "W"), (4, "C")))
    y = layer.shape(x)
    kernel = next(iter(layer.weights(x, y)))
    for number in (layer.macs(x, y), *kernel.shape):
        assert "/" not in set(operators(number)) or groups > 1
    assert ("/" in set(operators(layer.macs(x, y)))) == (groups > 1)


def leaves(term: object) -> Iterator[str]:
    """The symbols in a number's formula."""
    if isinstance(term, Term):
        yield term.symbol
        for part in term.parts:
            yield from leaves(part)


def test_equal_axes_have_their_own_names() -> None:
    """The formulas of a square's height and width give the same number of different symbols."""
    x = tuple(Term.leaf(size, symbol) for size, symbol in ((7, "H"), (7, "W"), (4, "C")))
    height, width, _ = make("conv", filters=6, kernel=3).traced(2).shape(x)
    assert height == width == 5
    assert [{"H", "W"} & set(leaves(size)) for size in (height, width)] == [{"H"}, {"W"}]
    mixed = make("conv", filters=6, kernel=3).windows((7, Term.leaf(7, "W"), 4))
    assert [isinstance(window.output, Term) for window in mixed] == [False, True]


def test_an_even_padding_of_zeros_needs_no_copy() -> None:
    for padding in (0, 1, [[2, 2]]):
        assert make("conv", filters=2, kernel=3, padding=padding).kept((9, 3), (9, 2)) == keeping.INPUTS


@for_each(
    ("name", "fields", "x", "kept"),
    [
        # two offsets for each of 6 taps and 2 groups at 3×6 positions, three if modulated; and the factors themselves
        ("deformable_conv", {"kernel": [3, 2], "offset_groups": 2}, (5, 7, 4), [2 * 2 * 6 * 18]),
        ("deformable_conv", {"kernel": [3, 2], "offset_groups": 2, "modulated": True}, (5, 7, 4),
         [3 * 2 * 6 * 18, 2 * 6 * 18]),
        ("locally_connected", {"kernel": [3, 2]}, (5, 7, 4), [6 * 4 * 18]),  # each of 18 windows of 24 values
    ],
)  # fmt: skip
def test_kept_arrays(name: str, fields: dict[str, Any], x: tuple[int, ...], kept: list[int]) -> None:
    layer = make(name, filters=5, **fields)
    assert [array.elements for array in layer.kept(x, layer.shape(x)).arrays] == kept


@for_each("name", ["conv", "conv_transpose", "depthwise_conv", "locally_connected", "separable_conv"])
def test_a_bias_is_one_sum_for_each_output(name: str) -> None:
    filters = {} if name == "depthwise_conv" else {"filters": 5}
    x = (5, 7, 4)
    y = make(name, kernel=3, **filters).shape(x)
    for bias in (True, False):
        layer = make(name, kernel=3, bias=bias, **filters)
        assert layer.elementwise(x, y) == bias * y[0] * y[1] * y[2]


@for_each(
    ("mode", "padding", "most"),
    [("reflect", [[1, 5]], 4), ("reflect", [[5, 1]], 4), ("circular", [[0, 6]], 5), ("circular", [[6, 0]], 5)],
)
def test_padding_of_one_side_that_the_input_cannot_fill(mode: str, padding: list[list[int]], most: int) -> None:
    """torch.nn.functional.pad needs a smaller input for a reflection, and wraps around once."""
    with pytest.raises(Refusal, match="is too large for an input of 5") as refusal:
        make("conv", filters=2, kernel=3, padding=padding, padding_mode=mode).shape((5, 2))
    assert f"use at most {most}" in refusal.value.hint
    fits = [[min(side, most) for side in padding[0]]]
    assert make("conv", filters=2, kernel=3, padding=fits, padding_mode=mode).shape((5, 2)) == (3 + sum(fits[0]), 2)


@for_each(
    ("fields", "x", "message"),
    [
        ({"kernel": [2, 3], "dilation": [1, 2]}, (7, 7, 3), "has no dilation"),
        ({"kernel": [2, 3], "dilation": [2, 1]}, (7, 7, 3), "has no dilation"),
        ({"kernel": 2, "padding": "causal"}, (7, 3), 'has no padding "causal"'),
        ({"kernel": 2}, (7, 7, 7, 3), "one or two spatial axes, got three"),
    ],
)
def test_what_keras_s_locally_connected_layers_lack(fields: dict[str, Any], x: tuple[int, ...], message: str) -> None:
    with pytest.raises(Refusal, match=message):
        make("locally_connected", "keras", filters=2, **fields).shape(x)
    assert make("locally_connected", "keras", filters=2, kernel=[2, 3]).shape((7, 7, 3)) == (6, 5, 2)


def test_lists_with_a_batch_in_formulas() -> None:
    """TensorFlow's strides of batch and channels are not those of the formula."""
    layer: Any = make("conv", "tensorflow", filters=2, kernel=3, stride=[1, 2, 3, 1]).traced(2)
    assert [(step, step.symbol) for step in layer.stride] == [(2, "S"), (3, "S")]


def test_windows_of_two_inputs_in_turn() -> None:
    """A layer that is asked for one input and then another does not mix them up."""
    layer, small, large = make("conv", filters=2, kernel=3), (7, 3), (9, 3)
    for x, output in [(small, 5), (large, 7), (small, 5), (small, 5)]:
        assert layer.windows(x)[0].output == output


def test_a_vector_has_no_positions_to_connect() -> None:
    with pytest.raises(Refusal, match="needs an input with 1 to 3 spatial axes"):
        make("locally_connected", "keras", filters=2, kernel=3).shape((3,))


def test_a_deformable_convolution_is_for_images() -> None:
    for x, axes in [((7, 3), 1), ((7, 7, 7, 3), 3), ((3,), 0)]:
        with pytest.raises(Refusal, match=f"with 2 spatial axes; the input has {axes}"):
            make("deformable_conv", filters=2, kernel=3).shape(x)


def test_a_window_without_dilation() -> None:
    """A type without the field has a dilation of 1 along each spatial axis, and rounds down."""
    layer = WindowLayer(setting("formula"))
    assert (layer.dilations((5, 7, 3)), layer.dilations((5, 3)), layer.rounding_rule()) == ((1, 1), (1,), "floor")


def test_positions_of_windows() -> None:
    """Each axis with its own window and dilation."""
    layer = make("conv", filters=2, kernel=[3, 2], dilation=[1, 2], stride=[2, 1], padding=[1, 0])
    height, width = layer.windows((9, 7, 3))
    assert layer.reach((9, 7, 3)) == (sliding(height, 1, border="zeros"), sliding(width, 2, border="zeros"))
    square = make("conv", filters=2, kernel=3, dilation=2)
    (same,) = set(square.windows((9, 9, 3)))
    assert square.reach((9, 9, 3)) == (sliding(same, 2, border="zeros"),) * 2
    (line,) = make("conv", filters=2, kernel=3, dilation=2).reach((9, 3))
    assert line == sliding(same, 2, border="zeros")
    cube = make("conv", filters=2, kernel=[3, 2, 3]).reach((9, 9, 9, 3))
    assert cube[0] == cube[2] != cube[1]


@for_each(
    ("convention", "x", "padding", "output"),
    [
        # ONNX: before all axes, then after them; TensorFlow: a pair for the batch and the channels, too
        ("onnx", (3, 7, 9), [1, 0, 2, 3], (2, 8, 10)), ("onnx", (3, 9), [1, 2], (2, 10)),
        ("tensorflow", (7, 9, 3), [[0, 0], [1, 2], [0, 3], [0, 0]], (8, 10, 2)),
        ("tensorflow", (7, 9, 3), [[0, 0], [1, 2]], (5, 10, 2)),
        ("pytorch", (3, 7, 9), [1, 0], (2, 7, 7)), ("formula", (7, 9, 3), [[1, 2], [0, 3]], (8, 10, 2)),
        ("formula", (9, 3), [2], (11, 2)),
    ],
)  # fmt: skip
def test_lists_of_paddings(convention: str, x: tuple[int, ...], padding: list[Any], output: tuple[int, ...]) -> None:
    assert make("conv", convention, filters=2, kernel=3, padding=padding).shape(x) == output


@for_each(
    ("convention", "x", "padding", "message", "hint"),
    [
        ("formula", (9, 3), [1, 2], "2 values for an input with 1 spatial axis", "for (before, after) write [[1, 2]]"),
        ("formula", (9, 3), [1, 2, 3], "3 values for an input with 1 spatial axis", "give one value, or 1"),
        ("onnx", (3, 9), [[1, 2], [0, 0]], "2 values for an input with 1 spatial axis", ""),
        ("formula", (9, 9, 3), [1, 2, 3], "3 values for an input with 2 spatial axes", "give one value, or 2"),
        ("formula", (9, 9, 3), [1], "1 values for an input with 2 spatial axes", "give one value, or 2"),
        ("pytorch", (3, 9, 9), [1, 0, 2, 3], "4 values for an input with 2 spatial axes", "give one value, or 2"),
        ("tensorflow", (9, 9, 3), [[0, 0], [1, 1], [1, 1], [0, 1]], "4 values for an input with 2 spatial axes", ""),
        ("tensorflow", (9, 9, 3), [[1, 0], [1, 1], [1, 1], [0, 0]], "4 values for an input with 2 spatial axes", ""),
        ("formula", (9, 9, 3), "causal", 'padding "causal" is for sequences, with 1 spatial axis; the input has 2', ""),
    ],
)
def test_paddings_of_another_length(convention: str, x: tuple[int, ...], padding: Any, message: str, hint: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make("conv", convention, filters=2, kernel=3, padding=padding).shape(x)
    assert refusal.value.message == message
    assert hint in refusal.value.hint


@for_each(
    ("convention", "fields", "message"),
    [
        ("onnx", {"dilation": 2}, "only with dilation 1, got dilation 2"),
        ("onnx", {"dilation": 3}, "only with dilation 1, got dilation 3"),
        ("pytorch", {"stride": 2}, "only for stride 1, got stride 2"),
        ("pytorch", {"stride": 3}, "only for stride 1, got stride 3"),
        ("keras", {"stride": 2, "dilation": 2}, "rejects a stride above 1 together with a dilation above 1"),
        ("keras", {"stride": [1, 2], "dilation": [2, 1]}, "rejects a stride above 1 together with a dilation above 1"),
    ],
)
def test_same_that_a_framework_lacks(convention: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal, match=message):
        make("conv", convention, layout="HWC", filters=2, kernel=3, padding="same", **fields).shape((9, 9, 3))


@for_each(
    ("convention", "fields", "output"),
    [
        ("onnx", {"stride": 2}, (5, 5, 2)), ("onnx", {}, (9, 9, 2)), ("pytorch", {"dilation": 2}, (9, 9, 2)),
        ("pytorch", {}, (9, 9, 2)), ("keras", {"stride": 2}, (5, 5, 2)), ("keras", {"dilation": 2}, (9, 9, 2)),
        ("formula", {"stride": 2, "dilation": 2}, (5, 5, 2)),
    ],
)  # fmt: skip
def test_same_that_a_framework_has(convention: str, fields: dict[str, Any], output: tuple[int, ...]) -> None:
    layer = make("conv", convention, layout="HWC", filters=2, kernel=3, padding="same", **fields)
    assert layer.shape((9, 9, 3)) == output
