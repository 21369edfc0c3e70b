"""The questions of exercises in words: "number of parameters of the first convolution"."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.graph.model import Graph
from cnncalc.homework.exercises.description import layer_words
from cnncalc.homework.figure_paths import WITH_BATCH, WITH_STEPS, Asked, AskedModel, axis_names, spatial_names
from cnncalc.homework.fit import DoesNotFit
from cnncalc.homework.sheet import QuestionPart
from cnncalc.homework.values import Hyperparameter

_FIGURES: Mapping[str, str] = {
    "output": "shape of the output", "input": "shape of the input", "params": "number of parameters",
    "trainable_params": "number of trainable parameters",
    "non_trainable_params": "number of parameters that are not trained",
    "buffers": "number of values that are kept but not learned",
    "unshared_params": "number of parameters without weight sharing", "weights": "number of weights without biases",
    "biases": "number of biases", "macs": "number of multiply–accumulates", "flops": "number of operations",
    "receptive_field": "receptive field", "effective_stride": "effective stride", "layers": "number of layers",
    "weight_layers": "number of layers with weights", "param_bytes": "memory of the parameters in bytes",
    "activation_elements": "number of elements of the output", "activation_bytes": "memory of the output in bytes",
    "memory_bytes": "number of bytes of the parameters and of the activations at their peak",
    "peak_activation_bytes": "largest memory of the activations in bytes", "steps": "number of steps",
    WITH_BATCH: "shape of the output with the batch", WITH_STEPS: "shape of the output at every step",
}  # fmt: skip
_VARIABLES: Mapping[str, str] = {
    "p": "padding", "s": "stride", "k": "kernel", "f": "kernel", "d": "dilation", "g": "number of groups",
    "n": "number of filters", "u": "number of units",
}  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def asked_in_words(part: QuestionPart) -> str:
    """The question of a part: its own text, or its metric in words."""
    words = part.text if "." in part.name and part.text else _asked(part)
    return words[:1].upper() + words[1:]


def _asked(part: QuestionPart) -> str:
    if part.question is not None:
        return _metric(part.question.about, part.question.asked)
    if isinstance(part.value, Hyperparameter):
        return _VARIABLES.get(part.asks.casefold(), part.asks)
    if isinstance(part.value, DoesNotFit):
        return _FIGURES.get(part.asks.rpartition(".")[2], part.asks)
    return "result" if part.asks == "output" else part.asks


def _metric(about: AskedModel, asked: Asked) -> str:
    if asked.over is not None:
        first, second = (path.strip() for path in asked.path.split("/", 1))
        return f"ratio of the {_path(about, first)} to the {_path(about, second)}"
    return _one(about, asked)


def _path(about: AskedModel, path: str) -> str:
    from cnncalc.homework.figure_paths import ask

    return _one(about, ask(about, path))


def _one(about: AskedModel, asked: Asked) -> str:
    words = _FIGURES.get(asked.figure, asked.figure.replace("_", " "))
    if isinstance(asked.value, tuple) and len(asked.value) == 1:
        words = words.replace("shape", "size")
    if asked.part == "shape":
        words = f"shape of the {words}"
    elif asked.part == "size":
        words = f"number of elements of the {'input' if asked.figure == 'input' else 'output'}"
    elif asked.part:
        words = f"{asked.part} of the {'output' if asked.figure == 'output' else words}"
    owner = _whole(about.graph) if asked.place is None else _owner(about.graph, asked.place)
    axes = _axes(about, asked)
    return f"{words}{f' of the {owner}' if owner else ''}{f' ({axes})' if axes else ''}"


def _axes(about: AskedModel, asked: Asked) -> str:
    """The order of the axes of a shape, unless there is only one."""
    if not isinstance(asked.value, tuple) or asked.part or len(asked.value) < 2:
        return ""
    if asked.figure in ("output", "input"):
        return " × ".join(axis_names(about, len(asked.value)))
    return (
        " × ".join(spatial_names(len(asked.value))) if asked.figure in ("receptive_field", "effective_stride") else ""
    )


def _whole(graph: Graph) -> str:
    return "whole network" if sum(node.layer is not None for node in graph.nodes) > 1 else ""


def _owner(graph: Graph, place: int) -> str:
    """A layer in words; an empty text for the only layer, and for an input."""
    node = graph.nodes[place]
    layers = [other for other in graph.nodes if other.layer is not None]
    if node.layer is None or len(layers) == 1:
        return ""
    alike = [other for other in layers if other.layer is not None and other.layer.type == node.layer.type]
    words = layer_words(node.layer)
    if node.name != f"{node.layer.type}_{alike.index(node) + 1}":
        return f"{words} {node.name}"
    if len(alike) == 1:
        return words
    at = alike.index(node)
    return f"{_ORDINALS[at]} {words}" if at < len(_ORDINALS) else f"{words} {at + 1}"
