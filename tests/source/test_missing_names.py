"""A name that has no model as its value: the error is at the statement that should give it one, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

PROGRAM = """\
from torch import nn
from otherlib import imported

def main():
    local = nn.Linear(5, 3)
    return local
def make(n):
    inner = nn.Linear(5, n)
try:
    assert False
    tried = nn.Linear(5, 3)
except AssertionError:
    pass
gone = nn.Linear(5, 3)
del gone
"""


@pytest.mark.parametrize(
    ("name", "place", "message", "hint"),
    [
        ("imported", (2, 22), "cannot follow otherlib.imported", "name a model that the file itself defines"),
        ("local", (5, 5), '"local" is a variable inside the function main', "name the call: net.py:main()"),
        ("inner", (8, 5), '"inner" is a variable inside the function make', "net.py:make(NAME=VALUE, …)"),
        ("tried", (11, 5), '"tried" has no value after this program', "outside of conditions and exceptions"),
        ("gone", (14, 1), '"gone" has no value after this program', "outside of conditions and exceptions"),
        ("locals", (1, 1), 'no "locals" in net.py', "models here: none"),
    ],
)  # fmt: skip
def test_a_name_without_a_model(
    name: str, place: tuple[int, int], message: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines and columns are those of the name in the program above."""
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(PROGRAM, encoding="utf-8")
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(f"net.py:{name}", input=[5])
    (found,) = caught.value.diagnostics
    assert (found.line, found.column) == place
    assert found.message.startswith(message)
    assert hint in (found.hint or "")


MAIN = """import torch
from torchvision import models

if __name__ == "__main__":
    net = models.resnet18(num_classes={classes})
    net(torch.zeros(1, 3, 64, 64))
"""


def test_a_model_of_the_main_block(tmp_path: Path) -> None:
    """A file without another model means that of the block which runs as a program."""
    path = tmp_path / "net.py"
    path.write_text(MAIN.format(classes=7), encoding="utf-8")
    assert cnncalc.analyze(path).totals.params == 11_176_512 + 512 * 7 + 7
    path.write_text(MAIN.format(classes="'x' + 1"), encoding="utf-8")
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(path)
    (found,) = caught.value.diagnostics
    assert (found.line, found.column, found.message.split(":")[0], found.hint) == (5, 39, "TypeError", "")
