"""The settings of a layer that lead from one size to another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError, solve
from tests.sweeps import sampled
from tests.together import for_each


def items(*args, **options):
    return [solution.item for solution in solve(*args, limit=100_000, **options).solutions]


# type, question, the only solutions, in order. Worked by hand with (W − F + 2P)/S + 1 unless a source is named.
ONLY = [
    ("conv", {"input": "63x63x16", "output": "29x29x32", "kernel": 7}, ["conv 32 7x7 s2"]),  # (63 − 7)/2 + 1
    ("conv", {"input": "63x63x16", "keep_size": True, "kernel": 7, "stride": 1}, ["conv 16 7x7 p3"]),  # 2P = 7 − 1
    # AlexNet: (227 − 11)/4 + 1 = 55; with P = 1 it is ⌊218/4⌋ + 1 = 55 as well, 2 left over
    ("conv", {"input": "227x227x3", "output": "55x55x96", "kernel": 11}, ["conv 96 11x11 s4", "conv 96 11x11 s4 p1"]),
    ("conv", {"input": "15x15x8", "output": "19x19x8", "kernel": 1, "stride": 1}, ["conv 8 1x1 p2"]),
    ("max_pool", {"input": "32x32x16", "output": "16x16x16", "kernel": 2, "padding": 0}, ["max_pool 2 s2"]),
    ("avg_pool", {"input": "7x7x512", "output": "1", "stride": 1, "padding": 0}, ["avg_pool 7 s1"]),
    # ResNet's stem: ⌊(224 − 7 + 6)/2⌋ + 1 = ⌊223/2⌋ + 1 = 112
    ("conv", {"input": "224x224x3", "output": "112x112x64", "kernel": 7}, ["conv 64 7x7 s2 p3"]),
    # D = 2: F′ = 5, 32 − 5 + 1 = 28; D = 3: F′ = 7, 26
    ("conv", {"input": "32x32x3", "output": "28", "kernel": 3, "padding": 0, "stride": 1, "dilation": "1..3"},
     ["conv 3 3x3 d2"]),
    # 33 rows: (33 − 3)/2 + 1 = 16; 20 columns: 20 − 5 + 1 = 16
    ("conv", {"input": "33x20x3", "output": "16", "kernel": "3x5", "stride": "1..2x1..2", "padding": 0},
     ["conv 3 3x5 s2x1"]),
    # a sequence: (100 − 4)/3 + 1 = 33; F = 3 gives ⌊97/3⌋ + 1 = 33 and F = 2 ⌊98/3⌋ + 1 = 33
    ("conv", {"input": "100x8", "output": "33x6", "kernel": "2..5", "stride": 3, "padding": 0},
     ["conv 6 4 s3", "conv 6 3 s3", "conv 6 2 s3"]),
    # three axes, each halved: (8 − 2)/2 + 1 = 4
    ("max_pool", {"input": "8x8x8x3", "output": "4x4x4x3", "kernel": 2, "stride": 2, "padding": 0}, ["max_pool 2 s2"]),
    # DCGAN: (4 − 1)·2 − 2 + 4 = 8
    ("conv_transpose", {"input": "4x4x512", "output": "8x8x256", "kernel": 4, "stride": 2, "padding": "0..3"},
     ["conv_transpose 256 4x4 s2 p1"]),
    # (4 − 1)·2 − 2 + 3 = 7, and one more with A = 1
    ("conv_transpose", {"input": "4x4x8", "output": "8", "kernel": 3, "stride": 2, "padding": 1,
                        "output_padding": "0..1"}, ["conv_transpose 8 3x3 s2 p1 output_padding=1"]),
    # ceil: ⌈(112 − 3)/2⌉ + 1 = 56, where floor has 55
    ("max_pool", {"input": "112x112x64", "output": "56", "kernel": 3, "stride": 2, "padding": 0, "rounding": "ceil"},
     ["max_pool 3 s2 rounding=ceil"]),
]  # fmt: skip


@for_each(("kind", "question", "expected"), ONLY, ids=[str(row[1]) for row in ONLY])
def test_the_only_solutions(kind, question, expected):
    """Exam questions, in which the settings are asked for."""
    assert items(kind, **question) == expected


def test_the_quiz():
    """32 to 14 with stride 2: 2·13 = 26 = 32 − F + 2P exactly for even F, and with one left over for odd F."""
    found = solve("conv", input="32x32x3", output="14x14x20", stride=2)
    assert [(each.kernel, each.padding, each.exact) for each in found.solutions] == [
        (6, 0, True), (8, 1, True), (10, 2, True), (5, 0, False), (7, 1, False), (9, 2, False), (11, 3, False),
    ]  # fmt: skip
    assert (found.combinations, found.fitting, found.exact) == (11 * 6, 7, 3)
    assert [each.left_over for each in found.solutions][2:4] == [(0, 0), (1, 1)]


def test_simplest_first():
    """Dilation comes last, then windows that skip or see padding alone, then a remainder, padding, stride, kernel."""
    found = items("conv", input="17x17x3", output="9", kernel="1..5", stride="1..2", padding="0..2", dilation="1..2")
    # ⌊(17 − F′ + 2P)/S⌋ + 1 = 9. S = 2, exact: F′ = 1 + 2P. S = 2, one over: F′ = 2P (17 − F′ + 2P = 17).
    # S = 1: F′ = 9 + 2P, which is 9 = 2·4 + 1 for F = 5 and D = 2.
    assert found == [
        "conv 3 3x3 s2 p1", "conv 3 5x5 s2 p2", "conv 3 2x2 s2 p1", "conv 3 4x4 s2 p2", "conv 3 1x1 s2",
        "conv 3 5x5 d2", "conv 3 2x2 s2 p1 d2", "conv 3 3x3 s2 p2 d2", "conv 3 1x1 s2 d2",
    ]  # fmt: skip


def by_hand(W, F, S, P, D):
    """⌊(W − D(F − 1) − 1 + 2P)/S⌋ + 1, or None for a window larger than the padded input."""
    room = W + 2 * P - D * (F - 1) - 1
    return room // S + 1 if room >= 0 else None


@given(W=st.integers(3, 20), wanted=st.integers(1, 20), kind=st.sampled_from(["conv", "max_pool"]))
def test_everything_that_fits_and_nothing_else(W, wanted, kind):
    """All of a small range against the formula, by hand."""
    found = solve(kind, input=(W, W, 3), output=(wanted, wanted), kernel="1..4", stride="1..3", padding="0..2",
                  dilation="1..2", limit=1000)  # fmt: skip
    expected = {
        (F, S, P, D)
        for F in range(1, 5) for S in range(1, 4) for P in range(3) for D in (1, 2)
        if by_hand(W, F, S, P, D) == wanted
    }  # fmt: skip
    assert {(each.kernel, each.stride, each.padding, each.dilation) for each in found.solutions} == expected
    assert found.fitting == len(expected) == len(found.solutions)
    for each in found.solutions:
        rest = (W + 2 * each.padding - each.dilation * (each.kernel - 1) - 1) % each.stride
        assert each.left_over == (rest, rest)


FRAMES = [
    (kind, convention)
    for kind in ("conv", "max_pool", "avg_pool", "conv_transpose", "depthwise_conv")
    for convention in ("formula", "keras", "tensorflow", "pytorch", "onnx", "caffe")
]


@pytest.mark.parametrize(("kind", "convention"), sampled(FRAMES, 7))
def test_as_analyze_says_under_every_convention(kind, convention):
    """The items of a small range that `analyze` takes to the wanted size are those found, refusals included."""
    channels_first = convention in ("pytorch", "onnx", "caffe")
    given, wanted = ((3, 9, 11), (3, 5, 6)) if channels_first else ((9, 11, 3), (5, 6, 3))
    if kind == "conv_transpose":
        given, wanted = wanted, given
    words = "valid,same"
    found = set(items(kind, input=given, output=wanted, kernel="1..4", stride="1..3", padding=f"0..2,{words}",
                      dilation="1..2", convention=convention))  # fmt: skip
    assert found == {item for item in candidates(kind) if output_of(given, item, convention) == wanted}
    assert found or kind in ("conv_transpose", "depthwise_conv") or convention == "caffe"


def candidates(kind):
    """Every item of the range, as one would write it."""
    head = {"depthwise_conv": kind, "max_pool": kind, "avg_pool": kind}.get(kind, f"{kind} 3")
    pool = kind.endswith("pool")
    for F in range(1, 5):
        for S in range(1, 4):
            for P in ("", " p1", " p2", " valid", " same"):
                for D in ("", " d2"):
                    kernel = f"{F}x{F}" if head != kind else F
                    yield f"{head} {kernel}{f' s{S}' if S > 1 or pool else ''}{P}{D}"


def output_of(given, item, convention):
    try:
        spec = f"{'x'.join(map(str, given))} -> {item}"
        return cnncalc.analyze(spec, convention=convention).outputs[0].shape
    except SpecError:
        return None


@for_each(
    ("question", "expected"),
    [
        # PyTorch's same exists for stride 1 alone
        ({"type": "conv", "convention": "pytorch", "input": "3x8x8", "output": "4", "padding": "same", "kernel": 3},
         []),
        # its pools pad by half the kernel at most: kernel 3 takes 1, not 2
        ({"type": "max_pool", "convention": "pytorch", "input": "3x8x8", "output": "10", "stride": 1, "kernel": 3},
         []),
        ({"type": "max_pool", "convention": "formula", "input": "8x8x3", "output": "10", "stride": 1, "kernel": 3},
         ["max_pool 3 s1 p2"]),
        # Keras has valid and same; and no stride together with a dilation
        ({"type": "conv", "convention": "keras", "input": "8x8x3", "output": "4", "kernel": 3, "dilation": 2},
         ["conv 3 3x3 d2 valid"]),
        ({"type": "conv", "convention": "keras", "input": "8x8x3", "keep_size": True, "kernel": 3},
         ["conv 3 3x3 same"]),
        # Caffe rounds pools up: ⌈(112 − 3)/2⌉ + 1 = 56
        ({"type": "max_pool", "convention": "caffe", "input": "64x112x112", "output": "56", "kernel": 3, "padding": 0},
         ["max_pool 3 s2"]),
    ],
)  # fmt: skip
def test_what_a_framework_takes(question, expected):
    """Each framework's own limits decide what fits."""
    found = items(question.pop("type"), **question)
    assert [set(item.split()) for item in found] == [set(item.split()) for item in expected]


