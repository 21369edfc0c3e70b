"""Caffe definitions: parameters of published networks, shapes by Caffe's rounding, the forms that files have."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.analysis.imported import imported
from cnncalc.diagnostics import SpecError
from cnncalc.importing.document import Choices
from tests.importing.caffe_files import (
    alexnet,
    conv,
    dense,
    given,
    googlenet,
    layer,
    mobilenet,
    pool,
    resnet50,
    squeezenet,
    vgg16,
)


def written(folder: Path, text: str) -> Path:
    file = folder / "deploy.prototxt"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "params"),
    [
        (alexnet(), 60_965_224),  # the weights of bvlc_alexnet.caffemodel
        (googlenet(), 6_998_552),  # the weights of bvlc_googlenet's deploy network
        (vgg16(), 138_357_544),  # Simonyan and Zisserman: 138M; torchvision
        (squeezenet(), 1_235_496),  # torchvision
        (resnet50(), 25_557_032),  # torchvision; the published file has 64 biases of conv1 more
        (mobilenet(), 4_231_976),  # Howard et al.: 4.2M; the trainable ones of keras.applications.MobileNet
    ],
    ids=["alexnet", "googlenet", "vgg16", "squeezenet1.1", "resnet50", "mobilenet"],
)
def test_published_networks(text: str, params: int, tmp_path: Path) -> None:
    """Parameters are those of the published weights, and the output has a number for each class."""
    report = cnncalc.analyze(written(tmp_path, text))
    assert report.totals.params == params
    assert report.outputs[0].shape in ((1000,), (1000, 1, 1))


DECONVOLUTION = "convolution_param { num_output: 2 kernel_size: 4 stride: 2 pad: 1 }"
TEN = "convolution_param { num_output: ten }"


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        # a pool rounds up, and drops a window that begins beyond the padded input
        (pool("p", "data", 3, 2), (6, 6, 8)),  # ceil((13 - 3)/2) + 1 = 6; ceil((17 - 3)/2) + 1 = 8
        (pool("p", "data", 2, 2), (6, 7, 9)),  # ceil(11/2) + 1, ceil(15/2) + 1
        (pool("p", "data", 2, 2, "pad: 1"), (6, 7, 9)),  # ceil(13/2) + 1 = 8, whose window begins at 14 = 13 + 1
        (pool("p", "data", 2, 2, "round_mode: FLOOR"), (6, 6, 8)),
        (conv("c", "data", 4, 3, "stride: 2"), (4, 6, 8)),  # a convolution rounds down
        (conv("c", "data", 4, 3, "kernel_h: 1 kernel_w: 5"), (4, 13, 13)),
        (conv("c", "data", 4, 3, "kernel_size: 5"), (4, 11, 13)),  # one number for each axis
        (conv("c", "data", 4, 3, "dilation: 2 pad_h: 1 pad_w: 0"), (4, 11, 13)),
        (layer("d", "Deconvolution", "data", DECONVOLUTION), (2, 26, 34)),  # 2·(n - 1) + 4 - 2
        (layer("g", "Pooling", "data", "pooling_param { pool: AVE global_pooling: true }"), (6, 1, 1)),
        (layer("f", "Flatten", "data"), (6 * 13 * 17,)),
        (layer("r", "Reshape", "data", "reshape_param { shape { dim: 0 dim: -1 dim: 17 } }"), (78, 17)),
        (layer("o", "Permute", "data", "permute_param { order: 0 order: 2 order: 3 order: 1 }"), (13, 17, 6)),
        (layer("c", "Concat", ["data", "data"]), (12, 13, 17)),
        (layer("c", "Concat", ["data", "data"], "concat_param { axis: 2 }"), (6, 26, 17)),
        (layer("e", "Eltwise", ["data", "data"], "eltwise_param { operation: MAX }"), (6, 13, 17)),
        (dense("i", "data", 10), (10,)),
    ],
)  # fmt: skip
def test_shapes(body: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    """Caffe's formulas (conv_layer.cpp, pooling_layer.cpp) on 6x13x17."""
    assert cnncalc.analyze(written(tmp_path, given(6, 13, 17) + body)).outputs[0].shape == shape


