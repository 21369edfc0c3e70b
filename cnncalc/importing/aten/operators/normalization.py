"""Normalizations with learned scales and shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue, bound
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors import normalizing
from cnncalc.importing.tensors.tensor import TapeTensor

_BATCH = ("weight", "bias", "running_mean", "running_var", "training", "momentum", "eps", "cudnn_enabled")
_AFFINE: Mapping[str, Any] = MappingProxyType({"weight": None, "bias": None, "eps": 1e-5, "cudnn_enabled": True})


@operator("batch_norm")
def batch_norm(call: AtenCall, input: AtenValue, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(dict.fromkeys(_BATCH), rest, keywords)
    statistics = [given["running_mean"], given["running_var"]]
    return normalizing.batch_norm(call.tape, input, given["weight"], given["bias"], statistics, given["eps"])


@operator("instance_norm")
def instance_norm(call: AtenCall, input: AtenValue, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(dict.fromkeys(_BATCH), rest, keywords)
    return normalizing.instance_norm(call.tape, input, given["weight"], given["bias"], given["eps"])


@operator("group_norm")
def group_norm(call: AtenCall, input: AtenValue, num_groups: int, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(_AFFINE, rest, keywords)
    return normalizing.group_norm(call.tape, input, num_groups, given["weight"], given["bias"], given["eps"])


@operator("layer_norm")
def layer_norm(
    call: AtenCall, input: AtenValue, normalized_shape: Sequence[int], *rest: Any, **keywords: Any
) -> TapeTensor:  # fmt: skip
    given = bound(_AFFINE, rest, keywords)
    axes = len(normalized_shape)
    return normalizing.layer_norm(call.tape, input, axes, given["weight"], given["bias"], given["eps"])


@operator("rms_norm")
def rms_norm(
    call: AtenCall, input: AtenValue, normalized_shape: Sequence[int], weight: AtenValue = None,
    eps: float | None = None,
) -> TapeTensor:  # fmt: skip
    return normalizing.rms_norm(call.tape, input, len(normalized_shape), weight, eps)
