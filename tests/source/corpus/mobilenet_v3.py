from dataclasses import dataclass
from functools import partial
from typing import Sequence

import torch
from torch import nn


@dataclass
class BlockConfig:
    in_ch: int
    kernel: int
    expanded: int
    out_ch: int
    use_se: bool
    activation: str
    stride: int

    @property
    def use_hs(self) -> bool:
        return self.activation == "HS"


class ConvNormAct(nn.Sequential):
    def __init__(self, in_ch, out_ch, kernel=3, stride=1, groups=1, norm=nn.BatchNorm2d, act=nn.ReLU):
        layers = [nn.Conv2d(in_ch, out_ch, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False), norm(out_ch)]
        if act is not None:
            layers.append(act(inplace=True))
        super().__init__(*layers)


class SqueezeExcitation(nn.Module):
    def __init__(self, channels: int, squeeze: int):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeeze, 1)
        self.fc2 = nn.Conv2d(squeeze, channels, 1)
        self.activation = nn.ReLU()
        self.scale_activation = nn.Hardsigmoid()

    def _scale(self, x: torch.Tensor) -> torch.Tensor:
        scale = self.avgpool(x)
        scale = self.activation(self.fc1(scale))
        return self.scale_activation(self.fc2(scale))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self._scale(x) * x


class InvertedResidual(nn.Module):
    def __init__(self, cnf: BlockConfig, norm_layer) -> None:
        super().__init__()
        if not (1 <= cnf.stride <= 2):
            raise ValueError("illegal stride value")
        self.use_res_connect = cnf.stride == 1 and cnf.in_ch == cnf.out_ch
        layers: list[nn.Module] = []
        act = nn.Hardswish if cnf.use_hs else nn.ReLU
        if cnf.expanded != cnf.in_ch:
            layers.append(ConvNormAct(cnf.in_ch, cnf.expanded, kernel=1, norm=norm_layer, act=act))
        layers.append(
            ConvNormAct(
                cnf.expanded, cnf.expanded, kernel=cnf.kernel, stride=cnf.stride, groups=cnf.expanded,
                norm=norm_layer, act=act,
            )
        )
        if cnf.use_se:
            layers.append(SqueezeExcitation(cnf.expanded, max(8, cnf.expanded // 4)))
        layers.append(ConvNormAct(cnf.expanded, cnf.out_ch, kernel=1, norm=norm_layer, act=None))
        self.block = nn.Sequential(*layers)

    def forward(self, x):
        result = self.block(x)
        if self.use_res_connect:
            result += x
        return result


class MobileNetV3(nn.Module):
    def __init__(self, setting: Sequence[BlockConfig], last_channel: int, num_classes: int = 1000, dropout: float = 0.2):
        super().__init__()
        if not setting:
            raise ValueError("The setting should not be empty")
        norm_layer = partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
        layers = [ConvNormAct(3, setting[0].in_ch, stride=2, norm=norm_layer, act=nn.Hardswish)]
        layers.extend(InvertedResidual(cnf, norm_layer) for cnf in setting)
        last_in = setting[-1].out_ch
        layers.append(ConvNormAct(last_in, 6 * last_in, kernel=1, norm=norm_layer, act=nn.Hardswish))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * last_in, last_channel),
            nn.Hardswish(inplace=True),
            nn.Dropout(p=dropout, inplace=True),
            nn.Linear(last_channel, num_classes),
        )

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


def mobilenet_v3_tiny(num_classes: int = 1000) -> MobileNetV3:
    conf = partial(BlockConfig)
    setting = [
        conf(16, 3, 16, 16, True, "RE", 2),
        conf(16, 3, 72, 24, False, "RE", 2),
        conf(24, 3, 88, 24, False, "RE", 1),
        conf(24, 5, 96, 40, True, "HS", 2),
        conf(40, 5, 240, 40, True, "HS", 1),
    ]
    return MobileNetV3(setting, last_channel=128, num_classes=num_classes)
