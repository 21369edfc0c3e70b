from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class StageConfig:
    width: int
    depth: int
    downsample: bool = True


@dataclass
class ModelConfig:
    in_channels: int = 3
    num_classes: int = 10
    stem_width: int = 16
    stages: list[StageConfig] = field(
        default_factory=lambda: [StageConfig(16, 1, downsample=False), StageConfig(32, 2), StageConfig(64, 2)]
    )

    @property
    def out_width(self) -> int:
        return self.stages[-1].width


class Residual(nn.Module):
    def __init__(self, inner: nn.Module, skip: nn.Module | None = None) -> None:
        super().__init__()
        self.inner = inner
        self.skip = skip or nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.inner(x) + self.skip(x))


def conv_bn(cin: int, cout: int, *, k: int = 3, s: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(cin, cout, k, stride=s, padding=k // 2, bias=False), nn.BatchNorm2d(cout))


class Backbone(nn.Module):
    def __init__(self, cfg: ModelConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.stem = conv_bn(cfg.in_channels, cfg.stem_width)
        width = cfg.stem_width
        self.stages = nn.ModuleDict()
        for n, stage in enumerate(cfg.stages, 1):
            blocks: list[nn.Module] = []
            for j in range(stage.depth):
                s = 2 if stage.downsample and j == 0 else 1
                skip = conv_bn(width, stage.width, k=1, s=s) if s > 1 or width != stage.width else None
                inner = nn.Sequential(conv_bn(width, stage.width, s=s), nn.ReLU(), conv_bn(stage.width, stage.width))
                blocks.append(Residual(inner, skip))
                width = stage.width
            self.stages[f"stage{n}"] = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.stem(x))
        for name, stage in self.stages.items():
            x = stage(x)
        return x


class Classifier(nn.Module):
    def __init__(self, cfg: ModelConfig | None = None) -> None:
        super().__init__()
        cfg = cfg or ModelConfig()
        self.backbone = Backbone(cfg)
        self.head = nn.Linear(cfg.out_width, cfg.num_classes)

    def forward(self, x: Tensor) -> Tensor:
        feats = self.backbone(x)
        return self.head(feats.mean(dim=(-2, -1)))
