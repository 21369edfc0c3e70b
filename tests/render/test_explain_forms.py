"""Explanations as text, Markdown, LaTeX and HTML."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis.analyze import load
from cnncalc.analysis.explain import explain_graph
from cnncalc.analysis.explanation import Explanation
from cnncalc.layers import registry
from cnncalc.render.explanation.html import render_html
from cnncalc.render.explanation.latex import render_latex
from cnncalc.render.explanation.markdown import render_markdown
from cnncalc.render.explanation.text import render_text
from cnncalc.render.latex_text import escape
from cnncalc.render.text import width
from tests.sweeps import sampled
from tests.together import for_each

QUIZ = """\
conv_1: conv, 32×32×3 → 14×14×20
  Rule             convolution: O = ⌊(W − F + 2·P)/S⌋ + 1
  Symbols          W = 32 (input), F = 8 (kernel), P = 1 (padding),
                   S = 2 (stride), Cᵢ = 3 (input channels), Cₒ = 20 (filters),
                   O = 14 (output), r = 1 (receptive field so far),
                   j = 1 (jump so far)
  Output size      O = ⌊(W − F + 2·P)/S⌋ + 1
    height and width = (32 − 8 + 2·1)/2 + 1 = 26/2 + 1 = 13 + 1 = 14
    channels         = number of filters = 20
  Coverage         No position is dropped: 32 − 8 + 2 = 26 is divisible by
                   stride 2.
  Weights          kernel 8×8×3×20 = 3,840 and bias 20, used at 196 positions
  Parameters       (F·F·Cᵢ + 1)·Cₒ = (8·8·3 + 1)·20 = 193·20 = 3,860
  Without sharing  (F·F·Cᵢ + 1)·O·O·Cₒ = (8·8·3 + 1)·14·14·20 = 193·3,920
                   = 756,560, 196 times as many
  MACs             O·O·Cₒ·F·F·Cᵢ = 14·14·20·8·8·3 = 752,640
  FLOPs            2·MACs + O·O·Cₒ = 2·752,640 + 14·14·20 = 1,505,280 + 3,920
                   = 1,509,200
  Receptive field  new r = r + (F − 1)·j = 1 + (8 − 1)·1 = 1 + 7 = 8
                   new j = j·S = 1·2 = 2
  Note             FLOPs count 2 per MAC, although a sum of N products has only
                   N − 1 additions. Many courses count only 2·MACs = 1,505,280.
  Source           Dumoulin & Visin, A guide to convolution arithmetic for deep
                   learning, arXiv 1603.07285
                   CS231n, Convolutional Neural Networks: Architectures,
                   Convolution / Pooling Layers
                   Araujo, Norris & Sim, Computing Receptive Fields of
                   Convolutional Neural Networks, Distill 2019
