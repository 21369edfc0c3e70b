"""Sizes of transposed convolutions, form by form."""

from __future__ import annotations

from cnncalc.arithmetic import notation, transposed
from cnncalc.arithmetic.term import Term
from tests.together import for_each

# W, F′, S, P₀, P₁, A, O: torch.nn.ConvTranspose1d's formula.
EXPLICIT = [
    (4, 3, 2, 0, 0, 0, 9),
    (4, 4, 2, 1, 1, 0, 8),  # DCGAN: 4 → 8
    (1, 4, 1, 0, 0, 0, 4),  # DCGAN's first layer: 1 → 4
    (12, 3, 2, 1, 1, 0, 23),
    (12, 3, 2, 1, 1, 1, 24),  # torch.nn.ConvTranspose2d's page: upsampling 6 → 12 with output_size
    (5, 3, 2, 0, 1, 0, 10),
    (5, 3, 2, 1, 0, 0, 10),
    (7, 5, 3, 3, 1, 0, 19),
    (7, 5, 3, 1, 3, 2, 21),
    (7, 5, 3, 2, 2, 2, 21),
    (5, 2, 3, 0, 0, 0, 14),  # Dumoulin & Visin, relationship 13, where the kernel is smaller than the stride
]


@for_each(("W", "extent", "S", "before", "after", "A", "O"), EXPLICIT)
def test_explicit(W, extent, S, before, after, A, O):  # noqa: E741 (the letter of the formula)
    """(W − 1)·S − P₀ − P₁ + F′ + A."""
    assert transposed.explicit(W, extent, S, before, after, A) == O


@for_each(
    ("W", "extent", "S", "valid", "same"),
    [(4, 3, 2, 9, 8), (4, 2, 3, 12, 12), (5, 7, 2, 15, 10), (3, 1, 2, 6, 6), (7, 3, 2, 15, 14), (5, 5, 1, 9, 5)],
)
def test_tensorflow(W, extent, S, valid, same):
    """W·S + max(F′ − S, 0) without padding, W·S with SAME (keras.layers.Conv1DTranspose)."""
    assert (transposed.tensorflow_valid(W, extent, S), transposed.tensorflow_same(W, S)) == (valid, same)


@for_each(
    ("W", "extent", "S", "A", "output"),
    [
        (4, 3, 2, 0, 8),
        (5, 2, 3, 0, 14),
        (5, 2, 3, 1, 15),
        (5, 2, 4, 1, 19),
        (4, 3, 2, 1, 8),
        (3, 3, 3, 1, 9),
        (7, 5, 1, 0, 7),
    ],
)
def test_onnx_auto_pad(W, extent, S, A, output):
    """W·S, unless the kernel does not cover the stride: then no padding at all (ONNX Runtime)."""
    assert transposed.auto_pad(W, extent, S, A) == output


# W, F, S, P, O, worked by hand: S(W − 1) + ((W + 2P − F) mod S) + F − 2P.
MODULAR = [
    (5, 3, 2, 1, 9),  # 2·4 + (4 mod 2 = 0) + 3 − 2
    (6, 3, 2, 1, 12),  # 2·5 + (5 mod 2 = 1) + 3 − 2
    (3, 3, 2, 1, 5),  # 2·2 + (2 mod 2 = 0) + 1
    (4, 3, 2, 1, 8),  # 2·3 + (3 mod 2 = 1) + 1
    (7, 4, 3, 0, 22),  # 3·6 + (3 mod 3 = 0) + 4
    (7, 5, 3, 1, 22),  # 3·6 + (4 mod 3 = 1) + 3
    (5, 3, 1, 0, 7),  # stride 1: W + F − 1 (Dumoulin & Visin, relationship 8)
    (2, 7, 4, 1, 10),  # 4·1 + (−3 mod 4 = 1) + 5: the remainder of a negative number is positive
]


@for_each(("W", "F", "S", "P", "O"), MODULAR)
def test_modular(W, F, S, P, O):  # noqa: E741
    """The formula of the course notes, as printed."""
    assert transposed.modular(W, F, S, P) == O


def test_they_print_as_their_sources_do():
    """On named numbers each form yields the formula of its source."""
    W, F, S, P, A = (Term.leaf(value, name) for value, name in ((7, "W"), (5, "F"), (3, "S"), (1, "P"), (2, "A")))
    assert notation.symbolic(transposed.modular(W, F, S, P)) == "S·(W − 1) + ((W + 2·P − F) mod S) + F − 2·P"
    assert notation.symbolic(transposed.explicit(W, F, S, P, P, A)) == "(W − 1)·S − 2·P + F + A"
    none = Term.leaf(0, "A")  # an output padding of 0 is not printed
    assert notation.symbolic(transposed.explicit(W, F, S, P, P, none)) == "(W − 1)·S − 2·P + F"
    assert notation.symbolic(transposed.tensorflow_valid(W, F, S)) == "W·S + max(F − S, 0)"
    assert notation.symbolic(transposed.tensorflow_same(W, S)) == "W·S"
