"""Mistakes in computing a layer's output on literal numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.homework.formulas import formulas, with_fields
from cnncalc.homework.mistakes._tree import SAME, has_window
from cnncalc.homework.mistakes.catalogue import miscomputed
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import find

if TYPE_CHECKING:
    from cnncalc.forward.apply import Prepared

_MEANS: Mapping[str, str] = {
    "max_pool": "avg_pool", "global_max_pool": "global_avg_pool", "adaptive_max_pool": "adaptive_avg_pool",
}  # fmt: skip
_MOST_WRITTEN = 100
"""Larger inputs of a transposed convolution are not written one by one."""
_LARGEST: Mapping[str, str] = {mean: largest for largest, mean in _MEANS.items()}


def _as_type(ready: Prepared, types: Mapping[str, str]) -> Any:
    """The output of another type of layer with the same fields."""
    name = types.get(ready.layer.type)
    if name is None:
        return None
    kind = _kind(name)
    return _of_layer(ready, _alike(ready, kind))


def _alike(ready: Prepared, kind: type[Layer]) -> Layer:
    """A layer of another type with the same fields."""
    values = {name: value for name, value in ready.layer.values().items() if name in kind.fields}
    return kind(ready.layer.setting, **values)


def _of_layer(ready: Prepared, layer: Layer) -> Any:
    """The output of another layer. Raises Refusal if it does not fit the input."""
    formulas(layer, tuple(ready.graph.inputs_of(ready.node))).shape()
    return ready.run(layer)


def _kind(name: str) -> type[Layer]:
    """The layer type with a name; the registry contains only the types that were used so far."""
    found = find(name)
    assert found is not None
    return found[0]


@miscomputed("the mean instead of the largest", "mean for max", likely=1)
def mean_for_max(ready: Prepared) -> Any:
    """Max pooling takes the largest value of each window."""
    return _as_type(ready, _MEANS)


@miscomputed("the largest instead of the mean", "max for mean", likely=1)
def max_for_mean(ready: Prepared) -> Any:
    """Average pooling takes the mean of each window."""
    return _as_type(ready, _LARGEST)


@miscomputed("the sum not divided", "Σ x for Σ x / (F·F)", likely=1)
def sum_not_divided(ready: Prepared) -> Any:
    """A mean is the sum divided by the number of values in the window."""
    layer, x = ready.layer, ready.graph.inputs_of(ready.node)[0]
    if layer.type not in _LARGEST:
        return None
    return ready.run() * prod(_area(layer, x))


def _area(layer: Layer, x: Shape) -> Shape:
    """The sides of a pool's window."""
    return layer.kernels(x) if has_window(layer) else layer.spatial(x)  # type: ignore[attr-defined]


@miscomputed("the sum instead of the largest", "Σ x for max x", likely=3)
def sum_for_max(ready: Prepared) -> Any:
    """Max pooling takes the largest value of each window."""
    mean, x = _as_type(ready, _MEANS), ready.graph.inputs_of(ready.node)[0]
    return None if mean is None else mean * prod(_area(ready.layer, x))


@miscomputed("divided by the side of the window", "Σ x / F for Σ x / (F·F)", likely=3)
def divided_by_side(ready: Prepared) -> Any:
    """A mean is the sum divided by the number of values in the window, F·F."""
    layer, x = ready.layer, ready.graph.inputs_of(ready.node)[0]
    area = _area(layer, x)
    return ready.run() * prod(area[1:]) if layer.type in _LARGEST else None


@miscomputed("the first value of each window", "x for max x", likely=4)
def first_of_window(ready: Prepared) -> Any:
    """A pool reads all values of its window."""
    layer, x = ready.layer, ready.graph.inputs_of(ready.node)[0]
    if layer.type not in ("max_pool", "avg_pool"):
        return None
    step = getattr(layer, "stride", None) or tuple(map(int, _area(layer, x)))
    return _with_fields(ready, kernel=1, stride=step, padding=0)


@miscomputed("the smallest instead of the largest", "min for max", likely=4)
def min_for_max(ready: Prepared) -> Any:
    """Max pooling takes the largest value of each window."""
    if ready.layer.type not in _MEANS:
        return None
    opposite = ready._replace(arrays=tuple(-array for array in ready.arrays))
    return -opposite.run()


# --- kernels and biases ------------------------------------------------------------------------------------------


