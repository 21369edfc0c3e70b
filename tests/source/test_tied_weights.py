"""Products with the transposed matrix of another layer: its parameters are counted once, its multiplications twice."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

TORCH = """import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(13, 5)
        self.bias = nn.Parameter(torch.zeros(13))

    def forward(self, x):
        h = torch.relu(self.enc(x))
        return {}


m = Net()
"""
KERAS = """import keras
from keras import ops


class Transposed(keras.layers.Layer):
    def __init__(self, dense, **options):
        super().__init__(**options)
        self.dense = dense

    def build(self, shape):
        self.bias = self.add_weight(name="bias", shape=(self.dense.kernel.shape[0],))

    def call(self, x):
        return ops.matmul(x, {}) + self.bias


enc = keras.layers.Dense(5, activation="relu")
m = keras.Sequential([keras.Input((13,)), enc, Transposed(enc)])
"""
WITH_SHAPE = KERAS.replace("import keras\n", "import tensorflow as tf\nfrom tensorflow import keras\n").replace(
    "self.dense.kernel.shape[0]", "self.dense.input_shape[-1]"
)
EMBEDDED = """import keras
from keras import ops


class Logits(keras.layers.Layer):
    def __init__(self, table, **options):
        super().__init__(**options)
        self.table = table

    def call(self, x):
        return ops.matmul(x, ops.transpose(self.table.embeddings))


table = keras.layers.Embedding(13, 5)
m = keras.Sequential([keras.Input((7,), dtype="int32"), table, Logits(table)])
"""
ROWS = [
    (TORCH.format("F.linear(h, self.enc.weight.t(), self.bias)"), [13], 13 * 5 + 5 + 13, 2 * 13 * 5, (13,)),
    (TORCH.format("F.linear(h, self.enc.weight.transpose(0, 1), self.bias)"), [13], 83, 130, (13,)),
    (TORCH.format("F.linear(h, self.enc.weight.T) + self.bias"), [7, 13], 83, 7 * 130, (7, 13)),
    (TORCH.format("h @ self.enc.weight + self.bias"), [13], 83, 130, (13,)),
    (KERAS.format("ops.transpose(self.dense.kernel)"), None, 83, 130, (13,)),
    (KERAS.format("ops.transpose(self.dense.weights[0])"), None, 83, 130, (13,)),
    (WITH_SHAPE.format("ops.transpose(self.dense.kernel)"), None, 83, 130, (13,)),
    (KERAS.format("self.dense.kernel.T"), None, 83, 130, (13,)),
    (EMBEDDED, None, 13 * 5, 7 * 13 * 5, (7, 13)),
]


@pytest.mark.parametrize(("text", "shape", "params", "macs", "output"), ROWS)
def test_a_matrix_is_counted_once(
    text: str, shape: list[int] | None, params: int, macs: int, output: tuple[int, ...], tmp_path: Path
) -> None:  # fmt: skip
    """By hand; PyTorch 2.13 and Keras 3 count the same parameters; only Keras 2 has `input_shape`."""
    path = tmp_path / "net.py"
    path.write_text(text, encoding="utf-8")
    report = cnncalc.analyze(f"{path}:m", input=shape)
    assert (report.totals.params, report.totals.macs, report.outputs[0].shape) == (params, macs, output)
    assert report.remarks == ()
