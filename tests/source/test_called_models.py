"""A file with several models, or with one that needs arguments, means the model that it calls itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

HEAD = """import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width=3):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


class Net(nn.Module):
    def __init__(self, block, width, *, classes):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 1)
        self.body = block(width)
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        return self.fc(self.body(self.stem(x)).mean((2, 3)))


def small():
    return Net(Block, 5, classes=2)


def large():
    return Net(Block, 7, classes=2)


class Loss(nn.Module):
    def forward(self, x, y):
        return (x - y).mean()

"""


def params_of(width: int) -> int:
    """A 1x1 and a 3x3 convolution and a dense layer, each with biases."""
    return (3 * width + width) + (width * width * 9 + width) + (width * 2 + 2)


ROWS = {
    "the main block": (
        "if __name__ == '__main__':\n    width = 11\n    Net(Block, width, classes=2)(torch.randn(1, 3, 13, 13))\n",
        params_of(11),
    ),
    "a test function": (
        "def test():\n    net = large()\n    print(net(torch.randn(1, 3, 13, 13)).shape)\n",
        params_of(7),
    ),
    "a call at the end": ("net = small()\nnet(torch.randn(2, 3, 13, 13))\n", params_of(5)),
    "a loss beside the model": (
        "if __name__ == '__main__':\n    y = small()(torch.randn(2, 3, 13, 13))\n    Loss()(y, torch.zeros(2, 2))\n",
        params_of(5),
    ),
    "a main block before a test": (
        "x = torch.randn(2, 3, 13, 13)\ndef test():\n    small()(x)\nif __name__ == '__main__':\n    large()(x)\n",
        params_of(7),
    ),
}


def written(folder: Path, text: str) -> str:
    path = folder / "nets.py"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("title", ROWS)
def test_the_called_model_is_meant(title: str, tmp_path: Path) -> None:
    """The parameters of the model that the file calls, with the arguments of that call."""
    text, params = ROWS[title]
    assert cnncalc.analyze(written(tmp_path, text)).totals.params == params


@pytest.mark.parametrize(
    "text",
    [
        "def test():\n    for net in (small(), large()):\n        net(torch.randn(1, 3, 13, 13))\n",
        "def test():\n    x, net = torch.randn(1, 3, 9, 9), small()\n    net(x)\n    net.fc = nn.ReLU()\n    net(x)\n",
        "",
    ],
    ids=["two", "twice", "none"],
)
def test_others_have_to_be_named(text: str, tmp_path: Path) -> None:
    """Two models, and one that may change between two calls, are listed without the blocks that they are made of."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(written(tmp_path, text), input=[3, 13, 13])
    assert caught.value.diagnostics[0].code == "E205"
    assert caught.value.diagnostics[0].message == "this file defines 3 models: small, large, Loss"


def test_a_class_behind_a_function_is_a_part(tmp_path: Path) -> None:
    """The class that a function makes for another class is not a model of its own: 11x3x3 and 11 biases."""
    text = (
        "import torch.nn as nn\nclass Part(nn.Conv2d):\n    def forward(self, x): return super().forward(x)\n"
        "def part(): return Part(1, 11, 3)\n"
        "class Whole(nn.Module):  # cnncalc: input 1x5x5\n    def __init__(self):\n        super().__init__()\n"
        "        self.part = part()\n    def forward(self, x): return self.part(x)\n"
    )
    (tmp_path / "nets.py").write_text(text, encoding="utf-8")
    assert cnncalc.analyze(str(tmp_path / "nets.py")).totals.params == 110


TRAINING = """import torch
from torch import nn
net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))
x, losses, layers = torch.randn(7, 3), [], []
for step in range(100_000):
    loss = net(x).mean()
    loss.backward()
    losses.append(loss)
    layers.append(nn.Linear(1, 1))
other = nn.Sequential(*layers)
"""


def test_a_long_loop_that_trains_is_passed_over(tmp_path: Path) -> None:
    """The model before the loop has 3·5 + 5 + 5 + 1 parameters; one that the loop makes is an error at the loop."""
    (tmp_path / "nets.py").write_text(TRAINING, encoding="utf-8")
    report = cnncalc.analyze(str(tmp_path / "nets.py") + ":net")
    assert report.totals.params == 26
    assert report.to_dict()["inputs"][0]["shape"] == [3]
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(str(tmp_path / "nets.py") + ":other")
    assert caught.value.diagnostics[0].code == "E103"
    assert caught.value.diagnostics[0].line == 5


EVALUATION = """import torch
from torch import nn
class Attention(nn.Module):  # cnncalc: input 6x5
    def __init__(self):
        super().__init__()
        self.biases = nn.Parameter(torch.zeros(6, 7))
        self.register_buffer("places", torch.arange(5), persistent=False)
    def train(self, mode=True):
        super().train(mode)
        if mode:
            del self.looked_up
        else:
            self.looked_up = self.biases[:, self.places]
    def forward(self, x):
        return x + (self.biases[:, self.places] if self.training else self.looked_up)
"""


def test_evaluation_makes_its_own_arrays(tmp_path: Path) -> None:
    """`train(False)` runs where it makes an array that `forward` needs; the 6x7 parameters are counted once."""
    (tmp_path / "nets.py").write_text(EVALUATION, encoding="utf-8")
    report = cnncalc.analyze(str(tmp_path / "nets.py"))
    assert report.totals.params == 42
    assert report.to_dict()["outputs"][0]["shape"] == [6, 5]


def test_random_integers_are_an_input(tmp_path: Path) -> None:
    """`torch.randint(high, size)` has the shape `size`: 17 vectors of 5, for 3 tokens."""
    text = (
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Embedding(17, 5))\n"
        "net(torch.randint(17, (2, 3)))\nnet(torch.randint(0, 17, (2, 3)))\n"
    )
    (tmp_path / "nets.py").write_text(text, encoding="utf-8")
    report = cnncalc.analyze(str(tmp_path / "nets.py") + ":net")
    assert report.totals.params == 85
    assert report.to_dict()["outputs"][0]["shape"] == [3, 5]
