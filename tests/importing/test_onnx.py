"""ONNX files: single operators with shapes by hand, constants folded, parameters counted, damaged files refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
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


@pytest.mark.parametrize("sum_of", ["m b", "b m"])
@pytest.mark.parametrize(("steps", "macs"), [((3,), 3 * 7 * 5), ((2, 3), 2 * 3 * 7 * 5), ((11, 2, 3), 2310)])
def test_products_act_on_the_last_axis(sum_of: str, steps: tuple[int, ...], macs: int, tmp_path: Path) -> None:
    """ONNX's MatMul is NumPy's: 7·5 weights and 5 biases for every vector of 7, and 35 MACs each."""
    nodes = [node("MatMul", "x w", "m"), node("Add", sum_of, "y")]
    data = model(nodes, [value("x", ["N", *steps, 7])], [value("y", ["N", *steps, 5])], WB)
    file = written(tmp_path, data)
    report = cnncalc.analyze(file)
    rows = [(each.type, each.output_shape, each.params, each.macs) for each in report.layers]
    assert rows == [("einsum_dense", (*steps, 5), 40, macs)]
    assert report.findings == ()
    again = cnncalc.analyze(cnncalc.spec_of(file))
    assert [(each.output_shape, each.params, each.macs) for each in again.layers] == [each[1:] for each in rows]


def test_learned_arrays_are_parameters(tmp_path: Path) -> None:
    """x · w + p with arrays of the file: a scale for each channel and a table of positions."""
    nodes = [node("Mul", "x w", "m"), node("Add", "m p", "y")]
    constants = [tensor("w", [6, 1, 1]), tensor("p", [1, 6, 13, 17])]
    report = cnncalc.analyze(written(tmp_path, model(nodes, [IMAGE], [value("y", [1, 6, 13, 17])], constants)))
    assert (report.totals.params, report.findings) == (6 + 6 * 13 * 17, ())


def test_equal_parameters_that_are_not_trained_are_two(tmp_path: Path) -> None:
    """PyTorch writes equal parameters once: biases of zeros of two layers are two, other weights are one."""
    nodes = [
        node("Identity", "a.bias", "c.bias"), node("Identity", "a.weight", "b.weight"),
        node("Gemm", "x a.weight a.bias", "y"), node("MatMul", "y b.weight", "z"),
        node("Gemm", "z c.weight c.bias", "w"),
    ]  # fmt: skip
    numbers = [k / 49 for k in range(49)]
    arrays = [tensor("a.weight", [7, 7], numbers, 1), tensor("c.weight", [7, 7]), tensor("a.bias", [7], [0.0] * 7, 1)]
    data = model(nodes, [value("x", [1, 7])], [value("w", [1, 7])], arrays) + block(2, "pytorch")
    report = cnncalc.analyze(written(tmp_path, data))
    assert [layer.params for layer in report.layers] == [49 + 7, 0, 49 + 7]


def test_equal_vectors_of_several_layers_count_for_each(tmp_path: Path) -> None:
    """As PyTorch's exporter of 2.9 writes an untrained transformer: biases in sums, and a scale equal to a bias."""
    nodes = [
        node("MatMul", "x a.weight", "p"), node("Add", "p a.bias", "q"), node("Relu", "q", "r"),
        node("MatMul", "r b.weight", "s"), node("Add", "s a.bias", "t"), node("Mul", "t a.bias", "u"),
    ]  # fmt: skip
    arrays = [tensor(name, [7, 7]) for name in ("a.weight", "b.weight")] + [tensor("a.bias", [7])]
    data = model(nodes, [value("x", [1, 7])], [value("u", [1, 7])], arrays) + block(2, "pytorch")
    report = cnncalc.analyze(written(tmp_path, data))
    assert [(layer.type, layer.params) for layer in report.layers] == [
        ("dense", 49 + 7), ("relu", 0), ("dense", 49 + 7), ("parameter", 7), ("multiply", 0),
    ]  # fmt: skip


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


SEQUENCE = value("x", [9, 2, 13])  # steps, samples, features


