"""Fourier transforms in PyTorch source: their sizes by the documentation of `torch.fft`."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

# the result of forward on 5x6x8, and its shape
TRANSFORMS = [
    ("torch.fft.rfft2(x)", (5, 6, 5)),
    ("torch.fft.rfft2(x, dim=(1, 2), norm='ortho')", (5, 4, 8)),
    ("torch.fft.irfft2(torch.fft.rfft2(x))", (5, 6, 8)),
    ("torch.fft.irfft2(x, s=(7, 9))", (5, 7, 9)),
    ("torch.fft.fft(x, n=11, dim=1)", (11, 6, 8)),
    ("torch.fft.fftn(x, s=(7, 9))", (5, 7, 9)),
    ("torch.fft.ifftn(x, dim=(-2, -1)).real", (5, 6, 8)),
    ("torch.view_as_complex(torch.view_as_real(x) * torch.view_as_real(x))", (5, 6, 8)),
    ("torch.fft.rfft2(x) * torch.view_as_complex(self.weight)", (5, 6, 5)),
]


@pytest.mark.parametrize(("result", "shape"), TRANSFORMS)
def test_transforms_keep_the_sizes_but_of_real_halves(result: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    """A real input of n numbers gives n // 2 + 1; the pairs of a complex weight are 5·6·5·2 parameters."""
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.weight = nn.Parameter(torch.zeros(5, 6, 5, 2))\n"
        f"    def forward(self, x):\n        return {result}\n"
    )
    report = cnncalc.analyze(path, input=(5, 6, 8))
    assert (report.outputs[0].shape, report.totals.params) == (shape, 300)
    assert any("torch.fft." in each.message or "torch.view_as" in each.message for each in report.remarks)


def test_a_transform_of_all_axes_mixes_the_samples(tmp_path: Path) -> None:
    """`fftn` without axes transforms the batch, too."""
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return torch.fft.fftn(x)\n"
    )
    with pytest.raises(cnncalc.SpecError, match="a transform along the batch"):
        cnncalc.analyze(path, input=(5, 6, 8))
