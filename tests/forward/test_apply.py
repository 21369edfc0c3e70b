"""One layer on a literal array: the other homework question."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.forward.apply import GivenWeights, SettingNames, _layout, apply
from cnncalc.forward.literal import ArrayError, read_array, read_arrays
from cnncalc.render.apply_result import as_json
from tests.together import for_each

PICTURE = "[[1,1,1,0,0],[0,1,1,1,0],[0,0,1,1,1],[0,0,1,1,0],[0,1,1,0,0]]"
CROSS = "[[1,0,1],[0,1,0],[1,0,1]]"


def result(item: str, data: str, weights: str | None = None, bias: str | None = None, **options: object) -> object:
    arrays = [read_arrays(text) for text in data.split(" and ")]
    kernel = None if weights is None else read_arrays(weights)
    shift = None if bias is None else read_arrays(bias)
    weights = GivenWeights(kernel, shift)  # type: ignore[arg-type]
    return apply(item, arrays, weights, SettingNames(**options)).output.tolist()  # type: ignore[arg-type]


@for_each(
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


@for_each(
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


@for_each(
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
    found = apply(item, [array], GivenWeights(kernel), traced=True)
    assert [step.working for step in found.traces] == workings


def steps(item: str, data: str, weights: str | None, **options: object) -> list[tuple[str, str, float]]:
    array, kernel = read_arrays(data), None if weights is None else read_arrays(weights)
    names = SettingNames(**options)  # type: ignore[arg-type]
    found = apply(item, [array], GivenWeights(kernel), names, traced=True)  # type: ignore[arg-type, list-item]
    return [(step.gathers, step.working, step.value) for step in found.traces]


@for_each(
    ("item", "data", "weights", "expected"),
    [
        # windows of 2 stand apart: each output gathers one input
        (
            "conv_transpose 1 2 s2", "[3,5]", "[7,11]",
            [("x(0)·k(0)", "3·7", 21), ("x(0)·k(1)", "3·11", 33), ("x(1)·k(0)", "5·7", 35), ("x(1)·k(1)", "5·11", 55)],
        ),
        # (2 − 1)·2 + 3 − 2 = 3 outputs; the middle one lies under both kernels
        (
            "conv_transpose 1 3 s2 p1", "[1,2]", "[1,10,100]",
            [("x(0)·k(1)", "1·10", 10), ("x(1)·k(0) + x(0)·k(2)", "2·1 + 1·100", 102), ("x(1)·k(1)", "2·10", 20)],
        ),
        # taps two apart: 5 outputs from [1, 2, 3] with kernel [1, 10] at distance 2
        (
            "conv_transpose 1 2 d2", "[1,2,3]", "[1,10]",
            [
                ("x(0)·k(0)", "1·1", 1), ("x(1)·k(0)", "2·1", 2), ("x(2)·k(0) + x(0)·k(1)", "3·1 + 1·10", 13),
                ("x(1)·k(1)", "2·10", 20), ("x(2)·k(1)", "3·10", 30),
            ],
        ),
        # stride 3 leaves a hole behind a kernel of 1, and the output padding adds another
        ("conv_transpose 1 1 s3 output_padding=1", "[4]", "[2]", [("x(0)·k(0)", "4·2", 8), ("no input", "0", 0)]),
        # two groups: filter 0 reads channel 0, filter 1 channel 1
        (
            "conv_transpose 2 1x1 g2", "[[[3,5]]]", "[7,11]",
            [("x(0, 0)·k(0, 0)", "3·7", 21), ("x(0, 0)·k(0, 0)", "5·11", 55)],
        ),
        # every position of a locally connected layer has its own kernel and bias
        (
            "locally_connected 1 2", "[1,2,3]", "[[1,10],[100,1000]]",
            [("", "1·1 + 2·10", 21), ("", "2·100 + 3·1000", 3200)],
        ),
        # what ceil adds beyond the padding never counts in a mean; what was asked for does
        ("avg_pool 2 ceil", "[1,2,3]", None, [("", "(1 + 2)/2", 1.5), ("", "(3)/1", 3)]),
        (
            "avg_pool 3 s2 p1 ceil", "[1,2,3,4]", None,
            [("", "(1 + 2)/3", 1), ("", "(2 + 3 + 4)/3", 3), ("", "(4)/2", 2)],
        ),
        ("global_avg_pool", "[[1,2],[3,6]]", None, [("", "(1 + 2 + 3 + 6)/4", 3)]),
        # bins of 3 in 2: from ⌊i·3/2⌋ to ⌈(i + 1)·3/2⌉, 0 to 2 and 1 to 3
        ("adaptive_max_pool 2", "[1,3,2]", None, [("", "max(1, 3)", 3), ("", "max(3, 2)", 3)]),
        ("dense 1", "[2,3]", "[[5],[7]]", [("", "2·5 + 3·7", 31)]),
        ("lp_pool 2 norm=inf", "[1,-2]", None, [("", "max(|1|, |-2|)", 2)]),
    ],
)  # fmt: skip
def test_what_each_output_gathers(
    item: str, data: str, weights: str | None, expected: list[tuple[str, str, float]]
) -> None:
    """Worked by hand."""
    assert steps(item, data, weights) == expected


def test_separable_workings() -> None:
    """Two channels, each with its own window of 1, then mixed: (1·2)·5 + (3·7)·11 = 241."""
    weights = {"depthwise_kernel": np.array([2.0, 7.0]), "pointwise_kernel": np.array([5.0, 11.0])}
    (step,) = apply("separable_conv 1 1x1", [np.array([[[1.0, 3.0]]])], GivenWeights(weights), traced=True).traces
    assert (step.working, step.value) == ("(1·2)·5 + (3·7)·11", 241)


def test_workings_under_channels_first() -> None:
    """Outputs stand channel by channel, their workings position by position; each has its own value."""
    assert steps("conv 2 1", "[3,5]", "[2,7]", convention="pytorch") == [
        ("", "3·2", 6), ("", "3·7", 21), ("", "5·2", 10), ("", "5·7", 35),
    ]  # fmt: skip


def test_workings_before_an_activation() -> None:
    """The sum is what stands before the activation: 3·(-2) = -6, of which relu makes 0."""
    (step,) = apply("conv 1 1 relu", [np.array([3.0])], GivenWeights(np.array([-2.0])), traced=True).traces
    assert (step.working, step.value, step.activated) == ("3·(-2)", -6, 0)


@pytest.mark.parametrize(
    ("item", "data", "weights", "expected"),
    [
        # torch.nn.ConvTranspose1d's weight is (inputs, outputs, kernel): 1·2 + 10·5 and 1·3 + 10·7
        ("conv_transpose1d 2 1", [[1], [10]], [[[2], [3]], [[5], [7]]], [[52], [73]]),
        # torch.nn.Conv1d's is (outputs, inputs, kernel): 1·2 + 10·3 and 1·5 + 10·7
        ("conv1d 2 1", [[1], [10]], [[[2], [3]], [[5], [7]]], [[32], [75]]),
        # torch.nn.Embedding's is (vocabulary, dimension), as everyone's: index 1 is its second row
        ("embedding 2 2", [1], [[2, 3], [5, 7]], [[5, 7]]),
    ],
)
def test_pytorchs_orders(item: str, data: object, weights: object, expected: object) -> None:
    """Square weights, which any order fits, are read as PyTorch has them."""
    found = apply(item, [np.array(data, float)], GivenWeights(np.array(weights, float)), SettingNames("pytorch"))
    assert found.output.tolist() == expected


@pytest.mark.parametrize("item", ["relu", "flatten", "deformable_conv 1 1"])
def test_what_has_no_working_says_so(item: str) -> None:
    """There is no sum of windows to write out."""
    weights = {"kernel": np.ones(1), "offset_kernel": np.ones(2), "offset_bias": np.ones(2)}
    with pytest.raises(ArrayError, match=f"{item.split()[0]} has no working to show"):
        apply(item, [np.ones((2, 2))], GivenWeights(weights if "conv" in item else None), traced=True)


@for_each(
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
        ("max_pool 2 -> relu", np.ones((4, 4)), None, '"max_pool 2 -> relu" is 2 layers'),
        ("4x4x1 -> relu", np.ones((4, 4)), None, "begins with an input: give the layer alone"),
    ],
)
def test_arrays_that_do_not_fit(item: str, data: object, weights: object, message: str) -> None:
    """Each says what is needed and what was given."""
    with pytest.raises(ArrayError, match=message):
        apply(item, [data], GivenWeights(weights))  # type: ignore[list-item, arg-type]


def test_a_wrong_item_stands_behind_its_data() -> None:
    """The excerpt shows the data's shape, its channel added, before the item as it was typed."""
    with pytest.raises(SpecError) as caught:
        apply("max_pool 3", [np.ones((2, 2))])
    (wrong,) = caught.value.diagnostics
    assert (wrong.code, wrong.line, wrong.column) == ("E301", 1, len("2x2x1 -> max_pool ") + 1)
    assert wrong.span is not None
    assert wrong.span.source.text == "2x2x1 -> max_pool 3"


