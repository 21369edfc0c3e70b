"""The result of one layer on a literal array."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from cnncalc.number_text import decimal
from cnncalc.render.json_text import json_line

if TYPE_CHECKING:
    from cnncalc.forward.apply import Applied
    from cnncalc.forward.trace import OutputTrace


def as_json(found: Applied) -> str:
    """The output with its shape, and the working where it was asked for."""
    return json_line(
        {
            "format": 1,
            "type": found.layer.type,
            "inputs": [list(shape) for shape in found.input_shapes],
            "output_shape": list(found.output_shape),
            "output": _finite(found.output.tolist()),
            "trace": [
                {
                    "position": list(step.position),
                    "channel": step.channel,
                    "gathers": step.gathers,
                    "working": step.working,
                    "value": _finite(step.value),
                    "activated": _finite(step.activated),
                }
                for step in found.traces
            ],
        },
    )


def _finite(value: Any) -> Any:
    """`value` with null for numbers that are not finite, such as the maximum of nothing: JSON has none."""
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value if value is None or isfinite(value) else None


def as_text(found: Applied) -> str:
    """The output as nested rows, a single number as itself; then the working of each output."""
    lines = [_array(found.output.tolist())]
    if found.traces:
        lines += ["", *map(_step, found.traces)]
    if any(step.gathers for step in found.traces):
        lines += ["", "x(…) is the input at a position, k(…) a tap of the kernel, both counted from 0."]
    return "\n".join(lines)


def _step(step: OutputTrace) -> str:
    place = [str(index) for index in step.position] + ([] if step.channel is None else [f"channel {step.channel}"])
    gathers = f"{step.gathers} = " if step.gathers else ""
    result = "" if step.working == number(step.value) else f" = {number(step.value)}"
    activated = "" if step.activated is None else f", activated {number(step.activated)}"
    return f"({', '.join(place) or 'output'}): {gathers}{step.working}{result}{activated}"


def _array(value: Any) -> str:
    """Rows one under the other, their columns aligned."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, list):
        return number(value)
    width = max(len(number(item)) for item in _flat(value))
    return _rows(value, width, 0)


def _rows(value: list[Any], width: int, indent: int) -> str:
    if not isinstance(value[0], list):
        return "[" + ", ".join(number(item).rjust(width) for item in value) + "]"
    separator = ",\n" + " " * (indent + 1)
    return "[" + separator.join(_rows(item, width, indent + 1) for item in value) + "]"


def _flat(value: Any) -> list[float]:
    return [item for part in value for item in _flat(part)] if isinstance(value, list) else [value]


def number(value: float) -> str:
    """A whole number without a point; others with six significant digits."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else decimal(value)
