"""The receptive field of a model: that of the last layer whose outputs have positions in the input."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.report import LayerReport, Report


def receptive_field(report: Report) -> tuple[int, ...] | None:
    """The field of the last layer whose outputs have positions in the input; None if there is no such layer.

    If a later layer of the same size sees everything (squeeze-and-excitation), the field is the whole input.
    """
    for layer in reversed(report.layers):
        field: tuple[int, ...] | None = layer.receptive_field
        if layer.effective_stride or (field and _positions(report, layer, len(field)) > 1):
            return field
    return None


def traced_field(report: Report) -> tuple[int, ...] | None:
    """Like `receptive_field`, but None if a later layer has positions along the same axes and an undefined field."""
    axes = len(report.inputs[0].shape) - 1 if report.inputs else 0
    for layer in reversed(report.layers):
        field: tuple[int, ...] | None = layer.receptive_field
        if layer.effective_stride or _positions(report, layer, axes) > 1:
            return field
    return None


def _positions(report: Report, layer: LayerReport, axes: int) -> int:
    """The number of positions of an output with this number of spatial axes."""
    if len(layer.output_shape) != axes + 1:
        return 1
    return prod(layer.output_shape[1:] if report.layout == "CHW" else layer.output_shape[:-1])
