"""The columns, the cells and the totals of bounds, for every form."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.roofline.bounds import LayerBounds, TimeBounds
from cnncalc.number_text import byte_size, decimal, duration, plural, short, thousands
from cnncalc.render.text import visible


def titles(found: TimeBounds) -> list[str]:
    """The titles of the layers' columns; those of time with a device."""
    timed = ["Bound by", "Least time"] if found.device else []
    return ["Layer", "Type", "MACs", "Backward MACs", "FLOPs", "Read", "Written", "FLOPs/B", *timed]


def cells(found: TimeBounds, layer: LayerBounds) -> list[str]:
    """The cells of a layer."""
    backward = layer.backward_input_macs + layer.backward_weight_macs
    counts = [thousands(number) if number else "" for number in (layer.macs, backward, layer.flops)]
    moved = [byte_size(number) if number else "" for number in (layer.bytes_read, layer.bytes_written)]
    timed = [layer.bound, duration(layer.seconds)] if found.device else []
    return [visible(layer.name), layer.type, *counts, *moved, _intensity(layer.intensity), *timed]


def total_cells(found: TimeBounds) -> list[str]:
    """The cells of the line of sums."""
    counts = [thousands(found.total("macs")), thousands(found.backward_macs), thousands(found.total("flops"))]
    moved = [byte_size(found.total(field)) for field in ("bytes_read", "bytes_written")]
    timed = ["", duration(found.layer_seconds)] if found.device else []
    return ["Total", "", *counts, *moved, _intensity(found.intensity), *timed]


def facts(found: TimeBounds) -> list[str]:
    """The batch, the data type and the device."""
    device = found.device
    at = [] if device is None else [f"{device.name}: {device.rates}" if device.name else device.rates]
    return [f"batch {found.batch}", found.dtype, *at]


def totals(found: TimeBounds) -> Iterator[tuple[str, str, str]]:
    """The name, the value and the definition of each total."""
    inputs, weights = found.total("backward_input_macs"), found.total("backward_weight_macs")
    yield (
        "Backward",
        f"{short(found.backward_macs)} MACs",
        (f"{short(inputs)} for gradients of inputs, {short(weights)} for gradients of weights"),
    )
    yield (
        "Bytes",
        byte_size(found.total("bytes")),
        (f"if every layer reads and writes memory; inputs, weights and outputs alone: {byte_size(found.outer_bytes)}"),
    )
    if found.device is None:
        return
    yield (
        "Balance",
        f"{decimal(found.device.balance, 3)} FLOPs/B",
        ("the device's ratio of rates: layers with a lower intensity are bound by memory"),
    )
    for bound in ("arithmetic", "memory"):
        bound_layers = [layer for layer in found.layers if layer.bound == bound]
        seconds = sum(layer.seconds for layer in bound_layers)
        yield f"By {bound}", duration(seconds) or "0 s", f"in {plural(len(bound_layers), 'layer')}"
    parts = (found.total("flops") / found.device.flops_per_second, found.outer_bytes / found.device.bytes_per_second)
    arithmetic, memory = (duration(seconds) or "0 s" for seconds in parts)
    fused = f"for any fusion and any cache: max({arithmetic} of FLOPs, {memory} of inputs, weights and outputs)"
    yield "Lower bounds", duration(found.least_seconds) or "0 s", fused
    unfused = "if every layer reads its inputs from memory and writes its output there"
    yield "", duration(found.layer_seconds) or "0 s", unfused


def _intensity(value: float | None) -> str:
    return "" if value is None else decimal(value, 3)
