"""One layer under every framework's rules, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc import shown
from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.hints import unknown_layer
from cnncalc.graph.model import stacked
from cnncalc.layers.base import Layer
from cnncalc.layers.counts import count
from cnncalc.reading.limits import limits_of
from cnncalc.reading.load import Reference


class Ruling(NamedTuple):
    """The result of one rule for a layer: its output and parameters, or the reason for a rejection."""

    rule: str
    output_shape: Shape | None
    params: int | None
    unshared_params: int | None
    refusal: str
    differs: bool
    """Whether the output or the parameters differ from the spec's own."""


@shown.in_notebooks
class RuleComparison(dict[str, list[Ruling]]):
    """The rulings on layers by their names."""

    def __init__(self, rulings: Mapping[str, list[Ruling]], types: Mapping[str, str]) -> None:
        super().__init__(rulings)
        self.types = types
        """The type of each layer."""


_RULES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("course formula", "formula", {}),
    ("course formula, exact", "formula", {"rounding": "exact"}),
    ("TensorFlow SAME", "tensorflow", {"padding": "same"}),
    ("TensorFlow VALID", "tensorflow", {"padding": "valid"}),
    ("Keras", "keras", {}),
    ("PyTorch", "pytorch", {}),
    ("PyTorch, ceil_mode", "pytorch", {"rounding": "ceil"}),
    ("ONNX", "onnx", {}),
    ("Caffe", "caffe", {}),
)
"""The title of each rule, its convention, and the fields that it sets."""


def compare(source: Reference, layer: str | None = None, **options: Any) -> RuleComparison:
    """Each layer of a spec, or the one called `layer`, under every rule; options are those of `load`.

    Raises SpecError for an invalid spec, and KeyError if no layer has that name.

    >>> rulings = compare("32x32x3 -> conv 20 8x8 s2 p1")["conv_1"]
    >>> [ruling.output_shape for ruling in rulings if ruling.rule.startswith("TensorFlow")]
    [(16, 16, 20), (13, 13, 20)]
    """
    graph = load(source, **options)
    layers = {node.name: (node.layer, graph.inputs_of(node)) for node in graph.nodes if node.layer is not None}
    if layer is not None and layer not in layers:
        raise unknown_layer(layer, layers)
    if layer is None:
        limits_of("compare", options.get("limits")).check_at_once("compare", stacked(graph.nodes), graph.nodes[0].span)
    chosen = list(layers) if layer is None else [layer]
    return RuleComparison(
        {name: compare_layer(*layers[name]) for name in chosen}, {name: layers[name][0].type for name in chosen}
    )


def compare_layer(layer: Layer, inputs: tuple[Shape, ...]) -> list[Ruling]:
    """The layer as written, then under each rule that applies to its type. Shapes keep the spec's layout."""
    own = _rule("as written", layer, inputs)
    rulings = [own]
    for title, convention, changes in _RULES:
        if not all(_takes(layer, name, value) for name, value in changes.items()):
            continue
        if changes.get("rounding") == "ceil" and layer.fields["rounding"].default is not None:
            continue  # convolutions have their own default rounding, and no ceil_mode
        setting = Setting(CONVENTIONS[convention], layer.setting.layout)
        changed = layer.under(setting, **changes)
        ruling = _rule(title, changed, inputs)
        differs = (ruling.output_shape, ruling.params) != (own.output_shape, own.params)
        rulings.append(ruling._replace(differs=differs))
    return rulings


def _takes(layer: Layer, name: str, value: object) -> bool:
    """Whether a layer has a field that accepts the value; the padding of `unfold`, for example, must be a number."""
    if name not in layer.fields:
        return False
    try:
        layer.fields[name].parse(value)
    except Refusal:
        return False
    return True


def _rule(title: str, layer: Layer, inputs: tuple[Shape, ...]) -> Ruling:
    try:
        output = layer.shape(*inputs)
    except Refusal as refusal:
        return Ruling(title, None, None, None, refusal.message, differs=False)
    counts = count(layer, None, inputs, output)
    in_params = layer.setting.convention.statistics_are_params
    params = counts.learned + (counts.statistics if in_params else 0)
    unshared = counts.unshared + (counts.unshared_statistics if in_params else 0)
    return Ruling(title, output, params, unshared, "", differs=False)