DECONVOLVED = layer("d", "Deconvolution", "data", DECONVOLUTION)
PRIORS = "prior_box_param { min_size: 30 max_size: 60 aspect_ratio: 2 flip: true clip: false }"
SQUEEZED = layer("g", "Pooling", "data", "pooling_param { pool: AVE global_pooling: true }")


@pytest.mark.parametrize(
    ("body", "shape", "params"),
    [
        # crop_layer.cpp: the sizes of the second bottom from the axis on, which is 2 unless given
        (DECONVOLVED + layer("x", "Crop", ["d", "data"], "crop_param { offset: 5 }"), (2, 13, 17), 6 * 2 * 16 + 2),
        (DECONVOLVED + layer("x", "Crop", ["d", "data"], "crop_param { axis: 3 offset: 7 }"), (2, 26, 17), 194),
        (pool("p", "data", 5, 2) + layer("x", "Crop", ["data", "p"], "crop_param { axis: -3 }"), (6, 5, 7), 0),
        # interp_layer.cpp: size + (size - 1)·(zoom - 1), and (size - 1)/shrink + 1
        (layer("i", "Interp", "data", "interp_param { zoom_factor: 2 }"), (6, 25, 33), 0),
        (layer("i", "Interp", "data", "interp_param { shrink_factor: 2 }"), (6, 7, 9), 0),
        (layer("i", "Interp", "data", "interp_param { shrink_factor: 2 zoom_factor: 2 }"), (6, 13, 17), 0),
        (layer("i", "Interp", "data", "interp_param { height: 19 width: 23 }"), (6, 19, 23), 0),
        (layer("i", "Interp", "data", "interp_param { zoom_factor: 2 pad_end: -1 }"), (6, 23, 31), 0),
        (layer("u", "Upsample", "data", "upsample_param { scale: 2 }"), (6, 26, 34), 0),
        (pool("p", "data", 2, 2) + layer("u", "Upsample", ["p", "data"], "upsample_param { scale: 2 }"),
         (6, 14, 18), 0),
        (pool("p", "data", 2, 2)
         + layer("u", "Upsample", ["p", "data"], "upsample_param { scale: 2 upsample_h: 13 upsample_w: 17 }"),
         (6, 13, 17), 0),
        # normalize_layer.cpp: one scale, or one for each channel
        (layer("n", "Normalize", "data", "norm_param { across_spatial: false channel_shared: false }"), (6, 13, 17), 6),
        (layer("n", "Normalize", "data"), (6, 13, 17), 1),
        # prior_box_layer.cpp: 1, 2 and 1/2 at the least size and 1 at the largest, 4 numbers for each
        (layer("p", "PriorBox", ["data", "data"], PRIORS), (2, 13 * 17 * 4 * 4), 0),
        (layer("s", "ShuffleChannel", "data", "shuffle_channel_param { group: 3 }"), (6, 13, 17), 0),
        (SQUEEZED + layer("a", "Axpy", ["g", "data", "data"]), (6, 13, 17), 0),
        (layer("r", "Reorg", "data", "reorg_param { stride: 1 }"), (6, 13, 17), 0),
        (layer("t", "Tile", "data", "tile_param { axis: 2 tiles: 3 }"), (6, 39, 17), 0),
        (layer("r", "Reduction", "data", "reduction_param { axis: 2 operation: MEAN }"), (6,), 0),
        (layer("c", "DepthwiseConvolution", "data", "convolution_param { num_output: 6 kernel_size: 3 }"),
         (6, 11, 15), 60),
        (layer("b", "BN", "data"), (6, 13, 17), 12),
    ],
)  # fmt: skip
def test_layers_of_forks(body: str, shape: tuple[int, ...], params: int, tmp_path: Path) -> None:
    """The formulas of the forks' sources on 6x13x17."""
    report = cnncalc.analyze(written(tmp_path, given(6, 13, 17) + body))
    assert report.outputs[-1].shape == shape
    assert report.totals.params == params


SLICE = 'layer {{ name: "s" type: "Slice" bottom: "data" top: "a" top: "b" slice_param {{ {} }} }}\n'


@pytest.mark.parametrize(
    ("parameters", "shapes"),
    [
        ("", [(3, 13, 17), (3, 13, 17)]),
        ("slice_point: 2", [(2, 13, 17), (4, 13, 17)]),
        ("axis: 3 slice_point: 5", [(6, 13, 5), (6, 13, 12)]),
    ],
)
def test_slices(parameters: str, shapes: list[tuple[int, ...]], tmp_path: Path) -> None:
    """A slice has several tops: equal parts, or those between its points."""
    report = cnncalc.analyze(written(tmp_path, given(6, 13, 17) + SLICE.format(parameters)))
    assert [output.shape for output in report.outputs] == shapes


