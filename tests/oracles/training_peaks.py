"""Records the peaks of whole training steps of small networks: `python -m tests.oracles.training_peaks`.

Writes tests/data/training_peaks.json: for each spec the largest sum of the storages that exist at once in a step of
PyTorch on the CPU. Workspaces inside an operator, and the counters of batch norms, are not counted.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

FILE = Path(__file__).parent.parent / "data" / "training_peaks.json"
BATCH = 4
INPUT = (3, 16, 16)

aten: Any = torch.ops.aten


class Tracker(TorchDispatchMode):
    """Sums the storages that exist, and remembers the largest sum."""

    def __init__(self) -> None:
        super().__init__()
        self.total = self.peak = 0
        self._sizes: dict[int, int] = {}

    def add(self, tensor: torch.Tensor) -> None:
        """Count the storage of a tensor until it is freed."""
        storage = tensor.untyped_storage()
        if storage._cdata not in self._sizes:
            self._sizes[storage._cdata] = storage.nbytes()
            self.total += storage.nbytes()
            self.peak = max(self.peak, self.total)
            weakref.finalize(storage, self._drop, storage._cdata)

    def _drop(self, key: int) -> None:
        self.total -= self._sizes.pop(key)

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run an operator. Sums of gradients are in place, as they are without a dispatch mode."""
        if function is aten.add.Tensor and not torch.is_grad_enabled():
            for mine, other in (args, args[::-1]):
                if mine._use_count() == 4 and torch._C._storage_Use_Count(mine.untyped_storage()._cdata) == 2:
                    return mine.add_(other)
        found = function(*args, **(kwargs or {}))
        for each in tree_iter(found):
            if isinstance(each, torch.Tensor):
                self.add(each)
        return found


class Loss(torch.autograd.Function):
    """A loss without memory, whose gradient is an array of ones."""

    @staticmethod
    def forward(ctx: Any, *outputs: torch.Tensor) -> torch.Tensor:
        """An empty tensor."""
        ctx.shapes = [output.shape for output in outputs]
        return outputs[0].new_empty(0)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> Any:
        """A new array for each output."""
        return tuple(torch.ones(shape) for shape in ctx.shapes)


def peak_of_step(network: nn.Module) -> int:
    """The bytes at the peak of a forward and a backward pass."""
    network.train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.num_batches_tracked = None
    x = torch.rand(BATCH, *INPUT)
    tracker = Tracker()
    for one in (x, *network.parameters(), *network.buffers()):
        tracker.add(one)
    with tracker:
        found = network(x)
        loss: Any = Loss.apply(*(found if isinstance(found, tuple) else (found,)))
        loss.backward(torch.empty(0))
    return tracker.peak


class Net(nn.Module):
    """A network from a function of its modules and the input."""

    def __init__(self, function: Callable[..., Any], **modules: nn.Module) -> None:
        super().__init__()
        self.function = function
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, x: torch.Tensor) -> Any:
        """The output of the function."""
        return self.function(self, x)


