"""Figures by their paths, and the well-known exam questions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.homework.check import check
from cnncalc.homework.figure_paths import FigureValue, ask, subject
from tests.together import for_each

NET = "32x32x3 -> conv 20 8x8 s2 p1 -> max_pool 2 -> flatten -> dense 10"


@for_each(
    ("path", "value"),
    [
        ("conv_1.output", (14, 14, 20)),
        ("conv_1.output.height", 14),
        ("conv_1.output.channels", 20),
        ("conv_1.output.size", 3920),
        ("conv_1.input", (32, 32, 3)),
        ("input.output", (32, 32, 3)),
        ("conv_1.params", 3860),
        ("conv_1.kernel", 3840),
        ("conv_1.bias", 20),
        ("conv_1.unshared_params", 756_560),
        ("conv_1.macs", 752_640),
        ("max_pool_1.receptive_field", (10, 10)),  # 8 + 1·2
        ("max_pool_1.effective_stride", (4, 4)),
        ("dense_1.params", 9810),  # (7·7·20 + 1)·10
        ("total.params", 13_670),
        ("params", 13_670),
        ("total.param_bytes", 54_680),
        ("output", (10,)),
        ("output.size", 10),
        ("layers", 4),
        ("conv_1.unshared_params / conv_1.params", Fraction(196)),
        ("total.macs / conv_1.macs", Fraction(762_440, 752_640)),
    ],
)
def test_figures(path: str, value: FigureValue) -> None:
    assert ask(subject(load(NET)), path).value == value


NORM = "8x8x3 -> conv 4 3x3 bias=false -> batch_norm -> dense 10"
WHOLE = "source: 7x12, target: 5x12 -> transformer 3 from=[source, target] hidden=24 encoders=1 decoders=1"
LSTM = "28x13 -> lstm 32"
TIED = "8x8x4 -> conv 4 3x3 p1 name=a -> conv 4 3x3 p1 share_weights=a"
SOLID = "4x5x6x7x3 -> relu"
BILINEAR = "4x4x3 -> conv 2 3x3 -> upsample 2 bilinear name=big -> relu"


@for_each(
    ("spec", "path", "value"),
    [
        (NET, "total.activation_elements", 5890),  # 3,920 + 980 + 980 + 10
        (NET, "conv_1.activation_bytes", 15_680),
        (NET, "totals.params", 13_670), (NET, "model.params", 13_670), (NET, "parameters", 13_670),
        (NET, "weights", 13_640), (NET, "biases", 30), (NET, "conv_1.weights", 3840), (NET, "conv_1.biases", 20),
        (NET, "conv_1.kernel.shape", (8, 8, 3, 20)), (NET, "conv_1.kernel_shape", (8, 8, 3, 20)),
        (NET, "conv_1.bias.shape", (20,)), (NET, "conv_1.biases.shape", (20,)),
        (NET, "conv_1.output_shape", (14, 14, 20)), (NET, "conv_1.input_shape.width", 32), (NET, "shape.channels", 10),
        (NET, "input", (32, 32, 3)), (NET, "input.input", (32, 32, 3)),
        (NET, "max_pool_1.rf", (10, 10)), (NET, "max_pool_1.receptive_field.height", 10),
        (NET, "receptive_field", (32, 32)), (NET, "weight_layers", 2),
        (NORM, "weight_layers", 2), (NORM, "batch_norm_1.weights", 4), (NORM, "batch_norm_1.biases", 4),
        (NORM, "conv_1.biases", 0), (NORM, "biases", 14), (NORM, "weights", 1552),  # 108 + 4 + 144·10
        (WHOLE, "transformer_1.steps", 7), (WHOLE, "transformer_1.sequence", (5, 12)),
        (LSTM, "lstm_1.steps", 28), (LSTM, "lstm_1.output_with_steps", (28, 32)), (LSTM, "lstm_1.sequence", (28, 32)),
        (LSTM, "lstm_1.output_with_batch", (1, 32)), (LSTM, "batched_output", (1, 32)), (LSTM, "output.size", 32),
        (TIED, "weights", 144), (TIED, "biases", 4), (TIED, "layers", 2),
        (SOLID, "output.axis_2", 5), (SOLID, "output.channels", 3), ("4x5x6x3 -> relu", "output.depth", 4),
        ("7x3 -> relu", "output.length", 7),
    ],
)  # fmt: skip
def test_figures_of_other_models(spec: str, path: str, value: FigureValue) -> None:
    """Sums over arrays, spellings, sequences, shared weights, and the names of axes of every rank."""
    assert ask(subject(load(spec)), path).value == value


def test_figures_in_channels_first() -> None:
    about = subject(load("3x32x28 -> conv 20 8x8 s2 p1", convention="pytorch"))
    found = [ask(about, f"output.{part}").value for part in ("channels", "height", "width")]
    assert found == [20, 14, 12]


def test_figures_of_a_batch() -> None:
    """Operations are those of the batch, parameters are not; bytes are those of the type asked for, or of the spec."""
    graph = load(NET)
    about = subject(graph, batch=4, dtype="float16")
    paths = ("conv_1.output_with_batch", "conv_1.macs", "params", "param_bytes")
    assert [ask(about, path).value for path in paths] == [(4, 14, 14, 20), 4 * 752_640, 13_670, 2 * 13_670]
    doubled = load({"input": "7x7x3", "dtype": "float64", "layers": ["conv 2 3x3"]})
    assert ask(subject(doubled), "param_bytes").value == 8 * 56
    assert ask(subject(doubled, dtype="float32"), "param_bytes").value == 4 * 56


@for_each(
    ("spec", "path", "message"),
    [
        (NET, "input.params", 'unknown metric "params" of input'),
        (NET, "total", 'unknown metric "total"'),
        (NET, "conv_1", '"conv_1" is a layer'),
        ("12x12x3 -> conv 5 3x3 name=block.a", "block.a", '"block.a" is a layer'),
        (NET, "total.activation_bytes", 'unknown metric "activation_bytes"'),
        (NET, "conv_1.steps", 'unknown metric "steps" of conv_1'),
        (NET, "max_pool_1.weights", 'unknown metric "weights" of max_pool_1'),
        (NET, "max_pool_1.kernel.shape", 'the layer has no array "kernel"'),
        (NET, "conv_1.gamma.shape", 'the layer has no array "gamma"'),
        (NET, "params / output", "divides shapes"),
        (NET, "output.depth", "10 has no depth"),
        (BILINEAR, "effective_stride", "effective_stride is undefined at relu_1, or not a whole number"),
        (BILINEAR, "big.effective_stride", "effective_stride is undefined at big, or not a whole number"),
    ],
)
def test_what_other_models_have_not(spec: str, path: str, message: str) -> None:
    with pytest.raises(SpecError) as error:
        ask(subject(load(spec)), path)
    assert message in error.value.diagnostics[0].message


def test_arrays_are_named() -> None:
    """The hint lists the layer's arrays."""
    for path, hint in (("conv_1.gamma.shape", "it has kernel.shape, bias.shape"), ("flatten_1.a.shape", "it has none")):
        with pytest.raises(SpecError) as error:
            ask(subject(load(NET)), path)
        assert error.value.diagnostics[0].hint == hint


