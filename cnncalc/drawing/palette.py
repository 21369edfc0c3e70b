"""Colours by name, for light and dark paper. Hues are from Okabe & Ito, Color Universal Design, 2008.

Colour is never the only sign of anything: every box states its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Tone(NamedTuple):
    """A colour on light and on dark paper, as `#rrggbb`."""

    light: str
    dark: str


COLOURS: Mapping[str, Tone] = {
    "paper": Tone("#ffffff", "#16181d"),
    "ink": Tone("#1b1f27", "#eceff4"),
    "muted": Tone("#5b6472", "#a3adbb"),
    "line": Tone("#6b7480", "#8b95a3"),
    "frame": Tone("#f4f6f9", "#1f232b"),
    "frame.line": Tone("#c3cad4", "#3d4552"),
    "padding": Tone("#f6f7f9", "#1c2027"),
    "padding.line": Tone("#aab3bf", "#566070"),
    "unused": Tone("#f9d9d6", "#5a2420"),
    "window": Tone("#8ec6ea", "#1f6fa8"),
    "window.line": Tone("#005a8f", "#8fd0f7"),
    "marked": Tone("#b3261e", "#ff8a80"),
    "input": Tone("#eceff3", "#2b313b"),
    "input.line": Tone("#8a94a3", "#7b8695"),
    "convolution": Tone("#d3e6f5", "#12395a"),
    "convolution.line": Tone("#0072b2", "#5aaee0"),
    "pooling": Tone("#fbe0d0", "#55280f"),
    "pooling.line": Tone("#d55e00", "#f2935a"),
    "dense": Tone("#f3dcea", "#4c2440"),
    "dense.line": Tone("#b25a8e", "#dd9cc3"),
    "merge": Tone("#d2eee4", "#0b3d30"),
    "merge.line": Tone("#009e73", "#45c9a3"),
    "sequence": Tone("#def1fb", "#123d52"),
    "sequence.line": Tone("#2d93c8", "#7cc8ee"),
    "values": Tone("#fbf5cb", "#45400b"),
    "values.line": Tone("#a08f00", "#dccd4a"),
    "resizing": Tone("#fbeccb", "#4a3606"),
    "resizing.line": Tone("#b87d00", "#eab744"),
    "shape": Tone("#e9e9ee", "#2d2f38"),
    "shape.line": Tone("#7d7f8c", "#9b9daa"),
    "added": Tone("#d2eee4", "#0b3d30"),
    "added.line": Tone("#009e73", "#45c9a3"),
    "removed": Tone("#f9d9d6", "#5a2420"),
    "removed.line": Tone("#b3261e", "#ff8a80"),
    "changed": Tone("#fbeccb", "#4a3606"),
    "changed.line": Tone("#b87d00", "#eab744"),
    "block": Tone("#e6e9f5", "#272c47"),
    "block.line": Tone("#5562a6", "#98a4e6"),
}  # fmt: skip

FAMILIES: Mapping[str, str] = {
    "convolution": "convolution",
    "pooling": "pooling",
    "reduction": "pooling",
    "dense": "dense",
    "embedding": "dense",
    "merge": "merge",
    "attention": "sequence",
    "recurrent": "sequence",
    "detection": "sequence",
    "spectral": "sequence",
    "activation": "values",
    "elementwise": "values",
    "normalization": "values",
    "regularization": "values",
    "resizing": "resizing",
    "reshaping": "shape",
    "wrapping": "shape",
    "other": "shape",
}
"""The colour of each family of layer types. A plug-in's own family has that of `other`."""


def family_colour(family: str) -> str:
    """The name of a family's colour; that of its outline ends in `.line`."""
    return FAMILIES.get(family, "shape")
