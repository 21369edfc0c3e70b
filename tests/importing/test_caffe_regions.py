"""Caffe's detectors of two stages, and what surrounds them: Python layers, regions, placeholders, phases."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from tests.importing.caffe_files import conv, dense, given, layer

BASE = given(3, 64, 96) + conv("c", "data", 18, 3, "pad: 1 stride: 16") + layer("s", "Softmax", "c")
PROPOSAL = layer("rois", "Python", ["s", "c"], 'python_param { module: "rpn.proposal_layer" layer: "ProposalLayer" }')
POOL = layer("pool", "ROIPooling", ["c", "rois"], "roi_pooling_param { pooled_w: 7 pooled_h: 6 spatial_scale: 0.0625 }")


def written(folder: Path, text: str) -> Path:
    path = folder / "net.prototxt"
    path.write_text(text, encoding="utf-8")
    return path


def warnings_of(file: Path, **variables: int) -> list[str]:
    return [remark.message for remark in load(file, variables=variables).remarks]


def shapes(file: Path, **options: object) -> dict[str, tuple[int, ...]]:
    return {each.name: each.output_shape for each in cnncalc.analyze(file, **options).layers}  # type: ignore[arg-type]


def test_regions_by_proposals(tmp_path: Path) -> None:
    """300 boxes in the test phase (Ren et al.): the dense layer has 300·(18·6·7·10) MACs."""
    file = written(tmp_path, BASE + PROPOSAL + POOL + dense("d", "pool", 10))
    report = cnncalc.analyze(file)
    found = {each.name: each for each in report.layers}
    assert found["rois"].output_shape == (300, 4)
    assert found["pool"].output_shape == (18, 6, 7)
    assert (found["d"].params, found["d"].macs) == (7_570, 300 * 7_560)
    assert any("keeps 300 boxes" in message for message in warnings_of(file))


def test_another_number_of_regions(tmp_path: Path) -> None:
    file = written(tmp_path, BASE + PROPOSAL + POOL + dense("d", "pool", 10))
    report = cnncalc.analyze(file, variables={"regions": 20})
    assert report.layers[-1].macs == 20 * 7_560
    assert not any("boxes" in message for message in warnings_of(file, regions=20))


def test_regions_as_an_input(tmp_path: Path) -> None:
    """Fast R-CNN gives them beside the image, five numbers per row."""
    rois = 'input: "rois"\ninput_shape { dim: 32 dim: 5 }\n'
    image = 'input: "data"\ninput_shape { dim: 1 dim: 3 dim: 64 dim: 96 }\n'
    text = image + rois + conv("c", "data", 18, 3, "pad: 1 stride: 16") + POOL + dense("d", "pool", 10)
    report = cnncalc.analyze(written(tmp_path, text))
    assert report.layers[-1].macs == 32 * 7_560
    assert [each.name for each in report.inputs] == ["data"]


def test_a_data_layer_in_python(tmp_path: Path) -> None:
    """It has no bottom; its labels, which only a loss reads, are no input. 18·(3·9 + 1) parameters."""
    data = 'layer { name: "d" type: "Python" top: "data" top: "label" python_param { module: "a" layer: "B" } }\n'
    text = data + conv("c", "data", 18, 3) + layer("loss", "SoftmaxWithLoss", ["c", "label"])
    report = cnncalc.analyze(written(tmp_path, text), input="3x8x8")
    assert ([each.name for each in report.inputs], report.totals.params) == (["data"], 504)


@pytest.mark.parametrize(
    ("kind", "bottoms"),
    [
        ("SoftmaxWithLossOHEM", ["c", "label"]), ("SmoothL1LossOHEM", ["c", "c", "c"]), ("SegAccuracy", ["c", "label"]),
        ("BoxAnnotatorOHEM", ["c", "c"]),
    ],
)  # fmt: skip
def test_losses_of_forks_are_left_out(kind: str, bottoms: list[str], tmp_path: Path) -> None:
    """R-FCN's losses of the hardest examples, and DeepLab's measure."""
    assert list(shapes(written(tmp_path, BASE + layer("loss", kind, bottoms)))) == ["c", "relu_c", "s"]


def test_sums_of_losses_are_left_out(tmp_path: Path) -> None:
    """R-FCN adds the losses of each region, and chooses the hardest regions by them."""
    losses = layer("a", "SoftmaxWithLossOHEM", ["c", "label"]) + layer("b", "SmoothL1LossOHEM", ["c", "c", "c"])
    text = BASE + losses + layer("both", "Eltwise", ["a", "b"]) + layer("hard", "BoxAnnotatorOHEM", ["c", "both"])
    assert list(shapes(written(tmp_path, text))) == ["c", "relu_c", "s"]


def test_dropout_of_selu(tmp_path: Path) -> None:
    """It keeps the mean and variance, as PyTorch's AlphaDropout does."""
    drop = layer("d", "SeLuDropout", "c", "selu_dropout_param { dropout_ratio: 0.1 }")
    found = cnncalc.analyze(written(tmp_path, BASE + drop)).layers[-1]
    assert (found.type, found.setting("rate")) == ("alpha_dropout", 0.1)


