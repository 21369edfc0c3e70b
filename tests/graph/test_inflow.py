"""Inputs that a layer cannot take, whatever its arguments."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError

SCALAR = "does not accept a scalar, one number per sample"


@pytest.mark.parametrize("layer", ["dense 3", "softmax", "conv 4 3x3", "batch_norm", "global_avg_pool"])
def test_a_scalar_has_no_axis(layer: str) -> None:
    """A layer that needs an axis rejects a scalar, and says so in these words."""
    with pytest.raises(SpecError) as caught:
        load(f"input: scalar\nlayers: [{layer}]\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E303", f"{layer.split()[0]}_1: {layer.split()[0]} {SCALAR}")
    assert found.hint == "unsqueeze 1 gives it an axis: a vector of one number"


def test_an_axis_for_a_scalar() -> None:
    """As the hint says: one number, and 3 units after it."""
    nodes = load("input: scalar\nlayers: [unsqueeze 1, dense 3]\n").nodes
    assert [node.shape for node in nodes] == [(), (1,), (3,)]


def test_an_input_without_elements() -> None:
    """A slice that leaves no position: refused by a convolution, taken by an activation."""
    assert load("input: 5x5x3\nlayers: [slice 3 3 axis=1, relu]\n").nodes[-1].shape == (0, 5, 3)
    with pytest.raises(SpecError) as caught:
        load("input: 5x5x3\nlayers: [slice 3 3 axis=1, conv 4 1x1]\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E304", "conv_1: its input 0x5x3 is empty")


@pytest.mark.parametrize(
    ("spec", "needed", "hint"),
    [
        ("5x3 -> conv_lstm2d 4 3", "steps, 2 spatial axes and channels, got 5x3", "write conv_lstm, "),
        (
            "8x8x3 -> conv_lstm2d 4 3",
            "steps, 2 spatial axes and channels, got 8x8x3",
            "put the number of steps in front",
        ),
        ("8x8x3 -> conv1d 4 3", "1 spatial axis, got 8x8x3", "write conv, which takes the number of axes"),
        ("100 -> conv2d 4 3", "2 spatial axes, got 100", "write conv, which takes the number of axes"),
    ],
)
def test_the_axes_that_a_name_asserts(spec: str, needed: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(spec)
    (found,) = caught.value.diagnostics
    assert found.message.endswith(f"needs an input with {needed}")
    assert found.hint.startswith(hint)


BRANCHES, ONE = "write branches, {}: [[…], […]], or from: [a, b]", "merge them first, or take one of them with `from`"


@pytest.mark.parametrize(
    ("layer", "needed", "hint"),
    [
        ("add", "at least 2 inputs, got 1", BRANCHES), ("subtract", "2 inputs, got 1", BRANCHES),
        ("relu from=[input,input]", "1 input, got 2", ONE),
        ("multi_head_attention 2 from=[input,input,input,input,input]", "1 to 4 inputs, got 5", ONE),
    ],
)  # fmt: skip
def test_the_number_of_inputs(layer: str, needed: str, hint: str) -> None:
    kind = layer.split()[0]
    with pytest.raises(SpecError) as caught:
        load(f"input: 8x4\nlayers: ['{layer}']\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("E307", f"{kind}_1: {kind} needs {needed}")
    assert found.hint == hint.format(kind)


@pytest.mark.parametrize("merge", ["add", "average", "maximum", "minimum", "multiply"])
@pytest.mark.parametrize("convention", ["formula", "keras", "tensorflow", "pytorch", "onnx"])
def test_a_merge_of_a_list_of_one(merge: str, convention: str) -> None:
    """Keras's merge layers take it (`Add()([x])`), so do ONNX's Sum, Mean, Max and Min, and TensorFlow's add_n."""
    allowed = {"keras": {merge}, "onnx": {"add", "average", "maximum", "minimum"}, "tensorflow": {"add"}}
    takes = merge in allowed.get(convention, ())
    for item, is_list in ((f"{{{merge}: , from: [input]}}", True), (f"{{{merge}: [[relu]]}}", True),
                          (f"{{{merge}: , from: input}}", False)):  # fmt: skip
        spec = f"input: 9x7x3\nlayers: [{item}]\n"
        if takes and is_list:
            assert load(spec, convention=convention).nodes[-1].shape == (9, 7, 3)
            continue
        with pytest.raises(SpecError, match=f"{merge} needs at least 2 inputs, got 1"):
            load(spec, convention=convention)
    with pytest.raises(SpecError, match="differ in"):
        load(f"input: {{a: 9x7x3, b: 4x7x3}}\nlayers: [{{{merge}: , from: [a, b]}}]\n", convention=convention)
