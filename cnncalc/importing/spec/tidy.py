"""Fields that a person would leave out: details without a metric, and what the convention does by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field

_DETAILS = ("epsilon", "momentum")
"""Fields that change neither a shape nor a count."""
_DIGITS, _NOISE = 12, 1e-15
"""A number that is so close to one of so many digits is that one."""
_SHAPING = ("keep", "return_sequences")
"""Flags that the output's shape shows."""


def tidied(kind: type[Layer], fields: Mapping[str, Any], setting: Setting, inputs: tuple[Shape, ...]) -> dict[str, Any]:
    """The fields of a layer with these inputs, without those that say nothing."""
    kept = {name: value for name, value in fields.items() if name not in _DETAILS}
    for name in [name for name in kept if name in kind.fields and _says_nothing(kind, name, kept, setting, inputs)]:
        del kept[name]
    for name, value in kept.items():
        if isinstance(value, float) and abs(value - round(value, _DIGITS)) < _NOISE:
            kept[name] = round(value, _DIGITS)  # 0.07500000000000001 is 0.075
    if "axes" not in kept and isinstance(amount := _one_amount(kept.get("amount")), int):
        kept["amount"] = amount
    return kept


def _says_nothing(
    kind: type[Layer], name: str, fields: Mapping[str, Any], setting: Setting, inputs: tuple[Shape, ...]
) -> bool:  # fmt: skip
    field, value = kind.fields[name], fields[name]
    if name == "padding" and value == "valid":
        return bool(field.default == 0)
    if name == "axis" and isinstance(field.default, str) and inputs and isinstance(value, int | str):
        return _is_same_axis(kind, field, value, setting, inputs[0])
    if name in _SHAPING and field.default is None and inputs:
        without = {key: each for key, each in fields.items() if key != name}
        shape = _shape(kind, fields, setting, inputs)
        return shape is not None and shape == _shape(kind, without, setting, inputs)
    return False


def _is_same_axis(kind: type[Layer], field: Field, value: int | str, setting: Setting, shape: Shape) -> bool:
    layer = kind(setting)
    try:
        return layer.axis_index(value, shape) == layer.axis_index(field.default, shape)
    except Refusal:
        return False


def _shape(kind: type[Layer], fields: Mapping[str, Any], setting: Setting, inputs: tuple[Shape, ...]) -> Shape | None:
    """The output's shape; None where the fields give none."""
    try:
        values = {name: kind.fields[name].parse(value) for name, value in fields.items()}
        return kind(setting, **values).shape(*inputs)
    except (KeyError, Refusal):
        return None


def _one_amount(value: Any) -> Any:
    """One number for equal ones on every side."""
    if isinstance(value, list | tuple) and value:
        inner = [_one_amount(each) for each in value]
        return inner[0] if all(each == inner[0] for each in inner) else value
    return value
