"""A layer with several outputs: the parts of `split`, their names, and what takes them."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import SpecError
from cnncalc.forward.verify import verify
from tests.together import for_each


@for_each(
    ("text", "convention", "shapes"),
    [
        ("5x7x12 -> split 3", "formula", [(5, 7, 4)] * 3),
        ("5x7x12 -> split 2 axis=channels", "keras", [(5, 7, 6)] * 2),
        ("12x5x7 -> split 2 axis=width", "pytorch", [(12, 5, 4), (12, 5, 3)]),  # torch.chunk(x, 2, 3): 4 and 3
        ("11x5x7 -> chunk 4", "pytorch", [(3, 5, 7)] * 3 + [(2, 5, 7)]),  # torch.chunk(x, 4, 1): 3, 3, 3, 2
        ("5x7x11 -> split [3,8]", "formula", [(5, 7, 3), (5, 7, 8)]),
        ("11 -> split 2x4x5", "formula", [(2,), (4,), (5,)]),
        ("6x5x11 -> split 2 axis=1", "formula", [(3, 5, 11)] * 2),
    ],
)
def test_sizes_of_the_parts(text, convention, shapes):
    """Equal parts, sizes as given, or a smaller last part where the framework has one; the arrays agree."""
    report = analyze(text, convention=convention)
    assert [layer.output_shape for layer in report.layers] == shapes
    assert [output.shape for output in report.outputs] == shapes
    assert verify(text, convention=convention).problems == []


def test_the_parts_together_are_the_input():
    """Joined along the axis, the parts give the input again."""
    x = np.arange(2 * 5 * 7 * 11.0).reshape(2, 5, 7, 11)
    parts = [node.layer.forward(np, x) for node in load("5x7x11 -> split [3,1,7]").nodes[1:]]
    np.testing.assert_array_equal(np.concatenate(parts, axis=-1), x)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("9x9x8 -> split 2", ["split_1.0", "split_1.1"]),
        ("9x9x8 -> split 2 name=halves", ["halves.0", "halves.1"]),
        ("9x9x8 -> split 2 names=[left,right]", ["left", "right"]),
        ("9x9x8 -> split 2 name=halves names=[left,right] -> relu from=right", ["left", "right", "relu_1"]),
    ],
)
def test_names_of_the_parts(text, names):
    """A part is called as `names` says, else after the whole, counting from 0."""
    assert [layer.name for layer in analyze(text).layers] == names


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("9x9x8 -> split 2 -> add", ("split_1.0", "split_1.1")),
        ("9x9x8 -> split 2 -> concat(identity | relu)", ("identity_1", "relu_1")),
        ("9x9x8 -> split 2 -> concat([] | relu)", None),
        ("9x9x8 -> concat(split 2 | relu)", ("split_1.0", "split_1.1", "relu_1")),
        ("9x9x8 -> split 2 names=[a,b] -> relu from=a -> multiply from=[relu_1,b]", ("relu_1", "b")),
    ],
)
def test_what_takes_the_parts(text, inputs):
    """A merge takes them all, or gives each of its branches one; `from` takes the one that it names."""
    if inputs is None:
        text = {"input": "9x9x8", "layers": ["split 2", {"concat": [[], ["relu"]]}]}
        inputs = ("split_1.0", "relu_1")
    assert analyze(text).layers[-1].inputs == inputs


def test_each_branch_sees_its_own_part():
    """The first branch reads the first part: of 3 and 5 channels, a 1×1 convolution has 3·2 + 2 and 5·2 + 2 weights."""
    report = analyze("9x9x8 -> split [3,5] -> concat(conv 2 1x1 | conv 2 1x1)")
    assert [layer.params for layer in report.layers if layer.type == "conv"] == [8, 12]


@for_each(
    ("text", "code", "message"),
    [
        ("9x9x8 -> split 3", "E305", "8 along channels cannot be divided into 3 parts: remainder 2"),
        ("9x9x8 -> split [3,4]", "E305", "the parts add up to 7, but 9x9x8 has 8 along channels"),
        ("9x9x8 -> split 2 names=[a]", "E204", "1 name for 2 parts"),
        ("9x9x8 -> split 2 -> relu", "E307", "relu needs 1 input, got 2"),
        ("9x9x8 -> split 2 -> (relu -> relu)", "E307", "a group takes one input, got 2: split_1.0, split_1.1"),
        ("9x9x8 -> split 2 -> concat(relu | relu | relu)", "E307", "2 inputs for 3 branches"),
        ("9x9x8 -> split 2 axis=depth", "E303", "9x9x8 has no axis depth"),
        ("9x9x8 -> split 2 name=h -> relu from=h", "E206", '"h" has 2 outputs, and one is needed'),
    ],
)
def test_what_cannot_be_split(text, code, message):
    """Parts that do not fit, and parts that are taken without being named."""
    with pytest.raises(SpecError) as caught:
        analyze(text)
    assert [(each.code, message in each.message) for each in caught.value.diagnostics[:1]] == [(code, True)]
