"""Explanations: the working of every figure. Expected chains are written by hand from the sources named beside them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from cnncalc.analysis.analyze import load
from cnncalc.analysis.coverage import coverage
from cnncalc.analysis.derivation import Derivation, derive_sum
from cnncalc.analysis.explain import explain as explain_spec
from cnncalc.analysis.explain import explain_graph, explain_layer
from cnncalc.analysis.explanation import Explanation
from cnncalc.arithmetic.convention import setting
from cnncalc.diagnostics import Refusal, SpecError
from cnncalc.layers import registry
from cnncalc.layers.base import Layer
from cnncalc.layers.convolution.conv import Conv
from cnncalc.layers.pooling.max_pool import MaxPool
from tests.together import for_each

SIZE = "⌊(W − F + 2·P)/S⌋ + 1"
DILATED = "⌊(W − (D·(F − 1) + 1) + 2·P)/S⌋ + 1"
MODULAR = "S·(W − 1) + ((W + 2·P − F) mod S) + F − 2·P"
MODULAR_NUMBERS = "2·(5 − 1) + ((5 + 2·1 − 3) mod 2) + 3 − 2·1"
FILTERS = "channels: number of filters"
QUIZ = "32x32x3 -> conv 20 8x8 s2 p1"


def explain(spec: str, convention: str = "formula") -> Explanation:
    """The last layer's explanation."""
    return explain_graph(load(spec, convention=convention))[-1]


def chain(derivation: Derivation | None) -> str:
    assert derivation is not None
    return " = ".join(derivation.text.chain)


def sizes(explanation: Explanation) -> list[str]:
    return [f"{' '.join(size.axes)}: {size.reason or chain(size.derivation)}" for size in explanation.sizes]


@for_each(
    ("spec", "expected"),
    [
        # CS231n, Convolutional Networks: (W − F + 2P)/S + 1
        (QUIZ, [f"height width: {SIZE} = (32 − 8 + 2·1)/2 + 1 = 26/2 + 1 = 13 + 1 = 14", FILTERS]),
        (
            "7x7x1 -> conv 1 3x3 s3",
            [f"height width: {SIZE} = ⌊(7 − 3 + 2·0)/3⌋ + 1 = ⌊4/3⌋ + 1 = ⌊1.33…⌋ + 1 = 1 + 1 = 2", FILTERS],
        ),
        # one stride and one kernel per axis
        (
            "13x11x1 -> conv 2 3x5 s2x3",
            [
                f"height: {SIZE} = (13 − 3 + 2·0)/2 + 1 = 10/2 + 1 = 5 + 1 = 6",
                f"width: {SIZE} = (11 − 5 + 2·0)/3 + 1 = 6/3 + 1 = 2 + 1 = 3",
                FILTERS,
            ],
        ),
        # TensorFlow, tf.nn.convolution: SAME is ⌈W/S⌉
        ("11x11x1 -> conv 2 3x3 s2 same", ["height width: ⌈W/S⌉ = ⌈11/2⌉ = ⌈5.5⌉ = 6", FILTERS]),
        # Dumoulin & Visin, section 5.1: the dilated kernel
        (
            "11x11x1 -> conv 2 3x3 d2",
            [f"height width: {DILATED} = (11 − (2·(3 − 1) + 1) + 2·0)/1 + 1 = 6/1 + 1 = 6 + 1 = 7", FILTERS],
        ),
        (
            "7x1 -> conv 2 3 padding=causal",
            ["length: ⌊(W − 1)/S⌋ + 1 = (7 − 1)/1 + 1 = 6/1 + 1 = 6 + 1 = 7", FILTERS],
        ),
        (
            "7x1 -> conv 2 3 padding=[[1,2]]",
            ["length: ⌊(W − F + P₀ + P₁)/S⌋ + 1 = (7 − 3 + 1 + 2)/1 + 1 = 7/1 + 1 = 7 + 1 = 8", FILTERS],
        ),
        # a pool that names no stride steps by its kernel
        (
            "8x8x10 -> max_pool 2",
            [f"height width: {SIZE} = (8 − 2 + 2·0)/2 + 1 = 6/2 + 1 = 3 + 1 = 4", "channels: unchanged"],
        ),
        # the modular form of the course notes, computed as printed
        (
            "5x5x6 -> conv_transpose 2 3x3 s2 p1 form=modular",
            [
                f"height width: {MODULAR} = {MODULAR_NUMBERS} = 8 + (4 mod 2) + 3 − 2 = 8 + 0 + 3 − 2 = 9",
                FILTERS,
            ],
        ),
        # Keras and TensorFlow, Conv2DTranspose: SAME is W·S
        ("7x7x6 -> conv_transpose 2 3x3 s2 same", ["height width: W·S = 7·2 = 14", FILTERS]),
        ("5x7x11 -> relu", ["height width channels: unchanged"]),
        (
            "5x7x11 -> zero_pad 2",
            [
                "height: W + 2·P = 5 + 2·2 = 5 + 4 = 9",
                "width: W + 2·P = 7 + 2·2 = 7 + 4 = 11",
                "channels: unchanged",
            ],
        ),
        ("5x7x11 -> flatten", ["size: H·W·C = 5·7·11 = 385"]),
        ("5x7x11 -> reshape 35x-1", ["length: 35", "channels: H·W·C/35 = 5·7·11/35 = 385/35 = 11"]),
        ("784 -> dense 10", ["size: number of outputs"]),
        ("5x7x3 -> concat(identity | conv 11 1x1)", ["height width: unchanged", "channels: C₁ + C₂ = 3 + 11 = 14"]),
        ("5x7x3 -> add(identity | identity)", ["height width channels: unchanged"]),
    ],
)
def test_output_sizes(spec: str, expected: list[str]) -> None:
    """Each axis has its formula, the numbers put in, every step and the result; equal axes are told once."""
    assert sizes(explain(spec)) == expected


