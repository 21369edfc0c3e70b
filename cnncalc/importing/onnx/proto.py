"""The messages of an ONNX file, read lazily: graph, nodes, attributes, values.

Source: onnx/onnx.proto of the ONNX project (IR versions 3 to 13), whose field numbers these are.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.onnx_tensor import OnnxTensor, read_tensor
from cnncalc.importing.onnx.wire import BYTES, WireField, WireMessage, float_of, signed

MODULE_KEYS = ("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy")
"""The metadata of PyTorch's exporter that say which modules a node is in."""

_ORIGINS: Mapping[str, str] = MappingProxyType({
    "pkg.torch.export.graph_signature.InputSpec.kind": "kind", "pkg.onnxscript.optimizer.folded_from": "folded_from",
})  # fmt: skip
"""The metadata of PyTorch's newer exporter that say where an array of the file comes from."""

_OTHER_VALUES: Mapping[int, str] = MappingProxyType({4: "a sequence", 5: "a map", 8: "a sparse tensor"})
"""The kinds of values other than tensors, by their fields of TypeProto."""
_TEXT = 8
"""The element type (TensorProto.DataType) of texts."""

_LONGEST_REPEATED = 64
"""The bytes of the longest attribute that is looked up among earlier ones."""

ValueKind = tuple[int, tuple[int | str | None, ...] | None, str]
"""The `type`, `dims` and `content` of a ValueInfo."""


@dataclass
class ValueInfo:
    """A named tensor of the graph. `dims` holds sizes, names of open sizes, and None for the unknown; None: no rank."""

    name: str = ""
    type: int = 0
    dims: tuple[int | str | None, ...] | None = None
    content: str = ""
    """Its kind in words, unless it is a tensor of numbers."""
    kind: str = ""
    """`PARAMETER` or `BUFFER` for an array of a PyTorch module, where the exporter states it."""
    folded_from: str = ""
    """The names of the values, as a list of Python, that the exporter computed an array from."""


@dataclass
class OnnxNode:
    """One operation."""

    op: str = ""
    name: str = ""
    domain: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    """Numbers, texts, lists, a Tensor or a Graph, by name."""
    metadata: dict[str, str] = field(default_factory=dict)
    index: int = 0

    def label(self) -> str:
        """The node as a message names it."""
        return self.name or (f"{self.op} that gives {self.outputs[0]}" if self.outputs else f"{self.op} {self.index}")


@dataclass
class OnnxGraph:
    """Nodes in order with their constants, inputs and outputs."""

    nodes: list[OnnxNode] = field(default_factory=list)
    constants: dict[str, OnnxTensor] = field(default_factory=dict)
    inputs: list[ValueInfo] = field(default_factory=list)
    outputs: list[ValueInfo] = field(default_factory=list)
    stated: dict[str, ValueInfo] = field(default_factory=dict)


@dataclass
class OnnxFunction:
    """A function of the file, by whose name and domain nodes call it."""

    name: str = ""
    domain: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    nodes: list[OnnxNode] = field(default_factory=list)
    defaults: dict[str, Any] = field(default_factory=dict)
    """The values of attributes that a call may leave out."""


@dataclass
class Model:
    """A file."""

    graph: OnnxGraph | None = None
    opset: int = 1
    producer: str = ""
    functions: dict[tuple[str, str], OnnxFunction] = field(default_factory=dict)


def read_model(message: WireMessage) -> Model:
    """The model of a file. Raises WireError."""
    model = Model()
    for each in message.fields():
        if each.number == 7:
            model.graph = read_graph(message.inside(each))
        elif each.number == 8:
            domain, version = _opset(message.inside(each))
            if domain in ("", "ai.onnx"):
                model.opset = version
        elif each.number == 2 and each.kind == BYTES:
            model.producer = message.text(each)
        elif each.number == 25:
            function = _function(message.inside(each))
            model.functions[function.domain, function.name] = function
    return model


def _opset(message: WireMessage) -> tuple[str, int]:
    domain, version = "", 1
    for each in message.fields():
        if each.number == 1:
            domain = message.text(each)
        elif each.number == 2:
            version = each.value
    return domain, version


def read_graph(message: WireMessage) -> OnnxGraph:
    """A graph: the model's, or one inside an attribute."""
    graph, attributes = OnnxGraph(), AttributeMemo()
    kinds: dict[bytes, ValueKind] = {}
    for each in message.fields():
        if each.number == 1:
            node = _node(message.inside(each), attributes)
            node.index = len(graph.nodes)
            graph.nodes.append(node)
        elif each.number == 5:
            tensor = read_tensor(message.inside(each))
            graph.constants[tensor.name] = tensor
        elif each.number in (11, 12, 13):
            info = _value_info(message.inside(each), kinds)
            if each.number == 13:
                graph.stated[info.name] = info
            else:
                (graph.inputs if each.number == 11 else graph.outputs).append(info)
    return graph


class AttributeMemo:
    """The attributes of a graph by their bytes: most nodes repeat the few that other nodes have.

    Only short ones with numbers or texts are kept, which nothing changes later.
    """

    def __init__(self) -> None:
        self.known: dict[bytes, tuple[str, Any]] = {}

    def read(self, message: WireMessage) -> tuple[str, Any]:
        """An attribute's name and value."""
        if message.end - message.start > _LONGEST_REPEATED:
            return _attribute(message)
        data = bytes(message.data[message.start : message.end])
        found = self.known.get(data)
        if found is None:
            found = _attribute(message)
            if isinstance(found[1], int | float | str) or (
                isinstance(found[1], list) and all(isinstance(each, int | float | str) for each in found[1])
            ):
                self.known[data] = found
        return found