"""


def explain(spec: str, convention: str = "formula") -> Explanation:
    return explain_graph(load(spec, convention=convention))[-1]


@cache
@cache
def every_example() -> tuple[Explanation, ...]:
    specs = sorted({example for layer in registry.load_all().values() for example in layer.examples})
    return tuple(explanation for spec in specs for explanation in explain_graph(load(spec)))


def test_the_quiz_layer_as_text() -> None:
    """14×14×20, 3,860 parameters, 756,560 without sharing: the whole working, in 80 columns."""
    assert render_text(explain("32x32x3 -> conv 20 8x8 s2 p1")) == QUIZ


def test_axes_that_differ_are_told_apart() -> None:
    """A kernel of 3×5 with strides 2 and 3: one line for each axis, and its own letters in products."""
    text = render_text(explain("13x12x1 -> conv 2 3x5 s2x3"), 120)
    assert "    height         = (13 − 3 + 2·0)/2 + 1 = 10/2 + 1 = 5 + 1 = 6\n" in text
    assert "    width          = ⌊(12 − 5 + 2·0)/3⌋ + 1 = ⌊7/3⌋ + 1 = ⌊2.33…⌋ + 1 = 2 + 1 = 3\n" in text
    assert "(F_h·F_w·Cᵢ + 1)·Cₒ = (3·5·1 + 1)·2 = 16·2 = 32\n" in text
    assert "  The last column is never used: the last window ends at 11 of 12.\n" in text


@pytest.mark.parametrize("columns", sampled([60, 80, 120]))
def test_text_fits_its_width(columns: int) -> None:
    """No line but the heading is wider than asked: a formula is broken at its signs, if need be in parentheses."""
    for explanation in every_example():
        for line in render_text(explanation, columns).splitlines()[1:]:
            assert width(line) <= columns, line


@for_each(
    ("spec", "line"),
    [
        ("7x13 -> gru 11", "  Without sharing  (n + u + 1)·T·3·u = (13 + 11 + 1)·7·3·11 = 25·231 = 5,775,\n"),
        ("5x7x13 -> instance_norm", "·scale +\n                   shift, the statistics"),
        ("5x7x3 -> standardization", "                   count 1, not learned\n"),
        ("784 -> dense 10", "  Symbols          n = 784 (inputs), units = 10\n"),
        (
            "10x7x4 -> permute 3x1x2",
            "    height         = the input's channels = 4\n    width          = the input's height = 10\n",
        ),
        ("8x8x5 -> stack(identity | relu)", "    height         = the inputs' height = 8\n"),
        ("13x13x8 -> global_avg_pool keep=false", "  Output size      the input's channels = 8\n"),
        ("20x20x8 -> upsample size=30x40", "    width          = output size along each axis = 40\n"),
        ("80 -> embedding 20000 128", "V = 20,000 (vocabulary)"),
        ("80 -> embedding 20000 128", "  Parameters       V·d = 20,000·128 = 2,560,000\n"),
        (
            "64 -> repeat_vector 10",
            "    length         = number of steps = 10\n    channels       = the input's size = 64\n",
        ),
    ],
)
def test_words_and_numbers_stay_whole(spec: str, line: str) -> None:
    """Words are not cut, an array without axes is one number, large numbers have separators, a word is its legend."""
    assert line in render_text(explain(spec))


@pytest.mark.parametrize(
    ("spec", "params", "unshared"),
    [
        ("7x13 -> lstm 11", "(n + u + 2)·4·u = (13 + 11 + 2)·4·11 = 26·44 = 1,144",
         "(n + u + 2)·T·4·u = (13 + 11 + 2)·7·4·11 = 26·308 = 8,008"),
        ("7x13 -> dense 5", "(Cᵢ + 1)·units = (13 + 1)·5 = 14·5 = 70",
         "(Cᵢ + 1)·L·units = (13 + 1)·7·5 = 14·35 = 490"),
        ("80 -> embedding 2000 12", "V·d = 2,000·12 = 24,000", "V·T·d = 2,000·80·12 = 1,920,000"),
        ("7x13 -> layer_norm", "2·C = 2·13 = 26", "2·L·C = 2·7·13 = 182"),
        # 5 steps of 3 channels, 28×28: each step's convolution gives 8 channels of 13×13
        ("5x3x28x28 -> time_distributed(conv 8 3x3 s2)", "(F·F·Cᵢ + 1)·Cₒ = (3·3·3 + 1)·8 = 28·8 = 224",
         "(F·F·Cᵢ + 1)·T·O·O·Cₒ = (3·3·3 + 1)·5·13·13·8 = 28·6,760 = 189,280"),
    ],
)  # fmt: skip
def test_sequences_are_steps_and_features(spec: str, params: str, unshared: str) -> None:
    """Under pytorch, where volumes have their channels first, sequences still have their features last."""
    explanation = explain(spec, "pytorch")
    assert explanation.params is not None
    assert explanation.unshared is not None
    assert " = ".join(explanation.params.text.chain) == params
    assert " = ".join(explanation.unshared.text.chain) == unshared


def test_the_axes_of_a_sequence() -> None:
    """Steps and features have names of their own, in sizes and in receptive fields."""
    text = render_text(explain("7x13 -> lstm 11", "pytorch"))
    assert "    steps          unchanged, 7\n    features       = size of the state = 11\n" in text
    text = render_text(explain("5x28x28x3 -> time_distributed(conv 8 3x3 s2)"))
    assert "    steps            unchanged, 5\n    height and width = ⌊(28" in text
    assert "    steps, new r            = r = 1\n" in text


@pytest.mark.parametrize(
    ("spec", "field", "jump"),
    [
        # ⌈4/2⌉ − 1 = 1 more input, j = 2 behind the convolution: 4 + 1·2 = 6, and 2/2 = 1
        (
            "32x32x3 -> conv 8 4x4 s2 p1 -> conv_transpose 3 4x4 s2 p1",
            "r + (⌈F/S⌉ − 1)·j = 4 + (4/2 − 1)·2 = 4 + (2 − 1)·2 = 4 + 2 = 6",
            "j/S = 2/2 = 1",
        ),
        ("8x8x3 -> upsample 2", "r = 1", "j/S = 1/2"),
        ("8x8x4 -> pixel_shuffle 2", "r = 1", "j/f = 1/2"),
        ("8x8x4 -> space_to_depth 2", "r + (f − 1)·j = 1 + (2 − 1)·1 = 1 + 1 = 2", "j·f = 1·2 = 2"),
    ],
)
def test_the_receptive_field_behind_an_upsampling(spec: str, field: str, jump: str) -> None:
    """An output sees ⌈F′/S⌉ inputs, and neighbours are 1/S of an input apart; a block's factor is f, for r is taken."""
    (growth,) = explain(spec).growth
    assert (" = ".join(growth.field.text.chain), " = ".join(growth.jump.text.chain)) == (field, jump)


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
    assert "193·3,920 = 756,560`, 196 times as many\n" in text


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
    bare = re.sub(r"\\[{}$&_]", "x", escape(prose))
    assert bare.count("$") % 2 == 0
    assert bare.count("{") == bare.count("}")
    assert "$$" not in bare


