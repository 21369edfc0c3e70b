"""Sizes of sliding windows against the numbers that courses, papers and frameworks print."""

from __future__ import annotations

import pytest

from cnncalc.arithmetic import notation, window
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from tests.together import for_each

# W, F′, S, P₀, P₁, O
EXPLICIT = [
    (32, 8, 2, 1, 1, 14),  # the quiz layer: (32 − 8 + 2·1)/2 + 1
    (7, 3, 1, 0, 0, 5),  # CS231n, Spatial arrangement: "a 7x7 input and a 3x3 filter"
    (7, 3, 2, 0, 0, 3),
    (7, 3, 1, 1, 1, 7),
    (5, 3, 2, 1, 1, 3),  # CS231n, one spatial dimension, W=5 F=3 P=1
    (5, 3, 1, 1, 1, 5),
    (227, 11, 4, 0, 0, 55),  # CS231n on Krizhevsky et al.: (227 − 11)/4 + 1
    (32, 5, 1, 2, 2, 32),  # ten 5x5 filters with padding 2
    (32, 5, 1, 0, 0, 28),
    (28, 3, 1, 0, 0, 26),
    (5, 3, 2, 0, 0, 2),  # Dumoulin & Visin, figure 2.5
    (5, 3, 2, 1, 1, 3),  # Dumoulin & Visin, figure 2.6
    (6, 3, 2, 1, 1, 3),  # Dumoulin & Visin, figure 2.7
    (5, 4, 1, 2, 2, 6),  # Dumoulin & Visin, figure 2.2
    (5, 3, 1, 2, 2, 7),  # Dumoulin & Visin, full padding, figure 2.4
    (7, 5, 1, 0, 0, 3),  # Dumoulin & Visin, figure 5.1: kernel 3, dilation 2
    (7, 3, 2, 1, 0, 3),
    (7, 3, 2, 0, 2, 4),
    (1, 1, 1, 0, 0, 1),
]


@for_each(("W", "extent", "S", "before", "after", "O"), EXPLICIT)
def test_explicit_padding(W, extent, S, before, after, O):  # noqa: E741 (the letter of the formula)
    """⌊(W − F′ + P₀ + P₁)/S⌋ + 1, and the window remembers what it was made of."""
    assert window.explicit(W, extent, S, before, after, "floor") == (extent, S, before, after, O, 1)


# W, F′, S, P, floor, ceil, caffe. PyTorch's MaxPool1d with ceil_mode; Caffe's pooling_layer.cpp.
ROUNDED = [
    (6, 3, 2, 0, 2, 3, 3),
    (4, 2, 3, 0, 1, 2, 2),
    (5, 2, 2, 1, 3, 3, 3),  # uncorrected 4: that window would start behind input and padding
    (32, 1, 2, 0, 16, 16, 17),  # Caffe corrects only where there is padding
    (112, 3, 2, 0, 55, 56, 56),  # GoogLeNet's first pool
    (7, 3, 2, 0, 3, 3, 3),
    (13, 3, 2, 1, 7, 7, 7),
    (11, 5, 4, 2, 3, 4, 4),
    (4, 2, 3, 1, 2, 2, 2),  # ⌈4/3⌉ + 1 = 3, whose third window would start at 6 = 4 + 1 + 1: both correct it
]


@for_each(("W", "extent", "S", "P", "floor", "ceil", "caffe"), ROUNDED)
def test_rounding(W, extent, S, P, floor, ceil, caffe):
    """Floor drops the last window, ceil keeps it while it starts within the input and its padding before."""
    found = [window.explicit(W, extent, S, P, P, rule).output for rule in ("floor", "ceil", "caffe")]
    assert found == [floor, ceil, caffe]


@pytest.mark.parametrize(("before", "after", "output"), [(0, 1, 16), (1, 0, 17), (0, 0, 17)])
def test_padding_on_one_side_is_padding_for_caffe(before, after, output):
    """⌈(32 − 1 + P)/2⌉ + 1 = 17: a window at 32 is behind the input. Caffe drops it if any side is padded.

    With the padding before, the input ends at 33.
    """
    assert window.explicit(32, 1, 2, before, after, "caffe").output == output


def test_exact_takes_what_divides():
    """(7 − 3)/2 + 1 = 3 leaves no remainder."""
    assert window.explicit(7, 3, 2, 0, 0, "exact").output == 3


