"""Records what every output of random one-dimensional networks sees, from PyTorch's gradients.

`python tests/oracles/record_receptive_fields.py` writes `tests/data/receptive_fields.jsonl`: for each network the
first input position with a gradient and the one after the last, by output. Weights lie in [0.5, 1.5], so that no sum
of products vanishes.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "data" / "receptive_fields.jsonl"
NETWORKS = 60


def drawn(torch: Any, rng: random.Random) -> tuple[str, Any]:
    """A layer of one channel: the item and PyTorch's module."""
    nn, pick = torch.nn, rng.choice
    kernel, stride, dilation = pick([1, 2, 3, 4, 5]), pick([1, 2, 3]), pick([1, 2, 3])
    size, before, after, scale = pick([7, 11, 13, 20, 24]), pick([0, 1, 2]), pick([0, 1, 2]), pick([2, 3, 4])
    spread = min(before, 1)
    return pick(
        [
            (
                f"conv 1 {kernel} s{stride} p{before} d{dilation}",
                nn.Conv1d(1, 1, kernel, stride, before, dilation),
            ),
            (
                f"conv_transpose 1 {kernel} s{stride} p{spread} d{dilation}",
                nn.ConvTranspose1d(1, 1, kernel, stride, spread, dilation=dilation),
            ),
            (f"avg_pool 3 s{stride}", nn.AvgPool1d(3, stride)),
            (f"upsample {scale}", nn.Upsample(scale_factor=scale)),
            (f"upsample {scale} linear", nn.Upsample(scale_factor=scale, mode="linear")),
            (
                f"upsample size={size} linear align_corners=true",
                nn.Upsample(size=size, mode="linear", align_corners=True),
            ),
            (f"upsample size={size} linear", nn.Upsample(size=size, mode="linear")),
            (f"adaptive_avg_pool {size}", nn.AdaptiveAvgPool1d(size)),
            (f"zero_pad [[{before},{after}]]", nn.ConstantPad1d((before, after), 0.0)),
            (f"crop [[{before},{after}]]", nn.ConstantPad1d((-before, -after), 0.0)),
            _branches(torch, rng),
        ]
    )


def _branches(torch: Any, rng: random.Random) -> tuple[str, Any]:
    """Two branches of equal size, added."""
    nn = torch.nn

    class Sum(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, one: Any, other: Any) -> None:
            super().__init__()
            self.one, self.other = one, other

        def forward(self, x: Any) -> Any:
            return self.one(x) + self.other(x)

    branches = [
        ("conv 1 5 p4 d2", nn.Conv1d(1, 1, 5, 1, 4, 2)),
        ("avg_pool 2 s2 -> upsample 2", nn.Sequential(nn.AvgPool1d(2), nn.Upsample(scale_factor=2))),
        (
            "avg_pool 2 s2 -> upsample 2 linear",
            nn.Sequential(nn.AvgPool1d(2), nn.Upsample(scale_factor=2, mode="linear")),
        ),
        ("conv_transpose 1 3 p1", nn.ConvTranspose1d(1, 1, 3, 1, 1)),
        ("identity", nn.Identity()),
    ]
    (one, first), (other, second) = rng.sample(branches, 2)
    return f"add({one} | {other})", Sum(first, second)


def seen_by(torch: Any, net: Any, size: int) -> list[list[int]] | None:
    """By output, the input positions that have a gradient; None where the network cannot run."""
    x = torch.rand(1, 1, size, dtype=torch.double, requires_grad=True)
    try:
        y = net(x)
    except (RuntimeError, ValueError):  # a layer does not fit
        return None
    found = []
    for output in y[0, 0]:
        (gradient,) = torch.autograd.grad(output, x, retain_graph=True)
        places = (gradient[0, 0].abs() > 1e-9).nonzero().flatten().tolist()
        found.append([places[0], places[-1] + 1] if places else [0, 0])
    return found


def main() -> None:
    """Draw networks until enough of them run."""
    import torch

    torch.manual_seed(0)
    rng = random.Random(5)
    lines: list[str] = []
    while len(lines) < NETWORKS:
        size = rng.choice([24, 32, 40])
        layers = [drawn(torch, rng) for _ in range(rng.randint(2, 5))]
        net = torch.nn.Sequential(*(module for _, module in layers)).double()
        for weight in net.parameters():
            torch.nn.init.uniform_(weight, 0.5, 1.5)
        seen = seen_by(torch, net, size)
        if seen is not None and len(seen) > 1:
            spec = " -> ".join([f"{size}x1", *(text for text, _ in layers)])
            lines.append(json.dumps({"spec": spec, "seen": seen}))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
