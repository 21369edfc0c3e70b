"""The calls of a model's layers, in the order of their data: what every dialect says in its own way.

Keras 1 and 2 list `inbound_nodes` as `[layer, node, tensor, keywords]`, Keras 3 as arguments that hold
`__keras_tensor__`; a Sequential has no nodes at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cnncalc.importing.formats import fail

MODELS = ("Sequential", "Functional", "Model")
_MODULES = ("keras", "tensorflow", "tf_keras")
_MASKS = ("mask", "query_mask", "value_mask", "key_mask", "training")
"""Arguments that choose which steps count, and change no shape."""
_MOST_LEVELS = 30


class TensorRef(NamedTuple):
    """Output `tensor` of call `node` of a layer."""

    layer: str
    node: int
    tensor: int
    shape: tuple[int | None, ...] | None = None
    """With the batch, where Keras 3 states it."""


@dataclass
class LayerUse:
    """One use of a layer on tensors. `arguments` are those that are not tensors, by keyword or position."""

    inputs: list[TensorRef] = field(default_factory=list)
    arguments: dict[str | int, Any] = field(default_factory=dict)


@dataclass
class LayerConfig:
    """A layer as the file has it."""

    name: str
    class_name: str
    config: dict[str, Any]
    calls: list[LayerUse]
    path: str
    """Where it is: `config.layers[3]`."""
    module: str = ""
    """The Python module of the class, which later files state: `keras.src.ops.numpy` for an operation."""
    is_users: bool = False
    """Whether the class is not Keras's own."""
    input_shape: Any = None
    """The shape with the batch for which the layer was built, if the file states it."""


@dataclass
class ModelLayers:
    """A Sequential or Functional model: its layers, and the tensors that it takes and gives."""

    name: str
    layers: list[LayerConfig]
    inputs: list[TensorRef]
    outputs: list[TensorRef]
    is_sequential: bool = False
    shape: Any = None
    """The input's shape with the batch, where a Sequential states it by itself."""


def model_layers(file: str, model: dict[str, Any], path: str = "config") -> ModelLayers:
    """The layers of a model. Raises SpecError (E111) for anything but the configuration of a model."""
    config = model.get("config")
    if path.count("layers[") > _MOST_LEVELS:
        fail(file, f"models are nested more than {_MOST_LEVELS} deep")
    listed = config if isinstance(config, list) else config.get("layers") if isinstance(config, dict) else None
    if not isinstance(listed, list):
        fail(file, f"{path} has no list of layers", "a subclassed model does not list them: export it to ONNX")
    layers = [_layer(file, each, f"{path}.layers[{index}]") for index, each in enumerate(listed)]
    plain = config if isinstance(config, dict) else {}
    name = str(plain.get("name", ""))
    if model.get("class_name") == "Sequential":
        return ModelLayers(name, layers, [], [], True, plain.get("batch_input_shape", plain.get("build_input_shape")))
    outputs = _from_zero(layers, _references(plain.get("output_layers", [])), is_keras_3=_has_arguments(listed))
    return ModelLayers(name, layers, _references(plain.get("input_layers", [])), outputs)


def _has_arguments(listed: list[Any]) -> bool:
    """Whether the calls are written as in Keras 3."""
    nodes = (node for each in listed if isinstance(each, dict) for node in _entries_of(each.get("inbound_nodes")))
    return any(isinstance(node, dict) for node in nodes)


def _entries_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _from_zero(layers: list[LayerConfig], outputs: list[TensorRef], *, is_keras_3: bool) -> list[TensorRef]:
    """Let references to nested models count their calls from 0; the outputs of the model are returned.

    Keras counts from 1, since call 0 is the one by which a nested model is made, and which the file leaves out. Keras 3
    does so in `output_layers` alone, and not for a Sequential.
    """
    counted = MODELS if not is_keras_3 else ("Functional", "Model")
    nested = {each.name for each in layers if each.class_name in counted}
    calls = [] if is_keras_3 else [call for layer in layers for call in layer.calls]
    first: dict[str, int] = {}
    for each in (*outputs, *(reference for call in calls for reference in call.inputs)):
        if each.layer in nested:
            first[each.layer] = min(each.node, first.get(each.layer, each.node))

    def moved(reference: TensorRef) -> TensorRef:
        return reference._replace(node=reference.node - 1) if first.get(reference.layer, 0) > 0 else reference

    for call in calls:
        call.inputs = [moved(each) for each in call.inputs]
    return [moved(each) for each in outputs]