def _sides(ready: Prepared, name: str) -> tuple[int, ...]:
    """The spatial axes of a kernel."""
    return tuple(range(ready.weights[name].ndim - 2)) if has_window(ready.layer) else ()


def _kernels(ready: Prepared) -> list[str]:
    return [name for name in ready.weights if name.endswith("kernel")]


@miscomputed("the kernel turned by 180°", "true convolution for cross-correlation", likely=1)
def kernel_flipped(ready: Prepared) -> Any:
    """A convolutional layer computes a cross-correlation: the kernel is laid on the input as it is."""
    turned = dict(ready.weights)
    for name in _kernels(ready):
        turned[name] = turned[name][tuple(slice(None, None, -1) for _ in _sides(ready, name))]
    return ready.run(weights=turned)


@miscomputed("rows and columns of the kernel swapped", "the kernel transposed", likely=3)
def kernel_transposed(ready: Prepared) -> Any:
    """A kernel's rows lie along the rows of the input."""
    turned = dict(ready.weights)
    for name in _kernels(ready):
        if len(_sides(ready, name)) != 2 or turned[name].shape[0] != turned[name].shape[1]:
            return None
        turned[name] = turned[name].swapaxes(0, 1)
    return ready.run(weights=turned)


@miscomputed("the signs of the weights overlooked", "Σ |w|·x", likely=4)
def signs_overlooked(ready: Prepared) -> Any:
    """A negative weight subtracts its input."""
    positive = {name: abs(ready.weights[name]) for name in _kernels(ready)}
    return ready.run(weights={**ready.weights, **positive})


@miscomputed("a plain convolution for a transposed one", "the kernel laid on the input", likely=2)
def convolution_for_transposed_values(ready: Prepared) -> Any:
    """A transposed convolution adds a scaled kernel to the output for every input."""
    if ready.layer.type != "conv_transpose":
        return None
    return _of_layer(ready, _alike(ready, _kind("conv")))


@miscomputed("values overwritten where kernels overlap", "the last kernel counts", likely=3)
def overlaps_overwritten(ready: Prepared) -> Any:
    """Where the kernels of neighbouring inputs overlap, their values are added."""
    (x, *others), layer = ready.arrays, ready.layer
    if layer.type != "conv_transpose" or others or x.size > _MOST_WRITTEN:
        return None
    covering = {name: abs(array) * 0 + (name == "kernel") for name, array in ready.weights.items()}
    result = ready.run()
    for place in range(x.size):
        only = x * 0
        only.flat[place] = 1
        covered = ready._replace(arrays=(only,)).run(weights=covering, activates=False) != 0
        alone = ready._replace(arrays=(only * x,)).run()
        result[covered] = alone[covered]
    return result


@miscomputed("rows and columns of the weights swapped", "W·x for x·W", likely=1)
def weights_transposed(ready: Prepared) -> Any:
    """Here, a weight matrix has a row for each input and a column for each unit."""
    kernel = ready.weights.get("kernel")
    if ready.layer.family != "dense" or kernel is None or kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1]:
        return None
    return ready.run(weights={**ready.weights, "kernel": kernel.T})


def _with_bias(ready: Prepared, times: int) -> Any:
    biases = {name: times * array for name, array in ready.weights.items() if "bias" in name}
    return ready.run(weights={**ready.weights, **biases})


@miscomputed("the bias left out", "Σ w·x for Σ w·x + b", likely=1)
def bias_left_out(ready: Prepared) -> Any:
    """The bias is added to every sum."""
    return _with_bias(ready, 0)


@miscomputed("the bias added twice", "Σ w·x + 2b", likely=2)
def bias_added_twice(ready: Prepared) -> Any:
    """The bias is added to every sum once."""
    return _with_bias(ready, 2)


@miscomputed("the bias subtracted", "Σ w·x − b", likely=3)
def bias_subtracted(ready: Prepared) -> Any:
    """The bias is added to every sum."""
    return _with_bias(ready, -1)


# --- windows -----------------------------------------------------------------------------------------------------


def _with_fields(ready: Prepared, **fields: Any) -> Any:
    layer = with_fields(ready.layer, **fields)
    return None if layer is None else _of_layer(ready, layer)


@miscomputed("the window moved by one", "S = 1", likely=1)
def window_moved_by_one(ready: Prepared) -> Any:
    """The window moves by its stride; the default stride of a pool is its kernel."""
    return _with_fields(ready, stride=1)


