"""Helpers of `timm` that programs with vision transformers take: tuples of sizes, initializers, `DropPath`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.modules import ModuleRow, module_class, no_arrays
from cnncalc.importing.python.torch.modules.base import MODULE
from cnncalc.importing.python.torch.modules.plain import identity
from cnncalc.source.library.builtins import nothing
from cnncalc.source.values import CallGiven, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def _to_tuple(count: int) -> NativeFunction:
    """`to_2tuple(x)`: a list or tuple as it is, else a number so many times."""

    def made(interpreter: Interpreter, given: CallGiven) -> object:
        value = given.values[0] if given.values else given.keywords.get("x")
        if isinstance(value, Unfollowed | list | tuple):
            return tuple(value) if isinstance(value, list) else value
        return (value,) * count

    return NativeFunction(f"to_{count}tuple", made)


def _given(interpreter: Interpreter, given: CallGiven) -> object:
    """`drop_path(x)` changes nothing outside of training."""
    return given.values[0] if given.values else given.keywords.get("x")


_NAMES: Mapping[str, object] = MappingProxyType({
    **{f"to_{count}tuple": _to_tuple(count) for count in (1, 2, 3, 4)},
    **{name: NativeFunction(name, nothing) for name in ("trunc_normal_", "lecun_normal_", "variance_scaling_")},
    "DropPath": module_class("DropPath", ModuleRow("drop_prob scale_by_keep", no_arrays, identity), MODULE),
    "drop_path": NativeFunction("drop_path", _given),
})  # fmt: skip

TIMM: Mapping[str, object] = MappingProxyType({
    f"{package}.{name}": value
    for package in ("timm.layers", "timm.models.layers", "timm.models.layers.helpers", "timm.models.layers.drop",
                    "timm.models.layers.weight_init", "timm.models.helpers")
    for name, value in _NAMES.items()
})  # fmt: skip
"""The names by their dotted paths."""
