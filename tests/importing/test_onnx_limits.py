"""Bounds of ONNX files: fields, nodes, layers and constants are counted before they cost time or memory."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from cnncalc.reading.limits import Limits
from tests.importing.onnx_files import block, model, node, number, tensor, value

VECTOR = value("x", [1, 5, 7])
RESULT = value("y", [1, 5, 7])
TWELVE = Limits(layers=12)
"""12 nodes and layers; fields and numbers have the minimum of the derived limits, 10,000."""


def _chain(count: int) -> list[bytes]:
    names = ["x", *(f"a{k}" for k in range(1, count)), "y"]
    return [node("Relu", before, after) for before, after in pairwise(names)]


def _relu(*attributes: bytes) -> bytes:
    return block(1, "x") + block(2, "y") + block(4, "Relu") + b"".join(block(5, each) for each in attributes)


@pytest.mark.parametrize(
    ("nodes", "weights", "message"),
    [
        (_chain(13), [], "the graph has 13 nodes; the limit is 12"),
        ([*_chain(11)[:-1], node("Add", "a10 v", "b"), node("Add", "b w", "y")],  # with two learned arrays
         [tensor("v", [5, 7]), tensor("w", [5, 7])], "the model file has too many layers: 14; the limit is 12"),
        (_chain(1), [tensor("w", [])] * 4_000, "the graph has more than 10,000 fields"),
        ([_relu(block(1, "k") + block(8, b"\1" * 10_001))], [], "the graph has more than 10,000 fields"),
        ([_relu(block(1, "k") + block(7, bytes(4 * 10_001)))], [], "the graph has more than 10,000 fields"),
        (_chain(1), [number(1, 1) + number(2, 11) + block(10, bytes(8 * 10_001))], "more than 10,000 fields"),
        (_chain(1), [block(1, b"\1" * 10_001)], "the graph has more than 10,000 fields"),
        ([node("Add", "c c", "c1"), node("Add", "c1 c", "c2"), node("Add", "c2 c", "c3"), node("Add", "x c3", "y")],
         [tensor("c", [2_000], range(2_000))], "the constants of the graph are computed from more than 10,000 numbers"),
    ],
)  # fmt: skip
def test_graphs_beyond_the_limits_are_refused(
    nodes: list[bytes], weights: list[bytes], message: str, tmp_path: Path
) -> None:
    """One more than the limit of each kind, which the error states."""
    file = tmp_path / "net.onnx"
    file.write_bytes(model(nodes, [VECTOR], [RESULT], weights))
    with pytest.raises(SpecError, match=message) as caught:
        cnncalc.analyze(file, limits=TWELVE)
    assert [each.code for each in caught.value.diagnostics] == ["E103"]
    assert "--max-layers" in caught.value.diagnostics[0].hint


def test_graphs_at_the_limit_are_read(tmp_path: Path) -> None:
    """12 nodes are 12 layers."""
    file = tmp_path / "net.onnx"
    file.write_bytes(model(_chain(12), [VECTOR], [RESULT]))
    assert len(cnncalc.analyze(file, limits=TWELVE).layers) == 12


def test_long_texts_of_attributes_are_not_read_to_their_end(tmp_path: Path) -> None:
    """An attribute with a compiled model of another tool has no effect on a Relu."""
    file = tmp_path / "net.onnx"
    file.write_bytes(model([_relu(block(1, "k") + block(4, b"\xff" * 70_000))], [VECTOR], [RESULT]))
    assert [layer.type for layer in cnncalc.analyze(file).layers] == ["relu"]


@pytest.mark.parametrize(
    ("nodes", "weights", "most"),
    [
        ([node("Gather", "g i" if k == 0 else f"r{k - 1} r{k - 1}", f"r{k}") for k in range(40)],
         [tensor("g", [1, 1], [0]), tensor("i", [1], [0])], 0),
        ([node("Concat", "w w" if k == 0 else f"r{k - 1} r{k - 1}", f"r{k}", axis=0) for k in range(40)],
         [tensor("w", [5, 7])], 41),
    ],
)  # fmt: skip
def test_constants_that_double_with_each_node_end(
    nodes: list[bytes], weights: list[bytes], most: int, tmp_path: Path
) -> None:
    """Axes of indices, and names of joined weights, would be 2**40 long: the nodes become errors or `most` layers."""
    file = tmp_path / "net.onnx"
    file.write_bytes(model([*nodes, node("Add", "x r39", "y")], [VECTOR], [RESULT], weights))
    if most:
        assert len(cnncalc.analyze(file).layers) <= most
    else:
        with pytest.raises(SpecError, match="Gather has no layer type here"):
            cnncalc.analyze(file)
