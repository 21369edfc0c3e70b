"""Slices that leave nothing: PyTorch gives a tensor with an axis of size 0, which can be joined to others."""

from __future__ import annotations

import pytest

from cnncalc import SpecError, analyze, load, verify
from tests.together import for_each

# x[:, 3:3] and its like on a batch of 7×4, in PyTorch 2.13; `torch.cat` and elementwise functions take the result
EMPTY = [
    ("7x4 -> slice 3 3 axis=1", (0, 4)),
    ("7x4 -> slice start=9 axis=1", (0, 4)),
    ("7x4 -> slice 5 2 axis=1", (0, 4)),
    ("7x4 -> slice start=-9 stop=-8 axis=2", (7, 0)),
    ("7x4 -> slice 0 0 axis=1 name=prefix -> concat from=[prefix, input] axis=1", (7, 4)),
    ("7x4 -> slice 0 0 axis=1 -> relu -> dropout 0.1", (0, 4)),
    ("7x4 -> slice 0 0 axis=1 -> add(identity | parameter 4)", (0, 4)),
    ("7x4 -> slice 0 0 axis=1 -> slice 0 2 axis=2", (0, 2)),
]


@for_each(("text", "shape"), EMPTY)
def test_an_empty_slice(text, shape):
    """The shape has a 0, and the forward pass gives it as well."""
    assert analyze(text, convention="pytorch").outputs[0].shape == shape
    assert verify(text, convention="pytorch", batch=3).problems == []


@for_each("item", ["conv 3 3", "dense 3", "max_pool 1", "softmax", "reduce_mean", "reshape 4", "batch_norm"])
def test_layers_that_need_elements(item):
    """Others say that nothing flows in."""
    with pytest.raises(SpecError) as error:
        load(f"7x4 -> slice 3 3 axis=1 -> {item}")
    assert error.value.diagnostics[0].message.endswith("its input 0x4 is empty")
