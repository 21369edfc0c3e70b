"""The counts of other tools: their rules against what the tools print, recorded for layers and whole networks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.tools.comparison import TOOLS, compare_tools, count_with_tools
from cnncalc.analysis.tools.tool import per_input, per_mac, per_output, with_biases
from cnncalc.render.tool_comparison import as_text
from tests.oracles.tool_cases import KERAS_APPLICATIONS, KERAS_LAYERS, TORCH_LAYERS, TORCHVISION
from tests.together import for_each

DATA = Path(__file__).parent.parent / "data"
RECORDED: Mapping[str, Any] = {
    which: json.loads((DATA / f"tool_counts_{which}.json").read_text(encoding="utf-8")) for which in ("torch", "keras")
}

FUNCTION = "torchvision calls it as a function: thop does not see it, and ptflops counts it once"
MEAN = "torchvision takes the mean of positions, which is not a pool"
SUBCLASS = "the convolutions are a subclass of nn.Conv3d: thop and ptflops look up the exact class and miss them"
ATTENTION = "torchvision's windows call linear as a function, with a table of positions as parameters"
EXPORT = "operators on shapes in the exported model"
SCALING = "the network's own scaling is a custom layer"

DEVIATIONS: Mapping[tuple[str, str], tuple[int, str]] = {
    ("mobilenet_v2", "thop"): (-64_000, FUNCTION),
    ("mobilenet_v2", "ptflops"): (-62_720, FUNCTION),
    ("densenet121", "thop"): (-51_200, FUNCTION),
    ("densenet121", "ptflops"): (-100_352, FUNCTION),
    ("shufflenet_v2_x1_0", "thop"): (-51_200, MEAN),
    ("shufflenet_v2_x1_0", "fvcore"): (-50_176, MEAN),
    ("shufflenet_v2_x1_0", "ptflops"): (-100_352, MEAN),
    ("shufflenet_v2_x1_0", "calflops"): (-50_176, MEAN),
    ("shufflenet_v2_x1_0", "onnx_tool"): (-4_005, f"{MEAN}; {EXPORT}"),
    ("mnasnet1_0", "thop"): (-64_000, MEAN),
    ("mnasnet1_0", "fvcore"): (-62_720, MEAN),
    ("mnasnet1_0", "ptflops"): (-125_440, MEAN),
    ("mnasnet1_0", "calflops"): (-62_720, MEAN),
    ("mnasnet1_0", "onnx_tool"): (-5_120, MEAN),
    ("googlenet", "ptflops"): (-3_226_160, FUNCTION),
    ("convnext_tiny", "thop"): (-3_314_688, FUNCTION),
    ("convnext_tiny", "ptflops"): (-828_672, FUNCTION),
    ("convnext_tiny", "onnx_tool"): (-435_551, "the normalization after the pool is exported as single operators"),
    ("inception_v3", "thop"): (-2_002_400, FUNCTION),
    ("inception_v3", "ptflops"): (-11_544_640, FUNCTION),
    ("fcn_resnet50", "thop"): (-11_590_656, FUNCTION),
    ("fcn_resnet50", "ptflops"): (-1_053_696, FUNCTION),
    ("deeplabv3_resnet50", "thop"): (-13_798_400, FUNCTION),
    ("deeplabv3_resnet50", "ptflops"): (-1_254_400, FUNCTION),
    ("lraspp_mobilenet_v3_large", "thop"): (-12_694_528, FUNCTION),
    ("lraspp_mobilenet_v3_large", "ptflops"): (-1_154_048, FUNCTION),
    ("swin_t", "thop"): (-1_393_790_496, ATTENTION),
    ("swin_t", "ptflops"): (-1_392_986_112, ATTENTION),
    ("swin_t", "torchinfo"): (-8_643_840, ATTENTION),
    ("swin_t", "onnx_tool"): (3_355_699, f"shifts and masks of the windows; {EXPORT}"),
    ("vit_b_16", "onnx_tool"): (6, EXPORT),
    ("r3d_18", "thop"): (-39_190_265_856, SUBCLASS),
    ("r3d_18", "ptflops"): (-39_190_265_856, SUBCLASS),
    ("keras_efficientnet_b0", "tf_profiler"): (4 * 3 * 224 * 224 + 3, SCALING),
}
"""What a tool prints for a library's network less the rules' count for the spec, with the reason."""

WITHOUT_AUXILIARY = ("fcn_resnet50", "deeplabv3_resnet50")
"""Networks whose auxiliary head is not run in evaluation: the variant without it is compared."""


WITHOUT_RULE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("lstm_cell", "gru_cell", "rnn_cell", "rnn_cell without bias", "cosine_similarity"), ("onnx_tool",)
    ),
    "spectral_norm of conv": ("calflops",),
    **dict.fromkeys(("weight_norm of conv", "weight_norm of dense"), ("calflops", "onnx_tool")),
}
"""Recorded counts for which no rule is known: the page says that such a total is a lower bound."""


def _recorded(which: str, part: str, name: str) -> Mapping[str, int]:
    found: Mapping[str, int] = RECORDED[which][part][name]
    assert found
    return found


@for_each(
    "which, name, spec, convention",
    [("torch", name, spec, "pytorch") for name, (spec, _) in TORCH_LAYERS.items()]
    + [("keras", name, spec, "keras") for name, (spec, _) in KERAS_LAYERS.items()],
)
def test_layers_count_as_the_tools_print(which: str, name: str, spec: str, convention: str) -> None:
    """Every tool's rule gives the number that the tool prints for the framework's own layer."""
    recorded = _recorded(which, "layers", name)
    found = count_with_tools(load(spec, convention=convention), recorded)
    unknown = tuple(tool for tool in recorded if found.unknown(tool))
    assert {tool: found.total(tool) for tool in recorded if tool not in unknown} == {
        tool: count for tool, count in recorded.items() if tool not in unknown
    }
    assert unknown == WITHOUT_RULE.get(name, ())


NETWORKS = [("torch", name, shape) for name, shape in TORCHVISION.items()]
NETWORKS += [("keras", name, shape) for name, (_, shape) in KERAS_APPLICATIONS.items()]


def _check_network(which: str, name: str, shape: tuple[int, ...]) -> None:
    recorded = _recorded(which, "networks", name)
    spec = f"{name}_noaux" if name in WITHOUT_AUXILIARY else name
    found = count_with_tools(load(spec, input=list(shape)), recorded)
    rest = {tool: printed - found.total(tool) for tool, printed in recorded.items()}
    assert rest == {tool: DEVIATIONS.get((name, tool), (0, ""))[0] for tool in recorded}


QUICK = ("alexnet", "resnet18", "squeezenet1_0", "mobilenet_v2", "r3d_18", "keras_vgg16")


@for_each("which, name, shape", [case for case in NETWORKS if case[1] in QUICK])
def test_networks_count_as_the_tools_print(which: str, name: str, shape: tuple[int, ...]) -> None:
    """The totals of a few networks are those that the tools print, or differ by a named amount."""
    _check_network(which, name, shape)


@pytest.mark.sweep
@for_each("which, name, shape", NETWORKS)
def test_all_networks_count_as_the_tools_print(which: str, name: str, shape: tuple[int, ...]) -> None:
    """The totals of all recorded networks are those that the tools print, or differ by a named amount."""
    _check_network(which, name, shape)


def test_the_record_covers_layers_networks_and_tools() -> None:
    """At least 40 layers and 20 networks are recorded, and every tool prints a count for most layers."""
    layers = [*RECORDED["torch"]["layers"].values(), *RECORDED["keras"]["layers"].values()]
    assert len(layers) >= 40
    assert len(RECORDED["torch"]["networks"]) >= 20
    assert {tool for each in layers for tool in each} == set(TOOLS)


@for_each(
    "spec, tools",
    [
        ("19x17x3 -> conv 5 3 -> batch_norm relu -> max_pool 2 -> flatten -> dense 7", tuple(TOOLS)),
        ("7x12 -> transformer_encoder 3 hidden=24", ("thop", "fvcore", "onnx_tool")),
        ("5x7x64 -> group_norm", tuple(TOOLS)),
    ],
)
def test_parts_add_up_to_the_difference(spec: str, tools: tuple[str, ...]) -> None:
    """A tool's total is its multiple of the MACs and its parts, whatever the convention of the spec."""
    found = compare_tools(spec, tools)
    for tool in found.tools:
        assert found.total(tool) == TOOLS[tool].per_mac * found.macs + sum(found.parts(tool).values())