@pytest.mark.parametrize(
    "head",
    [
        'input: "data" input_dim: 1 input_dim: 2 input_dim: 3 input_dim: 4\n',
        'input: "data" input_shape { dim: 1 dim: 2 dim: 3 dim: 4 }\n',
        'input: "data" input_shape: { dim: [1, 2, 3, 4] };\n',
        "layer { name: 'data' type: 'Input' top: 'data' input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } } }\n",
        'layer { type: "MemoryData" top: "data" memory_data_param { channels: 2 height: 3 width: 4 } } # a comment\n',
        'layer { type: "DummyData" top: "data" dummy_data_param { shape < dim: 1 dim: 2 dim: 3 dim: 4 > } }\n',
    ],
)
def test_inputs(head: str, tmp_path: Path) -> None:
    """Every way to give the shape of 2x3x4: 24 · 5 weights and 5 biases."""
    report = cnncalc.analyze(written(tmp_path, head + dense("ip", "data", 5)))
    assert (report.inputs[0].shape, report.totals.params) == ((2, 3, 4), 125)


def test_old_layers(tmp_path: Path) -> None:
    """`layers` with upper-case types, from before 2014."""
    text = given(1, 28, 28) + (
        'layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" blobs_lr: 1\n'
        '  convolution_param { num_output: 20 kernel_size: 5 weight_filler { type: "xavier" } } }\n'
        'layers { name: "p" type: POOLING bottom: "c" top: "p" pooling_param { kernel_size: 2 stride: 2 } }\n'
        'layers { name: "loss" type: SOFTMAX_LOSS bottom: "p" bottom: "label" }\n'
    )
    report = cnncalc.analyze(written(tmp_path, text))
    assert ([each.name for each in report.layers], report.totals.params) == (["c", "p"], 520)


def test_shared_parameters_count_once(tmp_path: Path) -> None:
    """Layers whose parameters have one name share their weights: 6 · 5 + 5 of the siamese pair."""
    named = 'inner_product_param { num_output: 5 } param { name: "w" } param { name: "b" }'
    text = 'input: "data" input_shape { dim: 1 dim: 6 }\ninput: "pair" input_shape { dim: 1 dim: 6 }\n'
    text += layer("a", "InnerProduct", "data", named) + layer("b", "InnerProduct", "pair", named)
    assert cnncalc.analyze(written(tmp_path, text)).totals.params == 35


def test_phases(tmp_path: Path) -> None:
    """Layers of the phase TEST count; `--set phase=TRAIN` chooses the others."""
    text = given(6, 13, 17) + dense("a", "data", 2).replace("layer {", "layer { include { phase: TRAIN }")
    file = written(tmp_path, text + dense("b", "data", 3).replace("layer {", "layer { exclude { phase: TRAIN }"))
    assert [each.name for each in cnncalc.analyze(file).layers] == ["b"]
    assert [each.name for each in cnncalc.analyze(file, variables={"phase": "TRAIN"}).layers] == ["a"]


