"""Record the single-operator models of ONNX's backend tests, with the shapes that ONNX Runtime gives.

    python -m tests.oracles.record_onnx_operators

writes tests/data/onnx_operators.json.xz: of each model the nodes, the sizes of its inputs, small constants, and the
sizes of its outputs. The bytes of a model are made again from a row, by tests/importing/onnx_cases.py.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "onnx_operators.json.xz"
_MOST_NUMBERS = 64
_MOST_REAL_NUMBERS = 8
"""Real numbers matter as scales of a Resize; others are weights."""

_OTHERS = (
    "_expanded", "float8", "float4", "string", "training", "softmax_cross", "nllloss", "tfidf", "image_decoder",
    "sequence", "loop", "scan", "test_if", "optional", "adagrad", "adam", "momentum", "window", "random", "bernoulli",
    "causalconv", "linear_attention", "bitcast",
)  # fmt: skip
"""Parts of the names of models that are no layers of a network, or have no shape of their own."""


def recorded() -> list[dict[str, Any]]:
    """The rows of the file."""
    rows: list[dict[str, Any]] = json.loads(lzma.decompress(FILE.read_bytes()))
    return rows


def main() -> None:
    text = json.dumps(list(_rows()), separators=(",", ":"))
    FILE.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def _rows() -> Iterator[dict[str, Any]]:
    from onnx.backend.test.case.node import collect_testcases
    from onnx.backend.test.loader import load_model_tests

    for case in collect_testcases(None):
        if not any(part in case.name for part in _OTHERS) and case.data_sets:
            inputs, _ = case.data_sets[0]
            yield from _row(case.name, case.model, inputs)
    for kind in ("simple", "pytorch-operator", "pytorch-converted"):
        for case in load_model_tests(kind=kind):
            if not any(part in case.name for part in _OTHERS):
                yield from _stored(case.name, Path(case.model_dir))


def _stored(name: str, folder: Path) -> Iterator[dict[str, Any]]:
    import onnx

    model = onnx.load(folder / "model.onnx")
    files = sorted(folder.glob("test_data_set_0/input_*.pb"))
    inputs = [onnx.numpy_helper.to_array(onnx.load_tensor(file)) for file in files]
    yield from _row(name, model, inputs)


def _row(name: str, model: Any, inputs: list[Any]) -> Iterator[dict[str, Any]]:
    """The row of a model that ONNX Runtime runs, if it has one domain, plain tensors and no functions."""
    import numpy as np
    from onnx import numpy_helper

    graph = model.graph
    stored = {each.name for each in graph.initializer}
    free = [each for each in graph.input if each.name not in stored]
    tensors = [*free, *graph.output]
    if len(free) != len(inputs) or not free or not all(each.type.HasField("tensor_type") for each in tensors):
        return
    if len(graph.node) > 3 or model.functions or any(each.domain not in ("", "ai.onnx") for each in graph.node):
        return
    feeds = {each.name: np.asarray(value) for each, value in zip(free, inputs, strict=True)}
    outputs = _outputs(model, feeds)
    if outputs is None or any(value.dtype.kind not in "fiub" for value in feeds.values()):
        return
    yield {
        "name": name, "opset": max(each.version for each in model.opset_import if each.domain in ("", "ai.onnx")),
        "nodes": [_node(each) for each in graph.node],
        "inputs": {each.name: _sizes(feeds[each.name], each.type.tensor_type.elem_type) for each in free},
        "constants": {each.name: _sizes(numpy_helper.to_array(each), each.data_type) for each in graph.initializer},
        "outputs": {each.name: list(shape) for each, shape in zip(graph.output, outputs, strict=True)},
    }  # fmt: skip


def _outputs(model: Any, feeds: dict[str, Any]) -> list[tuple[int, ...]] | None:
    """The shapes that ONNX Runtime gives; None where it does not run the model."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return [tuple(each.shape) for each in session.run(None, feeds)]
    except Exception:  # each of its many kinds means the same
        return None


def _node(node: Any) -> dict[str, Any]:
    attributes = {each.name: _attribute(each) for each in node.attribute}
    return {"op": node.op_type, "in": list(node.input), "out": list(node.output), "attr": attributes}


def _attribute(attribute: Any) -> Any:
    import onnx

    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, onnx.TensorProto):
        return _sizes(onnx.numpy_helper.to_array(value), value.data_type)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, int | float):
        return value
    return [each.decode() if isinstance(each, bytes) else each for each in value]


def _sizes(array: Any, kind: int) -> dict[str, Any]:
    """The sizes and the kind of an array, and its numbers where a reader may need them."""
    row: dict[str, Any] = {"dims": list(array.shape), "type": kind}
    if array.dtype.kind in "iub" and array.size <= _MOST_NUMBERS:
        row["values"] = [int(value) for value in array.ravel()]
    elif array.dtype.kind == "f" and array.ndim <= 1 and array.size <= _MOST_REAL_NUMBERS:
        row["values"] = [round(float(value), 7) for value in array.ravel()]
    return row


if __name__ == "__main__":
    main()