@pytest.mark.parametrize(
    ("op", "attributes", "layer", "params", "macs"),
    [
        # 4·11·(13 + 11) weights, and with the biases of input and state 4·11·2 more; at each of the 9 steps
        ("LSTM", {"hidden_size": 11}, "lstm", 1056 + 88, 9 * 1056),
        ("GRU", {"hidden_size": 11, "linear_before_reset": 1}, "gru", 792 + 66, 9 * 792),
        ("RNN", {"hidden_size": 11}, "rnn", 264 + 22, 9 * 264),
        ("LSTM", {"hidden_size": 11, "direction": "bidirectional"}, "lstm", 2 * (1056 + 88), 2 * 9 * 1056),
    ],
)
def test_recurrent_layers(
    op: str, attributes: dict[str, Any], layer: str, params: int, macs: int, tmp_path: Path
) -> None:  # fmt: skip
    """The batch is the second axis; the first output has steps, directions, samples, features."""
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    ways = 2 if "direction" in attributes else 1
    constants = [
        tensor("w", [ways, 11 * gates, 13]), tensor("r", [ways, 11 * gates, 11]), tensor("b", [ways, 22 * gates]),
    ]  # fmt: skip
    data = model([node(op, "x w r b", "y", **attributes)], [SEQUENCE], [value("y", [9, ways, 2, 11])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    found = report.layers[0]
    assert (found.type, found.params, report.totals.macs, report.findings) == (layer, params, macs, ())
    assert report.outputs[0].shape == (9, ways, 11)


def test_recurrent_layers_with_a_state_are_opaque(tmp_path: Path) -> None:
    """A first state that is an input: the parameters and the MACs of the layer are known all the same."""
    constants = [tensor("w", [1, 44, 13]), tensor("r", [1, 44, 11])]
    inputs = [SEQUENCE, value("h", [1, 2, 11])]
    data = model([node("LSTM", "x w r - - h", "y", hidden_size=11)], inputs, [value("y", [9, 1, 2, 11])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    assert [(each.type, each.params, each.macs) for each in report.layers] == [("opaque", 1056, 9 * 1056)]


FUNCTION = block(25, block(1, "Twice") + block(4, "a") + block(5, "b") + block(10, "own") + block(6, "axis") + b"".join(
    block(7, each) for each in (
        node("Concat", "a a", "m") + block(5, block(1, "axis") + block(21, "axis") + number(20, 2)),
        node("Relu", "m", "b"),
    )
))  # fmt: skip


def test_functions_are_put_in_the_place_of_their_calls(tmp_path: Path) -> None:
    """Twice(a; axis) is Relu(Concat(a, a)); the second call joins along another axis."""
    calls = [node("Twice", "x", "m", axis=1) + block(7, "own"), node("Twice", "m", "y", axis=3) + block(7, "own")]
    data = model(calls, [IMAGE], [value("y", [1, 12, 13, 34])]) + FUNCTION
    report = cnncalc.analyze(written(tmp_path, data))
    assert [each.type for each in report.layers] == ["concat", "relu"] * 2
    assert report.outputs[0].shape == (12, 13, 34)


def test_a_function_that_calls_itself_is_refused(tmp_path: Path) -> None:
    inner = node("Self", "a", "b") + block(7, "own")
    function = block(25, block(1, "Self") + block(4, "a") + block(5, "b") + block(10, "own") + block(7, inner))
    data = model([node("Self", "x", "y") + block(7, "own")], [IMAGE], [value("y", [1, 6, 13, 17])]) + function
    with pytest.raises(SpecError, match="calls itself"):
        cnncalc.analyze(written(tmp_path, data))


def graph(nodes: list[bytes], inputs: list[bytes], outputs: list[bytes]) -> bytes:
    """An attribute's graph."""
    parts = [*(block(1, each) for each in nodes), block(2, "inner")]
    return b"".join([*parts, *(block(11, each) for each in inputs), *(block(12, each) for each in outputs)])


def holding(op: str, inputs: str, outputs: str, **graphs: bytes) -> bytes:
    """A node with graphs as attributes."""
    return node(op, inputs, outputs) + b"".join(
        block(5, block(1, key) + block(6, each) + number(20, 5)) for key, each in graphs.items()
    )


@pytest.mark.parametrize(("condition", "layers"), [(1, ["relu"]), (0, ["sigmoid"])])
def test_a_known_condition_takes_its_branch(condition: int, layers: list[str], tmp_path: Path) -> None:
    """Branches read the values outside of them."""
    branches = {
        f"{word}_branch": graph([node(op, "x", f"{word}_y")], [], [value(f"{word}_y", [1, 6, 13, 17])])
        for word, op in (("then", "Relu"), ("else", "Sigmoid"))
    }
    data = model(
        [holding("If", "c", "y", **branches)], [IMAGE], [value("y", [1, 6, 13, 17])], [tensor("c", [], [condition], 9)]
    )
    assert [each.type for each in cnncalc.analyze(written(tmp_path, data)).layers] == layers


def test_a_loop_is_its_body_so_many_times(tmp_path: Path) -> None:
    """Three turns of m = Relu(Concat(m, x)): 6 channels become 12, 18, 24. Without a known number it is opaque."""
    body = graph(
        [node("Concat", "m x", "n", axis=1), node("Relu", "n", "out"), node("Identity", "go", "on")],
        [value("i", []), value("go", []), value("m", [1, "C", 13, 17])],
        [value("on", []), value("out", [1, "C", 13, 17])],
    )  # fmt: skip
    data = model(
        [holding("Loop", "turns yes x", "y", body=body)], [IMAGE], [value("y", [1, 24, 13, 17])],
        [tensor("turns", [], [3]), tensor("yes", [], [1], 9)],
    )  # fmt: skip
    report = cnncalc.analyze(written(tmp_path, data))
    assert [each.output_shape[0] for each in report.layers] == [12, 12, 18, 18, 24, 24]
    endless = model([holding("Loop", "- - x", "y", body=body)], [IMAGE], [value("y", [1, 24, 13, 17])])
    with pytest.raises(SpecError, match="turn over"):
        cnncalc.analyze(written(tmp_path, endless))


@pytest.mark.parametrize(
    ("nodes", "constants", "layers"),
    [
        ([node("QLinearConv", "x s z w s z s z b", "y", kernel_shape=[3, 3])], W, [("conv", 275)]),
        ([node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"), node("Conv", "d w b", "y")], W,
         [("conv", 275)]),
        ([node("DequantizeLinear", "w s z", "v"), node("Conv", "x v b", "y")], W, [("conv", 275)]),
        ([node("DynamicQuantizeLinear", "x", "q t u"), node("ConvInteger", "q w u", "c"), node("Cast", "c", "f", to=1),
          node("Mul", "t s", "r"), node("Mul", "f r", "y")], W, [("conv", 270)]),
        ([node("FusedConv", "x w b", "y", activation="Relu") + block(7, "com.microsoft")], W,
         [("conv", 275), ("relu", 0)]),
        ([node("BiasGelu", "x g", "y") + block(7, "com.microsoft")], [tensor("g", [17])],
         [("parameter", 17), ("add", 0), ("gelu", 0)]),
        ([node("SkipLayerNormalization", "x x g h", "y") + block(7, "com.microsoft")],
         [tensor("g", [17]), tensor("h", [17])], [("add", 0), ("layer_norm", 34)]),
        ([node("FusedMatMul", "x x", "y", transB=1) + block(7, "com.microsoft")], [],
         [("permute", 0), ("matmul", 0)]),
    ],
)  # fmt: skip
def test_quantized_and_fused_operators_are_read_through(
    nodes: list[bytes], constants: list[bytes], layers: list[Any], tmp_path: Path
) -> None:  # fmt: skip
    """5·6·3·3 = 270 weights and 5 biases, whatever their number of bits; scales and zeros are not parameters."""
    scales = [tensor("s", [], [0.5], 1), tensor("z", [], [0], 3)]
    data = model(nodes, [IMAGE], [value("y", ["N", "C", "H", "W"])], [*constants, *scales])
    report = cnncalc.analyze(written(tmp_path, data))
    assert [(each.type, each.params) for each in report.layers] == layers


def test_products_of_constants_stay_within_64_bits(tmp_path: Path) -> None:
    """Forty squares in a row would have 2**40 digits: they are an array whose numbers are not known."""
    names = ["val_1", *(f"s{k}" for k in range(40))]
    nodes = [node("Mul", f"{before} {before}", after) for before, after in pairwise(names)]
    constants = [tensor("val_1", [], [2**60])]
    file = written(
        tmp_path, model([*nodes, node("Add", "x s39", "y")], [IMAGE], [value("y", [1, 6, 13, 17])], constants)
    )
    assert [(layer.type, layer.params) for layer in cnncalc.analyze(file).layers] == [("parameter", 0), ("add", 0)]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (node("Softmax", "x", "y", axis="last"), "\"axis\" holds 'last', but a whole number is needed"),
        (node("Softmax", "x", "y", axis=9), "names the axis 9 of a tensor with 4 axes"),
        (node("Conv", "x w b", "y", strides=[1]), '"strides" holds \\[1\\], but 2 whole numbers are needed'),
        (node("Conv", "x w b", "y", auto_pad="SOME"), "one of NOTSET, SAME_UPPER, SAME_LOWER, VALID is needed"),
        (node("Conv", "x b", "y"), "a convolution needs 3 or more"),
        (node("Concat", "x x", "y"), 'the attribute "axis" is missing'),
        (node("Transpose", "x", "y", perm=[0, 0, 1, 2]), "every axis from 0 to 3 is needed once"),
        (node("Gemm", "x", "y"), "input 2 of Gemm is missing"),
        (node("LRN", "x", "y", size=2.5), '"size" holds 2.5'),
    ],
)
def test_malformed_nodes_are_errors_with_their_name(broken: bytes, message: str, tmp_path: Path) -> None:
    """They are not opaque, whatever shape the file states."""
    data = model([broken + block(3, "culprit")], [IMAGE], [value("y", [1, 6, 13, 17])], W)
    with pytest.raises(SpecError, match=f"culprit: .*{message}"):
        cnncalc.analyze(written(tmp_path, data))


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


def test_changed_bytes_end_in_a_message(tmp_path: Path) -> None:
    """Whatever a byte becomes, a file is read or refused. An attribute's number may have 64 bits, which is refused."""
    good = Path(__file__).parent.parent.joinpath("data", "small.onnx").read_bytes()
    random = Random(3)
    wide = block(5, block(1, "alpha") + bytes([2 << 3 | 1]) + b"\x7f" * 8)
    files = [model([node("Elu", "x", "y") + wide], [IMAGE], [value("y", [1, 6, 13, 17])])]
    for _ in range(300):
        data = bytearray(good)
        for _ in range(random.choice((1, 2, 4))):
            place = random.randrange(len(data))
            data[place : place + random.randrange(2)] = bytes([random.randrange(256)])
        files.append(bytes(data))
    refused = 0
    for data in files:
        try:
            cnncalc.analyze(written(tmp_path, data))
        except SpecError:
            refused += 1
    assert 0 < refused < len(files)


@pytest.mark.parametrize("batch", [1, "N"])
@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        (
            [node("Reshape", "x parts", "r", "cut"), node("Gemm", "r w", "y")],
            r"error\[E305\]: node cut: Reshape to rows of 50 makes 3 samples of each one, which has 150 numbers",
        ),
        ([node("Reshape", "x parts", "r"), node("Gemm", "r w", "g"), node("Reshape", "g whole", "y")], (12,)),
        ([node("Reshape", "x parts", "y")], (3, 50)),
        ([node("Reshape", "x rows", "r"), node("MatMul", "r v", "y")], (6, 7)),
    ],
)
def test_reshapes_that_cut_samples(batch: int | str, nodes: list[bytes], expected: Any, tmp_path: Path) -> None:
    """Parts of 6x5x5, neither whole axes nor merged again, are an error after a dense layer of 4 or 7 outputs."""
    constants = [
        tensor("parts", [2], [-1, 50]), tensor("whole", [2], [-1, 12]), tensor("rows", [2], [-1, 25]),
        tensor("w", [50, 4]), tensor("v", [25, 7]),
    ]  # fmt: skip
    data = model(nodes, [value("x", [batch, 6, 5, 5])], [value("y", ["M", "K"])], constants)
    if isinstance(expected, str):
        with pytest.raises(SpecError, match=expected):
            cnncalc.analyze(written(tmp_path, data))
    else:
        assert cnncalc.analyze(written(tmp_path, data)).outputs[0].shape == expected
