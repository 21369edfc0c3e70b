"""One layer on a literal array: the other homework question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnncalc.forward.apply import apply
from cnncalc.forward.literal import ArrayError, read_arrays

PICTURE = "[[1,1,1,0,0],[0,1,1,1,0],[0,0,1,1,1],[0,0,1,1,0],[0,1,1,0,0]]"
CROSS = "[[1,0,1],[0,1,0],[1,0,1]]"


def result(item: str, data: str, weights: str | None = None, bias: str | None = None, **options: object) -> object:
    arrays = [read_arrays(text) for text in data.split(" and ")]
    kernel = None if weights is None else read_arrays(weights)
    shift = None if bias is None else read_arrays(bias)
    return apply(item, arrays, kernel, shift, **options).output.tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "data", "expected"),
    [
        # pooling exercises of the courses
        ("max_pool 2", "[[1,0],[4,6]]", [[6]]),
        ("max_pool 2", "[[2,3],[6,8]]", [[8]]),
        ("max_pool 2", "[[1,1],[5,6]]", [[6]]),
        ("max_pool 2", "[[3,2],[1,2]]", [[3]]),
        ("avg_pool 2", "[[1,0],[4,7]]", [[3]]),
        ("max_pool 2", "[1,5,2,3]", [5, 3]),  # a list is a sequence
        ("max_pool2d 2", "[[1,5],[2,3]]", [[5]]),
        ("global_avg_pool", "[[1,2],[3,6]]", [[3]]),
        ("relu", "[[-1,2],[3,-4]]", [[0, 2], [3, 0]]),
        ("add", "[1,2] and [3,5]", [4, 7]),
        ("concat", "[1,2] and [3]", [1, 2, 3]),
        ("flatten", "[[1,2],[3,4]]", [1, 2, 3, 4]),
        ("zero_pad 1", "[[5]]", [[0, 0, 0], [0, 5, 0], [0, 0, 0]]),
    ],
)
def test_layers_without_weights(item: str, data: str, expected: object) -> None:
    """Worked by hand."""
    assert result(item, data) == expected


@pytest.mark.parametrize(
    ("item", "data", "weights", "bias", "expected"),
    [
        # the picture and the cross of the convolution demonstrations: 4 3 4 / 2 4 3 / 2 3 4
        ("conv 1 3x3", PICTURE, CROSS, None, [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
        ("conv 1 3x3", PICTURE, CROSS, "[10]", [[14, 13, 14], [12, 14, 13], [12, 13, 14]]),
        ("conv 1 3x3 s2", PICTURE, CROSS, None, [[4, 4], [2, 4]]),
        ("conv 1 2", "[1,2,3]", "[10,1]", None, [12, 23]),
        ("conv_transpose 1 2x2 s2", "[[1,2]]", "[[1,2],[3,4]]", None, [[1, 2, 2, 4], [3, 4, 6, 8]]),
        ("dense 2", "[1,2]", "[[1,10],[3,30]]", "[5,7]", [12, 77]),  # 1 + 6 + 5, 10 + 60 + 7
        ("conv 2 1x1", "[[2]]", "[3,5]", None, [[[6, 10]]]),  # two filters
        ("depthwise_conv 2", "[[[1,2],[3,4]],[[5,6],[7,8]]]", "[[[1,1],[1,0]],[[1,0],[1,0]]]", None, [[[16, 2]]]),
        ("batch_norm epsilon=0", "[4,9]", '{"mean": [1,1], "variance": [9,4]}', None, [1, 4]),
    ],
)
def test_layers_with_weights(item: str, data: str, weights: str, bias: str | None, expected: object) -> None:
    """Worked by hand."""
    assert result(item, data, weights, bias) == expected


def test_kernels_in_pytorchs_order() -> None:
    """Under pytorch, (filters, channels, height, width): two filters that pick one neighbour each."""
    kernel = "[[[[1,0],[0,0]]],[[[0,0],[0,1]]]]"
    assert result("conv 2 2x2", "[[1,2],[3,4]]", kernel, convention="pytorch") == [[[1]], [[4]]]


@pytest.mark.parametrize(
    ("item", "data", "weights", "workings"),
    [
        ("conv 1 2", "[1,2,3]", "[10,-1]", ["1·10 + 2·(-1)", "2·10 + 3·(-1)"]),
        ("max_pool 2 s1 p1", "[4,7]", None, ["max(4)", "max(4, 7)", "max(7)"]),
        ("avg_pool 2 s1 p1", "[4,7]", None, ["(4)/2", "(4 + 7)/2", "(7)/2"]),
        ("avg_pool 2 s1 p1 count_include_pad=false", "[4,7]", None, ["(4)/1", "(4 + 7)/2", "(7)/1"]),
        ("conv 1 2 p1 d2", "[5]", "[2,3]", ["0·2 + 0·3"]),  # taps at -1 and 1: both in the padding
        ("depthwise_conv 1x1", "[[[4,5]]]", "[2,3]", ["4·2", "5·3"]),  # each channel with its own kernel
    ],
)
def test_the_working(item: str, data: str, weights: str | None, workings: list[str]) -> None:
    """Each window's sum, as it would stand on paper; padding counts as 0 in a convolution."""
    array = read_arrays(data)
    assert isinstance(array, np.ndarray)
    kernel = None if weights is None else read_arrays(weights)
    found = apply(item, [array], kernel, traced=True)
    assert [step.working for step in found.traces] == workings


