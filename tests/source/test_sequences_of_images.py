"""A recurrent layer of PyTorch on the rows and columns of an image, which a view merges into the batch."""

from __future__ import annotations

from pathlib import Path

import cnncalc

NET = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 5, batch_first=True)
    def forward(self, x):
        b, c, h, w = x.shape
        rows, _ = self.lstm(x.permute(0, 2, 3, 1).reshape(-1, w, c))
        columns, last = self.lstm(x.permute(0, 3, 2, 1).reshape(-1, h, c))
        rows, columns = rows.reshape(b, h, w, -1), columns.reshape(b, w, h, -1).transpose(1, 2)
        seen = ~torch.zeros(1, h, w, 1, dtype=torch.bool)
        return (rows + columns) * seen
"""


def test_rows_and_columns_share_one_layer(tmp_path: Path) -> None:
    """Its 4·5·(3 + 5 + 2) weights count once; each of 7·11 positions takes 4·5·(3 + 5) products in both directions."""
    path = tmp_path / "net.py"
    path.write_text(NET, encoding="utf-8")
    report = cnncalc.analyze(path, input=[3, 7, 11])
    assert (report.totals.params, report.totals.macs) == (200, 2 * 77 * 160)
    assert report.outputs[0].shape == (7, 11, 5)
    assert report.layer("lstm").output_shape == (7, 11, 5)
    assert cnncalc.verify(path, input=[3, 7, 11]).problems == []
