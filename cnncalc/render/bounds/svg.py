"""The roofline of a device with the layers of a model, as SVG."""

from __future__ import annotations

from cnncalc.analysis.roofline.bounds import TimeBounds
from cnncalc.drawing.forms import svg
from cnncalc.drawing.roofline import RooflinePoint, roofline
from cnncalc.number_text import decimal, duration
from cnncalc.render.bounds.rows import facts


def render(found: TimeBounds) -> str:
    """The plot; empty without a device, or if no layer has both work and traffic."""
    device = found.device
    points = [
        RooflinePoint(layer.intensity, layer.seconds, f"{layer.name} ({layer.type}): "
                      f"{decimal(layer.intensity, 3)} FLOPs/B, bound by {layer.bound}, {duration(layer.seconds)}")
        for layer in found.layers
        if layer.intensity
    ]  # fmt: skip
    if device is None or not points:
        return ""
    title = f"{found.name or 'the model'} on {device.name or device.rates}"
    picture = roofline(title, " · ".join(facts(found)), device.flops_per_second, device.bytes_per_second, points)
    return svg.render(picture)
