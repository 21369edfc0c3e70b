"""Keras's layers that are several of ours, or whose words depend on other words: cells, crops, sequences of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.importing.keras.layers import OwnLayer, Unknown, pieces_of

_CELLS: Mapping[str, str] = {"LSTMCell": "LSTM", "GRUCell": "GRU", "SimpleRNNCell": "SimpleRNN"}


def composed(class_name: str, config: Mapping[str, Any]) -> list[OwnLayer]:
    """The layers of any class. Raises Unknown."""
    make = _MADE.get(class_name)
    return make(config) if make else pieces_of(class_name, config)


def _rnn(config: Mapping[str, Any]) -> list[OwnLayer]:
    """`RNN(cell)`: the layer of the cell; of stacked cells, one after the other."""
    cell = config.get("cell")
    if not isinstance(cell, dict) or not isinstance(cell.get("config"), dict):
        raise Unknown("RNN")
    cells = cell["config"].get("cells") if cell.get("class_name") == "StackedRNNCells" else [cell]
    if not isinstance(cells, list) or not all(isinstance(each, dict) for each in cells):
        raise Unknown("StackedRNNCells")
    found: list[OwnLayer] = []
    for place, each in enumerate(cells, start=1):
        inner = each.get("config")
        name = _CELLS.get(str(each.get("class_name")))
        if name is None or not isinstance(inner, dict):
            raise Unknown(str(each.get("class_name")))
        sequences = place < len(cells) or config.get("return_sequences", False)
        found += pieces_of(name, {**inner, "return_sequences": sequences})
    return found


def _steps(config: Mapping[str, Any]) -> list[OwnLayer]:
    """`TimeDistributed(Sequential)`: every layer of the sequence, at each step."""
    inner = config.get("layer")
    if not isinstance(inner, dict) or inner.get("class_name") != "Sequential":
        return pieces_of("TimeDistributed", config)
    listed = inner.get("config")
    listed = listed.get("layers") if isinstance(listed, dict) else listed
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Unknown("TimeDistributed")
    layers = [each for each in listed if each.get("class_name") != "InputLayer"]
    found = [piece for each in layers for piece in pieces_of("TimeDistributed", {"layer": each})]
    if not found:
        raise Unknown("TimeDistributed")
    return found


def _center_crop(config: Mapping[str, Any]) -> list[OwnLayer]:
    return [OwnLayer("crop", {"size": [config.get("height"), config.get("width")]})]


def _random_crop(config: Mapping[str, Any]) -> list[OwnLayer]:
    """At inference, the largest part of the crop's proportions, resized to the crop."""
    size = {"height": config.get("height"), "width": config.get("width")}
    return [OwnLayer("resize_image", {**size, "crop_to_aspect_ratio": True})]


def _attention(config: Mapping[str, Any]) -> list[OwnLayer]:
    shape = config.get("output_shape")
    if isinstance(shape, list) and len(shape) == 1:
        config = {**config, "output_shape": shape[0]}
    return pieces_of("MultiHeadAttention", config)


_MADE: Mapping[str, Callable[[Mapping[str, Any]], list[OwnLayer]]] = {
    "RNN": _rnn, "TimeDistributed": _steps, "CenterCrop": _center_crop, "RandomCrop": _random_crop,
    "MultiHeadAttention": _attention,
}  # fmt: skip


def with_sizes(class_name: str, config: Mapping[str, Any], shape: Any) -> Mapping[str, Any]:
    """A configuration whose open sizes are those of the input's shape with the batch, if the file states it.

    An EinsumDense leaves the sizes of its output open that are the input's.
    """
    output, equation = config.get("output_shape"), config.get("equation")
    if class_name != "EinsumDense" or not isinstance(output, list) or None not in output:
        return config
    if not isinstance(equation, str) or not isinstance(shape, list):
        return config
    before, _, after = equation.partition("->")
    known = dict(zip(before.partition(",")[0], shape, strict=False))
    sizes = zip(after[-len(output) :], output, strict=False)
    return {**config, "output_shape": [known.get(letter) if size is None else size for letter, size in sizes]}
