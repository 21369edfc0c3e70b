"""Words that mean no type and no value: what is offered in their place."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import SpecError
from cnncalc.graph.type_lookup import _branch, find
from tests.together import for_each

FIELD = "is a field, whose value follows a `=`"


@for_each(
    ("item", "code", "message", "hint"),
    [
        # names of types
        ("max pool 2", "E204", 'maximum: unknown word "pool"', 'did you mean "max_pool"?'),
        ("Max pool 2", "E204", 'maximum: unknown word "pool"', 'did you mean "max_pool"?'),
        ("conv transpose 4 3", "E204", 'conv: unknown word "transpose"', 'did you mean "conv_transpose"?'),
        ("conv 4 3 batch norm", "E204", 'conv: unknown word "norm"', 'did you mean "batch_norm"?'),
        ("global max pool", "E202", 'unknown layer type "global"', 'did you mean "global_max_pool"?'),
        ("scaled dot product attention", "E202", 'unknown layer type "scaled"',
         'did you mean "attention"?'),
        ("nn.Conv2", "E202", 'unknown layer type "nn.Conv2"', 'did you mean "conv"?'),
        ("20 conv", "E202", 'unknown layer type "20"',
         "an item begins with its type, and the values follow, as in conv 20 8x8"),
        ("zzzz", "E202", 'unknown layer type "zzzz"', "`cnncalc layers` lists every type"),
        # words among arguments
        ("conv 4 3 no_bias", "E204", 'conv: unknown word "no_bias"', "write bias=false"),
        ("conv 4 3 nobias", "E204", 'conv: unknown word "nobias"', "write bias=false"),
        ("conv 4 3 no-stride", "E204", 'conv: unknown word "no-stride"', ""),  # not a flag
        ("conv 4 3 P1", "E204", 'conv: unknown word "P1"', "write p1"),
        ("conv 4 3 S2x2", "E204", 'conv: unknown word "S2x2"', "write s2x2"),
        ("conv 4 3 Q2", "E204", 'conv: unknown word "Q2"', ""),
        ("conv 4 3 max_pool", "E204", 'conv: unknown word "max_pool"',
         "put `->` before max_pool, which makes it an item of its own"),
        ("add(relu, tanh(x))", "E204", 'add: unknown word "tanh(x)"',
         "branches are separated by `|`: add(… | tanh(x))"),
        ("add(relu, nn.Tanh(x))", "E204", 'add: unknown word "nn.Tanh(x)"',
         "branches are separated by `|`: add(… | nn.Tanh(x))"),
        ("add(relu, wort(x))", "E204", 'add: unknown word "wort(x)"', ""),
        ("conv 4 3 wort", "E204", 'conv: unknown word "wort"', ""),
        ("relu wort", "E204", 'relu: unknown word "wort". Allowed: an activation', ""),
        ("conv 4 3 activation=reluu", "E204", 'activation: unknown word "reluu"', 'did you mean "relu"?'),
        # fields without a sign
        ("conv 4 3 stride 2", "E204", f'conv: "stride" {FIELD}', "write stride=2"),
        ("conv 4 3 stride: 2", "E204", f'conv: "stride" {FIELD}', "write stride=2"),
        ("conv 4 3 stride = 2", "E204", f'conv: "stride" {FIELD}', "write stride=2"),
        ("conv 4 3 padding:1", "E204", f'conv: "padding" {FIELD}', "write padding=1"),
        ("conv 4 3 padding same", "E204", f'conv: "padding" {FIELD}', "write padding=same"),
        ("conv 4 3 stride", "E204", f'conv: "stride" {FIELD}', "write stride=…"),
        ("conv 4 3 bias", "E204", f'conv: "bias" {FIELD}', "write bias=true"),
        ("conv 4 3 bias false", "E204", f'conv: "bias" {FIELD}', "write bias=false"),
        ("conv 4 3 name x", "E204", f'conv: "name" {FIELD}', "write name=x"),
        # wrappers
        ("time_distributed(conv 3 1 -> relu)", "E209", "time_distributed holds one layer, got 2",
         "wrap each of them: time_distributed(…) -> time_distributed(…)"),
        ("time_distributed", "E205", "time_distributed needs a layer inside",
         "for example: time_distributed(conv 8 3x3 s2)"),
        ("time_distributed(conv 3 1) units=3", "E203", 'time_distributed has no field "units" beside its layer',
         "write what the inner layer needs with it"),
        ("time_distributed(conv 3 1) lajer=3", "E203", 'time_distributed has no field "lajer" beside its layer',
         'did you mean "layer"?'),
        ("time_distributed(conv 3 1 name=x)", "E203", "name belongs to time_distributed, not to the layer inside", ""),
        ("bidirectional(lstm 3) merge_mode=None", "E204",
         "merge_mode: bidirectional gives one output, not one for each direction",
         "leave merge_mode out, and put split 2 after the layer: the halves are the two directions"),
    ],
)  # fmt: skip
def test_words(item: str, code: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        analyze(f"8x8x3 -> {item}")
    found = caught.value.diagnostics[0]
    assert (found.code, found.hint) == (code, hint)
    assert found.message.startswith(message)


def test_equal_words_are_one_activation() -> None:
    """Keras's function leaky_relu has another slope than its layer; a mapping says its own."""
    items = ["conv 4 1 leaky_relu", "conv 4 1 bias=false leaky_relu", "conv 4 1 activation=leaky_relu"]
    own: list[object] = [{"conv": "4 1", "activation": {"leaky_relu": slope}} for slope in (0.5, 0.25)]
    graph = load({"input": "8x8x3", "layers": [*items, *own]}, convention="keras")
    first, *others, half, quarter = [node.activation for node in graph.nodes[1:]]
    assert all(other is first for other in others)
    assert [layer.values()["slope"] for layer in (first, half, quarter) if layer] == [0.2, 0.5, 0.25]


def test_words_for_an_activation() -> None:
    """All activations are listed where none is near."""
    with pytest.raises(SpecError) as caught:
        analyze("8x8x3 -> conv 4 3 activation=zzz")
    assert caught.value.diagnostics[0].hint.startswith("allowed: abs, celu, ")


@for_each(
    ("word", "kind", "hint"),
    [
        ("tanh(x)", "add", "branches are separated by `|`: add(… | tanh(x))"), ("tanh", "add", ""),
        ("tanh(x)", "conv", ""), ("tanh(x)", None, ""), ("wort(x)", "add", ""), ("(x)", "add", ""),
    ],
)  # fmt: skip
def test_calls_among_the_branches_of_a_merge(word: str, kind: str | None, hint: str) -> None:
    found = find(kind) if kind else None
    assert _branch(word, found[0] if found else None) == hint
