"""Dense layers in their parts: fixed biases, stated sizes, receptive fields, formulas written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.taps import SAME_PLACE, throughout
from cnncalc.diagnostics import Refusal
from cnncalc.forward.trace import trace
from cnncalc.layers.base import Weight
from tests.layers.layer_making import learned, make, statistics, unshared
from tests.together import for_each


@for_each(
    ("fixed", "learned_biases", "fixed_biases"),
    [(2, 3, 2), ([1, 3], 3, 2), ([0, 1], 4, 1), ([4, 5], 4, 1), ([0, 5], 0, 5), (5, 0, 5), (None, 5, 0)],
)
@for_each("convention", ["keras", "formula"])
def test_fixed_biases(convention: str, fixed: Any, learned_biases: int, fixed_biases: int) -> None:
    """Of 5 units on 7 inputs; at 3 positions under Keras, where each bias counts three times without sharing."""
    layer = make("dense", convention, units=5, **({} if fixed is None else {"fixed_bias": fixed}))
    x, inputs, positions = ((3, 7), 7, 3) if convention == "keras" else ((7,), 7, 1)
    assert learned(layer, x) == 5 * inputs + learned_biases
    assert statistics(layer, x) == fixed_biases
    assert unshared(layer, x) == positions * (5 * inputs + learned_biases)


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ([3, 3], "units 3 to 3 are outside of 5 units"), ([3, 6], "units 3 to 6 are outside of 5 units"),
        (6, "units -1 to 5 are outside of 5 units"), (0, "units 5 to 5 are outside of 5 units"),
        ([1, 2, 3], "3 values, but two are needed"), ([1], "1 values, but two are needed"),
    ],
)  # fmt: skip
def test_fixed_biases_that_cannot_be(fixed: Any, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        make("dense", units=5, fixed_bias=fixed).shape((7,))


def test_fixed_biases_need_a_bias() -> None:
    assert make("dense", units=5, fixed_bias=[0, 5]).shape((7,)) == (5,)
    with pytest.raises(Refusal, match="fixed_bias needs a bias"):
        make("dense", units=5, bias=False, fixed_bias=2).shape((7,))


@for_each(
    ("fixed", "biases"),
    [
        (None, [10, 20, 30, 40, 50]), (2, [10, 20, 30, 1, 2]), ([1, 3], [10, 1, 2, 20, 30]),
        ([0, 1], [1, 10, 20, 30, 40]),
    ],
)  # fmt: skip
def test_values_and_workings_with_fixed_biases(fixed: Any, biases: list[int]) -> None:
    """Biases 10, 20, … are learned, 1 and 2 are fixed; the kernel's columns are 1 2 3 4 5."""
    layer = make("dense", units=5, **({} if fixed is None else {"fixed_bias": fixed}))
    of_fixed = sum(bias < 10 for bias in biases)
    weights = {"kernel": np.arange(1.0, 6)[None] * np.ones((2, 1)), "bias": 10.0 * np.arange(1, 6 - of_fixed)}
    weights |= {"fixed_bias": np.arange(1.0, of_fixed + 1)} if of_fixed else {}
    x = np.array([1.0, 6.0])
    y = layer.forward(np, x[None], **weights)[0]
    assert y.tolist() == [7 * unit + bias for unit, bias in enumerate(biases, 1)]
    texts = [each.working for each in trace(layer, x, weights, (2,), y, None)]
    assert texts == [f"1·{unit} + 6·{unit} + {bias}" for unit, bias in enumerate(biases, 1)]


@for_each(
    ("convention", "x", "texts"),
    [
        # the whole volume in the order of its own layout, or the last axis at each position
        ("formula", (2, 1, 2), ["1·1 + 2·2 + 3·3 + 4·4"]), ("caffe", (2, 1, 2), ["1·1 + 2·2 + 3·3 + 4·4"]),
        ("keras", (2, 2), ["1·1 + 2·2", "3·1 + 4·2"]), ("pytorch", (4,), ["1·1 + 2·2 + 3·3 + 4·4"]),
    ],
)  # fmt: skip
def test_workings_of_volumes(convention: str, x: tuple[int, ...], texts: list[str]) -> None:
    layer = make("dense", convention, units=1, bias=False)
    array = np.arange(1.0, 5).reshape(x)
    (weight,) = layer.weights(x, layer.shape(x))
    kernel = np.arange(1.0, weight.shape[0] + 1)[:, None]
    output = layer.forward(np, array[None], kernel=kernel)[0]
    assert [each.working for each in trace(layer, array, {"kernel": kernel}, x, output, None)] == texts


def test_the_size_that_in_features_states() -> None:
    """The whole input of a volume's dense layer; elsewhere its last axis."""
    assert make("dense", "formula", units=2).arriving("numbers", (5, 7, 3)) == 105
    assert make("dense", "keras", units=2).arriving("numbers", (5, 7, 3)) == 3
    assert make("dense", "pytorch", units=2).arriving("numbers", (3, 5, 7)) == 7


def test_where_features_are_the_last_axis() -> None:
    found = {
        name: make("dense", name, units=2).features_last()
        for name in ("formula", "onnx", "caffe", "keras", "tensorflow", "pytorch")
    }
    assert [name for name, last in found.items() if last] == ["keras", "tensorflow", "pytorch"]


