"""The result of one layer on a literal array."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.forward.apply import Applied
    from cnncalc.forward.trace import Trace


def as_json(found: Applied) -> str:
    """The output with its shape, and the working where it was asked for."""
    return json.dumps(
        {
            "format": 1,
            "type": found.layer.type,
            "inputs": [list(shape) for shape in found.input_shapes],
            "output_shape": list(found.output_shape),
            "output": found.output.tolist(),
            "trace": [
                {"position": list(step.position), "channel": step.channel, "working": step.working}
                for step in found.traces
            ],
        },
        ensure_ascii=False,
    )


def as_text(found: Applied) -> str:
    """The output as nested rows, a single number as itself; then the working of each output."""
    lines = [_array(found.output.tolist())]
    if found.traces:
        values = found.output.reshape(-1).tolist()
        lines.append("")
        lines += [_step(step, values[number] if len(values) == len(found.traces) else None)
                  for number, step in enumerate(found.traces)]  # fmt: skip
    return "\n".join(lines)


def _step(step: Trace, value: float | None) -> str:
    place = ", ".join(str(index) for index in step.position)
    channel = "" if step.channel is None else f", channel {step.channel}"
    result = "" if value is None else f" = {number(value)}"
    return f"({place}{channel}): {step.working}{result}"


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
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"
