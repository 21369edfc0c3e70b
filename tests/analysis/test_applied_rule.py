"""The rule line of an explanation: the formula of the layer's own padding, rounding and form."""

from __future__ import annotations

import re

from cnncalc.analysis.explain import explain
from cnncalc.layers import registry
from tests.together import for_each


@for_each(
    ("spec", "convention", "rule"),
    [
        ("32x32x3 -> conv 20 8x8 s2 p1", "formula", "convolution: O = ⌊(W − F + 2·P)/S⌋ + 1"),
        ("9x3 -> conv 4 3 padding=[[1,2]]", "formula", "convolution: O = ⌊(W − F + P₀ + P₁)/S⌋ + 1"),
        ("9x9x3 -> conv 4 3x3 d2", "formula", "convolution: O = ⌊(W − F′ + 2·P)/S⌋ + 1 with F′ = D·(F − 1) + 1"),
        ("9x8x3 -> conv 4 3x3 d2x1", "formula", "convolution: O = ⌊(W − F′ + 2·P)/S⌋ + 1 with F′ = D·(F − 1) + 1"),
        # TensorFlow, tf.nn, Notes on padding: SAME is ceil(W/S), VALID is ceil((W − F + 1)/S)
        ("9x9x3 -> conv 4 3x3 s2 same", "keras", "convolution with SAME padding: O = ⌈W/S⌉"),
        ("9x9x3 -> conv 4 3x3 s2 valid", "keras", "convolution without padding: O = ⌈(W − F + 1)/S⌉"),
        ("9x3 -> conv 4 3 d2 causal", "keras",
         "convolution with causal padding, before the first position only: O = ⌊(W − 1)/S⌋ + 1"),
        ("9x9x3 -> depthwise_conv 3x3 m2 same", "formula",
         "convolution with SAME padding: O = ⌈W/S⌉; Cᵢ·m channels"),
        # PyTorch, torch.nn.MaxPool2d with ceil_mode=True
        ("9x9x3 -> max_pool 2x2 s2 ceil", "pytorch",
         "pooling, rounded up: O = ⌈(W − F + 2·P)/S⌉ + 1; depth unchanged"),
        ("4x4x5 -> conv_transpose 2 3x3 s2 p1", "pytorch", "transposed convolution: O = (W − 1)·S − 2·P + F"),
        ("4x4x5 -> conv_transpose 2 3x3 s2 same", "keras", "transposed convolution with SAME padding: O = W·S"),
        ("4x4x5 -> conv_transpose 2 3x3 s2 d2", "pytorch",
         "transposed convolution: O = (W − 1)·S − 2·P + F′ with F′ = D·(F − 1) + 1"),
        ("4x4x5 -> conv_transpose 2 3x3 s2 form=modular", "formula",
         "transposed convolution, in the modular form: O = S·(W − 1) + ((W + 2·P − F) mod S) + F − 2·P"),
        ("5x7x3 -> zero_pad 2", "formula", "zero_pad: O = W + 2·P"),
        # axes with different formulas: the general rule
        ("9x9x3 -> conv 4 3x3 padding=[[1,2],[1,1]]", "formula",
         "convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1"),
        ("7 -> dense 10", "formula", "dense: O = units"),
    ],
)  # fmt: skip
def test_the_rule_that_was_applied(spec: str, convention: str, rule: str) -> None:
    assert explain(spec, convention=convention)[-1].rule == rule


@for_each(
    ("spec", "symbol", "values"),
    [
        ("9x9x3 -> conv 4 3x3 d2", "F′", (5,)),  # 2·(3 − 1) + 1
        ("9x8x3 -> conv 4 3x3 d2x1", "F′", (5, 3)),
        ("9x9x3 -> conv 4 3x3 padding=[[1,2],[1,1]]", "P₀", (1,)),
        ("16x64 -> multi_head_attention 8", "dₖ", (8,)),  # 64/8
        ("16x64 -> multi_head_attention 8 key_dim=5", "dₖ", (5,)),
        ("9x3 -> conv 4 3 d2 causal", "D", (2,)),  # of the receptive field's line
    ],
)
def test_symbols_of_the_rule(spec: str, symbol: str, values: tuple[int, ...]) -> None:
    assert {each.symbol: each.values for each in explain(spec)[-1].names}[symbol] == values


@for_each(
    ("spec", "source"),
    [
        ("9x9x3 -> conv 4 3x3 same", "TensorFlow, tf.nn, Notes on padding"),
        ("9x9x3 -> max_pool 2 same", "TensorFlow, tf.nn, Notes on padding"),
        ("9x9x3 -> conv 4 3x3",
         "Araujo, Norris & Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill 2019"),
    ],
)  # fmt: skip
def test_sources_of_the_rule(spec: str, source: str) -> None:
    assert source in explain(spec)[-1].sources


@for_each(
    ("spec", "figure", "formula"),
    [
        ("16x64 -> multi_head_attention 8", "params", "4·(n·n + n)"),
        ("16x64 -> multi_head_attention 8 bias=false", "params", "4·n·n"),
        ("16x64 -> multi_head_attention 8", "macs", "4·T·n·n + 2·T·T·n"),
        ("16x64 -> multi_head_attention 8 key_dim=5", "macs", "4·T·n·h·dₖ + 2·h·T·T·dₖ"),
        ("5x8x8x3 -> conv_lstm 7 3x3 s2", "macs", "T·O·O·Cₒ·4·F·F·(C + Cₒ)"),
    ],
)
def test_formulas_with_the_heads_reduced(spec: str, figure: str, formula: str) -> None:
    """Vaswani et al., section 3.2.2: h heads of n/h features cost as much as one of n features."""
    assert getattr(explain(spec)[-1], figure).text.formula == formula


def test_every_symbol_of_a_window_rule_has_a_value() -> None:
    examples = [(kind.type, kind.examples[0]) for kind in registry.load_all().values() if "F′ = D(F" in kind.rule]
    assert len(examples) > 8
    for kind, spec in examples:
        explained = next(each for each in explain(spec) if each.type == kind)
        written = set(re.findall(r"(?<!\w)[A-Z][ᵢₒ₀₁′]*(?![\w′])", explained.rule)) - {"SAME"}
        assert written <= {each.symbol for each in explained.names}, spec


@for_each(
    ("spec", "remark"),
    [
        # 13·u per step: 5 activations, 3 products, 1 sum, 4 biases
        ("7x13 -> lstm 11",
         ("FLOPs of lstm: two per multiply–accumulate; per step and unit five activations, three products and one sum "
         "for the cell, one for each bias, and two for each peephole.")),
        ("8x8x3 -> conv 4 3x3 relu",
         "FLOPs of conv: two per multiply–accumulate and one per output for the bias; then relu, one per element."),
        ("8x8x3 -> layer_norm",
         ("FLOPs of layer_norm: five per element (an addition for the mean, the centring, a square and an addition for "
         "the variance, a division), and one each for scale and shift.")),
        ("8x8x3 -> conv 4 3x3", ""),  # 2·MACs + O·O·Cₒ has no constant of its own
        ("8x8x3 -> relu", ""),
    ],
)  # fmt: skip
def test_constants_of_flops_are_explained(spec: str, remark: str) -> None:
    assert [each for each in explain(spec)[-1].remarks if each.startswith("FLOPs of")] == [remark] * bool(remark)
