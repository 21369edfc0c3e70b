"""Explanations as text, Markdown and LaTeX."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis.analyze import load
from cnncalc.analysis.explain import Explanation, explain_graph
from cnncalc.layers import registry
from cnncalc.render.explain_latex import escaped, render_latex
from cnncalc.render.explain_markdown import render_markdown
from cnncalc.render.explain_text import render_text
from cnncalc.render.text import width

QUIZ = """\
conv_1: conv, 32×32×3 → 14×14×20
  Rule             convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with
                   F′ = D(F − 1) + 1
  Letters          W = 32 (input), F = 8 (kernel), P = 1 (padding),
                   S = 2 (stride), Cᵢ = 3 (input channels), Cₒ = 20 (filters),
                   O = 14 (output), r = 1 (receptive field so far),
                   j = 1 (step so far)
  Output size      O = ⌊(W − F + 2·P)/S⌋ + 1
    height and width = (32 − 8 + 2·1)/2 + 1 = 26/2 + 1 = 13 + 1 = 14
    channels         = number of filters = 20
  Left out         Nothing is thrown away: the stride 2 divides 26.
  Weights          kernel 8×8×3×20 = 3,840 and bias 20, used at 196 positions
  Parameters       (F·F·Cᵢ + 1)·Cₒ = (8·8·3 + 1)·20 = 193·20 = 3,860
  Without sharing  (F·F·Cᵢ + 1)·O·O·Cₒ = (8·8·3 + 1)·14·14·20 = 193·3,920
                   = 756,560, 196 times more
  MACs             O·O·Cₒ·F·F·Cᵢ = 14·14·20·8·8·3 = 752,640
  FLOPs            2·MACs + O·O·Cₒ = 2·752,640 + 14·14·20 = 1,505,280 + 3,920
                   = 1,509,200
  Receptive field  new r = r + (F − 1)·j = 1 + (8 − 1)·1 = 1 + 7 = 8
                   new j = j·S = 1·2 = 2
  Source           Dumoulin & Visin, A guide to convolution arithmetic for deep
                   learning, arXiv 1603.07285
                   CS231n, Convolutional Neural Networks: Architectures,
                   Convolution / Pooling Layers
"""


def explain(spec: str, convention: str = "formula") -> Explanation:
    return explain_graph(load(spec, convention=convention))[-1]


def every_example() -> list[Explanation]:
    specs = sorted({example for layer in registry.load_all().values() for example in layer.examples})
    return [explanation for spec in specs for explanation in explain_graph(load(spec))]


def test_the_quiz_layer_as_text() -> None:
    """14×14×20, 3,860 parameters, 756,560 without sharing: the whole working, in 80 columns."""
    assert render_text(explain("32x32x3 -> conv 20 8x8 s2 p1")) == QUIZ


def test_axes_that_differ_are_told_apart() -> None:
    """A kernel of 3×5 with strides 2 and 3: one line for each axis, and its own letters in products."""
    text = render_text(explain("13x12x1 -> conv 2 3x5 s2x3"), 120)
    assert "    height         = (13 − 3 + 2·0)/2 + 1 = 10/2 + 1 = 5 + 1 = 6\n" in text
    assert "    width          = ⌊(12 − 5 + 2·0)/3⌋ + 1 = ⌊7/3⌋ + 1 = ⌊2.33…⌋ + 1 = 2 + 1 = 3\n" in text
    assert "(F_h·F_w·Cᵢ + 1)·Cₒ = (3·5·1 + 1)·2 = 16·2 = 32\n" in text
    assert "  The last column is never seen: the last window ends at 11 of 12.\n" in text


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_text_fits_its_width(columns: int) -> None:
    """No line is wider than asked, but for a formula that cannot be broken."""
    for explanation in every_example():
        for line in render_text(explanation, columns).splitlines():
            assert width(line) <= columns or "=" not in line.strip().strip("= "), line


def test_text_has_no_escapes_unless_coloured() -> None:
    """Plain text stays plain; colour changes nothing but colour."""
    explanation = explain("5x7x11 -> batch_norm")
    plain, coloured = render_text(explanation), render_text(explanation, color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_the_quiz_layer_as_markdown() -> None:
    """Formulas stand in code, which no viewer mangles."""
    text = render_markdown(explain("32x32x3 -> conv 20 8x8 s2 p1"))
    assert text.startswith("### conv\\_1: conv, 32×32×3 → 14×14×20\n\n")
    assert (
        "**Output size** `O = ⌊(W − F + 2·P)/S⌋ + 1`\n\n"
        "- height and width: `(32 − 8 + 2·1)/2 + 1 = 26/2 + 1 = 13 + 1 = 14`\n"
        "- channels: number of filters = 20\n"
    ) in text
    assert "**Parameters** `(F·F·Cᵢ + 1)·Cₒ = (8·8·3 + 1)·20 = 193·20 = 3,860`\n" in text
    assert "193·3,920 = 756,560`, 196 times more\n" in text


def test_the_quiz_layer_as_latex() -> None:
    """The same as equations of amsmath."""
    text = render_latex(explain("32x32x3 -> conv 20 8x8 s2 p1"))
    assert r"\paragraph{conv\_1: conv, 32$\times$32$\times$3 $\to$ 14$\times$14$\times$20}" in text
    assert (
        "\\begin{align*}\n"
        "O &= \\left\\lfloor \\frac{W - F + 2P}{S} \\right\\rfloor + 1 \\\\\n"
        "\\text{height and width} &= \\frac{32 - 8 + 2 \\cdot 1}{2} + 1 = \\frac{26}{2} + 1 = 13 + 1 = 14 \\\\\n"
        "\\text{channels} &= \\text{number of filters = 20}\n"
        "\\end{align*}\n"
    ) in text
    assert (
        "&\\phantom{=} (F \\cdot F \\cdot C_i + 1) \\cdot C_o \\\\\n"
        "&= (8 \\cdot 8 \\cdot 3 + 1) \\cdot 20 = 193 \\cdot 20 = 3{,}860\n"
    ) in text


def test_latex_of_every_example_is_well_formed() -> None:
    """Braces, brackets, math and environments close, each row aligns once, and no sign is left as bare Unicode."""
    for explanation in every_example():
        text = render_latex(explanation)
        bare = re.sub(r"\\[{}$&%#_]", "", text)
        assert bare.count("{") == bare.count("}")
        assert bare.count("$") % 2 == 0
        assert text.count(r"\left") == text.count(r"\right")
        assert text.count(r"\begin{align*}") == text.count(r"\end{align*}")
        for body in re.findall(r"\\begin{align\*}\n(.*?)\n\\end{align\*}", bare, re.DOTALL):
            assert all(row.count("&") == 1 for row in body.split("\\\\\n"))
        assert not re.search(r"[^\x00-\x7fÀ-ž]", text), re.findall(r"[^\x00-\x7fÀ-ž]", text)


@given(st.text(alphabet="a$_−₀′\\&{}×", max_size=12))
def test_escaped_prose_is_balanced(prose: str) -> None:
    """Whatever stands in prose, its braces and math signs close."""
    bare = re.sub(r"\\[{}$&_]", "x", escaped(prose))
    assert bare.count("$") % 2 == 0
    assert bare.count("{") == bare.count("}")
    assert "$$" not in bare
