"""Selection of a model's layers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.cli._command import SpecOptions
    from cnncalc.graph.model import Graph, Node
    from cnncalc.importing.unshaped import UnshapedLayer, UnshapedRest


def nodes_at_once(command: str, graph: Graph, name: str | None, options: SpecOptions) -> list[Node]:
    """Like `chosen_nodes`. Raises SpecError if there are more layers than the command shows at once."""
    from cnncalc.graph.model import stacked
    from cnncalc.reading.limits import DEFAULT_LIMITS

    nodes = chosen_nodes(graph, name)
    limits = options.get("limits") or DEFAULT_LIMITS
    limits.check_at_once(command, stacked(nodes), graph.nodes[0].span)
    return nodes


def chosen_nodes(graph: Graph, name: str | None) -> list[Node]:
    """The layer called `name`, every layer of the block with that name, or all layers if `name` is None.

    Raises a usage error with the closest name if there is no such layer.
    """
    layers = [node for node in graph.nodes if node.layer is not None]
    if name is None:
        return layers
    found = [node for node in layers if node.name == name] or [node for node in layers if is_called(name, node)]
    if not found:
        from cnncalc.graph.hints import layer_hint

        raise click.UsageError(f'there is no layer "{name}": {layer_hint(name, [node.name for node in layers])}')
    return found


def is_called(name: str | None, layer: Node | UnshapedLayer) -> bool:
    """Whether a layer is called `name` or in the block with that name; every layer is, if `name` is None."""
    return name is None or layer.name == name or layer.name.startswith(f"{name}.")


def unshaped_layers(rest: UnshapedRest | None, name: str | None) -> Sequence[UnshapedLayer]:
    """The layers of unknown shapes that are called `name`, or are in the block with that name."""
    return [layer for layer in rest.layers if is_called(name, layer)] if rest is not None else ()