def test_layer_names_may_hold_dots() -> None:
    about = subject(load("resnet50"))
    assert ask(about, "stage2.1.conv_3.params").value == 512 * 128
    assert ask(about, "stage2.1.conv_3.output.height").value == 28


@for_each(
    ("path", "message", "hint"),
    [
        ("conv_2.params", 'the model has no layer "conv_2"', 'did you mean "conv_1"?'),
        ("conv_1.parms", 'unknown metric "parms" of conv_1', 'did you mean "params"?'),
        ("dense_1.output.height", "10 has no height", "it has channels"),
        ("conv_1.params.height", "a number has no height", ""),
        ("output / params", "divides shapes", ""),
        ("conv_1.params / max_pool_1.params", "divides by max_pool_1.params, which is 0", ""),
    ],
)
def test_what_is_not_there(path: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as error:
        ask(subject(load(NET)), path)
    (diagnostic,) = error.value.diagnostics
    assert message in diagnostic.message
    assert diagnostic.hint == hint


def test_all_that_is_not_there_is_reported_at_once() -> None:
    """The unknown paths of a check, in its order; a known one is no help to them."""
    with pytest.raises(SpecError) as error:
        check(NET, {"conv_2.params": "1", "params": "13670", "conv_1.parms": "2"})
    assert [diagnostic.hint for diagnostic in error.value.diagnostics] == [
        'did you mean "conv_1"?', 'did you mean "params"?',
    ]  # fmt: skip


@for_each(
    ("spec", "path", "answer"),
    [
        ("300x300x3 -> conv 100 5x5", "params", "7600"),  # (5·5·3 + 1)·100
        ("300x300x3 -> dense 100", "params", "27,000,100"),  # (270,000 + 1)·100
        ("63x63x16 -> conv 32 7x7 s2", "output", "29x29x32"),
        ("63x63x16 -> conv 32 7x7 p3", "output.height", "63"),
        ("15x15x8 -> zero_pad 2", "output", "19x19x8"),
        ("32x32x16 -> max_pool 2 s2", "output", "16x16x16"),
        ("227x227x3 -> conv 96 11x11 s4", "output", "55x55x96"),
        ("227x227x3 -> conv 96 11x11 s4", "params", "34,944"),  # (11·11·3 + 1)·96
        ("32x32x3 -> conv 20 8x8 s2 p1", "output", "14x14x20"),
        ("32x32x3 -> conv 20 8x8 s2 p1", "params", "3860"),
        ("32x32x3 -> conv 20 8x8 s2 p1", "unshared_params", "756560"),
    ],
)
def test_exam_questions(spec: str, path: str, answer: str) -> None:
    (found,) = check(spec, {path: answer})
    assert found.status == "right"
