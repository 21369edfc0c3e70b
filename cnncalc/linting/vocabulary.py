"""Sets of roles that several rules share, and how a share is written."""

from __future__ import annotations

from cnncalc.layers.base import Role

ACTIVATIONS: frozenset[Role] = frozenset({"activation", "softmax"})
"""Layers that make a network nonlinear; functions such as `abs` or `sqrt` are not activations."""
SILENT: frozenset[Role] = frozenset({"passing", "dropout"})
"""Layers that change no value when the network is used."""


def percent(share: float) -> str:
    """A share in whole percent; what is neither nothing nor all is never called so."""
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"
