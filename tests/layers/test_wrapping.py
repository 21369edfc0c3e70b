"""Layers around a layer: steps of a sequence, normalized kernels, both directions."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import SpecError
from cnncalc.forward.verify import verify
from tests.together import for_each


def built(text, convention="formula"):
    """The report of the one layer of an inline spec, as (output, learned, buffers, unshared, MACs)."""
    layer = analyze(text, convention=convention).layers[-1]
    return layer.output_shape, layer.trainable_params, layer.buffers, layer.unshared_params, layer.macs


@pytest.mark.parametrize(
    ("text", "output", "learned", "unshared", "macs"),
    [
        # Keras: TimeDistributed(Dense(11)) on (7, 13): 154 parameters; 7 steps
        ("7x13 -> time_distributed(dense 11)", (7, 11), 154, 1078, 1001),
        # TimeDistributed(Conv2D(8, 3, strides=2)) on (5, 28, 26, 3): (None, 5, 13, 12, 8), 224 parameters
        ("5x28x26x3 -> time_distributed(conv 8 3x3 s2)", (5, 13, 12, 8), 224, 174_720, 168_480),
        # TimeDistributed(Flatten()) on (5, 7, 11, 3): (None, 5, 231)
        ("5x7x11x3 -> time_distributed(flatten)", (5, 231), 0, 0, 0),
        # by hand: the inner dense joins 11·3 numbers, (33 + 1)·13 = 442, at each of 5·7 steps
        ("5x7x11x3 -> time_distributed(time_distributed(dense 13))", (5, 7, 13), 442, 15_470, 15_015),
    ],
)
def test_time_distributed(text, output, learned, unshared, macs):
    """The inner layer at every step, its weights once; without sharing, once per step and position."""
    assert built(text) == (output, learned, 0, unshared, macs)
    assert verify(text).problems == []


@for_each(
    "text",
    [
        "5x9x9x3 -> time_distributed(conv 8 3x3 relu)",
        "5x9x9x3 -> time_distributed conv 8 3x3 relu",
        {"input": "5x9x9x3", "layers": [{"time_distributed": {"layer": "conv 8 3x3 relu"}}]},
        {"input": "5x9x9x3", "layers": [{"time_distributed": ["conv 8 3x3 relu"]}]},
        {
            "input": "5x9x9x3",
            "layers": [{"time_distributed": {"layer": {"conv": {"filters": 8, "kernel": 3, "activation": "relu"}}}}],
        },
        {"input": "5x9x9x3", "layers": [{"TimeDistributed": {"layer": "Conv2D 8 3"}, "activation": "relu"}]},
    ],
    ids=range(6),
)
def test_every_spelling_is_one_layer(text):
    """Inline, by position, as a mapping, as a list: the same layer, and the activation follows it."""
    node = load(text).nodes[-1]
    assert (node.layer.type, node.layer.layer.type, node.shape) == ("time_distributed", "conv", (5, 7, 7, 8))
    assert node.activation.type == "relu"


@for_each(
    ("text", "convention", "output", "learned", "buffers"),
    [
        # torch.nn.utils.parametrizations.weight_norm on nn.Conv2d(3, 8, 5): 616 parameters; on nn.Linear(13, 7): 105
        ("3x11x13 -> weight_norm(conv 8 5x5)", "pytorch", (8, 7, 9), 616, 0),
        ("13 -> weight_norm(dense 7)", "pytorch", (7,), 105, 0),
        # … on nn.ConvTranspose2d(6, 10, 3, groups=2): 286, its lengths along the input channels
        ("6x5x7 -> weight_norm(conv_transpose 10 3x3 g2)", "pytorch", (10, 7, 9), 286, 0),
        # Salimans & Kingma: one length for each output: 6·5·9 + 10 + 10
        ("5x7x6 -> weight_norm(conv_transpose 10 3x3 g2)", "formula", (7, 9, 10), 290, 0),
        ("5x7x6 -> weight_norm(depthwise_conv 3x3 m2)", "formula", (3, 5, 12), 132, 0),
        # spectral_norm on nn.Conv2d(3, 8, 5): 608 parameters, buffers u of 8 and v of 75
        ("3x11x13 -> spectral_norm(conv 8 5x5)", "pytorch", (8, 7, 9), 608, 83),
        ("13 -> spectral_norm(dense 7)", "pytorch", (7,), 98, 20),
        ("5x7x6 -> spectral_norm(depthwise_conv 3x3 m2)", "formula", (3, 5, 12), 120, 21),
    ],
)
def test_normalized_kernels(text, convention, output, learned, buffers):
    """Weight norm adds a length for each output; spectral norm keeps singular vectors that are not learned."""
    assert built(text, convention)[:3] == (output, learned, buffers)
    assert verify(text, convention=convention).problems == []


@for_each(
    ("inner", "output", "normalized", "learned", "buffers"),
    [
        # torch.nn.utils.parametrizations: weight_norm and spectral_norm on every weight matrix of the module (PyTorch
        # 2.13): parameters after weight_norm; parameters and buffers after spectral_norm
        ("5x4 -> {}(lstm 2)", (5, 2), 80, 64, 22),  # nn.LSTM(4, 2): 8 magnitudes for weight_ih, 8 for weight_hh
        ("5x4 -> {}(lstm 2 projection=1)", (5, 1), 75, 58, 24),  # proj_size=1: one more for weight_hr
        ("5x4 -> {}(gru 3 layers=2 bidirectional=true)", (5, 6), 432, 360, 104),  # nn.GRU(4, 3, 2, bidirectional=True)
        ("5x4 -> {}(bidirectional(lstm 2))", (5, 4), 160, 128, 44),  # twice the first
        ("5x4 -> bidirectional({}(lstm 2))", (5, 4), 160, 128, 44),
        ("5x4 -> {}(rnn 3)", (5, 3), 33, 27, 13),  # by hand: 4·3 + 3·3 + 2·3, and 3 + 3; u, v of 3, 4 and 3, 3
        ("4 -> {}(lstm_cell 2)", (2,), 80, 64, 22),  # nn.LSTMCell(4, 2)
        ("7 -> {}(embedding 11 5)", (7, 5), 66, 55, 16),  # nn.Embedding(11, 5): its first axis is the vocabulary
        ("7 -> {}(embedding_bag 11 5)", (5,), 66, 55, 16),  # nn.EmbeddingBag(11, 5)
        ("6x5x7 -> {}(conv 10 3x3 g2)", (10, 3, 5), 290, 280, 37),  # nn.Conv2d(6, 10, 3, groups=2)
        ("6x5x7 -> {}(conv_transpose 10 3x3 g2)", (10, 7, 9), 286, 280, 59),  # spectral_norm takes its second axis
        ("6x5x7 -> {}(depthwise_conv 3x3 m2)", (12, 3, 5), 132, 120, 21),  # nn.Conv2d(6, 12, 3, groups=6)
        # by hand, two convolutions: 6·9 + 6·4 + 4, and 6 + 4; u, v of 6, 9 and 4, 6
        ("6x5x7 -> {}(separable_conv 4 3x3)", (4, 3, 5), 92, 82, 25),
        ("5x13 -> {}(time_distributed(dense 7))", (5, 7), 105, 98, 20),  # nn.Linear(13, 7)
        ("5x13 -> time_distributed({}(dense 7))", (5, 7), 105, 98, 20),
        ("5x6x5x7 -> {}(time_distributed(conv_transpose 10 3x3 g2))", (5, 10, 7, 9), 286, 280, 59),
    ],
)
def test_every_kernel_of_the_layer_inside_is_normalized(inner, output, normalized, learned, buffers):
    """A layer with several kernels has magnitudes or singular vectors for each, as PyTorch has for each parameter."""
    by_length, by_norm = inner.format("weight_norm"), inner.format("spectral_norm")
    assert built(by_length, "pytorch")[:3] == (output, normalized, 0)
    assert built(by_norm, "pytorch")[:3] == (output, learned, buffers)
    assert verify(by_length, convention="pytorch").problems == []
    assert verify(by_norm, convention="pytorch").problems == []


def test_weight_norm_of_attention_counts_as_pytorch():
    """weight_norm on in_proj_weight and out_proj.weight of nn.MultiheadAttention(6, 2): 168 + 18 + 6."""
    assert built("7x6 -> weight_norm(multi_head_attention 2)", "pytorch")[:2] == ((7, 6), 192)
    assert verify("7x6 -> weight_norm(multi_head_attention 2)", convention="pytorch").problems == []


@pytest.mark.parametrize(
    "text",
    [
        "5x7 -> weight_norm(lstm 3 bidirectional=true)", "6x5x7 -> weight_norm(depthwise_conv 3x3 m2)",
        "5x7x6 -> weight_norm(conv_transpose 10 3x3)", "5 -> weight_norm(embedding 11 7)",
    ],
)  # fmt: skip
def test_magnitudes_equal_to_the_norms_change_nothing(text):
    """With each direction's own norm as magnitude, the wrapped layer gives what the inner one gives."""
    node = load(text).nodes[-1]
    shape = load(text).nodes[0].shape
    generator = np.random.default_rng(0)
    x = np.arange(np.prod(shape), dtype=float).reshape(1, *shape) % 11
    plain = {w.name: generator.standard_normal(w.shape) for w in node.layer.layer.weights(shape, node.shape)}
    lengths = {}
    for weight in node.layer.layer.weights(shape, node.shape):
        axes = node.layer.axes_of(weight)
        if axes:
            others = tuple(axis for axis in range(len(weight.shape)) if axis not in axes)
            name = "magnitude" if weight.name == "kernel" else f"{weight.name}_magnitude"
            lengths[name] = np.sqrt((plain[weight.name] ** 2).sum(axis=others)).ravel()
    expected = node.layer.layer.forward(np, x, **plain)
    np.testing.assert_allclose(node.layer.forward(np, x, **plain, **lengths), expected)