@for_each(
    ("spec", "figure", "expected"),
    [
        # the quiz layer: 3,860 shared, 756,560 unshared
        (QUIZ, "params", "(F·F·Cᵢ + 1)·Cₒ = (8·8·3 + 1)·20 = 193·20 = 3,860"),
        (QUIZ, "unshared", "(F·F·Cᵢ + 1)·O·O·Cₒ = (8·8·3 + 1)·14·14·20 = 193·3,920 = 756,560"),
        (QUIZ, "macs", "O·O·Cₒ·F·F·Cᵢ = 14·14·20·8·8·3 = 752,640"),
        (QUIZ, "flops", "2·MACs + O·O·Cₒ = 2·752,640 + 14·14·20 = 1,505,280 + 3,920 = 1,509,200"),
        (QUIZ + " relu", "flops", "2·MACs + 2·O·O·Cₒ = 2·752,640 + 2·14·14·20 = 1,505,280 + 7,840 = 1,513,120"),
        ("5x7x3 -> conv 2 3x1 bias=false", "params", "F_h·F_w·Cᵢ·Cₒ = 3·1·3·2 = 18"),
        ("5x7x6 -> conv 4 1x1 groups=2", "params",
         "(F·F·Cᵢ/g + 1)·Cₒ = (1·1·6/2 + 1)·4 = (1·3 + 1)·4 = 4·4 = 16"),
        # a transposed kernel is used at every input position, its bias at every output position
        (
            "5x7x6 -> conv_transpose 2 3x3",
            "unshared",
            "(F·F·Cᵢ·W_h·W_w + O_h·O_w)·Cₒ = (3·3·6·5·7 + 7·9)·2 = 1,953·2 = 3,906",
        ),
        # Keras, "Simple MNIST convnet" and TensorFlow's CNN tutorial: dense 64 on 576 inputs has 36,928
        ("576 -> dense 64", "params", "(n + 1)·units = (576 + 1)·64 = 577·64 = 36,928"),
        ("3x3x64 -> dense 64", "params", "(H·W·C + 1)·units = (3·3·64 + 1)·64 = 577·64 = 36,928"),
        ("5x7x11 -> batch_norm", "params", "2·C = 2·11 = 22"),
        ("5x7x11 -> batch_norm", "statistics", "2·C = 2·11 = 22"),
        ("5x7x11 -> batch_norm", "unshared", "2·H·W·C = 2·5·7·11 = 770"),
        ("8x8x10 -> max_pool 2", "flops", "O·O·C·(F·F − 1) = 4·4·10·(2·2 − 1) = 160·3 = 480"),
        ("5x7x11 -> relu", "flops", "H·W·C = 5·7·11 = 385"),
    ],
)  # fmt: skip
def test_counts(spec: str, figure: str, expected: str) -> None:
    """Parameters with and without sharing, and work, with what their products share pulled out."""
    assert chain(getattr(explain(spec), figure)) == expected


