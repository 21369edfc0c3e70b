"""Activations: values against PyTorch and Keras, NaN and huge inputs, PReLU's weights, softmax's axes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.convention import setting
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

POINTS = (-3.5, -0.7, 0.3, 2.5, 7.0)

# Printed by PyTorch 2.13 in double precision at POINTS; softmax over the five.
PYTORCH = [
    ("relu", {}, (0, 0, 0.3, 2.5, 7)),
    ("relu6", {}, (0, 0, 0.3, 2.5, 6)),
    ("leaky_relu", {}, (-0.035, -0.007, 0.3, 2.5, 7)),
    ("leaky_relu", {"slope": 0.2}, (-0.7, -0.14, 0.3, 2.5, 7)),
    ("elu", {}, (-0.969802617, -0.503414696, 0.3, 2.5, 7)),
    ("elu", {"alpha": 0.7}, (-0.678861832, -0.352390287, 0.3, 2.5, 7)),
    ("selu", {}, (-1.70500934, -0.885053046, 0.315210296, 2.62675247, 7.35490691)),
    ("celu", {}, (-0.969802617, -0.503414696, 0.3, 2.5, 7)),
    ("celu", {"alpha": 0.7}, (-0.695283437, -0.442484391, 0.3, 2.5, 7)),
    ("gelu", {}, (-0.000814201777, -0.169374557, 0.185373427, 2.48447584, 7)),
    ("gelu", {"approximate": True}, (-0.000616197655, -0.169429865, 0.185370924, 2.48491573, 7)),
    ("sigmoid", {}, (0.0293122308, 0.331812228, 0.574442517, 0.92414182, 0.999088949)),
    ("log_sigmoid", {}, (-3.52975042, -1.10318605, -0.554355244, -0.0788897343, -0.000911466454)),
    ("hard_sigmoid", {}, (0, 0.383333333, 0.55, 0.916666667, 1)),
    ("hard_swish", {}, (0, -0.268333333, 0.165, 2.29166667, 7)),
    ("hard_tanh", {}, (-1, -0.7, 0.3, 1, 1)),
    ("hard_tanh", {"low": -2, "high": 0.5}, (-2, -0.7, 0.3, 0.5, 0.5)),
    ("tanh", {}, (-0.998177898, -0.604367777, 0.291312612, 0.986614298, 0.999998337)),
    ("tanh_shrink", {}, (-2.5018221, -0.0956322229, 0.00868738755, 1.5133857, 6.00000166)),
    ("softmax", {}, (2.71878932e-05, 0.0004470953, 0.00121533103, 0.0109683789, 0.987342007)),
    ("log_softmax", {}, (-10.5127388, -7.71273879, -6.71273879, -4.51273879, -0.0127387881)),
    ("softplus", {}, (0.0297504183, 0.403186049, 0.854355244, 2.57888973, 7.00091147)),
    ("softplus", {"beta": 2}, (0.000455733227, 0.110208705, 0.518743975, 2.50335767, 7.00000042)),
    ("softsign", {}, (-0.777777778, -0.411764706, 0.230769231, 0.714285714, 0.875)),
    ("swish", {}, (-0.102592808, -0.232268559, 0.172332755, 2.31035455, 6.99362264)),
    ("mish", {}, (-0.104095754, -0.267870235, 0.208001372, 2.4713923, 6.99998838)),
    ("exponential", {}, (0.0301973834, 0.496585304, 1.34985881, 12.182494, 1096.63316)),
    ("threshold", {}, (0, 0, 0, 2.5, 7)),
    ("threshold", {"threshold": 2.5, "value": -9}, (-9, -9, -9, -9, 7)),
    ("soft_shrink", {}, (-3, -0.2, 0, 2, 6.5)),
    ("hard_shrink", {}, (-3.5, -0.7, 0, 2.5, 7)),
]

# Where another framework's default differs from PyTorch's: printed by Keras 3 and ONNX Runtime.
OTHER_DEFAULTS = [
    ("leaky_relu", "keras", (-1.05, -0.21, 0.3, 2.5, 7)),  # keras.layers.LeakyReLU
    ("leaky_relu", "tensorflow", (-0.7, -0.14, 0.3, 2.5, 7)),  # tf.nn.leaky_relu, alpha 0.2
    ("hard_sigmoid", "keras", (0, 0.383333333, 0.55, 0.916666667, 1)),
    ("hard_sigmoid", "onnx", (0, 0.36, 0.56, 1, 1)),  # alpha 0.2, beta 0.5
]

# Names under which the frameworks know them.
FOREIGN = [
    ("nn.ReLU", "relu"), ("ReLU6", "relu6"), ("LeakyReLU", "leaky_relu"), ("nn.SiLU", "swish"),
    ("Hardswish", "hard_swish"), ("hard_silu", "hard_swish"), ("Hardsigmoid", "hard_sigmoid"),
    ("Hardtanh", "hard_tanh"), ("nn.GELU", "gelu"), ("LogSoftmax", "log_softmax"), ("ThresholdedRelu", "threshold"),
    ("Softshrink", "soft_shrink"), ("PReLU", "prelu"), ("Tanhshrink", "tanh_shrink"), ("Exp", "exponential"),
    ("keras.layers.PReLU", "prelu"),
]  # fmt: skip


IMAGES_ONLY = ("softmax2d",)
NOT_BELOW_ZERO = ("sqrt", "log")
"""NaN below zero, in every framework."""


def elementwise_types() -> list[str]:
    kinds = registry.load_all().values()
    usable = [kind.type for kind in kinds if kind.family == "activation" and kind.usable_as_activation]
    return [name for name in usable if name not in IMAGES_ONLY]


@for_each(("name", "fields", "expected"), PYTORCH)
def test_values_are_pytorchs(name, fields, expected):
    """An activation gives PyTorch's values, in float32."""
    y = make(name, "pytorch", **fields).forward(np, np.array([POINTS], np.float32))
    assert y.dtype == np.float32
    np.testing.assert_allclose(y[0], expected, rtol=2e-6, atol=3e-7)