@pytest.mark.parametrize(
    ("text", "total", "kept"),
    [
        # keras.layers.SpectralNormalization(Conv2D(8, 5)) on (11, 13, 3): 616, of them 8 non-trainable
        ("11x13x3 -> spectral_norm(conv 8 5x5)", 616, 8),
        # … of Conv2DTranspose(10, 3) on (5, 7, 6): vector_u has 6 numbers, the last axis of its kernel
        ("5x7x6 -> spectral_norm(conv_transpose 10 3x3)", 556, 6),
        ("13 -> spectral_norm(dense 7)", 105, 7),
        ("7 -> spectral_norm(embedding 11 5)", 60, 5),  # … of Embedding(11, 5): vector_u is (1, 5)
        ("5x7x6 -> spectral_norm(depthwise_conv 3x3 m2)", 122, 2),  # … of DepthwiseConv2D(3, depth_multiplier=2)
    ],
)
def test_spectral_norm_in_keras(text, total, kept):
    """Keras prints its vector among the non-trainable parameters."""
    layer = analyze(text, convention="keras").layers[-1]
    assert (layer.params, layer.non_trainable_params) == (total, kept)


def test_weight_norm_of_unit_directions_is_the_kernel_itself():
    """Where each length is its direction's own norm, the inner layer computes what it would compute alone."""
    wrapped = load("7x11x3 -> weight_norm(conv 5 3x3)").nodes[-1].layer
    generator = np.random.default_rng(0)
    x, kernel = generator.standard_normal((2, 7, 11, 3)), generator.standard_normal((3, 3, 3, 5))
    bias = generator.standard_normal(5)
    lengths = np.sqrt((kernel**2).sum(axis=(0, 1, 2)))
    expected = wrapped.layer.forward(np, x, kernel=kernel, bias=bias)
    np.testing.assert_allclose(wrapped.forward(np, x, kernel=kernel, magnitude=lengths, bias=bias), expected)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("7x13 -> bidirectional(lstm 11)", "7x13 -> lstm 11 bidirectional=true"),
        ("7x13 -> bidirectional(gru 5 merge=sum)", "7x13 -> gru 5 merge=sum bidirectional=true"),
        (
            "7x13 -> bidirectional(rnn 5 return_sequences=true)",
            "7x13 -> rnn 5 return_sequences=true bidirectional=true",
        ),
    ],
)
def test_bidirectional_is_the_layer_s_own_field(text, same_as):
    """The wrapper that Keras has says the same as the field that PyTorch and ONNX have."""
    assert built(text) == built(same_as)