def test_batch_norm_and_scale(tmp_path: Path) -> None:
    """BatchNorm has statistics alone; Scale has a scale and a shift for each of 6 channels."""
    text = (
        given(6, 13, 17)
        + layer("bn", "BatchNorm", "data")
        + layer("s", "Scale", "bn", "scale_param { bias_term: true }")
    )
    assert cnncalc.analyze(written(tmp_path, text)).totals.params == 12


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        (layer("x", "Convolutional", "data"), (6, 25), 'unknown layer type "Convolutional"'),
        (layer("x", "ReLU", "dta"), (6, 40), 'no blob is called "dta"'),
        (layer("x", "Convolution", "data", TEN), (6, 95), '"ten" is not a whole number'),
        (layer("x", "Convolution", "data", "convolution_param { num_output: 4 }"), (6, 1), "kernel_size is missing"),
        (layer("x", "Convolution", "data", "convolution_param { num_outputs: 4 }"), (6, 96), "no field num_outputs"),
        (layer("x", "Slice", "data", "slice_param { slice_point: 6 }"), (6, 84), "6 must be below 6, the size"),
        (layer("x", "Slice", "data", "slice_param { slice_point: [2, 2] }"), (6, 88), "2 must be above 2"),
        (
            layer("x", "Convolution", "data", 'convolution_param { num_output: "8" kernel_size: 3 }'), (6, 95),
            'num_output: "8" is a text, and not a number',
        ),
        (
            layer("x", "Convolution", "data", "convolution_param { num_output: 8 group: 0 kernel_size: 3 }"), (6, 104),
            "group: got 0, but it must be at least 1",
        ),
        (layer("x", "Python", "data", 'python_param { module: "a" layer: "B" }'), (6, 1), "layer, a.B: its code"),
        (layer("x", "Crop", ["data", "data"], "crop_param { offset: 1 }"), (6, 1), "axis 2 has no 13 from 1 on of 13"),
        ('layer { name: "x" type: "ReLU" top: "x" }', (6, 1), "ReLU has no bottom"),
        ('layer { name: "x" type { } top: "x" }', (6, 1), "a layer without a type"),
        ('layer { name: "x"', (6, 1), "layer is never closed"),
        ('layer { name: "x" type: } ', (6, 25), "where the value of type belongs"),
    ],
)  # fmt: skip
def test_refusals_have_a_place(body: str, place: tuple[int, int], message: str, tmp_path: Path) -> None:
    """A mistake is one E111 at its line and column, in the file's words."""
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, given(6, 13, 17) + body))
    (found,) = caught.value.diagnostics
    assert (found.code, (found.line, found.column)) == ("E111", place)
    assert message in found.message


@pytest.mark.parametrize(
    "body",
    [
        'type: "ReLU"', 'type: "Dropout"', 'type: "Softmax"', 'type: "LRN"', 'type: "BatchNorm"', 'type: "Flatten"',
        'type: "Pooling" pooling_param { kernel_size: 2 }',
        'type: "InnerProduct" inner_product_param { num_output: 2 }',
    ],
)  # fmt: skip
def test_a_second_bottom_that_a_layer_does_not_take(body: str, tmp_path: Path) -> None:
    """The error is at the layer; `given` has five lines."""
    text = given(3, 9, 9) + 'layer { name: "a" bottom: "data" bottom: "data" top: "a" ' + body + " }"
    with pytest.raises(SpecError, match="needs 1 input, got 2") as error:
        cnncalc.analyze(written(tmp_path, text))
    assert [(each.code, each.line, each.column) for each in error.value.diagnostics] == [("E307", 6, 1)]


def test_a_definition_in_one_line(tmp_path: Path) -> None:
    """Line breaks mean nothing to the format: 6·4·9 + 4 = 220 parameters."""
    text = given(6, 13, 17) + conv("c", "data", 4, 3)
    file = written(tmp_path, text.replace("\n", " "))
    assert cnncalc.analyze(file).totals.params == 220


def test_a_loss_in_python_is_left_out(tmp_path: Path) -> None:
    """A layer with a weight among the losses is no part of the network; another Python layer is an error."""
    loss = layer("l", "Python", "c", 'loss_weight: 1 python_param { module: "a" layer: "B" }')
    report = cnncalc.analyze(written(tmp_path, given(6, 13, 17) + conv("c", "data", 4, 3) + loss))
    assert [each.type for each in report.layers] == ["conv", "relu"]
    with pytest.raises(SpecError, match="its code decides its shape"):
        cnncalc.analyze(
            written(
                tmp_path, given(6, 13, 17) + loss.replace("loss_weight: 1", "loss_weight: 0").replace('"c"', '"data"')
            )
        )


@pytest.mark.parametrize(
    ("name", "hint"), [("phas", 'did you mean "phase"?'), ("speed", "it has phase, regions, classes")]
)
def test_a_variable_that_the_format_does_not_have(name: str, hint: str, tmp_path: Path) -> None:
    """`--set` of another name is an error for every command, import included."""
    file = written(tmp_path, given(6, 13, 17) + conv("c", "data", 4, 3))
    with pytest.raises(SpecError) as caught:
        imported(file, Choices(variables={name: 3}))
    (found,) = caught.value.diagnostics
    assert (found.code, found.hint) == ("E206", hint)
    assert found.message == f'a model file of this format has no variable "{name}"'
