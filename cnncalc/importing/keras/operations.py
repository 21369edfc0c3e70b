"""Operations on tensors that Keras records as layers: `x * 2`, `ops.relu(x)`, TensorFlow's `math.add`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.keras.calls import LayerConfig, LayerUse
from cnncalc.importing.keras.layers import OwnLayer, Unknown, pieces_of

_ARITHMETIC: Mapping[str, str] = {
    "add": "add", "addv2": "add", "subtract": "subtract", "sub": "subtract", "multiply": "multiply", "mul": "multiply",
    "truediv": "divide", "truedivide": "divide", "divide": "divide", "maximum": "maximum", "minimum": "minimum",
    "matmul": "matmul",
}  # fmt: skip
_POINTWISE = ("relu", "relu6", "sigmoid", "tanh", "softmax", "silu", "gelu", "elu", "selu", "exp", "sqrt", "abs", "log")


def operation_of(layer: LayerConfig, call: LayerUse) -> list[OwnLayer] | None:
    """The layers of an operation; None for a layer. Raises Unknown for an operation that no type is."""
    if layer.class_name in ("TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda"):
        word = str(layer.config.get("function") or layer.config.get("node_def", {}).get("op", ""))
        return _operation(word.rsplit(".", 1)[-1].strip("_").lower(), call, layer)
    constants = [value for key, value in call.arguments.items() if isinstance(key, int)]
    word = layer.class_name.lower()
    if word in _ARITHMETIC and (constants or len(call.inputs) == 2) and "activation" not in layer.config:
        return _operation(word, call, layer)
    return None


def _operation(word: str, call: LayerUse, layer: LayerConfig) -> list[OwnLayer]:
    numbers = [value for key, value in call.arguments.items() if _is_number(value) and key != "axis"]
    if word in _ARITHMETIC and len(call.inputs) > 1:
        return [OwnLayer(_ARITHMETIC[word], {})]
    if word in _ARITHMETIC and len(numbers) == 1 and len(call.inputs) == 1:
        number = numbers[0]
        first = 0 in call.arguments or "x" in call.arguments  # the number is on the left
        if word in ("add", "addv2"):
            return [_line(1.0, number)]
        if word in ("subtract", "sub"):
            return [_line(-1.0, number) if first else _line(1.0, -number)]
        if word in ("multiply", "mul"):
            return [_line(number, 0.0)]
        if word in ("truediv", "truedivide", "divide") and number and not first:
            return [_line(1 / number, 0.0)]
    if word in _POINTWISE:
        return pieces_of("Activation", {"activation": word})
    if word in ("concat", "concatenate"):
        return [OwnLayer("concat", {"axis": _axis(call, -1)})]
    raise Unknown(word)


def _line(scale: float, shift: float) -> OwnLayer:
    return OwnLayer("power", {"scale": float(scale), "shift": float(shift)})


def _axis(call: LayerUse, default: int) -> int:
    value = call.arguments.get("axis", default)
    return value if isinstance(value, int) else default


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
