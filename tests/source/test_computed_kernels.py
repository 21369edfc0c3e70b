"""Convolutions with kernels that a model computes, and parameters that `forward` makes anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import analyze

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n\n"
STANDARDIZED = """class Conv(nn.Conv2d):
    def forward(self, x):
        w = self.weight - self.weight.mean(dim=(1, 2, 3), keepdim=True)
        w = w / (w.std(dim=(1, 2, 3), keepdim=True) + 1e-5)
        return F.conv2d(x, w, self.bias, self.stride, self.padding, self.dilation, self.groups)


m = nn.Sequential(Conv(3, 8, 3, padding=1), Conv(8, 6, 3, stride=2, groups=2, bias=False))
"""
OF_EACH_SAMPLE = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 10, 3, 3, 3))
        self.b = nn.Parameter(torch.randn(4, 10))
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        n, c, h, w = x.shape
        chosen = self.fc(x.mean((2, 3))).softmax(1)
        kernel = torch.mm(chosen, self.w.view(4, -1)).view(n * 10, 3, 3, 3)
        bias = torch.mm(chosen, self.b).view(-1)
        y = F.conv2d(x.view(1, -1, h, w), kernel, bias, 1, 1, groups=n)
        return y.view(n, 10, y.shape[-2], y.shape[-1])


m = Net()
"""
MADE_ANEW = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(5, 3, 3, 3))
        self.p = nn.Parameter(torch.ones(3))

    def forward(self, x):
        y = F.conv2d(x, self.w * 0.5, padding=1)
        self.p = nn.Parameter(torch.softmax(self.p, 0))
        return y * self.p[0]


m = Net()
"""
OWN_FUNCTION = """class Product(torch.autograd.function.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x)
        return F.linear(x, w)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(5, 13))

    def forward(self, x):
        return Product.apply(x, self.w)


m = Net()
"""
ROWS = [
    (STANDARDIZED, 440, 8 * 27 * 11 * 13 + 6 * 36 * 5 * 6, (6, 5, 6)),
    (OF_EACH_SAMPLE, 1_136, 3 * 4 + 4 * 270 + 4 * 10 + 10 * 27 * 11 * 13, (10, 11, 13)),
    (MADE_ANEW, 138, 5 * 27 * 11 * 13, (5, 11, 13)),
    (OWN_FUNCTION, 65, 3 * 11 * 13 * 5, (3, 11, 5)),
]


@pytest.mark.parametrize(("text", "params", "macs", "output"), ROWS)
def test_figures(text: str, params: int, macs: int, output: tuple[int, ...], tmp_path: Path) -> None:
    """Parameters and shapes of PyTorch 2.13 on 3x11x13, after a call; the products by hand."""
    path = tmp_path / "net.py"
    path.write_text(HEAD + text, encoding="utf-8")
    report = analyze(f"{path}:m", input=[3, 11, 13])
    assert (report.totals.params, report.totals.macs, report.outputs[0].shape) == (params, macs, output)
