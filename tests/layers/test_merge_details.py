"""Merges of learned arrays without a batch axis, of sizes that are broadcast, and the views of comparisons."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make
from tests.together import for_each

Shape = tuple[int, ...]
IMAGE = (3, 5, 7)

# convention, indices without a batch axis, shapes, output: NumPy's alignment of last axes
FITTED = [
    ("pytorch", (1,), [IMAGE, (7,)], IMAGE),
    ("pytorch", (1,), [IMAGE, (5, 1)], IMAGE),
    ("pytorch", (0,), [(3, 1, 1), IMAGE], IMAGE),
    ("pytorch", (1,), [IMAGE, (1, 3, 5, 7)], IMAGE),  # a 1 that was written for the batch
    ("pytorch", (1,), [IMAGE, (1, 1, 5, 7)], IMAGE),
    ("pytorch", (1,), [(), ()], ()),
    ("pytorch", (1,), [(3,), (3,)], (3,)),
    ("pytorch", (0, 1), [(5, 7), (7,)], (5, 7)),
    # one number, or as many as the last axis has, means what it says
    ("pytorch", (1,), [(3, 5, 1), (3,)], (3, 5, 3)),
    ("pytorch", (1,), [(3, 5, 3), (3,)], (3, 5, 3)),
    ("pytorch", (1,), [(1, 5, 7), (1,)], (1, 5, 7)),
    # Keras aligns samples as well: the array is fitted to the longer one
    ("keras", (2,), [(5, 7, 3), (7, 3), (5, 1, 1)], (5, 7, 3)),
    ("keras", (0,), [(5, 1, 1), (7, 3), (5, 7, 3)], (5, 7, 3)),
]


@for_each("convention, unbatched, shapes, y", FITTED)
def test_arrays_without_a_batch(convention: str, unbatched: tuple[int, ...], shapes: list[Shape], y: Shape) -> None:
    assert make("add", convention).beside(unbatched).shape(*shapes) == y


MEANT = "{0} is aligned with the last axis of {1}, which is {2}"
MORE = "{0} has no batch axis and {1} axes, more than the {2} of a sample"
RANKS = "{0} and {1} have different numbers of axes: {2} and {3}"
UNFITTED: list[tuple[str, tuple[int, ...], list[Shape], str, str]] = [
    ("pytorch", (1,), [IMAGE, (3,)], MEANT.format("3", "3x5x7", 7), "write 3x1x1 for one number per channel"),
    ("pytorch", (1,), [(2, 5, 7), (2,)], MEANT.format("2", "2x5x7", 7), "write 2x1x1 for one number per channel"),
    ("pytorch", (1,), [(3, 2), (3,)], MEANT.format("3", "3x2", 2), "write 3x1 for one number per channel"),
    # channels last, or of another number, it is an ordinary difference
    ("formula", (1,), [(3, 5, 7), (3,)], "3x5x7 and 1x1x3 differ in channels: 7 and 3",
     "sizes must match, or be 1 to be broadcast"),
    ("pytorch", (1,), [IMAGE, (4,)], "3x5x7 and 1x1x4 differ in width: 7 and 4",
     "sizes must match, or be 1 to be broadcast"),
    ("pytorch", (1,), [(3,), (2, 3)], MORE.format("2x3", 2, 1), "reshape it to 1 axis first"),
    ("pytorch", (1,), [(5, 3), (2, 5, 3)], MORE.format("2x5x3", 3, 2), "reshape it to 2 axes first"),
    ("pytorch", (1,), [(3,), (1, 1, 3)], MORE.format("1x1x3", 3, 1), "reshape it to 1 axis first"),
    # samples of different rank are not fitted
    ("pytorch", (2,), [IMAGE, (5, 7), (7,)], RANKS.format("3x5x7", "5x7", 3, 2), "reshape 5x7 to 3 axes first"),
    ("pytorch", (), [(7,), IMAGE], RANKS.format("7", "3x5x7", 1, 3), "reshape 7 to 3 axes first"),
]  # fmt: skip


@for_each("convention, unbatched, shapes, message, hint", UNFITTED)
def test_arrays_that_do_not_fit(
    convention: str, unbatched: tuple[int, ...], shapes: list[Shape], message: str, hint: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        make("add", convention).beside(unbatched).shape(*shapes)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


# fields, indices without a batch axis, shapes, output
JOINED: list[tuple[dict[str, Any], tuple[int, ...], list[Shape], Shape]] = [
    ({}, (0,), [(1, 5, 7, 3), (5, 7, 2)], (5, 7, 5)),
    ({}, (1,), [(5, 7, 3), (5, 7, 2)], (5, 7, 5)),
]


@for_each("fields, unbatched, shapes, y", JOINED)
def test_arrays_that_are_joined(
    fields: dict[str, Any], unbatched: tuple[int, ...], shapes: list[Shape], y: Shape
) -> None:
    assert make("concat", **fields).beside(unbatched).shape(*shapes) == y


def test_the_batch_of_a_joined_array_is_that_of_the_longest_sample() -> None:
    """The array loses its 1 before the samples are compared."""
    with pytest.raises(Refusal) as refusal:
        make("concat").beside((0,)).shape((1, 5, 7, 3), (5, 7, 3), (3,))
    assert refusal.value.message == RANKS.format("5x7x3", "3", 3, 1)


# 6·5 outputs although the last input is smaller; FLOPs as each class says
BROADCAST = [
    ("add", [(6, 5), (1, 5)], 30),
    ("add", [(6, 1), (6, 5), (1, 5)], 60),
    ("multiply", [(6, 5), (6, 1), (1, 1), (1, 5)], 90),
    ("average", [(6, 5), (1, 5)], 60),
    ("average", [(6, 5), (6, 5), (1, 1)], 90),
    ("subtract", [(6, 5), (1, 5)], 30),
    ("divide", [(6, 1), (1, 5)], 30),
    ("maximum", [(6, 5), (6, 5), (1, 5)], 60),
    ("where", [(6, 5), (6, 5), (1, 5)], 30),
    ("masked_fill", [(6, 5), (1, 5)], 30),
    ("lerp", [(6, 5), (6, 5), (1, 5)], 90),
    ("addcmul", [(6, 5), (1, 5), (6, 1)], 90),
    ("addcdiv", [(6, 5), (1, 5), (6, 1)], 90),
    ("outer_product", [(6,), (5,)], 30),
    ("pairwise_distance", [(6, 5), (1, 5)], 4 * 30 + 6),
    ("pairwise_distance", [(6, 1), (6, 5)], 4 * 30 + 6),
    ("cosine_similarity", [(6, 5), (1, 5)], 4 * 6),
]


@for_each("name, shapes, work", BROADCAST)
def test_work_of_broadcast_inputs(name: str, shapes: list[Shape], work: int) -> None:
    layer = make(name)
    assert layer.elementwise(*shapes, layer.shape(*shapes)) == work


# convention, fields, shapes, view: one pair of vectors of channels for each position, or positions that meet
VIEWS: list[tuple[str, str, dict[str, Any], list[Shape], Any]] = [
    ("cosine_similarity", "formula", {"keep": True}, [(5, 7, 3), (5, 7, 3)], "pointwise"),
    ("cosine_similarity", "formula", {"keep": True}, [(5, 7, 3), (5, 7, 1)], "pointwise"),
    ("cosine_similarity", "formula", {}, [(5, 7, 3), (5, 7, 3)], ()),
    ("cosine_similarity", "formula", {"keep": True}, [(5, 7, 3), (1, 7, 3)], ()),
    ("cosine_similarity", "formula", {"keep": True, "axis": 1}, [(5, 7, 3), (5, 7, 3)], ()),
    ("cosine_similarity", "formula", {"keep": True, "axis": 2}, [(5, 7, 3), (5, 7, 3)], ()),
    ("cosine_similarity", "pytorch", {"keep": True}, [IMAGE, IMAGE], "pointwise"),
    ("cosine_similarity", "pytorch", {"keep": True, "axis": 2}, [IMAGE, IMAGE], ()),
    ("cosine_similarity", "pytorch", {"keep": True, "axis": -1}, [IMAGE, IMAGE], ()),
    ("pairwise_distance", "formula", {"keep": True}, [(5, 7, 3), (5, 7, 3)], "pointwise"),
    ("pairwise_distance", "pytorch", {"keep": True}, [IMAGE, IMAGE], ()),
]


@for_each("name, convention, fields, shapes, view", VIEWS)
def test_views_of_comparisons(
    name: str, convention: str, fields: dict[str, Any], shapes: list[Shape], view: Any
) -> None:
    assert make(name, convention, **fields).windows(*shapes) == view


def test_a_learned_vector_beside_an_image() -> None:
    """Compared along the channels, it meets every position of the image alike."""
    layer = make("cosine_similarity", keep=True).beside((0,))
    assert layer.windows((3,), (5, 7, 3)) == "pointwise"


# convention, axis, indices without a batch axis, shapes, view: a learned array before or after a sequence is padding
ALONG: list[tuple[str, Any, tuple[int, ...], list[Shape], Any]] = [
    ("formula", "height", (0,), [(2, 7, 3), (5, 7, 3)], (AxisWindow(1, 1, 2, 0, 7), AxisWindow(1, 1, 0, 0, 7))),
    ("formula", "width", (0, 2), [(5, 2, 3), (5, 7, 3), (5, 4, 3)],
     (AxisWindow(1, 1, 0, 0, 5), AxisWindow(1, 1, 2, 4, 13))),
    ("pytorch", "height", (1, 2), [(3, 5, 7), (3, 2, 7), (3, 4, 7)],
     (AxisWindow(1, 1, 0, 6, 11), AxisWindow(1, 1, 0, 0, 7))),
    ("pytorch", "width", (0,), [(3, 5, 2), (3, 5, 7)], (AxisWindow(1, 1, 0, 0, 5), AxisWindow(1, 1, 2, 0, 9))),
    ("formula", "height", (), [(2, 7, 3), (5, 7, 3)], ()),
    ("formula", "height", (0, 1), [(2, 7, 3), (5, 7, 3)], ()),
    ("pytorch", "channels", (0,), [(2, 5, 7), (3, 5, 7)], "pointwise"),
]  # fmt: skip


@for_each("convention, axis, unbatched, shapes, view", ALONG)
def test_views_of_joined_inputs(
    convention: str, axis: Any, unbatched: tuple[int, ...], shapes: list[Shape], view: Any
) -> None:
    assert make("concat", convention, axis=axis).beside(unbatched).windows(*shapes) == view


# addmm: indices without a batch axis, shapes of the sum's first input and of the factors, output
PRODUCTS: list[tuple[tuple[int, ...], list[Shape], Shape]] = [
    ((0,), [(5,), (3, 7), (7, 5)], (3, 5)),
    ((1,), [(2, 3, 5), (3, 7), (2, 7, 5)], (2, 3, 5)),
    ((2,), [(2, 3, 5), (2, 3, 7), (7, 5)], (2, 3, 5)),
    ((0, 1, 2), [(5,), (3, 7), (7, 5)], (3, 5)),
    ((0, 2), [(5,), (7,), (7, 5)], (5,)),
]


@for_each("unbatched, shapes, y", PRODUCTS)
def test_products_of_learned_arrays(unbatched: tuple[int, ...], shapes: list[Shape], y: Shape) -> None:
    assert make("addmm").beside(unbatched).shape(*shapes) == y


@for_each(
    "unbatched, message",
    [
        ((), RANKS.format("5", "3x5", 1, 2)),
        ((1,), RANKS.format("5", "3x5", 1, 2)),
        ((2,), RANKS.format("5", "3x5", 1, 2)),
        # the product of two learned matrices has no batch axis
        ((1, 2), MORE.format("3x5", 2, 1)),
    ],
)
def test_products_beside_vectors(unbatched: tuple[int, ...], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make("addmm").beside(unbatched).shape((5,), (3, 7), (7, 5))
    assert refusal.value.message == message


# torch.matmul: a vector of the sample or a learned one beside matrices
VECTORS: list[tuple[tuple[int, ...], list[Shape], Shape]] = [
    ((0,), [(5,), (5, 7)], (7,)),
    ((1,), [(3, 5), (5,)], (3,)),
    ((1,), [(5,), (5, 7)], (7,)),
    ((0, 1), [(5,), (5,)], ()),
]


@for_each("unbatched, shapes, y", VECTORS)
def test_vectors_in_products(unbatched: tuple[int, ...], shapes: list[Shape], y: Shape) -> None:
    """The output's shape, and of ones the number of products in each of its numbers, 5."""
    layer = make("matmul").beside(unbatched)
    assert layer.shape(*shapes) == y
    assert layer.macs(*shapes, y) == 5 * prod(y)
    arrays = [np.ones((1 if place in unbatched else 2, *shape)) for place, shape in enumerate(shapes)]
    found = layer.forward(np, *arrays)
    assert found.shape == (1 if len(unbatched) == 2 else 2, *y)
    assert (found == 5).all()


