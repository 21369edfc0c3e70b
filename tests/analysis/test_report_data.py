"""The machine-readable report, field by field, for one layer by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc


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
