"""Models of PyTorch in foreign programs: those that the programs call on tensors."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from tests.oracles.zoo.figures import Figures, Shape
from tests.oracles.zoo.stand_ins import Missing, nothing

INSTALLED = ("torch", "torchvision", "numpy", "PIL")
IMAGES = {
    "MNIST": (1, 28, 28), "FashionMNIST": (1, 28, 28), "KMNIST": (1, 28, 28), "CIFAR10": (3, 32, 32),
    "CIFAR100": (3, 32, 32), "SVHN": (3, 32, 32), "STL10": (3, 96, 96),
}  # fmt: skip
COUNT = 64
called: dict[int, tuple[nn.Module, tuple[Tensor, ...]]] = {}
"""The models that the program calls on tensors alone, with one sample of the first call."""


def finder() -> Missing:
    return Missing(INSTALLED)


def prepare() -> None:
    """Replace data sets by few images without content, and start networks without weights."""
    measured(nn.Linear(1, 1), (torch.zeros(1, 1),))  # imports all that PyTorch imports late, which may not be missing
    Tensor.backward = nothing  # type: ignore[method-assign, assignment]
    nn.Module.__call__ = _noted(nn.Module.__call__)  # type: ignore[method-assign]
    try:
        torchvision = importlib.import_module("torchvision")
    except (ImportError, RuntimeError):  # not installed, or built for another PyTorch
        return
    for name, shape in IMAGES.items():
        setattr(torchvision.datasets, name, _images(torchvision, name, shape))
    for name in torchvision.models.list_models():
        setattr(torchvision.models, name, _weightless(torchvision.models.get_model_builder(name)))


def _images(torchvision: Any, name: str, shape: tuple[int, int, int]) -> Any:
    class Images(torchvision.datasets.FakeData):  # type: ignore[misc]
        def __init__(self, *_: Any, transform: Any = None, target_transform: Any = None, **__: Any) -> None:
            super().__init__(COUNT, shape, 100 if name == "CIFAR100" else 10, transform, target_transform)
            self.classes = [str(each) for each in range(self.num_classes)]

    return Images


def _weightless(builder: Any) -> Any:
    def made(*_: Any, **words: Any) -> Any:
        kept = {name: value for name, value in words.items() if name not in ("weights", "pretrained", "progress")}
        return builder(**kept)

    return made


def _noted(call: Any) -> Any:
    depth = 0

    def noted(model: nn.Module, *values: Any, **words: Any) -> Any:
        nonlocal depth
        if depth == 0 and not words and values and all(isinstance(each, Tensor) for each in values):
            called.setdefault(id(model), (model, tuple(each[:1].detach() for each in values)))
        depth += 1
        try:
            return call(model, *values, **words)
        finally:
            depth -= 1

    return noted


def models(names: dict[str, Any]) -> dict[str, Any]:
    """The variables whose models are called; losses of PyTorch are not models."""
    return {name: value for name, value in list(names.items()) if id(value) in called and not _is_loss(value)}


def _is_loss(model: object) -> bool:
    return type(model).__module__ == "torch.nn.modules.loss"


def made(_: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Nothing: what a model takes shows only in a call."""
    return iter(())


def figures(model: nn.Module) -> Figures | None:
    return measured(model, called[id(model)][1])


def measured(model: nn.Module, sample: tuple[Tensor, ...]) -> Figures:
    """The figures of a model; without multiply-accumulates if it has recurrent layers, which the counter leaves out."""
    model = model.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        result = model(*sample)
    arrays = list(model.parameters())
    inputs: dict[str, Shape] = {str(at): list(each.shape[1:]) for at, each in enumerate(sample)}
    outputs: list[Shape] = [list(each.shape[1:]) for each in tensors(result)]
    trainable = sum(each.numel() for each in arrays if each.requires_grad)
    params = sum(each.numel() for each in arrays)
    macs = None if any(isinstance(each, nn.RNNBase) for each in model.modules()) else counter.get_total_flops() // 2
    return Figures(params, trainable, inputs, outputs, macs, [])


def tensors(value: Any) -> list[Tensor]:
    """The tensors of a result, however deep in containers."""
    if isinstance(value, Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [each for part in parts for each in tensors(part)]
