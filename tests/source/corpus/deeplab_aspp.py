from typing import Dict, List

import torch
from torch import nn
from torch.nn import functional as F


class ASPPConv(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int, dilation: int) -> None:
        modules = [
            nn.Conv2d(in_channels, out_channels, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        ]
        super().__init__(*modules)


class ASPPPooling(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size = x.shape[-2:]
        for mod in self:
            x = mod(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


class ASPP(nn.Module):
    def __init__(self, in_channels: int, atrous_rates: List[int], out_channels: int = 64) -> None:
        super().__init__()
        modules = []
        modules.append(
            nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU())
        )

        rates = tuple(atrous_rates)
        for rate in rates:
            modules.append(ASPPConv(in_channels, out_channels, rate))

        modules.append(ASPPPooling(in_channels, out_channels))

        self.convs = nn.ModuleList(modules)

        self.project = nn.Sequential(
            nn.Conv2d(len(self.convs) * out_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Dropout(0.5),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _res = []
        for conv in self.convs:
            _res.append(conv(x))
        res = torch.cat(_res, dim=1)
        return self.project(res)


class Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 24, 3, stride=2, padding=1), nn.ReLU6())
        self.low = nn.Sequential(nn.Conv2d(24, 32, 3, stride=2, padding=1), nn.ReLU6())
        self.high = nn.Sequential(nn.Conv2d(32, 96, 3, stride=2, padding=1), nn.ReLU6())

    def forward(self, x) -> Dict[str, torch.Tensor]:
        low = self.low(self.stem(x))
        return {"low": low, "out": self.high(low)}


class DeepLabV3Plus(nn.Module):
    def __init__(self, num_classes: int = 21) -> None:
        super().__init__()
        self.backbone = Backbone()
        self.low_proj = nn.Conv2d(32, 16, 1)
        self.aspp = ASPP(96, [3, 6, 9])
        self.classifier = nn.Sequential(nn.Conv2d(64 + 16, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, num_classes, 1))

    def forward(self, x):
        input_shape = x.shape[-2:]
        features = self.backbone(x)
        out = self.aspp(features["out"])
        low = self.low_proj(features["low"])
        out = F.interpolate(out, size=low.shape[2:], mode="bilinear", align_corners=False)
        out = self.classifier(torch.cat([low, out], dim=1))
        result = {"out": F.interpolate(out, size=input_shape, mode="bilinear", align_corners=False)}
        return result
