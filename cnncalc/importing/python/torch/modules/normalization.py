"""Normalizations with learned scales and shifts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, fixed, learned
from cnncalc.importing.python.torch.modules.checks import check_declared, check_normalized_axes
from cnncalc.importing.python.torch.problems import maker
from cnncalc.importing.tensors import normalizing
from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.number_text import show_shape
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import PyInstance


def _affine(made: PyInstance, setup: ModuleSetup, word: str, *dims: int) -> None:
    default = not setup.word.startswith(("InstanceNorm", "LazyInstanceNorm"))
    made.attributes.setdefault("eps", 1e-5)
    made.attributes |= {"weight": None, "bias": None}
    if setup.flag(word, default):
        learned(made, "weight", *dims)
        if setup.flag("bias"):
            learned(made, "bias", *dims)


def _epsilon(call: ModuleCall) -> float | None:
    value = call.setup.get("eps")
    return value if isinstance(value, int | float) else None


def make_batch_norm(made: PyInstance, setup: ModuleSetup) -> None:
    if "num_features" in setup.bound.values:
        make_arrays(made, setup, setup.integer("num_features"))


def make_arrays(made: PyInstance, setup: ModuleSetup, features: int) -> None:
    _affine(made, setup, "affine", features)
    if setup.flag("track_running_stats", default="BatchNorm" in setup.word):
        fixed(made, "running_mean", features)
        fixed(made, "running_var", features)


def batch_norm(call: ModuleCall) -> object:
    x = call.input()
    if "BatchNorm" in call.setup.word:
        check_normalized_axes(call, x)
    if "num_features" in call.setup.bound.values:
        check_declared(call, "num_features", x, 1 if len(x.dims) > 1 else 0, "channel")
    elif "weight" not in call.instance.attributes:
        make_arrays(call.instance, call.setup, x.dims[1])
        call.tracing.name_arrays(call.instance)
    scale, shift = call.array("weight"), call.array("bias")
    if call.setup.word.startswith(("InstanceNorm", "LazyInstanceNorm")):
        return normalizing.instance_norm(call.tape, x, scale, shift, _epsilon(call))
    moving = [call.array("running_mean"), call.array("running_var")]
    return normalizing.batch_norm(call.tape, x, scale, shift, moving, _epsilon(call))


def make_frozen(made: PyInstance, setup: ModuleSetup) -> None:
    for name in ("weight", "bias", "running_mean", "running_var"):
        fixed(made, name, setup.integer("num_features"))


def make_group_norm(made: PyInstance, setup: ModuleSetup) -> None:
    _affine(made, setup, "affine", setup.integer("num_channels"))


def group_norm(call: ModuleCall) -> object:
    x = call.input()
    check_declared(call, "num_channels", x, 1, "channel")
    groups = call.setup.integer("num_groups")
    scale, shift = call.array("weight"), call.array("bias")
    return normalizing.group_norm(call.tape, x, groups, scale, shift, _epsilon(call))


def _shape(setup: ModuleSetup) -> tuple[int, ...]:
    value = setup.get("normalized_shape")
    sizes = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not all(isinstance(each, int) for each in sizes):
        raise NotSaid("normalized_shape that is not a whole number")
    return sizes


def make_layer_norm(made: PyInstance, setup: ModuleSetup) -> None:
    made.attributes["normalized_shape"] = _shape(setup)
    _affine(made, setup, "elementwise_affine", *_shape(setup))


def layer_norm(call: ModuleCall) -> object:
    x, sizes = call.input(), _shape(call.setup)
    arriving = tuple(x.dims[-len(sizes) :])
    if arriving != sizes:
        message = f"normalized_shape is {show_shape(sizes)}, but {maker(call.tracing, x)}"
        place = call.setup.bound.place_of("normalized_shape")
        hint = f"write {arriving[0]}" if len(sizes) == 1 else f"write {list(arriving)}"
        call.tracing.problem("E308", message, place.span, hint)
    scale, shift = call.array("weight"), call.array("bias")
    if call.setup.word == "RMSNorm":
        return normalizing.rms_norm(call.tape, x, len(sizes), scale, _epsilon(call))
    return normalizing.layer_norm(call.tape, x, len(sizes), scale, shift, _epsilon(call))


def make_rms_norm(made: PyInstance, setup: ModuleSetup) -> None:
    if setup.flag("elementwise_affine"):
        learned(made, "weight", *_shape(setup))


_BATCH = ("BatchNorm#d", "InstanceNorm#d", "LazyBatchNorm#d", "LazyInstanceNorm#d")

CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    **{name.replace("#", str(rank)): ModuleRow(MODULES[name], make_batch_norm, batch_norm)
       for name in _BATCH for rank in (1, 2, 3)},
    "SyncBatchNorm": ModuleRow(MODULES["SyncBatchNorm"], make_batch_norm, batch_norm),
    "FrozenBatchNorm2d": ModuleRow("num_features! eps", make_frozen, batch_norm),
    "GroupNorm": ModuleRow(MODULES["GroupNorm"], make_group_norm, group_norm),
    "LayerNorm": ModuleRow(MODULES["LayerNorm"], make_layer_norm, layer_norm),
    "RMSNorm": ModuleRow(MODULES["RMSNorm"], make_rms_norm, layer_norm),
})  # fmt: skip
