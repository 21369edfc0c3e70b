"""Values that are absent when a node reads them: of a cycle, of a later node, or of no node."""

from __future__ import annotations

from collections.abc import Container, Mapping

from cnncalc.importing.onnx.proto import OnnxNode

_MOST_NAMED = 8


def reason_of_absence(
    node: OnnxNode, makers: Mapping[str, OnnxNode], computed: Container[str]
) -> tuple[str, str]:  # fmt: skip
    """Why an input of a node is absent, and what to do. `makers` has the node that gives each value."""
    missing = _missing(node, computed)
    chain = {id(node): node}
    reader, name = node, missing
    while name:
        maker = makers.get(name)
        if maker is None:
            return f'{reader.label()}: the input "{name}" is never computed', ""
        if id(maker) in chain:
            start = list(chain).index(id(maker))
            return _cycle(list(chain.values())[start:]), "remove one of the connections"
        chain[id(maker)] = reader = maker
        name = _missing(maker, computed)
    message = (
        f'{node.label()}: the input "{missing}" is not computed before this node, but by {makers[missing].label()}'
    )
    return message, "sort the nodes: each comes after those that give its inputs"


def _missing(node: OnnxNode, computed: Container[str]) -> str:
    """The first input that is absent, or an empty name."""
    return next((name for name in node.inputs if name and name not in computed), "")


def _cycle(nodes: list[OnnxNode]) -> str:
    """The nodes of a cycle in a sentence."""
    if len(nodes) == 1:
        return f"the node {nodes[0].label()} reads its own output"
    more = f" and {len(nodes) - _MOST_NAMED} more" if len(nodes) > _MOST_NAMED else ""
    return f"the nodes {', '.join(each.label() for each in nodes[:_MOST_NAMED])}{more} form a cycle"
