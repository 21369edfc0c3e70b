"""`preprocess_input` of `keras.applications`, which scales pixels as the networks of a module were trained."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from cnncalc.importing.python.keras.function_calls import FunctionCall, GraphFunction, native
from cnncalc.importing.tensors import parts
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor
from cnncalc.source.values import NativeFunction

_SYMMETRIC: Final[Mapping[str, Any]] = MappingProxyType({"scale": 1 / 127.5, "offset": -1.0})
_CENTRED: Final[Mapping[str, Any]] = MappingProxyType({"scale": 1.0, "offset": [-103.939, -116.779, -123.68]})
_NORMALIZED: Final[Mapping[str, Any]] = MappingProxyType({
    "scale": [1 / 58.395, 1 / 57.12, 1 / 57.375], "offset": [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225],
})  # fmt: skip
MODULES: Mapping[str, Mapping[str, Any] | None] = MappingProxyType({
    **dict.fromkeys(("vgg16", "vgg19", "resnet", "resnet50"), _CENTRED),
    **dict.fromkeys(("resnet_v2", "mobilenet", "mobilenet_v2", "nasnet", "xception"), _SYMMETRIC),
    **dict.fromkeys(("inception_v3", "inception_resnet_v2"), _SYMMETRIC),
    "densenet": _NORMALIZED,
    **dict.fromkeys(("efficientnet", "efficientnet_v2", "convnext", "mobilenet_v3")),
})  # fmt: skip
"""The scales and offsets of each module; None if its networks scale the pixels themselves."""


def preprocess_input(module: str) -> NativeFunction:
    """The function of a module."""
    scaling = MODULES[module]

    def run(call: FunctionCall) -> TapeTensor:
        x = call.tape.tensor(call.x)
        if scaling is None:
            return x
        if call.get("data_format") not in (None, "channels_last"):
            raise NotSaid("channels before the image")
        if scaling is _CENTRED:
            x = parts.flip(call.tape, x, [len(x.dims) - 1])
        return call.tape.same("rescaling", dict(scaling), x)

    return native("preprocess_input", GraphFunction("x data_format", run))