def test_what_json_cannot_say_is_null() -> None:
    """A window that sees nothing but padding has no maximum: minus infinity, for which JSON has no word."""
    found = apply("max_pool 2 d2 p1", [np.array([5.0])], traced=True)
    assert found.output.tolist() == [-np.inf]
    written = json.loads(as_json(found))
    assert (written["output"], written["trace"][0]["value"], written["trace"][0]["working"]) == (
        [None], None, "max(nothing)",
    )  # fmt: skip


def test_files(tmp_path: Path) -> None:
    """Arrays come from .npy and .csv files too; a pickle is never opened."""
    np.save(tmp_path / "a.npy", np.array([[1, 0], [4, 6]]))
    (tmp_path / "a.csv").write_text("1,0\n4,6\n", encoding="utf-8")
    np.save(tmp_path / "b.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    for name in ("a.npy", "a.csv"):
        assert np.array_equal(read_arrays(str(tmp_path / name)), [[1, 0], [4, 6]])
    with pytest.raises(ArrayError, match="plain numbers"):
        read_arrays(str(tmp_path / "b.npy"))


@pytest.mark.parametrize("convention", ["formula", "pytorch"])
def test_data_without_channels_gives_a_table(convention: str) -> None:
    """The single channel is added and removed again, in either layout; a list stays a list."""
    names = SettingNames(convention)
    table = read_array("[[1 2 3 4][5 6 7 8]]", "data")
    assert apply("max_pool 2", [table], names=names).output.tolist() == [[6, 8]]
    assert apply("max_pool 2", [read_array("[1 2 3 4]", "data")], names=names).output.tolist() == [2, 4]
    assert apply("max_pool 2", [table], names=names).output_shape == (
        (1, 2, 1) if convention == "formula" else (1, 1, 2)
    )


def test_one_number_fills_a_weight() -> None:
    """Numbers of batch_norm: a scale of 3 for all channels, and the starting values of the others."""
    data = np.arange(12.0).reshape(2, 2, 3)
    found = apply("batch_norm epsilon=0", [data], GivenWeights({"scale": np.array([3.0])}))
    assert np.allclose(found.output, 3 * data)
    with pytest.raises(ArrayError, match="the scale must be 3, got 2"):
        apply("batch_norm epsilon=0", [data], GivenWeights({"scale": np.ones(2)}))


def test_an_activation_of_the_item_is_applied() -> None:
    found = apply("conv 1 1x1 bias=false relu", [np.array([[-1.0, 2.0]])], GivenWeights(np.array([[2.0]])))
    assert found.output.tolist() == [[0, 4]]


def test_the_layout_of_data() -> None:
    """The stated one, or the convention's; unknown words are reported later."""
    assert [_layout(None, None), _layout("", None), _layout("pytorch", None), _layout("keras", None)] == [
        "HWC", "HWC", "CHW", "HWC",
    ]  # fmt: skip
    assert [_layout("pytorch", "channels_last"), _layout("nope", None), _layout(None, "nope")] == ["HWC", None, None]