def _layer(file: str, each: Any, path: str) -> LayerConfig:
    if not isinstance(each, dict) or not isinstance(each.get("class_name"), str):
        fail(file, f"{path} is not a layer", "a layer has class_name and config")
    config = each.get("config")
    plain = config if isinstance(config, dict) else {}
    name = each.get("name") or plain.get("name") or f"{each['class_name'].lower()}_{path}"
    nodes = each.get("inbound_nodes", [])
    calls = [_call(node) for node in nodes] if isinstance(nodes, list) else []
    kept = plain if isinstance(config, dict) else {"layers": config}
    built = each.get("build_config")
    return LayerConfig(
        str(name), each["class_name"].rpartition(">")[2], kept, calls, path, str(each.get("module") or ""),
        _is_users(each), built.get("input_shape") if isinstance(built, dict) else None,
    )  # fmt: skip


def _is_users(layer: dict[str, Any]) -> bool:
    """Whether a class is of another module than Keras's, or registered for another package: `package>Name`."""
    module = layer.get("module")
    if isinstance(module, str) and not module.startswith(("keras.", "tensorflow.", "tf_keras.")):
        return module not in _MODULES
    registered = (str(layer["class_name"]), str(layer.get("registered_name")))
    packages = {name.partition(">")[0] for name in registered if ">" in name}
    return bool(packages - {"keras", "Addons"})


def _call(node: Any) -> LayerUse:
    """One entry of `inbound_nodes`."""
    call = LayerUse()
    if isinstance(node, dict):  # Keras 3
        arguments = node.get("args")
        for position, value in enumerate(arguments if isinstance(arguments, list) else []):
            _collect(call, position, value)
        for key, value in _entries(node.get("kwargs")):
            if key not in _MASKS:
                _collect(call, key, value)
        return call
    if isinstance(node, list):
        entries = [node] if node and isinstance(node[0], str) else node
        for entry in entries:
            _collect_old(call, entry)
    return call


def _entries(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _collect_old(call: LayerUse, entry: Any) -> None:
    """`[layer, node, tensor]` or `[layer, node, tensor, keywords]`, whose keywords may hold further tensors."""
    if not (isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)):
        return
    if entry[0] == "_CONSTANT_VALUE":
        call.arguments[len(call.inputs) + len(call.arguments)] = entry[2]
        return
    call.inputs.append(TensorRef(entry[0], _whole(entry[1]), _whole(entry[2])))
    keywords = entry[3] if len(entry) > 3 and isinstance(entry[3], dict) else {}
    for key, value in keywords.items():
        if isinstance(value, list) and len(value) >= 3 and isinstance(value[0], str) and value[0] != "_CONSTANT_VALUE":
            call.inputs.append(TensorRef(value[0], _whole(value[1]), _whole(value[2])))
        else:
            call.arguments[key] = value[2] if isinstance(value, list) and value[:1] == ["_CONSTANT_VALUE"] else value


def _collect(call: LayerUse, key: str | int, value: Any) -> None:
    found = list(_tensors(value))
    if found:
        call.inputs += found
    else:
        call.arguments[key] = value


def _tensors(value: Any) -> Iterator[TensorRef]:
    """The tensors in an argument of Keras 3, in order."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            config = value.get("config")
            if isinstance(config, dict):
                yield _tensor(config)
        else:
            for each in value.values():
                yield from _tensors(each)
    elif isinstance(value, list):
        for each in value:
            yield from _tensors(each)


def _tensor(config: dict[str, Any]) -> TensorRef:
    history, shape = config.get("keras_history"), config.get("shape")
    layer, node, tensor = history if isinstance(history, list) and len(history) == 3 else ("", 0, 0)
    sizes = shape if isinstance(shape, list) else [""]
    known = tuple(sizes) if all(each is None or type(each) is int for each in sizes) else None
    return TensorRef(str(layer), _whole(node), _whole(tensor), known)


def _references(value: Any) -> list[TensorRef]:
    """`[layer, node, tensor]`, a list of those, or a mapping of names to them."""
    if isinstance(value, dict):
        return [each for inner in value.values() for each in _references(inner)]
    if isinstance(value, list) and value and isinstance(value[0], str) and len(value) >= 3:
        return [TensorRef(value[0], _whole(value[1]), _whole(value[2]))]
    return [each for inner in value for each in _references(inner)] if isinstance(value, list) else []


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
