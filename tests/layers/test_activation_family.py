"""Activations of every framework: values with parameters, names, and what is refused."""

from __future__ import annotations

from collections import Counter
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import Refusal, SpecError
from cnncalc.layers import registry
from tests.layers.layer_making import make
from tests.together import for_each

WIDE = (-6.5, -1.25, -0.4, 0.45, 1.75, 11.0)
NEAR = (-2.0, -0.6, 0.1, 0.9, 1.5, 4.0)
MIXED = (3.0, -0.75, 0.25, 5.5, -1.5, 0.65)

# Printed by Keras 3.15 (JAX), ONNX Runtime (opset 22), PyTorch 2.13 and TensorFlow 2.21 in single precision. PyTorch's
# maxout is written with `unflatten` and `amax`, its power with `**`.
FRAMEWORKS = [
    ("abs", "keras", {}, WIDE, (6.5, 1.25, 0.4, 0.45, 1.75, 11)),
    ("abs", "onnx", {}, NEAR, (2, 0.6, 0.1, 0.9, 1.5, 4)),
    ("abs", "pytorch", {}, MIXED, (3, 0.75, 0.25, 5.5, 1.5, 0.65)),
    ("celu", "onnx", {"alpha": 2}, WIDE, (-1.922452, -0.9294771, -0.3625385, 0.45, 1.75, 11)),
    ("celu", "keras", {"alpha": 0.4}, NEAR, (-0.3973048, -0.310748, 0.1, 0.9, 1.5, 4)),
    ("celu", "pytorch", {"alpha": -1.5}, MIXED, (3, -0.9730819, 0.25, 5.5, -2.577423, 0.65)),
    ("clip", "onnx", {"low": -1}, WIDE, (-1, -1, -0.4, 0.45, 1.75, 11)),
    ("clip", "pytorch", {"high": 0.5}, NEAR, (-2, -0.6, 0.1, 0.5, 0.5, 0.5)),
    ("clip", "tensorflow", {"low": -1, "high": 2}, MIXED, (2, -0.75, 0.25, 2, -1, 0.65)),
    ("clip", "onnx", {"low": 2, "high": 1}, WIDE, (1, 1, 1, 1, 1, 1)),
    ("clip", "onnx", {}, NEAR, (-2, -0.6, 0.1, 0.9, 1.5, 4)),
    ("cos", "keras", {}, WIDE, (0.9765877, 0.3153224, 0.921061, 0.9004471, -0.1782461, 0.004425698)),
    ("cos", "onnx", {}, NEAR, (-0.4161468, 0.8253356, 0.9950042, 0.62161, 0.0707372, -0.6536436)),
    ("cos", "pytorch", {}, MIXED, (-0.9899925, 0.7316889, 0.9689124, 0.7086698, 0.0707372, 0.7960838)),
    ("crelu", "tensorflow", {}, WIDE, (0, 0, 0, 0.45, 1.75, 11, 6.5, 1.25, 0.4, 0, 0, 0)),
    ("crelu", "tensorflow", {}, NEAR, (0, 0, 0.1, 0.9, 1.5, 4, 2, 0.6, 0, 0, 0, 0)),
    ("crelu", "tensorflow", {}, MIXED, (3, 0, 0.25, 5.5, 0, 0.65, 0, 0.75, 0, 0, 1.5, 0)),
    ("elu", "onnx", {}, WIDE, (-0.9984965, -0.7134952, -0.32968, 0.45, 1.75, 11)),
    ("elu", "keras", {"alpha": 0.3}, NEAR, (-0.2593994, -0.1353565, 0.1, 0.9, 1.5, 4)),
    ("elu", "tensorflow", {}, MIXED, (3, -0.5276334, 0.25, 5.5, -0.7768698, 0.65)),
    ("erf", "keras", {}, WIDE, (-1, -0.9229001, -0.4283923, 0.4754817, 0.9866717, 1)),
    ("erf", "onnx", {}, NEAR, (-0.9953223, -0.6038561, 0.1124629, 0.7969082, 0.9661052, 1)),
    ("erf", "pytorch", {}, MIXED, (0.9999779, -0.7111557, 0.2763264, 1, -0.9661052, 0.6420293)),
    ("exponential", "keras", {}, WIDE, (0.001503439, 0.2865048, 0.67032, 1.568312, 5.754602, 59874.14)),
    ("exponential", "onnx", {}, NEAR, (0.1353353, 0.5488116, 1.105171, 2.459603, 4.481689, 54.59815)),
    ("exponential", "pytorch", {}, MIXED, (20.08554, 0.4723665, 1.284025, 244.6919, 0.2231302, 1.915541)),
    ("gelu", "keras", {}, WIDE, (-2.610406e-10, -0.1320623, -0.1378313, 0.3031401, 1.679896, 11)),
    ("gelu", "onnx", {"approximate": True}, NEAR, (-0.04540235, -0.1645848, 0.05398275, 0.7342285, 1.399572, 3.99993)),
    ("gelu", "tensorflow", {}, MIXED, (2.99595, -0.1699705, 0.1496766, 5.5, -0.1002108, 0.4824)),
    ("glu", "keras", {}, WIDE, (-3.969155, -1.064941, -0.3999933)),
    ("glu", "pytorch", {}, NEAR, (-1.421899, -0.4905447, 0.09820138)),
    ("glu", "keras", {}, MIXED, (2.98779, -0.1368192, 0.1642526)),
    ("hard_shrink", "keras", {}, WIDE, (-6.5, -1.25, 0, 0, 1.75, 11)),
    ("hard_shrink", "pytorch", {"threshold": 0.1}, NEAR, (-2, -0.6, 0, 0.9, 1.5, 4)),
    ("hard_shrink", "keras", {"threshold": 1.5}, MIXED, (3, 0, 0, 5.5, 0, 0)),
    ("hard_sigmoid", "onnx", {}, WIDE, (0, 0.25, 0.42, 0.59, 0.85, 1)),
    ("hard_sigmoid", "keras", {}, NEAR, (0.1666667, 0.4, 0.5166667, 0.65, 0.75, 1)),
    ("hard_sigmoid", "onnx", {"slope": 0.5, "offset": 0.25}, MIXED, (1, 0, 0.375, 1, 0, 0.575)),
    ("hard_swish", "keras", {}, WIDE, (-0, -0.3645833, -0.1733333, 0.25875, 1.385417, 11)),
    ("hard_swish", "onnx", {}, NEAR, (-0.3333333, -0.24, 0.05166667, 0.585, 1.125, 4)),
    ("hard_swish", "pytorch", {}, MIXED, (3, -0.28125, 0.1354167, 5.5, -0.375, 0.3954166)),
    ("hard_tanh", "keras", {}, WIDE, (-1, -1, -0.4, 0.45, 1, 1)),
    ("hard_tanh", "pytorch", {"low": -0.5, "high": 2}, NEAR, (-0.5, -0.5, 0.1, 0.9, 1.5, 2)),
    ("hard_tanh", "pytorch", {}, MIXED, (1, -0.75, 0.25, 1, -1, 0.65)),
    ("hardmax", "onnx", {}, WIDE, (0, 0, 0, 0, 0, 1)),
    ("hardmax", "onnx", {}, NEAR, (0, 0, 0, 0, 0, 1)),
    ("hardmax", "onnx", {}, MIXED, (0, 0, 0, 1, 0, 0)),
    ("leaky_relu", "keras", {}, WIDE, (-1.95, -0.375, -0.12, 0.45, 1.75, 11)),
    ("leaky_relu", "onnx", {}, NEAR, (-0.02, -0.006, 0.1, 0.9, 1.5, 4)),
    ("leaky_relu", "tensorflow", {}, MIXED, (3, -0.15, 0.25, 5.5, -0.3, 0.65)),
    ("log", "keras", {}, WIDE, (nan, nan, nan, -0.7985077, 0.5596158, 2.397895)),
    ("log", "onnx", {}, NEAR, (nan, nan, -2.302585, -0.1053605, 0.4054651, 1.386294)),
    ("log", "pytorch", {}, MIXED, (1.098612, nan, -1.386294, 1.704748, nan, -0.430783)),
    ("log_sigmoid", "keras", {}, WIDE, (-6.501503, -1.501929, -0.9130152, -0.4932489, -0.1602242, -1.670156e-05)),
    ("log_sigmoid", "pytorch", {}, NEAR, (-2.126928, -1.037488, -0.6443967, -0.3411539, -0.2014133, -0.01814993)),
    ("log_sigmoid", "tensorflow", {}, MIXED, (-0.04858735, -1.136871, -0.5759394, -0.004078443, -1.701413, -0.4200553)),
    ("log_softmax", "keras", {}, WIDE, (-17.50014, -12.25014, -11.40014, -10.55014, -9.250138, -0.0001382732)),
    ("log_softmax", "onnx", {}, NEAR, (-6.14834, -4.74834, -4.04834, -3.248339, -2.64834, -0.1483396)),
    ("log_softmax", "pytorch", {}, MIXED, (-2.593493, -6.343493, -5.343493, -0.09349321, -7.093493, -4.943493)),
    ("maxout", "pytorch", {"pieces": 2}, WIDE, (-1.25, 0.45, 11)),
    ("maxout", "pytorch", {"pieces": 3}, NEAR, (0.1, 4)),
    ("maxout", "pytorch", {"pieces": 1}, MIXED, (3, -0.75, 0.25, 5.5, -1.5, 0.65)),
    ("mish", "keras", {}, WIDE, (-0.009765008, -0.3084139, -0.1889165, 0.3315201, 1.674932, 11)),
    ("mish", "onnx", {}, NEAR, (-0.2525015, -0.246936, 0.06317942, 0.7612059, 1.403378, 3.997413)),
    ("mish", "pytorch", {}, MIXED, (2.986535, -0.2764947, 0.1695724, 5.499818, -0.2980998, 0.5131633)),
    ("negative", "keras", {}, WIDE, (6.5, 1.25, 0.4, -0.45, -1.75, -11)),
    ("negative", "onnx", {}, NEAR, (2, 0.6, -0.1, -0.9, -1.5, -4)),
    ("negative", "pytorch", {}, MIXED, (-3, 0.75, -0.25, -5.5, 1.5, -0.65)),
    ("power", "pytorch", {"exponent": 2}, WIDE, (42.25, 1.5625, 0.16, 0.2025, 3.0625, 121)),
    ("power", "pytorch", {"exponent": 0.5, "scale": 2, "shift": 1}, NEAR, (nan, nan, 1.095445, 1.67332, 2, 3)),
    (
        "power",
        "pytorch",
        {"exponent": -1, "scale": 3},
        MIXED,
        (1 / 9, -4 / 9, 4 / 3, 2 / 33, -2 / 9, 0.5128205),
    ),
    ("reciprocal", "keras", {}, WIDE, (-0.1538462, -0.8, -2.5, 2.222222, 0.5714286, 0.09090909)),
    ("reciprocal", "onnx", {}, NEAR, (-0.5, -1.666667, 10, 1.111111, 0.6666667, 0.25)),
    ("reciprocal", "pytorch", {}, MIXED, (0.3333333, -1.333333, 4, 0.1818182, -0.6666667, 1.538462)),
    ("relu", "keras", {"max_value": 6}, WIDE, (0, 0, 0, 0.45, 1.75, 6)),
    ("relu", "keras", {"slope": 0.1, "threshold": 1}, NEAR, (-0.3, -0.16, -0.09, -0.01, 1.5, 4)),
    ("relu", "onnx", {}, MIXED, (3, 0, 0.25, 5.5, 0, 0.65)),
    ("relu6", "keras", {}, WIDE, (0, 0, 0, 0.45, 1.75, 6)),
    ("relu6", "pytorch", {}, NEAR, (0, 0, 0.1, 0.9, 1.5, 4)),
    ("relu6", "tensorflow", {}, MIXED, (3, 0, 0.25, 5.5, 0, 0.65)),
    ("rrelu", "pytorch", {}, WIDE, (-1.489583, -0.2864583, -0.09166667, 0.45, 1.75, 11)),
    ("rrelu", "pytorch", {"lower": 0.1, "upper": 0.3}, NEAR, (-0.4, -0.12, 0.1, 0.9, 1.5, 4)),
    ("rrelu", "pytorch", {"lower": 0.25, "upper": 0.25}, MIXED, (3, -0.1875, 0.25, 5.5, -0.375, 0.65)),
    ("selu", "keras", {}, WIDE, (-1.755456, -1.254395, -0.57961, 0.4728155, 1.838727, 11.55771)),
    ("selu", "onnx", {}, NEAR, (-1.520167, -0.793234, 0.1050701, 0.9456309, 1.576051, 4.202804)),
    ("selu", "pytorch", {}, MIXED, (3.152103, -0.927632, 0.2626753, 5.778856, -1.365814, 0.6829556)),
    ("shrink", "onnx", {}, WIDE, (-6.5, -1.25, 0, 0, 1.75, 11)),
    ("shrink", "onnx", {"threshold": 1, "bias": 0.25}, NEAR, (-1.75, 0, 0, 0, 1.25, 3.75)),
    ("shrink", "onnx", {"threshold": -1, "bias": 0.25}, MIXED, (2.75, -0.5, 0.5, 5.25, -1.25, 0.9)),
    ("sigmoid", "keras", {}, WIDE, (0.001501182, 0.2227001, 0.4013124, 0.6106393, 0.8519527, 0.9999833)),
    ("sigmoid", "onnx", {}, NEAR, (0.1192029, 0.3543437, 0.5249792, 0.7109495, 0.8175744, 0.9820138)),
    ("sigmoid", "pytorch", {}, MIXED, (0.9525741, 0.3208213, 0.5621765, 0.9959299, 0.1824255, 0.6570104)),
    ("sign", "keras", {}, WIDE, (-1, -1, -1, 1, 1, 1)),
    ("sign", "onnx", {}, NEAR, (-1, -1, 1, 1, 1, 1)),
    ("sign", "pytorch", {}, MIXED, (1, -1, 1, 1, -1, 1)),
    ("sin", "keras", {}, WIDE, (-0.21512, -0.9489846, -0.3894183, 0.4349655, 0.983986, -0.9999902)),
    ("sin", "onnx", {}, NEAR, (-0.9092974, -0.5646425, 0.09983342, 0.7833269, 0.997495, -0.7568025)),
    ("sin", "pytorch", {}, MIXED, (0.14112, -0.6816388, 0.247404, -0.7055403, -0.997495, 0.6051864)),
    ("soft_shrink", "keras", {}, WIDE, (-6, -0.75, 0, 0, 1.25, 10.5)),
    ("soft_shrink", "pytorch", {"threshold": 0.1}, NEAR, (-1.9, -0.5, 0, 0.8, 1.4, 3.9)),
    ("soft_shrink", "keras", {"threshold": 1.5}, MIXED, (1.5, 0, 0, 4, 0, 0)),
    ("softmax", "keras", {}, WIDE, (2.510652e-08, 4.784456e-06, 1.119394e-05, 2.618985e-05, 9.609837e-05, 0.9998617)),
    ("softmax", "onnx", {}, NEAR, (0.002137027, 0.008666074, 0.01745133, 0.03883865, 0.07076862, 0.8621383)),
    ("softmax", "tensorflow", {}, MIXED, (0.07475843, 0.00175815, 0.004779147, 0.9107442, 0.0008304912, 0.00712965)),
    ("softmin", "pytorch", {}, WIDE, (0.9913648, 0.005202205, 0.0022235, 0.0009503574, 0.0002590026, 2.489316e-08)),
    ("softmin", "pytorch", {}, NEAR, (0.6864583, 0.1692785, 0.08406124, 0.03777115, 0.02072925, 0.00170156)),
    ("softmin", "pytorch", {}, MIXED, (0.006259839, 0.2661751, 0.09792037, 0.0005138389, 0.5634928, 0.06563798)),
    (
        "softplus",
        "pytorch",
        {"beta": 0.5, "threshold": 0.5},
        WIDE,
        (0.0760827, 0.857401, 1.19628, 1.62392, 1.75, 11),
    ),
    ("softplus", "keras", {}, NEAR, (0.126928, 0.437488, 0.7443967, 1.241154, 1.701413, 4.01815)),
    ("softplus", "onnx", {}, MIXED, (3.048587, 0.386871, 0.8259395, 5.504078, 0.2014133, 1.070055)),
    ("softsign", "keras", {}, WIDE, (-0.8666667, -0.5555556, -0.2857143, 0.3103448, 0.6363636, 0.9166667)),
    ("softsign", "onnx", {}, NEAR, (-0.6666667, -0.375, 0.09090909, 0.4736842, 0.6, 0.8)),
    ("softsign", "pytorch", {}, MIXED, (0.75, -0.4285714, 0.2, 0.8461539, -0.6, 0.3939394)),
    ("sparse_plus", "keras", {}, WIDE, (0, 0, 0.09, 0.5256251, 1.75, 11)),
    ("sparse_plus", "keras", {}, NEAR, (0, 0.04, 0.3025, 0.9025, 1.5, 4)),
    ("sparse_plus", "keras", {}, MIXED, (3, 0.015625, 0.390625, 5.5, 0, 0.680625)),
    ("sparse_sigmoid", "keras", {}, WIDE, (0, 0, 0.3, 0.725, 1, 1)),
    ("sparse_sigmoid", "keras", {}, NEAR, (0, 0.2, 0.55, 0.95, 1, 1)),
    ("sparse_sigmoid", "keras", {}, MIXED, (1, 0.125, 0.625, 1, 0, 0.825)),
    ("sqrt", "keras", {}, WIDE, (nan, nan, nan, 0.6708204, 1.322876, 3.316625)),
    ("sqrt", "onnx", {}, NEAR, (nan, nan, 0.3162278, 0.9486833, 1.224745, 2)),
    ("sqrt", "pytorch", {}, MIXED, (1.732051, nan, 0.5, 2.345208, nan, 0.8062258)),
    ("square", "keras", {}, WIDE, (42.25, 1.5625, 0.16, 0.2025, 3.0625, 121)),
    ("square", "pytorch", {}, NEAR, (4, 0.36, 0.01, 0.8099999, 2.25, 16)),
    ("square", "keras", {}, MIXED, (9, 0.5625, 0.0625, 30.25, 2.25, 0.4225)),
    ("squareplus", "keras", {}, WIDE, (0.1503677, 0.5542476, 0.8198039, 1.25, 2.203768, 11.09017)),
    ("squareplus", "keras", {"b": 0.25}, NEAR, (0.03077638, 0.09051248, 0.304951, 0.9647815, 1.540569, 4.015564)),
    ("squareplus", "keras", {"b": 9}, MIXED, (3.62132, 1.171165, 1.630199, 5.882491, 0.9270509, 1.859804)),
    ("swish", "keras", {}, WIDE, (-0.009757685, -0.2783752, -0.1605249, 0.2747877, 1.490917, 10.99982)),
    (
        "swish",
        "tensorflow",
        {"beta": 1.702},
        NEAR,
        (-0.06434137, -0.1588762, 0.05424476, 0.740043, 1.391662, 3.99558),
    ),
    ("swish", "tensorflow", {"beta": 2}, WIDE, (-1.469211e-05, -0.09482273, -0.1240102, 0.3199273, 1.698704, 11)),
    ("swish", "pytorch", {}, MIXED, (2.857723, -0.240616, 0.1405441, 5.477614, -0.2736383, 0.4270568)),
    ("tanh", "keras", {}, WIDE, (-0.9999955, -0.8482836, -0.379949, 0.421899, 0.9413756, 1)),
    ("tanh", "onnx", {}, NEAR, (-0.9640276, -0.5370496, 0.09966799, 0.7162979, 0.9051482, 0.9993292)),
    ("tanh", "pytorch", {}, MIXED, (0.9950548, -0.6351489, 0.2449187, 0.9999666, -0.9051483, 0.5716699)),
    ("tanh_shrink", "keras", {}, WIDE, (-5.500005, -0.4017164, -0.020051, 0.028101, 0.8086244, 10)),
    ("tanh_shrink", "pytorch", {}, NEAR, (-1.035972, -0.06295043, 0.0003320053, 0.1837021, 0.5948517, 3.000671)),
    ("tanh_shrink", "keras", {}, MIXED, (2.004945, -0.114851, 0.005081341, 4.500033, -0.5948518, 0.07833004)),
    ("threshold", "onnx", {}, WIDE, (0, 0, 0, 0, 1.75, 11)),
    ("threshold", "keras", {"threshold": 0.5, "value": -3}, NEAR, (-3, -3, -3, 0.9, 1.5, 4)),
    ("threshold", "pytorch", {"threshold": -1, "value": 2}, MIXED, (3, -0.75, 0.25, 5.5, 2, 0.65)),
]

