"""A graph turned into layers, node by node. Operators are functions of `operators/`, registered by their ONNX names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.importing.draft import DraftInput, DraftLayer, Location
from cnncalc.importing.formats import Request, fail
from cnncalc.importing.layer_shapes import LayerShapes
from cnncalc.importing.onnx.folding import Unfoldable, constant_of, folded, vector
from cnncalc.importing.onnx.modules import PlacedNode, places_of, readable
from cnncalc.importing.onnx.proto import Model, OnnxGraph, OnnxNode, OnnxTensor, ValueInfo
from cnncalc.importing.onnx.values import Constant, LayerValue, Value
from cnncalc.importing.tensors.tensor import NotSaid as NotSaid

CONVENTION, LAYOUT = "pytorch", "CHW"

Operator = Callable[["Conversion", OnnxNode, list[Value | None]], Sequence[Value]]


class Conversion:
    """The layers so far, and the value of each name of the graph."""

    def __init__(self, request: Request, model: Model) -> None:
        self.request = request
        self.model = model
        self.values: dict[str, Value] = {}
        self.inputs: list[DraftInput] = []
        self.layers: list[DraftLayer] = []
        self.taken: Counter[str] = Counter()
        self.uses: Counter[str] = Counter()
        self.counted: set[str] = set()
        """Initializers whose elements are parameters of a layer already."""
        self.batch = 1
        self.stated: dict[str, ValueInfo] = {}
        self.by_name: dict[str, DraftLayer] = {}
        self.places: list[PlacedNode] = []
        self.shapes = LayerShapes(CONVENTION, LAYOUT)

    # --- the graph -------------------------------------------------------------------------------------------------

    def run(self, graph: OnnxGraph, operators: Callable[[str], Operator | None]) -> tuple[str, ...]:
        """Convert every node; the names of the draft's outputs."""
        self.stated = {**graph.stated, **{each.name: each for each in graph.outputs}}
        self.values.update({name: constant_of(tensor) for name, tensor in graph.constants.items()})
        self.take_inputs([each for each in graph.inputs if each.name not in graph.constants])
        self.uses.update(name for node in graph.nodes for name in node.inputs)
        self.uses.update(each.name for each in graph.outputs)
        self.places = places_of(graph.nodes)
        for node in graph.nodes:
            self.convert(node, operators)
        found = [self.values.get(each.name) for each in graph.outputs]
        names = tuple(dict.fromkeys(each.name for each in found if isinstance(each, LayerValue)))
        if not names or not self.layers:
            fail(self.request.path, "the graph computes nothing from its inputs")
        return names

    def take_inputs(self, infos: list[ValueInfo]) -> None:
        """The inputs of the model: the first axis is the batch, other open sizes come from the caller."""
        for info in infos:
            dims = info.dims
            given = self.request.shapes.get(info.name) or (self.request.shapes.get("") if not self.inputs else None)
            batch = dims[0] if dims and isinstance(dims[0], int) and dims[0] > 0 else 1
            sizes = tuple(given) if given else None
            if sizes is None and dims:
                sizes = tuple(size if isinstance(size, int) and size > 0 else None for size in dims[1:])  # type: ignore[misc]
            name = self.unique(readable(info.name))
            self.inputs.append(DraftInput(name, sizes, Location(path=f"input {info.name}")))
            if sizes is None or None in sizes:
                self.draft_is_open(info.name, sizes)
            else:
                self.batch = batch
                self.values[info.name] = LayerValue(name, (batch, *sizes))

    def draft_is_open(self, name: str, sizes: Any) -> None:
        """Refuse an input whose sizes nobody gives."""
        written = "x".join(str(size or "?") for size in sizes or ("?",))
        several = f"{name}=" if self.inputs[1:] else ""
        hint = f"give them, for example --input {several}3x224x224"
        fail(self.request.path, f"{name}: the file leaves sizes open ({written})", hint, code="E205")

    def convert(self, node: OnnxNode, operators: Callable[[str], Operator | None]) -> None:
        """Append the layers of a node, or compute its constant."""
        inputs = [self.values.get(name) if name else None for name in node.inputs]
        for name, value in zip(node.inputs, inputs, strict=True):
            if name and value is None:
                fail(self.request.path, f'{node.label()}: the input "{name}" is never computed')
        made = self.constant(node, inputs)
        if made is None:
            try:
                made = self.applied(node, inputs, operators)
            except (NotSaid, Refusal, ValueError, IndexError, KeyError, TypeError) as reason:
                made = self.opaque(node, inputs, reason)
        for name, value in zip(node.outputs, made, strict=False):
            if name:
                self.values[name] = value

    def applied(
        self, node: OnnxNode, inputs: list[Value | None], operators: Callable[[str], Operator | None]
    ) -> Sequence[Value]:  # fmt: skip
        operator = operators(node.op) if node.domain in ("", "ai.onnx") else None
        if operator is None:
            raise NotSaid(node.op)
        before = len(self.layers)
        try:
            return operator(self, node, inputs)
        except Exception:
            for layer in self.layers[before:]:
                del self.by_name[layer.name]
            del self.layers[before:]
            raise

    def constant(self, node: OnnxNode, inputs: Sequence[Value | None]) -> Sequence[Value] | None:
        """The values that a node computes from constants or shapes alone; None for a node on activations."""
        if node.op == "Constant":
            return [self.literal(node)]
        if node.op == "Shape" and isinstance(inputs[0], LayerValue | Constant):
            dims = inputs[0].dims
            return [vector(dims[node.attributes.get("start", 0) : node.attributes.get("end", len(dims))])]
        if node.op == "Size" and inputs[0] is not None:
            return [Constant((), (prod(inputs[0].dims),))]
        known = [each for each in inputs if isinstance(each, Constant)]
        if len(known) != sum(each is not None for each in inputs) or not known:
            return None
        try:
            return [folded(node, [each if isinstance(each, Constant) else None for each in inputs])]
        except Unfoldable:
            return self.array(node, known)

    def array(self, node: OnnxNode, known: list[Constant]) -> Sequence[Value] | None:
        """Weights that only move: an identity, a transposed or reshaped array; anything else is a layer."""
        first = known[0]
        if node.op in ("Identity", "Cast", "DequantizeLinear", "QuantizeLinear"):
            return [first]
        if node.op == "Transpose":
            order = node.attributes.get("perm") or list(range(len(first.dims)))[::-1]
            return [Constant(tuple(first.dims[axis] for axis in order), None, first.initializer)]
        return None

    def literal(self, node: OnnxNode) -> Constant:
        for key, value in node.attributes.items():
            if isinstance(value, OnnxTensor):
                return constant_of(value)
            if key in ("value_int", "value_float"):
                return Constant((), (value,))
            if key in ("value_ints", "value_floats"):
                return vector(value)
        return Constant((), None)

    # --- layers ----------------------------------------------------------------------------------------------------

    def add(
        self, node: OnnxNode, type: str, arguments: dict[str, Any], inputs: Sequence[Value], *,
        weights: Sequence[str] = (), suffix: str = "",
    ) -> LayerValue:  # fmt: skip
        """Append a layer of a node and return what it gives; its parameters are the initializers named in `weights`."""
        active = [self.as_activation(node, each) for each in inputs]
        shape = self.shapes.of(type, arguments, [each.shape for each in active])
        return self.append(node, type, arguments, active, shape, weights=weights, suffix=suffix)

    def append(
        self, node: OnnxNode, type: str, arguments: dict[str, Any], active: Sequence[LayerValue], shape: Shape, *,
        weights: Sequence[str] = (), suffix: str = "",
    ) -> LayerValue:  # fmt: skip
        own, scope, kinds = self.places[node.index]
        name = self.unique(".".join((*scope, own)) + suffix)
        fresh = [each for each in dict.fromkeys(weights) if each]
        layer = DraftLayer(name, type, arguments, tuple(each.name for each in active), operation=node.op)
        layer.location, layer.scope, layer.kinds = Location(path=f"node {node.label()}"), scope, kinds
        layer.stated_shape = None if suffix else self.stated_shape(node)
        layer.stated_params = self.count(fresh)
        self.layers.append(layer)
        self.by_name[name] = layer
        batched = any(each.batched for each in active)
        return LayerValue(name, (self.batch, *shape) if batched else shape, batched)

    def count(self, names: Sequence[str]) -> int | None:
        """The elements of initializers, each once in the model."""
        if not names:
            return None
        found = 0
        for name in names:
            value = self.values.get(name)
            if isinstance(value, Constant) and name not in self.counted:
                found += value.elements
                self.counted.add(name)
        return found

    def as_activation(self, node: OnnxNode, value: Value) -> LayerValue:
        """A value as an input of a layer: an array of the file becomes a `parameter`."""
        if isinstance(value, LayerValue):
            return value
        dims = value.dims
        if len(dims) > 1 and dims[0] == 1:
            dims = dims[1:]
        return self.append(
            node, "parameter", {"shape": list(dims) or "scalar"}, [], dims, weights=[value.initializer], suffix="_array"
        )  # fmt: skip

    def opaque(self, node: OnnxNode, inputs: Sequence[Value | None], reason: Exception) -> list[Value]:
        """An operation that no layer type is, with the shape that the file states."""
        shape = self.stated_shape(node)
        active = [each for each in inputs if isinstance(each, LayerValue)]
        if shape is None or not active:
            detail = f" ({reason})" if isinstance(reason, Refusal) else ""
            message = f"{node.label()}: {node.op} has no layer type{detail}, and the file does not state its shape"
            fail(self.request.path, message, "run onnx.shape_inference.infer_shapes on the model and save it")
        weights = [each.initializer for each in inputs if isinstance(each, Constant) and each.initializer]
        made = self.append(node, "opaque", {"output": list(shape)}, active, shape, weights=weights)
        if params := self.by_name[made.name].stated_params:
            self.by_name[made.name].arguments["params"] = params
        return [made]

    def stated_shape(self, node: OnnxNode) -> Shape | None:
        """The shape without the batch that the file states of a node's first output."""
        info = self.stated.get(node.outputs[0]) if node.outputs else None
        if info is None or not info.dims:
            return None
        first, *rest = info.dims
        sizes = tuple(size for size in rest if isinstance(size, int) and size > 0)
        return sizes if len(sizes) == len(rest) and (first == self.batch or not isinstance(first, int)) else None

    def unique(self, name: str) -> str:
        """A name that no layer has yet."""
        self.taken[name] += 1
        return name if self.taken[name] == 1 else self.unique(f"{name}_{self.taken[name]}")
