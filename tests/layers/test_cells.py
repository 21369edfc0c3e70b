"""One step of a recurrent layer: parameters, work, values, refusals."""

from __future__ import annotations

from math import exp, tanh

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# convention, type, parameters of 13 features and 11 units (the framework's), MACs, operations beside.
COUNTS = [
    ("pytorch", "rnn_cell", 286, 264, 33),  # nn.RNNCell(13, 11): 24·11 + 2·11; two biases and a tanh a unit
    ("keras", "rnn_cell", 275, 264, 22),  # SimpleRNNCell(11)
    ("pytorch", "lstm_cell", 1144, 1056, 187),  # nn.LSTMCell(13, 11): four times as many; 8 biases, 9 others
    ("keras", "lstm_cell", 1100, 1056, 143),
    ("pytorch", "gru_cell", 858, 792, 154),  # nn.GRUCell(13, 11); 6 biases, 8 others
    ("keras", "gru_cell", 858, 792, 154),  # GRUCell(11)
    ("formula", "gru_cell", 825, 792, 121),
]


@for_each(("convention", "name", "params", "macs", "others"), COUNTS)
def test_one_step_is_counted(convention, name, params, macs, others):
    """A vector becomes a state; what a step costs does not hang on where the state comes from."""
    layer = make(name, convention, units=11)
    assert layer.shape((13,)) == layer.shape((13,), (11,)) == (11,)
    assert (learned(layer, (13,)), layer.macs((13,), (11,)), layer.elementwise((13,), (11,))) == (params, macs, others)
    assert run(layer, (13,)).shape == (2, 11)
    assert layer.windows((13,)) == "whole"


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


ONE, CELL = sigmoid(1), sigmoid(1) * tanh(1)
STATE = sigmoid(2)
"""A gate that sees 1, what a cell of zero becomes, and a gate that sees 1 and a state of 1."""


@for_each(
    ("name", "fields", "states", "expected"),
    [
        ("rnn_cell", {}, [], tanh(1)),
        ("rnn_cell", {}, [1], tanh(2)),
        ("rnn_cell", {"nonlinearity": "relu"}, [-3], 0),
        ("lstm_cell", {}, [], ONE * tanh(CELL)),
        ("lstm_cell", {"gives": "cell"}, [], CELL),
        ("lstm_cell", {"gives": "cell"}, [1, 5], STATE * 5 + STATE * tanh(2)),
        ("lstm_cell", {}, [1, 5], STATE * tanh(STATE * 5 + STATE * tanh(2))),
        ("gru_cell", {}, [], (1 - ONE) * tanh(1)),
        ("gru_cell", {}, [1], STATE + (1 - STATE) * tanh(1 + STATE)),
    ],
)
def test_values_of_one_step(name, fields, states, expected):
    """An input of 1, weights of 1, no bias: the equations by hand."""
    layer = make(name, units=1, bias=False, **fields)
    weights = {weight.name: np.ones(weight.shape) for weight in layer.weights((1,))}
    given = [np.array([[float(state)]]) for state in states]
    assert layer.forward(np, np.ones((1, 1)), *given, **weights).tolist() == [[pytest.approx(expected)]]


@pytest.mark.parametrize(
    ("name", "fields", "inputs", "message"),
    [
        ("rnn_cell", {}, [(7, 13)], "needs one step, a vector, got 7x13"),  # RNNCell: Expected input to be 1D or 2D
        ("lstm_cell", {}, [(7, 5, 3)], "needs one step"),
        ("gru_cell", {}, [(13,), (5,)], "the state is 5, but it needs 11 units"),  # hidden has inconsistent hidden_size
        ("lstm_cell", {}, [(13,), (11,), (5,)], "the state is 5"),
        ("gru_cell", {"reset_after": False}, [(13,)], "PyTorch's GRU resets only after"),
    ],
)
def test_what_is_no_step(name, fields, inputs, message):
    """PyTorch refuses sequences, states of another size, and a reset before the product."""
    with pytest.raises(Refusal, match=message):
        make(name, "pytorch", units=11, **fields).shape(*inputs)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("nn.RNNCell", "rnn_cell"), ("SimpleRNNCell", "rnn_cell"), ("nn.LSTMCell", "lstm_cell"),
        ("nn.GRUCell", "gru_cell"),
    ],
)  # fmt: skip
def test_names_of_the_cells(word, name):
    """PyTorch's and Keras's words."""
    found = registry.find(word)
    assert found is not None
    assert found[0].type == name
