"""Normalizations with given arrays, embeddings, and rows of length one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.python.torch.problems import check_axis
from cnncalc.importing.tensors import lookup, normalizing
from cnncalc.importing.tensors.tensor import NotSaid, Operand


def _array(call: TorchCall, name: str) -> Operand | None:
    return None if call.get(name) is None else call.tensor(name)


def _epsilon(call: TorchCall) -> float | None:
    value = call.get("eps")
    return value if isinstance(value, int | float) else None


def batch_norm(call: TorchCall) -> object:
    moving = [_array(call, "running_mean"), _array(call, "running_var")]
    weight, bias = _array(call, "weight"), _array(call, "bias")
    return normalizing.batch_norm(call.tape, call.tensor(), weight, bias, moving, _epsilon(call))


def layer_norm(call: TorchCall) -> object:
    shape = call.integers("normalized_shape")
    for place, size in enumerate(shape, -len(shape)):
        check_axis(call, call.tensor(), place, size, "normalized_shape")
    weight, bias = _array(call, "weight"), _array(call, "bias")
    return normalizing.layer_norm(call.tape, call.tensor(), len(shape), weight, bias, _epsilon(call))


def rms_norm(call: TorchCall) -> object:
    shape = call.integers("normalized_shape")
    for place, size in enumerate(shape, -len(shape)):
        check_axis(call, call.tensor(), place, size, "normalized_shape")
    return normalizing.rms_norm(call.tape, call.tensor(), len(shape), _array(call, "weight"), _epsilon(call))


def group_norm(call: TorchCall) -> object:
    weight, bias = _array(call, "weight"), _array(call, "bias")
    return normalizing.group_norm(call.tape, call.tensor(), call.integer("num_groups"), weight, bias, _epsilon(call))


def instance_norm(call: TorchCall) -> object:
    weight, bias = _array(call, "weight"), _array(call, "bias")
    return normalizing.instance_norm(call.tape, call.tensor(), weight, bias, _epsilon(call))


def normalize(call: TorchCall) -> object:
    x = call.tape.tensor(call.tensor())
    if call.get("p", 2) != 2:
        raise NotSaid("this norm")
    return call.tape.same("unit_norm", {"axis": x.single(call.integer("dim", 1))}, x)


def embedding(call: TorchCall) -> object:
    return lookup.embed(call.tape, call.tensor("weight"), call.tensor())


def one_hot(call: TorchCall) -> object:
    x = call.tape.tensor(call.tensor())
    count = call.integer("num_classes")
    return call.tape.append("one_hot", {"classes": count}, [x], (*x.dims, count), x.batch)


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    "batch_norm": ("input! running_mean running_var weight bias training momentum eps", batch_norm),
    "layer_norm": ("input! normalized_shape! weight bias eps", layer_norm),
    "rms_norm": ("input! normalized_shape! weight eps", rms_norm),
    "group_norm": ("input! num_groups! weight bias eps", group_norm),
    "instance_norm": ("input! running_mean running_var weight bias use_input_stats momentum eps", instance_norm),
    "normalize": ("input! p dim eps", normalize), "embedding": ("input! weight! padding_idx max_norm", embedding),
    "one_hot": ("input! num_classes", one_hot),
})  # fmt: skip
