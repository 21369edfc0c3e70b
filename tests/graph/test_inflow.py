"""Inputs that a layer cannot take, whatever its arguments."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError

SCALAR = "does not accept a scalar, one number per sample"


@pytest.mark.parametrize("layer", ["dense 3", "softmax", "conv 4 3x3", "batch_norm", "global_avg_pool"])
def test_a_scalar_has_no_axis(layer: str) -> None:
    """A layer that needs an axis rejects a scalar, and says so in these words."""
    with pytest.raises(SpecError) as caught:
        load(f"input: scalar\nlayers: [{layer}]\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E303", f"{layer.split()[0]}_1: {layer.split()[0]} {SCALAR}")
    assert found.hint == "unsqueeze 1 gives it an axis: a vector of one number"


def test_an_axis_for_a_scalar() -> None:
    """As the hint says: one number, and 3 units after it."""
    nodes = load("input: scalar\nlayers: [unsqueeze 1, dense 3]\n").nodes
    assert [node.shape for node in nodes] == [(), (1,), (3,)]


def test_an_input_without_elements() -> None:
    """A slice that leaves no position: refused by a convolution, taken by an activation."""
    assert load("input: 5x5x3\nlayers: [slice 3 3 axis=1, relu]\n").nodes[-1].shape == (0, 5, 3)
    with pytest.raises(SpecError) as caught:
        load("input: 5x5x3\nlayers: [slice 3 3 axis=1, conv 4 1x1]\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E304", "conv_1: its input 0x5x3 is empty")
