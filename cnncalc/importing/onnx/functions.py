"""Functions of a file, put in the place of the nodes that call them, with the values of their attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.proto import AttributeReference, OnnxFunction, OnnxNode

MOST_NODES = 200_000
"""The number of nodes of all functions together: functions that call each other twice grow without end."""
_MOST_LEVELS = 40

Functions = Mapping[tuple[str, str], OnnxFunction]


def inlined(nodes: Sequence[OnnxNode], functions: Functions) -> list[OnnxNode]:
    """The nodes with those of functions in place of calls. Raises Malformed for calls without end."""
    if not functions:
        return list(nodes)
    found: list[OnnxNode] = []
    for node in _Inliner(functions).expanded(nodes, 0):
        found.append(node)
        if len(found) > MOST_NODES:
            raise Malformed(f"the functions of the file hold more than {MOST_NODES} nodes")
    return found


class _Inliner:
    def __init__(self, functions: Functions) -> None:
        self.functions = functions
        self.calls = 0

    def expanded(self, nodes: Sequence[OnnxNode], level: int) -> Iterator[OnnxNode]:
        for node in nodes:
            function = self.functions.get((node.domain, node.op))
            if function is None:
                yield node
            elif level > _MOST_LEVELS:
                raise Malformed(
                    f"the function {function.name} calls itself, or {_MOST_LEVELS} others inside each other"
                )
            else:
                yield from self.expanded(self.body(node, function), level + 1)

    def body(self, call: OnnxNode, function: OnnxFunction) -> list[OnnxNode]:
        """The nodes of a function, with the caller's names and attributes and names of their own for the rest."""
        self.calls += 1
        names = dict(zip(function.inputs, [*call.inputs, *[""] * len(function.inputs)], strict=False))
        names |= dict(zip(function.outputs, [*call.outputs, *[""] * len(function.outputs)], strict=False))
        own = f"{call.label()}.{self.calls}"

        def named(name: str) -> str:
            return names.setdefault(name, f"{own}.{name}") if name else ""

        return [
            replace(
                node, inputs=[named(each) for each in node.inputs], outputs=[named(each) for each in node.outputs],
                attributes=_values(node.attributes, call.attributes, function), metadata=node.metadata or call.metadata,
                name=node.name and f"{call.name}.{node.name}",
            )
            for node in function.nodes
        ]  # fmt: skip


def _values(own: Mapping[str, Any], given: Mapping[str, Any], function: OnnxFunction) -> dict[str, Any]:
    """The attributes of a node of a function: references to those of the call have their values, or are left out."""
    values = {**function.defaults, **given}
    found = {key: values.get(value) if isinstance(value, AttributeReference) else value for key, value in own.items()}
    return {key: value for key, value in found.items() if value is not None}