def test_a_wrong_count_names_the_layer_and_the_reason() -> None:
    """Thop counts a transposed convolution by output positions: 15·10 outputs · 5 filters · 3 channels · 3·2 kernel."""
    found = compare_tools("3x7x5 -> conv_transpose 5 3x2 s2", ["thop"], layout="CHW")
    ((layer, each),) = found.mistakes("thop")
    assert (layer.name, each.operations) == ("conv_transpose_1", 15 * 10 * 5 * 3 * 6)
    assert each.macs == 7 * 5 * 3 * 5 * 6
    assert "each input position" in each.rule.mistake


def test_a_bias_alone_is_no_mistake() -> None:
    """Torchinfo's count of a dense layer on one vector is right: 19 · 7 + 7."""
    found = compare_tools("19 -> dense 7", ["torchinfo"])
    assert found.total("torchinfo") == 19 * 7 + 7
    assert found.mistakes("torchinfo") == []


def test_an_unknown_rule_is_named() -> None:
    """A layer with MACs whose rule is not known makes the total a lower bound."""
    found = compare_tools("8x5 -> locally_connected 3 2", ["thop"])
    assert found.unknown("thop") == ["locally_connected"]
    assert found.layers[0].operations("thop") is None


def test_the_operations_of_one_layer() -> None:
    """The sum over its calls: ptflops counts 19·7 products, 7 biases, and 2 per output of a relu; fvcore the products.

    Of nine regions all are counted. A transformer's are those of the layers that it consists of.
    """
    found = compare_tools("19 -> dense 7 relu", ["fvcore", "ptflops"])
    (dense,) = found.layers
    assert (dense.operations("fvcore"), dense.operations("ptflops")) == (19 * 7, 19 * 7 + 7 + 2 * 7)
    assert found.parts("ptflops") == {"activation": 14, "biases": 7}
    regions = compare_tools(
        "input: {x: 3x9x9, r: 9x4}\nlayers: [{roi_align: 7x5, from: [x, r]}, conv 2 3]", ["thop"], convention="pytorch"
    )
    conv = regions.layers[-1]
    products = 9 * (2 * 5 * 3) * (3 * 3 * 3)
    assert (conv.macs, conv.flops, conv.operations("thop")) == (products, 2 * products + 9 * 2 * 5 * 3, products)
    encoder = compare_tools("5x6 -> transformer_encoder 2", ["fvcore"]).layers[0]
    assert encoder.operations("fvcore") == sum(each.operations or 0 for each in encoder.tools["fvcore"])


