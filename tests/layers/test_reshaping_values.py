"""Limits, hints and views of moved, cut and joined axes, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make
from tests.together import for_each

Shape = tuple[int, ...]
IMAGE = (5, 7, 3)


def test_keras_enlarges_what_is_too_small_for_its_centre() -> None:
    """CenterCrop(8, 6) of 5×7: linear interpolation, 7 operations for each of 8·6·3 outputs, of a part of its shape."""
    x = np.random.default_rng(1).standard_normal((1, *IMAGE))
    layer = make("crop", "keras", size=[8, 6])
    assert layer.shape(IMAGE) == (8, 6, 3)
    assert layer.elementwise(IMAGE, (8, 6, 3)) == 7 * 144
    assert layer.windows(IMAGE) == ()
    resized = make("resize_image", "keras", height=8, width=6, crop_to_aspect_ratio=True)
    np.testing.assert_array_equal(layer.forward(np, x), resized.forward(np, x))
    stretched = make("resize_image", "keras", height=8, width=6)
    assert not np.allclose(layer.forward(np, x), stretched.forward(np, x))


def test_a_centre_of_the_size_of_the_image() -> None:
    layer = make("crop", "keras", size=[5, 7])
    assert layer.windows(IMAGE) == (AxisWindow(1, 1, 0, 0, 5), AxisWindow(1, 1, 0, 0, 7))
    assert layer.elementwise(IMAGE, IMAGE) == 0
    assert make("crop", "keras", size=[4, 9]).shape(IMAGE) == (4, 9, 3)
    assert make("crop", "keras", size=[4, 6]).windows(IMAGE) == (AxisWindow(1, 1, 0, -1, 4), AxisWindow(1, 1, 0, -1, 6))


REFUSED: list[tuple[str, str, dict[str, Any], Shape, str, str | None]] = [
    ("crop", "formula", {"size": [8, 6]}, IMAGE, "a size of 8 cannot be cropped from an axis of 5", "pad it first"),
    ("crop", "keras", {"size": 9}, (7, 3), "a size of 9 cannot be cropped from an axis of 7", "pad it first"),
    ("crop", "keras", {"size": [8, 6], "amount": 1}, IMAGE, "exactly one of amount and size is needed",
     "for example: crop 2"),
    ("crop", "formula", {}, IMAGE, "exactly one of amount and size is needed", "for example: crop 2"),
    ("crop", "formula", {"amount": [[2, 3], 0]}, IMAGE, "5 removed from an axis of 5 leave nothing", ""),
    ("expand", "formula", {"size": 5}, (3, 1), "1 sizes for 3x1, which has 2 axes",
     "give one per axis without the batch, −1 for unchanged ones"),
    ("expand", "formula", {"size": [5, 3]}, (3,), "2 sizes for 3, which has 1 axis",
     "give one per axis without the batch, −1 for unchanged ones"),
    ("fold", "formula", {"kernel": 2, "size": 4}, (3, 3, 8), "fold needs columns, with one spatial axis", ""),
    ("gather", "formula", {"indices": [1, 7], "axis": 1}, IMAGE,
     "5x7x3 has 5 positions along height; 7 is out of range", "count from 0 to 4"),
    ("gather", "formula", {"indices": [1, -6], "axis": 1}, IMAGE,
     "5x7x3 has 5 positions along height; -6 is out of range", "count from 0 to 4"),
    ("roll", "formula", {"shift": [1, 2], "axis": 1}, IMAGE, "2 shifts for 1 axis", "give one number per axis"),
    ("roll", "formula", {"shift": 1, "axis": [1, 2]}, IMAGE, "1 shift for 2 axes", "give one number per axis"),
    ("roll", "formula", {"shift": [1, 2], "axis": [1, 1]}, IMAGE, "an axis is named twice", None),
    ("permute", "formula", {"order": [2, 2, 1]}, IMAGE, "2, 2, 1 is not an order of the 3 axes of 5x7x3",
     "name each of 1, 2, 3 once"),
    ("split", "formula", {"parts": 3}, (7, 5), "5 along channels cannot be divided into 3 parts: remainder 2",
     "give the sizes as a list"),
    ("flatten", "pytorch", {}, (), "PyTorch's flatten does not accept a scalar, one number per sample",
     "unsqueeze 1 gives it an axis: a vector of one number"),
    ("flatten", "formula", {"start": 2}, (), "flatten from an axis does not accept a scalar, one number per sample",
     "unsqueeze 1 gives it an axis: a vector of one number"),
    ("flatten", "formula", {"end": -2}, (), "flatten from an axis does not accept a scalar, one number per sample",
     "unsqueeze 1 gives it an axis: a vector of one number"),
    ("split", "formula", {"parts": [2, 2]}, (7, 5), "the parts add up to 4, but 7x5 has 5 along channels",
     "give sizes that add up, or a number of equal parts"),
    ("split", "formula", {"parts": 10_001}, (7, 20_002), "10,001 parts are too many", "the limit is 10,000"),
]  # fmt: skip


@for_each("name, convention, fields, x, message, hint", REFUSED)
def test_what_is_refused(
    name: str, convention: str, fields: dict[str, Any], x: Shape, message: str, hint: str | None
) -> None:
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(x)
    assert message in refusal.value.message
    assert hint is None or refusal.value.hint == hint


SHAPES: list[tuple[str, str, dict[str, Any], Shape, Shape]] = [
    ("expand", "formula", {"size": 5}, (1,), (5,)),
    ("expand", "onnx", {"size": [1, 7]}, (5, 1), (5, 7)),
    ("fold", "formula", {"kernel": 2, "size": 4}, (9, 8), (4, 4, 2)),
    ("fold", "formula", {"kernel": 2, "size": [4, 3]}, (6, 8), (4, 3, 2)),
    ("gather", "formula", {"indices": [4, -5], "axis": 1}, IMAGE, (2, 7, 3)),
    ("gather", "formula", {"indices": 2, "axis": 2}, IMAGE, (5, 3)),
    ("gather", "formula", {"indices": "2..2", "axis": 2}, IMAGE, (5, 1, 3)),
    ("split", "formula", {"parts": 10_000}, (7, 20_000), (7, 2)),
    ("split", "pytorch", {"parts": 3}, (7, 5), (3, 5)),  # torch.chunk: 3, 3 and 1
    ("flatten", "formula", {}, (), (1,)),
    ("flatten", "onnx", {}, (), (1,)),
    ("permute", "formula", {"order": [3, 1, 2]}, IMAGE, (3, 5, 7)),
    ("permute", "formula", {"order": [0, 3, 1, 2]}, IMAGE, (3, 5, 7)),
    ("unfold", "formula", {"kernel": [2], "stride": 2}, (7, 3), (3, 6)),
]


@for_each("name, convention, fields, x, y", SHAPES)
def test_what_is_possible(name: str, convention: str, fields: dict[str, Any], x: Shape, y: Shape) -> None:
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    if np.prod(x) < 10_000:
        assert layer.forward(np, np.ones((2, *x))).shape == (2, *y)


VIEWS: list[tuple[str, str, dict[str, Any], Shape, Any]] = [
    ("split", "formula", {"parts": 3}, (5, 7, 6), "pointwise"),
    ("split", "formula", {"parts": 5, "axis": 1}, (5, 7, 6), ()),
    ("split", "pytorch", {"parts": 3}, (6, 5, 7), "pointwise"),
    ("split", "pytorch", {"parts": 7, "axis": 3}, (6, 5, 7), ()),
    ("slice", "formula", {"stop": 2}, IMAGE, "pointwise"),
    ("slice", "formula", {"stop": 2, "axis": 1}, IMAGE, ()),
    ("flip", "formula", {"axis": [1, 3]}, IMAGE, ()),
    ("repeat_interleave", "formula", {"repeats": 2}, IMAGE, "pointwise"),
    ("repeat_interleave", "formula", {"repeats": 2, "axis": 1}, IMAGE,
     (AxisWindow(1, 1, 0, 0, 10, 2), AxisWindow(1, 1, 0, 0, 7))),
    ("repeat_interleave", "pytorch", {"repeats": 2, "axis": 3}, (3, 5, 7),
     (AxisWindow(1, 1, 0, 0, 5), AxisWindow(1, 1, 0, 0, 14, 2))),
    ("repeat_interleave", "formula", {"repeats": [2, 1, 1, 1, 1], "axis": 1}, IMAGE, ()),
]  # fmt: skip


@for_each("name, convention, fields, x, view", VIEWS)
def test_views(name: str, convention: str, fields: dict[str, Any], x: Shape, view: Any) -> None:
    assert make(name, convention, **fields).windows(x) == view


def test_patterns_that_are_too_long() -> None:
    """10,001 copies of each position are a pattern of as many cells."""
    assert make("repeat_interleave", repeats=10_001, axis=1).reach((3, 5, 2)) is None
    assert make("repeat_interleave", repeats=10_000, axis=1).reach((3, 5, 2)) is not None


def test_ranges_of_positions() -> None:
    """One position is a range; equal ranges are equal fields, others are not."""
    parse = make("gather", indices=0).fields["indices"].parse
    assert parse("1..4") == parse("1..4") != parse("1..5")
    assert parse("1..4") != "1..4"
    assert parse("3..3") is not None
    with pytest.raises(Refusal):
        parse("3..2")


def test_a_vector_of_an_image_sees_all_of_it() -> None:
    """Other new axes have positions of their own."""
    assert make("reshape", shape=[105]).reach(IMAGE) == "whole"
    assert make("reshape", shape=[35, 3]).reach(IMAGE) == ()
    assert make("reshape", shape=[7, 5, 3]).reach(IMAGE) == ()


@for_each("size, before", [(3, 4), (2, 4), (7, 2), (9, 0)])
def test_halves_of_a_crop_in_torchvision(size: int, before: int) -> None:
    """int(round(rest / 2)) of rests of 7, 8, 3 and 1: halves are rounded to the even number."""
    (window,) = make("crop", "pytorch", size=size).windows((3, 10))
    assert -window.before == before
