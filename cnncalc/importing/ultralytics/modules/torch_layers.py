"""PyTorch's own layers in a row, `nn.Upsample`, and the truncated networks of torchvision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.ultralytics.activations import RELU, is_activation, named_activation
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_MODES = ("nearest", "bilinear", "bicubic", "nearest-exact")


@module("nn.Upsample", declaration="size:any=None scale:any=None mode='nearest' align_corners:any=None")
def upsample(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    parts.need((a.size is None) != (a.scale is None), "needs a size or a scale", 'write [None, 2, "nearest"]')
    parts.need(a.mode in _MODES, f'unknown mode "{a.mode[:40]}"', f"known are {', '.join(_MODES)}")
    fields: dict[str, Any] = {"scale": a.scale} if a.size is None else {"size": a.size}
    value = next(iter(fields.values()))
    numbers = value if isinstance(value, list) and len(value) == 2 else [value]
    parts.need(
        all(isinstance(each, int | float) and 0 < each < 10**6 for each in numbers),
        f"size and scale are numbers above 0, got {str(value)[:40]}",
    )
    if a.mode != "nearest":
        fields["mode"] = {"bicubic": "cubic", "bilinear": "linear", "nearest-exact": "nearest_exact"}[a.mode]
    if a.align_corners:
        fields["align_corners"] = True
    return parts.layer("upsample", "upsample", [x], **fields)


@module("nn.ConvTranspose2d", declaration="c2 k:ints s:ints=1 p:ints=0 q:ints=0 g=1 bias=True d:ints=1")
def transposed(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer(
        "conv_transpose", "conv_transpose", [x], filters=a.c2, kernel=a.k, stride=a.s, padding=a.p, output_padding=a.q,
        groups=a.g, bias=a.bias, dilation=a.d,
    )  # fmt: skip


@module("nn.Conv2d", declaration="c1 out k:ints s:ints=1 p:ints=0 d:ints=1 g=1 bias=True")
def conv2d(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Its arguments are PyTorch's: the width does not scale them, and the input's channels come first."""
    message = f"its first argument is {a.c1}, but {x.channels} channels arrive"
    parts.need(a.c1 == x.channels, message, "nn.Conv2d is not scaled; Conv takes the output channels alone")
    parts.need(a.out == x.channels, f"gives {a.out} channels, but the library expects the {x.channels} of its input",
               "use Conv, whose channels the library follows")  # fmt: skip
    fields = {"kernel": a.k, "stride": a.s, "padding": a.p, "dilation": a.d, "groups": a.g, "bias": a.bias}
    return parts.bare_conv("conv", x, a.out, **fields)


