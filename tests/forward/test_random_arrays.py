"""The arrays that a forward pass draws, and the layers that it runs."""

from __future__ import annotations

import weakref
from math import sqrt

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.forward.run import last_uses, random_inputs, run
from cnncalc.forward.weights import declared, random_weights, untied

# A layer, and the number of inputs to each of its outputs: a kernel is uniform between ±√(3/n), of variance 1/n.
FAN_IN = [
    ("23x23x7 -> conv 31 3x3", "kernel", 3 * 3 * 7),
    ("500 -> dense 61", "kernel", 500),
    ("23x23x7 -> conv 31 3x3", "bias", 1),
]


@pytest.mark.parametrize(("spec", "name", "inputs"), FAN_IN)
def test_learned_weights_have_the_variance_of_their_inputs(spec: str, name: str, inputs: int) -> None:
    values = random_weights(load(spec), 1, seed=3)[name]
    bound = sqrt(3 / inputs)
    assert values.dtype == np.float32
    assert 0.8 * bound < np.abs(values).max() <= bound
    assert abs(values.mean()) < bound / 2


def test_statistics_are_positive() -> None:
    """Between 0.5 and 1.5, in the whole of that range."""
    values = random_weights(load("3x3x997 -> batch_norm"), 1, seed=3)["variance"]
    assert 0.5 <= values.min() < 0.55
    assert 1.45 < values.max() <= 1.5


def test_inputs_are_standard_normal() -> None:
    (x,) = random_inputs(load("97x101x3 -> relu"), seed=3, batch=5).values()
    assert (x.shape, x.dtype) == ((5, 97, 101, 3), np.float32)
    assert abs(float(x.mean())) < 0.01
    assert abs(float(x.std()) - 1) < 0.01


def test_a_layer_that_shares_has_the_owner_s_arrays() -> None:
    """The third node uses the first layer's; a tied kernel is the transposed table, and its bias is its own."""
    shared = load("5x5x3 -> conv 3 3x3 p1 name=a -> conv 3 3x3 p1 share_weights=a")
    one, other = (random_weights(shared, index, seed=2) for index in (1, 2))
    assert all(np.array_equal(one[name], other[name]) for name in ("kernel", "bias"))
    tied = load("12 -> embedding 50 8 name=e -> dense 50 share_weights=e", convention="pytorch")
    table, dense = (random_weights(tied, index, seed=2) for index in (1, 2))
    assert np.array_equal(table["table"].T, dense["kernel"])
    assert dense["bias"].shape == (50,)
    assert not np.array_equal(random_weights(tied, 2, seed=3)["bias"], dense["bias"])


def test_untied_weights_are_equal_copies() -> None:
    """One for each of 3x3 positions, of which none is a view of another."""
    graph = load("5x5x2 -> conv 3 3x3")
    weights = random_weights(graph, 1, seed=2)
    copies = untied(weights, declared(graph, 1))
    assert {name: array.shape for name, array in copies.items()} == {"kernel": (3, 3, 3, 3, 2, 3), "bias": (3, 3, 3)}
    copies["bias"][0, 0, 0] = 7
    assert np.array_equal(copies["bias"][1, 2], weights["bias"])
    assert np.array_equal(copies["kernel"][2, 1], weights["kernel"])


CHAIN = "6x6x2 -> conv 3 3x3 name=a -> relu name=b -> add(identity | conv 3 1x1 name=c) -> flatten"


def test_layers_run_up_to_the_last_that_is_wanted() -> None:
    """All in order, or those up to a node."""
    graph = load(CHAIN)
    inputs = random_inputs(graph, seed=1, batch=2)
    assert [step.node for step in run(graph, inputs)] == list(range(1, len(graph.nodes)))
    for last in (1, 3):
        assert [step.node for step in run(graph, inputs, last=last)] == list(range(1, last + 1))


def test_an_activation_of_a_layer_is_part_of_its_step() -> None:
    graph = load("6x6x2 -> conv 3 3x3 relu")
    (step,) = run(graph, random_inputs(graph, seed=1, batch=2))
    assert step.output is not None
    assert (step.output.min(), step.output.shape) == (0.0, (2, 4, 4, 3))


def test_a_tensor_is_let_go_after_its_last_use() -> None:
    """What is held at each layer: its output, its inputs, and what a later layer reads."""
    graph = load(
        "6x6x2 -> conv 3 3x3 name=a -> conv 3 1x1 name=b -> add(conv 3 1x1 name=c | conv 3 1x1 name=d) name=e "
        "-> conv 2 1x1 name=f"
    )
    made: dict[str, weakref.ref[np.ndarray]] = {}
    held = []
    for step in run(graph, random_inputs(graph, seed=1, batch=2)):
        assert step.output is not None
        made[graph.nodes[step.node].name] = weakref.ref(step.output if step.output.base is None else step.output.base)
        held.append("".join(sorted(name for name, output in made.items() if output() is not None)))
        del step
    assert held == ["a", "ab", "bc", "bcd", "cde", "ef"]


def test_the_last_use_among_the_first_nodes() -> None:
    graph = load(CHAIN)
    names = [node.name for node in graph.nodes]
    uses = {names[source]: names[user] for source, user in last_uses(graph, len(names)).items()}
    assert uses == {
        "input": "a", "a": "b", "b": "c", "identity_1": "add_1", "c": "add_1", "add_1": "flatten_1",
    }  # fmt: skip
    assert set(last_uses(graph, 3)) == {0, 1}


def test_a_failed_layer_stops_only_those_after_it() -> None:
    """The branch beside it runs; the sum of both does not."""
    graph = load("6x6x2 -> add(conv 2 1x1 name=a | conv 2 1x1 name=b) -> relu")
    inputs = random_inputs(graph, seed=1, batch=1)

    def draw(graph: object, index: int, seed: int) -> dict[str, np.ndarray]:
        weights = random_weights(load("6x6x2 -> conv 2 1x1"), 1, seed)
        return {**weights, "kernel": np.zeros((1, 1, 5, 2), np.float32)} if index == 1 else weights

    steps = list(run(graph, inputs, draw=draw))
    assert [(graph.nodes[step.node].name, step.output is None) for step in steps] == [("a", True), ("b", False)]
    assert "arrays need" in steps[0].failure


def test_an_array_without_a_batch_meets_every_sample() -> None:
    """A learned table is stretched over the batch where a layer takes it beside the input."""
    graph = load("5x3 -> concat(parameter 1x3 | identity) axis=1 -> add(identity | parameter 6x3)")
    steps = {graph.nodes[step.node].name: step for step in run(graph, random_inputs(graph, seed=1, batch=4))}
    joined = steps["concat_1"]
    assert joined.output is not None
    assert [array.shape for array in joined.inputs] == [(4, 1, 3), (4, 5, 3)]
    assert joined.output.shape == (4, 6, 3)