@pytest.mark.parametrize(("name", "convention", "expected"), OTHER_DEFAULTS)
def test_defaults_are_the_conventions_own(name, convention, expected):
    """A slope that the spec leaves unsaid is the convention's."""
    y = make(name, convention).forward(np, np.array([POINTS], np.float32))
    np.testing.assert_allclose(y[0], expected, rtol=1e-6)


@for_each(("word", "name"), FOREIGN)
def test_foreign_names(word, name):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], None)


@for_each("name", elementwise_types())
def test_nan_passes_through(name):
    """A NaN comes out as a NaN, in its own place if nothing is summed."""
    y = make(name).forward(np, np.array([[np.nan, 1.5, -2.5]], np.float32))
    assert np.isnan(y[0, 0])
    assert np.isnan(y[:, :2]).all() == (name in ("softmax", "log_softmax", "softmin", "sparsemax"))


@pytest.mark.parametrize("name", elementwise_types())
@pytest.mark.filterwarnings("error")
def test_huge_inputs_are_silent(name):
    """No overflow or invalid operation up to ±1e38, and no NaN."""
    x = np.array([[-1e38, -1e4, -89, -1, 0, 1, 89, 1e4, 1e38]], np.float32)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = make(name).forward(np, x)
    assert not np.isnan(y[x >= 0] if name in NOT_BELOW_ZERO else y).any()


@for_each("name", elementwise_types())
@for_each("shape", [(5, 7, 3), (11,), (13, 5)])
def test_shape_and_work(name, shape):
    """The shape stays, for the rule and the array alike; one operation an element."""
    layer = make(name)
    assert layer.shape(shape) == shape == run(layer, shape).shape[1:]
    assert layer.elementwise(shape, shape) == np.prod(shape)
    assert (layer.macs(shape, shape), learned(layer, shape), layer.windows(shape)) == (0, 0, "pointwise")


@for_each(
    ("layout", "axis", "place"),
    [
        ("HWC", "channels", 3), ("CHW", "channels", 1), ("HWC", "height", 1), ("CHW", "height", 2),
        ("HWC", "width", 2), ("CHW", 1, 1), ("HWC", -1, 3), ("CHW", -1, 3), ("HWC", "2", 2),
    ],
)  # fmt: skip
def test_softmax_axis(layout, axis, place):
    """The probabilities add up to 1 along the named axis of the batched array, and along no other."""
    x = np.random.default_rng(0).normal(size=(2, 5, 7, 3)).astype(np.float32)
    y = make("softmax", layout=layout, axis=axis).forward(np, x)
    np.testing.assert_allclose(y.sum(axis=place), 1, rtol=1e-6)
    assert not any(np.allclose(y.sum(axis=other), 1) for other in {1, 2, 3} - {place})


@pytest.mark.parametrize("layout", ["HWC", "CHW"])
def test_softmax_sees_its_axis(layout):
    """Over the channels each position is alone; over the height it sees every row, and only its own column."""
    shape = (5, 7, 3) if layout == "HWC" else (3, 5, 7)
    assert make("softmax", layout=layout).windows(shape) == "pointwise"
    assert make("log_softmax", layout=layout, axis="height").windows(shape) == ((9, 1, 4, 4, 5, 1), (1, 1, 0, 0, 7, 1))