# At the places where the formula changes: printed by ONNX Runtime, PyTorch, Keras 3.15, and PyTorch again.
BENDS = [
    ("shrink", {"threshold": 0.5, "bias": 0.125}, (-1, -0.5, 0.25, 0.5, 1), (-0.875, 0, 0, 0, 0.875)),
    ("softplus", {"beta": 2, "threshold": 1}, (-0.5, 0.25, 0.5, 0.75), (0.15663085, 0.487038, 0.65663085, 0.75)),
    ("relu", {"slope": 0.125, "threshold": 1}, (-1, 0.5, 1, 1.5), (-0.25, -0.0625, 0, 1.5)),
    ("relu", {"threshold": 1}, (-1, 0.5, 1, 1.5), (0, 0, 0, 1.5)),
    ("relu", {}, (-inf, 0, inf), (0, 0, inf)),
]

# Hand arithmetic by the papers' algorithm: Keras 3.15's own threshold is wrong wherever two values survive.
SPARSEMAX = [
    ((0.0, 0.5, 1.0), (0, 0.25, 0.75)),  # (1.5 - 1)/2 = 0.25 is subtracted
    ((1.0, 0.8, 0.1, -1.0), (0.6, 0.4, 0, 0)),  # (1.8 - 1)/2 = 0.4
    ((0.1, 0.2, 0.3, 0.4, 0.5), (0, 0.1, 0.2, 0.3, 0.4)),  # (1.4 - 1)/4 = 0.1
    ((3.0, -1.0, 7.0), (0, 0, 1)),
    ((2.0, 2.0), (0.5, 0.5)),
    ((7.0,), (1,)),
]


