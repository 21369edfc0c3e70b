"""Recorded single-operator models of ONNX's backend tests, as bytes that a reader takes.

The first input is the model's. Of operators that combine tensors, so are the others of the same rank and batch;
all further ones are constants, as they are in networks: weights, shapes, axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.importing.onnx_files import attribute, block, model, node, tensor, value

COMBINING = frozenset({
    "Add", "And", "Attention", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitShift", "Concat", "Div", "Einsum", "Equal",
    "Greater", "GreaterOrEqual", "GridSample", "Less", "LessOrEqual", "MatMul", "Max", "Mean", "Min", "Mod", "Mul",
    "Or", "Pow", "QLinearMatMul", "Sub", "Sum", "Where", "Xor",
})  # fmt: skip
"""Operators whose inputs are tensors of the network."""

STATING = frozenset({"Attention", "BatchNormalization", "Dropout", "LayerNormalization", "MaxPool"})
"""Operators whose further outputs state how the first came about: masks, statistics, positions."""


def operators_of(case: Mapping[str, Any]) -> str:
    """The operators of a recorded case, joined by a plus sign."""
    return "+".join(each["op"] for each in case["nodes"])


def model_of(case: Mapping[str, Any]) -> bytes:
    """The model of a recorded case, with a Relu after its first output, so that there is a layer."""
    first = next(iter(case["inputs"].values()))["dims"]
    combines = any(each["op"] in COMBINING for each in case["nodes"])
    given = {
        name: each for place, (name, each) in enumerate(case["inputs"].items())
        if place == 0 or (combines and first and len(each["dims"]) == len(first) and each["dims"][0] == first[0])
    }  # fmt: skip
    constants = {name: each for name, each in case["inputs"].items() if name not in given} | case["constants"]
    outputs = dict(list(case["outputs"].items())[: 1 if case["nodes"][-1]["op"] in STATING else None])
    (_, dims), *others = outputs.items()
    return model(
        [*(_node(each, outputs) for each in case["nodes"]), node("Relu", "head", "relu")],
        [value(name, each["dims"], each["type"]) for name, each in given.items()],
        [value("relu", dims), *(value(name, sizes) for name, sizes in others)],
        [_constant(name, each) for name, each in constants.items()], opset=case["opset"], stated=[value("head", dims)],
    )  # fmt: skip


def _constant(name: str, given: Mapping[str, Any]) -> bytes:
    has_values = "values" in given
    return tensor(name, given["dims"], given["values"] if has_values else None, given["type"] if has_values else 1)


def _node(given: Mapping[str, Any], outputs: Mapping[str, Any]) -> bytes:
    """A node; the first output of the model is its head, and outputs that only state how it came about are left out."""
    head = next(iter(outputs))
    made = ["head" if name == head else name for name in given["out"]]
    made = made[:1] if given["op"] in STATING else made
    read = ["head" if name == head else name for name in given["in"]]
    parts = [block(1, each) for each in read] + [block(2, each) for each in made]
    attributes = [block(5, attribute(key, _value(each))) for key, each in given["attr"].items()]
    return b"".join([*parts, block(4, given["op"]), *attributes])


def _value(given: Any) -> Any:
    """A tensor as its bytes, anything else as it is."""
    return tensor("", given["dims"], given["values"], given["type"]) if isinstance(given, dict) else given
