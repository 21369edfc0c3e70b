"""Derivations of sums: which terms are written, and the values they add up to."""

from __future__ import annotations

from cnncalc.analysis.analyze import load
from cnncalc.analysis.cost.precision import computed_bytes
from cnncalc.analysis.derivation import derive_sum
from cnncalc.analysis.device.deployment import _is_view
from cnncalc.analysis.formulas import _without_formula
from cnncalc.analysis.tools.attention import products, projections, scores
from cnncalc.analysis.tools.calls import calls_of
from cnncalc.arithmetic.linear_form import NoFormError
from cnncalc.arithmetic.term import Term
from tests.together import for_each


@for_each(
    ("terms", "text"),
    [
        ([5, Term.leaf(3, "H")], "5 + H = 5 + 3 = 8"), ([Term.leaf(3, "H"), 0, 4], "H + 4 = 3 + 4 = 7"),
        ([Term.leaf(0, "H"), 4], "H + 4 = 0 + 4 = 4"),  # a size that is 0 has a symbol
        ([0, 0], "0"), ([], "0"), ([7], "7"),
    ],
)  # fmt: skip
def test_the_terms_of_a_sum(terms: list[int], text: str) -> None:
    """Plain zeros are left out; a traced number has a symbol, whatever its value."""
    found = derive_sum(terms)
    assert " = ".join(filter(None, (found.text.formula, *found.text.steps))) == text


def test_a_result_without_a_formula() -> None:
    """The hint lists sizes from the first letter's to its double, by quarters."""
    found = _without_formula(NoFormError("a quotient"), {"H": 38, "W": 7}).diagnostics[0]
    assert found.message == "the spec: its sizes have no formula in H, W: a quotient"
    assert "--vary input=38..76:9`" in found.hint
    assert "--vary input=3..6:1`" in _without_formula(NoFormError("a quotient"), {"L": 3}).diagnostics[0].hint


@for_each(
    ("kind", "inputs", "size"),
    [("conv", [4], 2), ("softmax", [2], 4), ("add", [2, 4], 4), ("add", [4, 2], 4), ("relu", [2], 2), ("relu", [], 4)],
)
def test_the_type_in_which_a_layer_computes(kind: str, inputs: list[int], size: int) -> None:
    """PyTorch's autocast: half precision, full precision, or the widest of the inputs."""
    assert computed_bytes(kind, inputs) == size


def test_layers_that_are_views_of_their_input() -> None:
    """A flatten and a dropout at inference; not with an activation, nor the input."""
    graph = load("5x7x3 -> dropout 0.5 -> flatten -> flatten relu -> relu")
    assert [_is_view(node) for node in graph.nodes] == [False, True, True, False, False]


def test_the_work_of_attention_on_two_inputs() -> None:
    """Queries at 7 positions, keys and values at 5, 12 features in 3 heads, by hand.

    Projections of 12·12 for 7 queries, 5 keys, 5 values and 7 outputs; 7·5 products of 12, twice; 3·7·5 scores.
    """
    graph = load("x: 7x12, m: 5x12 -> multi_head_attention 3 from=[x,m]", convention="pytorch")
    (call,) = calls_of(graph, graph.nodes[-1])
    assert (projections(call), products(call), scores(call)) == (24 * 144, 2 * 7 * 5 * 12, 3 * 7 * 5)
    (alone,) = calls_of(own := load("7x12 -> multi_head_attention 3", convention="pytorch"), own.nodes[-1])
    assert (projections(alone), products(alone), scores(alone)) == (28 * 144, 2 * 7 * 7 * 12, 3 * 7 * 7)
