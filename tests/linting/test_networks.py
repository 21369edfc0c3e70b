"""A network as the rules see it: the centers of its receptive fields, and who takes an output."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.diagnostics import Source
from cnncalc.graph.document import Overrides
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.work import LayerCount
from cnncalc.linting.linted_spec import LintedSpec, linted_spec, read_root, variants_of
from cnncalc.linting.network import Network
from cnncalc.linting.view_centers import middles
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.load import form_of
from tests.together import for_each


def spec_of(text: str) -> LintedSpec:
    root, _ = read_root(Source("net.yaml", text), form_of(text), DEFAULT_LIMITS)
    assert root is not None
    return linted_spec(root, Overrides(), (), BuildCache(), LayerCount())


def network_of(text: str) -> Network:
    network = spec_of(text).network
    assert network is not None
    return network


HALF = Fraction(1, 2)


@for_each(
    ("text", "lines"),
    [
        # twice the center of position 0, the jump, the largest jump: (F′ − 1 − 2P)·j more, and S times the jump
        ("32x3 -> conv 5 3", [(2, 1, 1)]), ("32x3 -> conv 5 3 p1", [(0, 1, 1)]), ("32x3 -> conv 5 5 p1", [(2, 1, 1)]),
        ("32x3 -> conv 5 5 s2", [(4, 2, 2)]), ("32x3 -> conv 5 3 s2 -> conv 5 3", [(6, 2, 2)]),
        ("32x3 -> conv 5 3 d2", [(4, 1, 1)]),
        ("32x3 -> max_pool 2", [(1, 2, 2)]), ("32x3 -> max_pool 2 -> max_pool 2", [(3, 4, 4)]),
        ("33x20x3 -> conv 5 3x5 s1x2", [(2, 1, 1), (4, 2, 2)]), ("32x3 -> conv 5 3 causal", [(0, 1, 1)]),
        # enlarged: the 64 half-steps are centered over the 32 positions
        ("32x3 -> upsample 2", [(-HALF, HALF, 1)]), ("32x3 -> max_pool 2 -> upsample 2", [(0, 1, 2)]),
        # merged: the mean of the branches; nothing where their jumps differ
        ("32x3 -> add(conv 3 3 | crop [[0, 2]])", [(1, 1, 1)]), ("32x3 -> add(conv 3 3 | conv 3 3)", [(2, 1, 1)]),
        ("32x3 -> add(conv 3 3 s2 p1 | conv 3 17)", None),
        ("32x3 -> add(max_pool 2 -> upsample 2 | identity)", [(0, 1, 2)]),
        ("32x3 -> relu", [(0, 1, 1)]), ("32x3 -> conv 5 3 -> batch_norm", [(2, 1, 1)]),
        ("32x3 -> global_avg_pool", None),
        ("32x3 -> flatten -> dense 5", None), ("32x3 -> conv 5 1", [(0, 1, 1)]), ("32x3 -> conv 5 1 s2", [(0, 2, 2)]),
        ("32x3 -> conv 5 1 p1", [(-2, 1, 1)]),
    ],
)  # fmt: skip
def test_the_centers_of_receptive_fields(text: str, lines: list[tuple[object, ...]] | None) -> None:
    found = middles(network_of(text))[-1]
    assert (None if found is None else [tuple(line) for line in found]) == lines


def test_who_takes_an_output() -> None:
    """One layer alone, and not the caller as well."""
    network = network_of("input: 9x3\nlayers: [relu, tanh, {relu: , from: relu_1}, {add: , from: [tanh_1, relu_2]}]\n")
    names = {node.name: index for index, node in enumerate(network.nodes)}
    assert [network.only_user(names[name]) for name in ("input", "relu_1", "tanh_1", "add_1")] == [
        names["relu_1"], None, names["add_1"], None,
    ]  # fmt: skip
    two = network_of("input: 9x3\nlayers: [relu, tanh]\noutputs: [relu_1, tanh_1]\n")
    assert [two.only_user(index) for index in range(3)] == [1, None, None]


def test_the_beginning_and_the_variants_of_a_spec() -> None:
    """Findings about the whole are at the first key."""
    spec = spec_of("# a note\nname: x\ninput: 9x3\nvariants: {b: {}, a: {}}\nlayers: [relu]\n")
    assert (spec.start.line, spec.start.column, variants_of(spec.root)) == (2, 1, ["b", "a"])
    assert variants_of(spec_of("9x3 -> relu").root) == []
    assert variants_of(None) == []
    assert spec_of("9x3 -> conv").network is None
