"""The nodes that the outputs need, and the name of each by the modules around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.importing.aten.graph import UNTRACED, AtenGraph, AtenNode, AtenRef
from cnncalc.importing.draft import Location
from cnncalc.importing.tensors.tape import TapePosition


def needed(graph: AtenGraph) -> list[AtenNode]:
    """The nodes on whose values the outputs depend; one that changes a value in place counts as that value."""
    wanted = {each.name for each in graph.outputs}
    wholes = _wholes(graph.nodes)
    found = []
    for node in reversed(graph.nodes):
        refs = [each.name for each in references((node.arguments, list(node.keywords.values())))]
        if node.name in wanted or (node.is_in_place and refs and wanted & {refs[0], *wholes.get(refs[0], ())}):
            found.append(node)
            wanted.update(refs)
    return found[::-1]


VIEWS = frozenset(
    f"aten.{word}"
    for word in (
        "slice", "select", "narrow", "view", "reshape", "permute", "transpose", "unsqueeze", "squeeze", "expand",
        "alias", "t", "flatten", "detach", "diagonal", "unfold", "view_as", "expand_as",
    )
)  # fmt: skip
"""The operators whose result is a part of their argument: what is written into it, is written into the argument."""


def _wholes(nodes: Sequence[AtenNode]) -> dict[str, tuple[str, ...]]:
    """The values that each view is a part of, by its name."""
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        if node.operator in VIEWS and node.arguments and isinstance(node.arguments[0], AtenRef):
            whole = node.arguments[0].name
            found[node.name] = (whole, *found.get(whole, ()))
    return found


def references(value: Any) -> Iterator[AtenRef]:
    """The values that arguments name, in order."""
    if isinstance(value, AtenRef):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from references(each)


def word_of(node: AtenNode) -> str:
    """The operator without its namespace and the mark of a change in place: `relu` for `aten.relu_`."""
    return node.operator.rsplit(".", 1)[-1].strip("_") or "x"


_SILENT = frozenset({"getitem", "aten.alias", "aten.contiguous", "aten.clone"})
"""The operators that no module is named after, as they add no layer."""


def places_of(nodes: Sequence[AtenNode]) -> list[TapePosition]:
    """The position of each node.

    A module with one operation, in however many calls, gives it its name: `relu`, and `relu_2` for the second call.
    Others are around theirs.
    """
    operations: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for node in nodes:
        if node.operator in _SILENT:
            continue
        for depth in range(1, len(node.scope) + 1):
            operations[node.scope[:depth]].add(word_of(node) if depth == len(node.scope) else "")
    return [_placed(node, operations) for node in nodes]


def _placed(node: AtenNode, operations: dict[tuple[str, ...], set[str]]) -> TapePosition:
    word, scope = word_of(node), node.scope
    location = Location(path=".".join((*scope, node.name)))
    operation = "code outside of PyTorch's operators" if node.operator == UNTRACED else word
    if scope and operations[scope] == {word}:
        return TapePosition(scope[-1], scope[:-1], node.kinds[: len(scope) - 1], location, operation)
    return TapePosition(word, scope, node.kinds, location, operation)
