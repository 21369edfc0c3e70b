"""The receptive field of a model: that of the last layer whose outputs have places in the input."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.report import LayerReport, Report


def receptive_field(report: Report) -> tuple[int, ...] | None:
    """The field of the last layer whose outputs have places in the input; None where no layer's have.

    Where a layer behind it is as large and sees everything (a squeeze-and-excitation), that is the whole input.
    """
    for layer in reversed(report.layers):
        field: tuple[int, ...] | None = layer.receptive_field
        if layer.effective_stride or (field and _positions(report, layer, len(field)) > 1):
            return field
    return None


def traced_field(report: Report) -> tuple[int, ...] | None:
    """Like `receptive_field`; None where a later layer has positions along the same axes, but no known field."""
    axes = len(report.inputs[0].shape) - 1 if report.inputs else 0
    for layer in reversed(report.layers):
        field: tuple[int, ...] | None = layer.receptive_field
        if layer.effective_stride or _positions(report, layer, axes) > 1:
            return field
    return None


def _positions(report: Report, layer: LayerReport, axes: int) -> int:
    """The number of places an output with so many spatial axes still has."""
    if len(layer.output_shape) != axes + 1:
        return 1
    return prod(layer.output_shape[1:] if report.layout == "CHW" else layer.output_shape[:-1])
