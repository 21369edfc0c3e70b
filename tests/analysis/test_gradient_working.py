"""The formulas of the backward pass, against hand arithmetic and against the counted MACs."""

from __future__ import annotations

from cnncalc.analysis.analyze import load
from cnncalc.analysis.backward_work import backward_work, gradients
from cnncalc.analysis.explain import explanations
from cnncalc.analysis.explanation import Explanation
from cnncalc.analysis.gradient_working import with_gradients
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from tests.together import for_each


def worked(spec: str, batch: int = 1) -> Explanation:
    """The working of the last layer."""
    graph = load(spec)
    node = graph.nodes[-1]
    (found,) = explanations(graph, [node], batch=batch)
    return with_gradients(graph, node, found, gradients(graph)[node.name], batch)


CONV = "O·O·Cₒ·F·F·Cᵢ = 6·6·3·3·3·5 = 4,860"
UNTRAINED_BEFORE = "0, since no gradient of the input is needed"


@for_each(
    "spec, lines",
    [
        ("8x8x5 -> conv 3 3", [UNTRAINED_BEFORE, CONV]),
        ("8x8x5 -> prelu -> conv 3 3", [CONV, CONV, "input + weights = 4,860 + 4,860 = 9,720"]),
        ("8x8x5 -> prelu -> conv 3 3 trainable=false", [CONV, "0, since no weights of the layer are trained"]),
        (  # 6·6·5·3·3 and 6·6·5·3 MACs
            "8x8x5 -> separable_conv 3 3",
            [
                "conv = 540",
                "depthwise conv + conv = 1,620 + 540 = 2,160",
                "input + weights = 540 + 2,160 = 2,700",
            ],
        ),
        ("8x8x5 -> max_pool 2", []),
    ],
)
def test_each_gradient_with_its_formula(spec: str, lines: list[str]) -> None:
    """Each gradient, and their sum; a reason for one that is not computed."""
    found = worked(spec).backward
    written = [", ".join(filter(None, (" = ".join(each.numbers.text.chain), each.remark))) for each in found]
    assert written == lines


def test_the_batch_is_a_factor() -> None:
    """For a batch of 7: 7 · 4,860 MACs, as in the section of the forward pass."""
    found = worked("8x8x5 -> conv 3 3", batch=7)
    assert found.backward[1].numbers.value == 7 * 4860
    assert "B" in {symbol.symbol for symbol in found.names}


@for_each("kind", load_all())
def test_the_formulas_give_the_counted_macs(kind: type[Layer]) -> None:
    """For every layer type: the formulas have the values that `bounds` counts, and all their symbols are explained."""
    for example in kind.examples:
        graph = load(example)
        needs, work = gradients(graph), backward_work(graph)
        nodes = [node for node in graph.nodes if isinstance(node.layer, kind)]
        for node, explanation in zip(nodes, explanations(graph, nodes), strict=True):
            found = with_gradients(graph, node, explanation, needs[node.name], 1).backward
            values = [each.numbers.value for each in found[:2]]
            assert values == ([work[node.name].inputs, work[node.name].weights] if work[node.name].macs else [])
