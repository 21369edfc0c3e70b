"""The working of what a backward pass keeps: its numbers are those that `cost` counts."""

from __future__ import annotations

from cnncalc.analysis.analyze import load
from cnncalc.analysis.cost.backward_working import with_backward
from cnncalc.analysis.explain import explanations
from cnncalc.analysis.explanation import Explanation
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from tests.together import for_each

TENSORS = ("input", "output")


def worked(spec: str, batch: int = 1) -> Explanation:
    """The working of the last layer."""
    graph = load(spec)
    (found,) = explanations(graph, graph.nodes[-1:], batch=batch)
    return with_backward(graph, graph.nodes[-1], found, batch)


@for_each(
    ("spec", "expected"),
    [
        ("32x32x3 -> conv 20 8x8 s2 p1 relu", {"input": 32 * 32 * 3, "output of relu": 14 * 14 * 20}),
        ("32x32x3 -> conv 20 8x8 s2 p1 gelu", {"input": 32 * 32 * 3, "input of gelu": 14 * 14 * 20}),
        ("8x8x5 -> max_pool 2", {"input": 8 * 8 * 5, "indices": 4 * 4 * 5}),
        ("5x7x3 -> batch_norm", {"input": 5 * 7 * 3, "mean": 3, "1/deviation": 3}),
        ("7 -> dense 5 trainable=false", {}),
        ("7x5 -> flatten", {}),
        ("5x7x3 -> multiply(relu | identity)", {"input 1": 5 * 7 * 3, "input 2": 5 * 7 * 3}),
        (
            "5x7x3 -> multiply(relu | identity | tanh)",
            {**{f"input {place}": 5 * 7 * 3 for place in (1, 2, 3)}, "products": 5 * 7 * 3},
        ),
    ],
)
def test_the_numbers_of_one_sample(spec: str, expected: dict[str, int]) -> None:
    """Each kept tensor by its name; a remark if there is none."""
    found = worked(spec)
    assert {each.name: each.numbers.value for each in found.kept} == expected
    assert ("Nothing is kept for the backward pass." in found.remarks) == (not expected)


@for_each(("batch", "said"), [(1, False), (2, True), (3, True)])
def test_the_numbers_are_for_one_sample_of_a_batch(batch: int, said: bool) -> None:
    remark = "The numbers that the backward pass keeps are for one sample."
    assert (remark in worked("8x8x5 -> max_pool 2", batch).remarks) is said
    assert remark not in worked("7x5 -> flatten", batch).remarks


def test_the_formula_and_its_symbols() -> None:
    """The indices of a pool: O·O·C = 4·4·5, with the symbols in the legend."""
    found = worked("8x8x5 -> max_pool 2")
    indices = found.kept[1]
    assert (" = ".join(indices.numbers.text.chain), indices.remark) == ("O·O·C = 4·4·5 = 80", "of 8 bytes each")
    assert {"O", "C", "W"} <= {symbol.symbol for symbol in found.names}


@for_each("kind", load_all(), every=3)
def test_the_formulas_give_the_counted_numbers(kind: type[Layer]) -> None:
    """For every layer type: the arrays of the traced layer are those of the plain one."""
    for example in kind.examples:
        graph = load(example)
        nodes = [node for node in graph.nodes if isinstance(node.layer, kind)]
        for node, explanation in zip(nodes, explanations(graph, nodes), strict=True):
            assert node.layer is not None
            keeps = node.layer.kept(*graph.inputs_of(node), node.shape)
            kept = with_backward(graph, node, explanation).kept
            own = () if node.activation is None else node.activation.kept(node.shape, node.shape).arrays
            kept = with_backward(graph, node, explanation).kept
            arrays = [each.numbers.value for each in kept if not each.name.startswith(TENSORS)]
            assert arrays == [array.elements for array in (*keeps.arrays, *own) if not array.name.startswith(TENSORS)]