@for_each(
    ("spec", "expected"),
    [
        (QUIZ, ("No position is dropped: 32 − 8 + 2 = 26 is divisible by stride 2.",)),
        ("7x7x1 -> conv 1 3x3", ("No position is dropped: a stride of 1 reaches every position.",)),
        ("5x5x1 -> conv 1 5x5 s2", ("No position is dropped: one window covers the whole axis.",)),
        ("8x8x1 -> conv 1 3x3 s2",
         ("The last row and column are never used: the last window ends at 7 of 8.",)),
        ("8x7x1 -> conv 1 3x3 s2",
         ("The last row is never used: the last window ends at 7 of 8.",
          "No position is dropped along the columns: 7 − 3 = 4 is divisible by stride 2.")),
        ("7x7x1 -> conv 1 3x3 s3",
         ("The last row and column are never used: the last window ends at 6 of 7.",)),
        ("9x11x1 -> conv 1 3x3 s5",
         ("The last row is never used: the last window ends at 8 of 9.",
          "2 rows lie between the windows, never used.",
          "The last 3 columns are never used: the last window ends at 8 of 11.",
          "2 columns lie between the windows, never used.")),
        # padding is dropped first: 6 + 2·1 = 8 positions, windows end at the seventh, which is the sixth real one
        ("6x1 -> conv 1 3 s2 p1", ("The last position of padding is not used; no input is dropped.",)),
        # taps at 0, 2, 4: one window of a dilated kernel leaves 1 and 3 out
        ("5x1 -> conv 1 3 d2", ("2 positions lie between the kernel's taps, never used.",)),
        ("32x1 -> conv 1 1 s2 rounding=caffe", ("The last window extends 1 position beyond the padded input.",
                                                "16 positions lie between the windows, never used.")),
        ("6x1 -> conv 1 3 s2 rounding=ceil", ("The last window extends 1 position beyond the padded input.",)),
        ("4x1 -> conv 1 2 s3 rounding=ceil", ("The last window extends 1 position beyond the padded input.",
                                              "1 position lies between the windows, never used.")),
        ("5x1 -> conv 1 2 s2 p1 rounding=ceil",
         ("Rounding up gives an additional window, which would begin beyond the input: it is dropped.",
          "The last position of padding is not used; no input is dropped.")),
        ("5x7x11 -> relu", ()),
    ],
)  # fmt: skip
def test_what_the_windows_leave_out(spec: str, expected: tuple[str, ...]) -> None:
    """Rows and columns that no window sees: behind the last one, between windows, between taps."""
    assert explain(spec).coverage == expected


def test_padding_of_same_is_derived() -> None:
    """TensorFlow's SAME on 28 with a 5×5 kernel and stride 2: 3 in total, the odd one after."""
    (padding,) = explain("28x28x1 -> conv 1 5x5 s2 same").paddings
    assert (padding.axes, padding.before, padding.after) == (("height", "width"), 1, 2)
    assert chain(padding.total) == "max((O − 1)·S + F − W, 0) = max((14 − 1)·2 + 5 − 28, 0) = max(3, 0) = 3"


def test_receptive_field_grows_by_the_kernel_and_jumps_by_the_stride() -> None:
    """Two 3×3 convolutions of stride 2 see 7 pixels and step by 4 (Araujo et al., Distill 2019, r ← r + (F − 1)·j)."""
    (step,) = explain("31x31x1 -> conv 1 3x3 s2 -> conv 1 3x3 s2").growth
    assert chain(step.field) == "r + (F − 1)·j = 3 + (3 − 1)·2 = 3 + 4 = 7"
    assert chain(step.jump) == "j·S = 2·2 = 4"


def test_receptive_field_of_a_dilated_kernel() -> None:
    """F′ − 1 is D·(F − 1)."""
    (step,) = explain("31x31x1 -> conv 1 3x3 d2").growth
    assert chain(step.field) == "r + D·(F − 1)·j = 1 + 2·(3 − 1)·1 = 1 + 4 = 5"


def test_letters_are_explained() -> None:
    """Every letter of the formulas has its value and its meaning, one value per axis where they differ."""
    names = {name.symbol: (name.values, name.meaning) for name in explain("13x11x3 -> conv 2 3x5 p1").names}
    assert names["W"] == ((13, 11), "input")
    assert names["F"] == ((3, 5), "kernel")
    assert names["P"] == ((1,), "padding")
    assert names["Cᵢ"] == ((3,), "input channels")
    assert names["Cₒ"] == ((2,), "filters")