@pytest.mark.parametrize(("name", "convention", "fields", "points", "expected"), FRAMEWORKS)
@pytest.mark.filterwarnings("error")
def test_values_are_the_frameworks(name, convention, fields, points, expected):
    """Under a framework's convention an activation gives its values, without a warning, in float32."""
    y = make(name, convention, **fields).forward(np, np.array([points], np.float32))
    assert y.dtype == np.float32
    np.testing.assert_allclose(y[0], expected, rtol=3e-6, atol=2e-6)


@pytest.mark.parametrize(("name", "fields", "points", "expected"), BENDS)
def test_values_at_a_bend(name, fields, points, expected):
    y = make(name, **fields).forward(np, np.array([points], np.float32))
    np.testing.assert_allclose(y[0], expected, rtol=3e-6)


def test_bounds_may_be_equal():
    """PyTorch accepts nn.RReLU(0.25, 0.25)."""
    assert make("rrelu", "pytorch", lower=0.25, upper=0.25).shape((7,)) == (7,)


def test_every_activation_has_three_rows_of_values():
    """No activation is missing from the table, but those with a test of their own below."""
    rows = Counter(name for name, *_ in FRAMEWORKS)
    kinds = {kind.type for kind in registry.load_all().values() if kind.family == "activation"}
    assert {name for name in kinds if rows[name] < 3} == {"prelu", "softmax2d", "sparsemax"}