@for_each(
    "unbatched, shapes, message",
    [
        ((0,), [(5,), (5,)], "5 and 5 are vectors, but a matrix product needs rows and columns"),
        # PyTorch would give the batch another place
        ((1,), [(5,), (2, 5, 7)], MORE.format("2x5x7", 3, 1)),
    ],
)
def test_vectors_that_do_not_fit(unbatched: tuple[int, ...], shapes: list[Shape], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make("matmul").beside(unbatched).shape(*shapes)
    assert refusal.value.message == message


@for_each("name, vectors, message", [("transpose_a", (0,), "5 times 5x1"), ("transpose_b", (1,), "1x7 times 7")])
def test_vectors_have_no_axes_to_swap(name: str, vectors: tuple[int, ...], message: str) -> None:
    """The other input may be swapped."""
    shapes: list[Shape] = [(5,), (5, 1)] if name == "transpose_a" else [(1, 7), (7,)]
    other = "transpose_b" if name == "transpose_a" else "transpose_a"
    with pytest.raises(Refusal) as refusal:
        make("matmul", **{name: True}).beside(vectors).shape(*shapes)
    assert refusal.value.message == f"{message}: a vector has no axes that could be swapped"
    assert make("matmul", **{other: True}).beside(vectors).shape(*[each[::-1] for each in shapes]) == (1,)
