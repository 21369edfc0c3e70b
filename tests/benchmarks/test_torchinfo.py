"""A ResNet-152 against torchinfo on a model without data; asked for with `-m benchmark`, with torchinfo installed."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc import analyze
from tests.benchmarks.test_distinct_layers import cold

torch = pytest.importorskip("torch")
torchinfo = pytest.importorskip("torchinfo")
nn = torch.nn

pytestmark = pytest.mark.benchmark


class Bottleneck(nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width),
        )  # fmt: skip
        self.shortcut = nn.Sequential()
        if channels != 4 * width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )
        self.relu = nn.ReLU()

    def forward(self, x: Any) -> Any:
        return self.relu(self.inner(x) + self.shortcut(x))


def resnet152() -> Any:
    """He et al., arXiv 1512.03385: 3, 8, 36 and 3 bottlenecks, the stride on the 3×3 convolution."""
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, depth in enumerate((3, 8, 36, 3)):
        for place in range(depth):
            layers.append(Bottleneck(channels, 64 << stage, 2 if stage and not place else 1))
            channels = 256 << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000))


def test_resnet152() -> None:
    """The two count the same parameters."""
    with torch.device("meta"):
        model = resnet152()
    assert sum(each.numel() for each in model.parameters()) == analyze("resnet152").totals.params
    ours, theirs = cold(
        lambda: analyze("resnet152"),
        lambda: torchinfo.summary(model, (1, 3, 224, 224), device="meta", verbose=0),
    )
    print(f"\nResNet-152: {ours * 1e3:.1f} ms; torchinfo {theirs * 1e3:.0f} ms; {theirs / ours:.0f} times as fast")
    assert theirs / ours >= 20
