"""Conditions on a model: how they are written, which values meet them, and how far others are away."""

from __future__ import annotations

from math import inf

import pytest

from cnncalc import SpecError, solve_sizes
from cnncalc.solving.wanted import ActualFigure, read_metric, read_output, read_wanted
from tests.together import for_each

MAP = (9, 9, 512)


@for_each(
    ("condition", "actual", "spatial", "distance"),
    [
        ("params=5", 5, (), 0), ("params=5", 7, (), 2), ("params=5", None, (), inf),
        ("params<=5", 5, (), 0), ("params<=5", 4, (), 0), ("params<=5", 7, (), 2),
        ("params>=5", 5, (), 0), ("params>=5", 6, (), 0), ("params>=5", 3, (), 2),
        # sizes: each axis, or one number for all
        ("receptive_field<=32x32", (32, 32), (), 0), ("receptive_field<=32x32", (33, 30), (), 3),
        ("receptive_field<=32", (32, 31), (), 0), ("receptive_field<=32", (34, 33), (), 3),
        ("receptive_field>=32", (31, 40), (), 9),
        # outputs: the whole shape or its spatial axes, or one number for all of these
        ("output=9x9", MAP, (9, 9), 0), ("output=9x9x512", MAP, (9, 9), 0), ("output=9", MAP, (9, 9), 0),
        ("output=7", MAP, (9, 9), 4), ("output=7x8", MAP, (9, 9), 3), ("output=7x8x510", MAP, (9, 9), 5),
        ("output=9", (9, 8, 512), (9, 8), 1), ("output=1x2x3x4", MAP, (9, 9), inf), ("output=9x9", (10,), (), inf),
        ("output=10", (10,), (), 0), ("output=12", (10,), (), 2), ("output=12", (), (), inf),
    ],
)  # fmt: skip
def test_the_distance_from_a_condition(
    condition: str, actual: ActualFigure, spatial: tuple[int, ...], distance: float
) -> None:
    """The sum of the differences along the axes; infinite where the axes or the value are others."""
    wanted = read_wanted(condition)
    assert wanted.distance(actual, spatial) == distance
    assert wanted.holds(actual, spatial) is (distance == 0)


@for_each(
    ("text", "shown"),
    [
        ("total.macs<=5G", "macs <= 5,000,000,000"), ("conv_1.params ≥ 896", "conv_1.params >= 896"),
        ("model.params=5", "params = 5"),
        ("pool_2.output=7×7", "pool_2.output = 7x7"), ("a.b.params≤3", "a.b.params <= 3"),
        ("receptive_field=0.5x3", "receptive_field = 0.5x3"),
        ("output=7", "output = 7"),
    ],
)  # fmt: skip
def test_conditions_as_they_are_shown(text: str, shown: str) -> None:
    assert str(read_wanted(text)) == shown


@for_each(
    ("text", "shown"),
    [
        ("7x7", "output = 7x7"), ("bottleneck = 512x7x7", "bottleneck.output = 512x7x7"), ("total=7", "output = 7"),
        ("model=7", "output = 7"), ("output=7", "output = 7"), ("a.output=3", "a.output = 3"), ("=5", "output = 5"),
    ],
)  # fmt: skip
def test_outputs_as_they_are_shown(text: str, shown: str) -> None:
    assert str(read_output(text)) == shown


@for_each(
    ("text", "message", "hint"),
    [
        ("output<=7x7", '"output<=7x7": shapes can only be compared with =', "write output=7x7"),
        ("params", '"params" is not a condition', "for example, params=61706, conv_1.macs<=5M or pool_2.output=7x7"),
        ("output=7xx", '"7xx" is not a shape', "for example, bottleneck=7x7"),
        ("receptive_field=0x5", '"0x5" is not a number per axis', "for example, receptive_field<=32x32"),
        ("receptive_field=truex5", '"truex5" is not a number per axis', "for example, receptive_field<=32x32"),
        ("receptive_field=5xq", '"5xq" is not a number per axis', "for example, receptive_field<=32x32"),
        ("parms=5", 'unknown metric "parms"', 'did you mean "params"?'),
    ],
)  # fmt: skip
def test_no_condition(text: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        read_wanted(text)
    (found,) = caught.value.diagnostics
    assert (found.message, found.hint) == (message, hint)


def test_metrics_that_need_a_report() -> None:
    assert [read_metric(text).needs_report for text in ("output", "a.output", "params")] == [False, False, True]


TWO = "12x12x3 -> (conv 8 3x3 -> conv 5 3x3) name=block -> conv 7 1x1"


@for_each(
    ("figure", "value"),
    [
        # (3·3·3 + 1)·8 = 224, (3·3·8 + 1)·5 = 365, (5 + 1)·7 = 42
        ("block.conv_1.params", 224), ("block.conv_2.params", 365), ("block.params", 589), ("conv_1.params", 42),
        ("params", 631),
        ("block.output", (8, 8, 5)), ("output", (8, 8, 7)), ("block.conv_1.output", (10, 10, 8)),
        ("receptive_field", (5, 5)),
        # 100 positions · 216, 64 · 360, 64 · 35
        ("macs", 46_880), ("block.macs", 44_640),
    ],
)  # fmt: skip
def test_the_metric_of_a_layer_a_block_and_the_model(figure: str, value: ActualFigure) -> None:
    """Computed for a batch of one."""
    wanted = "1x1" if "output" in figure else "1"
    (trial,) = solve_sizes(TWO, {"input": "12"}, want=f"{figure}={wanted}").trials
    assert trial.figures == (value,)