@pytest.mark.parametrize(
    ("spec", "letters"),
    [
        ("5x7x11 -> relu", ["H", "W", "C"]),
        ("5x7x11 -> dropout 0.5", []),
        ("5x7x11 -> global_avg_pool", ["H", "W", "C"]),
        ("5x7x3 -> concat(identity | conv 11 1x1)", ["C₁", "C₂"]),
    ],
)
def test_only_letters_that_are_used_are_explained(spec: str, letters: list[str]) -> None:
    """A size that passes through needs no letter unless something is counted over it."""
    assert sorted(name.symbol for name in explain(spec).names) == sorted(letters)


def test_statistics_are_parameters_under_keras() -> None:
    """Keras prints 4 numbers a channel for batch normalization, half of them non-trainable."""
    remarks = explain("5x7x11 -> batch_norm", "keras").remarks
    assert remarks[0] == "Keras counts both as parameters: 44 in total, 22 of them non-trainable."


def test_the_modular_form_says_where_its_w_comes_from() -> None:
    """Dumoulin & Visin's W inside mod is not the layer's own input: the explanation says so."""
    assert "Dumoulin & Visin" in explain("5x5x6 -> conv_transpose 2 3x3 s2 p1 form=modular").remarks[0]
    assert not any("Dumoulin" in remark for remark in explain("5x5x6 -> conv_transpose 2 3x3 s2 p1").remarks)


def test_nothing_is_said_about_what_a_transposed_convolution_leaves_out() -> None:
    """Its kernel steps over the output: every input is used."""
    assert explain("5x5x6 -> conv_transpose 2 3x3 s2 p1").coverage == ()


def test_explain_by_name() -> None:
    """The Python function explains one layer, or all of them."""
    spec = "28x28x1 -> conv 6 5x5 -> max_pool 2"
    assert [each.name for each in explain_spec(spec)] == ["conv_1", "max_pool_1"]
    assert [each.output for each in explain_spec(spec, "max_pool_1")] == [(12, 12, 6)]
    with pytest.raises(KeyError, match="conv_2"):
        explain_spec(spec, "conv_2")


def test_a_broadcast_merge_keeps_the_letters_of_its_axes() -> None:
    """7×1×3 times 1×1×3: the height is the first input's."""
    assert [name.symbol for name in explain("7x1x3 -> multiply(identity | global_avg_pool)").names] == ["H₁", "W", "C"]


def test_a_layer_alone_needs_no_graph() -> None:
    """A layer instance and shapes are enough, in any layout."""
    conv = Conv(setting("pytorch"), filters=20, kernel=(8, 8), stride=2, padding=1)
    explanation = explain_layer(conv, ((3, 32, 32),), (20, 14, 14), "stem")
    assert (explanation.name, explanation.type, explanation.output) == ("stem", "conv", (20, 14, 14))
    assert sizes(explanation)[0] == "channels: number of filters"
    assert chain(explanation.macs) == "Cₒ·O·O·F·F·Cᵢ = 20·14·14·8·8·3 = 752,640"


def _example_specs() -> list[str]:
    return sorted({example for layer in registry.load_all().values() for example in layer.examples})


@pytest.mark.parametrize("convention", ["formula", pytest.param("pytorch", marks=pytest.mark.sweep)])
@for_each("spec", {spec: spec for spec in _example_specs()}, every=3)
def test_every_layer_type_explains_the_figures_of_the_report(
    evaluate: Callable[..., Fraction], spec: str, convention: str
) -> None:
    """For each type's examples the derivations end in the numbers that plain arithmetic gives, at every step."""
    try:
        graph = load(spec, convention=convention)
    except SpecError:
        assert convention != "formula"  # the other conventions refuse some examples
        return
    for node, explanation in zip((n for n in graph.nodes if n.layer), explain_graph(graph), strict=True):
        assert node.layer is not None
        assert node.shape is not None
        inputs = graph.inputs_of(node)
        weights = list(node.layer.weights(*inputs, node.shape))
        learned = [weight for weight in weights if not weight.statistic]
        assert tuple(value for size in explanation.sizes for value in size.values) == node.shape
        _check(evaluate, explanation.params, sum(weight.size for weight in learned))
        if explanation.unshared:
            _check(evaluate, explanation.unshared, sum(weight.unshared_size for weight in learned))
        _check(evaluate, explanation.macs, node.layer.macs(*inputs, node.shape) * node.samples)
        for size in explanation.sizes:
            assert {evaluate(step) for step in size.derivation.text.steps} == {size.derivation.value}


