"""Drafts made of our own specs: the graph's layers one by one, activations as layers of their own.

So a draft comes with all that a file of another tool states, and with the modules around its layers or without.
"""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import examine
from cnncalc.diagnostics import Source
from cnncalc.graph.model import Graph, Node
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer
from cnncalc.layers.base import Layer
from cnncalc.layers.reshaping.split import Split
from cnncalc.layers.wrapping._wrapper import Wrapper


def draft_of(reference: str, *, scopes: bool = False) -> Draft:
    """The draft of a spec; with `scopes`, each layer knows the blocks around it as modules."""
    graph, report = examine(reference)
    names: dict[int, str] = {}
    owners: dict[int, str] = {}
    layers: list[DraftLayer] = []
    params = {layer.name: layer.params for layer in report.layers}
    for index, node in enumerate(graph.nodes):
        if isinstance(node.layer, Split) and node.layer.place:  # the parts of one layer
            names[index] = f"{names[index - 1].rpartition('.')[0]}.{node.layer.place}"
            continue
        if node.layer is None:
            names[index] = node.name
            continue
        kinds = tuple(part.rstrip("0123456789").title() for part in node.path) if scopes else ()
        inputs = tuple(names[source] for source in node.inputs)
        layer = DraftLayer(
            node.name if scopes else f"n{index}", node.layer.type, _fields(node.layer), inputs,
            scope=node.path if scopes else (), kinds=kinds, trainable=node.trainable, stated_shape=node.shape,
            stated_params=params[node.name], operation=node.layer.type.title(),
            shares=None if node.shares is None else owners[node.shares],
        )  # fmt: skip
        layers.append(layer)
        owners[index] = layer.name
        names[index] = f"{layer.name}.0" if isinstance(node.layer, Split) else layer.name
        if node.activation is not None:
            names[index] = f"{layer.name}_act"
            layers.append(_activation(node, names[index], layer))
    return _draft(graph, layers, names)


def _draft(graph: Graph, layers: list[DraftLayer], names: dict[int, str]) -> Draft:
    inputs = [DraftInput(node.name, node.shape) for node in graph.sources]
    outputs = tuple(names[index] for _, index in graph.outputs)
    source, setting = Source(f"{graph.name}.toy", ""), graph.setting
    return Draft(source, "a test's draft", setting.convention.name, setting.layout, inputs, layers, outputs)


def _activation(node: Node, name: str, layer: DraftLayer) -> DraftLayer:
    assert node.activation is not None
    return DraftLayer(
        name, node.activation.type, _fields(node.activation), (layer.name,), scope=layer.scope, kinds=layer.kinds,
        stated_shape=node.shape, stated_params=0, operation=node.activation.type.title(),
    )  # fmt: skip


def _fields(layer: Layer) -> dict[str, Any]:
    if isinstance(layer, Wrapper):
        return {"layer": {layer.layer.type: _fields(layer.layer)}}
    return {name: _plain(value) for name, value in layer.values().items() if name != "names"}


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
