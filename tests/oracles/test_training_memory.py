"""The memory of training against the installed PyTorch and torchvision; skipped without them."""

from __future__ import annotations

import json

import pytest

import cnncalc
from cnncalc.analysis.cost.optimizers import OPTIMIZERS

MODELS = ("resnet18", "mobilenet_v3_small", "alexnet", "shufflenet_v2_x0_5", "densenet121")


@pytest.mark.parametrize("dtype", ["float32", "mixed"])
@pytest.mark.parametrize("name", MODELS)
def test_a_model_keeps_what_pytorch_keeps(name: str, dtype: str) -> None:
    """To the byte, in float32 and with autocast; on the CPU with bfloat16, whose numbers have 2 bytes as well."""
    pytest.importorskip("torchvision", reason="torchvision is not installed")
    import torch

    from tests.oracles.torchvision_memory import kept_by_pytorch, made

    module, shape, batch = made(name)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == "mixed"):
        theirs = kept_by_pytorch(module, shape, batch)
    found = cnncalc.cost(cnncalc.from_torch(module, shape), batch=batch, dtype=dtype)
    assert found.totals.kept_bytes == theirs


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "lion"])
def test_an_optimizer_has_the_states_of_pytorch(name: str) -> None:
    """The bytes of all tensors in its state after one step; PyTorch has no Lion."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 5, 3), torch.nn.BatchNorm2d(5), torch.nn.Flatten(),
                                 torch.nn.Linear(45, 7))  # fmt: skip
    made = {
        "sgd": torch.optim.SGD, "momentum": lambda p: torch.optim.SGD(p, momentum=0.9), "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad,
        "adafactor": torch.optim.Adafactor,
    }[name](module.parameters())  # fmt: skip
    module(torch.rand(2, 3, 5, 5)).sum().backward()
    made.step()
    states = [each for state in made.state.values() for each in state.values() if torch.is_tensor(each)]
    spec = {"convention": "pytorch", "input": [3, 5, 5], "layers": ["conv 5 3x3", "batch_norm", "flatten", "dense 7"]}
    theirs = sum(each.numel() * each.element_size() for each in states)
    assert cnncalc.cost(spec, train=name).totals.optimizer_bytes == theirs


def test_the_peaks_of_small_networks() -> None:
    """A spec's step needs as much as PyTorch's at its peak, and the recorded numbers are those of this PyTorch."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from tests.oracles.training_peaks import FILE, NETWORKS, peak_of_step

    recorded = {row["spec"]: row["peak"] for row in json.loads(FILE.read_text(encoding="utf-8"))}
    assert {spec: peak_of_step(network()) for spec, network in NETWORKS.items()} == recorded
