"""ONNX files: single operators with shapes by hand, constants folded, parameters counted, damaged files refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.onnx_files import block, model, node, number, tensor, value


def written(folder: Path, data: bytes) -> Path:
    file = folder / "net.onnx"
    file.write_bytes(data)
    return file


IMAGE = value("x", [1, 6, 13, 17])
W = [tensor("w", [5, 6, 3, 3]), tensor("b", [5]), tensor("d", [8, 3, 2, 2]), tensor("t", [6, 4, 3, 3])]
CUT = [tensor("s", [1], [1]), tensor("e", [1], [2**63 - 1]), tensor("a", [1], [3]), tensor("p", [1], [2])]
WB = [tensor("w", [7, 5]), tensor("b", [5])]


@pytest.mark.parametrize(
    ("nodes", "constants", "shape"),
    [
        ([node("Conv", "x w b", "y")], W, (5, 11, 15)),
        ([node("Conv", "x w", "y", pads=[1, 1, 1, 1], strides=[2, 2])], W, (5, 7, 9)),
        ([node("Conv", "x w", "y", auto_pad="SAME_UPPER", strides=[2, 3])], W, (5, 7, 6)),
        ([node("Conv", "x w", "y", pads=[0, 1, 2, 3], dilations=[2, 1])], W, (5, 11, 19)),
        ([node("Conv", "x d", "y", group=2)], W, (8, 12, 16)),
        ([node("ConvTranspose", "x t", "y", strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 0])], W, (4, 26, 33)),
        ([node("MaxPool", "x", "y", kernel_shape=[2, 3])], [], (6, 12, 15)),  # the stride is 1 unless given
        ([node("MaxPool", "x", "y", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)], [], (6, 7, 9)),
        ([node("AveragePool", "x", "y", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])], [], (6, 7, 9)),
        ([node("GlobalAveragePool", "x", "y")], [], (6, 1, 1)),
        ([node("Flatten", "x", "y")], [], (1326,)),
        ([node("Transpose", "x", "y", perm=[0, 2, 3, 1])], [], (13, 17, 6)),
        ([node("Concat", "x x", "y", axis=-1)], [], (6, 13, 34)),
        ([node("Split", "x", "y z", axis=1)], [], (3, 13, 17)),
        ([node("Split", "x s", "y z", axis=2)], [tensor("s", [2], [4, 9])], (6, 4, 17)),
        ([node("Slice", "x s e a p", "y")], CUT, (6, 13, 8)),
        ([node("Slice", "x", "y", starts=[1], ends=[-1], axes=[2])], [], (6, 11, 17)),
        ([node("Pad", "x p", "y")], [tensor("p", [8], [0, 0, 1, 2, 0, 0, 3, 4])], (6, 17, 23)),
        ([node("Pad", "x", "y", pads=[0, 1, 0, 0, 0, 1, 0, 0])], [], (8, 13, 17)),
        ([node("Resize", "x - - s", "y", mode="nearest")], [tensor("s", [4], [1, 6, 26, 34])], (6, 26, 34)),
        ([node("ReduceMean", "x", "y", axes=[2, 3], keepdims=0)], [], (6,)),
        ([node("ReduceMean", "x a", "y")], [tensor("a", [2], [-1, -2])], (6, 1, 1)),
        ([node("ReduceMax", "x", "y", axes=[1])], [], (1, 13, 17)),
        ([node("Squeeze", "g", "y", axes=[2, 3])], [], (6,)),
        ([node("Unsqueeze", "x a", "y")], [tensor("a", [1], [2])], (6, 1, 13, 17)),
        ([node("Gather", "x i", "y", axis=1)], [tensor("i", [], [3])], (13, 17)),
        ([node("Gather", "x i", "y", axis=2)], [tensor("i", [3], [0, 4, -1])], (6, 3, 17)),
        ([node("DepthToSpace", "p", "y", blocksize=2)], [tensor("q", [8, 6, 1, 1])], (2, 26, 34)),
        ([node("MatMul", "x m", "y")], [tensor("m", [17, 4])], (6, 13, 4)),
        ([node("Softmax", "x", "y")], [], (6, 13, 17)),
        ([node("ArgMax", "x", "y", axis=1, keepdims=0)], [], (13, 17)),
    ],
)  # fmt: skip
def test_one_operator(nodes: list[bytes], constants: list[bytes], shape: tuple[int, ...], tmp_path: Path) -> None:
    """The operators' formulas (docs/Operators.md of the ONNX project) on 1x6x13x17."""
    before = [node("GlobalAveragePool", "x", "g"), *([node("Conv", "x q", "p")] if b"DepthToSpace" in nodes[0] else [])]
    data = model([*before, *nodes], [IMAGE], [value("y", [1, *shape])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    assert report.outputs[0].shape == shape
    assert report.findings == ()


def test_shape_arithmetic_is_folded(tmp_path: Path) -> None:
    """Shape → Gather → Concat → Reshape, as PyTorch writes x.view(x.size(0), −1), is one flatten."""
    nodes = [
        node("Shape", "x", "s"), node("Gather", "s zero", "n", axis=0), node("Unsqueeze", "n axes", "n1"),
        node("Concat", "n1 rest", "shape", axis=0), node("Reshape", "x shape", "y"),
    ]  # fmt: skip
    constants = [tensor("zero", [], [0]), tensor("axes", [1], [0]), tensor("rest", [1], [-1])]
    report = cnncalc.analyze(written(tmp_path, model(nodes, [IMAGE], [value("y", [1, 1326])], constants)))
    assert [(each.type, each.output_shape) for each in report.layers] == [("flatten", (1326,))]


@pytest.mark.parametrize(
    ("nodes", "constants", "layers"),
    [
        ([node("Gemm", "x w b", "y", transB=1)], [tensor("w", [5, 7]), tensor("b", [5])], [("dense", 40)]),
        ([node("Gemm", "x w", "y")], [tensor("w", [7, 5])], [("dense", 35)]),
        ([node("MatMul", "x w", "m"), node("Add", "m b", "y")], WB, [("dense", 40)]),
        ([node("MatMul", "x w", "m"), node("Add", "b m", "y")], WB, [("dense", 40)]),
        ([node("Transpose", "v", "w", perm=[1, 0]), node("MatMul", "x w", "m"), node("Add", "m b", "y")],
         [tensor("v", [5, 7]), tensor("b", [5])], [("dense", 40)]),
        ([node("Identity", "v", "w"), node("Gemm", "x w", "y")], [tensor("v", [7, 5])], [("dense", 35)]),
    ],
)  # fmt: skip
def test_products_become_dense_layers(
    nodes: list[bytes], constants: list[bytes], layers: list[Any], tmp_path: Path
) -> None:  # fmt: skip
    """Gemm, MatMul + Add and Transpose + MatMul + Add are one dense layer: 7·5 weights, and 5 biases if added."""
    data = model(nodes, [value("x", [1, 7])], [value("y", [1, 5])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    assert [(each.type, each.params) for each in report.layers] == layers
    assert report.findings == ()


def test_learned_arrays_are_parameters(tmp_path: Path) -> None:
    """x · w + p with arrays of the file: a scale for each channel and a table of positions."""
    nodes = [node("Mul", "x w", "m"), node("Add", "m p", "y")]
    constants = [tensor("w", [6, 1, 1]), tensor("p", [1, 6, 13, 17])]
    report = cnncalc.analyze(written(tmp_path, model(nodes, [IMAGE], [value("y", [1, 6, 13, 17])], constants)))
    assert (report.totals.params, report.findings) == (6 + 6 * 13 * 17, ())


def test_open_sizes_come_from_the_caller(tmp_path: Path) -> None:
    """A batch by name is recognised; other sizes by name have to be given."""
    data = model([node("Relu", "x", "y")], [value("x", ["N", 3, "H", "W"])], [value("y", ["N", 3, "H", "W"])])
    file = written(tmp_path, data)
    assert cnncalc.analyze(file, input="3x8x9").outputs[0].shape == (3, 8, 9)
    with pytest.raises(SpecError, match="open"):
        cnncalc.analyze(file)


def test_an_unknown_operator_has_the_stated_shape(tmp_path: Path) -> None:
    """It becomes `opaque`; without a stated shape it is an error that names the node."""
    nodes = [node("NonMaxWhatever", "x", "m", "strange"), node("Relu", "m", "y")]
    data = model(nodes, [IMAGE], [value("y", [1, 4])], stated=[value("m", [1, 4])])
    assert [each.type for each in cnncalc.analyze(written(tmp_path, data)).layers] == ["opaque", "relu"]
    with pytest.raises(SpecError, match="strange: NonMaxWhatever"):
        cnncalc.analyze(written(tmp_path, model(nodes, [IMAGE], [value("y", [1, 4])])))


def test_a_stated_shape_that_differs_is_a_finding(tmp_path: Path) -> None:
    """The finding has both shapes."""
    report = cnncalc.analyze(written(tmp_path, model([node("Relu", "x", "y")], [IMAGE], [value("y", [1, 6, 13, 18])])))
    assert "6x13x18" in str(report.findings[0])


def test_modules_become_groups(tmp_path: Path) -> None:
    """The older exporter's names, /layer1/layer1.0/conv1/Conv, give modules and names."""
    nodes = [
        node("Conv", "x a", "m", "/layer1/layer1.0/conv1/Conv"), node("Relu", "m", "n", "/layer1/layer1.0/Relu"),
        node("Conv", "n b", "y", "/layer1/layer1.1/conv1/Conv"),
    ]  # fmt: skip
    data = model(nodes, [IMAGE], [value("y", [1, 4, 13, 17])], [tensor("a", [4, 6, 1, 1]), tensor("b", [4, 4, 1, 1])])
    names = [each.name for each in cnncalc.analyze(written(tmp_path, data)).layers]
    assert names == ["layer1.0.conv1", "layer1.0.relu", "layer1.1.conv1"]


def _nested(depth: int) -> bytes:
    """Graphs inside graphs."""
    graph = b""
    for _ in range(depth):
        graph = block(1, block(5, block(1, "g") + block(6, graph)))
    return number(1, 8) + block(7, graph)


GOOD = model([node("Relu", "x", "y")], [IMAGE], [value("y", [1, 6, 13, 17])])


@pytest.mark.parametrize(
    "data",
    [
        GOOD[:-9],
        GOOD[:40],
        number(1, 8) + block(2, "x") + b"\x3a\xff\xff\xff\xff\x0f",  # a length of 4 GB
        number(1, 8) + block(2, "x") + b"\x3a" + b"\xff" * 12,  # a number without end
        _nested(1000),
        number(1, 8) + block(2, "only a name"),
        model([node("Relu", "nowhere", "y")], [IMAGE], [value("y", [1, 6])]),
        model([node("Reshape", "x s", "y")], [IMAGE], [value("y", ["N", "M"])], [tensor("s", [2], [0, 7])]),
        model([node("Relu", "x", "y")], [IMAGE], [value("y", [1])], [tensor("w", [2**40, 2**40])] * 3)[:-4],
    ],
    ids=["cut", "short", "length", "varint", "nested", "empty", "nowhere", "reshape", "huge"],
)
def test_damaged_files_are_refused(data: bytes, tmp_path: Path) -> None:
    """Each is one E111 and takes no time."""
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, data))
    assert [each.code for each in caught.value.diagnostics] == ["E111"]