@pytest.mark.parametrize(("values", "expected"), SPARSEMAX)
def test_sparsemax(values, expected):
    """The sparsemax is the nearest point of the simplex."""
    y = make("sparsemax").forward(np, np.array([values], np.float32))
    np.testing.assert_allclose(y[0], expected, atol=1e-7)


@given(arrays(np.float64, (2, 5, 3), elements=st.floats(-4, 4)))
def test_sparsemax_is_a_projection(x):
    """Nothing is negative, the sum is 1, what stays moved by one number, and what went lay below that number."""
    y = make("sparsemax", axis=1).forward(np, x)
    assert (y >= 0).all()
    np.testing.assert_allclose(y.sum(axis=1), 1)
    threshold = np.where(y > 0, x - y, -np.inf).max(axis=1, keepdims=True)
    np.testing.assert_allclose(np.maximum(x - threshold, 0), y, atol=1e-12)


@for_each(
    ("name", "fields", "message"),
    [
        ("glu", {}, "size 3 cannot be halved: its channels is odd"),  # nn.GLU: Halving dimension must be even
        ("glu", {"axis": 4}, "5x7x3 has no axis 4"),
        ("maxout", {}, "neither pieces nor units"),
        ("maxout", {"pieces": 2}, "3 values are not a multiple of 2 pieces"),
        ("maxout", {"units": 2}, "3 values are not a multiple of 2 units"),
        ("maxout", {"pieces": 2, "units": 3}, "3 units of 2 pieces need 6 values, got 3"),
        ("rrelu", {"lower": 0.5, "upper": 0.25}, "lower is 0.5, above upper"),  # PyTorch: RuntimeError
        ("hard_tanh", {"low": 1, "high": 1}, "low is 1, not below high"),  # PyTorch: AssertionError
        ("celu", {"alpha": 0}, "alpha is 0"),  # PyTorch: ZeroDivisionError
        ("softplus", {"beta": 0}, "beta is 0"),
        ("softmax2d", {"shape": None}, "needs an image"),  # PyTorch: expected input to be 3D or 4D
        ("prelu", {"num_parameters": 2}, "2 slopes for 3 channels"),  # PyTorch: Mismatch of parameter numbers
        ("prelu", {"shared_axes": [1, 4]}, "has no axis 4"),  # Keras: IndexError
        ("prelu", {"slope_shape": [7, 1, 3]}, "7x1x3 cannot be broadcast to 5x7x3"),
        ("prelu", {"slope_shape": [1, 5, 7, 3]}, "1x5x7x3 cannot be broadcast"),
        ("prelu", {"per": "one", "channel_shared": True}, "per and channel_shared"),
    ],
)
def test_refused(name, fields, message):
    """What a framework refuses, or cannot mean anything, is refused with its numbers."""
    shape = (3,) if "shape" in fields else (5, 7, 3)
    given = {field: value for field, value in fields.items() if field != "shape"}
    with pytest.raises(Refusal, match=message):
        make(name, **given).shape(shape)


