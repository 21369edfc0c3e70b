"""The line that says what a layer does, as lectures write it: `conv 3×3, 64, s2`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.drawing.diagram import DrawnLayer
from cnncalc.layers.declare import Field
from cnncalc.number_text import decimal, show_shape, thousands


def caption(drawn: DrawnLayer) -> str:
    """The type of a layer and its main settings: the kernel first, then counts, stride, padding, dilation, groups."""
    words = list(_settings(drawn))
    return f"{drawn.layer.type} {', '.join(words)}" if words else drawn.layer.type


def window_caption(drawn: DrawnLayer) -> str:
    """The type of a layer with its kernel and stride alone: `conv 3×3, s2`."""
    fields = drawn.layer.fields
    given = drawn.figures.settings
    axes = _spatial_axes(drawn)
    words = [_sizes(given["kernel"], axes)] if "kernel" in given else []
    words += [_setting(fields["stride"], given["stride"])] if "stride" in given and "stride" in fields else []
    return " ".join([drawn.layer.type, ", ".join(word for word in words if word)]).strip()


def _settings(drawn: DrawnLayer) -> Iterator[str]:
    fields = drawn.layer.fields
    given = {name: value for name, value in drawn.figures.settings.items() if name in fields}
    axes = _spatial_axes(drawn)
    if "kernel" in given:
        yield _sizes(given.pop("kernel"), axes)
    for name, value in sorted(given.items(), key=lambda item: bool(fields[item[0]].short)):
        text = _setting(fields[name], value)
        if text:
            yield text


def _spatial_axes(drawn: DrawnLayer) -> int:
    """The number of spatial axes of a layer's input; 1 for a learned array, which has no input."""
    shapes = drawn.figures.input_shapes
    return max(len(shapes[0]) - 1, 1) if shapes else 1


def _setting(field: Field, value: Any) -> str:
    """One setting in its short form; empty for those that a reader of a drawing can do without."""
    if not field.positional and value == field.default:
        return ""
    if field.short:
        return value if isinstance(value, str) else f"{field.short}{_compact(value)}"
    if isinstance(value, str) and field.name == "padding":
        return value
    if field.positional and isinstance(value, int | float | tuple | list) and not isinstance(value, bool):
        return _compact(value)
    return ""


def _sizes(value: Any, axes: int) -> str:
    """A kernel with a size for every axis: `3×3`."""
    sizes = value if isinstance(value, tuple | list) else (value,) * axes
    return show_shape(sizes, times="×")


def _compact(value: Any) -> str:
    """A number, or several: one for equal ones, else `2×1`."""
    if isinstance(value, tuple | list):
        numbers = [each for each in value if isinstance(each, int | float)]
        if len(numbers) != len(value):
            return "…"
        return _compact(numbers[0]) if len(set(numbers)) == 1 else show_shape(numbers, times="×")
    return thousands(value) if isinstance(value, int) else decimal(value)