@module("nn.BatchNorm2d", declaration="c1:any=None")
def batch_norm(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The library replaces its argument by the incoming channels."""
    return parts.layer("bn", "batch_norm", [x])


@module("nn.MaxPool2d", declaration="k:ints s:ints=None p:ints=0 d:ints=1 indices=False ceil=False")
def max_pool(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    fields = {"dilation": a.d} if a.d != 1 else {}
    return _pooled(parts, "max_pool", x, a, **fields)


@module("nn.AvgPool2d", declaration="k:ints s:ints=None p:ints=0 ceil=False include=True")
def avg_pool(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _pooled(parts, "avg_pool", x, a, count_include_pad=bool(a.include))


def _pooled(parts: ModuleParts, type: str, x: FeatureMap, a: RowArguments, **fields: Any) -> FeatureMap:
    if a.ceil:
        fields["rounding"] = "ceil"
    return parts.layer(type, type, [x], kernel=a.k, stride=a.k if a.s is None else a.s, padding=a.p, **fields)


@module("nn.AdaptiveAvgPool2d", declaration="size:ints")
def adaptive(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer("pool", "adaptive_avg_pool", [x], size=a.size)


@module("nn.ZeroPad2d", declaration="amount:any")
def zero_pad(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Left, right, top, bottom; or one number for all of them."""
    sides = [a.amount] * 4 if isinstance(a.amount, int) else a.amount
    valid = isinstance(sides, list | tuple) and len(sides) == 4 and all(isinstance(each, int) for each in sides)
    parts.need(valid, "needs left, right, top and bottom", "write [[0, 1, 0, 1]]")
    left, right, top, bottom = sides
    return parts.layer("pad", "zero_pad", [x], amount=[[top, bottom], [left, right]])


@module("nn.Identity")
def identity(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer("identity", "identity", [x])


@module("nn.Dropout", "nn.Dropout2d", declaration="rate=0.5 inplace=False")
def dropout(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer("dropout", "dropout", [x], rate=float(a.rate))


@module(
    "nn.SiLU", "nn.ReLU", "nn.ReLU6", "nn.LeakyReLU", "nn.Hardswish", "nn.Mish", "nn.GELU", "nn.ELU", "nn.Sigmoid",
    "nn.Tanh", declaration="value:any=None inplace=False",
)  # fmt: skip
def activation(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    word = parts.network.row.module.rpartition(".")[2]
    assert is_activation(word)
    number = a.value if isinstance(a.value, float) else None
    return parts.activated(x, named_activation(word, number))


# --- torchvision ---------------------------------------------------------------------------------------------------

_DEPTHS: Mapping[str, tuple[int, ...]] = {
    "resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3), "resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3),
    "resnet152": (3, 8, 36, 3),
}  # fmt: skip
_SHALLOW = ("resnet18", "resnet34")
_WITHOUT_HEAD = 2


@module("TorchVision", declaration="out model:text weights:any='DEFAULT' unwrap=True truncate=2 split=False")
def torchvision(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> Any:
    """The ResNets without their pool and classifier; with `split` the output of every part, the input first."""
    known = f"known here are {', '.join(_DEPTHS)}, unwrapped and without their last two layers"
    parts.need(a.model in _DEPTHS, f'the network "{a.model[:40]}" is not known', known)
    parts.need(bool(a.unwrap) and a.truncate == _WITHOUT_HEAD, "needs unwrap=True and truncate=2", known)
    at = parts.inner("m")
    grown = [x, at.bare_conv("0", x, 64, kernel=7, stride=2, padding=3, bias=False)]
    grown.append(at.layer("1", "batch_norm", [grown[-1]]))
    grown.append(at.layer("2", "relu", [grown[-1]]))
    grown.append(at.layer("3", "max_pool", [grown[-1]], kernel=3, stride=2, padding=1))
    for stage, blocks in enumerate(_DEPTHS[a.model]):
        y = grown[-1]
        for number in range(blocks):
            inner = at.inner(f"{4 + stage}.{number}", "BasicBlock" if a.model in _SHALLOW else "Bottleneck")
            y = _block(inner, y, 64 * 2**stage, 2 if stage and not number else 1, deep=a.model not in _SHALLOW)
        grown.append(y)
    return grown if a.split else grown[-1]


def _block(parts: ModuleParts, x: FeatureMap, width: int, stride: int, *, deep: bool) -> FeatureMap:
    """A residual block of ResNet v1.5 (the stride is in the 3x3)."""
    kernels = ((1, 1), (3, stride), (1, 1)) if deep else ((3, stride), (3, 1))
    y = x
    for number, (kernel, step) in enumerate(kernels, 1):
        filters = width * 4 if deep and number == len(kernels) else width
        y = parts.bare_conv(f"conv{number}", y, filters, kernel=kernel, stride=step, padding=kernel // 2, bias=False)
        y = parts.layer(f"bn{number}", "batch_norm", [y])
        if number < len(kernels):
            y = parts.layer(f"relu{number}", "relu", [y])
    if x.shape != y.shape:
        x = parts.bare_conv("downsample.0", x, y.channels, kernel=1, stride=stride, bias=False)
        x = parts.layer("downsample.1", "batch_norm", [x])
    return parts.activated(parts.add(y, x), RELU)
