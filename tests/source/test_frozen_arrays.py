"""Frozen arrays in code: whole layers, parts of layers with a warning, and the variables of a Keras layer's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import analyze

TORCH = """import torch
from torch import nn

m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(280, 5))
"""
BIASES = 'for name, p in m.named_parameters():\n    p.requires_grad = "bias" not in name\n'


def warning(layers: str, elements: str) -> str:
    return (
        f"{layers} frozen parameters beside trained ones; a layer is frozen as a whole here, so {elements} as trained"
    )


@pytest.mark.parametrize(
    ("text", "trained", "untold", "message"),
    [
        ("m[0].weight.requires_grad_(False)", 1429, 216, warning("0 has", "216 frozen parameters count")),
        ("m[3].bias.requires_grad = False", 1640, 5, warning("3 has", "5 frozen parameters count")),
        ("m[1].weight.requires_grad_(False)", 1637, 8, warning("1 has", "8 frozen parameters count")),
        (BIASES, 1624, 21, warning("0 and 2 more layers have", "21 frozen parameters count")),
        ("m[0].requires_grad_(False)\nm[0].bias.requires_grad_()", 1429, 216,
         warning("0 has", "216 frozen parameters count")),
        ("m[1].requires_grad_(False)", 1629, 0, None),
        ("m[0].weight.requires_grad_(False)\nm[0].bias.requires_grad_(False)", 1421, 0, None),
    ],
)  # fmt: skip
def test_parts_of_torch_layers(text: str, trained: int, untold: int, message: str | None, tmp_path: Path) -> None:
    """Of 224 + 16 + 1405 parameters, `trained` are trained in PyTorch, and `untold` frozen ones count as trained."""
    path = tmp_path / "net.py"
    path.write_text(f"{TORCH}{text}\n", encoding="utf-8")
    report = analyze(f"{path}:m", input=[3, 9, 7])
    assert (report.totals.params, report.totals.trainable_params) == (1645, trained + untold)
    assert [each.message for each in report.remarks] == [message] * (message is not None)
    assert all(each.line == 4 for each in report.remarks)


OWN = """import keras


class Own(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=({shape}), trainable={frozen}, name="w")
        self.b = self.add_weight(shape=(5,), trainable=False, name="b")

    def call(self, x):
        return {call}


model = keras.Sequential([keras.Input((7, 5)), Own(), keras.layers.Dense(3)])
"""


@pytest.mark.parametrize(
    ("shape", "frozen", "call", "total", "trained", "warns"),
    [
        ("5,", "True", "x * self.w + self.b", 28, 23, False),
        ("5,", "False", "x * self.w + self.b", 28, 18, False),
        ("5, 5", "False", "keras.ops.matmul(x, self.w) + self.b", 48, 18, False),
        ("5, 5", "True", "keras.ops.matmul(x, self.w) + self.b", 48, 43 + 5, True),
    ],
)  # fmt: skip
def test_own_variables(
    shape: str, frozen: str, call: str, total: int, trained: int, *, warns: bool, tmp_path: Path
) -> None:
    """`model.summary()` of Keras 3.15, but for the five biases of the last row."""
    path = tmp_path / "net.py"
    path.write_text(OWN.format(shape=shape, frozen=frozen, call=call), encoding="utf-8")
    report = analyze(path)
    assert (report.totals.params, report.totals.trainable_params) == (total, trained)
    assert [each.message for each in report.remarks] == [warning("own.matmul has", "5 frozen parameters count")] * warns


def test_variables_of_tensorflow_1(tmp_path: Path) -> None:
    """Moving statistics that are not trained: 4·5 parameters, 10 of them frozen, and 7·5 weights."""
    path = tmp_path / "net.py"
    path.write_text(
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32, [None, 7])\n"
        "w = tf.Variable(tf.zeros([7, 5]))\n"
        "mean, variance = [tf.Variable(tf.zeros([5]), trainable=False) for _ in range(2)]\n"
        "beta, gamma = [tf.Variable(tf.zeros([5])) for _ in range(2)]\n"
        "logits = tf.nn.batch_normalization(tf.matmul(x, w), mean, variance, beta, gamma, 1e-3)\n",
        encoding="utf-8",
    )
    totals = analyze(path).totals
    assert (totals.trainable_params, totals.non_trainable_params) == (45, 10)
