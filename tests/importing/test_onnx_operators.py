"""The single-operator models of ONNX's backend tests, with the shapes of ONNX Runtime."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.onnx_cases import model_of, operators_of
from tests.importing.onnx_files import model, node, value
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
    "Attention": 29,  # keys of earlier steps, a limit of the scores, a mask for each sample
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
