"""Operations on tensors that Keras records as layers: `x * 2`, `ops.relu(x)`, TensorFlow's `math.add`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cnncalc.importing.keras.calls import LayerConfig, LayerUse
from cnncalc.importing.keras.layers import OwnLayer, Unknown, pieces_of
from cnncalc.layers.registry import find

_RECORDED = ("TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda")
_FAMILIES = ("activation", "elementwise", "merge", "normalization", "pooling")
"""Families of layer types whose names mean the same as the operations of Keras 3."""


class TensorOperation(NamedTuple):
    """An operation: its word, in lower case without separators, and the arguments beside its tensors."""

    word: str
    layer: LayerConfig
    call: LayerUse

    def value(self, *names: str, place: int | None = None, default: Any = None) -> Any:
        """An argument by its names or its place in the call, or the layer's field; the default if it is absent."""
        keys: list[str | int] = [*names, *([] if place is None else [place])]
        values = [self.call.arguments.get(key) for key in keys] + [self.layer.config.get(name) for name in names]
        return next((value for value in values if value is not None), default)

    @property
    def numbers(self) -> list[int | float]:
        """The operands that are numbers."""
        given = self.call.arguments.items()
        return [value for key, value in given if key not in ("axis", "name") and _is_number(value)]

    def axes(self, value: Any) -> list[int]:
        """Axes that do not include the batch, axis 0. Raises Unknown for others."""
        found = value if isinstance(value, list) else [value]
        if not found or not all(type(each) is int and each != 0 for each in found):
            raise Unknown(self.word)
        return found

    def sizes(self, value: Any) -> list[int]:
        """The sizes of a shape without the batch. Raises Unknown where they are not numbers, or the batch is cut."""
        if not (isinstance(value, list) and value and all(type(each) is int for each in value)):
            raise Unknown(self.word)
        if value[0] not in (-1, 1) or value.count(-1) > 1:
            raise Unknown(self.word)
        return value[1:]


def operation_of(layer: LayerConfig, call: LayerUse) -> list[OwnLayer] | None:
    """The layers of an operation; None for a layer. Raises Unknown for an operation that no type is."""
    if layer.class_name in _RECORDED:
        node = layer.config.get("node_def")
        word = layer.config.get("function") or (node.get("op", "") if isinstance(node, dict) else "")
        word = "getitem" if layer.class_name == "SlicingOpLambda" else str(word).rsplit(".", 1)[-1]
        return _operation(word, call, layer)
    constants = any(isinstance(key, int) for key in call.arguments)
    is_plain = layer.class_name.lower() in _ARITHMETIC and (constants or len(call.inputs) == 2)
    if layer.module.startswith(("keras.src.ops", "keras.ops")):
        return _operation(layer.class_name, call, layer)
    if is_plain and "activation" not in layer.config:
        return _operation(layer.class_name, call, layer)
    return None


def _operation(name: str, call: LayerUse, layer: LayerConfig) -> list[OwnLayer]:
    word = name.replace("_", "").lower()
    operation = TensorOperation(word, layer, call)
    if word in _ARITHMETIC:
        return _arithmetic(operation)
    if word in _MADE:
        return _MADE[word](operation)
    if word in _POINTWISE:
        return pieces_of("Activation", {"activation": _POINTWISE[word]})
    found = find(name)
    if found is None or found[0].family not in _FAMILIES:
        raise Unknown(name)
    return pieces_of(name, layer.config)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


# --- arithmetic ----------------------------------------------------------------------------------------------------

_ARITHMETIC: Mapping[str, str] = {
    "add": "add", "addv2": "add", "subtract": "subtract", "sub": "subtract", "multiply": "multiply", "mul": "multiply",
    "truediv": "divide", "truedivide": "divide", "divide": "divide", "maximum": "maximum", "minimum": "minimum",
    "pow": "power", "power": "power", "biasadd": "add",
}  # fmt: skip


