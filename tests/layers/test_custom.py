"""Custom: a layer described by the spec's own expressions."""

from __future__ import annotations

import inspect
import textwrap

import numpy as np
import pytest

from cnncalc import SpecError, analyze
from cnncalc.diagnostics import Refusal
from cnncalc.forward.verify import verify
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, statistics

# Worked by hand: Li et al., "Involution", arXiv 2103.06255, with C = 32, G groups, reduction r = 4 and kernel K:
# C·(C + K²·G)/r parameters, H·W·(C·(C + K²·G)/r + K²·C) multiply–accumulates, on 16×16.
INVOLUTION = [
    ("involution_1.custom_1", 32 * (32 + 49 * 4) // 4, 16 * 16 * (32 * (32 + 49 * 4) // 4 + 49 * 32), (9, 9)),
    ("involution_2.custom_1", 32 * (32 + 9 * 8) // 4, 16 * 16 * (32 * (32 + 9 * 8) // 4 + 9 * 32), (11, 11)),
]


def documented() -> str:
    """The spec in the type's own description, with an input."""
    text = inspect.getdoc(registry.load_all()["custom"]) or ""
    return "input: 16x16x3\n" + textwrap.dedent(text[text.index("    blocks:") : text.index("`flops` is")])


@pytest.mark.parametrize(("name", "params", "macs", "field"), INVOLUTION)
def test_the_documented_block(name, params, macs, field):
    """One description of a custom layer, used twice with other parameters, gives the paper's counts each time."""
    layer = {layer.name: layer for layer in analyze(documented()).layers}[name]
    assert (layer.output_shape, layer.params, layer.macs) == ((16, 16, 32), params, macs)
    assert layer.receptive_field == field


def test_the_documented_block_runs():
    """The forward pass allocates what a custom layer declares, and really sees its windows and no more."""
    verification = verify(documented(), receptive_field=True)
    assert verification.problems == []
    assert [check.actual_weights for check in verification.layers] == [896, 1824, 832]
    assert [probe.reported for probe in verification.probes] == [(3, 3), (9, 9), (11, 11)]


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"output": 11}, (0, 0, 0, 0)),
        ({"output": "11x4", "params": 57, "macs": 91}, (57, 0, 91, 0)),
        ({"output": 11, "macs": 91, "flops": 182}, (0, 0, 91, 0)),
        ({"output": [11, 4], "buffers": 13, "macs": 91, "flops": 200}, (0, 13, 91, 18)),
    ],
)
def test_custom_is_as_declared(fields, counts):
    """Parameters, statistics, multiply–accumulates, and the operations beyond two for each of them."""
    layer, x = make("custom", **fields), (5, 7, 3)
    y = layer.shape(x)
    assert (learned(layer, x), statistics(layer, x), layer.macs(x, y), layer.elementwise(x, y)) == counts
    assert run(layer, x).shape[1:] == y


def test_custom_flops_are_the_whole_work():
    """200 declared are 200 reported, of which 182 are the multiply–accumulates'."""
    report = analyze("5x7x3 -> custom 11x4 macs=91 flops=200 buffers=13 -> flatten")
    assert (report.totals.macs, report.totals.flops, report.totals.buffers) == (91, 200, 13)


def test_expressions_read_the_incoming_shape():
    """in.height, in.width, in.channels and in.size are those of the layer before."""
    report = analyze(
        "14x10x6 -> conv 4 3x3 -> custom ${in.height//2}x${in.width//2}x${in.channels*3} params=${in.size}"
    )
    assert (report.layers[-1].output_shape, report.layers[-1].params) == ((6, 4, 12), 12 * 8 * 4)


def test_an_expression_that_fails_is_shown():
    """An axis that the input lacks is refused where it stands."""
    with pytest.raises(SpecError) as error:
        analyze("24 -> custom output=${in.height}")
    assert "the incoming shape 24 has no height" in str(error.value)


def test_custom_without_a_kernel_hides_what_it_sees():
    """The receptive field ends there, and zeros stand in for the output."""
    layer = make("custom", output="5x7x3")
    assert layer.windows((5, 7, 3)) == ()
    assert not run(layer, (5, 7, 3)).any()


def test_custom_stands_in_with_the_means_of_its_windows():
    """A window of 3, a step of 2 and a padding of 1 over 1 … 5: (0+1+2)/3, (2+3+4)/3, (4+5+0)/3."""
    layer = make("custom", output="3x2", kernel=3, stride=2, padding=1)
    x = np.arange(1, 6, dtype=np.float32).reshape(1, 5, 1)
    assert layer.forward(np, x)[0].tolist() == [[1, 1], [3, 3], [3, 3]]
    channels_first = make("custom", "pytorch", output="2x3", kernel=3, stride=2, padding=1)
    assert channels_first.forward(np, x.reshape(1, 1, 5))[0].tolist() == [[1, 3, 3], [1, 3, 3]]


def test_custom_is_not_witnessed():
    """What the spec says is all there is, as with opaque, which keeps its own name."""
    assert not make("custom", output=1).witnessed
    assert registry.find("custom") == (registry.load_all()["custom"], None)
    assert registry.find("black_box") == (registry.load_all()["opaque"], None)
    assert registry.find("Lambda") == (registry.load_all()["custom"], None)


@pytest.mark.parametrize(
    ("fields", "x", "message"),
    [
        ({"output": 4, "macs": 91, "flops": 181}, (5, 7, 3), "181 FLOPs are fewer than two for each of 91 "),
        ({"output": 4, "kernel": 3}, (5, 7, 3), "a window slides along the axes of 5x7x3, but 4 has other axes"),
        ({"output": 4, "kernel": 3}, (5,), "a window slides along the axes of 5, but 4 has other axes"),
        ({"output": "5x7x3", "kernel": [3, 3, 3]}, (5, 7, 3), "3 values for an input with 2 spatial axes"),
    ],
)
def test_custom_refuses(fields, x, message):
    """Figures that contradict each other, and windows without axes to slide along."""
    with pytest.raises(Refusal) as refusal:
        make("custom", **fields).shape(x)
    assert refusal.value.message.startswith(message)


def test_arrays_of_nothing_are_not_declared():
    """A custom layer has one array of parameters and one of buffers, or none."""
    for fields, names in (({}, []), ({"params": 3}, ["parameters"]), ({"buffers": 3}, ["buffers"])):
        layer = make("custom", output=11, **fields)
        assert [weight.name for weight in layer.weights((5,), (11,))] == names


def test_a_window_beyond_a_single_position():
    """One position of 3 among padding: a third along each axis."""
    y = make("custom", output=[1, 1, 2], kernel=3, padding=1).forward(np, np.full((1, 1, 1, 4), 3.0))
    assert y.reshape(-1).tolist() == pytest.approx([1 / 3] * 2)
