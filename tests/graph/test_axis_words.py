"""Keys for one axis: `kernel_h` of Caffe, `output_height` of a pool."""

from __future__ import annotations

from cnncalc.graph.axis_words import one_axis
from cnncalc.layers.registry import load_all
from tests.together import for_each


@for_each(
    ("layer", "key", "expected"),
    [
        ("conv", "kernel_h", ("kernel", "h")), ("conv", "stride_w", ("stride", "w")),
        ("conv", "pad_d", ("padding", "d")),
        ("conv", "dilation_h", ("dilation", "h")), ("upsample", "height", ("size", "h")),
        ("upsample", "output_width", ("size", "w")), ("adaptive_avg_pool", "output_height", ("size", "h")),
        ("relu", "kernel_h", None), ("dense", "stride_h", None),  # no such field
        ("conv", "height", None), ("conv", "filters", None), ("conv", "kernel_x", None),
        ("resize_image", "height", None),  # a field of its own
        ("local_response_norm", "output_height", None),  # its size is a number of channels
    ],
)  # fmt: skip
def test_the_field_and_axis_of_a_key(layer: str, key: str, expected: tuple[str, str] | None) -> None:
    assert one_axis(load_all()[layer], key) == expected
