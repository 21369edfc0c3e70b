"""What is drawn: boxes, frames, repeats and edges."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.drawing.boxes import box_lines
from cnncalc.drawing.captions import caption
from cnncalc.drawing.repeats import Repetition, runs
from tests.drawing.shown import diagram_of, outline
from tests.together import for_each

RESIDUAL = {
    "input": "16x16x8",
    "convention": "pytorch",
    "blocks": {"res": ["add: [[conv 8 3x3 p1, relu, conv 8 3x3 p1], identity]", "relu"]},
    "layers": ["conv 8 3x3 p1", {"stage": [{"repeat": 4, "layers": ["res"]}]}, "flatten", "dense 10"],
}

STAGED = """
input: 8x16x16
layout: CHW
convention: pytorch
blocks:
  unit:
    layers: [conv 8 3x3 p1, batch_norm, relu]
layers:
  - conv 8 3x3 p1
  - repeat: 3
    name: stage
    layers: [unit]
  - flatten
  - dense 10
"""


def edges(spec: Any, depth: int | None = None) -> list[tuple[str, str]]:
    return [(edge.tail.title, edge.head.title) for edge in diagram_of(spec, depth).edges]


@pytest.mark.parametrize(
    ("spec", "drawn"),
    [
        ("8x8x3 -> conv 4 3x3 relu -> max_pool 2", ["input", "conv_1", "max_pool_1"]),
        (
            "8x8x3 -> conv 4 3x3 -> batch_norm -> relu -> flatten -> dense 10",
            ["input", "conv_1", "flatten_1", "dense_1"],
        ),
        ("8x8x3 -> relu -> conv 4 3x3", ["input", "relu_1", "conv_1"]),
    ],
)
def test_normalization_and_activation_join_their_layer(spec: str, drawn: list[str]) -> None:
    """An activation at the beginning has no layer to join."""
    assert outline(diagram_of(spec).root) == drawn


def test_a_layer_that_others_use_keeps_its_box() -> None:
    """The relu after a convolution whose own output is added later has its own box."""
    spec = {"input": "8x8x4", "layers": ["conv 4 3x3 p1 name=a", "relu name=b", {"add": {"from": ["a", "b"]}}]}
    assert outline(diagram_of(spec).root) == ["input", "a", "b", "add_1"]
    assert edges(spec) == [("input", "a"), ("a", "b"), ("a", "add_1"), ("b", "add_1")]


def test_equal_blocks_in_a_row_are_one_frame() -> None:
    """ResNet-18 has two equal blocks in its first stage; later stages begin with a block that differs."""
    drawn = outline(diagram_of("resnet18").root)
    assert drawn[:4] == [
        "input",
        "stem",
        "max_pool_1",
        ("stage1", [("0–1 ×2", ["conv_1", "conv_2", "add_1"])]),
    ]
    assert drawn[4] == (
        "stage2",
        [("0", ["conv_1", "conv_2", "conv_3", "add_1"]), ("1", ["conv_1", "conv_2", "add_1"])],
    )


def test_edges_of_copies_are_those_of_the_first() -> None:
    """What follows the second copy is drawn after the first, and no edge leads back."""
    found = diagram_of("resnet18")
    order = {box: place for place, box in enumerate(found.root.boxes())}
    assert all(order[edge.tail] < order[edge.head] for edge in found.edges)
    first = next(box for box in found.root.boxes() if box.key == "stage1.0.add_1")
    assert [edge.head.key for edge in found.edges if edge.tail is first] == ["stage2.0.conv_1", "stage2.0.conv_3"]


@pytest.mark.parametrize("depth", [1, 2])
def test_a_block_of_one_box_needs_no_frame(depth: int) -> None:
    """Convolution, batch norm and relu share a box, which stands for all three copies."""
    assert outline(diagram_of(STAGED, depth).root) == ["input", "conv_1", "stage ×3", "flatten_1", "dense_1"]


def test_depth_0_folds_every_block() -> None:
    """The box of a block states its layers: three copies of convolution, batch norm and relu."""
    (box,) = [box for box in diagram_of(STAGED, 0).root.boxes() if box.folded]
    assert (box.title, box.times, len(box.layers), box.shape) == ("stage", 1, 9, (8, 16, 16))


def test_the_default_depth_fits_on_a_page() -> None:
    """NASNet has 675 layers: its blocks are folded until at most 48 boxes are left."""
    assert 10 <= diagram_of("keras_nasnet_mobile").root.size <= 48


def test_a_long_chain_without_blocks_folds_equal_layers() -> None:
    """A thousand equal convolutions are one frame; two distinct kinds in turn are a frame of two."""
    spec = "16x16x4 -> " + " -> ".join(["conv 4 3x3 p1"] * 1000)
    assert outline(diagram_of(spec).root) == ["input", ("×1000", ["conv_1"])]
    spec = "16x16x4 -> " + " -> ".join(["conv 4 3x3 p1 -> max_pool 3 s1 p1"] * 100)
    assert outline(diagram_of(spec).root) == ["input", ("×100", ["conv_1", "max_pool_1"])]


@for_each(
    ("item", "text"),
    [
        ("conv 20 8x8 s2 p1", "conv 8×8, 20, s2, p1"),
        ("conv 20 3", "conv 3×3, 20"),
        ("conv 20 3x5 same", "conv 3×5, 20, same"),
        ("conv 6 3x3 d2 g3", "conv 3×3, 6, d2, g3"),
        ("max_pool 2", "max_pool 2×2"),
        ("depthwise_conv 3x3 s2", "depthwise_conv 3×3, s2"),
        ("dropout 0.5", "dropout 0.5"),
        ("batch_norm", "batch_norm"),
        ("global_avg_pool", "global_avg_pool"),
    ],
)
def test_captions(item: str, text: str) -> None:
    """The kernel first, then the filters, then what differs from the default."""
    (box,) = [box for box in diagram_of(f"32x32x3 -> {item}").root.boxes() if box.layers]
    assert caption(box.layers[0]) == text


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ("abc", []),
        ("aab", [Repetition(0, 1, 2)]),
        ("abbbcdcd", [Repetition(1, 1, 3), Repetition(4, 2, 2)]),
        ("abababa", [Repetition(0, 2, 3)]),
        ("", []),
    ],
)
def test_runs(parts: str, found: list[Repetition]) -> None:
    """Counted by hand."""
    assert runs(parts) == found


def test_outputs_and_shared_weights_are_marked() -> None:
    """Each output of the model says so, and a layer that uses others' weights names their owner."""
    shared = {"conv": {"filters": 4, "kernel": 3, "padding": 1, "share_weights": "a", "name": "b"}}
    found = diagram_of(
        {"input": "8x8x4", "layers": ["conv 4 3x3 p1 name=a", shared, "flatten name=c"], "outputs": ["b", "c"]}
    )
    lines = {box.title: box_lines(box, ()) for box in found.root.boxes()}
    assert lines["a"] == ["conv 3×3, 4, p1", "8×8×4"]
    assert lines["b"][1:] == ["weights of a", "output 8×8×4"]
    assert lines["c"] == ["flatten", "output 256"]
