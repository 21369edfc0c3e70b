"""Weights that are fixed numbers: kernels of blurs, and biases of which a part is not learned."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import explain
from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Refusal, SpecError
from cnncalc.forward.verify import verify
from cnncalc.render.explanation.text import render_text
from tests.layers.layer_making import make
from tests.together import for_each

COUNTS = [
    # text, convention, trainable, non-trainable, buffers
    # a blur of 3x3 in 96 channels, timm's BlurPool2d with register_buffer: 96·9
    ("96x56x56 -> depthwise_conv 3x3 s2 p1 bias=false trainable=buffer", "pytorch", 0, 0, 864),
    ("56x56x96 -> depthwise_conv 3x3 s2 p1 bias=false trainable=buffer", "formula", 0, 0, 864),
    ("56x56x96 -> depthwise_conv 3x3 s2 same bias=false trainable=buffer", "keras", 0, 864, 0),
    ("9x9x3 -> conv 4 3x3 trainable=false", "pytorch", 0, 328, 0),  # frozen parameters stay parameters
    ("9x9x3 -> conv 4 3x3 trainable=buffer", "pytorch", 0, 0, 328),
    ("7x5 -> weight_norm(dense 3) trainable=buffer", "pytorch", 0, 0, 21),
    ("9x9x3 -> batch_norm trainable=buffer", "pytorch", 0, 0, 36),
    ("9 -> dense 3 -> (dense 4 -> dense 5)*1", "pytorch", 71, 0, 0),
    ("197x768 -> add( | parameter 197x768 trainable=buffer)", "pytorch", 0, 0, 151_296),
    # BEiT's and Swin v2's qkv: biases of the queries and values are parameters, those of the keys a buffer of zeros
    ("49x768 -> dense 2304 fixed_bias=[768,1536]", "pytorch", 1_771_008, 0, 768),
    ("49x768 -> dense 2304 fixed_bias=768", "pytorch", 1_771_008, 0, 768),
    ("49x768 -> dense 2304 fixed_bias=[768,1536]", "keras", 1_771_008, 768, 0),
    ("8 -> dense 8 fixed_bias=8", "formula", 64, 0, 8),
]


@for_each(("text", "convention", "trainable", "frozen", "buffers"), COUNTS)
def test_fixed_numbers_are_counted_apart(text: str, convention: str, trainable: int, frozen: int, buffers: int) -> None:
    """Buffers are no parameters, except where the convention prints them as non-trainable ones."""
    totals = analyze(text, convention=convention).totals
    assert (totals.trainable_params, totals.non_trainable_params, totals.buffers) == (trainable, frozen, buffers)
    assert verify(text, convention=convention).problems == []


def test_a_group_and_a_block_hold_buffers() -> None:
    """`trainable: buffer` reaches every layer inside, and two instances of a block are told apart."""
    spec = {
        "input": "9x9x3",
        "blocks": {"b": ["conv 3 3x3 p1"]},
        "layers": ["b", {"b": {}, "trainable": "buffer"}, {"layers": ["conv 3 1x1"], "trainable": "buffer"}],
    }
    totals = analyze(spec).totals
    assert (totals.params, totals.buffers) == (84, 84 + 12)


def test_an_explanation_names_fixed_weights() -> None:
    """The working counts them apart."""
    spec = "96x56x56 -> depthwise_conv 3x3 s2 p1 bias=false trainable=buffer"
    (explanation,) = explain(spec, convention="pytorch")
    text = render_text(explanation)
    assert "Not learned      F·F·Cᵢ·m = 3·3·96·1 = 864" in text
    assert "The weights are fixed numbers: buffers, not parameters." in text


def test_the_fixed_part_of_a_bias_has_its_place() -> None:
    """[1, 1]·0 + biases: the fixed 7 and 8 stand at the units 1 and 2."""
    layer = make("dense", "pytorch", units=4, fixed_bias=[1, 3])
    y = layer.forward(
        np, np.ones((1, 2)), kernel=np.zeros((2, 4)), bias=np.array([5.0, 6.0]), fixed_bias=np.array([7.0, 8.0])
    )
    assert y.tolist() == [[5, 7, 8, 6]]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fixed_bias": 2, "bias": False}, "fixed_bias needs a bias"),
        ({"fixed_bias": [2, 5]}, "units 2 to 5 are outside of 4 units"),
        ({"fixed_bias": [2, 2]}, "units 2 to 2 are outside of 4 units"),
        ({"fixed_bias": 5}, "units -1 to 4 are outside of 4 units"),
        ({"fixed_bias": [1, 2, 3]}, "3 values"),
    ],
)
def test_a_fixed_part_that_does_not_fit_is_refused(fields: dict[str, object], message: str) -> None:
    """The fixed units are among the layer's, and they have biases."""
    with pytest.raises(Refusal, match=message):
        make("dense", units=4, **fields).shape((3,))


def test_trainable_takes_three_words() -> None:
    """Anything else is a mistake with its place."""
    with pytest.raises(SpecError, match="true, false or buffer is needed"):
        analyze("9x9x3 -> conv 4 3x3 trainable=maybe")
