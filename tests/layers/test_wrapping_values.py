"""Layers at each step of a sequence: work, views, and the names of their symbols."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.taps import SAME_PLACE, AxisTaps
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import SpecError
from tests.together import for_each


def at_each_step(text: str, **options: Any) -> tuple[Any, tuple[int, ...], tuple[int, ...]]:
    """The layer of a spec, its input and its output."""
    graph = load(text, **options)
    node = graph.nodes[-1]
    return node.layer, graph.inputs_of(node)[0], node.shape


def test_work_of_steps() -> None:
    """3 comparisons for each of 3·5·3 outputs of the inner pool, at each of 5 steps."""
    layer, x, y = at_each_step("5x7x11x3 -> time_distributed(max_pool 2)")
    assert layer.elementwise(x, y) == 5 * 3 * 45


STEP, THREE = AxisWindow(1, 1, 0, 0, 5), AxisTaps((range(3),), 1)
VIEWS: list[tuple[str, str, Any, Any]] = [
    ("5x9x11x3 -> time_distributed(conv 8 3)", "HWC", (STEP, AxisWindow(3, 1, 0, 0, 7), AxisWindow(3, 1, 0, 0, 9)),
     (SAME_PLACE, THREE, THREE)),
    ("5x3x9x11 -> time_distributed(conv 8 3)", "CHW", (), ()),  # the steps are where channels are
    ("5x9x11x3 -> time_distributed(relu)", "HWC", "pointwise", "pointwise"),
    ("5x3x9x11 -> time_distributed(relu)", "CHW", "pointwise", "pointwise"),
    ("5x9x11x3 -> time_distributed(flatten)", "HWC", (), ()),
    ("5x9x3 -> time_distributed(upsample 10001)", "HWC",
     (STEP, AxisWindow(1, 1, 0, 0, 90009, 10001)), None),  # a pattern of 10001 cells is too long
]  # fmt: skip


@for_each("text, layout, windows, reach", VIEWS)
def test_views_of_steps(text: str, layout: str, windows: Any, reach: Any) -> None:
    layer, x, _ = at_each_step(text, layout=layout)
    assert (layer.windows(x), layer.reach(x)) == (windows, reach)


def test_steps_are_not_made_several() -> None:
    with pytest.raises(SpecError, match="roi_pool makes several samples of each, which is not possible for steps"):
        load("5x9x11x3 -> time_distributed(roi_pool 2 regions=7)")


def test_symbols_of_the_inner_layer() -> None:
    """The kernel of an image at each step has a height and a width."""
    layer, _, _ = at_each_step("5x9x11x3 -> time_distributed(conv 8 2x3)")
    assert [size.axis for size in layer.traced(3).layer.kernel] == ["h", "w"]
