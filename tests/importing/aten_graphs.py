"""Recorded graphs of aten operators as JSON, and back."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from cnncalc.importing.aten.graph import AtenGraph, AtenInput, AtenNode, AtenRef
from cnncalc.importing.tensors.tensor import TapeArray

GRAPHS = Path(__file__).parent.parent / "data" / "torch_modules.json.gz"
PROGRAMS = Path(__file__).parent.parent / "data" / "torch_programs.json.gz"


@cache
def recorded() -> dict[str, Any]:
    """Of each module: its graph, and the parameters and multiply-accumulates that PyTorch counts."""
    found: dict[str, Any] = json.loads(gzip.decompress(GRAPHS.read_bytes()))
    return found


@cache
def programs() -> dict[str, Any]:
    """The JSON that torch.export saves of each module, with a dynamic batch, and of one sample."""
    found: dict[str, Any] = json.loads(gzip.decompress(PROGRAMS.read_bytes()))
    return found


def as_plain(graph: AtenGraph) -> dict[str, Any]:
    """A graph as what JSON can say."""
    return {
        "name": graph.name, "batch": graph.batch, "inputs": graph.inputs, "source": graph.source,
        "arrays": {name: [each.dims, each.name, each.learned] for name, each in graph.arrays.items()},
        "outputs": [each.name for each in graph.outputs],
        "nodes": [
            [
                node.name, node.operator, node.overload, _plain(list(node.arguments)), _plain(node.keywords),
                node.outputs, node.scope, node.kinds,
            ]
            for node in graph.nodes
        ],
    }  # fmt: skip


def graph_of(plain: dict[str, Any]) -> AtenGraph:
    """The graph that was recorded."""
    arrays = {name: TapeArray(tuple(dims), own, learned) for name, (dims, own, learned) in plain["arrays"].items()}
    nodes = [
        AtenNode(
            name, operator, overload, tuple(_meant(arguments)), _meant(keywords),
            tuple(None if dims is None else tuple(dims) for dims in outputs), tuple(scope), tuple(kinds),
        )
        for name, operator, overload, arguments, keywords, outputs, scope, kinds in plain["nodes"]
    ]  # fmt: skip
    inputs = [AtenInput(name, tuple(dims)) for name, dims in plain["inputs"]]
    outputs = [AtenRef(name) for name in plain["outputs"]]
    return AtenGraph(plain["name"], plain["batch"], inputs, arrays, nodes, outputs, plain["source"])


def _plain(value: Any) -> Any:
    if isinstance(value, AtenRef):
        return {"ref": value.name}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _meant(value: Any) -> Any:
    if isinstance(value, dict):
        return AtenRef(value["ref"]) if set(value) == {"ref"} else {key: _meant(each) for key, each in value.items()}
    return [_meant(each) for each in value] if isinstance(value, list) else value