def test_targets_of_a_loss_are_left_out(tmp_path: Path) -> None:
    target = layer("t", "Python", "c", 'python_param { module: "rpn.anchor_target_layer" layer: "AnchorTargetLayer" }')
    loss = layer("loss", "SoftmaxWithLoss", ["c", "t"])
    assert list(shapes(written(tmp_path, BASE + target + loss))) == ["c", "relu_c", "s"]


@pytest.mark.parametrize(
    ("dims", "shape"),
    [
        ("dim: 0 dim: 2 dim: -1 dim: 0", (2, 36, 6)),  # 18·4·6/(2·6), with the bottom's width
        ("dim: 0 dim: 0 dim: -1", (18, 24)),
        ("dim: 1 dim: -1", (432,)),
        ("dim: -1 dim: 18 dim: 24", (18, 24)),  # 18·4·6 = 18·24: -1 is the batch
    ],
)
def test_reshapes_copy_sizes(dims: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    """Caffe, layer Reshape: 0 copies the size of the bottom, −1 is what remains."""
    text = BASE + layer("r", "Reshape", "c", f"reshape_param {{ shape {{ {dims} }} }}")
    assert shapes(written(tmp_path, text))["r"] == shape


def test_factors_for_channels(tmp_path: Path) -> None:
    """A vector scales the channels of a map, as in SENet."""
    down = layer("g", "Pooling", "c", "pooling_param { pool: AVE global_pooling: true }")
    flat = layer("f", "Reshape", "g", "reshape_param { shape { dim: 0 dim: 0 } }")
    text = BASE + down + flat + layer("scaled", "Scale", ["c", "f"], "scale_param { axis: 0 }")
    assert shapes(written(tmp_path, text))["scaled"] == (18, 4, 6)


def test_one_pixel_is_a_placeholder(tmp_path: Path) -> None:
    """OpenPose's image is 3×1×1 in its file: the program sets the size. A vector of 784 inputs is one."""
    text = given(3, 1, 1) + conv("c", "data", 4, 3)
    with pytest.raises(SpecError, match="the file leaves its shape open"):
        cnncalc.analyze(written(tmp_path, text))
    assert shapes(written(tmp_path, text), input="3x8x9")["c"] == (4, 6, 7)
    assert cnncalc.analyze(written(tmp_path, given(784, 1, 1) + dense("d", "data", 10))).totals.params == 7_850


def test_data_of_another_phase(tmp_path: Path) -> None:
    """The hint works when followed."""
    data = 'layer { name: "d" type: "Data" top: "data" include { phase: TRAIN } transform_param { crop_size: 8 } }\n'
    file = written(tmp_path, data + conv("c", "data", 4, 3))
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(file, variables={"phase": "TEST"})
    assert caught.value.diagnostics[0].hint == "only a layer of the phase TRAIN has this top: --set phase=TRAIN"
    assert shapes(file, variables={"phase": "TRAIN"})["c"] == (4, 6, 6)


def test_data_resized_by_its_transform(tmp_path: Path) -> None:
    """SSD's data layers state height and width."""
    data = (
        'layer { name: "d" type: "AnnotatedData" top: "data" transform_param { '
        "resize_param { prob: 1 height: 30 width: 20 } } }\n"
    )
    assert shapes(written(tmp_path, data + conv("c", "data", 4, 3)))["c"] == (4, 28, 18)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (POOL.replace('"rois"', '"s"'), "the number of regions is not known"),
        (POOL.replace("pooled_h: 6", "pooled_h: 0"), "pooled_h or pooled_w is missing, or below 1"),
        (layer("x", "ROIPooling", "c"), "ROIPooling needs two bottoms"),
        (layer("x", "PSROIPooling", ["c", "s"]), "output_dim or group_size is missing"),
        (layer("x", "Reshape", "c", "reshape_param { shape { dim: 5 } }"), "only whole shapes whose first dim is 0"),
        (layer("x", "Reshape", "c", "reshape_param { shape { dim: 0 dim: 1 dim: 1 dim: 1 dim: 0 } }"),
         "a dim of 0 has no size to copy: the bottom has 4 axes"),
    ],
)  # fmt: skip
def test_refusals(body: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, BASE + PROPOSAL + body))
    assert message in caught.value.diagnostics[0].message