@for_each(
    ("word", "name"),
    [
        ("nn.GLU", "glu"), ("nn.RReLU", "rrelu"), ("nn.Softmin", "softmin"), ("nn.Softmax2d", "softmax2d"),
        ("softmax_2d", "softmax2d"), ("Hardmax", "hardmax"), ("Shrink", "shrink"), ("Clip", "clip"),
        ("torch.clamp", "clip"), ("tf.nn.crelu", "crelu"), ("tfa.layers.Maxout", "maxout"), ("AbsVal", "abs"),
        ("Neg", "negative"), ("Pow", "power"), ("BNLL", "softplus"), ("keras.activations.sparse_plus", "sparse_plus"),
        ("SquarePlus", "squareplus"), ("Erf", "erf"), ("Swish", "swish"), ("TanH", "tanh"),
    ],
)  # fmt: skip
def test_foreign_names(word, name):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], None)


@pytest.mark.parametrize("name", ["glu", "maxout", "crelu", "prelu"])
def test_layers_only(name):
    """What changes the shape or has weights is no `activation` of another layer."""
    with pytest.raises(SpecError, match="unknown word"):
        analyze(f"5x7x3 -> conv 4 3x3 activation={name}")


@pytest.mark.parametrize(
    ("written", "form"),
    [("tanh", True), ("none", False), (True, True), ("false", False), ("TANH", True)],
)
def test_gelu_s_approximation_is_a_word_or_a_flag(written, form):
    """PyTorch and ONNX write the form of gelu as a word, Keras as a flag."""
    assert make("gelu", approximate=written).approximate is form


