from torch import nn

from . import settings
from .blocks import SPPF, C2f, ConvBNAct as Conv


class PackagedNet(nn.Module):
    def __init__(self, nc=settings.NUM_CLASSES):
        super().__init__()
        a, b, c = settings.WIDTHS
        self.stem = Conv(3, a, 3, 2)
        self.stage1 = nn.Sequential(Conv(a, b, 3, 2), C2f(b, b, n=2, shortcut=True))
        self.stage2 = nn.Sequential(Conv(b, c, 3, 2), C2f(c, c), SPPF(c, c))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, nc))

    def forward(self, x):
        return self.head(self.stage2(self.stage1(self.stem(x))))