@pytest.mark.parametrize(
    ("W", "F", "S", "before", "after", "shown"),
    [
        (10, 3, 2, 0, 0, "(10 − 3 + 0)/2 + 1 = 4.5: the stride does not divide 7, remainder 1"),  # CS231n: "4.5"
        (7, 3, 3, 0, 0, "(7 − 3 + 0)/3 + 1 = 2.333: the stride does not divide 4, remainder 1"),  # CS231n: "2.33 :\"
        (11, 4, 4, 1, 2, "(11 − 4 + 3)/4 + 1 = 3.5: the stride does not divide 10, remainder 2"),
        (13, 5, 5, 2, 2, "(13 − 5 + 4)/5 + 1 = 3.4: the stride does not divide 12, remainder 2"),
    ],
)
def test_exact_names_the_remainder(W, F, S, before, after, shown):
    """`exact` refuses with the working, the padding of both sides in one number, and blames the stride."""
    with pytest.raises(Refusal) as refusal:
        window.explicit(W, F, S, before, after, "exact")
    assert (refusal.value.message, refusal.value.field) == (shown, "stride")
    assert "floor" in refusal.value.hint


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        (lambda: window.explicit(5, 7, 1, 0, 0, "floor"), "kernel 7 is larger than the input 5", "pad by at least 1"),
        (lambda: window.explicit(3, 11, 2, 1, 2, "floor"), "kernel 11 is larger than the padded input 6",
         "pad by at least 4"),
        (lambda: window.explicit(2, 5, 3, 0, 0, "ceil"), "kernel 5 is larger than the input 2", "at most 2"),
        (lambda: window.tensorflow_valid(5, 7, 3), "kernel 7 is larger than the input 5", "at most 5"),
    ],
)  # fmt: skip
def test_a_window_that_does_not_fit(call, message, hint):
    """A window larger than the padded input is refused, never an output of 0 or less."""
    with pytest.raises(Refusal) as refusal:
        call()
    assert (refusal.value.message, refusal.value.field) == (message, "kernel")
    assert hint in refusal.value.hint


@for_each(
    ("W", "extent", "S", "output"),
    [(32, 8, 2, 13), (28, 3, 1, 26), (5, 3, 2, 2), (13, 2, 2, 6), (7, 7, 5, 1), (11, 3, 4, 3)],
)
def test_tensorflow_valid(W, extent, S, output):
    """⌈(W − F + 1)/S⌉, TensorFlow's own spelling, is the floor formula's number (tf.nn.convolution)."""
    assert window.tensorflow_valid(W, extent, S).output == output
    assert window.explicit(W, extent, S, 0, 0, "floor").output == output


# W, F′, S, P₀, P₁, O: tf.nn.convolution, "SAME"; lower swaps the two.
SAME = [
    (32, 8, 2, 3, 3, 16),  # the quiz layer under TensorFlow's SAME
    (10, 5, 2, 1, 2, 5),  # 10x10x3, 64 filters 5x5, stride 2
    (28, 5, 1, 2, 2, 28),
    (28, 2, 2, 0, 0, 14),
    (13, 2, 2, 0, 1, 7),
    (224, 7, 2, 2, 3, 112),
    (5, 2, 1, 0, 1, 5),
    (7, 1, 3, 0, 0, 3),  # nothing to pad, the window skips
    (1, 5, 1, 2, 2, 1),
]


@for_each(("W", "extent", "S", "before", "after", "O"), SAME)
def test_same(W, extent, S, before, after, O):  # noqa: E741
    """⌈W/S⌉, the odd zero after; SAME_LOWER puts it before."""
    assert window.same(W, extent, S) == (extent, S, before, after, O, 1)
    assert window.same(W, extent, S, lower=True) == (extent, S, after, before, O, 1)


@pytest.mark.parametrize(("F", "D", "extent"), [(3, 1, 3), (3, 2, 5), (5, 3, 13), (1, 7, 1), (2, 5, 6)])
def test_dilated(F, D, extent):
    """F′ = D(F − 1) + 1 (Dumoulin & Visin, section 5.1)."""
    assert window.dilated(F, D) == extent


def test_a_kernel_without_dilation_prints_as_it_is():
    """F, not 1·(F − 1) + 1."""
    F, D = Term.leaf(3, "F"), Term.leaf(1, "D")
    assert notation.symbolic(window.dilated(F, 1)) == notation.symbolic(window.dilated(F, D)) == "F"


def test_it_prints_as_the_course_does():
    """On named numbers the rule yields its own derivation."""
    W, F, S, P = (Term.leaf(value, name) for value, name in ((32, "W"), (8, "F"), (2, "S"), (1, "P")))
    output = window.explicit(W, F, S, P, P, "floor").output
    assert notation.symbolic(output) == "⌊(W − F + 2·P)/S⌋ + 1"
    assert notation.steps(output) == ["(32 − 8 + 2·1)/2 + 1", "26/2 + 1", "13 + 1", "14"]
    assert notation.symbolic(window.tensorflow_valid(W, F, S).output) == "⌈(W − F + 1)/S⌉"
    assert notation.symbolic(window.same(W, F, S).output) == "⌈W/S⌉"


@pytest.mark.parametrize(("W", "extent", "S", "before", "output"), [(9, 3, 1, 2, 9), (9, 5, 2, 4, 5), (8, 4, 3, 3, 3)])
def test_causal(W: int, extent: int, S: int, before: int, output: int) -> None:
    """F′ − 1 positions before, none after, and ⌊(W − 1)/S⌋ + 1 outputs."""
    found = window.causal(W, extent, S, "floor")
    assert (found.extent, found.stride, found.before, found.after, found.output) == (extent, S, before, 0, output)
