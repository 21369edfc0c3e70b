"""Quotients, stacks, dot and matrix products; and what each framework stretches."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import SpecError, analyze
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# keras.layers.Dot(axes) on inputs of these shapes (within a sample), run with Keras 3.
DOT = [
    ("dot", 1, (5,), (5,), (1,), 5),
    ("dot", [1, 2], (3, 5), (11, 3), (5, 11), 165),
    ("dot", [2, 1], (3, 5), (5, 7), (3, 7), 105),
    ("dot", 2, (13, 5), (7, 5), (13, 7), 455),
    ("dot", [-1, 1], (2, 3, 5), (5,), (2, 3), 30),
    ("dot", [3, -2], (2, 3, 5), (7, 5, 11), (2, 3, 7, 11), 2310),
    ("dot", -1, (7,), (11, 7), (11,), 77),
]

# torch.matmul on a batch of these, run with PyTorch 2.13; ONNX Runtime's MatMul gives the same.
MATMUL = [
    ("matmul", {}, (3, 5), (5, 7), (3, 7), 105),
    ("matmul", {"transpose_b": True}, (3, 5), (7, 5), (3, 7), 105),
    ("matmul", {"transpose_a": True}, (5, 3), (5, 7), (3, 7), 105),
    ("matmul", {}, (2, 3, 5), (2, 5, 7), (2, 3, 7), 210),
    ("matmul", {}, (2, 3, 5), (1, 5, 7), (2, 3, 7), 210),
    ("matmul", {}, (1, 11, 3, 5), (2, 1, 5, 7), (2, 11, 3, 7), 2310),
]

# torch.stack(…, dim) on a batch, run with PyTorch 2.13.
STACK = [
    ("stack", {}, [(3, 5, 7)] * 2, (2, 3, 5, 7)),
    ("stack", {"axis": -1}, [(3, 5, 7)] * 2, (3, 5, 7, 2)),
    ("stack", {"axis": 3}, [(3, 5, 7)] * 11, (3, 5, 11, 7)),
    ("stack", {"axis": 2}, [(13,)] * 3, (13, 3)),
    ("stack", {}, [(13,)], (1, 13)),
]

REFUSED = [
    ("dot", {"axes": 1}, [(5,), (7,)], "axis 1 of 5 has 5 numbers, axis 1 of 7 has 7"),
    ("dot", {"axes": 0}, [(5,), (5,)], "5 has no axis 0"),
    ("dot", {"axes": [1, 2, 3]}, [(5,), (5,)], "3 axes for two inputs"),
    ("dot", {"axes": 2}, [(5,), (5, 3)], "5 has no axis 2"),
    ("matmul", {}, [(3, 5), (7, 5)], "3x5 times 7x5 has rows of 5 numbers but columns of 7"),
    ("matmul", {}, [(5,), (5,)], "5 and 5 are vectors, but a matrix product needs rows and columns"),
    ("matmul", {}, [(3, 5), (5,)], "3x5 and 5 have different numbers of axes: 2 and 1"),
    ("matmul", {}, [(2, 3, 5), (3, 5, 7)], "2x3x5 and 3x5x7 have 2 and 3 matrices"),
    ("stack", {}, [(5, 7, 3), (5, 7, 2)], "5x7x3 and 5x7x2 differ in channels: 3 and 2"),
    ("stack", {}, [(5, 7, 3), (1, 7, 3)], "5x7x3 and 1x7x3 differ in height: 5 and 1"),
    ("stack", {}, [(5, 7), (5, 7, 3)], "5x7 and 5x7x3 have different numbers of axes: 2 and 3"),
    ("stack", {"axis": 5}, [(5, 7, 3), (5, 7, 3)], "2x5x7x3 has no axis 5"),
    ("divide", {}, [(5, 7, 3), (5, 2, 3)], "5x7x3 and 5x2x3 differ in width: 7 and 2"),
]


@for_each(("name", "axes", "x", "y", "expected", "macs"), DOT)
def test_dot(name, axes, x, y, expected, macs):
    """Keras's shape; one multiply–accumulate per output and number summed over; no parameters."""
    layer = make(name, "keras", axes=axes)
    assert layer.shape(x, y) == expected == run(layer, x, y).shape[1:]
    assert (layer.macs(x, y, expected), layer.elementwise(x, y, expected), learned(layer, x, y)) == (macs, 0, 0)


