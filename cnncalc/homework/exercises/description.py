"""Models in words, without the notation of specs: "An input of 32×32×3 goes through a convolution of 20 filters …"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.number_text import plural

LAYER_WORDS: Mapping[str, str] = {
    "conv": "convolution", "max_pool": "maximum pooling", "avg_pool": "average pooling", "dense": "dense layer",
    "flatten": "flattening", "batch_norm": "batch normalization", "conv_transpose": "transposed convolution",
    "depthwise_conv": "depthwise convolution", "separable_conv": "separable convolution", "lstm": "LSTM", "gru": "GRU",
    "rnn": "recurrent layer", "relu": "ReLU", "rbm": "restricted Boltzmann machine", "max_unpool": "max unpooling",
    "global_avg_pool": "global average pooling", "global_max_pool": "global maximum pooling", "add": "addition",
    "concat": "concatenation", "locally_connected": "locally connected layer",
}  # fmt: skip
"""Types of layers whose name is not the one that course notes use."""
_WITHOUT_ARTICLE = ("pooling", "flattening", "normalization", "softmax", "ReLU", "dropout", "addition", "concatenation")
_VOWELS = "aeiou"
_SPELT = ("LSTM", "RNN")
"""Abbreviations whose first letter is spoken as a vowel."""
_COUNTED: Mapping[str, str] = {"filters": "filter", "units": "unit"}
_MOST_LAYERS = 40


def layer_words(layer: Layer) -> str:
    """The type of a layer in words."""
    return LAYER_WORDS.get(layer.type, layer.type.replace("_", " "))


def describe(graph: Graph) -> str:
    """One sentence for a layer or a chain, a list of steps for a graph; nothing for a large model without a name."""
    layers = [node.layer for node in graph.nodes if node.layer is not None]
    if len(layers) > _MOST_LAYERS:
        return f"The network {graph.name}." if graph.name else ""
    inputs = [node for node in graph.nodes if node.layer is None]
    if len(inputs) != 1 or not _is_chain(graph):
        return " ".join(_steps(graph))
    return f"An input of {_shape(inputs[0])} goes through {', then '.join(map(described, layers))}."


def _is_chain(graph: Graph) -> bool:
    return all(node.inputs == (place - 1,) for place, node in enumerate(graph.nodes) if place)


def _steps(graph: Graph) -> Iterator[str]:
    """A sentence for each node that names its inputs."""
    for place, node in enumerate(graph.nodes):
        if node.layer is None:
            yield f"The input {node.name} has the shape {_shape(node)}."
            continue
        sources = [graph.nodes[index].name for index in node.inputs]
        after = "" if node.inputs == (place - 1,) else f" of {' and '.join(sources)}"
        yield f"{node.name}: {described(node.layer)}{after}."


def _shape(node: Node) -> str:
    return "×".join(map(str, node.shape or ()))


def described(layer: Layer) -> str:
    """A layer with the settings that it was given."""
    words = layer_words(layer)
    spoken_as_vowel = words[0].casefold() in _VOWELS or words in _SPELT
    article = "" if words.endswith(_WITHOUT_ARTICLE) else "an " if spoken_as_vowel else "a "
    values = layer.values()
    counted = [plural(int(values[name]), noun) for name, noun in _COUNTED.items() if name in values]
    kernel = _per_axis(values["kernel"]) if "kernel" in values else ""
    of = " ".join(filter(None, (*(f"of {count}" for count in counted), f"of {kernel}" if kernel else "")))
    settings = ", ".join(_settings(values))
    return f"{article}{words}{f' {of}' if of else ''}{f' with {settings}' if settings else ''}"


def _settings(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        words = name.replace("_", " ")
        if name in ("filters", "units", "kernel"):
            continue
        if value is False:
            yield f"no {words}{'es' if words == 'bias' else ''}"
        elif name == "groups":
            yield plural(int(value), "group")
        elif value is not True and value is not None:
            yield f"{words} {_per_axis(value, both=False)}"


def _per_axis(value: Any, *, both: bool = True) -> str:
    """A setting per axis: a kernel of 3 is 3×3."""
    if isinstance(value, tuple | list):
        sizes = [str(size) for size in value]
        return sizes[0] if not both and len(set(sizes)) == 1 else "×".join(sizes)
    return f"{value}×{value}" if both and isinstance(value, int) else str(value).replace("_", " ")