def _check(evaluate: Callable[..., Fraction], derivation: Derivation | None, expected: int) -> None:
    if derivation is None:
        assert expected == 0
        return
    assert derivation.value == expected
    assert {evaluate(step) for step in derivation.text.steps} == {expected}


PADDINGS = st.one_of(
    st.integers(0, 4), st.sampled_from(["valid", "same", "same_lower", "half", "full"]),
    st.tuples(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(0, 3)),
)  # fmt: skip
AXES = st.one_of(st.integers(1, 5), st.tuples(st.integers(1, 5), st.integers(1, 5)))


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.sampled_from([Conv, MaxPool]), AXES, AXES, st.integers(1, 3), PADDINGS,
    st.sampled_from(["floor", "ceil", "caffe"]), st.tuples(*[st.integers(1, 40)] * 3),
)  # fmt: skip
def test_every_step_of_a_random_window_is_its_size(
    evaluate: Callable[..., Fraction], kind: type[Layer], kernel: object, stride: object, dilation: int,
    padding: object, rounding: str, x: tuple[int, int, int],
) -> None:  # fmt: skip
    """Formula with its letters, formula with its numbers, and each step give what the plain rule gives."""
    values = {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding, "rounding": rounding}
    layer = kind(setting(), **values, **({"filters": 7} if kind is Conv else {}))
    try:
        y = layer.shape(x)
    except Refusal:
        reject()
    explanation = explain_layer(layer, (x,), y)
    assert tuple(value for size in explanation.sizes for value in size.values) == y
    for size in explanation.sizes:
        assert {evaluate(step) for step in size.derivation.text.steps} == {size.derivation.value}
    letters = {name.symbol: name.values[0] for name in explanation.names}
    if all(len(name.values) == 1 for name in explanation.names):
        for size in explanation.sizes:
            assert evaluate(size.derivation.text.formula, letters) == size.derivation.value


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(*[st.integers(1, 30), *[st.integers(1, 6)] * 2, st.integers(1, 3), st.integers(0, 4), st.integers(0, 4)])
def test_positions_left_out_are_those_that_no_tap_meets(
    W: int, F: int, S: int, D: int, before: int, after: int
) -> None:
    """Counted position by position over all taps of all windows."""
    layer = Conv(setting(), filters=1, kernel=F, stride=S, dilation=D, padding=((before, after),))
    assume(W + before + after > D * (F - 1))
    (output, _) = layer.shape((W, 1))
    seen = {window * S + tap * D - before for window in range(output) for tap in range(F)}
    (axis,) = coverage(layer, (W, 1))
    assert axis.lost + axis.gaps == sum(position not in seen for position in range(W))


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("8x16 -> matmul(identity | parameter 16x5)", ["unchanged", "the inputs' channels"]),
        ("x: 7x1, a: 7x12, w: 7x1 -> lerp from=[x, a, w]", ["unchanged", "the inputs' channels"]),
        ("x: 5x8, k: 7x8, v: 7x6 -> attention from=[x, k, v]", ["unchanged", "the inputs' features"]),
        ("8x16 -> add(parameter 16 | identity)", ["unchanged"]),
        ("8x16 -> add(identity | relu)", ["unchanged"]),
    ],
)
def test_a_size_of_another_input_is_not_unchanged(text, reasons):
    """The first input is what can stay as it is: a product with 16×5 changes 8×16."""
    assert [size.reason for size in explain_spec(text)[-1].sizes] == reasons


def test_a_sum_of_nothing_is_zero() -> None:
    """A layer without weights has 0 parameters, not an empty text."""
    assert [derive_sum(terms).text.chain for terms in ([], [0, 0])] == [("0",), ("0",)]


@pytest.mark.parametrize(
    ("spec", "formula"),
    [
        ("7 -> dense 3", "(n + 1)·units"),
        ("5x7 -> time_distributed(dense 3)", "(n + 1)·units"),  # 5 steps of 7 numbers each
        ("5x7x2 -> time_distributed(dense 3)", "(W·C + 1)·units"),  # 5 steps of 7 positions with 2 channels
    ],
)
def test_symbols_of_the_steps_of_a_sequence(spec: str, formula: str) -> None:
    """A step that is a vector has n numbers; one with positions has W and C."""
    derivation = explain(spec).params
    assert derivation is not None
    assert derivation.text.formula == formula
