"""Normalizations in PyTorch, Keras, ONNX Runtime and TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracles.cases import Case, channels, spatial_rank
from tests.oracles.deviations import Deviation
from tests.oracles.families import Answer, Weights

# --- PyTorch -----------------------------------------------------------------------------------------------------

PYTORCH_NAMES = {"scale": "weight", "shift": "bias", "mean": "running_mean", "variance": "running_var"}


def run_torch(module: Any, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.pytorch_oracle import run_module

    theirs = None if weights is None else {PYTORCH_NAMES[name]: array for name, array in weights.items()}
    return run_module(module, inputs, theirs)


def chosen(case: Case, **names: str) -> dict[str, Any]:
    """The fields that the case gives, under the framework's names."""
    return {names[name]: value for name, value in case["fields"].items() if name in names}


def pytorch_of_rank(name: str, **names: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    """`nn.InstanceNorm1d` to `3d`; a vector goes into the 1-D one."""

    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from torch import nn

        kind = getattr(nn, f"{name}{max(1, spatial_rank(case))}d")
        return run_torch(kind(channels(case), **chosen(case, **names)), inputs, weights)

    return ask


def pytorch_layer_norm(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    names = {"affine": "elementwise_affine", "shift": "bias", "epsilon": "eps"}
    return run_torch(nn.LayerNorm(case["fields"]["normalized_shape"], **chosen(case, **names)), inputs, weights)


def pytorch_rms_norm(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    names = {"scale": "elementwise_affine", "epsilon": "eps"}
    return run_torch(nn.RMSNorm(case["fields"]["normalized_shape"], **chosen(case, **names)), inputs, weights)


def pytorch_group_norm(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    names = chosen(case, affine="affine", epsilon="eps")
    return run_torch(nn.GroupNorm(case["fields"]["groups"], channels(case), **names), inputs, weights)


def pytorch_local_response_norm(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    names = chosen(case, size="size", alpha="alpha", beta="beta", bias="k")
    return run_torch(nn.LocalResponseNorm(**names), inputs, weights)


def pytorch_unit_norm(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch.nn import functional

    given = chosen(case, axis="dim", order="p")
    return run_torch(lambda x: functional.normalize(x, **given), inputs, None)


PYTORCH = {
    "batch_norm": pytorch_of_rank("BatchNorm", affine="affine", track_running_stats="track_running_stats"),
    "instance_norm": pytorch_of_rank(
        "InstanceNorm", affine="affine", track_running_stats="track_running_stats", epsilon="eps"
    ),
    "layer_norm": pytorch_layer_norm,
    "rms_norm": pytorch_rms_norm,
    "group_norm": pytorch_group_norm,
    "local_response_norm": pytorch_local_response_norm,
    "unit_norm": pytorch_unit_norm,
}


# --- Keras -------------------------------------------------------------------------------------------------------


def keras_layer(name: str, **names: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    """A layer of Keras, whose weights are in its order."""

    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        import keras

        from tests.oracles.keras_oracle import run_layer

        layer = getattr(keras.layers, name.format(spatial_rank(case)))(**chosen(case, **names))
        return run_layer(layer, inputs, None if weights is None else list(weights.values()))

    return ask


def keras_normalization(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Keras's Normalization takes its statistics up when it is told that they are final."""
    import keras

    from tests.oracles.keras_oracle import run_layer

    given = chosen(case, axis="axis", mean="mean", variance="variance", invert="invert")
    layer = keras.layers.Normalization(**given)
    if not weights:
        return run_layer(layer, inputs, None if weights is None else [])
    layer.build(inputs[0].shape)
    layer.set_weights(list(weights.values()))
    layer.finalize_state()
    return Answer(np.asarray(layer(inputs[0])), layer.count_params())


AFFINE = {"scale": "scale", "shift": "center", "axis": "axis", "epsilon": "epsilon"}

KERAS = {
    "layer_norm": keras_layer("LayerNormalization", **AFFINE),
    "group_norm": keras_layer("GroupNormalization", **AFFINE, groups="groups"),
    "rms_norm": keras_layer("RMSNormalization", axis="axis", epsilon="epsilon"),
    "unit_norm": keras_layer("UnitNormalization", axis="axis"),
    "rescaling": keras_layer("Rescaling", scale="scale", offset="offset"),
    "standardization": keras_normalization,
}


# --- ONNX --------------------------------------------------------------------------------------------------------


def onnx_node(
    operator: str, shapes: dict[str, tuple[int, ...]], attributes: dict[str, Any], inputs: list[np.ndarray],
    weights: Weights, *, opset: int = 22,
) -> Answer:  # fmt: skip
    """One node with learned inputs of these shapes."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    given = weights or {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    node = helper.make_node(operator, ["x0", *shapes], ["y"], **attributes)
    return run_nodes([node], inputs, given, rank=inputs[0].ndim, learned=tuple(shapes), opset=opset)


def onnx_channelwise(operator: str, **names: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        shapes = {"scale": (channels(case),), "shift": (channels(case),)}
        return onnx_node(operator, shapes, chosen(case, **names), inputs, weights)

    return ask


def onnx_trailing(operator: str, opset: int) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        shape = inputs[0].shape[1:]
        place = case["fields"].get("axis", -1)
        along = shape[place - 1 if place > 0 else place :]
        shapes = {"scale": along, "shift": along}
        if operator == "RMSNormalization" or not case["fields"].get("shift", True):
            shapes.pop("shift")
        return onnx_node(operator, shapes, chosen(case, axis="axis", epsilon="epsilon"), inputs, weights, opset=opset)

    return ask


def onnx_plain(operator: str, **names: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        return onnx_node(operator, {}, chosen(case, **names), inputs, None)

    return ask


ONNX = {
    "layer_norm": onnx_trailing("LayerNormalization", 22),
    "rms_norm": onnx_trailing("RMSNormalization", 23),
    "group_norm": onnx_channelwise("GroupNormalization", groups="num_groups", epsilon="epsilon"),
    "instance_norm": onnx_channelwise("InstanceNormalization", epsilon="epsilon"),
    "local_response_norm": onnx_plain("LRN", size="size", alpha="alpha", beta="beta", bias="bias"),
    "unit_norm": onnx_plain("LpNormalization", axis="axis", order="p"),
}


# --- TensorFlow --------------------------------------------------------------------------------------------------


def tensorflow_local_response_norm(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import tensorflow as tf

    given = chosen(case, depth_radius="depth_radius", alpha="alpha", beta="beta", bias="bias")
    return Answer(tf.nn.local_response_normalization(inputs[0], **given).numpy(), 0)


TENSORFLOW = {"local_response_norm": tensorflow_local_response_norm}

# --- where they differ on purpose --------------------------------------------------------------------------------

ALONG_AXES = ("batch_norm", "layer_norm", "rms_norm", "group_norm", "unit_norm", "standardization")


def listed_axes(case: Case) -> list[int]:
    given = case["fields"].get("axis", -1)
    return given if isinstance(given, list) else [given]


def the_batch_axis(case: Case) -> bool:
    """−4 of height, width and channels is the batch."""
    return case["layer"] in ALONG_AXES and -1 - len(case["inputs"][0]) in listed_axes(case)


def inner_axes_of_rms_norm(case: Case) -> bool:
    rank = len(case["inputs"][0])
    places = sorted(axis - 1 if axis > 0 else rank + axis for axis in listed_axes(case))
    return case["layer"] == "rms_norm" and places != list(range(rank - len(places), rank))


def axes_from_both_ends(case: Case) -> bool:
    named = listed_axes(case)
    return case["layer"] in ("layer_norm", "rms_norm") and min(named) < 0 < max(named)


DEVIATIONS = (
    Deviation(
        "axes counted from both ends",
        "Keras sorts [1, -1] to [-1, 1] as written: the scale's axes change places, and each value gets another's",
        "keras",
        axes_from_both_ends,
        refuses="cnncalc",
    ),
    *(
        Deviation(
            "statistics along the batch axis",
            "one sample's output would depend on the others', and on how many there are",
            convention,
            the_batch_axis,
            refuses="cnncalc",
        )
        for convention in ("pytorch", "keras", "onnx")
    ),
    Deviation(
        "RMS normalization along other axes than the last",
        "Keras aligns the scale with the last axes whatever the axis: it fails, or multiplies along the wrong one",
        "keras",
        inner_axes_of_rms_norm,
        refuses="cnncalc",
    ),
)