@for_each(
    ("spec", "convention", "expected"),
    [
        # ⌊(32 − 5 + 4)/2⌋ + 1 = 16, remainder 1; back: 15·2 − 4 + 5 = 31, and A = 1
        ("32x32x3 -> conv 20 5x5 s2 p2", None, ["conv_transpose 3 5x5 s2 p2 output_padding=1"]),
        ("31x31x3 -> conv 20 5x5 s2 p2", None, ["conv_transpose 3 5x5 s2 p2 output_padding=0"]),
        ("32x31x3 -> conv 20 5x5 s2 p2", None, ["conv_transpose 3 5x5 s2 p2 output_padding=[1,0]"]),
        # (32 − 3 + 2) mod 3 = 1
        ("3x32x32 -> conv 20 3x3 s3 p1", "pytorch", ["conv_transpose 3 3x3 s3 p1 output_padding=1"]),
        # 12 → 6 → 12: torch.nn.ConvTranspose2d's page
        ("16x12x12 -> conv 16 3x3 s2 p1", "pytorch", ["conv_transpose 16 3x3 s2 p1 output_padding=1"]),
        # Keras: unset gives W·S = 32, and so does A = 1: 15·2 + 3 − 2 + 1
        ("32x32x3 -> conv 20 3x3 s2 same", "keras",
         ["conv_transpose 3 3x3 s2 same", "conv_transpose 3 3x3 s2 same output_padding=1"]),
        ("31x31x3 -> conv 20 3x3 s2 same", "keras", ["conv_transpose 3 3x3 s2 same output_padding=0"]),
    ],
)  # fmt: skip
def test_undo(spec, convention, expected):
    """The output padding is the remainder of the convolution."""
    found = solve("conv_transpose", undo=spec, convention=convention)
    assert [each.item for each in found.solutions] == expected
    assert found.exact is None


