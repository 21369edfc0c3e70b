"""The memory of a model on a microcontroller: `arena`, its working memory, and `flash`, its stored numbers."""

from __future__ import annotations

from cnncalc.analysis.device.arena import plan_arena
from cnncalc.analysis.device.deployment import constants, deployed
from cnncalc.graph.model import Graph
from cnncalc.number_text import plural, thousands

_NAMED = 3
"""The number of tensors that a message names."""


def device_figure(name: str, graph: Graph) -> int:
    """`arena` or `flash` of an int8 model, in bytes."""
    return plan_arena(deployed(graph)).bytes if name == "arena" else constants(graph).total


def fullest_text(graph: Graph) -> str:
    """The tensors that are largest together, up to three by name: `conv_1 (16 bytes) and conv_2 (8 bytes) …`."""
    tensors = sorted(plan_arena(deployed(graph)).fullest(), key=lambda tensor: -tensor.bytes)
    named = [f"{tensor.name} ({thousands(tensor.bytes)} bytes)" for tensor in tensors[:_NAMED]]
    if len(tensors) == 1:
        return f"{named[0]} is the largest tensor"
    if len(tensors) > _NAMED:
        named.append(f"{plural(len(tensors) - _NAMED, 'smaller tensor')}")
    return f"{', '.join(named[:-1])} and {named[-1]} are in use together"
