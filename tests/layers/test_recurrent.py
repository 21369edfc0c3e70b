"""Recurrent layers: shapes and counts of every framework, values, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Refusal, SpecError
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

COUNTS = [
    # layer, convention, fields, input, output, parameters; unless said otherwise printed by the framework
    ("lstm", "keras", {"units": 128}, (28, 28), (128,), 80_384),  # LSTM(128): 4((28 + 128)·128 + 128)
    ("lstm", "pytorch", {"units": 128}, (28, 28), (28, 128), 80_896),  # nn.LSTM(28, 128): two biases
    ("lstm", "tensorflow", {"units": 128}, (28, 28), (128,), 80_384),  # BasicLSTMCell(128): one kernel, one bias
    ("lstm", "onnx", {"units": 128}, (28, 28), (28, 128), 80_896),  # W 14,336, R 65,536, B 1,024
    ("lstm", "formula", {"units": 128}, (28, 28), (128,), 80_384),
    ("lstm", "pytorch", {"units": 11, "layers": 2, "bidirectional": True}, (7, 13), (7, 22), 5_368),
    ("lstm", "pytorch", {"units": 11, "projection": 5}, (7, 13), (7, 5), 935),
    ("lstm", "formula", {"units": 11, "peepholes": True}, (7, 13), (11,), 1_133),  # 4((13 + 11)·11 + 11) + 3·11
    ("lstm", "onnx", {"units": 11, "peepholes": True}, (7, 13), (7, 11), 1_177),  # two biases: 44 more
    ("rnn", "keras", {"units": 11}, (7, 13), (11,), 275),
    ("rnn", "pytorch", {"units": 11}, (7, 13), (7, 11), 286),
    ("rnn", "formula", {"units": 11, "bias": False}, (7, 13), (11,), 264),  # (13 + 11)·11
    ("gru", "keras", {"units": 11}, (7, 13), (11,), 858),  # reset_after: two biases
    ("gru", "keras", {"units": 11, "reset_after": False}, (7, 13), (11,), 825),
    ("gru", "pytorch", {"units": 11}, (7, 13), (7, 11), 858),
    ("gru", "pytorch", {"units": 11, "bias": False}, (7, 13), (7, 11), 792),
    ("gru", "formula", {"units": 11}, (7, 13), (11,), 825),
    ("gru", "onnx", {"units": 11}, (7, 13), (7, 11), 858),  # B holds both, whatever linear_before_reset says
    ("conv_lstm", "keras", {"filters": 7, "kernel": 3, "padding": "same"}, (5, 11, 13, 3), (11, 13, 7), 2_548),
    (
        "conv_lstm", "keras", {"filters": 7, "kernel": 3, "stride": 2, "return_sequences": True},
        (5, 11, 3), (5, 5, 7), 868,
    ),
    ("conv_lstm", "keras", {"filters": 5, "kernel": [2, 3], "bias": False}, (3, 7, 11, 2), (6, 9, 5), 840),
    # Bidirectional(ConvLSTM2D(4, 3, padding="same")): twice 4·(3·3·(3 + 4) + 1)·4
    (
        "conv_lstm", "keras", {"filters": 4, "kernel": 3, "padding": "same", "bidirectional": True},
        (10, 8, 8, 3), (8, 8, 8), 2_048,
    ),
    (
        "conv_lstm", "keras", {"filters": 4, "kernel": 3, "bidirectional": True, "merge": "sum",
                               "return_sequences": True}, (5, 6, 7, 3), (5, 4, 5, 4), 2_048,
    ),
]  # fmt: skip


@for_each(("name", "convention", "fields", "x", "y", "params"), COUNTS)
def test_shape_and_parameters(name, convention, fields, x, y, params):
    """The output and the learned numbers are the framework's; the arrays agree."""
    layer = make(name, convention, **fields)
    assert (layer.shape(x), learned(layer, x)) == (y, params)
    assert run(layer, x).shape[1:] == y


@pytest.mark.parametrize("field", ["dilation=[1]", "stride=[1]", "padding=[0]", "kernel=[3]"])
def test_conv_lstm_takes_a_number_per_axis(field):
    """Keras writes `dilation_rate: [1]` into its files: 4·(3·(8 + 3) + 1)·3 parameters, as with one number."""
    text = f"12x10x8 -> conv_lstm 3 {field}" if "kernel" in field else f"12x10x8 -> conv_lstm 3 3 {field}"
    report = analyze(text, convention="keras")
    assert (report.totals.params, report.outputs[0].shape) == (408, (8, 3))


