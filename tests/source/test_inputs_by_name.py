"""Shapes of several inputs belong to the parameters of their names, in whatever order they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc import SpecError, analyze

TORCH = """import torch
from torch import nn

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.fa = nn.Linear(5, 3)
        self.fb = nn.Linear(7, 3)

    def forward(self, a, b, c=None, *, d=None):
        y = self.fa(a) + self.fb(b)
        y = y if c is None else y + c
        return y if d is None else y * d
"""
KERAS = """import keras
from keras import layers

class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.fa = layers.Dense(3)
        self.fb = layers.Dense(4)

    def call(self, a, b, training=None):
        return layers.concatenate([self.fa(a), self.fb(b)])

class Listed(Two):
    def call(self, inputs):
        a, b = inputs
        return layers.concatenate([self.fa(a), self.fb(b)])
"""


def net(folder: Path, text: str) -> str:
    (folder / "net.py").write_text(text, encoding="utf-8")
    return str(folder / "net.py")


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize(("text", "params"), [(TORCH, 5 * 3 + 3 + 7 * 3 + 3), (KERAS, 5 * 3 + 3 + 7 * 4 + 4)])
def test_the_order_does_not_matter(text: str, params: int, order: str, tmp_path: Path) -> None:
    """`fa` takes the 5 features of a, and `fb` the 7 of b."""
    shapes = {name: {"a": [5], "b": [7]}[name] for name in order}
    report = analyze(f"{net(tmp_path, text)}:Two", input=shapes)
    assert (report.totals.params, [each.name for each in report.inputs]) == (params, ["a", "b"])


@pytest.mark.parametrize(("name", "type"), [("c", "add"), ("d", "multiply")])
def test_an_optional_input_is_given_by_its_name(name: str, type: str, tmp_path: Path) -> None:
    """c is added, and d, which a call gives by its name alone, is a factor."""
    report = analyze(f"{net(tmp_path, TORCH)}:Two", input={"a": [5], "b": [7], name: [3]})
    assert [each.type for each in report.layers] == ["dense", "dense", "add", type]


def test_several_inputs_are_the_list_of_one_parameter(tmp_path: Path) -> None:
    """`call(self, inputs)` of Keras takes a list: 5·3 + 3 + 7·4 + 4 parameters."""
    assert analyze(f"{net(tmp_path, KERAS)}:Listed", input={"x": [5], "y": [7]}).totals.params == 50


def test_a_call_in_the_file_may_name_its_inputs(tmp_path: Path) -> None:
    """`net(b=…, a=…)` states both shapes."""
    path = net(tmp_path, TORCH + "net = Two()\nnet(b=torch.randn(2, 7), a=torch.randn(2, 5))\n")
    assert [(each.name, each.shape) for each in analyze(f"{path}:net").inputs] == [("a", (5,)), ("b", (7,))]


ERRORS = [
    (TORCH, {"a": [5], "b": [7], "e": [3]}, "E206", 'Two.forward has no parameter "e"', "it has a, b, c, d"),
    (KERAS, {"a": [5], "c": [7]}, "E206", 'two has no parameter "c"', "it has a, b"),
    (
        TORCH, {"b": [7]}, "E205", "Two: nothing states the shape of a",
        "give it with --input a=3x32x32 --input b=7, or in a comment: # cnncalc: input a=3x32x32 b=7",
    ),
    (
        TORCH, [5], "E205", "Two: nothing states the shape of b",
        "give it with --input a=5 --input b=3x32x32, or in a comment: # cnncalc: input a=5 b=3x32x32",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "code", "message", "hint"), ERRORS)
def test_names_and_missing_shapes(
    text: str, shapes: object, code: str, message: str, hint: str, tmp_path: Path
) -> None:  # fmt: skip
    """A name that no parameter has, and a parameter without a shape, whose hint keeps the shapes that are known."""
    with pytest.raises(SpecError) as caught:
        analyze(f"{net(tmp_path, text)}:Two", input=shapes)
    (error,) = caught.value.diagnostics
    assert (error.code, error.message, error.hint) == (code, message, hint)


def test_an_input_replaces_the_one_that_a_sequential_states(tmp_path: Path) -> None:
    """A convolution of 3·3·3·4 + 4 numbers on 9x9x3 instead of 28x28x1."""
    text = "import keras\nfrom keras import layers\n"
    text += "m = keras.Sequential([layers.Conv2D(4, 3, input_shape=(28, 28, 1))])\n"
    report = analyze(f"{net(tmp_path, text)}:m", input=[9, 9, 3])
    assert (report.totals.params, report.outputs[0].shape) == (112, (7, 7, 4))


def test_lint_has_no_option_for_inputs(tmp_path: Path) -> None:
    """Its hint names what works there: a comment, or the configuration, which takes a single number, too."""
    path = net(tmp_path, TORCH)
    (found,) = cnncalc.lint(path)
    assert found.hint == (
        "give it in a comment: # cnncalc: input a=3x32x32 b=3x32x32, or under `inputs` in the configuration, "
        '"PATTERN" = {a = "3x32x32", b = "3x32x32"}'
    )
    (tmp_path / "cnncalc.toml").write_text('[inputs]\n"net.py" = {a = "5", b = "7"}\n', encoding="utf-8")
    assert cnncalc.lint(path) == []
