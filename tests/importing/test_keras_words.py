"""Words of Keras files: activations inside cells, mistyped classes and activations, what a warning says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.test_keras import INPUT, functional, layer, new, sequential, tensor, written


def _warnings(file: Path) -> list[str]:
    return [each.message for each in cnncalc.lint(file) if each.code == "E112"]


_GRU = {"units": 5, "activation": "tanh"}
_SEQUENCE = ("InputLayer", {"name": "i", "batch_shape": [None, 4, 7]})
_FRAMES = ("InputLayer", {"name": "i", "batch_shape": [None, 2, 8, 8, 3]})


@pytest.mark.parametrize(
    ("given", "class_name", "config", "warning"),
    [
        (_SEQUENCE, "GRU", {"units": 5, "activation": "tanh"}, ""),
        (_SEQUENCE, "LSTM", {"units": 5, "activation": "tanh"}, ""),
        (_SEQUENCE, "LSTM", {"units": 5, "activation": "relu"}, "the activation relu of its cell is read as tanh"),
        (_SEQUENCE, "LSTM", {"units": 5, "activation": "linear"}, "the activation linear of its cell is read as tanh"),
        (_SEQUENCE, "SimpleRNN", {"units": 5, "activation": "relu"}, ""),
        (_SEQUENCE, "SimpleRNN", {"units": 5, "activation": "elu"}, "the activation elu of its cell is read as tanh"),
        (_SEQUENCE, "Bidirectional", {"layer": {"class_name": "GRU", "config": {**_GRU}}}, ""),
        (
            _SEQUENCE, "RNN", {"cell": {"class_name": "LSTMCell", "config": {"units": 5, "activation": "relu"}}},
            "the activation relu of its cell is read as tanh",
        ),
        (_FRAMES, "ConvLSTM2D", {"filters": 5, "kernel_size": [3, 3], "activation": "tanh"}, ""),
    ],
)  # fmt: skip
def test_the_activation_of_a_cell_is_inside_its_layer(
    given: Any, class_name: str, config: dict[str, Any], warning: str, tmp_path: Path
) -> None:
    """A recurrent layer is one layer; an activation that its type does not have is a warning."""
    file = written(tmp_path, sequential(given, (class_name, {"name": "r", **config})))
    assert len(cnncalc.analyze(file).layers) == 1
    assert _warnings(file) == ([f"r: {warning}"] if warning else [])


def test_the_activation_of_a_simple_cell_is_its_field(tmp_path: Path) -> None:
    """The type `rnn` has the activations tanh and relu."""
    model = sequential(_SEQUENCE, ("SimpleRNN", {"name": "r", "units": 5, "activation": "relu"}))
    assert "relu" in cnncalc.spec_of(written(tmp_path, model))


@pytest.mark.parametrize(
    ("class_name", "config", "message", "hint"),
    [
        ("Densee", {"units": 5}, "keras.layers has no Densee", "did you mean Dense?"),
        ("Dense", {"units": 5, "activation": "swihs"}, "unknown activation swihs", "did you mean swish?"),
        ("Dense", {"units": 1.5}, "units: `1.5` is the float 1.5", "write an integer"),
    ],
)
def test_mistyped_words_of_keras(
    class_name: str, config: dict[str, Any], message: str, hint: str, tmp_path: Path
) -> None:
    """A file that states the module keras.layers has only Keras's own classes and activations there."""
    mistaken = {**layer(class_name, "d", [new(tensor("x", 0, [None, 11]))], **config), "module": "keras.layers"}
    layers = [INPUT, mistaken, layer("Dense", "e", [new(tensor("d", 0, [None, 5]))], units=2)]
    with pytest.raises(SpecError) as raised:
        cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["e", 0, 0]])))
    (found,) = raised.value.diagnostics
    assert found.message.endswith(message)
    assert found.hint == hint


def test_a_class_without_a_type_loses_its_parameters(tmp_path: Path) -> None:
    """A Keras file states no parameters, so the warning names them."""
    layers = [INPUT, layer("MyLayer", "mine", [new(tensor("x", 0, [None, 11]))]),
              layer("Dense", "d", [new(tensor("mine", 0, [None, 9]))], units=2)]  # fmt: skip
    (message,) = _warnings(written(tmp_path, functional(layers, [["x", 0, 0]], [["d", 0, 0]])))
    assert message.endswith("its parameters and MACs are not counted")
