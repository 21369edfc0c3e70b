import inspect

import torch.nn as nn

BLOCKS = {}


def register(name):
    def wrapper(cls):
        BLOCKS[name] = cls
        return cls
    return wrapper


class BlockBase(nn.Module):
    expansion = 1

    @classmethod
    def width(cls, planes):
        return planes * cls.expansion

    def build(self):
        raise NotImplementedError

    def __init__(self, inp, planes, stride=1, act='relu'):
        super().__init__()
        self.inp, self.planes, self.stride = inp, planes, stride
        self.act = {'relu': nn.ReLU, 'silu': nn.SiLU}[act]()
        self.body = self.build()
        out = self.width(planes)
        self.short = nn.Identity() if stride == 1 and inp == out else nn.Conv2d(inp, out, 1, stride)

    def forward(self, x):
        return self.act(self.body(x) + self.short(x))


@register('plain')
class Plain(BlockBase):
    def build(self):
        return nn.Sequential(
            nn.Conv2d(self.inp, self.planes, 3, self.stride, 1), self.act,
            nn.Conv2d(self.planes, self.planes, 3, 1, 1),
        )


@register('wide')
class Wide(BlockBase):
    expansion = 2

    def build(self):
        w = self.width(self.planes)
        return nn.Sequential(nn.Conv2d(self.inp, w, (1, 3), (1, self.stride), (0, 1)), self.act,
                             nn.Conv2d(w, w, (3, 1), (self.stride, 1), (1, 0)), nn.GroupNorm(4, w))


class RegistryNet(nn.Module):
    def __init__(self, spec='plain:12,plain:16:2,wide:20:2', classes=6, act='silu'):
        super().__init__()
        channels = 3
        blocks = []
        for item in spec.split(','):
            name, planes, *rest = item.split(':')
            block = BLOCKS[name]
            stride = int(rest[0]) if rest else 1
            blocks.append(block(channels, int(planes), stride=stride, act=act))
            channels = block.width(int(planes))
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveMaxPool2d((2, 3))
        self.fc = nn.Linear(channels * 6, classes)

    def forward(self, x):
        y = self.pool(self.blocks(x))
        return self.fc(y.flatten(1))
