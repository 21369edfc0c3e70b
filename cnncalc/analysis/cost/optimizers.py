"""The optimizers: the numbers that each keeps for every learned array."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape

STEP_BYTES = 4
"""The size of a number of steps: PyTorch counts in float32 for every type of weights."""


class Optimizer(NamedTuple):
    """The states of an optimizer for one learned array."""

    copies: int
    """The number of arrays of the size of the weights."""
    source: str
    factored: bool = False
    """Whether arrays with two or more axes have one state per row and one per column instead."""
    counts_steps: bool = False
    """Whether PyTorch keeps the number of steps with each array, a float32."""
    states: str = ""
    """The names of the states."""

    def state_bytes(self, shape: Shape, item_bytes: int) -> int:
        """The bytes of all states of an array of numbers of `item_bytes`, whose axes are in PyTorch's order."""
        return STEP_BYTES * self.counts_steps + item_bytes * self._numbers(shape)

    def _numbers(self, shape: Shape) -> int:
        if not self.factored or len(shape) < 2:
            return self.copies * prod(shape)
        *lead, rows, columns = shape
        return prod(lead) * (rows + columns)


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({
    "sgd": Optimizer(0, "PyTorch, torch.optim.SGD"),
    "momentum": Optimizer(1, "PyTorch, torch.optim.SGD with momentum", states="momentum"),
    "adam": Optimizer(
        2, "Kingma & Ba, arXiv 1412.6980; PyTorch, torch.optim.Adam", counts_steps=True, states="mean, mean square"
    ),
    "adamw": Optimizer(
        2, "Loshchilov & Hutter, arXiv 1711.05101; PyTorch, torch.optim.AdamW", counts_steps=True,
        states="mean, mean square",
    ),
    "rmsprop": Optimizer(1, "PyTorch, torch.optim.RMSprop", counts_steps=True, states="mean square"),
    "adagrad": Optimizer(
        1, "Duchi et al., JMLR 12, 2011; PyTorch, torch.optim.Adagrad", counts_steps=True, states="sum of squares"
    ),
    "lion": Optimizer(1, "Chen et al., arXiv 2302.06675, algorithm 2", states="momentum"),
    "adafactor": Optimizer(
        1, "Shazeer & Stern, arXiv 1804.04235; PyTorch, torch.optim.Adafactor", factored=True, counts_steps=True,
        states="mean square of each row and column",
    ),
})  # fmt: skip
"""The optimizers by name, as torch.optim keeps their states by default."""
