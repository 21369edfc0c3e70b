"""Opaque: what the spec declares, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make, run


def test_opaque_is_as_declared():
    """Output, parameters and multiply–accumulates are the spec's own figures, whatever comes in."""
    layer = make("opaque", output="11x4", params=57, macs=91)
    for inputs in ([(5, 7, 3)], [(5, 7, 3), (13,)]):
        assert layer.shape(*inputs) == (11, 4)
        assert learned(layer, *inputs) == 57
        assert layer.macs(*inputs, (11, 4)) == 91
    assert layer.values() == {"output": (11, 4), "params": 57, "macs": 91}


def test_opaque_stands_in_for_itself():
    """The forward pass cannot witness it: zeros of the declared shape let later layers run."""
    layer = make("opaque", output=[11, 4], params=5)
    out = run(layer, (5, 7, 3))
    assert (out.shape, out.dtype, out.any()) == ((2, 11, 4), np.float32, False)
    assert not layer.witnessed
    assert make("relu").witnessed


def test_opaque_hides_what_it_sees():
    """No window is known, so that the receptive field ends there."""
    assert make("opaque", output=11).windows((5, 7, 3)) == ()


def test_opaque_without_parameters():
    """Nothing is learned unless it is declared."""
    layer = make("opaque", output=11)
    assert list(layer.weights((13,), (11,))) == []
    assert layer.macs((13,), (11,)) == 0


def test_opaque_is_traced():
    """On terms, the counts are named leaves."""
    layer = make("opaque", output=11, params=57, macs=91).traced(2)
    (weight,) = layer.weights((5, 7, 3), (11,))
    assert (weight.shape[0].symbol, layer.macs((5, 7, 3), (11,)).symbol) == ("params", "MACs")


@pytest.mark.parametrize("fields", [{"output": 0}, {"output": "4x-1"}, {"output": 4, "params": -1}])
def test_opaque_reads_strictly(fields):
    """Sizes start at 1, counts at 0."""
    with pytest.raises(Refusal):
        make("opaque", **fields)