def _conv(channels: int, filters: int, kernel: int = 3) -> nn.Conv2d:
    return nn.Conv2d(channels, filters, kernel, padding=kernel // 2)


def _relu(x: torch.Tensor) -> torch.Tensor:
    return functional.relu(x, inplace=True)


def _residual(of: Callable[[Any, torch.Tensor], torch.Tensor]) -> Callable[..., torch.Tensor]:
    return lambda m, x: of(m, m.a(x))


NETWORKS: Mapping[str, Callable[[], nn.Module]] = {
    "concat(conv 16 3x3 p1 | conv 24 3x3 p1 | conv 8 3x3 p1)": lambda: Net(
        lambda m, x: torch.cat([m.a(x), m.b(x), m.c(x)], 1), a=_conv(3, 16), b=_conv(3, 24), c=_conv(3, 8)
    ),
    "stack(conv 16 3x3 p1 | conv 16 3x3 p1)": lambda: Net(
        lambda m, x: torch.stack([m.a(x), m.b(x)], 1), a=_conv(3, 16), b=_conv(3, 16)
    ),
    "conv 48 3x3 p1 -> split 3 axis=1 -> concat(conv 2 3x3 p1 | identity | conv 2 3x3 p1)": lambda: Net(
        lambda m, x: (lambda parts: torch.cat([m.b(parts[0]), parts[1], m.c(parts[2])], 1))(m.a(x).split(16, 1)),
        a=_conv(3, 48), b=_conv(16, 2), c=_conv(16, 2),
    ),
    "conv 64 3x3 p1 -> split 2 axis=1 name=s -> conv 2 3x3 p1 from=s.1": lambda: Net(
        lambda m, x: m.b(m.a(x).chunk(2, 1)[1]), a=_conv(3, 64), b=_conv(32, 2)
    ),
    "conv 16 3x3 p1 -> slice axis=1 stop=8 -> conv 12 3x3 p1": lambda: Net(
        lambda m, x: m.b(m.a(x)[:, :8]), a=_conv(3, 16), b=_conv(8, 12)
    ),
    "conv 16 3x3 p1 -> add(identity | conv 16 3x3 p1 | conv 16 3x3 p1 -> conv 16 3x3 p1)": lambda: Net(
        _residual(lambda m, a: a + m.b(a) + m.d(m.c(a))), a=_conv(3, 16), b=_conv(16, 16), c=_conv(16, 16),
        d=_conv(16, 16),
    ),
    "conv 16 3x3 p1 -> add(conv 16 3x3 p1 | identity) -> relu -> conv 4 3x3 p1": lambda: Net(
        _residual(lambda m, a: m.c(_relu(m.b(a) + a))), a=_conv(3, 16), b=_conv(16, 16), c=_conv(16, 4)
    ),
    "conv 16 3x3 p1 -> concat(identity | conv 8 3x3 p1 name=b) -> concat(identity | conv 8 3x3 p1)": lambda: Net(
        _residual(lambda m, a: (lambda y: torch.cat([y, m.c(y)], 1))(torch.cat([a, m.b(a)], 1))), a=_conv(3, 16),
        b=_conv(16, 8), c=_conv(24, 8),
    ),
    "conv 8 3x3 p1 -> max_pool 2 -> flatten -> dense 10": lambda: nn.Sequential(
        _conv(3, 8), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10)
    ),
    "conv 8 3x3 p1 -> reshape [8,256] -> dense 64": lambda: Net(
        lambda m, x: m.b(m.a(x).view(-1, 8, 256)), a=_conv(3, 8), b=nn.Linear(256, 64)
    ),
    "conv 16 3x3 p1 relu -> conv 8 3x3 p1 relu -> conv 4 3x3 p1": lambda: nn.Sequential(
        _conv(3, 16), nn.ReLU(inplace=True), _conv(16, 8), nn.ReLU(inplace=True), _conv(8, 4)
    ),
    "conv 16 3x3 p1 -> batch_norm -> relu -> conv 8 3x3 p1": lambda: nn.Sequential(
        _conv(3, 16), nn.BatchNorm2d(16), nn.ReLU(inplace=True), _conv(16, 8)
    ),
    "conv 16 3x3 p1 -> multiply(identity | global_avg_pool keep=1 -> conv 16 1x1 sigmoid) -> conv 8 1x1": lambda: Net(
        _residual(lambda m, a: m.c(a * torch.sigmoid(m.b(functional.adaptive_avg_pool2d(a, 1))))), a=_conv(3, 16),
        b=_conv(16, 16, 1), c=_conv(16, 8, 1),
    ),
    "conv 64 1x1 -> conv 64 3x3 p1 name=b -> relu -> conv 64 3x3 p1 share_weights=b -> relu -> conv 4 1x1": lambda: Net(
        lambda m, x: m.c(_relu(m.b(_relu(m.b(m.a(x)))))), a=_conv(3, 64, 1), b=_conv(64, 64), c=_conv(64, 4, 1)
    ),
    "conv 16 3x3 p1 -> subtract(identity | conv 16 3x3 p1) -> conv 16 3x3 p1": lambda: Net(
        _residual(lambda m, a: m.c(a - m.b(a))), a=_conv(3, 16), b=_conv(16, 16), c=_conv(16, 16)
    ),
    "conv 16 3x3 p1 -> concat(identity | max_pool 2 -> conv 8 3x3 p1 -> upsample 2) -> conv 8 3x3 p1": lambda: Net(
        _residual(lambda m, a: m.c(torch.cat([a, functional.interpolate(m.b(functional.max_pool2d(a, 2)),
                                                                        scale_factor=2.0)], 1))),
        a=_conv(3, 16), b=_conv(16, 8), c=_conv(24, 8),
    ),
}  # fmt: skip
"""Networks for an input of 3x16x16, by our inline spec in the PyTorch convention."""


def main() -> None:
    """Write the file: one network a line."""
    rows = [json.dumps({"spec": spec, "peak": peak_of_step(network())}) for spec, network in NETWORKS.items()]
    FILE.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