def test_html_typesets_every_step() -> None:
    """The floor of 27/2 is a fraction in brackets, 13.5 a number; the symbols are italics with indices."""
    text = render_html(explain("32x32x3 -> conv 20 7x7 s2 p1"))
    floor = "<mrow><mo>⌊</mo><mfrac><mrow><mn>27</mn></mrow><mrow><mn>2</mn></mrow></mfrac><mo>⌋</mo></mrow>"
    assert f"<math><mrow><mo>=</mo>{floor} <mo>+</mo> <mn>1</mn></mrow></math>" in text
    assert "<mrow><mo>⌊</mo><mn>13.5</mn><mo>⌋</mo></mrow>" in text
    assert "<msub><mi>C</mi><mtext>o</mtext></msub>" in text
    assert "<h4>Parameters</h4>" in text


def test_html_is_well_formed() -> None:
    """Every element is closed: the text of every layer type's examples parses as XML."""
    for explanation in every_example():
        ElementTree.fromstring(render_html(explanation))


def test_names_stay_text_in_html() -> None:
    """A name that is markup is shown, not read."""
    text = render_html(explain("8x8x1 -> conv 1 3x3")._replace(name="</article><img onerror=x>"))
    assert "&lt;/article&gt;&lt;img onerror=x&gt;" in text
    assert "<img" not in text


@pytest.mark.sweep
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed")
def test_latex_stays_within_the_page(tmp_path: Path) -> None:
    """No line of any example is wider than the text of an `article`, by TeX's own measure."""
    body = "\n".join(map(render_latex, every_example()))
    packages = r"\usepackage[T1]{fontenc}\usepackage{amsmath}"
    text = f"\\documentclass{{article}}{packages}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    (tmp_path / "all.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / "all.log").read_text(encoding="utf-8", errors="replace")
    assert [width for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(width) > 2] == []
