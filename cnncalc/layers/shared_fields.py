"""Fields that several layer types have in common: each function declares one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from cnncalc.layers import declare
from cnncalc.layers.declare import FieldOptions, SidesValue

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
PADDING_SYNONYMS: Mapping[str, str] = {"constant": "zeros", "edge": "replicate", "wrap": "circular"}
"""The names of PyTorch's modes in NumPy and ONNX."""

RESAMPLING_MODES = ("nearest", "nearest_exact", "linear", "cubic", "lanczos3", "lanczos5")
RESAMPLING_SYNONYMS: Mapping[str, str] = {"bilinear": "linear", "trilinear": "linear", "bicubic": "cubic"}
"""Names that include the number of axes."""


def padding_mode() -> str:
    """The `padding_mode` of a convolution."""
    return declare.choice("content of the padding", PADDING_MODES, synonyms=PADDING_SYNONYMS, default="zeros")


def padding_amount(help: str) -> SidesValue:
    """The `amount` of a padding layer; a negative amount crops."""
    aliases = ("padding", "pads", "paddings")
    return declare.sides(help, aliases=aliases, short="p", symbol="P", minimum=-(2**31))


def norm() -> float:
    """The `norm` of a norm pool: the exponent p."""
    return declare.number("the exponent p of the norm", default=2.0, aliases=("norm_type", "p"), default_text="2")


def resizing_mode(default: str) -> str:
    """The `mode` of a resizing layer."""
    return declare.choice(
        "interpolation method; linear is bilinear with two axes, trilinear with three",
        RESAMPLING_MODES,
        synonyms=RESAMPLING_SYNONYMS,
        default=default,
        aliases=("interpolation", "interpolate_mode", "upsample_mode"),
    )


def block_order() -> str:
    """The `order` of the channels of a block."""
    return declare.choice(
        "order of the channels: dcr, by position in the block first; crd, by depth first, as in pixel_shuffle",
        ("dcr", "crd"),
        default="dcr",
        aliases=("mode",),
    )


def scale(what: str = "each channel", **options: Unpack[FieldOptions]) -> bool:
    """The `scale` of a normalization: enables its learned scale, on by default."""
    options.setdefault("default", True)
    options["aliases"] = ("gamma",)
    return declare.flag(f"whether {what} has a learned scale", **options)


def shift(what: str = "each channel", **options: Unpack[FieldOptions]) -> bool:
    """The `shift` of a normalization: enables its learned shift, on by default."""
    options.setdefault("default", True)
    options["aliases"] = ("beta", "center", "bias")
    return declare.flag(f"whether {what} has a learned shift", **options)


def affine(**options: Unpack[FieldOptions]) -> bool:
    """The `affine` of a normalization: enables both, on by default."""
    options.setdefault("default", True)
    return declare.flag("false disables both scale and shift", **options)


def rate(help: str, *, default: float = 0.5, aliases: tuple[str, ...] = ()) -> float:
    """The `rate` of a dropout: a fraction between 0 and 1."""
    return declare.number(
        help, default=default, minimum=0.0, maximum=1.0, positional=True, aliases=("p", "prob", *aliases)
    )


def bidirectional() -> bool:
    """The `bidirectional` of a layer that reads a sequence."""
    return declare.flag("whether a second set of weights reads the sequence backwards", default=False)


def merge() -> str:
    """The `merge` of a layer that reads a sequence in both directions."""
    words = ("concat", "sum", "multiply", "average", "mul", "ave")
    return declare.choice("how the two directions are joined", words, default="concat", aliases=("merge_mode",))


def reset_after() -> bool | None:
    """The `reset_after` of a gated recurrent unit."""
    return declare.flag(
        "whether the reset gate acts after the matrix product", default=None, aliases=("linear_before_reset",),
        default_text="true under keras, tensorflow and pytorch, else false",
    )  # fmt: skip
