"""What ONNX and its runtime say about a case: a model of one node, checked, loaded and run on zeros."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from tests.oracles.cases import Case, Verdict, accepted, channels, per_axis, refused, spatial_rank, verdict_on
from tests.oracles.families import Answer, table

BATCH = 2
OPSET = 22
IR_VERSION = 10

_OPTIONS = onnxruntime.SessionOptions()
_OPTIONS.log_severity_level = 4
_OPTIONS.intra_op_num_threads = 1
_OPTIONS.inter_op_num_threads = 1
onnxruntime.set_default_logger_severity(4)

Weights = dict[str, np.ndarray]
Node = tuple[str, dict[str, Any], Weights]
"""An operator, its attributes, and its further inputs by name."""


def verdict(case: Case) -> Verdict:
    """Shape and parameters of the case, or the error that the checker or the runtime raises."""
    if case["layer"] in table("ONNX"):
        zeros = [np.zeros((BATCH, *shape), np.float32) for shape in case["inputs"]]
        try:
            return verdict_on(table("ONNX")[case["layer"]](case, zeros, None), case["layer"])
        except Exception as error:
            return refused(reason_of(error))
    if case["fields"].get("filters", 0) % case["fields"].get("groups", 1):
        return refused("the filters are the kernel's second axis times the groups: others cannot be written")
    node = NODE[case["layer"]](case)
    inputs = [np.zeros((BATCH, *shape), np.float32) for shape in case["inputs"]]
    try:
        output = run(node, inputs, output_rank(case))
    except Exception as error:
        return refused(reason_of(error))
    if 0 in output.shape:
        return refused("an empty output")
    learned = sum(array.size for name, array in node[2].items() if name in LEARNED)
    return accepted(output.shape[1:], learned)


def output(case: Case, inputs: list[np.ndarray], weights: Weights) -> np.ndarray:
    """What the runtime computes with these weights, which are in cnncalc's order of axes."""
    if case["layer"] in table("ONNX"):
        answer: Answer = table("ONNX")[case["layer"]](case, inputs, weights)
        return answer.output
    operator, attributes, declared = NODE[case["layer"]](case)
    given = {THEIRS.get(name, name): channels_first(case, array) for name, array in weights.items()}
    node = operator, attributes, {name: given.get(name, zeros) for name, zeros in declared.items()}
    return run(node, inputs, output_rank(case))


THEIRS = {"kernel": "W", "bias": "B", "shift": "B"}
"""The names of cnncalc's weights among an operator's inputs, where they differ."""


def channels_first(case: Case, array: np.ndarray) -> np.ndarray:
    """A weight in ONNX's order of axes."""
    if array.ndim < 2 or case["layer"] == "dense":
        return array
    if case["layer"] == "conv_transpose":
        return np.ascontiguousarray(np.moveaxis(array, (-2, -1), (0, 1)))
    if case["layer"] == "depthwise_conv":
        array = array.reshape(*array.shape[:-2], 1, -1)
    return np.ascontiguousarray(np.moveaxis(array, (-1, -2), (0, 1)))


LEARNED = ("W", "B", "scale", "slope")


def output_rank(case: Case) -> int:
    """The number of axes, batch included, which a model has to declare of its output."""
    if case["layer"] in ("flatten", "dense"):
        return 2
    if case["layer"] == "reshape":
        return 1 + len(case["fields"]["shape"])
    return 1 + max(len(shape) for shape in case["inputs"])


def reason_of(error: Exception) -> str:
    """Why the runtime refuses, without where in its sources."""
    return re.split(r"Status Message: |\] : ", str(error).replace("\n", " "))[-1]


def run_nodes(
    nodes: list[onnx.NodeProto], inputs: list[np.ndarray], weights: Weights, *, rank: int,
    learned: tuple[str, ...] = (), opset: int = OPSET,
) -> Answer:  # fmt: skip
    """Nodes from `x0`, `x1` … to `y`, which has `rank` axes; `weights` are initializers, of which some are learned."""
    names = [f"x{index}" for index in range(len(inputs))]
    graph = helper.make_graph(
        nodes,
        "case",
        [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
            for name, array in zip(names, inputs, strict=True)
        ],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None] * rank)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), _OPTIONS, providers=["CPUExecutionProvider"])
    output = session.run(None, dict(zip(names, inputs, strict=True)))[0]
    return Answer(output, sum(weights[name].size for name in learned))


def run(node: Node, inputs: list[np.ndarray], rank: int) -> np.ndarray:
    """The output of one node on real arrays."""
    model = model_of(node, [array.shape for array in inputs], rank)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), _OPTIONS, providers=["CPUExecutionProvider"])
    return session.run(None, {f"x{index}": array for index, array in enumerate(inputs)})[0]


