"""Resampling in every framework: the positions that outputs read, the options that exist, and views of repetitions."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from cnncalc.arithmetic.taps import SAME_PLACE
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make
from tests.layers.test_reach import check
from tests.together import for_each

SIZES = ["2", "scale=[1.5, 1]", "scale=[1.1, 1]", "size=[7, 6]", "size=[1, 9]"]
MODES = {
    "formula": ["nearest", "nearest_exact", "linear", "cubic", "lanczos3", "linear align_corners=true",
                "nearest coordinates=asymmetric rounding=ceil", "linear coordinates=pytorch_half_pixel",
                "nearest coordinates=half_pixel rounding=round_prefer_ceil", "cubic cubic=0"],
    "pytorch": ["nearest", "nearest_exact", "linear", "cubic", "linear align_corners=true"],
    "onnx": ["nearest", "linear", "cubic", "nearest coordinates=asymmetric rounding=floor",
             "linear coordinates=half_pixel_symmetric", "linear coordinates=align_corners",
             "nearest coordinates=align_corners rounding=round_prefer_ceil"],
    "keras": ["nearest", "linear", "cubic"],
}  # fmt: skip


@for_each("convention", list(MODES))
def test_what_resampling_reads(convention: str) -> None:
    """A map of 5×6, doubled, by one and a half, by a scale that changes no size, to given sizes, and to one row."""
    x = "5x6x1" if convention in ("formula", "keras") else "1x5x6"
    for size, mode in product(SIZES, MODES[convention]):
        if convention != "keras" or "." not in size:
            check(convention, f"{x} -> upsample {size} mode={mode}")


UNAVAILABLE = [
    ("keras", {"coordinates": "asymmetric"}, (5, 6, 1), "coordinates", "remove it"),
    ("pytorch", {"coordinates": "asymmetric"}, (1, 5, 6), "coordinates", "set align_corners"),
    ("onnx", {"align_corners": True, "mode": "linear"}, (1, 5, 6), "align_corners", "set coordinates=align_corners"),
    ("keras", {"align_corners": True, "mode": "linear"}, (5, 6, 1), "align_corners", "remove it"),
    ("formula", {"align_corners": True, "mode": "linear", "coordinates": "asymmetric"}, (5, 6, 1), "align_corners",
     "give one of them"),
    ("formula", {"align_corners": True}, (5, 6, 1), "align_corners", "remove it"),
    ("formula", {"rounding": "ceil", "mode": "linear"}, (5, 6, 1), "rounding", "remove it"),
    ("keras", {"mode": "linear"}, (5, 6, 7, 1), "mode", 'use mode "nearest"'),
    ("onnx", {"mode": "cubic"}, (1, 5, 6, 7), "mode", 'use mode "linear" or "nearest"'),
    ("pytorch", {"mode": "cubic"}, (1, 5), "mode", 'use mode "linear" or "nearest"'),
    ("pytorch", {"mode": "lanczos3"}, (1, 5, 6), "mode", "use one of nearest, nearest_exact, linear, cubic"),
    ("onnx", {"mode": "nearest_exact"}, (1, 5, 6), "mode", "use one of nearest, linear, cubic"),
    ("keras", {"mode": "nearest_exact"}, (5, 6, 1), "mode", "use one of nearest, linear, cubic, lanczos3, lanczos5"),
]  # fmt: skip


@for_each("convention, fields, x, field, hint", UNAVAILABLE)
def test_options_that_a_framework_lacks(
    convention: str, fields: dict[str, Any], x: tuple[int, ...], field: str, hint: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        make("upsample", convention, scale=2, **fields).shape(x)
    assert (refusal.value.field, refusal.value.hint) == (field, hint)


VIEWS: list[tuple[dict[str, Any], Any]] = [
    ({"scale": [2, 3]}, (AxisWindow(1, 1, 0, 0, 10, 2), AxisWindow(1, 1, 0, 0, 18, 3))),
    ({"scale": [2.0, 3.0]}, (AxisWindow(1, 1, 0, 0, 10, 2), AxisWindow(1, 1, 0, 0, 18, 3))),
    ({"scale": [1.5, 2]}, ()),
    ({"scale": 2, "mode": "linear"}, ()),
    ({"size": [10, 18]}, ()),
]


@for_each("fields, view", VIEWS)
def test_views_of_repeated_inputs(fields: dict[str, Any], view: Any) -> None:
    """Only whole scales of a nearest neighbour repeat each input."""
    assert make("upsample", **fields).windows((5, 6, 1)) == view


@for_each(
    "convention, fields",
    [
        ("formula", {"size": [5, 9]}), ("formula", {"size": [5, 9], "mode": "linear"}),
        ("formula", {"scale": [1, 2], "mode": "linear"}), ("formula", {"scale": [1, 2]}),
        ("pytorch", {"size": [5, 9]}), ("pytorch", {"scale": [1.1, 2], "mode": "linear"}),
    ],
)  # fmt: skip
def test_an_axis_of_unchanged_size_is_copied(convention: str, fields: dict[str, Any]) -> None:
    reach = make("upsample", convention, **fields).reach((1, 5, 6) if convention == "pytorch" else (5, 6, 1))
    assert isinstance(reach, tuple)
    assert reach[0] == SAME_PLACE != reach[1]


def test_views_of_whole_scales_have_whole_sizes() -> None:
    """A scale of 2.0 gives a size of 10, not 10.0."""
    windows = make("upsample", scale=2.0).windows((5, 6, 1))
    assert [type(size) for window in windows for size in (window.output, window.upsample)] == [int] * 4