@given(W=st.integers(8, 30), F=st.integers(1, 7), S=st.integers(1, 4), P=st.integers(0, 3))
def test_the_output_padding_that_undoes_is_the_remainder(W, F, S, P):
    """Dumoulin & Visin, relationship 14: a = (i + 2p − k) mod s."""
    if W + 2 * P < F or (W - 1) * 1 + F - 2 * P < 1:
        return
    found = solve("conv_transpose", undo=f"{W}x{W}x3 -> conv 5 {F}x{F} s{S} p{P}")
    assert [each.output_padding for each in found.solutions] == [(W + 2 * P - F) % S]
    back = cnncalc.analyze(f"{found.input[0]}x{found.input[1]}x5 -> {found.solutions[0].item}")
    assert back.outputs[0].shape == (W, W, 3)


def test_what_comes_nearest():
    """Where nothing fits: 2 is 16x15, five columns off; nothing of the range comes nearer to 16x10."""
    found = solve("max_pool", input="32x30x3", output="16x10")
    assert (found.fitting, found.solutions) == (0, ())
    assert found.nearest[0].output == (16, 15, 3)
    assert not found.found


def test_a_refusal_is_told_where_everything_is_refused():
    """Nothing was even computed: the framework's own reason is told."""
    found = solve("conv", input="3x8x8", output="4", convention="pytorch", padding="same", stride=2)
    assert "exists only for stride 1" in found.refusal


