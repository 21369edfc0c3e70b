"""Each type of layer of Caffe as layers, each refusal in full, and the shapes of data layers and declared inputs."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.importing.caffe.network import draft_of
from cnncalc.importing.caffe.text_format import parse
from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.formats import Request
from tests.source.programs import titled
from tests.together import for_each

INPUT = 'input: "data" input_dim: 1 input_dim: 6 input_dim: 13 input_dim: 17\n'


def draft(text: str, **settings: Any) -> Draft:
    source = Source("net.prototxt", text)
    return draft_of(source, parse(source, 100), Request("net.prototxt", settings=settings))


def shown(layer: DraftLayer) -> str:
    """The name, the type, the inputs, the arguments, and the layer whose weights it uses."""
    arguments = [f"{name}={value}" for name, value in layer.arguments.items()]
    shares = [f"shares {layer.shares}"] if layer.shares else []
    return " ".join([f"{layer.name}: {layer.type}({', '.join(layer.inputs)})", *arguments, *shares])


@for_each(("text", "layers"), titled("caffe_layers.txt", "importing"))
def test_the_layers_of_each_type(text: str, layers: str) -> None:
    """On 6x13x17, from caffe.proto's fields and defaults; sizes by hand from Caffe's formulas."""
    made = draft(INPUT + text)
    doubts = [f"! {one.message}" for one in made.doubts]
    assert [*map(shown, made.layers), f"=> {', '.join(made.outputs)}", *doubts] == layers.strip("\n").split("\n")


@for_each(("message", "rest"), titled("caffe_refusals.txt", "importing"))
def test_what_is_refused(message: str, rest: str) -> None:
    """The message, then the marked text, the hint, and the layers."""
    marked, hint, layers = rest.rstrip("\n").split("\n")
    text = f"{INPUT}\n{layers}"
    with pytest.raises(SpecError) as caught:
        draft(text)
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (text[found.span.start : found.span.end], found.message, found.hint) == (marked, message, hint)


def test_a_slice_has_a_point_between_every_two_tops() -> None:
    """slice_layer.cpp requires one point fewer than tops."""
    layer = 'layer { type: "Slice" bottom: "data" top: "a" top: "b" top: "c" slice_param { slice_point: 3 } }'
    with pytest.raises(SpecError, match=r"slice_point: 3 tops need 2, got 1"):
        draft(INPUT + layer)


RELU = 'layer { name: "r" type: "ReLU" bottom: "data" top: "r" }'
POOL = 'layer { name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { kernel_size: 3 } }'
BOTH = 'layer { name: "s" type: "Concat" bottom: "data" bottom: "more" top: "s" }'


@for_each(
    ("type", "fields", "inputs"),
    [
        ("Input", "input_param { shape { dim: 1 dim: 3 dim: 5 dim: 7 } }", "data 3x5x7"), ("Input", "", "data ?"),
        ("DummyData", "dummy_data_param { shape { dim: 2 dim: 4 } }", "data 4"),
        # A last shape is that of all further tops.
        ("Input", 'top: "more" input_param { shape { dim: 1 dim: 3 } }', "data 3; more 3"),
        ("Input", 'top: "more" input_param { shape { dim: 1 dim: 3 } shape { dim: 1 dim: 4 } }', "data 3; more 4"),
        ("Data", "transform_param { crop_size: 227 }", "data 3x227x227"),
        ("Data", "data_param { crop_size: 11 }", "data 3x11x11"),
        ("WindowData", "window_data_param { crop_size: 12 }", "data 3x12x12"),
        ("ImageData", "image_data_param { is_color: false crop_size: 28 }", "data 1x28x28"),
        ("ImageData", "image_data_param { is_color: true crop_size: 28 }", "data 3x28x28"),
        ("Data", "transform_param { resize_param { height: 300 width: 200 } }", "data 3x300x200"),
        ("Data", "transform_param { resize_param { height: 300 } }", "data ?"), ("HDF5Data", "", "data ?"),
        ("MemoryData", "memory_data_param { channels: 2 height: 3 width: 4 batch_size: 1 }", "data 2x3x4"),
        ("MemoryData", "memory_data_param { channels: 2 }", "data 2x1x1"),
        ("MemoryData", "memory_data_param { height: 3 width: 5 }", "data 1x3x5"),
    ],
)  # fmt: skip
def test_the_inputs_that_data_layers_give(type: str, fields: str, inputs: str) -> None:
    """Without the batch; `?` where the file does not state the sizes."""
    made = draft(f'layer {{ name: "d" type: "{type}" top: "data" {fields} }}\n{BOTH if "more" in fields else RELU}')
    assert (
        "; ".join(f"{one.name} {'x'.join(map(str, one.shape)) if one.shape else '?'}" for one in made.inputs) == inputs
    )


@for_each(
    ("declared", "layer", "shape"),
    [
        ("input_dim: 1 input_dim: 3 input_dim: 5 input_dim: 7", RELU, (3, 5, 7)),
        ("input_shape { dim: 1 dim: 3 dim: 5 dim: 7 }", RELU, (3, 5, 7)), ("", RELU, None),
        ('input: "b" input_dim: 1 input_dim: 3 input_dim: 5 input_dim: 7 input_dim: 1 input_dim: 2', RELU, (3, 5, 7)),
        # One pixel of one or three channels before a window is a placeholder.
        ("input_dim: 1 input_dim: 3 input_dim: 1 input_dim: 1", POOL, None),
        ("input_dim: 1 input_dim: 1 input_dim: 1 input_dim: 1", POOL, None),
        ("input_dim: 1 input_dim: 3 input_dim: 1 input_dim: 1", RELU, (3, 1, 1)),
        ("input_dim: 1 input_dim: 2 input_dim: 1 input_dim: 1", POOL, (2, 1, 1)),
        ("input_dim: 1 input_dim: 3 input_dim: 1 input_dim: 2", POOL, (3, 1, 2)),
        ("input_dim: 1 input_dim: 3 input_dim: 1 input_dim: 1", POOL.replace("3 }", "1 }"), (3, 1, 1)),
    ],
)  # fmt: skip
def test_declared_inputs(declared: str, layer: str, shape: tuple[int, ...] | None) -> None:
    (found,) = draft(f'input: "data" {declared}\n{layer}').inputs
    assert (found.name, found.shape) == ("data", shape)


@for_each(
    ("settings", "message"),
    [
        ({"phase": "both"}, "phase: got BOTH, but it must be TRAIN or TEST"),
        ({"regions": 0}, "regions: got 0, but it must be a whole number above 0"),
        ({"regions": True}, "regions: got True, but it must be a whole number above 0"),
        ({"regions": "x"}, "regions: got x, but it must be a whole number above 0"),
        ({"phase": "train"}, None), ({"phase": "TEST"}, None), ({"regions": 1}, None), ({}, None),
    ],
)  # fmt: skip
def test_settings(settings: dict[str, object], message: str | None) -> None:
    if message is None:
        assert len(draft(INPUT + RELU, **settings).layers) == 1
        return
    with pytest.raises(SpecError) as caught:
        draft(INPUT + RELU, **settings)
    assert [(one.code, one.message) for one in caught.value.diagnostics] == [("E206", message)]


@for_each(
    ("rule", "in_test", "in_training"),
    [
        ("", True, True), ("include { phase: TEST }", True, False), ("include { phase: TRAIN }", False, True),
        ("exclude { phase: TEST }", False, True), ("exclude { phase: TRAIN }", True, False),
        ("include: TEST", True, False), ("include: TRAIN", False, True),
        ("include { phase: TRAIN } include { phase: TEST }", True, True),
        ("include { min_level: 1 }", True, True), ("exclude { stage: 'x' }", True, True),
    ],
)  # fmt: skip
def test_the_phases_of_a_layer(rule: str, in_test: bool, in_training: bool) -> None:
    text = INPUT + RELU + f'layer {{ name: "t" type: "TanH" bottom: "data" top: "t" {rule} }}'
    for phase, is_in in (("TEST", in_test), ("TRAIN", in_training)):
        assert [one.name for one in draft(text, phase=phase).layers] == (["r", "t"] if is_in else ["r"])


PROPOSALS = """layer { name: "rois" type: "Python" bottom: "data" top: "rois"
python_param { module: 'rpn.proposal_layer' layer: 'ProposalLayer' } }\n"""
BOXES = 'input: "rois" input_dim: 1 input_dim: 6 input_dim: 13 input_dim: 17 input_dim: 40 input_dim: 5'


@for_each(
    ("before", "bottoms", "fields", "regions", "pooled"),
    [
        (INPUT + PROPOSALS, "data rois", "pooled_h: 1 pooled_w: 1", 50,
         "a: roi_pool(data, rois) size=[1, 1] spatial_scale=1.0"),
        (INPUT + PROPOSALS + RELU, "r rois", "pooled_h: 3 pooled_w: 2 spatial_scale: 0.0625", None,
         "a: roi_pool(r, rois) size=[3, 2] spatial_scale=0.0625"),
        (f'input: "data" {BOXES}', "data rois", "pooled_h: 3 pooled_w: 2", None,
         "a: roi_pool(data) size=[3, 2] spatial_scale=1.0 regions=40"),
        (f'input: "data" {BOXES} input_dim: 1 input_dim: 1', "data rois", "pooled_h: 3 pooled_w: 2", None,
         "a: roi_pool(data) size=[3, 2] spatial_scale=1.0 regions=40"),
        (f'input: "data" {BOXES}', "data rois", "pooled_h: 3 pooled_w: 2", 7,
         "a: roi_pool(data) size=[3, 2] spatial_scale=1.0 regions=7"),
    ],
)  # fmt: skip
def test_regions(before: str, bottoms: str, fields: str, regions: int | None, pooled: str) -> None:
    """Of a layer that gives boxes, of an input with a row of five numbers for each, or as many as the caller says."""
    named = " ".join(f'bottom: "{name}"' for name in bottoms.split())
    layer = f'layer {{ name: "a" type: "ROIPooling" {named} top: "a" roi_pooling_param {{ {fields} }} }}'
    settings = {} if regions is None else {"regions": regions}
    assert shown(draft(f"{before}\n{layer}", **settings).layers[-1]) == pooled
