"""Convolutions and transposed convolutions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.fields import short
from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, learned
from cnncalc.importing.python.torch.modules.checks import check_axes, check_declared
from cnncalc.importing.tensors import windows
from cnncalc.importing.tensors.movement import squeeze, unsqueeze
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeTensor
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import PyInstance

_SETTINGS = (("stride", 1), ("padding", 0), ("dilation", 1), ("output_padding", 0))


def _rank(word: str) -> int:
    return int(word[-2])


def make(made: PyInstance, setup: ModuleSetup) -> None:
    """The kernel and the bias."""
    axes, groups = _rank(setup.word), setup.integer("groups", 1)
    kernel = setup.per_axis("kernel_size", axes)
    filters = setup.integer("out_channels")
    if isinstance(padding := setup.get("padding"), str) and padding not in ("same", "valid"):
        message = f'padding is "same", "valid" or numbers, not "{padding}"'
        hint = f'write "{padding.lower()}"' if padding.lower() in ("same", "valid") else ""
        raise Refusal(message, field="padding", code="E204", hint=hint)
    for name, default in _SETTINGS:
        value = setup.get(name, default)
        made.attributes[name] = value if isinstance(value, str) else setup.per_axis(name, axes, default)
    made.attributes |= {"kernel_size": kernel, "groups": groups, "padding_mode": setup.get("padding_mode", "zeros")}
    if not setup.word.startswith("Lazy"):
        make_arrays(made, setup, setup.integer("in_channels"))
    elif setup.flag("bias"):
        learned(made, "bias", filters)


def make_arrays(made: PyInstance, setup: ModuleSetup, channels: int) -> None:
    axes, groups, filters = _rank(setup.word), setup.integer("groups", 1), setup.integer("out_channels")
    kernel = setup.per_axis("kernel_size", axes)
    for word, size in (("in_channels", channels), ("out_channels", filters)):
        if groups < 1 or size % groups:
            raise Refusal(f"{word} {size} is not divisible by groups {groups}", field="groups", code="E305")
    is_transposed = "Transpose" in setup.word
    outer, inner = (channels, filters // groups) if is_transposed else (filters, channels // groups)
    learned(made, "weight", outer, inner, *kernel)
    if setup.flag("bias"):
        learned(made, "bias", filters)
    else:
        made.attributes["bias"] = None


def forward(call: ModuleCall) -> object:
    x = call.input()
    spatial = _rank(call.setup.word)
    check_axes(call, x, spatial)
    if len(x.dims) == spatial + 1:
        wide = unsqueeze(call.tape, x, 0)
        return squeeze(call.tape, convolved(call, wide), [0])
    return convolved(call, x)


def convolved(call: ModuleCall, x: Operand) -> TapeTensor:
    if "weight" not in call.instance.attributes:
        make_arrays(call.instance, call.setup, x.dims[1])
        call.tracing.name_arrays(call.instance)
    elif not call.setup.word.startswith("Lazy"):
        check_declared(call, "in_channels", x, 1, "channel")
    kernel = call.array("weight")
    if kernel is None:
        raise NotSaid("a kernel that is computed")
    fields: dict[str, Any] = {}
    for name, default in _SETTINGS:
        value = call.setup.get(name)
        if value is not None and short(value) != default and value != "valid":
            fields[name] = short(value)
    if (groups := call.setup.integer("groups", 1)) > 1:
        fields["groups"] = groups
    mode = call.setup.get("padding_mode", "zeros")
    if mode != "zeros":
        fields["padding_mode"] = mode
    is_transposed = "Transpose" in call.setup.word
    return windows.convolve(call.tape, x, kernel, call.array("bias"), fields, transposed=is_transposed)


_NAMES = ("Conv#d", "ConvTranspose#d", "LazyConv#d", "LazyConvTranspose#d")

CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    name.replace("#", str(rank)): ModuleRow(MODULES[name], make, forward, 2 if "Transpose" in name else 1)
    for name in _NAMES
    for rank in (1, 2, 3)
})  # fmt: skip
