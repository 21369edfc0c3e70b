"""The frameworks' names of types and arguments, as `cnncalc layers --names` lists them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnncalc.graph.framework_names import FrameworkName, _with_ranks, framework_names, names_of
from cnncalc.importing.darknet.layers import SECTIONS
from cnncalc.layers.registry import load_all
from tests.together import for_each

ROWS = framework_names()
RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "signatures.jsonl").read_text(encoding="utf-8").splitlines()
]
"""The frameworks' own names and parameters; `tests/oracles/test_signatures.py` compares them with what is installed."""
MODULES = {"torch.nn": "torch.nn", "keras.layers": "keras.layers", "onnx": "operators", "caffe": "layers"}
STACKS = ("TransformerEncoder", "TransformerDecoder", "Sequential")
"""Hold other layers: no types here."""


def row_of(module: str, name: str) -> FrameworkName:
    return next(row for row in ROWS if row.module == module and name in row.names)


@for_each(
    ("module", "name", "argument", "type", "meaning", "field"),
    [
        # PyTorch 2, torch.nn and torch.nn.functional
        ("torch.nn", "Conv2d", "out_channels", "conv", "field", "filters"),
        ("torch.nn", "Conv2d", "in_channels", "conv", "checked", ""),
        ("torch.nn", "Conv2d", "device", "conv", "ignored", ""),
        ("torch.nn", "Linear", "out_features", "dense", "field", "units"),
        ("torch.nn", "AvgPool2d", "divisor_override", "avg_pool", "field", "divisor"),
        ("torch.nn", "AvgPool2d", "ceil_mode", "avg_pool", "field", "rounding"),
        ("torch.nn", "LSTM", "num_layers", "lstm", "field", "layers"),
        ("torch.nn.functional", "max_pool2d", "kernel_size", "max_pool", "field", "kernel"),
        # Keras 3, keras.layers
        ("keras.layers", "Conv2D", "strides", "conv", "field", "stride"),
        ("keras.layers", "Conv2D", "data_format", "conv", "checked", ""),
        ("keras.layers", "Conv2D", "activation", "conv", "field", "activation"),
        ("keras.layers", "Dense", "units", "dense", "field", "units"),
        ("keras.layers", "LSTM", "activation", "lstm", "ignored", ""),
        ("keras.layers", "SimpleRNN", "activation", "rnn", "field", "nonlinearity"),
        ("keras.layers", "Bidirectional", "merge_mode", "bidirectional", "field", "merge_mode"),
        # ONNX operators
        ("operators", "Conv", "kernel_shape", "conv", "field", "kernel"),
        ("operators", "Conv", "auto_pad", "conv", "field", "padding"),
        ("operators", "Pad", "mode", "zero_pad", "type", ""),
        ("operators", "Resize", "keep_aspect_ratio_policy", "upsample", "rejected", ""),
        # Caffe, caffe.proto
        ("layers", "Convolution", "num_output", "conv", "field", "filters"),
        ("layers", "Convolution", "kernel_h", "conv", "field", "kernel"),
        ("layers", "Pooling", "pool", "max_pool", "type", ""),
        ("layers", "InnerProduct", "num_output", "dense", "field", "units"),
        # Darknet, parser.c: the options of [convolutional], [maxpool] and [connected]
        ("sections", "convolutional", "size", "conv", "field", "kernel"),
        ("sections", "convolutional", "pad", "conv", "field", "padding"),
        ("sections", "maxpool", "stride", "max_pool", "field", "stride"),
        ("sections", "connected", "output", "dense", "field", "units"),
    ],
)
def test_an_argument_means(module: str, name: str, argument: str, type: str, meaning: str, field: str) -> None:
    """A framework's argument sets this field, chooses the type, states a size, or changes nothing."""
    row = row_of(module, name)
    assert row.type == type
    assert [(each.meaning, each.field) for each in row.arguments if each.name == argument] == [(meaning, field)]


@pytest.mark.parametrize("framework", MODULES)
def test_every_recorded_layer_is_there(framework: str) -> None:
    """Each constructor and operator that is a type here has a row, with the framework's own parameters."""
    recorded = {
        row["name"]: [name for name in row["parameters"] if name[0] != "*" and name not in row.get("not_taken", ())]
        for row in RECORDED
        if row["framework"] == framework and "unsupported" not in row and row["name"] not in STACKS
    }
    named = {name: row for row in ROWS if row.module == MODULES[framework] for name in row.names}
    assert set(recorded) <= set(named)
    taken = {name: {each.name for each in named[name].arguments} for name in recorded}
    assert [(name, each) for name, own in recorded.items() for each in own if each not in taken[name]] == []


@pytest.mark.parametrize("framework", MODULES)
def test_no_name_is_made_up(framework: str) -> None:
    """Every name of a module that is recorded in full is one of its own, with its number of axes."""
    names = {row["name"] for row in RECORDED if row["framework"] == framework}
    assert [name for row in ROWS if row.module == MODULES[framework] for name in row.names if name not in names] == []


def test_darknet_s_sections_are_those_that_are_read() -> None:
    """Every listed section is one that the importer of .cfg files reads."""
    listed = {name for row in ROWS if row.framework == "Darknet" for name in row.names}
    assert listed
    assert listed <= set(SECTIONS)


def test_every_argument_has_a_meaning() -> None:
    """No argument of a listed layer is an unknown field."""
    assert [(row.names, each.name) for row in ROWS for each in row.arguments if each.meaning == "unknown"] == []


def test_a_type_s_own_rows() -> None:
    """`names_of` gives the rows of one type: PyTorch's PReLU and F.prelu are not listed under another."""
    rows = names_of(load_all()["prelu"])
    assert {row.type for row in rows} == {"prelu"}
    assert {name for row in rows for name in row.names} == {"PReLU", "PRelu"}


def test_names_with_ranks() -> None:
    """`#` is each number of axes, without the names that have a row of their own."""
    assert _with_ranks("Conv#d", {"Conv2d": "conv"}) == ("Conv1d", "Conv3d")
    assert _with_ranks("Linear", {}) == ("Linear",)
