"""Einstein sums of inputs: shapes, work, values, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import analyze, verify
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# equation, inputs, output, MACs, operations beside. Sizes as torch.einsum gives them; the work by hand.
SUMS = [
    ("bhqd,bhkd->bhqk", [(8, 5, 3), (8, 7, 3)], (8, 5, 7), 840, 0),  # 8·5·7 products of 3
    ("bqk,bkd->bqd", [(5, 7), (7, 3)], (5, 3), 105, 0),
    ("bij,bjk,bkl->bil", [(2, 3), (3, 5), (5, 7)], (2, 7), 420, 0),  # 2·3·5·7 combinations, two products each
    ("bqd,bqd->bq", [(1, 3), (5, 3)], (5,), 15, 0),  # a 1 is stretched
    ("bi,bj->bij", [(5,), (7,)], (5, 7), 0, 35),  # an outer product adds nothing up
    ("bchw->bc", [(3, 5, 7)], (3,), 0, 102),  # 105 values in 3 sums
    ("bchw->bhwc", [(3, 5, 7)], (5, 7, 3), 0, 0),
    ("b...j,bjk->b...k", [(2, 3), (3, 5)], (2, 5), 30, 0),
    ("...qd,...kd->...qk", [(8, 5, 3), (8, 7, 3)], (8, 5, 7), 840, 0),
    ("b...->b", [(3, 5)], (), 0, 14),  # 15 values in one sum
    ("bnc", [(5, 3)], (3, 5), 0, 0),  # without an arrow: the letters that appear once, sorted
    ("acb", [(5, 3)], (3, 5), 0, 0),
    ("...ij,...jk", [(2, 3), (3, 5)], (2, 5), 30, 0),
    ("...j,...jk", [(3,), (3, 5)], (5,), 15, 0),
]


@for_each(("equation", "inputs", "y", "macs", "others"), SUMS)
@for_each("convention", ["pytorch", "keras", "onnx"])
def test_einsum(convention, equation, inputs, y, macs, others):
    """The output has the letters behind the arrow; nothing is learned."""
    layer = make("einsum", convention, equation=equation)
    assert layer.shape(*inputs) == y
    assert (learned(layer, *inputs), layer.macs(*inputs, y), layer.elementwise(*inputs, y)) == (0, macs, others)
    assert run(layer, *inputs).shape == (2, *y)


def test_values_of_einsum():
    """A matrix product, by hand."""
    one, other = np.array([[[1, 2], [3, 4]]]), np.array([[[5, 6], [7, 8]]])
    assert make("einsum", equation="bij,bjk->bik").forward(np, one, other).tolist() == [[[19, 22], [43, 50]]]
    assert make("einsum", equation="bij, bkj → bik").forward(np, one, other).tolist() == [[[17, 23], [39, 53]]]
    assert make("einsum", equation="bii->bi").forward(np, one).tolist() == [[1, 4]]


@for_each(
    ("equation", "inputs", "message"),
    [
        ("bij,bjk", [(2, 3), (3, 5)], "does not keep the batch"),  # torch.einsum sums the b, which appears twice
        ("b....j->bj", [(2, 3)], 'equation "b....j->bj" cannot be parsed'),
        ("b...->...", [(2, 3)], "does not keep the batch"),
        ("bijk...->b", [(2, 3)], '"bijk" names 3 axes without the batch, got 2x3'),
        ("bij,bjk->bik", [(2, 3)], "equation bij,bjk->bik is for 2 inputs, got 1"),
        ("bij->bij", [(2, 3), (3, 5)], "equation bij->bij is for 1 input, got 2"),
        ("bib->bi", [(3, 2)], "does not keep the batch"),  # the batch once more
        ("bbi->bi", [(2, 3)], "does not keep the batch"),
        ("bij,jk->bik", [(2, 3), (5,)], "does not keep the batch"),
        ("bij,bjk->ik", [(2, 3), (3, 5)], "does not keep the batch"),
        ("bij,bjk->bik", [(2, 3, 4), (3, 5)], '"bij" names 2 axes without the batch, got 2x3x4'),
        ("bij,bjk->bik", [(2, 3), (4, 5)], 'axis "j" is 3 in one input and 4 in another'),
        ("bij,bjk->biz", [(2, 3), (3, 5)], '"z" is not an axis of an input'),
        ("bij,bjk->bii", [(2, 3), (3, 5)], '"i" appears twice in the output'),
    ],
)
def test_what_is_no_sum(equation, inputs, message):
    """An equation that cannot be read, is for other inputs, or mixes samples."""
    with pytest.raises(Refusal) as refusal:
        make("einsum", equation=equation).shape(*inputs)
    assert message in refusal.value.message


# item, output, parameters: torch.einsum on a batch of 8×16 and an array that has no batch
ARRAYS = [
    ('8x16 -> einsum(identity | parameter 16x5) equation="...c,cd->...d"', (8, 5), 80),
    ('8x16 -> einsum(identity | parameter 16) equation="...c,c->..."', (8,), 16),
    ('8x16 -> einsum(identity | parameter 16x5) equation="bnc,cd"', (5, 8), 80),  # the output is bdn
    ('8x16 -> einsum(identity | parameter 8x1) equation="...c,...d->...cd"', (8, 16, 1), 8),
    ('8x16 -> einsum(identity | parameter scalar) equation="bnc,->bnc"', (8, 16), 1),
    ('4x8x16 -> einsum(parameter 16x5 | identity) equation="cd,...c->...d"', (4, 8, 5), 80),
]


@for_each(("text", "shape", "params"), ARRAYS)
def test_an_array_beside_samples(text, shape, params):
    """An ellipsis holds the batch of what has one."""
    report = analyze(text)
    assert (report.outputs[0].shape, report.totals.params) == (shape, params)
    assert verify(text).problems == []


def test_learned_arrays_alone():
    """Without samples no letter is the batch: a product, and an outer product, whose numbers add nothing up."""
    product = make("einsum", equation="ij,jk->ik").beside((0, 1))
    assert product.shape((3, 2), (2, 5)) == (3, 5)
    assert product.forward(np, np.ones((1, 3, 2)), np.ones((1, 2, 5))).tolist() == [[[2] * 5] * 3]
    outer = make("einsum", equation="i,j->ij").beside((0, 1))
    assert (outer.macs((3,), (5,), (3, 5)), outer.elementwise((3,), (5,), (3, 5))) == (0, 15)


def test_an_ellipsis_of_nothing():
    """Beside an array of its own letters it adds no axis."""
    assert make("einsum", equation="bc...,cd->bd...").beside((1,)).shape((3,), (3, 5)) == (5,)


@for_each(
    ("equation", "inputs", "message"),
    [
        ("bic,cd->bid", [(2, 3), (5,)], '"cd" names 2 axes, got 5'),
        ("...c,cd->...d", [(2, 3), (3, 5, 7, 2, 2)], '"cd" names 2 axes, got 3x5x7x2x2'),
        ("bic,bd->bid", [(2, 3), (4, 5)], '"b" is the batch, which a learned array does not have'),
    ],
)
def test_arrays_that_an_equation_does_not_fit(equation, inputs, message):
    """A learned array has no batch, so that its letters are those of its own axes."""
    with pytest.raises(Refusal) as refusal:
        make("einsum", equation=equation).beside((1,)).shape(*inputs)
    assert refusal.value.message == message