@pytest.mark.parametrize("written", ["erf", 1, None])
def test_gelu_s_unknown_approximation(written):
    """Another word is refused by gelu, as PyTorch does."""
    with pytest.raises(Refusal, match="true, tanh, false or none"):
        make("gelu", approximate=written)


def test_hardmax_takes_the_first_of_equals():
    """ONNX: the first of several maxima."""
    x = np.array([[2, 5, 5, 1]], np.float32)
    np.testing.assert_array_equal(make("hardmax").forward(np, x), [[0, 1, 0, 0]])


def test_a_zero_has_an_infinite_reciprocal():
    """The reciprocal and the logarithm of zero are infinite, without a warning."""
    x = np.zeros((1, 2), np.float32)
    assert (make("reciprocal").forward(np, x) == inf).all()
    assert (make("log").forward(np, x) == -inf).all()


@pytest.mark.parametrize(
    ("values", "expected"),
    [([3, 0], [1, 0]), ([0.5, 0], [0.75, 0.25]), ([0, 0, 0, 0], [0.25] * 4), ([1, 0.5, -9], [0.75, 0.25, 0])],
)
def test_sparsemax_by_hand(values, expected):
    """Above a threshold τ, to 1 in sum: τ = 2, −0.25, −0.25, and 0.25 (Martins & Astudillo, algorithm 1)."""
    layer = load(f"{len(values)} -> sparsemax").nodes[-1].layer
    assert layer.forward(np, np.array([values], np.float32))[0].tolist() == pytest.approx(expected)
