"""The modules that PyTorch's exporters state of each node, and the name of a node in them.

The newer exporter states scopes and classes as metadata; the older one writes them into the node's name,
`/layer1/layer1.0/conv1/Conv`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.importing.module_paths import OpenModule, parts_of, path_of
from cnncalc.importing.onnx.proto import MODULE_KEYS, OnnxNode

_PLAIN_LIST = re.compile(r"\['[\w.@]*'(?:, '[\w.@]*')*\]")
"""A list of texts without escapes or commas, as nearly all are: reading it as Python takes ten times as long."""
_SCOPED = re.compile(r"/(?:[\w.-]+/)+[\w.-]+$")


class PlacedNode(NamedTuple):
    """A node's own name, the modules around it, and their classes where the file states them."""

    own: str
    scope: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def places_of(nodes: Sequence[OnnxNode]) -> list[PlacedNode]:
    """The place of each node. A module whose nodes all are one operation gives it its name; others hold it."""
    known: dict[str, tuple[str, ...]] = {}
    paths = [_path(node, known) for node in nodes]
    operations: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for node, (path, _) in zip(nodes, paths, strict=True):
        operations[path].add(node.op)
    for path in list(operations):
        for depth in range(1, len(path)):
            operations[path[:depth]].add("")
    return [_placed(node, path, kinds, operations) for node, (path, kinds) in zip(nodes, paths, strict=True)]


def _placed(
    node: OnnxNode, path: tuple[str, ...], kinds: tuple[str, ...], operations: dict[tuple[str, ...], set[str]]
) -> PlacedNode:  # fmt: skip
    if not path:
        return PlacedNode(readable(node.name or (node.outputs[0] if node.outputs else node.op)))
    if len(operations[path]) == 1 and "" not in operations[path]:
        return PlacedNode(readable(path[-1]), path[:-1], kinds[:-1])
    return PlacedNode(readable(node.op.lower()), path, kinds)


def _path(node: OnnxNode, known: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The modules around a node, outermost first, and their classes. `known` are those of earlier nodes' names."""
    scopes, classes = (listed(node.metadata.get(key, "")) for key in MODULE_KEYS) if node.metadata else ([], [])
    if len(scopes) > 2:
        kinds = [each.rsplit(".", 1)[-1] for each in classes[: len(scopes)]]
        kinds += [""] * (len(scopes) - len(kinds))
        names, kinds_of_path = path_of([OpenModule(*each) for each in zip(scopes, kinds, strict=True)][1:-1])
        return _of_weights(node, names), kinds_of_path
    if _SCOPED.match(node.name):
        around = node.name.rpartition("/")[0]
        if around not in known:
            known[around] = _relative(around.strip("/").split("/"))
        return known[around], ()
    return (), ()


def _of_weights(node: OnnxNode, path: tuple[str, ...]) -> tuple[str, ...]:
    """The path of a convolution that its batch normalization was fused into: the module of its weights beside it."""
    if node.op not in ("Conv", "ConvTranspose") or len(node.inputs) < 2 or not node.inputs[1].endswith(".weight"):
        return path
    *around, own = node.inputs[1].removesuffix(".weight").split(".")
    return (*path[:-1], own) if ".".join(around) == ".".join(path[:-1]) else path


def _relative(names: Sequence[str]) -> tuple[str, ...]:
    """Each module's name inside of the one before: `("layer1", "layer1.0")` is `("layer1", "0")`."""
    found, before = [], ""
    for name in names:
        found.append(name[len(before) + 1 :] if before and name.startswith(f"{before}.") else name)
        before = name
    return parts_of(".".join(found))


def listed(text: str) -> list[str]:
    """A list of texts as Python writes it."""
    if not text.startswith("[") or len(text) > 10_000:
        return []
    if _PLAIN_LIST.fullmatch(text):
        return [each[1:-1] for each in text[1:-1].split(", ")]
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [str(each) for each in found] if isinstance(found, list) else []


def readable(name: str) -> str:
    """A name of the file without slashes and brackets."""
    if name.isalnum():  # as most are
        return name
    return re.sub(r"[^\w.]+", "_", name.strip("/")).strip("_") or "x"
