"""What PyTorch itself says about a case: the module is built and run on zeros. An empty output counts as refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from tests.oracles.cases import Case, Verdict, accepted, channels, per_axis, refused, spatial_rank, verdict_on
from tests.oracles.families import Answer, Weights, table

BATCH = 2
ERRORS = (RuntimeError, ValueError, TypeError, AssertionError, IndexError)

torch.set_num_threads(1)


def verdict(case: Case) -> Verdict:
    """Shape and parameters of the case, or the error that PyTorch raises."""
    try:
        if case["layer"] in table("PYTORCH"):
            zeros = [np.zeros((BATCH, *shape), np.float32) for shape in case["inputs"]]
            answer = table("PYTORCH")[case["layer"]](case, zeros, None)
            return verdict_on(answer, case["layer"])
        inputs = [torch.zeros(BATCH, *shape) for shape in case["inputs"]]
        module = build(case)
        with torch.no_grad():
            output = module(*inputs, **call_options(case))
    except ERRORS as error:
        return refused(error)
    if 0 in output.shape:
        return refused("an empty output")
    parameters = module.parameters() if isinstance(module, nn.Module) else ()
    return accepted(output.shape[1:], sum(parameter.numel() for parameter in parameters))


def output(case: Case, inputs: list[np.ndarray], weights: dict[str, np.ndarray]) -> np.ndarray:
    """What the module computes with these weights, which are in cnncalc's order of axes."""
    if case["layer"] in table("PYTORCH"):
        answer: Answer = table("PYTORCH")[case["layer"]](case, inputs, weights)
        return answer.output
    module = build(case)
    if isinstance(module, nn.Module) and weights:
        copied = {THEIRS[name]: torch.from_numpy(rearranged(case, array)) for name, array in weights.items()}
        module.load_state_dict(copied, strict=False)
        own = {name for name in module.state_dict() if name != "num_batches_tracked"}
        if own != set(copied):
            raise LookupError(f"{case['layer']}: PyTorch's weights are {own}")
    with torch.no_grad():
        found: np.ndarray = module(*map(torch.from_numpy, inputs), **call_options(case)).numpy()
    return found


THEIRS = {
    "kernel": "weight", "bias": "bias", "scale": "weight", "shift": "bias", "mean": "running_mean",
    "variance": "running_var",
}  # fmt: skip
"""The names of cnncalc's weights in a module."""


def run_module(module: Callable[..., Any], inputs: list[np.ndarray], weights: Weights = None, **options: Any) -> Answer:
    """A module, or a function, on real arrays; `weights` are by the module's own names, in its own order of axes."""
    if isinstance(module, nn.Module):
        module.eval()
        if weights is not None:
            copied = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in weights.items()}
            module.load_state_dict(copied, strict=False)
            own = {name for name in module.state_dict() if name.rpartition(".")[2] != "num_batches_tracked"}
            if own != set(copied):
                raise LookupError(f"the module's weights are {own}, not {set(copied)}")
    with torch.no_grad():
        found = module(*map(torch.from_numpy, inputs), **options)
    found = found[0] if isinstance(found, tuple) else found
    parameters = module.parameters() if isinstance(module, nn.Module) else ()
    return Answer(found.numpy(), sum(parameter.numel() for parameter in parameters))


def rearranged(case: Case, array: np.ndarray) -> np.ndarray:
    """A kernel in PyTorch's (and ONNX's) order of axes: channels first; everything else as it is."""
    if array.ndim < 2:
        return array
    if case["layer"] == "dense":
        return np.ascontiguousarray(array.T)
    if case["layer"] == "conv_transpose":
        return np.ascontiguousarray(np.moveaxis(array, (-2, -1), (0, 1)))
    if case["layer"] == "depthwise_conv":
        array = array.reshape(*array.shape[:-2], 1, -1)
    return np.ascontiguousarray(np.moveaxis(array, (-1, -2), (0, 1)))


