"""A model of Keras 3 in the words of the versions before it, and with the channels first.

Sources: the `get_config` methods and the saving code of Keras 1.2.2, 2.2.0, 2.8 and 2.15.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def keras_2(model: Json, *, modules: bool = False) -> Json:
    """The form of 2.3 to 2.12; with `modules`, of 2.13 to 2.15, whose objects state their module."""
    config = model["config"]
    layers = [_layer_2(each, modules=modules) for each in config["layers"]]
    found = {
        "class_name": "Functional" if modules else "Model",
        "config": {
            "name": config["name"], "layers": layers,
            "input_layers": _listed(config["input_layers"]), "output_layers": _listed(config["output_layers"]),
        },
        "keras_version": "2.15.0" if modules else "2.8.0", "backend": "tensorflow",
    }  # fmt: skip
    return {**found, "module": "keras.src.engine.functional", "registered_name": "Functional"} if modules else found


def _listed(references: list[Any]) -> list[Any]:
    return [references] if isinstance(references[0], str) else references


def _layer_2(layer: Json, *, modules: bool) -> Json:
    config = {key: _plain(value) for key, value in layer["config"].items()}
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    if "renorm" in config:
        config = {key: value for key, value in config.items() if not key.startswith("renorm")}
    own = {"class_name": layer["class_name"], "name": layer["name"], "config": config}
    if modules:
        own |= {"module": layer["module"], "registered_name": layer["registered_name"]}
        own |= {"build_config": layer["build_config"]} if "build_config" in layer else {}
    return {**own, "inbound_nodes": [_node_2(each) for each in layer["inbound_nodes"]]}


def _plain(value: Any) -> Any:
    """An object of Keras 3 as Keras 2 writes it."""
    if isinstance(value, dict) and value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    if isinstance(value, dict) and "registered_name" in value:
        return {"class_name": value["class_name"], "config": value["config"]}
    return value


def _node_2(node: Json) -> list[Any]:
    arguments = node["args"][0]
    return [
        [*each["config"]["keras_history"], {}] for each in (arguments if isinstance(arguments, list) else [arguments])
    ]


# --- Keras 1 -------------------------------------------------------------------------------------------------------

_CLASSES_1 = {"Conv2D": "Convolution2D", "SeparableConv2D": "SeparableConvolution2D"}
_WORDS_1 = {
    "filters": "nb_filter", "strides": "subsample", "padding": "border_mode", "data_format": "dim_ordering",
    "use_bias": "bias", "units": "output_dim", "rate": "p", "kernel_initializer": "init",
}  # fmt: skip
_LEFT_1 = ("kernel_size", "dtype", "dilation_rate", "groups", "bias_initializer", "layout", "synchronized")


def keras_1(model: Json) -> Json:
    """The form of Keras 1.2: `Convolution2D`, `nb_filter`, `border_mode`, `Merge`."""
    found = keras_2(model)
    for layer in found["config"]["layers"]:
        _to_keras_1(layer)
    return {**found, "keras_version": "1.2.2"}


def _to_keras_1(layer: Json) -> None:
    kind, config = layer["class_name"], layer["config"]
    if kind in ("Add", "Concatenate"):
        mode = "sum" if kind == "Add" else "concat"
        layer["class_name"] = "Merge"
        layer["config"] = {"name": config["name"], "mode": mode, "mode_type": "raw", "concat_axis": -1, "dot_axes": -1}
        return
    words = {"data_format": "dim_ordering"} if "Pool" in kind or kind.startswith("Zero") else _WORDS_1
    kernel = config.get("kernel_size")
    made = {words.get(key, key): value for key, value in config.items() if key not in _LEFT_1}
    if "Pool" in kind and "padding" in made:
        made["border_mode"] = made.pop("padding")
    if kernel:
        made["nb_row"], made["nb_col"] = kernel
    if "dim_ordering" in made:
        made["dim_ordering"] = "tf"
    if kind == "ZeroPadding2D":
        (top, bottom), (left, right) = made["padding"]
        made["padding"] = [top, bottom, left, right] if (top, left) != (bottom, right) else [top, left]
    if kind == "BatchNormalization":
        made["mode"] = 0
    layer["class_name"], layer["config"] = _CLASSES_1.get(kind, kind), made


# --- channels first ------------------------------------------------------------------------------------------------


def channels_first(model: Json) -> Json:
    """The model of images with the channels as their first axis."""
    layers = [{**each, "config": _first(each["config"], each["class_name"])} for each in model["config"]["layers"]]
    stripped = [_without_shapes(each) for each in layers]
    return {**model, "config": {**model["config"], "layers": stripped}}


def _first(config: Json, kind: str) -> Json:
    found = dict(config)
    if "data_format" in found:
        found["data_format"] = "channels_first"
    if "batch_shape" in found:
        batch, *sizes, channels = found["batch_shape"]
        found["batch_shape"] = [batch, channels, *sizes]
    if kind in ("BatchNormalization", "Concatenate", "Normalization"):
        found["axis"] = 1
    if kind == "Reshape" and len(found["target_shape"]) == 3:
        *sizes, channels = found["target_shape"]
        found["target_shape"] = [channels, *sizes]
    return found


def _without_shapes(value: Any) -> Any:
    """A value without the shapes that Keras 3 states of each tensor."""
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = {key: each for key, each in value["config"].items() if key != "shape"}
        return {**value, "config": config}
    if isinstance(value, dict):
        return {key: _without_shapes(each) for key, each in value.items()}
    return [_without_shapes(each) for each in value] if isinstance(value, list) else value