def _arithmetic(operation: TensorOperation) -> list[OwnLayer]:
    """Arithmetic on tensors, or on a tensor and a number."""
    kind, numbers = _ARITHMETIC[operation.word], operation.numbers
    if len(operation.call.inputs) > 1 and kind != "power":
        return [OwnLayer(kind, {})]
    if len(operation.call.inputs) != 1 or len(numbers) != 1:
        raise Unknown(operation.word)
    number = numbers[0]
    is_left = 0 in operation.call.arguments or "x" in operation.call.arguments
    made = _on_the_left(kind, number) if is_left else None
    made = made or _with_number(kind, number)
    if made is None or (is_left and kind in ("divide", "power") and made.arguments.get("exponent") != -1.0):
        raise Unknown(operation.word)
    return [made]


def _on_the_left(kind: str, number: float) -> OwnLayer | None:
    """`number - x` and `number / x`."""
    if kind == "subtract":
        return _line(-1.0, number)
    if kind == "divide" and number:
        return OwnLayer("power", {"exponent": -1.0, "scale": 1 / number})
    return None


def _with_number(kind: str, number: float) -> OwnLayer | None:
    if kind in ("maximum", "minimum"):
        return OwnLayer("clip", {"low" if kind == "maximum" else "high": float(number)})
    if kind == "power":
        return OwnLayer("power", {"exponent": float(number)})
    if kind == "divide":
        return _line(1 / number, 0.0) if number else None
    lines = {"add": (1.0, number), "subtract": (1.0, -number), "multiply": (number, 0.0)}
    return _line(*lines[kind])


def _line(scale: float, offset: float) -> OwnLayer:
    return OwnLayer("rescaling", {"scale": float(scale), "offset": float(offset)})


# --- shapes --------------------------------------------------------------------------------------------------------


def _part(operation: TensorOperation) -> list[OwnLayer]:
    """`x[:, 1:5, ..., 0]`: a slice for each axis that is cut, then the single positions without their axes."""
    entries = operation.value("slice_spec", "key", place=1)
    entries = entries if isinstance(entries, list) else [entries]
    first, *rest = entries or [0]
    bounds = _bounds(first)
    if bounds is None or any(each is not None for each in bounds):
        if not _is_ellipsis(first):
            raise Unknown("indexing the batch")
        rest = [first, *rest]
    made: list[OwnLayer] = []
    singles: list[int] = []
    added = 0
    for place, entry in enumerate(rest, start=1):
        later = rest[place:]
        if _is_ellipsis(entry):
            if any(not (_bounds(each) or type(each) is int) for each in later):
                raise Unknown("indexing after an ellipsis")
            made += _cuts([(place_ - len(later), each) for place_, each in enumerate(later)], singles)
            break
        if entry is None:
            made.append(OwnLayer("unsqueeze", {"axis": place}))
            added += 1
            continue
        made += _cuts([(place, entry)], singles)
    if singles and added:
        raise Unknown("new axes beside positions")
    return [*made, *([OwnLayer("squeeze", {"axis": singles})] if singles else [])] or [OwnLayer("identity", {})]


def _cuts(entries: list[tuple[int, Any]], singles: list[int]) -> list[OwnLayer]:
    """The slices of axes; an axis of which one position is taken is added to `singles`."""
    made = []
    for axis, entry in entries:
        if type(entry) is int:
            stop = {"stop": entry + 1} if entry != -1 else {}
            made.append(OwnLayer("slice", {"start": entry, **stop, "axis": axis}))
            singles.append(axis)
            continue
        bounds = _bounds(entry)
        if bounds is None:
            raise Unknown("indexing by a tensor")
        named = {
            key: each for key, each in zip(("start", "stop", "step"), bounds, strict=True) if each is not None
        }  # fmt: skip
        if named:
            made.append(OwnLayer("slice", {**named, "axis": axis}))
    return made


def _bounds(entry: Any) -> tuple[int | None, ...] | None:
    """Start, stop and step of a slice, as Keras 3 and TensorFlow write it; None for anything else."""
    if isinstance(entry, dict) and entry.get("class_name") == "__slice__":
        entry = entry.get("config")
    if not isinstance(entry, dict) or "start" not in entry:
        return None
    bounds = tuple(entry.get(key) for key in ("start", "stop", "step"))
    return bounds if all(each is None or type(each) is int for each in bounds) else None


def _is_ellipsis(entry: Any) -> bool:
    return entry == "..." or (isinstance(entry, dict) and entry.get("class_name") == "__ellipsis__")