def build(case: Case) -> Callable[..., torch.Tensor]:
    """The module, or function, of a case."""
    module = BUILD[case["layer"]](case)
    return module.eval() if isinstance(module, nn.Module) else module


def call_options(case: Case) -> dict[str, Any]:
    """What the call itself takes beside the input."""
    return {"output_size": case["fields"]["output_size"]} if "output_size" in case["fields"] else {}


def of_rank(name: str, case: Case) -> Any:
    """`nn.Conv` as `nn.Conv1d`, `nn.Conv2d` or `nn.Conv3d`."""
    return getattr(nn, f"{name}{spatial_rank(case)}d")


def chosen(case: Case, **names: str) -> dict[str, Any]:
    """The fields that the case gives, under PyTorch's names."""
    return {names[name]: value for name, value in case["fields"].items() if name in names}


SLIDING = {
    "stride": "stride", "padding": "padding", "dilation": "dilation", "groups": "groups", "bias": "bias",
    "padding_mode": "padding_mode",
}  # fmt: skip


def conv(case: Case) -> nn.Module:
    fields = case["fields"]
    return of_rank("Conv", case)(channels(case), fields["filters"], fields["kernel"], **chosen(case, **SLIDING))


def depthwise_conv(case: Case) -> nn.Module:
    fields, depth = case["fields"], channels(case)
    filters = depth * fields.get("multiplier", 1)
    return of_rank("Conv", case)(depth, filters, fields["kernel"], groups=depth, **chosen(case, **SLIDING))


def conv_transpose(case: Case) -> nn.Module:
    fields = case["fields"]
    given = chosen(case, **SLIDING, output_padding="output_padding")
    return of_rank("ConvTranspose", case)(channels(case), fields["filters"], fields["kernel"], **given)


def pool(name: str) -> Callable[[Case], nn.Module]:
    def make(case: Case) -> nn.Module:
        given = chosen(
            case, stride="stride", padding="padding", dilation="dilation", count_include_pad="count_include_pad",
            divisor="divisor_override",
        )  # fmt: skip
        return of_rank(name, case)(
            case["fields"]["kernel"], ceil_mode=case["fields"].get("rounding") == "ceil", **given
        )

    return make


def zero_pad(case: Case) -> nn.Module:
    """PyTorch lists the last axis first."""
    sides = [per_axis(side, 2) for side in per_axis(case["fields"]["amount"], spatial_rank(case))]
    return of_rank("ZeroPad", case)(tuple(number for side in reversed(sides) for number in side))


def axis(case: Case) -> int:
    return int(case["fields"].get("axis", 1))


def fold(function: Callable[..., torch.Tensor]) -> Callable[[Case], Callable[..., torch.Tensor]]:
    """A merge of any number of inputs from one of two."""

    def merge(first: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        for other in others:
            first = function(first, other)
        return first

    return lambda case: merge


BUILD: dict[str, Callable[[Case], Any]] = {
    "conv": conv,
    "depthwise_conv": depthwise_conv,
    "conv_transpose": conv_transpose,
    "max_pool": pool("MaxPool"),
    "avg_pool": pool("AvgPool"),
    "global_avg_pool": lambda case: of_rank("AdaptiveAvgPool", case)(1),
    "global_max_pool": lambda case: of_rank("AdaptiveMaxPool", case)(1),
    "dense": lambda case: nn.Linear(case["inputs"][0][-1], case["fields"]["units"], **chosen(case, bias="bias")),
    "zero_pad": zero_pad,
    "concat": lambda case: lambda *tensors: torch.cat(tensors, axis(case)),
    "add": fold(torch.add),
    "multiply": fold(torch.mul),
    "maximum": fold(torch.maximum),
    "subtract": fold(torch.sub),
    "flatten": lambda case: nn.Flatten(),
    "reshape": lambda case: lambda x: x.reshape(BATCH, *case["fields"]["shape"]),
    "dropout": lambda case: nn.Dropout(case["fields"]["rate"]),
}
