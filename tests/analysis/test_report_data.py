"""The machine-readable report, field by field, for one layer by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis.analyze import examine, load
from cnncalc.analysis.explain import explain, explain_graph, explanations
from cnncalc.analysis.figures import report_on
from tests.together import for_each


def test_the_report_of_one_layer() -> None:
    """8·8·3·20 + 20 parameters, at 14·14 positions; two operations per MAC, and 3,920 biases that are added."""
    found = cnncalc.analyze({"name": "quiz", "input": "32x32x3", "layers": [{"conv": {"filters": 20, "kernel": 8,
                             "stride": 2, "padding": [[1, 1], [1, 1]]}}]}).to_dict()  # fmt: skip
    location = found["layers"][0].pop("location")
    assert location["line"] > 0
    assert found == {
        "format": 1, "name": "quiz", "convention": "formula", "layout": "HWC", "dtype": "float32", "batch": 1,
        "inputs": [{"name": "input", "shape": [32, 32, 3]}],
        "layers": [{
            "name": "conv_1", "type": "conv", "inputs": ["input"], "output_shape": [14, 14, 20],
            "params": 3860, "trainable_params": 3860, "non_trainable_params": 0, "buffers": 0,
            "unshared_params": 756_560, "macs": 752_640, "flops": 1_509_200, "activation_elements": 3920,
            "activation_bytes": 15_680, "receptive_field": [8, 8], "effective_stride": [2, 2],
            "input_shapes": [[32, 32, 3]], "kernel": [8, 8], "stride": [2, 2], "padding": [[1, 1], [1, 1]],
            "shares_with": None, "share": 1.0,
        }],
        "outputs": [{"name": "conv_1", "shape": [14, 14, 20]}],
        "totals": {
            "params": 3860, "trainable_params": 3860, "non_trainable_params": 0, "buffers": 0,
            "unshared_params": 756_560, "macs": 752_640, "flops": 1_509_200, "param_bytes": 15_440,
            "activation_elements": 3920, "peak_activation_bytes": 27_968,
        },
    }  # fmt: skip


def test_fields_that_a_layer_may_lack() -> None:
    """A dense layer has no window; its field is the whole input."""
    (layer,) = cnncalc.analyze("7 -> dense 3").to_dict()["layers"]
    assert [layer[name] for name in ("kernel", "stride", "padding", "receptive_field", "effective_stride")] == [
        None
    ] * 5
    assert "samples" not in layer


def test_samples_of_regions() -> None:
    """Three boxes of each image; shared weights are named."""
    boxes = cnncalc.analyze("x: 4x9x9, boxes: 3x4 -> roi_align 2 from=[x, boxes] -> relu", convention="pytorch")
    assert [layer["samples"] for layer in boxes.to_dict()["layers"]] == [3, 3]
    tied = cnncalc.analyze("9x9x3 -> conv 3 1x1 name=a -> conv 3 1x1 share_weights=a").to_dict()["layers"]
    assert [layer["shares_with"] for layer in tied] == [None, "a"]
    assert [layer["share"] for layer in tied] == [1.0, 0.0]


def test_shares_of_parameters() -> None:
    """3·3·3·2 + 2 = 56 and 2·4 + 4 = 12 parameters of 68; none where there are no parameters."""
    report = cnncalc.analyze("9x9x3 -> conv 2 3x3 -> conv 4 1x1")
    assert [report.share(layer) for layer in report.layers] == pytest.approx([Fraction(56, 68), Fraction(12, 68)])
    plain = cnncalc.analyze("9x9x3 -> relu")
    assert plain.share(plain.layers[0]) is None
    with pytest.raises(KeyError, match='there is no layer "conv_9"'):
        report.layer("conv_9")


@for_each(
    ("spec", "options", "counts"),
    [
        # 3·3·3·4 + 4, frozen
        ("5x7x3 -> conv 4 3x3 trainable=false", {}, [(112, 0, 112, 0)]),
        ("5x7x3 -> conv 4 3x3 trainable=buffer", {}, [(0, 0, 0, 112)]),
        # a batch norm's statistics: buffers, or parameters under Keras
        ("5x7x3 -> batch_norm", {}, [(6, 6, 0, 6)]),
        ("5x7x3 -> batch_norm", {"convention": "keras"}, [(12, 6, 6, 0)]),
        ("5x7x3 -> batch_norm trainable=false", {"convention": "keras"}, [(12, 0, 12, 0)]),
        # weights of another layer count there: all of them, or a table of 10x4 without the biases
        ("5x7x3 -> conv 3 1x1 name=a -> conv 3 1x1 share_weights=a", {}, [(12, 12, 0, 0), (0, 0, 0, 0)]),
        ("7 -> embedding 10 4 name=e -> dense 10 share_weights=e", {"convention": "pytorch"},
         [(40, 40, 0, 0), (10, 10, 0, 0)]),
    ],
)  # fmt: skip
def test_where_parameters_count(spec: str, options: dict[str, str], counts: list[tuple[int, int, int, int]]) -> None:
    """All, trained, not trained, and buffers, of each layer; the totals are their sums."""
    report = cnncalc.analyze(spec, **options)  # type: ignore[arg-type]
    assert [
        (layer.params, layer.trainable_params, layer.non_trainable_params, layer.buffers) for layer in report.layers
    ] == counts
    assert report.totals[:4] == tuple(map(sum, zip(*counts, strict=True)))


def test_work_without_a_batch() -> None:
    """A learned array is worked on once, what joins it with the input once for each of three samples."""
    layers = cnncalc.analyze("4 -> add(identity | parameter 4 -> relu)", batch=3).layers
    assert [layer.flops for layer in layers] == [0, 0, 4, 12]
    assert [layer.activation_elements for layer in layers] == [12, 0, 4, 12]


def test_a_report_is_of_one_sample() -> None:
    """Where nothing is said, in every function that makes a report or an explanation."""
    spec = "32x32x3 -> conv 20 8x8 s2 p1"
    for report in (cnncalc.analyze(spec), examine(spec)[1], report_on(load(spec))):
        assert (report.batch, report.dtype, report.totals.macs) == (1, "float32", 752_640)
    for found in (explain(spec), explain_graph(load(spec)), list(explanations(load(spec)))):
        assert [each.macs.value for each in found if each.macs] == [752_640]