def _reduction(type: str) -> Callable[[TensorOperation], list[OwnLayer]]:
    def make(operation: TensorOperation) -> list[OwnLayer]:
        axes = operation.axes(operation.value("axis", "axes", place=1))
        return [OwnLayer(type, {"axis": axes, "keep": operation.value("keepdims", "keep_dims", default=False)})]

    return make


def _norm(operation: TensorOperation) -> list[OwnLayer]:
    order = operation.value("ord", place=1, default=2)
    if order not in (1, 2):
        raise Unknown(f"norm {order}")
    return _reduction(f"reduce_l{order}")(operation)


def _cumulative(operation: TensorOperation) -> list[OwnLayer]:
    return [OwnLayer("cumulative_sum", {"axis": operation.axes(operation.value("axis", place=1))[0]})]


def _roll(operation: TensorOperation) -> list[OwnLayer]:
    axes = operation.axes(operation.value("axis", place=2))
    return [OwnLayer("roll", {"shift": operation.value("shift", place=1), "axis": axes})]


def _take(operation: TensorOperation) -> list[OwnLayer]:
    """Positions of an axis by their numbers, not by a tensor of them."""
    places = operation.value("indices", place=1)
    if not (type(places) is int or (isinstance(places, list) and all(type(each) is int for each in places))):
        raise Unknown("take by a tensor")
    axis = operation.axes(operation.value("axis", place=2))[0]
    return [OwnLayer("gather", {"indices": places, "axis": axis})]


def _one_hot(operation: TensorOperation) -> list[OwnLayer]:
    if operation.value("axis", place=2, default=-1) != -1:
        raise Unknown("one_hot along another axis")
    return [OwnLayer("one_hot", {"classes": operation.value("num_classes", "depth", place=1)})]


def _where(operation: TensorOperation) -> list[OwnLayer]:
    if len(operation.call.inputs) != 3:
        raise Unknown("where with a number")
    return [OwnLayer("where", {})]


def _reshape(operation: TensorOperation) -> list[OwnLayer]:
    return [OwnLayer("reshape", {"shape": operation.sizes(operation.value("newshape", "shape", place=1))})]


def _transpose(operation: TensorOperation) -> list[OwnLayer]:
    order = operation.value("axes", "perm", place=1)
    if not isinstance(order, list) or order[:1] != [0]:
        raise Unknown("moving the batch")
    return [OwnLayer("permute", {"order": order[1:]})]


def _with_axis(type: str) -> Callable[[TensorOperation], list[OwnLayer]]:
    def make(operation: TensorOperation) -> list[OwnLayer]:
        axes = operation.axes(operation.value("axis", place=1))
        return [OwnLayer(type, {"axis": axes if len(axes) > 1 else axes[0]})]

    return make


def _softmax(operation: TensorOperation) -> list[OwnLayer]:
    axis = operation.axes(operation.value("axis", place=1, default=-1))[0]
    return [OwnLayer("softmax", {"axis": axis})]


def _split(operation: TensorOperation) -> list[OwnLayer]:
    parts = operation.value("indices_or_sections", "num_or_size_splits", place=1)
    if isinstance(parts, list) and "indices_or_sections" in operation.layer.config:
        raise Unknown("split at indices")  # their last part depends on the input's size
    axis = operation.axes(operation.value("axis", place=2, default=-1))
    return [OwnLayer("split", {"parts": parts, "axis": axis[0]})]


def _pad(operation: TensorOperation) -> list[OwnLayer]:
    amounts = operation.value("pad_width", "paddings", place=1)
    mode = str(operation.value("mode", default="constant")).lower()
    kinds = {"constant": "zero_pad", "reflect": "reflection_pad"}
    if not isinstance(amounts, list) or amounts[:1] != [[0, 0]] or mode not in kinds:
        raise Unknown(f"pad {mode}")
    padded = {axis: each for axis, each in enumerate(amounts[1:], start=1) if each != [0, 0]}
    if not padded:
        return [OwnLayer("identity", {})]
    return [OwnLayer(kinds[mode], {"amount": list(padded.values()), "axes": list(padded)})]