def test_the_causes_of_a_difference() -> None:
    """A mistaken rule is named by its type, others by their family, the largest first."""
    found = compare_tools("3x7x5 -> conv_transpose 5 3x2 s2 -> upsample 2 -> softmax axis=3", ["thop"], layout="CHW")
    transposed, upsampled = 15 * 10 * 5 * 3 * 6 - 7 * 5 * 3 * 5 * 6, 5 * 30 * 20
    parts = {"conv_transpose": transposed, "activation": 5 * 30 * (3 * 20 - 1), "resizing": upsampled}
    assert list(found.parts("thop").items()) == list(parts.items())


def test_rules_in_words() -> None:
    assert [per_mac().words, per_mac(2).words] == ["multiply–accumulates", "2 per MAC"]
    assert [with_biases().words, with_biases(2).words] == [
        "MACs, and 1 per output for the bias", "2 per MAC, and 1 per output for the bias",
    ]  # fmt: skip
    assert [per_input(3).words, per_output(4).words] == ["3 per input", "4 per output"]


def test_functions_count_less_than_modules() -> None:
    """What thop 0.1.1 and ptflops 0.7.5 print for the network with F.relu, F.avg_pool2d, F.max_pool2d, F.softmax."""
    found = compare_tools(
        "3x32x32 -> conv 16 3x3 p1 relu -> avg_pool 2x2 s2 -> conv 32 3x3 p1 relu -> max_pool 2x2 s2"
        " -> flatten -> dense 64 relu -> dense 10 softmax",
        ["thop", "ptflops", "fvcore"],
        layout="CHW",
    )
    assert found.total_of_functions("thop") == 1_753_728
    assert found.total_of_functions("ptflops") == 1_827_604
    assert found.total_of_functions("fvcore") == found.total("fvcore")
    text = as_text(found)
    assert "called as functions (F.relu): thop 1,753,728, ptflops 1,827,604" in text