def test_dot_values():
    """1·2 + 2·4 + 3·6 = 28; with rows 1 2 3 and 4 5 6 against 1 2 3: 14 and 32, as Keras prints."""
    vector, matrix = np.array([[1.0, 2.0, 3.0]]), np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    assert make("dot", axes=1).forward(np, vector, 2 * vector).tolist() == [[28.0]]
    assert make("dot", axes=[2, 1]).forward(np, matrix, vector).tolist() == [[14.0, 32.0]]


def test_normalized_dot_is_a_cosine():
    """(3, 4) and (4, 3) meet at a cosine of 24/25; three more operations per input element; zeros stay zeros."""
    layer = make("dot", normalize=True)
    assert layer.forward(np, np.array([[3.0, 4.0]]), np.array([[4.0, 3.0]])) == pytest.approx(0.96)
    assert layer.forward(np, np.zeros((1, 2)), np.ones((1, 2))).tolist() == [[0.0]]
    assert layer.elementwise((2,), (2,), (1,)) == 12


@for_each(("name", "fields", "a", "b", "expected", "macs"), MATMUL)
def test_matmul(name, fields, a, b, expected, macs):
    """PyTorch's shape, heads stretched from 1; n·m·k multiply–accumulates; no parameters."""
    layer = make(name, "pytorch", **fields)
    assert layer.shape(a, b) == expected == run(layer, a, b).shape[1:]
    assert (layer.macs(a, b, expected), layer.elementwise(a, b, expected), learned(layer, a, b)) == (macs, 0, 0)


def test_matmul_values():
    """Rows times columns: (1·5 + 2·6, 3·5 + 4·6); with the first swapped (1·5 + 3·6, 2·5 + 4·6)."""
    a, b = np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([[[5.0], [6.0]]])
    assert make("matmul").forward(np, a, b).tolist() == [[[17.0], [39.0]]]
    assert make("matmul", transpose_a=True).forward(np, a, b).tolist() == [[[23.0], [34.0]]]


def test_matmul_suggests_the_swap_that_fits():
    """Where one swap would do, the refusal says so; where none would, it does not."""
    with pytest.raises(Refusal) as refusal:
        make("matmul").shape((3, 5), (7, 5))
    assert refusal.value.hint == "swap the last two axes of one: transpose_a, transpose_b"
    with pytest.raises(Refusal) as refusal:
        make("matmul").shape((3, 5), (7, 11))
    assert refusal.value.hint == ""


@pytest.mark.parametrize(("name", "fields", "inputs", "expected"), STACK)
def test_stack(name, fields, inputs, expected):
    """A new axis as long as there are inputs, where it is asked for; nothing is computed."""
    layer = make(name, "pytorch", **fields)
    assert layer.shape(*inputs) == expected == run(layer, *inputs).shape[1:]
    assert layer.macs(*inputs, expected) == layer.elementwise(*inputs, expected) == 0


def test_stack_values():
    """Stacked behind: the two inputs' numbers alternate."""
    one, other = np.array([[1.0, 2.0]]), np.array([[5.0, 7.0]])
    assert make("stack", axis=-1).forward(np, one, other).tolist() == [[[1.0, 5.0], [2.0, 7.0]]]
    assert make("stack").forward(np, one, other).tolist() == [[[1.0, 2.0], [5.0, 7.0]]]