def _resize(operation: TensorOperation) -> list[OwnLayer]:
    size = operation.value("size", place=1)
    if not (isinstance(size, list) and len(size) == 2):
        raise Unknown(operation.word)
    mode = str(operation.value("interpolation", "method", default="bilinear"))
    words = {"bilinear": "linear", "bicubic": "cubic"}
    return [OwnLayer("resize_image", {"height": size[0], "width": size[1], "mode": words.get(mode, mode)})]


def _repeat(operation: TensorOperation) -> list[OwnLayer]:
    axis = operation.axes(operation.value("axis", place=2))[0]
    return [OwnLayer("repeat_interleave", {"repeats": operation.value("repeats", place=1), "axis": axis})]


def _tile(operation: TensorOperation) -> list[OwnLayer]:
    repeats = operation.value("repeats", "multiples", place=1)
    if not isinstance(repeats, list) or repeats[:1] != [1]:
        raise Unknown("repeating the batch")
    return [OwnLayer("tile", {"repeats": repeats[1:]})]


def _joined(type: str) -> Callable[[TensorOperation], list[OwnLayer]]:
    def make(operation: TensorOperation) -> list[OwnLayer]:
        default = -1 if type == "concat" else 0
        axis = operation.axes(operation.value("axis", place=1, default=default))[0]
        return [OwnLayer(type, {"axis": axis})]

    return make


def _clip(operation: TensorOperation) -> list[OwnLayer]:
    bounds = {
        "low": operation.value("x_min", "clip_value_min", place=1),
        "high": operation.value("x_max", "clip_value_max", place=2),
    }
    return [OwnLayer("clip", {key: float(each) for key, each in bounds.items() if _is_number(each)})]


def _product(operation: TensorOperation) -> list[OwnLayer]:
    if len(operation.call.inputs) != 2 or operation.value("transpose_a") or operation.value("transpose_b"):
        raise Unknown(operation.word)
    return [OwnLayer("matmul", {})]


def _same(operation: TensorOperation) -> list[OwnLayer]:
    return [OwnLayer("identity", {})]


def _slope(operation: TensorOperation) -> list[OwnLayer]:
    slope = operation.value("negative_slope", "alpha", place=1, default=0.2)
    return [OwnLayer("leaky_relu", {"slope": float(slope)})] if _is_number(slope) else _same(operation)


_POINTWISE: Mapping[str, str] = {
    word.replace("_", ""): word
    for word in ("relu", "relu6", "sigmoid", "tanh", "silu", "swish", "gelu", "elu", "selu", "exp", "sqrt", "abs",
                 "log", "square", "hard_sigmoid", "hard_silu", "softplus")
}  # fmt: skip
_MADE: Mapping[str, Callable[[TensorOperation], list[OwnLayer]]] = {
    "getitem": _part, "mean": _reduction("reduce_mean"), "reducemean": _reduction("reduce_mean"),
    "max": _reduction("reduce_max"), "reducemax": _reduction("reduce_max"), "min": _reduction("reduce_min"),
    "reducemin": _reduction("reduce_min"), "sum": _reduction("reduce_sum"), "reducesum": _reduction("reduce_sum"),
    "prod": _reduction("reduce_prod"), "var": _reduction("reduce_variance"), "std": _reduction("reduce_std"),
    "logsumexp": _reduction("reduce_log_sum_exp"), "argmax": _reduction("argmax"), "argmin": _reduction("argmin"),
    "norm": _norm, "cumsum": _cumulative, "roll": _roll, "take": _take, "onehot": _one_hot, "where": _where,
    "reshape": _reshape, "transpose": _transpose,
    "expanddims": _with_axis("unsqueeze"), "squeeze": _with_axis("squeeze"), "flip": _with_axis("flip"),
    "softmax": _softmax, "split": _split, "pad": _pad, "padv2": _pad, "resize": _resize,
    "resizev2": _resize, "repeat": _repeat, "tile": _tile, "concat": _joined("concat"), "leakyrelu": _slope,
    "concatenate": _joined("concat"), "stack": _joined("stack"), "clip": _clip, "clipbyvalue": _clip,
    "matmul": _product, "cast": _same, "identity": _same, "stopgradient": _same,
}  # fmt: skip
"""The function that converts each operation with arguments, by its word."""
