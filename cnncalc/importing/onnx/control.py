"""Branches, loops and sequences of tensors, as far as they are known without running the model.

An If with a constant condition is its branch, a Loop with a constant number of turns its body so many times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.onnx.attributes import Malformed, NodeAttributes, place_of
from cnncalc.importing.onnx.proto import OnnxGraph, OnnxNode
from cnncalc.importing.tensors import movement, parts
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray

if TYPE_CHECKING:
    from cnncalc.importing.onnx.conversion import Conversion

Inputs = Sequence[Operand | None]
_ENDLESS = 2**31
_MOST_TURNED = 5_000
"""The number of nodes of all turns of all loops: exporters write loops to cut a tensor, with a few turns."""


@dataclass(frozen=True)
class OnnxSequence(TapeArray):
    """A list of tensors, which exporters use to cut and join them."""

    items: tuple[Operand, ...] = ()


def read_by(node: OnnxNode) -> Iterator[str]:
    """The names that a node reads, those inside of its graphs too."""
    yield from node.inputs
    for value in node.attributes.values():
        if isinstance(value, OnnxGraph):
            yield from (each.name for each in value.outputs)
            for inner in value.nodes:
                yield from read_by(inner)


class ControlFlow:
    """The nodes of a conversion that hold graphs or sequences."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion

    def made(self, node: OnnxNode, inputs: Inputs) -> Inputs | None:
        """The outputs of such a node; None for one that depends on what is computed, or of another domain."""
        if node.domain not in ("", "ai.onnx"):
            return None
        rule = _RULES[node.op]
        mark = self.conversion.tape.mark()
        try:
            return rule(self, NodeAttributes(node), inputs)
        except NotSaid:
            self.conversion.tape.back_to(mark)
            return None

    def branch(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        condition = _number(inputs, 0)
        graph = node.graph("then_branch" if condition else "else_branch")
        self.conversion.take(graph, inside=True)
        return [self.conversion.values.get(each.name) for each in graph.outputs]

    def loop(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        """The body once for each turn, with what it hands on from one to the next."""
        body = node.graph("body")
        turns = _number(inputs, 0) if inputs and inputs[0] is not None else _ENDLESS
        goes_on = bool(_number(inputs, 1)) if len(inputs) > 1 and inputs[1] is not None else True
        carried = list(inputs[2:])
        if len(body.inputs) != 2 + len(carried) or len(body.outputs) < 1 + len(carried):
            raise Malformed("the body of the loop has other inputs than the loop hands to it")
        collected: list[list[Operand]] = [[] for _ in body.outputs[1 + len(carried) :]]
        turn = 0
        while goes_on and turn < turns:
            self.conversion.turned += 1 + len(body.nodes)
            if self.conversion.turned > _MOST_TURNED:
                raise Malformed(f"the loops of the file turn over more than {_MOST_TURNED} nodes")
            found = self.turn(body, turn, carried)
            goes_on = bool(_number(found, 0))
            carried = found[1 : 1 + len(carried)]
            for store, value in zip(collected, found[1 + len(carried) :], strict=True):
                store.append(_present(value))
            turn += 1
        return [*carried, *(parts.stack(self.conversion.tape, store, 0) for store in collected)]

    def turn(self, body: OnnxGraph, turn: int, carried: Sequence[Operand | None]) -> list[Operand | None]:
        values = self.conversion.values
        given = [TapeArray((), values=(turn,)), TapeArray((), values=(True,)), *carried]
        values.update({info.name: each for info, each in zip(body.inputs, given, strict=True) if each is not None})
        self.conversion.take(body, inside=True)
        return [values.get(each.name) for each in body.outputs]

    # --- sequences -------------------------------------------------------------------------------------------------

    def construct(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        return [OnnxSequence((), items=tuple(each for each in inputs if each is not None))]

    def insert(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        items = list(_items(inputs))
        place = _number(inputs, 2) if len(inputs) > 2 and inputs[2] is not None else len(items)
        items.insert(place, _present(inputs[1]))
        return [OnnxSequence((), items=tuple(items))]

    def erase(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        items = list(_items(inputs))
        del items[_place(inputs, len(items)) if len(inputs) > 1 else -1]
        return [OnnxSequence((), items=tuple(items))]

    def at(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        items = _items(inputs)
        return [items[_place(inputs, len(items))]]

    def length(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        return [TapeArray((), values=(len(_items(inputs)),))]

    def split(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        """A tensor cut along an axis, by default into single positions."""
        x = self.conversion.tape.tensor(_present(inputs[0]))
        axis = place_of(node.integer("axis", 0), x.rank, node.node.op)
        given = inputs[1] if len(inputs) > 1 else None
        sizes = [1] * x.dims[axis]
        if isinstance(given, TapeArray) and given.values is not None:
            sizes = [int(size) for size in given.values]
            if not given.dims:
                whole, rest = divmod(x.dims[axis], max(sizes[0], 1))
                sizes = [sizes[0]] * whole + ([rest] if rest else [])
        elif given is not None:
            raise NotSaid("sizes that are computed")
        found = parts.split(self.conversion.tape, x, axis, sizes)
        if given is None and not node.integer("keepdims", 1):
            found = [movement.squeeze(self.conversion.tape, each, [axis]) for each in found]
        return [OnnxSequence((), items=tuple(found))]

    def concat(self, node: NodeAttributes, inputs: Inputs) -> Inputs:
        items = _items(inputs)
        if not items:
            raise Malformed("an empty sequence cannot be joined")
        new = bool(node.integer("new_axis", 0))
        axis = place_of(node.integer("axis"), len(items[0].dims) + new, node.node.op)
        join = parts.stack if new else parts.concat
        return [join(self.conversion.tape, items, axis)]


def _present(value: Operand | None) -> Operand:
    if value is None:
        raise Malformed("an input is missing")
    return value


def _items(inputs: Inputs) -> tuple[Operand, ...]:
    found = inputs[0] if inputs else None
    if not isinstance(found, OnnxSequence):
        raise NotSaid("a sequence that is computed")
    return found.items


def _number(inputs: Inputs, place: int) -> int:
    """The one whole number of an input. Raises NotSaid where it is computed."""
    found = inputs[place] if place < len(inputs) else None
    values = found.values if isinstance(found, TapeArray) and prod(found.dims) == 1 else None
    if not values or not isinstance(values[0], int):
        raise NotSaid("a number that is computed")
    return int(values[0])


def _place(inputs: Inputs, count: int) -> int:
    """The position in a sequence that the second input names."""
    place = _number(inputs, 1)
    if not -count <= place < count:
        raise Malformed(f"position {place} of a sequence with {count} tensors")
    return place


def _empty(flow: ControlFlow, node: NodeAttributes, inputs: Inputs) -> Inputs:
    return [OnnxSequence(())]


_RULES: Mapping[str, Callable[[ControlFlow, NodeAttributes, Inputs], Inputs]] = MappingProxyType({
    "If": ControlFlow.branch, "Loop": ControlFlow.loop, "SequenceEmpty": _empty,
    "SequenceConstruct": ControlFlow.construct, "SequenceInsert": ControlFlow.insert,
    "SequenceErase": ControlFlow.erase, "SequenceAt": ControlFlow.at, "SequenceLength": ControlFlow.length,
    "SplitToSequence": ControlFlow.split, "ConcatFromSequence": ControlFlow.concat,
})  # fmt: skip
"""By the operator's name."""

CONTROL_OPERATORS = frozenset(_RULES)
"""The operators that hold graphs or sequences."""
