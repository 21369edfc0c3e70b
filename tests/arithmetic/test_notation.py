"""Printed formulas. The expected texts are written by hand, after CS231n's notes and Dumoulin & Visin."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from cnncalc.arithmetic.algebra import Formula, factored, formula, leaves, number, product, renamed, working
from cnncalc.arithmetic.notation import LATEX, TEXT, steps, substituted, symbolic, written
from cnncalc.arithmetic.term import Term, ceil_div, exact_div, largest, smallest
from tests.together import for_each


def leaf(symbol: str, value: int, axis: str = "") -> Term:
    return Term.leaf(value, symbol, axis)


W, F, S, P = leaf("W", 32), leaf("F", 8), leaf("S", 2), leaf("P", 1)
ODD = leaf("W", 33)
CI, CO = leaf("Cᵢ", 3), leaf("Cₒ", 20)
O_H, O_W = leaf("O", 14, "h"), leaf("O", 14, "w")
F_H, F_W = leaf("F", 3, "h"), leaf("F", 5, "w")
P0, P1, D = leaf("P₀", 2), leaf("P₁", 3), leaf("D", 2)


@for_each(
    ("term", "symbols", "numbers"),
    [
        ((W - F + 2 * P) // S + 1, "⌊(W − F + 2·P)/S⌋ + 1", "⌊(32 − 8 + 2·1)/2⌋ + 1"),
        (W - (D * (F - 1) + 1) + (P0 + P1), "W − (D·(F − 1) + 1) + P₀ + P₁", "32 − (2·(8 − 1) + 1) + 2 + 3"),
        (W - (F + S), "W − (F + S)", "32 − (8 + 2)"),
        (W + (F + S), "W + F + S", "32 + 8 + 2"),
        (W - (F - S), "W − (F − S)", "32 − (8 − 2)"),
        (W - F * S, "W − F·S", "32 − 8·2"),
        ((W - F) * S, "(W − F)·S", "(32 − 8)·2"),
        (S * (W * F), "S·W·F", "2·32·8"),
        (ceil_div(W, S), "⌈W/S⌉", "⌈32/2⌉"),
        (W // (S * F), "⌊W/(S·F)⌋", "⌊32/(2·8)⌋"),
        (W * F // S, "⌊W·F/S⌋", "⌊32·8/2⌋"),
        (exact_div(W, S) * F, "W/S·F", "32/2·8"),
        (largest((O_H - 1) * S + F - W, 0), "max((O − 1)·S + F − W, 0)", "max((14 − 1)·2 + 8 − 32, 0)"),
        (S * (W - 1) + (W + 2 * P - F) % S + F - 2 * P,
         "S·(W − 1) + ((W + 2·P − F) mod S) + F − 2·P", "2·(32 − 1) + ((32 + 2·1 − 8) mod 2) + 8 − 2·1"),
        (F * F * CI, "F·F·Cᵢ", "8·8·3"),
        (F_H * F_W * CI, "F_h·F_w·Cᵢ", "3·5·3"),
        (O_H * O_W, "O·O", "14·14"),
        (S * leaf("P", 0), "S·P", "2·0"),
        (leaf("A", 0) + S, "A + S", "0 + 2"),
        (7, "7", "7"),
    ],
)  # fmt: skip
def test_formulas_as_text(term: int, symbols: str, numbers: str) -> None:
    """Symbols and numbers, with the parentheses that precedence needs and no others; axes only where they differ."""
    assert symbolic(term) == symbols
    assert substituted(term) == numbers


@for_each(
    ("term", "chain"),
    [
        ((W - F + 2 * P) // S + 1, "(32 − 8 + 2·1)/2 + 1 = 26/2 + 1 = 13 + 1 = 14"),
        ((ODD - F + 2 * P) // S + 1, "⌊(33 − 8 + 2·1)/2⌋ + 1 = ⌊27/2⌋ + 1 = ⌊13.5⌋ + 1 = 13 + 1 = 14"),
        ((leaf("W", 7) - leaf("F", 3)) // leaf("S", 3) + 1,
         "⌊(7 − 3)/3⌋ + 1 = ⌊4/3⌋ + 1 = ⌊1.33…⌋ + 1 = 1 + 1 = 2"),
        (ceil_div(leaf("W", 5), S), "⌈5/2⌉ = ⌈2.5⌉ = 3"),
        (ceil_div(leaf("W", 2001), leaf("S", 2000)), "⌈2,001/2,000⌉ = ⌈1.0005⌉ = 2"),
        (ceil_div(leaf("W", 30001), leaf("S", 30000)), "⌈30,001/30,000⌉ = ⌈1.00003…⌉ = 2"),
        (F * F * CI * CO, "8·8·3·20 = 3,840"),
        (S * (W - 1) + (ODD + 2 * P - F) % S + F - 2 * P,
         "2·(32 − 1) + ((33 + 2·1 − 8) mod 2) + 8 − 2·1 = 62 + (27 mod 2) + 8 − 2 = 62 + 1 + 8 − 2 = 69"),
        (leaf("W", 3) - leaf("F", 5) + leaf("S", 4), "3 − 5 + 4 = 2"),
        (largest(leaf("W", 3) - leaf("F", 5), 0), "max(3 − 5, 0) = max(−2, 0) = 0"),
        (leaf("A", 4) + leaf("B", 2) * (leaf("W", 3) - leaf("F", 5)), "4 + 2·(3 − 5) = 4 + (−4) = 0"),
        (leaf("B", 2) * (leaf("W", 3) - leaf("F", 5)) + leaf("A", 4), "2·(3 − 5) + 4 = −4 + 4 = 0"),
        (CO, "20"),
        (1234, "1,234"),
    ],
)  # fmt: skip
def test_working(term: int, chain: str) -> None:
    """Sums and products inside collapse first, then the quotient is divided, then rounded, then the rest is added."""
    assert " = ".join(steps(term)) == chain


@for_each(
    ("terms", "symbols", "chain"),
    [
        ([F * F * CI * CO, CO], "(F·F·Cᵢ + 1)·Cₒ", "(8·8·3 + 1)·20 = 193·20 = 3,860"),
        ([F * F * CI * O_H * O_W * CO, O_H * O_W * CO], "(F·F·Cᵢ + 1)·O·O·Cₒ",
         "(8·8·3 + 1)·14·14·20 = 193·3,920 = 756,560"),
        ([CO, CO], "2·Cₒ", "2·20 = 40"),
        ([F * CI, O_H * CO], "F·Cᵢ + O·Cₒ", "8·3 + 14·20 = 24 + 280 = 304"),
        ([leaf("n", 7) * 4 * leaf("u", 5), leaf("u", 5) * 4 * leaf("u", 5), leaf("u", 5) * 4],
         "(n + u + 1)·4·u", "(7 + 5 + 1)·4·5 = 13·20 = 260"),
        ([exact_div(CI, 3) * CO, CO], "(Cᵢ/3 + 1)·Cₒ", "(3/3 + 1)·20 = (1 + 1)·20 = 2·20 = 40"),
        ([F * F * CI, F * F * CO], "(Cᵢ + Cₒ)·F·F", "(3 + 20)·8·8 = 23·64 = 1,472"),
        ([F * F * F * CI, F * F * CO], "(F·Cᵢ + Cₒ)·F·F", "(8·3 + 20)·8·8 = 44·64 = 2,816"),
        ([F * CI, F * CI, CO * CI], "(2·F + Cₒ)·Cᵢ", "(2·8 + 20)·3 = 36·3 = 108"),
        ([F_H * CO, F_W * CO], "(F_h + F_w)·Cₒ", "(3 + 5)·20 = 8·20 = 160"),
    ],
)  # fmt: skip
def test_factoring(terms: list[int], symbols: str, chain: str) -> None:
    """Factors that all products share are pulled out by symbol, axis and value; equal products are counted."""
    node = factored(formula(sum(terms)))
    assert TEXT.write(node) == symbols
    assert " = ".join(written(working(node))) == chain


def test_a_difference_is_not_factored() -> None:
    """W·S − S stays as the rule wrote it, and so do the equal products before a difference."""
    assert TEXT.write(factored(formula(W * S - S))) == "W·S − S"
    assert TEXT.write(factored(formula(W * S + W * S - S))) == "W·S + W·S − S"


def test_the_leaves_of_a_formula() -> None:
    """The named numbers from left to right, each as often as it is written; plain numbers and results are none."""
    assert [leaf.symbol for leaf in leaves(formula((W - F + 2 * P) // S + W))] == ["W", "F", "P", "S", "W"]


def test_a_part_of_a_formula_gets_a_name() -> None:
    """Every occurrence of W − F is replaced, and nothing else."""
    whole, part, name = formula((W - F) * S + (W - F) // S), formula(W - F), Formula("figure", 24, (), "R")
    assert TEXT.write(renamed(whole, part, name)) == "R·S + ⌊R/S⌋"
    assert renamed(part, part, name) == name


def test_a_sum_may_be_long() -> None:
    """A concatenation of thousands of branches is no deeper than one of two."""
    text = symbolic(sum(leaf(f"C{branch}", 1) for branch in range(5000)))
    assert text.startswith("C0 + C1 + ")
    assert text.count("+") == 4999


def test_the_product_of_nothing_is_one() -> None:
    """What remains of a product whose factors were all pulled out."""
    assert product(()) == number(1)


@for_each(
    ("term", "latex"),
    [
        ((W - F + 2 * P) // S + 1, r"\left\lfloor \frac{W - F + 2P}{S} \right\rfloor + 1"),
        (ceil_div(W, S), r"\left\lceil \frac{W}{S} \right\rceil"),
        (F_H * F_W * CI * CO, r"F_h \cdot F_w \cdot C_i \cdot C_o"),
        (P0 + P1, "P_0 + P_1"),
        (leaf("P₀", 2, "h") + leaf("P₀", 3, "w"), "P_{0,h} + P_{0,w}"),
        (leaf("F′", 5) - 1, "F' - 1"),
        (largest(W, 0), r"\max(W, 0)"),
        (S * (1 + W // S), r"S \cdot \left(1 + \left\lfloor \frac{W}{S} \right\rfloor\right)"),
        ((W + P) % S, r"(W + P) \bmod S"),
        ((W % S) // F, r"\left\lfloor \frac{W \bmod S}{F} \right\rfloor"),
        (W // (F % leaf("D", 3)), r"\left\lfloor \frac{W}{F \bmod D} \right\rfloor"),
        (leaf("units", 10) * 2, r"\text{units} \cdot 2"),
        (2 * leaf("out", 5), r"2 \cdot \text{out}"),  # letters of a word are no factors
        (2 * CO, "2C_o"),
        (leaf("Cₒ", 3860), "C_o"),
    ],
)
def test_formulas_as_latex(term: int, latex: str) -> None:
    """The same formulas for math mode."""
    assert symbolic(term, LATEX) == latex


def test_working_as_latex() -> None:
    """Thousands are kept together by braces, and what is no whole number stands in its brackets."""
    assert steps(F * F * CI * CO, LATEX)[-1] == "3{,}840"
    assert steps(leaf("W", 25) // S, LATEX) == [
        r"\left\lfloor \frac{25}{2} \right\rfloor", r"\left\lfloor 12.5 \right\rfloor", "12",
    ]  # fmt: skip


def _operations(parts: st.SearchStrategy[int]) -> st.SearchStrategy[int]:
    pairs = st.tuples(parts, parts)
    positive = st.tuples(parts, st.integers(1, 13).map(lambda value: leaf("S", value)))
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]), pairs.map(lambda p: p[0] - p[1]), pairs.map(lambda p: p[0] * p[1]),
        positive.map(lambda p: p[0] // p[1]), positive.map(lambda p: p[0] % p[1]),
        positive.map(lambda p: ceil_div(*p)), pairs.map(lambda p: largest(*p)), pairs.map(lambda p: smallest(*p)),
    )  # fmt: skip


_LEAVES = st.one_of(st.integers(0, 40), st.tuples(st.sampled_from("WFPD"), st.integers(0, 40)).map(lambda p: leaf(*p)))
TERMS = st.recursive(_LEAVES, _operations, max_leaves=8)


@given(TERMS)
def test_every_text_evaluates_to_its_number(evaluate: Callable[..., Fraction], term: int) -> None:
    """Whatever the formula, its numbers and each step of its working, read back by Python, are its number."""
    assert evaluate(substituted(term)) == int(term)
    assert {evaluate(step) for step in steps(term)} == {Fraction(int(term))}


@given(st.lists(st.lists(st.sampled_from([F, CI, CO, O_H, O_W]), min_size=1, max_size=4), min_size=1, max_size=4))
def test_factoring_keeps_the_number(evaluate: Callable[..., Fraction], products: list[list[Term]]) -> None:
    """A factored sum is still the sum."""
    total = sum(prod(factors) for factors in products)
    for text in written(working(factored(formula(total)))):
        assert evaluate(text) == int(total)


@given(TERMS)
def test_latex_is_balanced(term: int) -> None:
    """Every brace and every tall bracket that opens also closes."""
    for text in (symbolic(term, LATEX), *steps(term, LATEX)):
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") == text.count(r"\right")


def test_common_factors_are_in_the_order_of_the_first_product() -> None:
    """W·F·S + F·W·P has the factors W and F of its first product, each as often as in both."""
    assert TEXT.write(factored(formula(S * W * F + P * F * W))) == "(S + P)·W·F"
    assert TEXT.write(factored(formula(S * W * W + P * W + F * W * W))) == "(S·W + P + F·W)·W"
    assert TEXT.write(factored(formula(W * F + F * W))) == "2·W·F"
