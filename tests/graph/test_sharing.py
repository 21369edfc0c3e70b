"""Shared weights between types: one array, counted once, transposed where the layers hold it differently."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import SpecError, analyze, check, load, verify
from cnncalc.analysis.explain import explain
from cnncalc.forward.run import random_inputs, run
from tests.together import for_each

# A spec, its convention, and its parameters: hand arithmetic, as PyTorch counts them after `b.weight = a.weight`.
TIED = [
    ("12 -> embedding 50000 384 name=wte -> dense 50000 bias=false share_weights=wte", "pytorch", 19_200_000),
    ("12 -> embedding 50 8 name=e -> dense 50 share_weights=e", "pytorch", 400 + 50),
    ("12 -> embedding 50 8 name=e -> dense 50 share_weights=e", "keras", 400 + 50),
    ("ids: 12, x: 12x8 -> dense 50 from=x name=d -> embedding 50 8 share_weights=d from=ids", "pytorch", 450),
    ("784 -> dense 30 name=enc -> dense 784 share_weights=enc", "keras", 784 * 30 + 30 + 784),  # a tied autoencoder
    ("4x9x9 -> conv 8 3x3 name=enc -> conv_transpose 4 3x3 share_weights=enc", "pytorch", 288 + 8 + 4),
    ("5x7 -> dense 7 name=a -> dense 7 bias=false share_weights=a", "keras", 56),
    ("5x7 -> parameter 3x7 name=a -> parameter 3x7 name=b share_weights=a -> add from=[a, b]", "pytorch", 21),
    ("5x7 -> parameter 3x7 name=a -> dense 3 from=input share_weights=a", "pytorch", 21 + 3),
    ("5x7 -> parameter 7x3 name=a -> dense 3 from=input share_weights=a", "keras", 21 + 3),
    ("5x7 -> parameter 7x3 name=a -> dense 3 from=input share_weights=a name=b -> dense 3 from=input share_weights=b",
     "keras", 21 + 3),
    ("12 -> embedding 50 8 name=a -> embedding 50 8 from=input share_weights=a", "keras", 400),
]  # fmt: skip


@for_each(("text", "convention", "params"), TIED)
def test_one_array_is_counted_once(text, convention, params):
    """Biases are the layer's own, and the forward pass runs."""
    assert analyze(text, convention=convention).totals.params == params
    assert verify(text, convention=convention, batch=2).problems == []


def test_the_forward_pass_uses_one_table():
    """The dense layer's kernel is the embedding's table, the other way round: a token's own logit is |row|²."""
    graph = load("12 -> embedding 50 8 name=e -> dense 50 bias=false share_weights=e", convention="pytorch")
    embedded, projected = run(graph, random_inputs(graph, seed=3, batch=2), seed=3)
    assert np.array_equal(projected.weights["kernel"], embedded.weights["table"].T)
    rows = np.square(embedded.output).sum(-1)
    own = np.floor(random_inputs(graph, seed=3, batch=2)[0]).astype(int) % 50
    assert np.allclose(np.take_along_axis(projected.output, own[..., None], -1)[..., 0], rows, atol=1e-4)


@pytest.mark.parametrize(
    ("text", "layer", "remark"),
    [
        (TIED[1][0], "dense_1", "The kernel is the table of e, transposed, and is counted only there."),
        (TIED[8][0], "dense_1", "The kernel is the array of a, transposed, and is counted only there."),
        (TIED[7][0], "b", "The weights are shared with a and counted only there."),
    ],
)
def test_explain_names_the_array(text, layer, remark):
    """The note says which array it is, and whether it is turned."""
    assert remark in explain(text, layer, convention="pytorch")[0].remarks


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("12 -> embedding 50 8 name=e -> dense 8 share_weights=e", "kernel 8x8, bias 8 against table 50x8"),
        # Conv2d's weight is 8x4x1x1, Linear's 8x4: torch refuses to load one into the other
        ("9x9x4 -> conv 8 1x1 name=c -> dense 8 share_weights=c", "kernel 8x8, bias 8 against kernel 1x1x4x8, bias 8"),
        ("5x7 -> batch_norm name=a -> parameter 7 share_weights=a", "array 7 against scale 7, shift 7, mean 7"),
        ("5x7 -> relu name=a -> parameter 7 share_weights=a", "array 7 against no weights"),
    ],
)
def test_what_cannot_be_tied(text, message):
    """Arrays of other sizes, and layers with more than one array."""
    with pytest.raises(SpecError) as error:
        load(text, convention="keras")
    assert error.value.diagnostics[0].code == "E306"
    assert message in error.value.diagnostics[0].message


def test_check_knows_the_mistakes_of_a_tied_layer():
    """A forgotten bias leaves nothing of a layer whose kernel is counted elsewhere."""
    (judgement,) = check(TIED[1][0], {"dense_1.params": "0"}, convention="pytorch")
    assert judgement.suspects[0].name == "dense_bias_forgotten"
