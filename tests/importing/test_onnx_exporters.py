"""ONNX files as exporters write them: origins of arrays, unrolled recurrent layers, sequences whose batch is second."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.onnx_files import block, model, node, number, tensor, value

PRODUCER = block(2, "pytorch")
KIND, FOLDED = "pkg.torch.export.graph_signature.InputSpec.kind", "pkg.onnxscript.optimizer.folded_from"


def written(folder: Path, data: bytes, producer: bytes = PRODUCER) -> Path:
    file = folder / "net.onnx"
    file.write_bytes(data + producer)
    return file


def stated(name: str, dims: list[int], key: str, text: str) -> bytes:
    """A value with an entry of metadata."""
    return value(name, dims) + block(4, block(1, key) + block(2, text))


@pytest.mark.parametrize(
    ("key", "text", "params"),
    [
        (KIND, "PARAMETER", 55),
        (KIND, "BUFFER", 0),
        (FOLDED, "['class_token', 'val_3']", 55),
        (FOLDED, "['table_of_biases', 'index', 'val_3']", 55),
        (FOLDED, "['bias', 'zeros']", 0),
        (FOLDED, "['getitem', 'val_3']", 0),
        ("other", "BUFFER", 55),
    ],
)
def test_the_newer_exporter_states_the_origin_of_an_array(key: str, text: str, params: int, tmp_path: Path) -> None:
    """An array is learned if it is a parameter, or in place of one that the file does not have any more."""
    data = model(
        [node("Add", "x table", "y"), node("Relu", "y", "z")], [value("x", [1, 5, 11])], [value("z", [1, 5, 11])],
        [tensor("table", [5, 11]), tensor("bias", [11])], stated=[stated("table", [5, 11], key, text)],
    )  # fmt: skip
    assert cnncalc.analyze(written(tmp_path, data)).totals.params == params


def test_steps_of_an_unrolled_layer_share_weights_and_biases(tmp_path: Path) -> None:
    """Two steps with one matrix of 13 × 13 and 13 biases: 182 parameters, 338 multiply-accumulates."""
    steps = ["MatMul x w a", "Add a b c", "Tanh c d", "MatMul d w e", "Add e b f", "Tanh f g"]
    nodes = [node(op, " ".join(inputs), output) for op, *inputs, output in map(str.split, steps)]
    constants = [tensor("w", [13, 13]), tensor("b", [13])]
    data = model(nodes, [value("x", [1, 13])], [value("g", [1, 13])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    assert (report.totals.params, report.totals.macs) == (182, 338)
    assert [layer.type for layer in report.layers] == ["dense", "tanh", "dense", "tanh"]


def test_weights_with_other_numbers_written_into_them_are_weights(tmp_path: Path) -> None:
    """Swin v2 sets the biases of its keys to zero: 5 × 12 + 12 parameters."""
    constants = [tensor("w", [5, 12]), tensor("b", [12]), tensor("i", [4, 1], [4, 5, 6, 7])]
    constants.append(tensor("zeros", [4], [0, 0, 0, 0]))
    nodes = [node("ScatterND", "b i zeros", "c"), node("MatMul", "x w", "m"), node("Add", "m c", "y")]
    data = model(nodes, [value("x", [1, 7, 5])], [value("y", [1, 7, 12])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    assert [(layer.type, layer.params) for layer in report.layers] == [("dense", 72)]


def test_split_weights_are_those_of_several_layers(tmp_path: Path) -> None:
    """Attention between sequences has its projections in one array: 5 x 7 for queries, 5 x 14 for keys and values."""
    constants = [tensor("a.weight", [21, 5]), tensor("a.bias", [21]), tensor("sizes", [2], [7, 14])]
    nodes = [
        node("Split", "a.weight sizes", "w0 w1"), node("Split", "a.bias sizes", "b0 b1"),
        *(node("Transpose", f"w{k}", f"t{k}", perm=[1, 0]) for k in range(2)),
        *(node("MatMul", f"x t{k}", f"m{k}") for k in range(2)),
        *(node("Add", f"m{k} b{k}", f"y{k}") for k in range(2)),
    ]  # fmt: skip
    data = model(nodes, [value("x", [1, 3, 5])], [value("y0", [1, 3, 7]), value("y1", [1, 3, 14])], constants)
    report = cnncalc.analyze(written(tmp_path, data))
    assert [(layer.type, layer.params) for layer in report.layers] == [("dense", 42), ("dense", 84)]


@pytest.mark.parametrize(
    ("reader", "dims", "sample"),
    [
        (node("Relu", "x", "y"), [11, 1, 5], (11, 5)),  # steps × samples × features
        (node("Conv", "x w", "y", kernel_shape=[1]), [11, 1, 5], (1, 5)),  # samples × channels × positions
        (node("Relu", "x", "y"), [1, 11, 5], (11, 5)),
        (node("Relu", "x", "y"), [11, 1, 5, 7], (1, 5, 7)),
    ],
)
def test_the_batch_of_a_sequence(reader: bytes, dims: list[int], sample: tuple[int, ...], tmp_path: Path) -> None:
    """Sequences of one sample have it second, as PyTorch's attention takes them; channels of 1 are no batch."""
    constants = [tensor("w", [1, 1, 1], None)] if b"Conv" in reader else []
    data = model([reader, node("Relu", "y", "z")], [value("x", dims)], [value("z", dims)], constants)
    ((_, shape),) = cnncalc.analyze(written(tmp_path, data)).inputs
    assert shape == sample


TEXTS = value("x", [1, 5], kind=8)
SEQUENCE = block(1, "x") + block(2, block(4, block(1, block(1, number(1, 1)))))


@pytest.mark.parametrize(("given", "content"), [(TEXTS, "a tensor of texts"), (SEQUENCE, "a sequence")])
def test_inputs_that_hold_no_numbers_are_refused(given: bytes, content: str, tmp_path: Path) -> None:
    """The message names the input and its content."""
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, model([node("Relu", "x", "y")], [given], [value("y", [1, 5])])))
    assert caught.value.diagnostics[0].message == f"the input x is {content}, but only tensors of numbers are read"


def test_a_first_state_of_other_sizes_is_refused(tmp_path: Path) -> None:
    """PyTorch's newer exporter writes such a file for an LSTM with a projection."""
    constants = [tensor("w", [1, 20, 7]), tensor("r", [1, 20, 5]), tensor("h", [1, 1, 5]), tensor("c", [1, 1, 13])]
    data = model(
        [node("LSTM", "x w r - - h c", "y", hidden_size=5)], [value("x", [11, 1, 7])], [value("y", [11, 1, 1, 5])],
        constants,
    )  # fmt: skip
    with pytest.raises(SpecError, match=r"the first cell has the sizes \[1, 1, 13\], but \[1, 1, 5\] are needed"):
        cnncalc.analyze(written(tmp_path, data))


def test_powers_of_constants_are_numbers(tmp_path: Path) -> None:
    """32 ** -0.5, the scale that a Swin transformer computes."""
    constants = [tensor("val_1", [], [32.0], 1), tensor("val_2", [], [-0.5], 1)]
    nodes = [node("Pow", "val_1 val_2", "scale"), node("Mul", "x scale", "y")]
    file = written(tmp_path, model(nodes, [value("x", [1, 5])], [value("y", [1, 5])], constants))
    layer = cnncalc.load(file).nodes[-1].layer
    assert (layer.type, layer.scale) == ("rescaling", pytest.approx(32**-0.5))
