"""A graph turned into layers, node by node. Operators are functions of `operators/`, registered by their ONNX names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NoReturn

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.importing.draft import Location
from cnncalc.importing.formats import Request, check_layers, fail
from cnncalc.importing.given_shapes import check_axes, given_shape
from cnncalc.importing.onnx.arrays import constant_of, copy_of, learned_in, literal
from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.batches import batch_axis_of, known_sizes
from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.control import CONTROL_OPERATORS, ControlFlow, read_by
from cnncalc.importing.onnx.folding import Unfoldable, folded, vector
from cnncalc.importing.onnx.functions import inlined
from cnncalc.importing.onnx.modules import PlacedNode, places_of, readable
from cnncalc.importing.onnx.node_order import reason_of_absence
from cnncalc.importing.onnx.onnx_tape import OnnxTape
from cnncalc.importing.onnx.proto import Model, OnnxGraph, OnnxNode, ValueInfo
from cnncalc.importing.onnx.scales import without_scale
from cnncalc.importing.tensors.cuts import refuse_cuts
from cnncalc.importing.tensors.tape import TapePosition
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.number_text import thousands

Operator = Callable[[NodeCall], Sequence[Operand | None]]
Operators = Callable[[OnnxNode], Operator | None]


class Conversion:
    """The value of each name of the graph, and the tape that holds the layers so far."""

    def __init__(self, request: Request, model: Model, operators: Operators) -> None:
        self.request = request
        self.model = model
        self.operators = operators
        self.tape = OnnxTape(model.producer)
        self.values: dict[str, Operand] = {}
        self.makers: dict[str, OnnxNode] = {}
        """The node that gives each value, whether it is computed yet or not."""
        self.uses: Counter[str] = Counter()
        self.stated: dict[str, ValueInfo] = {}
        self.unsure: set[str] = set()
        """The names of values whose stated shapes are not expected."""
        self.disputed: set[str] = set()
        """The names of layers with another shape than the file states."""
        self.reads_sizes = False
        """Whether a constant was computed from the sizes of a value."""
        self.converted = 0
        """The number of nodes so far."""
        self.computed = 0
        """The numbers that constants were computed from."""
        self.turned = 0
        """The number of nodes of all turns of all loops."""

    # --- the graph -------------------------------------------------------------------------------------------------

    def run(self, graph: OnnxGraph) -> tuple[str, ...]:
        """Convert every node; the names of the draft's outputs."""
        self.take_inputs([each for each in graph.inputs if each.name not in graph.constants], graph)
        self.take(graph)
        found = [self.values.get(each.name) for each in graph.outputs]
        names = tuple(dict.fromkeys(each.name for each in found if isinstance(each, TapeTensor)))
        if not names or not self.tape.layers:
            fail(self.request.path, "the graph computes nothing from its inputs")
        refuse_cuts(self.request.path, self.tape, (each for each in found if isinstance(each, TapeTensor)))
        return names

    def take(self, graph: OnnxGraph, *, inside: bool = False) -> None:
        """Convert the nodes of the graph, or of one inside of a node, whose shapes exporters often state wrongly."""
        if inside:
            self.unsure.update(graph.stated, (each.name for each in graph.outputs))
        self.stated.update(graph.stated)
        self.stated.update({each.name: each for each in graph.outputs})
        learned = learned_in(graph, self.model.producer)
        self.values |= {name: constant_of(each, learned=name in learned) for name, each in graph.constants.items()}
        try:
            nodes = inlined(graph.nodes, self.model.functions)
        except Malformed as reason:
            fail(self.request.path, str(reason), "export the model again")
        self.makers.update({name: node for node in nodes for name in node.outputs})
        self.uses.update(name for node in nodes for name in read_by(node))
        self.uses.update(each.name for each in graph.outputs)
        self.converted += len(nodes)
        most = self.request.limits.layers
        if self.converted > most:
            message = f"the graph has {thousands(self.converted)} nodes; the limit is {thousands(most)}"
            fail(self.request.path, message, "raise it with --max-layers N", code="E103")
        for node, place in zip(nodes, places_of(nodes), strict=True):
            self.convert(node, place)
            check_layers(self.request, len(self.tape.layers))

    def take_inputs(self, infos: Sequence[ValueInfo], graph: OnnxGraph) -> None:
        """The inputs of the model: one axis is the batch, other open sizes come from the caller."""
        for info in infos:
            if info.content:
                message = f"the input {info.name} is {info.content}, but only tensors of numbers are read"
                fail(self.request.path, message, "export the model from the first tensor of numbers on")
            given = given_shape(self.request, info.name, readable(info.name), is_first=not self.tape.inputs)
            axis = batch_axis_of(info, graph) if info.dims or given else None
            if given and info.dims and axis is not None:
                own = [size if isinstance(size, int) else None for k, size in enumerate(info.dims) if k != axis]
                check_axes(self.request.path, readable(info.name), given, own)
            sizes = known_sizes(info, axis, given)
            if sizes is None:
                self.refuse_open(info, axis, several=len(infos) > 1)
            else:
                dims, batch = sizes
                if not self.tape.inputs:
                    self.tape.batch = batch
                self.values[info.name] = self.tape.input(readable(info.name), dims, axis, path=f"input {info.name}")

    def refuse_open(self, info: ValueInfo, axis: int | None, *, several: bool) -> None:
        """Refuse an input whose sizes nobody gives."""
        own = [size for place, size in enumerate(info.dims or ()) if place != axis]
        written = "x".join(str(size) if isinstance(size, int) and size > 0 else "?" for size in own) or "?"
        example = "x".join("3" if k == 0 and len(own) > 2 else "224" for k in range(len(own))) or "3x224x224"
        hint = f"give them, for example --input {f'{readable(info.name)}=' if several else ''}{example}"
        fail(self.request.path, f"{info.name}: the file leaves sizes open ({written})", hint, code="E205")

    # --- nodes -----------------------------------------------------------------------------------------------------

    def convert(self, node: OnnxNode, place: PlacedNode) -> None:
        """Append the layers of a node, or compute its constant."""
        at = Location(path=f"node {node.label()}")
        self.tape.at(TapePosition(place.own, place.scope, place.kinds, at, node.op))
        inputs = [self.values.get(name) if name else None for name in node.inputs]
        for name, value in zip(node.inputs, inputs, strict=True):
            if name and value is None:
                fail(self.request.path, *reason_of_absence(node, self.makers, self.values))
        try:
            # the object is not kept: without a cycle, the graph is freed before its layers are built
            flow = ControlFlow(self).made(node, inputs) if node.op in CONTROL_OPERATORS else None
            made = flow or self.constant(node, inputs) or self.applied(node, inputs)
        except Malformed as reason:
            hint = (
                "give another --input, or export the model again" if self.request.shapes else "export the model again"
            )
            fail(self.request.path, f"{node.label()}: {reason}", hint)
        for name, value in zip(node.outputs, made, strict=False):
            if name and value is not None:
                self.values[name] = value
                self.state(name, value)

    def applied(self, node: OnnxNode, inputs: list[Operand | None]) -> Sequence[Operand | None]:
        """The outputs of a node: of the operator's layers, else of an opaque one."""
        operator = self.operators(node)
        mark = self.tape.mark()
        try:
            if operator is None:
                raise NotSaid
            call = NodeCall(
                node, self.tape, inputs, self.model.opset, lambda name: self.uses[name] == 1,
                lambda name: self.uses[name] > 0,
            )  # fmt: skip
            made = list(operator(call))
        except (NotSaid, Refusal) as reason:
            self.tape.back_to(mark)
            made = [self.opaque(node, inputs, node.outputs[0] if node.outputs else "", reason)]
        for name in node.outputs[len(made) :]:
            is_read = bool(name and self.uses[name])
            made.append(self.opaque(node, inputs, name, NotSaid(name), first=False) if is_read else None)
        return made

    def constant(self, node: OnnxNode, inputs: Sequence[Operand | None]) -> Sequence[Operand | None] | None:
        """The values that a node computes from constants or shapes alone; None for a node on activations."""
        if node.op == "Constant":
            return [literal(node)]
        first = inputs[0] if inputs else None
        if node.op in ("Shape", "Size") and isinstance(first, TapeTensor):
            self.reads_sizes = True
        if node.op == "Shape" and first is not None:
            ends = (node.attributes.get("start"), node.attributes.get("end"))
            if not all(end is None or isinstance(end, int) for end in ends):
                raise Malformed('the attributes "start" and "end" have to be whole numbers')
            return [vector(first.dims[ends[0] : ends[1]])]
        if node.op == "Size" and first is not None:
            return [TapeArray((), values=(prod(first.dims),))]
        if (scaled := without_scale(node.op, inputs)) is not None:
            return [scaled]
        if self.model.producer == "pytorch" and (copied := copy_of(node, inputs)) is not None:
            return [copied]
        known = [each for each in inputs if isinstance(each, TapeArray)]
        if len(known) != sum(each is not None for each in inputs) or not known:
            return None
        self.computed += 1 + sum(len(each.values or ()) for each in known)
        if self.computed > (most := self.request.limits.computed):
            message = f"the constants of the graph are computed from more than {thousands(most)} numbers"
            fail(self.request.path, message, "--max-layers raises the limit", code="E103")
        try:
            return [folded(node, [each if isinstance(each, TapeArray) else None for each in inputs])]
        except Unfoldable:
            return None

    # --- what the file states --------------------------------------------------------------------------------------

    def state(self, name: str, value: Operand) -> None:
        """Let the layer of a value expect the shape that the file states, where it is another one."""
        info = self.stated.get(name)
        if info is None or info.dims is None or name in self.unsure or not isinstance(value, TapeTensor):
            return
        if info.dims == value.dims:
            return
        pairs = list(zip(info.dims, value.dims, strict=False))
        differs = any(isinstance(size, int) and size > 0 and size != own for size, own in pairs)
        layer = self.tape.layer_named(value.name)
        if layer is not None and (differs or len(info.dims) != value.rank):
            layer.stated_shape = self.sample(info) or layer.stated_shape
            self.disputed.add(layer.name)

    def sample(self, info: ValueInfo | None) -> Shape | None:
        """The shape without the batch that the file states; None where a size is open."""
        if info is None or not info.dims:
            return None
        first, *rest = info.dims
        sizes = tuple(size for size in rest if isinstance(size, int) and size > 0)
        return sizes if len(sizes) == len(rest) and (first == self.tape.batch or not isinstance(first, int)) else None

    def opaque(
        self, node: OnnxNode, inputs: Sequence[Operand | None], output: str, reason: Exception, *, first: bool = True
    ) -> TapeTensor:  # fmt: skip
        """An operation that no layer type is, with the shape that the file states of an output."""
        shape = self.sample(self.stated.get(output))
        given: list[Any] = [each for each in inputs if isinstance(each, TapeTensor)]
        if shape is None or not given:
            self.refuse_unknown(node, output, reason)
        given += [each for each in inputs if first and isinstance(each, TapeArray) and each.learned]
        return self.tape.opaque(given, (self.tape.batch, *shape), BatchAxis(0))

    def refuse_unknown(self, node: OnnxNode, output: str, reason: Exception) -> NoReturn:
        """Refuse a node whose output has no known shape: a layer's rule rejects its sizes, or no layer type fits."""
        if isinstance(reason, Refusal) and reason.code == "E301":
            fail(self.request.path, f"{node.label()}: {reason.message}", reason.hint, code=reason.code)
        message = f"{node.label()}: {node.op} has no layer type here, and the file does not state its shape"
        because = f" ({reason})" if str(reason) not in ("", output) else ""
        hint = "run onnx.shape_inference.infer_shapes on the model and save it"
        if node.domain not in ("", "ai.onnx"):
            hint = f'add the shape of its output "{output}" to the graph\'s value_info: ONNX cannot infer it'
        fail(self.request.path, message + because, hint)
