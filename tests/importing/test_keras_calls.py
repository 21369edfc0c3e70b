"""Calls of nested models, states of wrapped layers and words of rare layers, as Keras's files have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.test_keras import functional, layer, new, old, tensor, written


@pytest.mark.parametrize("version", [2, 3])
def test_calls_of_nested_models_count_from_one(version: int, tmp_path: Path) -> None:
    """Keras 2 calls the two calls 1 and 2; Keras 3 does in `output_layers`, and elsewhere 0 and 1.

    The model has two outputs, and its weights count once: 8·3 + 3 + 8·4 + 4 = 63.
    """
    call = new(tensor("x")) if version == 3 else old("x")
    image = layer("InputLayer", "x", [], batch_input_shape=[None, 8])
    inside = layer("InputLayer", "i", [], batch_input_shape=[None, 8])
    dense = [layer("Dense", name, [old("i")], units=units) for name, units in (("a", 3), ("b", 4))]
    inner = functional([inside, *dense], [["i", 0, 0]], [["a", 0, 0], ["b", 0, 0]])
    nested = {"class_name": "Functional", "name": "sub", "config": inner["config"], "inbound_nodes": [call, call]}
    second: Any = tensor("sub")
    second["config"]["keras_history"] = ["sub", 0, 1]
    parts = new([tensor("sub"), second]) if version == 3 else [["sub", 1, 0, {}], ["sub", 1, 1, {}]]
    layers = [image, nested, layer("Concatenate", "c", [parts])]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["c", 0, 0], ["sub", 2, 1]])))
    assert [each.shape for each in report.outputs] == [(7,), (4,)]
    assert report.totals.params == 63
    assert [each.name for each in report.layers] == ["sub.a", "sub.b", "sub.a_2", "sub.b_2", "c"]


def test_the_state_of_one_of_two_directions_is_refused(tmp_path: Path) -> None:
    """Bidirectional has the states of both directions as further outputs, each half as long as the first."""
    inner = {"class_name": "LSTM", "config": {"name": "l", "units": 4, "return_state": True}}
    layers = [
        layer("InputLayer", "x", [], batch_input_shape=[None, 6, 7]),
        layer("Bidirectional", "b", [old("x")], layer=inner),
        layer("Dense", "d", [[["b", 0, 1, {}]]], units=2),
    ]
    with pytest.raises(SpecError, match="the state of b is used, which a spec cannot name"):
        cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["d", 0, 0]])))


def test_words_of_rare_layers(tmp_path: Path) -> None:
    """STFTSpectrogram on 1,024 samples: (1024 − 128) / 64 + 1 = 15 frames of 128 / 2 + 1 = 65 bins."""
    words = {"frame_length": 128, "frame_step": 64, "fft_length": 128, "padding": "valid"}
    layers = [
        layer("InputLayer", "x", [], batch_input_shape=[None, 1024, 1]),
        layer("STFTSpectrogram", "s", [old("x")], **words),
    ]
    report = cnncalc.analyze(written(tmp_path, functional(layers, [["x", 0, 0]], [["s", 0, 0]])))
    assert report.outputs[0].shape == (15, 65)


def test_low_rank_matrices_are_a_warning(tmp_path: Path) -> None:
    """A Dense with `lora_rank` has two more matrices in Keras, which are left out."""
    layers = [
        layer("InputLayer", "x", [], batch_input_shape=[None, 5]),
        layer("Dense", "d", [old("x")], units=7, lora_rank=2),
    ]
    file = written(tmp_path, functional(layers, [["x", 0, 0]], [["d", 0, 0]]))
    assert cnncalc.analyze(file).totals.params == 5 * 7 + 7
    found = [each.message for each in cnncalc.lint(file) if each.code == "E112"]
    assert found == ["d: its low-rank matrices (lora_rank) are not counted"]