def test_what_has_no_windows_says_so() -> None:
    """A transposed convolution spreads; there is no window to write out."""
    with pytest.raises(ArrayError, match="no windows to trace"):
        apply("conv_transpose 1 2", [np.ones((2, 2))], np.ones((2, 2)), traced=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[1,2],[3]]", "different lengths"),
        ("[1,true]", "true is not a number"),
        ('["a"]', "is not a number"),
        ("[]", "empty"),
        ("[1,", "is not an array"),
        ("hello", "is not an array"),
        ("[" * 1000, "nested deeper"),
    ],
)
def test_texts_that_are_no_arrays(text: str, message: str) -> None:
    """Each says what is wrong."""
    with pytest.raises(ArrayError, match=message):
        read_arrays(text)


@pytest.mark.parametrize(
    ("item", "data", "weights", "message"),
    [
        ("conv 1 3x3", np.ones((4, 4)), None, "give the kernel with --weights: 9 numbers, 3x3x1x1"),
        ("conv 1 3x3", np.ones((4, 4)), np.ones((2, 2)), "the kernel must be 3x3x1x1, got 2x2"),
        ("relu", np.ones((4, 4)), np.ones((2, 2)), "relu has no weights"),
        ("batch_norm", np.ones(3), {"gamma": np.ones(3)}, "has no weight 'gamma'"),
        ("max_pool 2 -> relu", np.ones((4, 4)), None, "2 layers"),
    ],
)
def test_arrays_that_do_not_fit(item: str, data: object, weights: object, message: str) -> None:
    """Each says what is needed and what was given."""
    with pytest.raises(ArrayError, match=message):
        apply(item, [data], weights)  # type: ignore[list-item, arg-type]


def test_files(tmp_path: Path) -> None:
    """Arrays come from .npy and .csv files too; a pickle is never opened."""
    np.save(tmp_path / "a.npy", np.array([[1, 0], [4, 6]]))
    (tmp_path / "a.csv").write_text("1,0\n4,6\n", encoding="utf-8")
    np.save(tmp_path / "b.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    for name in ("a.npy", "a.csv"):
        assert np.array_equal(read_arrays(str(tmp_path / name)), [[1, 0], [4, 6]])
    with pytest.raises(ArrayError, match="plain numbers"):
        read_arrays(str(tmp_path / "b.npy"))