@pytest.mark.parametrize(
    ("layout", "convention", "x", "y"),
    [
        # Bidirectional(ConvLSTM2D(4, 3, padding="same", data_format="channels_first")) gives (None, 4, 6, 14)
        ("CHW", "keras", (5, 3, 6, 7), (4, 6, 14)),
        ("CHW", "formula", (5, 3, 6, 7), (8, 6, 7)),
        ("HWC", "formula", (5, 6, 7, 3), (6, 7, 8)),
    ],
)
def test_directions_of_conv_lstm_are_joined_along_an_axis(layout, convention, x, y):
    """Keras concatenates along the last axis in every layout; the formula's convention along the channels."""
    layer = make("conv_lstm", convention, layout, filters=4, kernel=3, padding="same", bidirectional=True)
    assert layer.shape(x) == y
    assert run(layer, x).shape[1:] == y


SUFFIXES = [
    # keras.layers.ConvLSTM2D(40, 3, padding="same") on (10, 64, 64, 1): (None, 64, 64, 40), 59,200 parameters
    ("10x64x64x1 -> ConvLSTM2D 40 3 same", (64, 64, 40), 59_200),
    ("10x64x64x1 -> conv_lstm2d 40 3 same return_sequences=true", (10, 64, 64, 40), 59_200),
    ("10x64x1 -> ConvLSTM1D 40 3", (62, 40), 19_840),
    ("10x6x6x6x1 -> ConvLSTM3D 4 3", (4, 4, 4, 4), 2_176),
    ("10x8x8x3 -> bidirectional(conv_lstm2d 4 3 same)", (8, 8, 8), 2_048),
    ("5x28x28x3 -> time_distributed(conv2d 8 3)", (5, 26, 26, 8), 224),
    ("2x5x28x28x3 -> time_distributed(time_distributed(conv2d 8 3))", (2, 5, 26, 26, 8), 224),
    ("2x5x9x9x3 -> time_distributed(conv_lstm2d 8 3)", (2, 7, 7, 8), 3_200),
]


@for_each(("text", "output", "params"), SUFFIXES)
def test_a_suffix_counts_spatial_axes_without_the_steps(text, output, params):
    """The 2 of `conv_lstm2d`, and of a layer at every step, counts the image's axes."""
    report = analyze(text, convention="keras")
    assert (report.outputs[0].shape, report.totals.params) == (output, params)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("64x64x1 -> ConvLSTM2D 40 3 same", "conv_lstm2d needs an input with steps, 2 spatial axes and", "steps"),
        ("10x64x64x1 -> conv_lstm1d 4 3", "steps, 1 spatial axis and channels, got 10x64x64x1", "write conv_lstm,"),
        ("28x28x3 -> time_distributed(conv2d 8 3)", "conv2d needs an input with steps, 2 spatial", "number of steps"),
        ("5x8x8x3 -> bidirectional(conv_lstm1d 4 3)", "conv_lstm1d needs an input with steps, 1", "write conv_lstm,"),
        ("28x28x3 -> spectral_norm(conv1d 8 3)", "conv1d needs an input with 1 spatial axis, got", "write conv,"),
    ],
)  # fmt: skip
def test_a_suffix_that_does_not_fit_is_refused(text, message, hint):
    """Keras raises for each: the layer inside a wrapper keeps what its name asserts."""
    with pytest.raises(SpecError) as refused:
        analyze(text, convention="keras")
    (diagnostic,) = refused.value.diagnostics
    assert message in diagnostic.message
    assert hint in diagnostic.hint


@for_each("merge", ["concat", "sum", "multiply", "average", "mul", "ave"])
def test_bidirectional_with_each_merge_mode(merge):
    """keras.layers.Bidirectional(LSTM(11, return_sequences=True)): 2,200 parameters, 22 features only if joined."""
    layer = make("lstm", "keras", units=11, bidirectional=True, merge=merge, return_sequences=True)
    assert layer.shape((7, 13)) == (7, 22 if merge == "concat" else 11)
    assert learned(layer, (7, 13)) == 2_200


@pytest.mark.parametrize(
    ("name", "fields", "macs", "flops"),
    [
        # by hand: 28·(28 + 128)·512; and 28·128·(9 + 4) beside two per multiply–accumulate
        ("lstm", {"units": 128}, 2_236_416, 4_519_424),
        ("rnn", {"units": 128}, 559_104, 28 * 128 * 2 + 2 * 559_104),
        ("gru", {"units": 128}, 1_677_312, 28 * 128 * 11 + 2 * 1_677_312),
    ],
)
def test_work(name, fields, macs, flops):
    """Every step multiplies the input and the state by all gates' kernels: 28 steps of 28 features."""
    layer = make(name, **fields)
    output = layer.shape((28, 28))
    assert layer.macs((28, 28), output) == macs
    assert 2 * macs + layer.elementwise((28, 28), output) == flops


