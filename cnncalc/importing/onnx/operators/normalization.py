"""Normalizations. Scales and shifts are parameters; moving statistics are not."""

from __future__ import annotations

from cnncalc.importing.onnx.call import NodeCall, as_weight
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import normalizing, windows
from cnncalc.importing.tensors.tensor import Operand, TapeArray


def learned(call: NodeCall, place: int) -> TapeArray | None:
    """A scale or a shift, if there is one. Raises NotSaid where it is computed."""
    return as_weight(call.array(place)) if call.optional(place) is not None else None


def epsilon_of(call: NodeCall) -> float:
    """The number that is added to the variance."""
    return call.real("epsilon", 1e-5)


@operator("BatchNormalization", "SpatialBN")
def batch_norm(call: NodeCall) -> list[Operand]:
    statistics = [call.optional(3), call.optional(4)]
    x = call.tensor()
    return [normalizing.batch_norm(call.tape, x, learned(call, 1), learned(call, 2), statistics, epsilon_of(call))]


@operator("InstanceNormalization")
def instance_norm(call: NodeCall) -> list[Operand]:
    return [normalizing.instance_norm(call.tape, call.tensor(), learned(call, 1), learned(call, 2), epsilon_of(call))]


@operator("LayerNormalization")
def layer_norm(call: NodeCall) -> list[Operand]:
    x = call.tensor()
    axes = x.rank - call.axis(x, default=-1)
    return [normalizing.layer_norm(call.tape, x, axes, learned(call, 1), learned(call, 2), epsilon_of(call))]


@operator("RMSNormalization")
def rms_norm(call: NodeCall) -> list[Operand]:
    x = call.tensor()
    axes = x.rank - call.axis(x, default=-1)
    return [normalizing.rms_norm(call.tape, x, axes, learned(call, 1), epsilon_of(call))]


@operator("GroupNormalization")
def group_norm(call: NodeCall) -> list[Operand]:
    """Before opset 21, scales and shifts were those of groups, which no layer type has."""
    x, groups = call.tensor(), call.integer("num_groups")
    scale, shift = learned(call, 1), learned(call, 2)
    if scale is not None and scale.elements == groups != x.dims[1]:
        return [call.tape.opaque([x, *(each for each in (scale, shift) if each is not None)], x.dims, x.batch)]
    return [normalizing.group_norm(call.tape, x, groups, scale, shift, epsilon_of(call))]


@operator("LRN")
def local_response_norm(call: NodeCall) -> list[Operand]:
    arguments = {"size": call.integer("size"), "alpha": call.real("alpha", 1e-4), "beta": call.real("beta", 0.75)}
    bias = call.real("bias", 1.0)
    if bias != 1:
        arguments["bias"] = bias
    return [windows.slide(call.tape, "local_response_norm", arguments, call.tensor())]


@operator("LpNormalization")
def lp_normalization(call: NodeCall) -> list[Operand]:
    x = call.tensor()
    order = call.integer("p", 2)
    own = x.single(call.axis(x, default=-1))
    return [call.tape.same("unit_norm", {"axis": own, **({} if order == 2 else {"order": float(order)})}, x)]


@operator("MeanVarianceNormalization")
def mean_variance(call: NodeCall) -> list[Operand]:
    """Over the batch too, which no layer type does, unless the axes are those of an image."""
    x = call.tensor()
    axes = sorted(axis % x.rank for axis in call.integers("axes", [0, 2, 3]))
    if axes == list(range(2, x.rank)):
        return [normalizing.instance_norm(call.tape, x, None, None, 1e-9)]
    if axes == list(range(1, x.rank)):
        return [normalizing.layer_norm(call.tape, x, x.rank - 1, None, None, 1e-9)]
    return [call.tape.opaque([x], x.dims, x.batch)]