@miscomputed("the padding left out", "P = 0", likely=1)
def padding_left_out(ready: Prepared) -> Any:
    """The padding is added around the input before the window moves."""
    return _with_fields(ready, padding="valid") if has_window(ready.layer) else None


@miscomputed("padding where there is none", "SAME for VALID", likely=2)
def padding_added(ready: Prepared) -> Any:
    """Without padding, the window stays inside the input."""
    padding = getattr(ready.layer, "padding", None)
    return None if padding in SAME or not has_window(ready.layer) else _with_fields(ready, padding="same")


@miscomputed("the input reflected into the padding", "reflected values for zeros", likely=2)
def padding_reflected(ready: Prepared) -> Any:
    """The padding of a convolution holds zeros, unless its mode says otherwise."""
    return _with_mode(ready, "reflect")


@miscomputed("the border repeated into the padding", "repeated values for zeros", likely=2)
def padding_repeated(ready: Prepared) -> Any:
    """The padding of a convolution holds zeros, unless its mode says otherwise."""
    return _with_mode(ready, "replicate")


def _with_mode(ready: Prepared, mode: str) -> Any:
    return _with_fields(ready, padding_mode=mode)


@miscomputed("the dilation ignored", "D = 1", likely=1)
def taps_not_spread(ready: Prepared) -> Any:
    """The taps of a dilated kernel are D positions apart."""
    return _with_fields(ready, dilation=1)


# --- results -----------------------------------------------------------------------------------------------------


@miscomputed("the result transposed", "rows ↔ columns", likely=2)
def result_transposed(ready: Prepared) -> Any:
    """Rows of the output come from rows of the input."""
    result = ready.run()
    return result.swapaxes(0, 1) if result.ndim >= 2 else None


@miscomputed("the activation forgotten", "z for f(z)", likely=1)
def activation_forgotten(ready: Prepared) -> Any:
    """The activation is applied to each sum."""
    if ready.layer.role == "activation" and len(ready.arrays) == 1:
        return ready.as_given(ready.arrays[0])
    return ready.run(activates=False)


@miscomputed("the magnitudes instead of the positive values", "|x| for max(0, x)", likely=3)
def magnitudes_for_relu(ready: Prepared) -> Any:
    """A ReLU replaces negative values by 0."""
    return ready.run(_kind("abs")(ready.layer.setting)) if ready.layer.type == "relu" else None


@miscomputed("zeros between the values instead of copies", "one value per cell", likely=2)
def zeros_for_copies(ready: Prepared) -> Any:
    """The value is copied to every position of its cell."""
    return _enlarged(ready, ("upsample", "unpool"), "bed_of_nails")


@miscomputed("copies of the values instead of zeros between them", "the value at each position of its cell", likely=2)
def copies_for_zeros(ready: Prepared) -> Any:
    """The value is at the first position of its cell, with zeros at the others."""
    return _enlarged(ready, ("bed_of_nails",), "unpool")


def _enlarged(ready: Prepared, types: tuple[str, ...], other: str) -> Any:
    """The output of another layer that enlarges by the same factor."""
    layer = ready.layer
    factor = getattr(layer, "factor", None) or getattr(layer, "scale", None)
    if layer.type not in types or not isinstance(factor, int):
        return None
    return ready.run(_kind(other)(layer.setting, factor=factor))


@miscomputed("a ReLU where there is none", "max(0, z) for z", likely=3)
def relu_added(ready: Prepared) -> Any:
    """This layer has no activation: negative values stay."""
    return ready.run().clip(0) if ready.node.activation is None and ready.layer.role != "activation" else None


# --- softmax -----------------------------------------------------------------------------------------------------


@miscomputed("the exponentials not divided", "exp(x) for exp(x) / Σ exp(x)", likely=1)
def exponentials_not_divided(ready: Prepared) -> Any:
    """A softmax divides each exponential by their sum, so that the outputs add up to 1."""
    if ready.layer.type != "softmax":
        return None
    return ready.run(_kind("exponential")(ready.layer.setting))


@miscomputed("shares without exponentials", "x / Σ x", likely=1)
def shares_without_exponentials(ready: Prepared) -> Any:
    """A softmax takes the exponential of each number before it divides by their sum."""
    (x,) = ready.arrays if len(ready.arrays) == 1 else (None,)
    if ready.layer.type != "softmax" or x is None or x.ndim != 1 or not x.sum():
        return None
    return ready.as_given(x / x.sum())
