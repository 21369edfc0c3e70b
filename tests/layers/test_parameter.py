"""Learned arrays without an input: how they meet samples, what they count, where they take no batch."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import SpecError, analyze, check, load, verify
from cnncalc.analysis.explain import explain
from cnncalc.forward.run import random_inputs, run
from tests.together import for_each

# A layer, a sample's shape, an array's shape, what PyTorch computes from a batch x and a parameter p, and its output
# without the batch; None where PyTorch refuses. tests/oracles/test_parameters.py evaluates the expressions.
MEETINGS = [
    ("add", (7, 12), (7, 12), "x + p", (7, 12)),
    ("add", (7, 12), (12,), "x + p", (7, 12)),
    ("add", (7, 12), (1, 7, 12), "x + p", (7, 12)),
    ("add", (7, 12), (7, 1), "x + p", (7, 12)),
    ("add", (1, 12), (7, 12), "x + p", (7, 12)),
    ("add", (7, 12), (5,), "x + p", None),
    ("add", (7, 12), (2, 7, 12), "x + p", None),
    ("multiply", (96, 7, 5), (96, 1, 1), "x * p", (96, 7, 5)),
    ("multiply", (96, 7, 5), (96,), "x * p", None),
    ("multiply", (96, 7, 5), (5,), "x * p", (96, 7, 5)),
    ("subtract", (3, 11, 7), (11, 7), "x - p", (3, 11, 7)),
    ("divide", (7,), (7,), "x / p", (7,)),
    ("maximum", (7, 5), (1,), "torch.maximum(x, p)", (7, 5)),
    ("matmul", (5, 7), (7, 11), "x @ p", (5, 11)),
    ("matmul", (3, 5, 7), (7, 11), "x @ p", (3, 5, 11)),
    ("matmul", (3, 5, 7), (3, 7, 11), "x @ p", (3, 5, 11)),
    ("matmul", (7,), (7, 11), "x @ p", (11,)),
    ("matmul", (5, 7), (7,), "x @ p", (5,)),
    ("matmul", (5, 7), (11, 7), "x @ p", None),
    ('einsum equation="bnc,cd->bnd"', (5, 7), (7, 11), "torch.einsum('bnc,cd->bnd', x, p)", (5, 11)),
    ('einsum equation="bhwc,hkc->bhwk"', (3, 5, 7), (3, 11, 7), "torch.einsum('bhwc,hkc->bhwk', x, p)", (3, 5, 11)),
    ('einsum equation="bnc,n->bc"', (5, 7), (5,), "torch.einsum('bnc,n->bc', x, p)", (7,)),
    ('einsum equation="bnc,cd->nd"', (5, 7), (7, 11), None, None),
    ("concat axis=1", (7, 12), (2, 12), "torch.cat([x, p.expand(2, *p.shape)], 1)", (9, 12)),
    ("concat axis=2", (7, 12), (7, 5), "torch.cat([x, p.expand(2, *p.shape)], 2)", (7, 17)),
    ("concat axis=1", (7, 12), (1, 1, 12), "torch.cat([x, p.expand(2, -1, -1)], 1)", (8, 12)),
    ("concat axis=1", (7, 12), (12,), None, None),
    ("stack axis=1", (7, 12), (7, 12), "torch.stack([x, p.expand(2, *p.shape)], 1)", (2, 7, 12)),
    ("cosine_similarity axis=2", (7, 12), (12,), "torch.cosine_similarity(x, p, dim=2)", (7,)),
    ("where", (7, 12), (12,), "torch.where(x != 0, x, p)", (7, 12)),
]


def spec(item: str, x: tuple[int, ...], p: tuple[int, ...]) -> str:
    kind, _, fields = item.partition(" ")
    branches = "x | x | p" if kind == "where" else "x | p"
    chosen = branches.replace("x", "identity").replace("p", f"parameter {'x'.join(map(str, p))}")
    shown = "x".join(map(str, x))
    return f"{shown} -> {kind}({chosen}) {fields}"


@for_each(("item", "x", "p", "expression", "expected"), MEETINGS)
def test_a_parameter_meets_every_sample(item, x, p, expression, expected):
    """Its last axes meet a sample's last axes, whatever the batch; PyTorch's refusals are refusals."""
    text = spec(item, x, p)
    if expected is None:
        with pytest.raises(SpecError) as error:
            load(text, convention="pytorch")
        assert error.value.diagnostics[0].code in ("E303", "E308")
        return
    report = analyze(text, convention="pytorch")
    assert (report.outputs[0].shape, report.totals.params) == (expected, int(np.prod(p)))
    assert verify(text, convention="pytorch", batch=3).problems == []


@pytest.mark.parametrize(
    ("text", "params", "buffers", "non_trainable"),
    [
        ("7x12 -> add(identity | parameter 7x12)", 84, 0, 0),
        ("7x12 -> add(identity | parameter 7x12 trainable=false)", 0, 84, 0),  # PyTorch: register_buffer
        ("7x12 -> add(identity | parameter 7x12 buffer=true)", 0, 84, 0),
        ("7x12 -> add(identity | parameter 7x12 buffer=false trainable=false)", 84, 0, 84),  # requires_grad=False
    ],
)
def test_a_fixed_array_is_a_buffer(text, params, buffers, non_trainable):
    """What its own item says is fixed is no parameter, unless it is said to be one that is frozen."""
    totals = analyze(text, convention="pytorch").totals
    assert (totals.params, totals.buffers, totals.non_trainable_params) == (params, buffers, non_trainable)


def test_keras_prints_a_fixed_array_as_non_trainable():
    """`add_weight(trainable=False)` is counted in total."""
    totals = analyze("7x12 -> add(identity | parameter 7x12 trainable=false)", convention="keras").totals
    assert (totals.params, totals.trainable_params, totals.non_trainable_params) == (84, 0, 84)


def test_a_frozen_block_keeps_its_parameters():
    """Freezing what is around a parameter makes it non-trainable, not a buffer."""
    root = {"input": [7, 12], "layers": [{"trainable": False, "layers": [{"add": [[], [{"parameter": [7, 12]}]]}]}]}
    totals = analyze(root, convention="pytorch").totals
    assert (totals.params, totals.buffers, totals.non_trainable_params) == (84, 0, 84)


def test_what_has_no_batch_is_counted_once():
    """A table that a small network makes from coordinates, as in Swin v2, costs the same for every batch."""
    text = "5x8 -> add(identity | parameter 5x2 -> dense 8 bias=false) -> dense 3 bias=false"
    one, four = (analyze(text, batch=batch, convention="keras") for batch in (1, 4))
    macs = {layer.name: layer.macs for layer in four.layers}
    assert (macs["dense_1"], macs["dense_2"]) == (5 * 2 * 8, 4 * 5 * 8 * 3)
    assert [layer.activation_elements for layer in four.layers] == [160, 0, 40, 160, 60]
    assert one.totals.macs == 5 * 2 * 8 + 5 * 8 * 3
    assert verify(text, convention="keras", batch=4).problems == []


def test_every_sample_gets_the_same_numbers():
    """The difference of output and input is one array for the whole batch."""
    graph = load("7x12 -> add(identity | parameter 7x12)")
    inputs = random_inputs(graph, seed=0, batch=3)
    steps = list(run(graph, inputs))
    added = steps[-1].output - inputs[0]
    assert added.shape == (3, 7, 12)
    assert np.allclose(added, steps[1].output, atol=1e-5)
    assert steps[1].output.shape == (1, 7, 12)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("32x32x3 -> conv 8 3x3 p1 -> add(identity | parameter 32x32x8) -> conv 8 3x3", (5, 5)),
        ("9x4 -> concat(parameter 1x4 | identity) axis=1 -> conv 8 3", (3,)),
        ("9x4 -> multiply(parameter 4 | conv 4 3 p1)", (3,)),
    ],
)
def test_a_parameter_sees_no_input(text, field):
    """It leaves the receptive field as it is: arrays in front of a sequence are as padding."""
    report = analyze(text)
    assert report.layers[-1].receptive_field == field
    assert next(layer for layer in report.layers if layer.type == "parameter").receptive_field is None


def test_queries_are_learned():
    """Latent queries attend to any sequence: the output has their number (Jaegle et al., arXiv 2103.03206)."""
    text = "tokens: 49x64 -> parameter 8x64 name=latents -> multi_head_attention 4 from=[latents, tokens]"
    report = analyze(text, convention="pytorch")
    assert report.outputs[0].shape == (8, 64)
    assert report.totals.params == 8 * 64 + 4 * (64 * 64 + 64)  # nn.MultiheadAttention(64, 4): 16,640
    assert verify(text, convention="pytorch", batch=3).problems == []


def test_its_size_may_come_from_what_flows_by():
    """An expression in the shape sees the layer before, as everywhere."""
    root = {"input": "7x12", "layers": [{"add": [[], [{"parameter": {"shape": [1, "${in.channels}"]}}]]}]}
    assert analyze(root).totals.params == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("7x12 -> parameter 3 from=input", "parameter_1: parameter takes no input"),
        ("7x12 -> time_distributed(parameter 3)", "parameter takes no input"),
        ("96x7x7 -> multiply(identity | parameter 5x96x7x7)", "5x96x7x7 has no batch axis and 4 axes"),
        ('5x7 -> einsum(identity | parameter 7x3) equation="bnc,bcd->bnd"', '"b" is the batch'),
    ],
)
def test_refusals(text, message):
    """A parameter takes nothing, and has no batch."""
    with pytest.raises(SpecError) as error:
        load(text)
    assert message in error.value.diagnostics[0].message


def test_one_number_per_channel_gets_a_hint():
    """Under a channels-first layout a vector meets the width: the hint's text works."""
    with pytest.raises(SpecError) as error:
        load("96x7x5 -> multiply(identity | parameter 96)", convention="pytorch")
    assert error.value.diagnostics[0].hint == "write 96x1x1 for one number per channel"
    assert analyze("96x7x5 -> multiply(identity | parameter 96x1x1)", convention="pytorch").totals.params == 96


def test_the_working_of_its_parameters():
    """The product of its sizes, and a note on the batch."""
    (one,) = explain("14x14x64 -> add(identity | parameter 14x14x64)", "parameter_1")
    assert one.params.text.steps == ("14·14·64", "12,544")
    assert "There is no batch axis: all samples of a batch share these numbers." in one.remarks


def test_check_counts_what_has_no_batch_once():
    """The work of a layer on a learned array alone does not grow with the batch."""
    text = "5x8 -> add(identity | parameter 5x2 -> dense 8 bias=false)"
    judgements = check(text, {"dense_1.macs": "80", "total.macs": "80"}, convention="keras", batch=4)
    assert all(judgement.right for judgement in judgements)
