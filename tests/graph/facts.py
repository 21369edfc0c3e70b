"""What a spec gives, as text: the shapes of its layers, or its mistakes."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError

IMAGE = "input: 13x11x3\n"
"""The beginning of a spec in YAML, and below in the inline form."""
INLINE = "13x11x3 -> "
REGIONS = "input: {x: 13x11x3, r: 9x4}\nlayers: [{roi_align: 7x5, from: [x, r], name: cut}, {conv: 5 3, name: c}, "
"""Nine regions of 7x5, cut out and convolved."""


def shapes_of(text: str) -> str:
    """Each layer by its name, with its output's shape."""
    layers = [node for node in load(text).nodes if node.layer is not None]
    return "; ".join(f"{node.name} {'x'.join(map(str, node.shape or ()))}" for node in layers)


def mistakes_of(text: str) -> list[tuple[str, str, str]]:
    """Line, column and code of each mistake, its message, and its hint."""
    with pytest.raises(SpecError) as caught:
        load(text)
    return [(f"{one.line}:{one.column} {one.code}", one.message, one.hint) for one in caught.value.diagnostics]


def agrees(found: str, wanted: str) -> bool:
    """Whether two texts are alike, up to the ellipsis that ends the second."""
    return found == wanted or (wanted.endswith("…") and found.startswith(wanted[:-1]))