@pytest.mark.parametrize("axis", ["depth", 4, -4])
def test_softmax_without_such_an_axis(axis):
    """An axis that the input lacks is refused, and the input's axes are named."""
    with pytest.raises(Refusal, match=f"5x7x3 has no axis {axis}") as refusal:
        make("softmax", axis=axis).shape((5, 7, 3))
    assert refusal.value.field == "axis"
    assert "height, width, channels" in refusal.value.hint


def test_axis_0_is_the_batch():
    """Axes count from 1: 0 would be the batch axis."""
    with pytest.raises(Refusal, match="batch axis"):
        make("softmax", axis=0)


@for_each(
    ("convention", "fields", "shape", "shared", "all_apart"),
    [
        ("formula", {}, (5, 7, 3), 3, 105),  # He et al.: channel-wise
        ("keras", {}, (5, 7, 3), 105, 105),  # keras.layers.PReLU().count_params()
        ("keras", {"per": "channel"}, (5, 7, 3), 3, 105),  # PReLU(shared_axes=[1, 2])
        ("pytorch", {}, (3, 5, 7), 1, 35),  # nn.PReLU(): one, used at 5 x 7 positions
        ("pytorch", {"per": "channel"}, (3, 5, 7), 3, 105),  # nn.PReLU(3)
        ("caffe", {}, (3, 5, 7), 3, 105),  # channel_shared defaults to false
        ("formula", {}, (13,), 13, 13),
        ("pytorch", {}, (13,), 1, 1),
    ],
)
def test_prelu_weights(convention, fields, shape, shared, all_apart):
    """PReLU learns as many slopes as the convention's framework, and its forward pass takes them."""
    layer = make("prelu", convention, **fields)
    assert (learned(layer, shape), unshared(layer, shape)) == (shared, all_apart)
    assert run(layer, shape).shape[1:] == shape == layer.shape(shape)


@pytest.mark.parametrize("layout", ["HWC", "CHW"])
def test_prelu_slopes_belong_to_channels(layout):
    """Each channel has its own slope: PyTorch's nn.PReLU(2) with slopes 1/2 and 1/4."""
    x = np.array([[[-2.0, 3.0], [-4.0, -8.0]]])  # as channels, positions
    x = x[0].T[None] if layout == "HWC" else x
    y = make("prelu", layout=layout).forward(np, x, slope=np.array([0.5, 0.25]))
    np.testing.assert_array_equal(y[0].T if layout == "HWC" else y[0], [[-1, 3], [-1, -2]])


def test_prelu_counts_are_traced():
    """On terms, the number of slopes is the channels' own symbol."""
    shape = (Term.leaf(5, "H"), Term.leaf(7, "W"), Term.leaf(3, "C"))
    layer = make("prelu").traced(2)
    (slope,) = layer.weights(shape, shape)
    assert [size.symbol for size in slope.shape] == ["C"]
    assert [size.symbol for size in slope.positions] == ["H", "W"]


def test_prelu_is_no_parameterless_activation():
    """`activation: prelu` would hide weights, so PReLU is a layer only."""
    assert not registry.load_all()["prelu"].usable_as_activation


@given(st.lists(st.floats(-80, 80, width=32), min_size=1, max_size=20), st.sampled_from(["sigmoid", "swish", "gelu"]))
def test_gates_split_their_input(values, name):
    """A gate and its mirror image add up: f(x) − f(−x) = x, and sigmoid(x) + sigmoid(−x) = 1."""
    x = np.array([values], np.float32)
    layer = registry.load_all()[name](setting())
    there, back = layer.forward(np, x), layer.forward(np, -x)
    if name == "sigmoid":
        np.testing.assert_allclose(there + back, 1, rtol=1e-6)
    else:
        np.testing.assert_allclose(there - back, x, rtol=1e-6, atol=1e-6)


@for_each(
    ("convention", "item", "expected"),
    [
        ("keras", "dense 2 leaky_relu", -0.2),  # keras.activations.leaky_relu(-1.0)
        ("keras", "activation leaky_relu", -0.2),  # keras.layers.Activation("leaky_relu")
        ("keras", 'dense 2 activation="leaky_relu 0.1"', -0.1),
        ("keras", "leaky_relu", -0.3),  # keras.layers.LeakyReLU()
        ("tensorflow", "dense 2 leaky_relu", -0.2),
        ("pytorch", "dense 2 leaky_relu", -0.01),
    ],
)
def test_keras_has_two_slopes(convention, item, expected):
    """The slope of Keras's function, which a layer carries, is not that of Keras's layer."""
    node = load(f"2 -> {item}", convention=convention).nodes[-1]
    layer = node.activation or node.layer
    assert layer.forward(np, np.array([[-1.0]])).tolist() == [[expected]]
