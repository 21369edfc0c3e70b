"""Common mistakes in PyTorch source, each reported where it is made, as PyTorch refuses them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

import cnncalc


class Mistake(NamedTuple):
    """A module's layers and its `forward`, and the only error: code, line, column, and how it begins."""

    layers: str
    forward: str
    error: tuple[str, int, int, str]
    input: str = "3x32x32"
    parameters: str = "self, x"


CONV = "self.c = nn.Conv2d(3, 16, 3)"
RNN = "self.l = nn.LSTM(30, 8, batch_first=True); self.f = nn.Linear(8, 2)"
MISTAKES = {
    "a function in Sequential": Mistake(
        "self.s = nn.Sequential(nn.Conv2d(3, 16, 3), F.relu)", "self.s(x)",
        ("E111", 8, 18, "TypeError: relu is a function and not a module"),
    ),
    "a class in Sequential": Mistake(
        "self.s = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU)", "self.s(x)",
        ("E111", 8, 18, "TypeError: ReLU is a class and not a module: write ReLU()"),
    ),
    "a module as an input": Mistake(
        CONV, "F.relu(self.c)", ("E111", 10, 16, "relu: the input is a module, Conv2d, and not a tensor")
    ),
    "tensors without a list": Mistake(
        CONV, "torch.cat(self.c(x), x)", ("E111", 10, 16, "cat: takes a list of tensors")
    ),
    "forward without x": Mistake(
        CONV, "self.c(x)", ("E111", 9, 5, "the model raises TypeError: Net.forward() takes 1"), parameters="self"
    ),
    "too few axes in permute": Mistake(
        CONV, "self.c(x).permute(0, 2, 1)", ("E303", 10, 16, "permute: permute(0, 2, 1) names 3 axes of 4")
    ),
    "an axis too many": Mistake(
        CONV, "F.softmax(self.c(x).mean((2, 3)), dim=2)",
        ("E303", 10, 16, "softmax: dim is 2, but mean (line 10) gives 16, which has 2 axes with the batch"),
    ),
    "output and state as an input": Mistake(
        RNN, "self.f(self.l(x))", ("E111", 10, 16, "Linear: the input is a tuple of 2 values"), "5x30"
    ),
    "an input too many": Mistake(
        CONV, "self.c(x, x)", ("E111", 10, 26, "the model raises TypeError: Conv2d takes 1 input, and not 2")
    ),
    "an input too many for a Sequential": Mistake(
        "self.s = nn.Sequential(nn.ReLU())", "self.s(x, 2)",
        ("E111", 10, 26, "the model raises TypeError: Sequential takes 1 input, and not 2"),
    ),
    "a mode for sequences": Mistake(
        "self.u = nn.Upsample(scale_factor=2, mode='linear')", "self.u(x)",
        ("E303", 10, 16, 'Upsample: mode "linear" is for 1 spatial axis, and the input has 2'),
    ),
    "a mode for volumes": Mistake(
        CONV, "F.interpolate(self.c(x), scale_factor=2, mode='trilinear')",
        ("E303", 10, 16, 'interpolate: mode "trilinear" is for 3 spatial axes, and the input has 2'),
    ),
    "a product of one tensor": Mistake(
        "self.f = nn.Linear(30, 8)", "self.f(x) @ self.f(x)",
        ("E308", 10, 16, "matmul: the last axis of 5x8 has 8, and 5x8 takes 5; f (line 10) gives 5x8, f_2"), "5x30",
    ),
    "no channels": Mistake(
        "self.c = nn.Conv2d(3, 1, 3); self.d = nn.Conv2d(1, 4, 3)", "self.d(self.c(x).squeeze(1))",
        ("E303", 10, 16, "Conv2d takes channels and 2 spatial axes, but squeeze (line 10) gives 30x30"),
    ),
    "another width of the memory": Mistake(
        "self.d = nn.TransformerDecoderLayer(30, 3, batch_first=True)", "self.d(x[:, :, :20], x[:, :, :20])",
        ("E308", 8, 45, "d_model is 30, but slice (line 10) gives 5x20, which has 20 features"), "5x30",
    ),
    "another input of a cell": Mistake(
        "self.l = nn.LSTMCell(20, 8)", "self.l(x[:, 0])[0]",
        ("E308", 8, 30, "input_size is 20, but slice (line 10) gives 30"), "5x30",
    ),
    "another state of a cell": Mistake(
        "self.l = nn.GRUCell(30, 8)", "self.l(x[:, 0], torch.zeros(x.size(0), 9))",
        ("E308", 10, 16, "the state has 9 features, but GRUCell has hidden_size 8"), "5x30",
    ),
    "a misspelt function": Mistake(
        CONV, "F.rellu(self.c(x))", ("E111", 10, 16, "cannot follow torch.nn.functional.rellu")
    ),
}  # fmt: skip


def found(folder: Path, mistake: Mistake) -> list[tuple[str, int, int, str, str]]:
    lines = [
        "import torch", "from torch import nn", "import torch.nn.functional as F", f"# cnncalc: input {mistake.input}",
        "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()", f"        {mistake.layers}",
        f"    def forward({mistake.parameters}):", f"        return {mistake.forward}", "",
    ]  # fmt: skip
    (folder / "net.py").write_text("\n".join(lines), encoding="utf-8")
    errors = [each for each in cnncalc.lint(str(folder / "net.py")) if each.severity == "error"]
    return [(each.code, each.line, each.column, each.message, each.hint) for each in errors]


@pytest.mark.parametrize("title", MISTAKES)
def test_mistakes_are_found_at_their_place(title: str, tmp_path: Path) -> None:
    """One error, with its code, line, column and message."""
    code, line, column, message = MISTAKES[title].error
    ((*place, text, _),) = found(tmp_path, MISTAKES[title])
    assert place == [code, line, column]
    assert text.startswith(message)


def test_a_misspelt_name_gets_a_hint(tmp_path: Path) -> None:
    """`rellu` is close to `relu`; a name that is right, but unknown here, needs the other half of the hint."""
    ((*_, hint),) = found(tmp_path, MISTAKES["a misspelt function"])
    assert hint == (
        'did you mean "relu"? if not, give its output with a comment on that line, such as "# cnncalc: 128x7x7"'
    )