@for_each(
    ("name", "convention", "x", "sight", "reach"),
    [
        ("dense", "formula", (5, 7, 3), "whole", "whole"), ("dense", "formula", (3,), "pointwise", "pointwise"),
        ("dense", "keras", (5, 7, 3), "pointwise", "pointwise"), ("dense", "keras", (5, 3), "pointwise", "pointwise"),
        ("dense", "pytorch", (5, 3), "whole", (throughout(3),)),
        ("dense", "pytorch", (5, 7, 3), (), (SAME_PLACE, throughout(3))), ("dense", "pytorch", (3,), "pointwise",
        "pointwise"),
        ("highway", "keras", (5, 3), "pointwise", "pointwise"), ("highway", "pytorch", (3,), "pointwise", "pointwise"),
        ("highway", "pytorch", (5, 3), "whole", (throughout(3),)),
        ("highway", "pytorch", (2, 5, 3), "whole", (SAME_PLACE, throughout(3))),
    ],
)  # fmt: skip
def test_inputs_that_a_unit_reads(name: str, convention: str, x: tuple[int, ...], sight: object, reach: object) -> None:
    """All of a volume, the features of a position, or the last axis, which is spatial with channels first."""
    layer = make(name, convention, **({"units": 2} if name == "dense" else {}))
    assert (layer.windows(x), layer.reach(x)) == (sight, reach)


@for_each(
    ("weight", "shape", "order"), [("kernel", (5, 6, 4), (2, 0, 1)), ("bias", (4,), (0,))],
)  # fmt: skip
def test_the_order_of_a_bilinear_kernel(weight: str, shape: tuple[int, ...], order: tuple[int, ...]) -> None:
    """torch.nn.Bilinear(5, 6, 4).weight has the shape (4, 5, 6)."""
    assert make("bilinear", units=4).channels_first(Weight(weight, shape)) == order


def test_counts_of_a_bilinear_layer() -> None:
    """At 2 positions 4 units of 5·6 products and a bias: 124 weights, 2·4·(5 + 1)·6 MACs."""
    layer, shapes = make("bilinear", units=4), ((2, 5), (2, 6), (2, 4))
    assert [weight.size for weight in layer.weights(*shapes)] == [120, 4]
    assert [weight.unshared_size for weight in layer.weights(*shapes)] == [240, 8]
    assert (layer.macs(*shapes), layer.elementwise(*shapes)) == (2 * 4 * 6 * 6, 8)
    assert make("bilinear", units=4, bias=False).elementwise(*shapes) == 0


def test_counts_of_an_einsum_dense_layer() -> None:
    """13 inputs, 5 outputs at 7 positions: each position its own copy without sharing; a sum for each bias."""
    layer = make("einsum_dense", equation="abc,cd->abd", output=[7, 5], bias_axes="d")
    assert [weight.unshared_size for weight in layer.weights((7, 13), (7, 5))] == [7 * 65, 7 * 5]
    assert layer.elementwise((7, 13), (7, 5)) == 35
    assert make("einsum_dense", equation="abc,cd->abd", output=[7, 5]).elementwise((7, 13), (7, 5)) == 0


def test_counts_of_a_highway_layer_and_a_machine() -> None:
    """Two kernels of 3×3 at 5 positions, 8 operations per element, 6 without biases; 15 visible and 4 hidden units."""
    for bias, operations in ((True, 8), (False, 6)):
        layer = make("highway", bias=bias)
        assert (learned(layer, (5, 3)), unshared(layer, (5, 3))) == (18 + 6 * bias, 5 * (18 + 6 * bias))
        assert (layer.macs((5, 3), (5, 3)), layer.elementwise((5, 3), (5, 3))) == (2 * 15 * 3, operations * 15)
    machine = make("rbm", hidden=4)
    assert (learned(machine, (5, 3)), machine.macs((5, 3), (4,)), machine.elementwise((5, 3), (4,))) == (79, 60, 8)
    assert (machine.windows((5, 3)), machine.windows((3,))) == ("whole", "pointwise")
    kept = machine.kept((5, 3), (4,))
    assert (kept.inputs, kept.output, kept.folded_axes) == ("trained", True, 0)
    assert make("dense", units=2).kept((3,), (2,)).folded_axes == 1


@for_each(
    ("transform", "value"),
    [("linear", 2.0), ("relu", 2.0), ("tanh", np.tanh(2.0)), ("sigmoid", 1 / (1 + np.exp(-2.0)))],
)
def test_transforms_of_a_highway_layer(transform: str, value: float) -> None:
    """Half of the transform of 2 and half of the input 1, as the gate of 0 is one half."""
    layer = make("highway", transform=transform)
    weights = {"transform_kernel": np.array([[3.0]]), "transform_bias": np.array([-1.0])}
    weights |= {"gate_kernel": np.array([[2.0]]), "gate_bias": np.array([-2.0])}
    assert layer.forward(np, np.array([[1.0]]), **weights).tolist() == [[pytest.approx((value + 1) / 2)]]
