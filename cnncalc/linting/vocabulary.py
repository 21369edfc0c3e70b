"""Sets of roles that several rules share."""

from __future__ import annotations

from cnncalc.layers.base import Role

ACTIVATIONS: frozenset[Role] = frozenset({"activation", "softmax"})
"""Layers that make a network nonlinear; functions such as `abs` or `sqrt` are not activations."""
SILENT: frozenset[Role] = frozenset({"passing", "dropout"})
"""Layers that change no value at inference."""