def _node(message: WireMessage, attributes: AttributeMemo) -> OnnxNode:
    node = OnnxNode()
    for each in message.fields():
        if each.number == 1:
            node.inputs.append(message.text(each))
        elif each.number == 2:
            node.outputs.append(message.text(each))
        elif each.number == 3:
            node.name = message.text(each)
        elif each.number == 4:
            node.op = message.text(each)
        elif each.number == 7:
            node.domain = message.text(each)
        elif each.number == 5:
            name, value = attributes.read(message.inside(each))
            node.attributes[name] = value
        elif each.number == 9:
            entry = message.inside(each)
            if len(node.metadata) < len(MODULE_KEYS):
                node.metadata.update(_entry(entry, MODULE_KEYS))
    return node


def _attribute(message: WireMessage) -> tuple[str, Any]:
    """An attribute's name and value. The field that is present decides the kind, as old files state none."""
    name, value = "", None
    lists: dict[int, list[Any]] = {}
    for each in message.fields():
        if each.number == 1:
            name = message.text(each)
        elif each.number in _SINGLE:
            value = _SINGLE[each.number](message, each)
        elif each.number in _REPEATED:
            lists.setdefault(each.number, []).extend(_REPEATED[each.number](message, each))
        elif each.number == 20 and 6 <= each.value <= 10 and value is None:  # a list, perhaps an empty one
            lists.setdefault(0, [])
        elif each.number == 21:
            value = AttributeReference(message.text(each))
    filled = [found for number, found in lists.items() if number]
    return name, filled[0] if filled else (value if value is not None else ([] if lists else None))


class AttributeReference(str):
    """The name of a function's attribute, in place of a value."""

    __slots__ = ()


_SINGLE: Mapping[int, Callable[[WireMessage, WireField], Any]] = MappingProxyType({
    2: lambda message, each: float_of(each),
    3: lambda message, each: signed(each.value),
    4: lambda message, each: message.text(each),
    5: lambda message, each: read_tensor(message.inside(each)),
    6: lambda message, each: read_graph(message.inside(each)),
})  # fmt: skip
_REPEATED: Mapping[int, Callable[[WireMessage, WireField], Iterable[Any]]] = MappingProxyType({
    7: lambda message, each: message.floats(each),
    8: lambda message, each: message.numbers(each),
    9: lambda message, each: [message.text(each)],
    10: lambda message, each: [read_tensor(message.inside(each))],
    11: lambda message, each: [read_graph(message.inside(each))],
})  # fmt: skip


def _value_info(message: WireMessage, kinds: dict[bytes, ValueKind]) -> ValueInfo:
    """A value of the graph. `kinds` are those of earlier values by their bytes, which most values repeat."""
    info = ValueInfo()
    for each in message.fields():
        if each.number == 1:
            info.name = message.text(each)
        elif each.number == 2:
            data = bytes(message.data[each.start : each.end])
            if data not in kinds:
                kinds[data] = _kind(message.inside(each))
            info.type, info.dims, info.content = kinds[data]
        elif each.number == 4:
            for key, text in _entry(message.inside(each), _ORIGINS).items():
                setattr(info, _ORIGINS[key], text)
    return info


def _kind(message: WireMessage) -> ValueKind:
    code, dims, content = 0, None, ""
    for each in message.fields():
        if each.number == 1:  # tensor_type
            code, dims = _tensor_type(message.inside(each))
            content = "a tensor of texts" if code == _TEXT else ""
        else:
            content = _OTHER_VALUES.get(each.number, "")
    return code, dims, content


def _tensor_type(message: WireMessage) -> tuple[int, tuple[int | str | None, ...] | None]:
    kind, dims = 0, None
    for each in message.fields():
        if each.number == 1:
            kind = each.value
        elif each.number == 2:
            shape = message.inside(each)
            dims = tuple(_dimension(shape.inside(inner)) for inner in shape.fields() if inner.number == 1)
    return kind, dims


def _dimension(message: WireMessage) -> int | str | None:
    for each in message.fields():
        if each.number == 1:
            return signed(each.value)
        if each.number == 2:
            return message.text(each) or None
    return None


def _entry(message: WireMessage, keys: Container[str]) -> dict[str, str]:
    """An entry of metadata with one of these keys; the texts of others, long ones, are not read."""
    key = ""
    for each in message.fields():
        if each.number == 1:
            key = message.text(each)
        elif each.number == 2 and key in keys:
            return {key: message.text(each)}
    return {}


def _function(message: WireMessage) -> OnnxFunction:
    function, memo = OnnxFunction(), AttributeMemo()
    for each in message.fields():
        if each.number == 1:
            function.name = message.text(each)
        elif each.number == 4:
            function.inputs.append(message.text(each))
        elif each.number == 5:
            function.outputs.append(message.text(each))
        elif each.number == 6:
            function.attributes.append(message.text(each))
        elif each.number == 7:
            function.nodes.append(_node(message.inside(each), memo))
        elif each.number == 10:
            function.domain = message.text(each)
        elif each.number == 11:
            name, value = _attribute(message.inside(each))
            function.attributes.append(name)
            function.defaults[name] = value
    return function