@pytest.mark.parametrize(
    ("convention", "one", "other", "expected"),
    [
        ("formula", (5, 7, 3), (1, 1, 3), (5, 7, 3)),
        ("pytorch", (3, 5, 7), (3, 1, 1), (3, 5, 7)),  # torch.div
        ("onnx", (1, 5, 7), (3, 5, 1), (3, 5, 7)),  # Div
        ("keras", (5, 7, 3), (3,), (5, 7, 3)),
    ],
)
def test_divide(convention, one, other, expected):
    """A quotient stretches as every merge does, and costs one operation per output."""
    layer = make("divide", convention)
    assert layer.shape(one, other) == expected == run(layer, one, other).shape[1:]
    assert layer.elementwise(one, other, expected) == 105
    assert layer.inputs == (2, 2)


def test_divide_values():
    """The first input is divided by the second."""
    assert make("divide").forward(np, np.array([[6.0, 5.0]]), np.array([[4.0, 2.0]])).tolist() == [[1.5, 2.5]]


@for_each(("name", "fields", "inputs", "message"), REFUSED)
def test_refusals(name, fields, inputs, message):
    """What the frameworks refuse, with both shapes and what does not fit."""
    with pytest.raises(Refusal) as refusal:
        make(name, **fields).shape(*inputs)
    assert refusal.value.message == message


def test_squeeze_and_excitation_broadcasts():
    """The gate of a squeeze-and-excitation block, 1×1×C, stretches over H×W×C in one line of a spec."""
    report = analyze("13x11x7 -> multiply(identity | global_avg_pool -> conv 7 1x1 sigmoid) -> conv 5 1x1")
    assert report.layers[-2].output_shape == (13, 11, 7)
    assert report.layers[-2].flops == 13 * 11 * 7


def test_keras_squeeze_needs_no_kept_axes():
    """Keras's global pool drops the axes, and its Multiply aligns C alone with the last axis of H×W×C."""
    report = analyze("13x11x7 -> multiply(identity | global_avg_pool -> dense 7 sigmoid)", convention="keras")
    assert report.layers[-1].output_shape == (13, 11, 7)


@pytest.mark.parametrize("name", ["subtract", "divide", "dot", "matmul"])
def test_two_inputs_exactly(name):
    """A third input is refused, as keras.layers.Subtract and Dot refuse it."""
    with pytest.raises(SpecError) as error:
        analyze(f"5x5 -> {name}(identity | identity | identity)")
    assert f"{name} needs 2 inputs, got 3" in str(error.value)


@for_each(
    ("word", "name"),
    [
        ("Div", "divide"), ("torch.bmm", "matmul"), ("MatMul", "matmul"), ("BatchMatMulV2", "matmul"),
        ("keras.layers.Dot", "dot"), ("tf.stack", "stack"), ("Pack", "stack"), ("torch.div", "divide"),
    ],
)  # fmt: skip
def test_foreign_names(word, name):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], None)


@pytest.mark.parametrize("name", ["dot", "matmul", "stack"])
def test_no_single_answer_for_the_receptive_field(name):
    """Positions of one input meet those of the other."""
    assert make(name).windows((5, 5), (5, 5)) == ()


@pytest.mark.parametrize("convention", ["formula", "pytorch", "keras", "onnx"])
def test_where(convention):
    """The second input where the first is not zero, the third elsewhere; a size of 1 is stretched."""
    layer = make("where", convention)
    mask, one, other = np.array([[[1.0], [0.0], [-2.0]]]), np.array([[[1.0, 2.0]]]), np.zeros((1, 3, 2))
    assert layer.forward(np, mask, one, other).tolist() == [[[1, 2], [0, 0], [1, 2]]]
    assert layer.shape((3, 1), (1, 2), (3, 2)) == (3, 2)
    assert layer.elementwise((3, 1), (1, 2), (3, 2), (3, 2)) == 6
    assert learned(layer, (3, 1), (1, 2), (3, 2)) == 0
    with pytest.raises(Refusal, match="differ"):
        layer.shape((3, 2), (3, 2), (3, 5))
    with pytest.raises(Refusal, match="have different numbers of axes"):
        layer.shape((3, 2), (3, 2), (2,))
