"""Darknet configurations: parameters and work of published networks, shapes by darknet's formulas, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.darknet_files import conv, darknet53_classifier, section, yolov2_tiny_voc, yolov3


def written(folder: Path, text: str) -> Path:
    file = folder / "net.cfg"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "params", "operations"),
    [
        (yolov3(), 61_949_149, 65.86e9),  # Redmon and Farhadi, YOLOv3, and darknet's own print of YOLOv3-416
        (darknet53_classifier(), 41_609_928, 18.57e9),  # pjreddie.com/darknet/imagenet; parameters by hand
        (yolov2_tiny_voc(), 15_861_773, 6.97e9),  # darknet's print of yolov2-tiny-voc
    ],
    ids=["yolov3", "darknet53", "yolov2-tiny-voc"],
)
def test_published_networks(text: str, params: int, operations: float, tmp_path: Path) -> None:
    """Parameters are the published ones; darknet's BFLOPs are two per multiply–accumulate."""
    report = cnncalc.analyze(written(tmp_path, text))
    assert report.totals.params == params
    assert 2 * report.totals.macs == pytest.approx(operations, rel=1e-3)
    assert report.findings == ()


NET = section("net", width=17, height=13, channels=6)


@pytest.mark.parametrize(
    ("sections", "shape"),
    [
        # out = (n + 2·pad − size)/stride + 1, pad=1: size//2 = 2
        (section("convolutional", filters=5, size=5, stride=2, pad=1), (5, 7, 9)),
        (section("convolutional", filters=5, size=5, stride=1, padding=1), (5, 11, 15)),
        (section("convolutional", filters=4, size=3, pad=1, groups=2, stride_x=2, stride_y=1), (4, 13, 9)),
        # padding is size − 1 in all: (n + 1 − 2)/2 + 1 rounds up, and (n + 1 − 2)/1 + 1 keeps the size
        (section("maxpool", size=2, stride=2), (6, 7, 9)),
        (section("maxpool", size=2, stride=1), (6, 13, 17)),
        (section("maxpool", size=5, stride=1), (6, 13, 17)),
        (section("maxpool", size=3, stride=2, padding=0), (6, 6, 8)),
        (section("local_avgpool", size=3, stride=2), (6, 7, 9)),
        (section("avgpool"), (6, 1, 1)),
        (section("upsample", stride=3), (6, 39, 51)),
        (section("crop", crop_height=7, crop_width=5), (6, 7, 5)),
        (section("local", filters=2, size=3, stride=2, pad=1), (2, 7, 9)),  # (n − 1)/stride + 1
        (section("local", filters=2, size=3, stride=2, pad=0), (2, 6, 8)),  # (n − size)/stride + 1
        (section("deconvolutional", filters=2, size=4, stride=2), (2, 28, 36)),  # (n − 1)·stride + size
        (section("connected", output=11), (11,)),
        (conv(4, 1) + section("route", layers="-1,-1"), (8, 13, 17)),
        (conv(4, 1) + section("route", layers=-1, groups=2, group_id=1), (2, 13, 17)),
        (conv(4, 1) + conv(6, 3) + section("shortcut", from_=-2), (6, 13, 17)),  # the common channels are added
        (conv(6, 1) + conv(4, 3) + section("shortcut", from_=-2), (4, 13, 17)),
        (conv(4, 1) + section("avgpool") + section("scale_channels", from_=-2), (4, 13, 17)),
        (conv(4, 1) + conv(4, 1) + section("sam", from_=-2), (4, 13, 17)),
        (section("crnn", hidden_filters=3, output_filters=5, size=3), (5, 13, 17)),
    ],
)  # fmt: skip
def test_shapes(sections: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    """The formulas of darknet's source, with distinct sizes; each layer also agrees with the stated one."""
    report = cnncalc.analyze(written(tmp_path, NET + sections))
    assert report.outputs[0].shape == shape
    assert report.findings == ()


def test_reorg_halves_the_map(tmp_path: Path) -> None:
    """64x26x26 becomes 256x13x13, as in YOLOv2."""
    text = section("net", width=26, height=26, channels=64) + section("reorg", stride=2)
    assert cnncalc.analyze(written(tmp_path, text)).outputs[0].shape == (256, 13, 13)


@pytest.mark.parametrize(
    ("sections", "params"),
    [
        (conv(5, 3), 5 * 6 * 9 + 2 * 5),  # no bias of its own: scales and shifts
        (conv(5, 3, bare=True), 5 * 6 * 9 + 5),
        (section("connected", output=11), 11 * 6 * 13 * 17 + 11),
        (section("local", filters=2, size=3, stride=1, pad=1), 13 * 17 * (9 * 6 * 2 + 2)),  # a bias an output
        # three convolutions: 6 → 3, 3 → 3, 3 → 5, each with biases
        (section("crnn", hidden_filters=3, output_filters=5, size=3), 9 * (6 * 3 + 3 * 3 + 3 * 5) + 3 + 3 + 5),
        (conv(4, 1) + conv(4, 1) + section("shortcut", from_=-2, weights_type="per_channel"), 24 + 8 + 16 + 8 + 8),
    ],
)
def test_parameters(sections: str, params: int, tmp_path: Path) -> None:
    """Parameters by hand."""
    assert cnncalc.analyze(written(tmp_path, NET + sections)).totals.trainable_params == params


def test_recurrent_layers_have_a_bias_for_input_and_state(tmp_path: Path) -> None:
    """Each gate has two connected layers, each with a bias: 4·(7·5 + 5·5 + 2·5) for an LSTM of 5 on 7 features."""
    text = section("net", inputs=7, time_steps=3) + section("lstm", output=5)
    report = cnncalc.analyze(written(tmp_path, text))
    assert (report.totals.params, report.outputs[0].shape) == (280, (3, 5))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (NET + "[convolutonal]\nfilters=4\n", (5, 1), "convolutonal"),
        (NET + "[convolutional]\nfilters=four\n", (6, 9), "filters: got four, but it must be a whole number"),
        (NET + "[convolutional]\nfilters=-4\n", (6, 9), "must be at least 1"),
        (NET + conv(4, 1) + "[shortcut]\nfrom=-7\n", (13, 6), "only 0 to 0 come before it"),
        (NET + conv(4, 1) + "[yolo]\nmask=0,1,2\nclasses=1\n", (12, 1), "= 18 channels, but 4 arrive"),
        (NET + "filters 4\n", (5, 1), "has no equals sign"),
        ("[net]\nwidth=8\nchannels=3\n[avgpool]\n", (1, 1), "height is missing"),
        (NET, (1, 1), "no layer"),
        (NET + section("convolutional", filters=4, size=99), (5, 1), "too small"),
    ],
)
def test_refusals_have_a_place(text: str, place: tuple[int, int], message: str, tmp_path: Path) -> None:
    """A mistake is one E111 at its line and column, in the file's words."""
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, text))
    (found,) = caught.value.diagnostics
    assert (found.code, (found.line, found.column)) == ("E111", place)
    assert message in found.message


@pytest.mark.parametrize(
    ("options", "warnings"),
    [
        ({"siez": 3}, [("[convolutional] unknown key siez", "did you mean size?")]),
        ({"size": 3, "stopbackward": 1, "burn_in": 5}, []),  # keys of training
        ({"my_note": 3}, []),  # close to no key
    ],
)
def test_unknown_keys(options: dict[str, int], warnings: list[tuple[str, str]], tmp_path: Path) -> None:
    """A key that is close to one of darknet's is a warning, as darknet reports an unused field."""
    found = cnncalc.lint(written(tmp_path, NET + section("convolutional", filters=4, **options)))
    assert [(each.message, each.hint) for each in found if each.code == "E112"] == warnings
