"""The nodes of a graph once more: on the tape of a draft, or on other tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.importing.python.keras.graph import GraphNode, GraphTensor, added, graph_of, position
from cnncalc.importing.python.tracing import attempt
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import Operand, TapeTensor
from cnncalc.source.values import Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


class Replay(NamedTuple):
    """Nodes on the tape of a draft: the tensors that were wanted, and the number of layers after each node."""

    tensors: list[TapeTensor]
    ends: list[tuple[int, int]]
    """The number of a node, and the number of layers up to it, in order."""


def needed(outputs: Sequence[GraphTensor]) -> list[GraphNode]:
    """The nodes that tensors depend on, in the order in which the program made them."""
    found: dict[int, GraphNode] = {}
    waiting = [each.node for each in outputs]
    while waiting:
        node = waiting.pop()
        if node is not None and node.number not in found:
            found[node.number] = node
            waiting += [each.node for each in node.operands]
    return [found[number] for number in sorted(found)]


def inputs_of(outputs: Sequence[GraphTensor]) -> list[GraphTensor]:
    """The inputs that tensors depend on, in the order in which they are used."""
    tensors = [each for node in needed(outputs) for each in node.operands] + list(outputs)
    return list({id(each): each for each in tensors if each.is_input}.values())


def replayed(
    interpreter: Interpreter, outputs: Sequence[GraphTensor], known: dict[GraphTensor, TapeTensor], tape: Tape
) -> Replay | Unfollowed:  # fmt: skip
    """Run the nodes that tensors depend on again, on the draft's tape, from other tensors for its inputs."""
    tracing = graph_of(interpreter)
    own, tracing.tape = tracing.tape, tape
    found: dict[tuple[int, int], Operand] = {}
    ends: list[tuple[int, int]] = []

    def value(tensor: GraphTensor) -> Operand:
        if tensor.array is not None:
            return tensor.array
        if tensor.node is not None:
            return found[tensor.node.number, tensor.part]
        return known[tensor]

    try:
        for node in needed(outputs):
            tape.at(position(tracing, node, interpreter))
            values = [value(each) for each in node.operands]
            made = attempt(interpreter, lambda: node.run(tape, values), node.place, node.operation)  # noqa: B023
            if isinstance(made, Unfollowed):
                return made
            for part, each in enumerate(made if isinstance(made, list) else [made]):
                found[node.number, part] = each
            ends.append((node.number, len(tape.layers)))
        return Replay([tape.tensor(value(each)) for each in outputs], ends)
    finally:
        tracing.tape = own


def copied(
    interpreter: Interpreter, outputs: Sequence[GraphTensor], given: Mapping[GraphTensor, GraphTensor],
    scope: tuple[str, ...],
) -> list[GraphTensor] | Unfollowed:  # fmt: skip
    """The nodes of a model once more, on other tensors: what a call of the model records."""
    found: dict[tuple[int, int], GraphTensor] = {}

    def value(tensor: GraphTensor) -> GraphTensor:
        if tensor.node is None:
            return given.get(tensor, tensor)
        return found[tensor.node.number, tensor.part]

    for node in needed(outputs):
        operands = [value(each) for each in node.operands]
        fresh = GraphNode(
            node.run, operands, node.name, (*scope, *node.scope), node.kinds, node.place, node.operation, node.is_pure,
            doubt=node.doubt,
        )  # fmt: skip
        made = added(interpreter, fresh)
        if isinstance(made, Unfollowed):
            return made
        for part, each in enumerate(made if isinstance(made, list) else [made]):
            assert isinstance(each, GraphTensor)
            found[node.number, part] = each
    return [value(each) for each in outputs]
