"""The single-operator models of ONNX's backend tests, with the shapes of ONNX Runtime."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.onnx_cases import model_of, operators_of
from tests.importing.onnx_files import block, model, node, tensor, value
from tests.oracles.record_onnx_operators import recorded
from tests.sweeps import sampled

CASES: dict[str, list[Any]] = defaultdict(list)
for each in recorded():
    CASES[operators_of(each)].append(each)

WITHOUT_TYPE = frozenset({
    "And", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "CausalConvWithState", "Compress",
    "ConstantOfShape", "CumProd", "DFT", "DeformConv", "Det", "Equal", "EyeLike", "GatherElements", "Greater",
    "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "MaxUnpool", "MelWeightMatrix", "Mod",
    "NonMaxSuppression", "NonZero", "Not", "Or", "Range", "STFT", "Scatter", "ScatterElements", "ScatterND",
    "SoftmaxCrossEntropyLoss", "TensorScatter", "TopK", "Trilu", "Unique", "Xor",
})  # fmt: skip
"""Operators that no layer type is, or whose model has no tensor of a network as its input."""

NOT_CONVERTED = {
    # along the batch, axis 0
    "ArgMax": 2, "ArgMin": 2, "CenterCropPad": 5, "CumSum": 7, "Gather": 2, "GatherND": 3, "Gemm": 2, "Hardmax": 1,
    "LayerNormalization": 6, "LogSoftmax": 1, "LpNormalization": 2, "MatMul": 2, "MeanVarianceNormalization": 1,
    "RMSNormalization": 6, "ReduceLogSum": 3, "ReduceMean": 1, "Slice": 2, "Softmax": 1, "Split": 12, "Tile": 2,
    "ReduceL1": 2, "ReduceL2": 2, "ReduceLogSumExp": 2, "ReduceMax": 2, "ReduceMin": 2, "ReduceProd": 2, "ReduceSum": 3,
    "ReduceSumSquare": 2, "Reshape": 1, "Shape": 1,  # the last ones of these with an axis of size 0 too
    "Attention": 10,  # earlier steps as constants of the file, or with a causal mask
    "Einsum": 2,  # a sum over the batch
    "LSTM": 3,  # peepholes; the cell as an output
    "OneHot": 2,  # another axis than the last one
    "PRelu": 2,  # slopes along other axes than the channels
    "Pow": 9,  # two tensors
    "Resize": 4,  # a part of the image
}  # fmt: skip
"""The number of an operator's models that become opaque or an error, with the reason."""


@pytest.mark.parametrize("operators", sampled(sorted(CASES), every=3))
def test_shapes(operators: str, tmp_path: Path) -> None:
    """Every shape is ONNX Runtime's. What no layer type says is opaque with the stated shape, or one E111."""
    converted = 0
    for case in CASES[operators]:
        file = tmp_path / f"{case['name']}.onnx"
        file.write_bytes(model_of(case))
        report, codes = analyzed(file)
        assert codes in ([], ["E111"], ["E205"], ["E204"]), case["name"]
        assert report is None or report.findings == (), case["name"]
        converted += report is not None and all(layer.type != "opaque" for layer in report.layers)
    expected = 0 if operators in WITHOUT_TYPE else len(CASES[operators]) - NOT_CONVERTED.get(operators, 0)
    assert converted == expected


def analyzed(file: Path) -> tuple[Any, list[str]]:
    """The report of a file, or the codes of its mistakes."""
    try:
        return cnncalc.analyze(file), []
    except SpecError as error:
        return None, [each.code for each in error.diagnostics]


def test_random_numbers_have_the_sizes_of_their_input(tmp_path: Path) -> None:
    """A variational autoencoder of PyTorch adds them, and its file states no shape for them."""
    nodes = [node("RandomNormalLike", "x", "noise"), node("Add", "x noise", "y")]
    file = tmp_path / "net.onnx"
    file.write_bytes(model(nodes, [value("x", ["N", 5, 7])], [value("y", ["N", 5, 7])]))
    report = cnncalc.analyze(file)
    assert [(each.type, each.output_shape) for each in report.layers] == [("opaque", (5, 7)), ("add", (5, 7))]


