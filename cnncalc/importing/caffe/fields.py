"""The fields of Caffe's most used parameters; those of forks, which have others, stay accepted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.diagnostics import closest
from cnncalc.importing.caffe.text_format import Message, TextValue

_WINDOW = ("pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h", "stride_w", "engine")
_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "convolution_param": (
        *_WINDOW, "num_output", "bias_term", "group", "weight_filler", "bias_filler", "axis", "force_nd_im2col",
        "dilation", "dilation_h", "dilation_w", "hole", "hole_h", "hole_w",
    ),
    "pooling_param": (*_WINDOW, "pool", "global_pooling", "round_mode", "ceil_mode", "pad_type"),
    "inner_product_param": ("num_output", "bias_term", "weight_filler", "bias_filler", "axis", "transpose"),
    "slice_param": ("axis", "slice_point", "slice_dim"),
    "concat_param": ("axis", "concat_dim"),
})  # fmt: skip
"""By src/caffe/proto/caffe.proto, and by forks of it that add dilations and paddings."""


def refuse_mistyped(layer: Message) -> None:
    """Raise SpecError for an unknown field that is close to a known one."""
    for name, known in _FIELDS.items():
        for block in layer.blocks(name):
            for field, value in block.fields:
                if field not in known and (near := closest(field, known)):
                    place = value if isinstance(value, TextValue) else None
                    block.fail(f"{name} has no field {field}", f"did you mean {near}?", place=place)


def check_slice_points(block: Message, size: int | None) -> None:
    """Raise SpecError unless the points of a slice increase, inside of an axis of `size`."""
    before = 0
    for value, point in zip(block.values("slice_point"), block.numbers("slice_point"), strict=True):
        if point <= before:
            block.fail(f"slice_point: {point} must be above {before}, the point before it", place=value)
        if size is not None and point >= size:
            block.fail(f"slice_point: {point} must be below {size}, the size of the axis", place=value)
        before = point
