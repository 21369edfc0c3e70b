"""Records what PyTorch's FlopCounterMode counts over forward and backward: `tests/data/backward_counts.json`.

    python -m tests.oracles.record_backward_counts

For each layer with an input that needs no gradient and one that needs it, and for networks with frozen inputs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from cnncalc.render.json_text import json_lines
from tests.oracles.networks import torchvision_models

RECORD = Path(__file__).parent.parent / "data" / "backward_counts.json"
NETWORKS = ("alexnet", "resnet18", "squeezenet1_0", "mobilenet_v2", "regnet_x_400mf", "convnext_tiny")
WITHOUT_WORK = (
    "norm", "pool", "relu", "elu", "gelu", "swish", "sigmoid", "tanh", "softmax", "hard", "dropout", "upsample", "pad",
    "flatten", "add", "multiply", "concat", "embedding", "shuffle",
)  # fmt: skip


def counted(module: Any, x: Any) -> int:
    with FlopCounterMode(display=False) as counter:
        module(x).sum().backward()
    return int(counter.get_total_flops())


def main() -> None:
    from tests.oracles.record_tool_counts import torch_modules
    from tests.oracles.tool_cases import TORCH_LAYERS

    models, make = torchvision_models(), torch_modules()
    layers = {}
    for name, (spec, code) in TORCH_LAYERS.items():
        if any(word in name for word in WITHOUT_WORK) or name.startswith("lstm"):
            continue
        shape = tuple(int(size) for size in spec.split(" -> ")[0].split("x"))
        x, given = torch.randn(1, *shape), torch.randn(1, *shape, requires_grad=True)
        layers[name] = {"first": counted(make(code).eval(), x), "later": counted(make(code).eval(), given)}
    networks = {
        name: {"total": counted(getattr(models, name)(weights=None).eval(), torch.randn(1, 3, 224, 224))}
        for name in NETWORKS
    }
    RECORD.write_text(json_lines({"layers": layers, "networks": networks}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