def test_limit():
    """The counts are of all, the list is as long as asked for."""
    found = solve("conv", input="32x32x3", output="14x14x20", limit=2)
    assert (len(found.solutions), found.fitting) == (2, 11)


def test_names_of_frameworks():
    """A type may be named as a framework does."""
    assert items("Conv2d", input="63x63x16", output="29x29x32", kernel=7) == ["conv 32 7x7 s2"]


@for_each(
    ("kind", "question", "said"),
    [
        ("cnv", {"input": "8x8x3", "output": "4"}, 'did you mean "conv"?'),
        ("relu", {"input": "8x8x3", "output": "4"}, "relu has no kernel and stride"),
        ("conv", {"output": "4"}, "needs an input"),
        ("conv", {"input": "8x8x3"}, "either an output or keep-size"),
        ("conv", {"input": "8x8x3", "output": "4", "keep_size": True}, "either an output or keep-size"),
        ("conv", {"input": "8x8xq", "output": "4"}, "input: 8x8xq is not a shape"),
        ("conv", {"input": "8", "output": "4"}, "1 to 3 spatial axes"),
        ("conv", {"input": "8x8x3", "output": "4x4x4x4"}, "has 4 axes, the input 8x8x3 has 3"),
        ("conv", {"input": "8x8x3", "output": "4", "kernel": "1x2x3"}, "kernel: 3 ranges for an input with 2"),
        ("conv", {"input": "8x8x3", "output": "4", "padding": "sme"}, 'did you mean "same"?'),
        ("max_pool", {"input": "8x8x3", "output": "4", "output_padding": 1}, "max_pool has no output_padding"),
        ("conv", {"input": "8x8x3", "output": "4", "convention": "kears"}, 'did you mean "keras"?'),
        ("conv_transpose", {"input": "8x8x3", "output": "4", "rounding": "ceil"}, 'no rounding "ceil"'),
        ("conv", {"input": "8x8x3", "output": "4", "kernel": "1..1000", "stride": "1..1000"}, "5,000,000"),
        ("conv", {"input": "8x8x3", "output": "4", "limit": 0}, "at least 1"),
        ("conv", {"input": (10**13, 8, 3), "output": "4"}, "exceeds 1,000,000,000,000"),
        ("conv", {"undo": "8x8x3 -> conv 3 3x3"}, "for a conv_transpose"),
        ("conv_transpose", {"undo": "8x8x3 -> conv 3 3x3 -> relu"}, "one convolution or pool, got 8x8x3 and conv_1"),
        ("conv_transpose", {"undo": "8x8x3 -> cov 3 3x3"}, 'did you mean "conv"?'),
    ],
)  # fmt: skip
def test_questions_that_cannot_be_answered(kind, question, said):
    """A message with the user's words, and what to do."""
    with pytest.raises(SpecError) as caught:
        solve(kind, **question)
    assert said in str(caught.value)


def test_to_dict():
    """The stable form: what was asked, the counts, and the solutions."""
    found = solve("conv", input="63x63x16", output="29x29x32", kernel=7).to_dict()
    assert (found["format"], found["combinations"], found["fitting"], found["exact"]) == (1, 24, 1, 1)
    assert found["solutions"] == [
        {"kernel": 7, "stride": 2, "padding": 0, "dilation": 1, "output_padding": None, "output": [29, 29, 32],
         "exact": True, "left_over": [0, 0], "item": "conv 32 7x7 s2"},
    ]  # fmt: skip
