"""The roles of layer types in a network."""

from __future__ import annotations

from typing import Literal

Role = Literal[
    "", "activation", "softmax", "function", "convolution", "dense", "dropout", "global_pool", "passing", "permuting"
]
"""The role of a layer type in a network, for lint rules about architectures.

An `activation` makes a network nonlinear, a `softmax` is an activation whose outputs compete, and a `function` is
elementwise arithmetic. A `passing` layer changes no value, a `permuting` layer only their order.
"""
