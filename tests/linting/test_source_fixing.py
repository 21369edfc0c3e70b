"""`lint --fix` of model code: a declared size that is written as numbers, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.linting.fixing import fix_file
from cnncalc.linting.settings import Plan, Settings

HEAD = "# cnncalc: input 3x8x8\nfrom torch import nn\n\n"
NET = """class Net(nn.Module):
    def __init__(self, width=9):
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 3)
        self.norm = nn.BatchNorm2d(num_features=5)
        self.fc = nn.Linear(
            5 * 6 * 6,  # all of it
            10,
        )

    def forward(self, x):
        return self.fc(self.norm(self.conv(x)).flatten(1))
"""

FIXED = [
    ("5 * 6 * 6", "5 * 8 * 8", "180"),
    ("num_features=5", "num_features=7", "num_features=5"),
    ("nn.Conv2d(3, 5, 3)", "nn.Conv2d(1, 5, 3)", "nn.Conv2d(3, 5, 3)"),
    ("5 * 6 * 6", "0x10", "180"),
]
"""A text of the net, the mistake in its place, and what the fix makes of it."""


def plan() -> Plan:
    return Settings().plan_for("net.py")


@pytest.mark.parametrize(("old", "wrong", "right"), FIXED, ids=[row[1] for row in FIXED])
def test_a_declared_size_is_written(old: str, wrong: str, right: str, tmp_path: Path) -> None:
    """The argument changes, and no other character."""
    path = tmp_path / "net.py"
    text = HEAD + NET
    assert text.count(old) == 1
    path.write_text(text.replace(old, wrong), encoding="utf-8")
    fixed = fix_file(str(path), plan())
    assert fixed.resolved == 1
    assert path.read_text(encoding="utf-8") == text.replace(old, right)


KEPT = [
    ("5 * 6 * 6", "width"),
    ("5 * 6 * 6", "width * 20"),
    ("return self.fc(self", "self.fc(x.flatten(1)); return self.fc(self"),
    ("num_features=5", "num_features=int('7')"),
]
"""Mistakes whose argument has a name or a call, or whose layer takes two sizes."""


@pytest.mark.parametrize(("old", "wrong"), KEPT, ids=[row[1] for row in KEPT])
def test_nothing_else_is_changed(old: str, wrong: str, tmp_path: Path) -> None:
    """The file stays as it is."""
    path = tmp_path / "net.py"
    text = (HEAD + NET).replace(old, wrong)
    path.write_text(text, encoding="utf-8")
    fixed = fix_file(str(path), plan())
    assert fixed.resolved == 0
    assert path.read_text(encoding="utf-8") == text


def test_neighbours_are_read_for_the_fixed_text(tmp_path: Path) -> None:
    """A model that imports a file beside it is read again with it."""
    (tmp_path / "parts.py").write_text("from torch import nn\nconv = nn.Conv2d(3, 5, 3)\n", encoding="utf-8")
    path = tmp_path / "net.py"
    text = (HEAD + "from parts import conv\n\n" + NET).replace("nn.Conv2d(3, 5, 3)", "conv")
    path.write_text(text.replace("5 * 6 * 6", "5 * 7 * 7"), encoding="utf-8")
    assert fix_file(str(path), plan()).resolved == 1
    assert path.read_text(encoding="utf-8") == text.replace("5 * 6 * 6", "180")


KERAS = """import keras
from keras import layers
x = keras.Input((7,))
tail = keras.Sequential([layers.Dense(5, input_dim=11), layers.Dense(2)])
m = keras.Model(x, tail(layers.Dense(3)(x)))
"""


def test_the_size_of_a_keras_layer_is_written(tmp_path: Path) -> None:
    """`input_dim` is corrected to the 3 features that arrive."""
    path = tmp_path / "net.py"
    path.write_text(KERAS, encoding="utf-8")
    fix_file(str(path), plan())
    assert path.read_text(encoding="utf-8") == KERAS.replace("input_dim=11", "input_dim=3")