def test_an_einsum_of_one_operand_moves_its_axes(tmp_path: Path) -> None:
    """`nchpwq->nhwpqc`, as masked autoencoders cut images into patches."""
    file = tmp_path / "net.onnx"
    nodes = [node("Einsum", "x", "y", equation="nchpwq->nhwpqc")]
    file.write_bytes(model(nodes, [value("x", ["N", 3, 5, 2, 7, 2])], [value("y", ["N", 5, 7, 2, 2, 3])]))
    report = cnncalc.analyze(file)
    assert [(each.type, each.output_shape, each.macs) for each in report.layers] == [("einsum", (5, 7, 2, 2, 3), 0)]


@pytest.mark.parametrize(
    ("first", "last", "step", "size", "layers"),
    [
        (-1, -(2**63), -1, 13, ["flip"]),
        (-1, -(2**63), -2, 7, ["flip", "slice"]),  # positions 12, 10 … 0
        (10, 2, -3, 3, ["flip", "slice"]),  # positions 10, 7, 4
    ],
)
def test_a_part_in_reverse_is_flipped_first(
    first: int, last: int, step: int, size: int, layers: list[str], tmp_path: Path
) -> None:  # fmt: skip
    """`x[10:2:-3]` of 13 positions."""
    constants = [tensor(name, [1], [number]) for name, number in zip("bead", (first, last, 2, step), strict=True)]
    file = tmp_path / "net.onnx"
    nodes = [node("Slice", "x b e a d", "y")]
    file.write_bytes(model(nodes, [value("x", [1, 5, 13])], [value("y", [1, 5, size])], constants))
    report = cnncalc.analyze(file)
    assert [each.type for each in report.layers] == layers
    assert report.outputs[0].shape == (5, size)


def test_packed_weights_are_counted_one_by_one(tmp_path: Path) -> None:
    """MatMulNBits of 24 units on 64 features: 64·24 = 1,536 weights of 4 bits, in 24·2·16 = 768 bytes."""
    nodes = [node("MatMulNBits", "x w s", "y", K=64, N=24, bits=4, block_size=32) + block(7, "com.microsoft")]
    file = tmp_path / "net.onnx"
    weights = [tensor("w", [24, 2, 16], kind=2), tensor("s", [48])]
    file.write_bytes(model(nodes, [value("x", [1, 7, 64])], [value("y", ["N", "T", "C"])], weights))
    report = cnncalc.analyze(file)
    assert report.outputs[0].shape == (7, 24)
    assert (report.totals.params, report.totals.macs) == (1_536, 7 * 1_536)


def test_attention_continues_earlier_steps(tmp_path: Path) -> None:
    """5 queries on 3 earlier and 5 new keys, 4 heads of 8 features: 2·4·5·8·8 = 2,560 MACs."""
    file = tmp_path / "net.onnx"
    nodes = [node("Attention", "q k v - p r", "y n m", q_num_heads=4, kv_num_heads=4, softcap=3.0)]
    given = [value(name, [1, 5, 32]) for name in "qkv"] + [value(name, [1, 4, 3, 8]) for name in "pr"]
    outputs = [value(name, ["N", *"abcd"[:axes]]) for name, axes in (("y", 2), ("n", 3), ("m", 3))]
    file.write_bytes(model(nodes, given, outputs, opset=23))
    report = cnncalc.analyze(file)
    assert [each.shape for each in report.outputs] == [(5, 32), (4, 8, 8), (4, 8, 8)]
    assert report.totals.macs == 2_560


@pytest.mark.parametrize(("operator", "opset", "params"), [("GroupNormalization", 18, 6), ("ReverseSequence", 17, 0)])
def test_sizes_of_the_first_input(operator: str, opset: int, params: int, tmp_path: Path) -> None:
    """One scale and one shift for each of 3 groups; sequences in reverse."""
    inputs, given = ("x s b", {"num_groups": 3}) if params else ("x n", {"time_axis": 1, "batch_axis": 0})
    constants = [tensor("s", [3]), tensor("b", [3]), tensor("n", [1], [7])]
    file = tmp_path / "net.onnx"
    nodes = [node(operator, inputs, "y", **given)]
    file.write_bytes(model(nodes, [value("x", [1, 6, 7])], [value("y", ["N", "C", "W"])], constants, opset=opset))
    report = cnncalc.analyze(file)
    assert [(each.type, each.output_shape, each.params) for each in report.layers] == [("opaque", (6, 7), params)]