def test_work_of_conv_lstm():
    """5 steps of 11×13 outputs, 4 gates of 7 filters, 3·3 taps over 3 + 7 channels: 9,009,000 + none for biases."""
    layer = make("conv_lstm", filters=7, kernel=3, padding="same")
    assert layer.macs((5, 11, 13, 3), (11, 13, 7)) == 5 * 11 * 13 * 28 * 9 * 10


@pytest.mark.parametrize(
    ("name", "params", "steps"),
    [("lstm", 80_384, 28), ("gru", 60_288, 28), ("rnn", 20_096, 28)],
)
def test_unshared(name, params, steps):
    """Without sharing, every step has weights of its own."""
    layer = make(name, units=128)
    assert learned(layer, (28, 28)) == params
    assert unshared(layer, (28, 28)) == params * steps


VALUES = [
    # torch.nn of 2 features and 1 unit on 0 … 0.5; every parameter is 0, 0.1, 0.2 … − 0.2 in PyTorch's order
    ("lstm", [0.006725432351231575, 0.03339005634188652, 0.07034097611904144]),
    ("gru", [0.016415804624557495, 0.07767507433891296, 0.15769094228744507]),
    ("rnn", [-0.38847270607948303, -0.3733460307121277, -0.42627108097076416]),
]


@pytest.mark.parametrize(("name", "expected"), VALUES)
def test_values(name, expected):
    """Step by step PyTorch's numbers, gates in its order."""
    layer = make(name, "pytorch", units=1)
    x = np.arange(6, dtype=np.float32).reshape(1, 3, 2) / 10
    gates = layer.gates
    sizes = {"kernel": (gates, 2), "recurrent": (gates, 1), "bias": (gates,), "recurrent_bias": (gates,)}
    weights = {
        part: (np.arange(np.prod(size), dtype=np.float32).reshape(size) / 10 - 0.2).T.astype(np.float32)
        for part, size in sizes.items()
    }
    np.testing.assert_allclose(layer.forward(np, x, **weights).ravel(), expected, rtol=1e-5)


def test_the_backward_half_reads_from_the_end():
    """On a sequence that is its own mirror image, with equal weights, both halves end in the same state."""
    layer = make("rnn", units=3, bidirectional=True)
    x = np.array([[[1.0], [2.0], [5.0], [2.0], [1.0]]])
    weights = {weight.name: np.full(weight.shape, 0.1) for weight in layer.weights((5, 1), layer.shape((5, 1)))}
    y = layer.forward(np, x, **weights)
    np.testing.assert_allclose(y[:, :3], y[:, 3:])


@for_each(
    ("name", "convention", "fields", "x", "message"),
    [
        ("lstm", "formula", {"units": 5}, (28, 28, 3), "needs a sequence, steps × features, got 28x28x3"),
        ("gru", "keras", {"units": 5}, (28,), "needs a sequence"),
        ("lstm", "keras", {"units": 5, "peepholes": True}, (7, 3), "Keras's LSTM has no peepholes"),
        ("lstm", "pytorch", {"units": 5, "projection": 5}, (7, 3), "PyTorch projects to fewer features"),
        ("lstm", "onnx", {"units": 5, "projection": 3}, (7, 3), "ONNX's LSTM has no projection"),
        ("gru", "pytorch", {"units": 5, "reset_after": False}, (7, 3), "resets only after the matrix product"),
        ("rnn", "onnx", {"units": 5, "merge": "sum", "bidirectional": True}, (7, 3), "does not support merge=sum"),
        ("conv_lstm", "pytorch", {"filters": 5, "kernel": 3}, (3, 2, 7, 7), "PyTorch has no convolutional LSTM"),
        ("conv_lstm", "keras", {"filters": 5, "kernel": 3}, (7, 3), "needs a sequence of images"),
    ],
)
def test_refused(name, convention, fields, x, message):
    """What the framework does not have, and shapes that are no sequences."""
    with pytest.raises(Refusal) as caught:
        make(name, convention, **fields).shape(x)
    assert message in caught.value.message


def test_receptive_field():
    """The last step sees the whole sequence, a step of the sequence what came before it, in both directions all."""
    fields = [
        analyze(f"7x13 -> lstm 5 {more}").layers[0].receptive_field
        for more in ("", "return_sequences=true", "return_sequences=true bidirectional=true")
    ]
    assert fields == [(7,), (7,), (7,)]


@pytest.mark.parametrize("word", ["nn.LSTM", "LSTM", "BasicLSTMCell", "CuDNNLSTM", "lstm"])
def test_foreign_names(word):
    """The frameworks' spellings."""
    assert analyze(f"7x13 -> {word} 5").layers[0].type == "lstm"
