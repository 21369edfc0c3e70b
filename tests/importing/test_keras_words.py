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


_CELL = {"class_name": "LSTM", "module": "keras.layers", "config": {"units": 5}}


@pytest.mark.parametrize(
    ("class_name", "config", "message", "hint"),
    [
        ("Bidirectional", {"layer": {**_CELL, "class_name": "LSTMM"}}, "keras.layers has no LSTMM", "LSTM"),
        ("TimeDistributed", {"layer": {**_CELL, "class_name": "Densee"}}, "keras.layers has no Densee", "Dense"),
        (
            "TimeDistributed", {"layer": {"class_name": "Dense", "config": {"units": 5, "activation": "rleu"}}},
            "unknown activation rleu", "relu",
        ),
        ("LSTM", {"units": 5, "activation": "tahn"}, "unknown activation tahn", "tanh"),
        ("GRU", {"units": 5, "recurrent_activation": "sigmoud"}, "unknown recurrent_activation sigmoud", "sigmoid"),
        (
            "Bidirectional",
            {"layer": _CELL, "backward_layer": {**_CELL, "config": {"units": 5, "activation": "tahn"}}},
            "unknown activation tahn", "tanh",
        ),
    ],
)  # fmt: skip
def test_mistyped_words_inside_wrappers(
    class_name: str, config: dict[str, Any], message: str, hint: str, tmp_path: Path
) -> None:
    """The layer inside a wrapper and the cell inside a layer have Keras's names as well."""
    model = sequential(_SEQUENCE, (class_name, {"name": "r", **config}))
    model["config"]["layers"][1]["module"] = "keras.layers"
    with pytest.raises(SpecError) as raised:
        cnncalc.analyze(written(tmp_path, model))
    (found,) = raised.value.diagnostics
    assert found.message.endswith(message)
    assert found.hint == f"did you mean {hint}?"


@pytest.mark.parametrize("word", ["sigmoid", "hard_sigmoid", "silu", "linear", "exponential"])
def test_activations_of_keras_are_known(word: str, tmp_path: Path) -> None:
    """No activation of Keras is taken for a mistyped one."""
    model = sequential(_SEQUENCE, ("GRU", {"name": "r", "units": 5, "recurrent_activation": word}))
    model["config"]["layers"][1]["module"] = "keras.layers"
    assert cnncalc.analyze(written(tmp_path, model)).totals.params == 3 * ((7 + 5) * 5 + 2 * 5)


def test_directions_that_differ_are_opaque(tmp_path: Path) -> None:
    """A backward layer with other units is no layer here; an equal one that runs backwards is the same layer."""
    backward = {"class_name": "LSTM", "config": {"units": 5, "go_backwards": True}}
    layers = [layer("InputLayer", "i", [], batch_shape=[None, 4, 7]),
              layer("Bidirectional", "b", [new(tensor("i", 0, [None, 4, 7]))], layer=_CELL, backward_layer=backward),
              layer("Dense", "d", [new(tensor("b", 0, [None, 10]))], units=2)]  # fmt: skip
    file = written(tmp_path, functional(layers, [["i", 0, 0]], [["d", 0, 0]]))
    assert [each.type for each in cnncalc.analyze(file).layers] == ["bidirectional", "dense"]
    backward["config"]["units"] = 3
    file = written(tmp_path, functional(layers, [["i", 0, 0]], [["d", 0, 0]]))
    assert [each.type for each in cnncalc.analyze(file).layers] == ["opaque", "dense"]


@pytest.mark.parametrize(
    ("class_name", "key", "value"),
    [("Dense", "units", "5"), ("Conv1D", "kernel_size", ["3"]), ("Dropout", "rate", "0.5")],
)
def test_a_number_in_quotes_is_an_error(class_name: str, key: str, value: Any, tmp_path: Path) -> None:
    """Keras does not convert texts; the message names the word and the number."""
    text = value[0] if isinstance(value, list) else value
    settings = {"filters": 2, "kernel_size": 3} if class_name == "Conv1D" else {}
    model = sequential(_SEQUENCE, (class_name, {"name": "r", **settings, key: value}))
    with pytest.raises(
        SpecError, match=f'"r": {key}: "{text}" is a text, and not a number .write {text} without quotes'
    ):
        cnncalc.analyze(written(tmp_path, model))


@pytest.mark.parametrize(
    ("class_name", "config", "shape", "example"),
    [
        ("Conv1D", {"filters": 2, "kernel_size": 3}, None, "100x16"),
        ("Conv2D", {"filters": 2, "kernel_size": 3}, None, "224x224x3"),
        ("Conv3D", {"filters": 2, "kernel_size": 3}, None, "16x112x112x3"),
        ("LSTM", {"units": 2}, None, "100x16"),
        ("Dense", {"units": 2}, None, "784"),
        ("Conv2D", {"filters": 2, "kernel_size": 3}, [None, None, None, 5], "224x224x5"),
        ("Conv1D", {"filters": 2, "kernel_size": 3}, [None, None, 7], "100x7"),
    ],
)
def test_the_example_of_a_missing_input_has_the_axes_of_the_layer(
    class_name: str, config: dict[str, Any], shape: Any, example: str, tmp_path: Path
) -> None:
    """The hint is a shape that the first layer takes, with the sizes that the file states."""
    given = {"batch_input_shape": shape} if shape else {}
    with pytest.raises(SpecError) as raised:
        cnncalc.analyze(written(tmp_path, sequential((class_name, {"name": "first", **config, **given}))))
    assert raised.value.diagnostics[0].hint == f"give it, for example --input {example}"
