"""A layer of unknown shapes in one line, in place of its explanation."""

from __future__ import annotations

from cnncalc.importing.unshaped import UnshapedLayer
from cnncalc.number_text import plural
from cnncalc.render.text import visible


def unshaped_line(layer: UnshapedLayer) -> str:
    """The metrics of a layer that are known without its shapes."""
    if layer.params is None:
        return visible(f"{layer.name}: {layer.type} of unknown shapes and parameters")
    return visible(f"{layer.name}: {layer.type}, {plural(layer.params, 'parameter')}, of unknown shapes")
