"""Modules of our own that PyTorch cannot trace without numbers, and the types of the layers that one run gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


class Pooled(nn.Module):
    """A convolution, a mean of the positions, and a linear layer; `between` is what is done after the convolution."""

    def __init__(self, between: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Linear(8, 4)
        self.between = between

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.between(self.conv(x)).mean((2, 3)))


class Scripted(nn.Module):
    """The same without anything between, as TorchScript can read it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.conv(x).mean((2, 3)))


def branch(x: Tensor) -> Tensor:
    return x.relu() if x.square().mean() >= 0 else x


def branch_of_one_sample(x: Tensor) -> Tensor:
    return x.relu() if x.square().mean((1, 2, 3)) >= 0 else x


def turns(x: Tensor) -> Tensor:
    for _ in range(1 + int((x * 0).max().item())):
        x = x.relu()
    return x


def through_numpy(x: Tensor) -> Tensor:
    return torch.from_numpy(np.maximum(x.numpy(), 0))


def mapped(x: Tensor) -> Tensor:
    return torch.vmap(torch.sigmoid)(x)


def scripted() -> Any:
    return torch.jit.script(Scripted())  # type: ignore[no-untyped-call]


PLAIN = "conv {} global_avg_pool dense"

MODULES: Mapping[str, tuple[Callable[[], nn.Module], str]] = {
    "branch": (lambda: Pooled(branch), PLAIN.format("relu")),
    "one sample": (lambda: Pooled(branch_of_one_sample), PLAIN.format("relu")),
    "turns": (lambda: Pooled(turns), PLAIN.format("relu")),
    "numpy": (lambda: Pooled(through_numpy), PLAIN.format("opaque")),
    "vmap": (lambda: Pooled(mapped), PLAIN.format("opaque")),
    "script": (scripted, PLAIN.format("")),
}
