"""Drawn layers: the forward pass is the witness of the rules, whatever the fields, the layout and the convention."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.arithmetic.convention import CONVENTIONS, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from tests.layers.layer_making import make

WORDS = ("valid", "same", "same_lower", "half", "full", "causal")
TRANSPOSED_WORDS = ("valid", "same", "same_lower")


@st.composite
def drawn(draw: st.DrawFn, *names: str) -> tuple[Layer, Shape]:
    """A layer with any of its fields set, and an input that it accepts."""
    name = draw(st.sampled_from(names))
    rank = draw(st.integers(1, 3))
    channels = draw(st.sampled_from((1, 2, 3, 4, 6)))
    fields = draw(window_fields(rank, TRANSPOSED_WORDS if name == "conv_transpose" else WORDS))
    fields |= draw(own_fields(name, rank, channels))
    sizes = draw(st.lists(st.integers(1, 9), min_size=rank, max_size=rank))
    try:
        layer = make(name, draw(st.sampled_from(sorted(CONVENTIONS))), draw(st.sampled_from(("HWC", "CHW"))), **fields)
        x = layer.volume(tuple(sizes), channels)
        layer.shape(x)
    except Refusal:
        assume(False)
    return layer, x


def per_axis(rank: int, least: int, most: int) -> st.SearchStrategy[Any]:
    number = st.integers(least, most)
    return number | st.lists(number, min_size=rank, max_size=rank)


def window_fields(rank: int, words: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    pair = st.lists(st.integers(0, 3), min_size=2, max_size=2)
    padding = st.sampled_from(words) | st.integers(0, 3) | st.lists(pair, min_size=rank, max_size=rank)
    return st.fixed_dictionaries(
        {"kernel": per_axis(rank, 1, 4)}, optional={"stride": per_axis(rank, 1, 4), "padding": padding}
    )


def own_fields(name: str, rank: int, channels: int) -> st.SearchStrategy[dict[str, Any]]:
    """What only this type has; rounding up, a dilation and the forms of a transposed convolution among it."""
    needed: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {"dilation": per_axis(rank, 1, 3), "bias": st.booleans()}
    rounding = st.sampled_from(("floor", "exact", "ceil", "caffe"))
    if name in ("conv", "conv_transpose"):
        groups = st.sampled_from([count for count in (1, 2, 3) if channels % count == 0])
        return groups.flatmap(
            lambda count: st.fixed_dictionaries(
                {"groups": st.just(count), "filters": st.integers(1, 3).map(lambda each: each * count)},
                optional={**optional, **({"rounding": rounding} if name == "conv" else transposed_fields(rank))},
            )
        )
    if name == "depthwise_conv":
        optional |= {"multiplier": st.integers(1, 3), "rounding": rounding}
    elif name == "max_pool":
        optional = {"dilation": per_axis(rank, 1, 3), "rounding": rounding}
    else:
        optional = {"count_include_pad": st.booleans(), "rounding": rounding}
    return st.fixed_dictionaries(needed, optional=optional)


def transposed_fields(rank: int) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "output_padding": per_axis(rank, 0, 2),
        "output_size": per_axis(rank, 1, 14),
        "form": st.sampled_from(("explicit", "modular")),
    }


CONVOLUTIONS = ("conv", "depthwise_conv", "conv_transpose")


def weights_of(layer: Layer, x: Shape, seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    declared = layer.weights(x, layer.shape(x))
    return {weight.name: random.standard_normal(weight.shape).astype(np.float32) for weight in declared}


@given(drawn(*CONVOLUTIONS, "max_pool", "avg_pool"))
def test_the_array_has_the_shape(case: tuple[Layer, Shape]) -> None:
    """The shape that comes out is the rule's, in single precision."""
    layer, x = case
    y = layer.forward(np, np.ones((2, *x), np.float32), **weights_of(layer, x))
    assert y.shape == (2, *layer.shape(x))
    assert y.dtype == np.float32


@given(drawn(*CONVOLUTIONS))
def test_tied_copies_give_the_same(case: tuple[Layer, Shape]) -> None:
    """One equal copy of each weight per position gives the shared weights' values, and uses every copy's shape."""
    layer, x = case
    array = np.random.default_rng(1).standard_normal((2, *x)).astype(np.float32)
    tied = weights_of(layer, x)
    untied = {
        weight.name: np.broadcast_to(tied[weight.name], weight.positions + weight.shape)
        for weight in layer.weights(x, layer.shape(x))
    }
    found = layer.forward_untied(np, array, **untied)
    np.testing.assert_allclose(found, layer.forward(np, array, **tied), rtol=1e-4, atol=1e-4)


@given(drawn(*CONVOLUTIONS))
def test_no_other_weights_are_taken(case: tuple[Layer, Shape]) -> None:
    """A weight with one number more along any axis is refused: what is declared is what is used."""
    layer, x = case
    weights = weights_of(layer, x)
    for name, array in weights.items():
        for axis in range(array.ndim):
            if name == "kernel" and axis == array.ndim - 1 and len(weights) == 1:
                continue  # without a bias, the kernel alone says how many filters there are
            longer = np.concatenate([array, array.take([0], axis)], axis)
            try:
                layer.forward(np, np.ones((1, *x), np.float32), **{**weights, name: longer})
            except ValueError:
                continue
            raise AssertionError(f"{name} with {longer.shape} was taken")


@given(drawn("conv", "conv_transpose"))
def test_work_is_what_the_windows_cost(case: tuple[Layer, Shape]) -> None:
    """The multiply–accumulates are the kernel's weights times the positions at which it is used."""
    layer, x = case
    y = layer.shape(x)
    kernel = next(layer.weights(x, y))
    assert layer.macs(x, y) == kernel.unshared_size