@for_each(
    ("text", "code", "message"),
    [
        ("7x13 -> time_distributed", "E205", "needs a layer inside"),
        ("13 -> time_distributed(dense 11)", "E303", "needs steps"),
        ("7x13 -> time_distributed(dense 3 -> relu)", "E209", "holds one layer, got 2"),
        ("7x13 -> time_distributed(dens 3)", "E202", 'unknown layer type "dens"'),
        ("7x13 -> time_distributed(add)", "E307", "joins several inputs"),
        ("7x9x9x3 -> time_distributed(conv 3 11x11)", "E301", "kernel 11 is larger than the input 9"),
        ("7x13 -> time_distributed(dense 3 name=x)", "E203", "name belongs to time_distributed"),
        ("13 -> weight_norm(relu)", "E304", "relu has none"),
        ("13 -> spectral_norm(flatten)", "E304", "flatten has none"),
        ("7x13 -> bidirectional(dense 3)", "E304", "has no direction"),
        ("7x13 -> bidirectional(weight_norm(dense 3))", "E304", "dense has no direction"),
        ("7x13 -> bidirectional(time_distributed(dense 3))", "E304", "has no direction"),
        ("13 -> weight_norm(weight_norm(dense 3))", "E304", "weight_norm is applied twice"),
        ("13 -> weight_norm(layer_norm)", "E304", "layer_norm has none"),
        ("7x12 -> spectral_norm(multi_head_attention 2)", "E304", "several projections"),
    ],
)
def test_what_cannot_be_wrapped(text, code, message):
    """Each wrong wrapping is told at its place, in the words of the layer inside."""
    with pytest.raises(SpecError) as caught:
        analyze(text)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert message in diagnostic.message


def test_receptive_field_within_a_step():
    """Along the steps a position sees its own; within a step what the inner layer sees."""
    assert analyze("5x9x9x3 -> time_distributed(conv 2 3x3 s2)").layers[0].receptive_field == (1, 3, 3)
    assert analyze("5x9x9x3 -> time_distributed(flatten)").layers[0].receptive_field is None


@pytest.mark.parametrize(
    "inner", ["lstm 2", "bidirectional(lstm 2)", "time_distributed(dense 3)", "separable_conv 4 3"]
)
def test_keras_normalizes_a_kernel_of_the_layer_s_own(inner):
    """keras.layers.SpectralNormalization raises ValueError: the object has no attribute 'kernel' nor 'embeddings'."""
    with pytest.raises(SpecError, match="needs a layer with a kernel of its own"):
        analyze(f"5x4 -> spectral_norm({inner})", convention="keras")