def model_of(node: Node, shapes: list[tuple[int, ...]], rank: int) -> onnx.ModelProto:
    """The model: `Gemm` stands behind a `Flatten`, because it takes matrices only."""
    operator, attributes, weights = node
    names = [f"x{index}" for index in range(len(shapes))]
    nodes = [helper.make_node(operator, [*names, *weights], ["y"], **attributes)]
    if operator == "Gemm":
        flat = helper.make_node("Flatten", names, ["flat"], axis=1)
        nodes = [flat, helper.make_node("Gemm", ["flat", *weights], ["y"], **attributes)]
    graph = helper.make_graph(
        nodes,
        "case",
        [
            helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
            for name, shape in zip(names, shapes, strict=True)
        ],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None] * rank)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def window(case: Case) -> dict[str, Any]:
    """The attributes that slide a window."""
    fields, rank = case["fields"], spatial_rank(case)
    attributes: dict[str, Any] = {"kernel_shape": per_axis(fields["kernel"], rank)}
    for name, theirs in (("stride", "strides"), ("dilation", "dilations"), ("output_padding", "output_padding")):
        if name in fields:
            attributes[theirs] = per_axis(fields[name], rank)
    if "output_size" in fields:
        attributes["output_shape"] = fields["output_size"]
    if "rounding" in fields:
        attributes["ceil_mode"] = int(fields["rounding"] == "ceil")
    if "count_include_pad" in fields:
        attributes["count_include_pad"] = int(fields["count_include_pad"])
    return attributes | padding(fields.get("padding"), rank)


def padding(value: Any, rank: int) -> dict[str, Any]:
    """`pads` lists what comes before all axes, and then what comes after."""
    if value is None:
        return {}
    if isinstance(value, str):
        return {"auto_pad": {"same": "SAME_UPPER", "same_lower": "SAME_LOWER", "valid": "VALID"}[value]}
    sides = [per_axis(side, 2) for side in per_axis(value, rank)]
    return {"pads": [before for before, _ in sides] + [after for _, after in sides]}


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, np.float32)


def with_bias(case: Case, kernel: np.ndarray, filters: int) -> Weights:
    return {"W": kernel, "B": zeros(filters)} if case["fields"].get("bias", True) else {"W": kernel}


def conv(case: Case) -> Node:
    fields, rank = case["fields"], spatial_rank(case)
    groups, filters = fields.get("groups", 1), fields["filters"]
    kernel = zeros(filters, channels(case) // groups, *per_axis(fields["kernel"], rank))
    return "Conv", {**window(case), "group": groups}, with_bias(case, kernel, filters)


def depthwise_conv(case: Case) -> Node:
    depth, multiplier = channels(case), case["fields"].get("multiplier", 1)
    kernel = zeros(depth * multiplier, 1, *per_axis(case["fields"]["kernel"], spatial_rank(case)))
    return "Conv", {**window(case), "group": depth}, with_bias(case, kernel, depth * multiplier)


def conv_transpose(case: Case) -> Node:
    fields, rank = case["fields"], spatial_rank(case)
    groups, filters = fields.get("groups", 1), fields["filters"]
    kernel = zeros(channels(case), filters // groups, *per_axis(fields["kernel"], rank))
    return "ConvTranspose", {**window(case), "group": groups}, with_bias(case, kernel, filters)


def dense(case: Case) -> Node:
    units = case["fields"]["units"]
    return "Gemm", {}, with_bias(case, zeros(int(np.prod(case["inputs"][0])), units), units)


def batch_norm(case: Case) -> Node:
    names = ("scale", "B", "mean", "variance")
    return "BatchNormalization", {}, {name: zeros(channels(case)) + 1 for name in names}


def zero_pad(case: Case) -> Node:
    pads = padding(case["fields"]["amount"], spatial_rank(case))["pads"]
    half = len(pads) // 2
    return "Pad", {}, {"pads": np.array([0, 0, *pads[:half], 0, 0, *pads[half:]], np.int64)}


def axis(case: Case) -> dict[str, Any]:
    return {"axis": case["fields"].get("axis", 1)}


NODE: dict[str, Callable[[Case], Node]] = {
    "conv": conv,
    "depthwise_conv": depthwise_conv,
    "conv_transpose": conv_transpose,
    "max_pool": lambda case: ("MaxPool", window(case), {}),
    "avg_pool": lambda case: ("AveragePool", window(case), {}),
    "global_avg_pool": lambda case: ("GlobalAveragePool", {}, {}),
    "global_max_pool": lambda case: ("GlobalMaxPool", {}, {}),
    "dense": dense,
    "batch_norm": batch_norm,
    "zero_pad": zero_pad,
    "concat": lambda case: ("Concat", axis(case), {}),
    "add": lambda case: ("Sum", {}, {}),
    "multiply": lambda case: ("Mul", {}, {}),
    "average": lambda case: ("Mean", {}, {}),
    "maximum": lambda case: ("Max", {}, {}),
    "subtract": lambda case: ("Sub", {}, {}),
    "flatten": lambda case: ("Flatten", {"axis": 1}, {}),
    "reshape": lambda case: ("Reshape", {}, {"shape": np.array([BATCH, *case["fields"]["shape"]], np.int64)}),
}