@pytest.mark.parametrize("value", [0, "many", 1.5])
def test_a_number_of_regions_that_cannot_be(value: object, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="regions: got"):
        cnncalc.analyze(written(tmp_path, BASE + PROPOSAL + POOL), variables={"regions": value})


TRAIN = "include { phase: TRAIN } transform_param { crop_size: 33 }"
DATA = f'layer {{ name: "d" type: "ImageSegData" top: "data" top: "label" {TRAIN} }}\n'


def test_a_file_for_training_alone(tmp_path: Path) -> None:
    """DeepLab's data layer of the training phase gives the image where the test phase has none: 33 − 3 + 1 = 31."""
    file = written(tmp_path, DATA + conv("c", "data", 18, 3))
    assert shapes(file)["c"] == (18, 31, 31)
    (warning,) = warnings_of(file)
    assert "the phase TEST has no layer for this data" in warning


def test_boxes_of_several_maps_are_joined(tmp_path: Path) -> None:
    """A feature pyramid: 2·300 boxes of two proposals, whose scores are joined as well; 600·7,560 MACs."""
    python = 'python_param { module: "rpn.proposal_layer" layer: "ProposalLayer" }'
    proposals = "".join(
        f'layer {{ name: "p{n}" type: "Python" bottom: "s" bottom: "c" top: "r{n}" top: "v{n}" {python} }}\n'
        for n in (1, 2)
    )
    join = "concat_param { axis: 0 }"
    text = BASE + proposals + layer("rois", "Concat", ["r1", "r2"], join) + layer("v", "Concat", ["v1", "v2"], join)
    report = cnncalc.analyze(written(tmp_path, text + POOL + dense("d", "pool", 10)))
    found = {each.name: each for each in report.layers}
    assert (found["rois"].output_shape, found["v"].output_shape) == ((600, 4), (600, 1))
    assert found["d"].macs == 600 * 7_560


def test_the_hint_names_the_inputs_without_a_size(tmp_path: Path) -> None:
    """Two images of a data layer in Python; the label, which only a loss reads, is not asked for."""
    data = 'layer { name: "d" type: "Python" top: "a" top: "b" top: "label" python_param { module: "m" layer: "B" } }\n'
    text = data + conv("c", "a", 18, 3) + conv("e", "b", 18, 3) + layer("crop", "Crop", ["c", "e"])
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, text))
    assert caught.value.diagnostics[0].hint == "give the input's, --input a=3x224x224 --input b=3x224x224"


def test_a_reshape_that_changes_the_batch(tmp_path: Path) -> None:
    """18·4·6 = 432 elements of a sample are not rows of 21; a dim of 0 is the 18 channels, and 4·6 = 24."""
    text = BASE + layer("r", "Reshape", "c", "reshape_param { shape { dim: -1 dim: 21 } }")
    rows = BASE + layer("r", "Reshape", "c", "reshape_param { shape { dim: -1 dim: 0 dim: 24 } }")
    assert shapes(written(tmp_path, rows))["r"] == (18, 24)
    with pytest.raises(SpecError, match="a sample has 432 elements, but 21 has 21"):
        cnncalc.analyze(written(tmp_path, text))
