"""A graph of aten operators turned into a draft, call by call, by the functions of `operators/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, PartedSource, Refusal, Span
from cnncalc.importing.aten.graph import AtenGraph, AtenNode, AtenRef
from cnncalc.importing.aten.kernels import with_learned_kernels
from cnncalc.importing.aten.places import needed, places_of
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import fail
from cnncalc.importing.patterns import recognize
from cnncalc.importing.tensors.cuts import refuse_cuts
from cnncalc.importing.tensors.movement import to_sample
from cnncalc.importing.tensors.parts import concat, slice_
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.number_text import thousands

CONVENTION, LAYOUT = "pytorch", "CHW"

_MOST_NAMED = 3

AtenValue = Any
"""An operand, a list of values, a plain value, or None for an output that no layer yields."""


class AtenCall(NamedTuple):
    """A call at hand: the tape to append to, the node, and the sizes that PyTorch gives."""

    tape: Tape
    node: AtenNode

    @property
    def dims(self) -> Shape:
        """The sizes of the first output. Raises NotSaid for an output that is not a tensor."""
        if not self.node.outputs or self.node.outputs[0] is None:
            raise NotSaid("an output without sizes")
        return self.node.outputs[0]


def bound(defaults: Mapping[str, Any], rest: Sequence[AtenValue], keywords: Mapping[str, AtenValue]) -> dict[str, Any]:
    """The arguments of a call by the names of its schema, after those that the function itself names."""
    return {**defaults, **dict(zip(defaults, rest, strict=False)), **keywords}


AtenOperator = Callable[..., Any]
Finder = Callable[[str], AtenOperator | None]


def draft_of(graph: AtenGraph, find: Finder) -> Draft:
    """The draft of a graph. Raises SpecError (E111) for a graph whose layers no draft can list."""
    return AtenConversion(graph, find).draft()


class AtenConversion:
    """The value of each name of the graph so far, and the tape."""

    def __init__(self, graph: AtenGraph, find: Finder) -> None:
        self.graph = graph
        self.find = find
        self.tape = Tape(CONVENTION, LAYOUT, graph.batch)
        self.values: dict[str, AtenValue] = dict(graph.arrays)
        self.parts: dict[str, AtenNode] = {}
        """The nodes whose values are parts of others, by these values' names."""

    def draft(self) -> Draft:
        graph, tape = self.graph, self.tape
        standardized = with_learned_kernels(graph)
        for name, dims in graph.inputs:
            self.values[name] = tape.input(name, dims)
        nodes = needed(graph)
        for node, position in zip(nodes, places_of(nodes), strict=True):
            tape.at(position)
            self.convert(node)
        outputs = [self.values.get(each.name) for each in graph.outputs]
        names = tuple(dict.fromkeys(each.name for each in outputs if isinstance(each, TapeTensor)))
        if not names or not tape.layers:
            fail(graph.source, "the graph computes nothing from its inputs")
        refuse_cuts(graph.source, tape, (each for each in outputs if isinstance(each, TapeTensor)))
        made = Draft(
            PartedSource(graph.source), graph.format, CONVENTION, LAYOUT, tape.inputs, tape.layers, names,
            name=graph.name,
        )  # fmt: skip
        remarks = [*graph.remarks, *_standardized(standardized), *self.unused(), *self.frozen()]
        recognize(made)
        made.doubts += [Diagnostic("E112", each, Span(made.source, 0, 0), severity="warning") for each in remarks]
        return made

    def unused(self) -> list[str]:
        """A remark about parameters that no layer uses: they do not count, although the model has them."""
        sizes = {each.name: each.elements for each in self.graph.arrays.values() if each.learned}
        unused = [name for name in sizes if name not in self.tape.owners]
        if not unused or not self.graph.knows_ties:
            return []
        names = ", ".join(unused[:_MOST_NAMED]) + (" …" if len(unused) > _MOST_NAMED else "")
        total, count = thousands(sum(sizes[name] for name in unused)), len(unused)
        several = f"{count} parameters, {total} numbers in total," if count > 1 else f"1 parameter of {total} numbers"
        return [f"{several} affect no output, and are not counted: {names}"]

    def frozen(self) -> list[str]:
        """Mark the layers whose parameters are frozen; remarks about layers that have only some frozen ones."""
        learned = {each.name for each in self.graph.arrays.values() if each.learned}
        partly = self.tape.freeze({name: name in self.graph.frozen for name in sorted(learned)})
        if not partly:
            return []
        names = [name for frozen in partly.values() for name in frozen]
        listed = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
        several = "1 layer has" if len(partly) == 1 else f"{len(partly)} layers have"
        return [f"{several} frozen and trained parameters, and all count as trained here: {listed}"]

    # --- calls -----------------------------------------------------------------------------------------------------

    def convert(self, node: AtenNode) -> None:
        """Append the layers of a call, and remember what it yields."""
        arguments = [self.resolved(each) for each in node.arguments]
        keywords = {key: self.resolved(each) for key, each in node.keywords.items()}
        if node.operator == "getitem":
            self.values[node.name] = arguments[0][arguments[1]]
            return
        inputs = list(operands((arguments, list(keywords.values()))))
        if node.operator in CREATING or not any(isinstance(each, TapeTensor) or each.learned for each in inputs):
            made = self.constant(node, arguments)
        else:
            try:
                with self.tape.trying():
                    made = self.applied(node, arguments, keywords)
            except (NotSaid, Refusal, ValueError, IndexError, KeyError, TypeError, AttributeError) as reason:
                made = self.opaque(node, inputs, reason)
        self.values[node.name] = made
        if node.operator in PARTS:
            self.parts[node.name] = node
        if node.is_in_place and isinstance(node.arguments[0], AtenRef):
            self.write(node.arguments[0].name, made)

    def write(self, name: str, made: AtenValue) -> None:
        """Let a name mean another value, and the tensor that it is a part of another tensor with that part."""
        self.values[name] = made
        node = self.parts.get(name)
        whole = self.values.get(node.arguments[0].name) if node else None
        if node is not None and isinstance(made, TapeTensor) and isinstance(whole, TapeTensor | TapeArray):
            given = bound({"dim": 0, "start": None, "end": None, "step": 1}, node.arguments[1:], node.keywords)
            with self.tape.trying():
                self.write(node.arguments[0].name, replaced(self.tape, whole, made, given))

    def resolved(self, value: Any) -> AtenValue:
        if isinstance(value, AtenRef):
            return self.values.get(value.name)
        return [self.resolved(each) for each in value] if isinstance(value, list | tuple) else value

    def applied(self, node: AtenNode, arguments: list[AtenValue], keywords: dict[str, AtenValue]) -> AtenValue:
        """Apply the operator's function. Raises NotSaid if its sizes are not PyTorch's."""
        operator = self.find(node.operator)
        if operator is None:
            raise NotSaid("no layer type")
        made = operator(AtenCall(self.tape, node), *arguments, **keywords)
        found = made if isinstance(made, list) else [made]
        for value, dims in zip(found, node.outputs, strict=False):
            if isinstance(value, TapeTensor) and dims is not None and value.dims != dims:
                raise NotSaid(f"{value.dims} in place of {dims}")
        return made

    def constant(self, node: AtenNode, arguments: list[AtenValue]) -> AtenValue:
        """The result of a call on fixed numbers alone: again fixed numbers."""
        first = arguments[0] if arguments else None
        if isinstance(first, TapeArray) and (first.dims,) == node.outputs and node.operator in KEEPING:
            return first
        name = ".".join((*self.tape.position.scope, self.tape.position.name))
        arrays = [
            None if dims is None else TapeArray(dims, name + (f"_{place}" if place else ""))
            for place, dims in enumerate(node.outputs)
        ]
        return arrays if len(arrays) != 1 or node.operator in LISTING else arrays[0]

    def opaque(self, node: AtenNode, inputs: Sequence[Operand], reason: Exception) -> AtenValue:
        """A call that no layer type is, with the sizes that PyTorch gives."""
        made = [None if dims is None else self.opaque_output(node, inputs, dims, reason) for dims in node.outputs]
        return made[0] if len(node.outputs) == 1 and node.operator not in LISTING else made

    def opaque_output(self, node: AtenNode, inputs: Sequence[Operand], dims: Shape, reason: Exception) -> TapeTensor:
        size = self.tape.batch
        free = all(isinstance(each, TapeArray) or each.free for each in inputs)
        places = [] if free else [place for place, each in enumerate(dims) if each and each % size == 0]
        if len(places) > 1 and dims[0] == size:
            places = [0]
        if len(places) != 1 and not free:
            where = ".".join((*node.scope, node.name))
            fail(self.graph.source, f"{where}: {node.operator} mixes the samples of a batch ({reason})")
        batch = BatchAxis(places[0], 1, dims[places[0]] // size) if places else None
        tensors: list[Operand] = [each for each in inputs if isinstance(each, TapeTensor)]
        arrays: list[Operand] = [each for each in inputs if isinstance(each, TapeArray)]
        if not tensors:
            tensors, arrays = [self.tape.tensor(each) for each in arrays], []
        made = self.tape.opaque([*tensors, *arrays], dims, batch)
        return to_sample(self.tape, made, dims, batch)


def _standardized(count: int) -> list[str]:
    """A remark about convolutions whose kernels are standardized."""
    if not count:
        return []
    several = (
        "1 convolution standardizes its kernel" if count == 1 else f"{count} convolutions standardize their kernels"
    )
    return [f"{several} first, which changes no shape, parameter or MAC, and is not part of the layers here"]


def replaced(tape: Tape, whole: Operand, part: TapeTensor, given: Mapping[str, Any]) -> TapeTensor:
    """A tensor with another range of an axis: what is before it, the new part, and what is after it."""
    axis = given["dim"] % len(whole.dims)
    size = whole.dims[axis]
    start, stop, step = slice(given["start"], given["end"], given["step"]).indices(size)
    if step != 1:
        raise NotSaid("a part with gaps that is written")
    ends = [range_of(tape, whole, axis, 0, start), part, range_of(tape, whole, axis, stop, size)]
    return concat(tape, [each for each in ends if each.dims[axis]], axis)


def range_of(tape: Tape, whole: Operand, axis: int, start: int, stop: int) -> Operand:
    """A range of an axis; of fixed numbers, again fixed numbers."""
    dims = (*whole.dims[:axis], stop - start, *whole.dims[axis + 1 :])
    if isinstance(whole, TapeArray):
        return TapeArray(dims) if not whole.learned else slice_(tape, whole, axis, start, stop)
    return slice_(tape, whole, axis, start, stop) if stop > start else TapeArray(dims)


def operands(value: AtenValue) -> Iterator[Operand]:
    """The operands in arguments, in order."""
    if isinstance(value, TapeTensor | TapeArray):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from operands(each)


KEEPING = frozenset({
    "aten.alias", "aten.clone", "aten.contiguous", "aten.detach", "aten.detach_", "aten.to", "aten._to_copy",
    "aten.lift_fresh_copy", "aten.lift_fresh", "aten.resolve_conj", "aten.resolve_neg", "aten.type_as",
})  # fmt: skip
"""The operators that yield their first argument, as far as numbers and sizes go."""

PARTS = frozenset({"aten.slice"})
"""The operators whose result is a range of an axis, into which a program may write."""

CREATING = frozenset({
    "aten.new_zeros", "aten.new_ones", "aten.new_full", "aten.new_empty", "aten.new_tensor", "aten.zeros_like",
    "aten.ones_like", "aten.zero_", "aten.fill_", "aten.full_like", "aten.empty_like", "aten.rand_like",
    "aten.randn_like",
})  # fmt: skip
"""The operators that take of a tensor its sizes or its type alone."""

LISTING = frozenset({
    "aten.split", "aten.split_with_sizes", "aten.chunk", "aten.unbind", "aten.tensor_split", "aten.unsafe_split",
    "aten.unsafe_chunk", "aten.meshgrid", "aten.broadcast_tensors",
})  # fmt: skip
"""The operators that yield a list, even of one."""
