"""The numbers of a picture of a window: input and output of the first channel, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.forward.literal import ArrayError
from cnncalc.forward.window_values import window_values
from tests.together import for_each

SQUARE = [[1, 2], [3, 4]]


def tables(spec: str, data: object, weights: object = None, convention: str | None = None) -> object:
    graph = load(spec, convention=convention)
    kernel = None if weights is None else np.array(weights, float)
    return window_values(graph, graph.nodes[-1], np.array(data, float), kernel)


@for_each(
    ("spec", "convention", "data", "weights", "expected"),
    [
        ("2x2x1 -> max_pool 2", None, SQUARE, None, (((1, 2), (3, 4)), ((4,),))),
        ("2x2x1 -> max_pool 2", None, [[[1], [2]], [[3], [4]]], None, (((1, 2), (3, 4)), ((4,),))),
        # 1 − 4, and 0 after relu
        ("2x2x1 -> conv 1 2x2 bias=false", None, SQUARE, [[1, 0], [0, -1]], (((1, 2), (3, 4)), ((-3,),))),
        ("2x2x1 -> conv 1 2x2 bias=false relu", None, SQUARE, [[1, 0], [0, -1]], (((1, 2), (3, 4)), ((0,),))),
        # a sequence has one row; of two channels the first is shown, whatever the layout
        ("3x2 -> max_pool 3", None, [[1, 9], [5, 9], [2, 9]], None, (((1, 5, 2),), ((5,),))),
        ("2x1x3 -> max_pool [1,3]", "pytorch", [[[1, 5, 2]], [[9, 9, 9]]], None, (((1, 5, 2),), ((5,),))),
        # the first slice of a volume
        ("2x1x3x1 -> max_pool [1,1,3]", None, [[[1, 5, 2]], [[9, 9, 9]]], None, (((1, 5, 2),), ((5,),))),
    ],
)  # fmt: skip
def test_rows_of_numbers(spec: str, convention: str | None, data: object, weights: object, expected: object) -> None:
    assert tables(spec, data, weights, convention) == expected


@pytest.mark.parametrize(
    ("spec", "data", "message"),
    [
        ("2x2x1 -> max_pool 2", [1, 2, 3, 4], "the data must be 2x2x1, the input of max_pool_1; got 4"),
        ("2x2x1 -> max_pool 2", [[1, 2, 3], [4, 5, 6]], "the data must be 2x2x1, the input of max_pool_1; got 2x3"),
        ("2x2x1 -> relu name=a -> relu name=b -> add from=[a, b]", SQUARE, "add_1 does not have one input"),
    ],
)
def test_what_has_no_picture(spec: str, data: object, message: str) -> None:
    with pytest.raises(ArrayError, match=message):
        tables(spec, data)


def test_an_input_has_no_window() -> None:
    graph = load("2x2x1 -> relu")
    with pytest.raises(ArrayError, match="input does not have one input"):
        window_values(graph, graph.nodes[0], np.array(SQUARE, float), None)
