"""The multiply–accumulates of the backward pass, against PyTorch's FlopCounterMode over forward and backward."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cnncalc.analysis.analyze import load
from cnncalc.analysis.backward_work import backward_work
from cnncalc.analysis.roofline.bounds import bounds
from cnncalc.analysis.tools.calls import calls_of
from cnncalc.analysis.tools.comparison import count_with_tools
from cnncalc.graph.model import Graph
from tests.oracles.tool_cases import TORCH_LAYERS
from tests.together import for_each

RECORDED: Mapping[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "backward_counts.json").read_text(encoding="utf-8")
)
PRODUCTS = {"multi_head_attention": 1176, "multi_head_attention with even heads": 1176, "transformer_encoder": 1176}
"""The products of attention: 2 · 7 · 7 · 12, twice in backward; PyTorch's counter has no rule for them on the CPU."""


def in_groups(graph: Graph) -> int:
    """The MACs that PyTorch's counter adds for the weights of convolutions in groups: it forgets the groups."""
    calls = [call for node in graph.nodes for call in calls_of(graph, node)]
    depthwise = sum(call.macs * (call.channels - 1) for call in calls if call.type == "depthwise_conv")
    return depthwise + sum(
        call.macs * (call.layer.groups - 1) for call in calls if call.type in ("conv", "conv_transpose")
    )


@for_each("name, recorded", list(RECORDED["layers"].items()))
def test_the_first_layer_has_no_gradient_of_its_input(name: str, recorded: Mapping[str, int]) -> None:
    """Forward and backward are what PyTorch counts for a layer on the model's input."""
    graph = load(TORCH_LAYERS[name][0], convention="pytorch")
    (work,) = backward_work(graph).values()
    backward = recorded["first"] - count_with_tools(graph, ["flop_counter"]).total("flop_counter")
    assert 2 * (work.macs - 2 * PRODUCTS.get(name, 0) + in_groups(graph)) == backward


@for_each("name, recorded", list(RECORDED["layers"].items()))
def test_later_layers_have_a_gradient_of_their_input(name: str, recorded: Mapping[str, int]) -> None:
    """The gradient of the input adds what PyTorch's counter adds for an input that needs one."""
    spec = TORCH_LAYERS[name][0]
    first, rest = spec.split(" -> ", 1)
    graph = load(f"{first} -> prelu -> {rest}", convention="pytorch")
    (alone,) = backward_work(load(spec, convention="pytorch")).values()
    later = list(backward_work(graph).values())[-1]
    assert later.weights == alone.weights
    assert 2 * (later.inputs - alone.inputs) == recorded["later"] - recorded["first"]


@for_each("name, recorded", list(RECORDED["networks"].items()))
def test_networks(name: str, recorded: Mapping[str, int]) -> None:
    """Forward and backward of whole networks are what PyTorch counts."""
    graph = load(name, input=[3, 224, 224])
    forward = count_with_tools(graph, ["flop_counter"]).total("flop_counter")
    backward = sum(work.macs for work in backward_work(graph).values())
    assert forward + 2 * (backward + in_groups(graph)) == recorded["total"]


def test_frozen_layers_pass_a_gradient_only_if_trained_ones_come_before() -> None:
    """A frozen first layer has no backward pass; one after a trained layer has the gradient of its input alone."""
    spec = "12x12x3 -> conv 4 3 trainable=false -> conv 5 3 -> conv 6 3 trainable=false"
    work = backward_work(load(spec))
    assert work["conv_1"].macs == 0
    assert (work["conv_2"].inputs, work["conv_2"].weights) == (0, 8 * 8 * 5 * 9 * 4)
    assert (work["conv_3"].inputs, work["conv_3"].weights) == (6 * 6 * 6 * 9 * 5, 0)


def test_a_product_of_two_computed_arrays() -> None:
    """Each factor has a gradient of as many MACs as the product, 5·6·7; one alone if the other is an input."""
    both = "input: {a: 5x4, b: 6x7}\nlayers: [{dense: 6, from: a, name: p}, {dense: 7, from: b, name: q}, "
    work = backward_work(load(both + "{matmul: , from: [p, q], name: m}]", convention="pytorch"))
    assert (work["m"].inputs, work["m"].weights) == (2 * 5 * 6 * 7, 0)
    work = backward_work(load(both + "{matmul: , from: [p, b], name: m}]", convention="pytorch"))
    assert (work["m"].inputs, work["m"].weights) == (5 * 6 * 7, 0)


def test_a_batch_multiplies_the_work() -> None:
    """Three samples of 6·7·5·3·3·3 MACs."""
    (layer,) = bounds("7x8x3 -> conv 5 2x2", batch=3).layers
    assert (layer.backward_input_macs, layer.backward_weight_macs) == (0, 3 * 6 * 7 * 5 * 2 * 2 * 3)
    later = bounds("7x8x3 -> relu -> conv 5 2x2 -> conv 2 1x1", batch=3).layers[-1]
    assert (later.backward_input_macs, later.backward_weight_macs) == (3 * 6 * 7 * 2 * 5,) * 2
