"""Layers without weights: activations, dropout, pools, paddings, resizing, and changes of axes."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

from cnncalc.importing.python.binding import words_of
from cnncalc.importing.python.fields import fields_of, layer_type
from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, learned, no_arrays
from cnncalc.importing.python.torch.operations import joining, pooling, shaping
from cnncalc.importing.python.torch.operations.activations import default_axis, softmax_along
from cnncalc.importing.python.torch.operations.pooling import check_mode
from cnncalc.importing.tensors import arithmetic, reductions, windows
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import PyInstance

_POINTWISE = (
    "ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "Hardsigmoid",
    "Hardswish", "Hardtanh", "Softplus", "Softsign", "Softshrink", "Hardshrink", "Tanhshrink", "LogSigmoid", "RReLU",
    "Threshold", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout",
    "StochasticDepth",
)  # fmt: skip
_WINDOWS = (
    "MaxPool#d", "AvgPool#d", "AdaptiveAvgPool#d", "AdaptiveMaxPool#d", "LPPool#d", "PixelShuffle", "PixelUnshuffle",
    "ChannelShuffle", "LocalResponseNorm", "Fold", "Unfold", "Upsample", "UpsamplingBilinear#d", "UpsamplingNearest#d",
    "FractionalMaxPool#d",
)  # fmt: skip
_PADS = ("ReflectionPad#d", "ReplicationPad#d", "CircularPad#d", "ZeroPad#d", "ConstantPad#d")
_POOL_WORDS = ("ceil_mode", "return_indices", "count_include_pad")
_PAD_MODES: Mapping[str, str] = MappingProxyType(
    {"Refl": "reflect", "Repl": "replicate", "Circ": "circular", "Zero": "constant", "Cons": "constant"}
)


def pointwise(call: ModuleCall) -> object:
    x, word = call.input(), call.setup.word
    if word[:-2] == "Dropout" and isinstance(x, TapeTensor) and len(x.sample) < 2:
        word = "Dropout"  # PyTorch drops single numbers where there are no whole channels
    kind = layer_type(word)
    fields = fields_of(kind, words_of(call.setup.bound, call.setup.parameters))
    return arithmetic.function(call.tape, kind.type, x, **fields)


def make_window(made: PyInstance, setup: ModuleSetup) -> None:
    """The settings that a class which inherits from a pool reads."""
    if "Pool" in setup.word and not setup.word.startswith("Adaptive"):
        stride = setup.get("stride", setup.get("kernel_size"))
        made.attributes |= {"stride": stride, "padding": setup.get("padding", 0), "dilation": setup.get("dilation", 1)}
        made.attributes |= {name: setup.flag(name, name == "count_include_pad") for name in _POOL_WORDS}


def window(call: ModuleCall) -> object:
    kind = layer_type(call.setup.word)
    fields = fields_of(kind, words_of(call.setup.bound, call.setup.parameters))
    axes = pooling.spatial_axes(call.setup.word[-2:])
    made = pooling.slide(call.as_function(call.setup.word), kind.type, fields, call.input(), axes)
    return [made, None] if call.setup.get("return_indices") is True else made


def unpooled(call: ModuleCall) -> object:
    """`MaxUnpool`: the second argument has the places of the maxima, the third may give the size."""
    words = words_of(call.setup.bound, call.setup.parameters)
    size = call.given.keywords.get("output_size", dict(enumerate(call.given.values)).get(2))
    return pooling.unpooled(call.as_function(call.setup.word), words, size)


def resized(call: ModuleCall) -> object:
    """`Upsample`: a size given as one number is that of every axis."""
    words = words_of(call.setup.bound, call.setup.parameters)
    x = call.input()
    if isinstance(words.get("size"), int):
        words["size"] = [words["size"]] * (len(x.dims) - 2)
    if words.get("size") is not None:
        words.pop("scale_factor", None)
    if call.setup.word.startswith("UpsamplingBilinear"):
        words |= {"mode": "bilinear", "align_corners": True}
    check_mode(x, words.get("mode"))
    return windows.slide(call.tape, "upsample", fields_of(layer_type("upsample"), words), x)


def padded(call: ModuleCall) -> object:
    """The padding of the last axes, one amount for all of their sides or a pair for each."""
    axes, value = int(call.setup.word[-2]), call.setup.get("padding")
    amounts = list(value) if isinstance(value, list | tuple) else [value] * (2 * axes)
    function = call.as_function("pad")
    function.bound.values |= {"pad": amounts, "mode": _PAD_MODES[call.setup.word[:4]], "value": call.setup.get("value")}
    return joining.pad(function)


def softmax(call: ModuleCall) -> object:
    type = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Softmin": "softmin"}[call.setup.word]
    x = call.input()
    return softmax_along(call.tape, type, x, call.setup.integer("dim", default_axis(len(x.dims))))


def softmax_of_channels(call: ModuleCall) -> object:
    return reductions.along(call.tape, "softmax", call.input(), -3)


def glu(call: ModuleCall) -> object:
    return reductions.halved(call.tape, call.input(), call.setup.integer("dim", -1))


def flatten(call: ModuleCall) -> object:
    function = call.as_function("flatten")
    function.bound.values.setdefault("start_dim", 1)
    return shaping.flatten(function)


def unflatten(call: ModuleCall) -> object:
    function = call.as_function("unflatten")
    function.bound.values["sizes"] = call.setup.get("unflattened_size")
    return shaping.unflatten(function)


def identity(call: ModuleCall) -> object:
    return call.given.values[0] if call.given.values else None


def make_prelu(made: PyInstance, setup: ModuleSetup) -> None:
    learned(made, "weight", setup.integer("num_parameters", 1))


def prelu(call: ModuleCall) -> object:
    weight = call.array("weight")
    if weight is None:
        raise NotSaid("slopes that are computed")
    fields = {} if prod(weight.dims) == 1 else {"per": "channel"}
    x = call.tape.tensor(call.input())
    return call.tape.same("prelu", fields, x, weights=[weight])


def _every(names: tuple[str, ...]) -> dict[str, str]:
    """The classes of rows for any number of axes, with their signatures."""
    return {
        name.replace("#", str(rank)): MODULES.get(name.replace("#", str(rank)), MODULES.get(name, ""))
        for name in names
        for rank in (1, 2, 3)
    }


CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    **{name: ModuleRow(MODULES.get(name, MODULES["Dropout#d"]), no_arrays, pointwise) for name in _POINTWISE},
    **{name: ModuleRow(row, make_window, resized if name.startswith("Upsampl") else window)
       for name, row in _every(_WINDOWS).items()},
    **{name: ModuleRow(row, make_window, unpooled, 3) for name, row in _every(("MaxUnpool#d",)).items()},
    **{name: ModuleRow(row, no_arrays, padded) for name, row in _every(_PADS).items()},
    **{name: ModuleRow("dim", no_arrays, softmax) for name in ("Softmax", "LogSoftmax", "Softmin")},
    "Softmax2d": ModuleRow("", no_arrays, softmax_of_channels), "GLU": ModuleRow("dim", no_arrays, glu),
    "Flatten": ModuleRow("start_dim end_dim", no_arrays, flatten),
    "Unflatten": ModuleRow("dim! unflattened_size!", no_arrays, unflatten),
    "Identity": ModuleRow("*args **", no_arrays, identity), "PReLU": ModuleRow(MODULES["PReLU"], make_prelu, prelu),
})  # fmt: skip
