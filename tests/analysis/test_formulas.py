"""Formulas in letters: exact for every size of their range, simplified, and compared with the numbers."""

from __future__ import annotations

import random
import re
import shlex
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError
from cnncalc.analysis.formulas import difference
from cnncalc.arithmetic.form_writing import as_formula, range_texts
from cnncalc.arithmetic.linear_form import add, extreme, floor_of, letter, multiply, subtract, value_of, whole
from cnncalc.arithmetic.notation import LATEX, TEXT
from cnncalc.cli._group import group
from tests.together import for_each

DOCUMENT = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")

SPECS = sorted({path.stem for path in (Path(__file__).parents[2] / "specs").glob("*.yaml")} - {"swin_t"})
"""All but one, whose windows of attention divide the number of positions."""

WORDS = st.sampled_from(["add", "subtract", "multiply", "floor", "max"])
STEPS = st.tuples(WORDS, st.integers(0, 9), st.integers(1, 6))


@given(st.lists(STEPS, max_size=9), st.integers(1, 300))
def test_forms_have_the_value_of_the_computation(steps, size):
    """Whatever is added, multiplied and rounded, the simplified form gives the number."""
    forms, numbers = [letter("H"), whole(-3)], [size, -3]
    for word, place, number in steps:
        one, other = place % len(forms), number % len(forms)
        a, b = numbers[one], numbers[other]
        if word == "floor":
            forms.append(floor_of(forms[one], number))
            numbers.append(a // number)
            continue
        rule, result = {
            "add": (add, a + b), "subtract": (subtract, a - b), "multiply": (multiply, a * b),
            "max": (lambda *pair: extreme("max", pair), max(a, b)),
        }[word]  # fmt: skip
        forms.append(rule(forms[one], forms[other]))
        numbers.append(result)
    assert value_of(forms[-1], {"H": size}) == numbers[-1]


def text(form):
    return TEXT.write(as_formula(form))


# spec, input, output, parameters, MACs, range; by hand from the rules of window sizes
BY_HAND = [
    ("32x32x3 -> conv 20 5x5 s2", "HxWx3", ["⌊(H − 3)/2⌋", "⌊(W − 3)/2⌋", "20"], "1,520",
     "1,500·⌊(H − 3)/2⌋·⌊(W − 3)/2⌋", ["H ≥ 5", "W ≥ 5"]),
    ("32x32x3 -> conv 20 5x5 same s2 -> conv 8 3x3 same s2", "HxHx3", ["⌈H/4⌉", "⌈H/4⌉", "8"], "2,968",
     "1,500·⌈H/2⌉² + 1,440·⌈H/4⌉²", []),
    ("32x32x3 -> conv 4 3x3", "32x32xC", ["30", "30", "4"], "36·C + 4", "32,400·C", []),
    ("8x8x4 -> flatten -> dense 10", "HxWx4", ["10"], "40·H·W + 10", "40·H·W", []),
    ("8x8x4 -> max_pool 2 -> upsample 2", "Hx8x4", ["2·⌊H/2⌋", "8", "4"], "0", "0", ["H ≥ 2"]),
    ("9x9x4 -> conv_transpose 4 3x3 s2", "HxHx4", ["2·H + 1", "2·H + 1", "4"], "148", "144·H²", []),
    ("8x8x8x2 -> conv 5 3x3x3", "NxNxNx2", [*["N − 2"] * 3, "5"], "275", "270·(N − 2)³", ["N ≥ 3"]),
    # the pool's output is enlarged to the size before it only where that is even
    ("8x8x4 -> add(max_pool 2 -> upsample 2 | identity)", "Hx8x4", ["2·⌊H/2⌋", "8", "4"], "0", "0",
     ["H ≥ 2", "H divisible by 2"]),
    ("8x8x4 -> adaptive_avg_pool 1", "HxWx4", ["1", "1", "4"], "0", "0", []),
    ("8x4 -> lstm 3", "Lx4", ["3"], "96", "84·L", []),
]  # fmt: skip


@for_each(("spec", "shape", "output", "params", "macs", "held"), BY_HAND)
def test_formulas_by_hand(spec, shape, output, params, macs, held):
    """The formulas as written on paper, and the sizes for which they hold."""
    found = cnncalc.formulas(spec, shape)
    assert [text(size) for size in found.layers[-1].output] == output
    assert (text(found.totals["params"]), text(found.totals["macs"])) == (params, macs)
    assert range_texts(found.held) == held


def test_roundings_that_are_whole_in_the_range():
    """Only even sizes are in the range: the pool halves them exactly, and the enlarged output has the input's size."""
    found = cnncalc.formulas("8x8x4 -> add(max_pool 2 -> upsample 2 | identity)", "HxWx4")
    shapes = [[TEXT.write(as_formula(size, found.held)) for size in layer.output] for layer in found.layers]
    assert shapes == [["H/2", "W/2", "4"], *[["H", "W", "4"]] * 3]
    unet = cnncalc.formulas("unet", "1xNxN")
    pooled = next(layer for layer in unet.layers if layer.type == "max_pool")
    assert TEXT.write(as_formula(pooled.output[1], unet.held)) == "(N − 4)/2"


def test_the_unets_sizes():
    """Figure 1 of the paper has 572 to 388; the shortcuts fit for every 16th size, from 188 on (see solving)."""
    found = cnncalc.formulas("unet", "1xNxN")
    assert [text(size) for size in found.outputs["conv_1"]] == ["2", "N − 184", "N − 184"]
    (held,) = found.held.letters
    assert [size for size in range(180, 600) if size in held] == list(range(188, 600, 16))


def test_nested_roundings_join():
    """ResNet halves five times, rounding up: ⌈H/32⌉; in LaTeX as well."""
    size = cnncalc.formulas("resnet18", "3xHxW").layers[-4].output[1]
    assert LATEX.write(as_formula(size)) == r"\left\lceil \frac{H}{32} \right\rceil"


def lettered(name):
    """The input of a bundled spec with a letter for each spatial axis."""
    graph = cnncalc.load(name)
    shapes = {}
    for node in graph.sources:
        letters = iter({1: "L", 2: "HW", 3: "DHW"}.get(len(graph.setting.spatial(node.shape)), ""))
        channel = len(node.shape) - 1 if graph.setting.layout == "HWC" else 0
        shapes[node.name] = tuple(
            size if place == channel else next(letters, size) for place, size in enumerate(node.shape)
        )
    return shapes


def check(name, count):
    """The formulas of a spec against the report at random sizes of their range."""
    shapes = lettered(name)
    found = cnncalc.formulas(name, shapes)
    draw = random.Random(name)
    for _ in range(count if found.sizes else 1):
        wanted = {each.name: draw.randint(1, 2 * found.sizes[each.name]) for each in found.held.letters}
        sizes = {each.name: each.following(wanted[each.name]) or found.sizes[each.name] for each in found.held.letters}
        if not found.held.holds(sizes):
            sizes = found.sizes
        given = {key: tuple(sizes.get(size, size) for size in shape) for key, shape in shapes.items()}
        report = cnncalc.analyze(name, input=given)
        assert difference(found, report, sizes) == "", sizes
        totals = {key: value_of(form, sizes) for key, form in found.totals.items()}
        assert totals["macs"] == report.totals.macs
        assert totals["params"] == report.totals.params
        assert totals["param_bytes"] == report.totals.param_bytes


@pytest.mark.parametrize("name", ["lenet5", "unet", "resnet20_cifar", "m5", "espcn"])
def test_some_bundled_specs(name):
    """A few sizes of small specs."""
    check(name, 3)


@pytest.mark.sweep
@pytest.mark.parametrize("name", SPECS)
def test_every_bundled_spec(name):
    """Random sizes of each spec, from four of the largest to a few hundred of the smallest, in about the same time."""
    check(name, max(4, 1000 // len(cnncalc.load(name).nodes)))


# spec, input, a part of the message
REFUSED = [
    ("32x32x3 -> conv 20 5x5", "HxW", "HxW has 2 axes"),
    ("swin_t", "3xHxW", r"swin_t.yaml:39:15: .*stage1.block_1.reshape_1: its sizes have no formula in H, W"),
    ("swin_t", "HxWx3", "N117.*HxWx3 is read as H channels"),
    ("8x8x2 -> conv 3 3x3", None, "no size of the input is a letter"),
    ("HxWx2 -> cnov 3 3x3", None, 'unknown layer type "cnov"'),
    ("HxWx2 -> conv 3 999x999", None, "not valid at any of 48 usual sizes"),
    ("a: 8x8x1 -> relu", {"b": ("H", "W", 1)}, "no input b"),
    ("8x8x1 -> (relu)*2001", "HxWx1", "2,001 layers are too many to write as formulas at once; the limit is 2,000"),
]


@for_each(("spec", "shape", "message"), REFUSED)
def test_refusals(spec, shape, message):
    """Shapes that do not fit, and layers without a formula."""
    with pytest.raises(SpecError, match=message):
        cnncalc.formulas(spec, shape)


def test_a_wrong_amount():
    """As for analyze."""
    with pytest.raises(SpecError, match='unknown word "float31"'):
        cnncalc.formulas("quiz", "HxWx3", dtype="float31")


def test_a_repeated_number_is_noticed():
    """The spec repeats its height, 8, as text: the formula would be wrong for all other heights."""
    spec = {"input": "8x8x1", "layers": [{"upsample": {"size": "${in.height}x${in.width}"}}]}
    with pytest.raises(SpecError, match="repeats a size of the input"):
        cnncalc.formulas(spec, "HxWx1")
    spec["layers"] = [{"upsample": {"size": ["${2 * in.height}", "${in.width}"]}}]
    assert [text(size) for size in cnncalc.formulas(spec, "HxWx1").layers[0].output] == ["2·H", "W", "1"]


CLASSIFIER = """
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.dense = nn.Conv2d(3, 16, 5, stride=4), nn.Linear({features}, 10)
    def forward(self, x):
        return self.dense(self.conv(x).view(-1, {features}))
"""


def test_code_that_holds_for_certain_sizes(tmp_path):
    """The dense layer takes 16·7·7 = 784 numbers: 32x32 fits, as (32 − 5)//4 + 1 = 7."""
    path = tmp_path / "net.py"
    path.write_text(CLASSIFIER.format(features=784))
    found = cnncalc.formulas(path, "3xHxW")
    assert (found.sizes, range_texts(found.held)[-1]) == ({"H": 32, "W": 32}, "⌊(H − 1)/4⌋·⌊(W − 1)/4⌋ = 49")
    path.write_text(CLASSIFIER.format(features=785))
    with pytest.raises(SpecError, match=r"not valid at any of 48 usual sizes from 8 to 800; at 224: view") as caught:
        cnncalc.formulas(path, "3xHxW")
    assert "only for certain sizes" in caught.value.diagnostics[0].hint


# spec, input, layout, the warnings
MISREAD = [
    ("resnet18", "HxWx3", None, ["input: HxWx3 is read as H channels, height W, width 3 (CHW)"]),
    ("resnet18", "HxWx3", "CHW", []),
    ("resnet18", "3xHxW", None, []),
    ("8x8x4 -> conv 4 1", "3xHxW", None, ["input: 3xHxW is read as height 3, width H, W channels (HWC)"]),
    ("8x8x4 -> conv 4 1", "HxWxC", None, []),
]


@for_each(("spec", "shape", "layout", "messages"), MISREAD)
def test_misread_letters(spec, shape, layout, messages):
    """Letters in the order of the other layout give the warning that numbers give, unless the layout is confirmed."""
    remarks = cnncalc.formulas(spec, shape, layout=layout).remarks
    assert [(each.code, each.message) for each in remarks] == [("N117", message) for message in messages]


# options, a part of the output
SHOWN = [
    ((), "conv_1  conv  ⌊(H − 3)/2⌋ × ⌊(W − 3)/2⌋ × 20  1,520   1,500·⌊(H − 3)/2⌋·⌊(W − 3)/2⌋"),
    ((), "The formulas hold for H ≥ 5; W ≥ 5. conv_1 has the peak of live bytes at H = 32, W = 32."),
    (("--format", "markdown"), "| MACs                 | 1,500·⌊(H − 3)/2⌋·⌊(W − 3)/2⌋"),
    (("--format", "latex"), r"$\left\lfloor \frac{H - 3}{2} \right\rfloor \times"),
    (("--format", "latex"), "MACs \\\\\n\\midrule\n"),
    (("--format", "json"), '"params": 1520,'),
    (("--format", "json"), '"output_shape": [\n        "⌊(H − 3)/2⌋",'),
    (("--batch", "2"), "MACs                  3,000·⌊(H − 3)/2⌋·⌊(W − 3)/2⌋"),
]


def summary(*arguments):
    asked = ["summary", "32x32x3 -> conv 20 5x5 s2", "--input", "HxWx3", *arguments]
    return CliRunner().invoke(group, asked, prog_name="cnncalc")


@for_each(("options", "part"), SHOWN)
def test_the_command(options, part):
    """`cnncalc summary --input HxWx3` in each format."""
    done = summary(*options)
    assert (done.exit_code, part in done.output) == (0, True), done.output


# options, a part of the message
WRONG = [
    (("--format", "csv"), "formulas have no format csv"),
    (("--depth", "1"), "--depth does not apply to formulas"),
]


@for_each(("options", "part"), WRONG)
def test_wrong_options(options, part):
    """Options of the table of numbers are refused, and so are letters for other commands."""
    done = summary(*options)
    assert (done.exit_code, part in done.output) == (2, True), done.output
    other = CliRunner().invoke(group, ["verify", "quiz", "--input", "HxWx3"])
    assert (other.exit_code, "are for cnncalc summary" in other.output) == (2, True)


# the spec and further arguments, the exit code, parts of what is printed
LETTERS_IN_A_SPEC = [
    (("HxWx3 -> conv 8 3x3",), 0, ["(H − 2) × (W − 2) × 8", "at H = 224, W = 224."]),
    (("3xHxH -> conv 8 3x3", "--layout", "CHW"), 0, ["8 × (H − 2) × (H − 2)", "216·(H − 2)²"]),
    (("Lx16 → conv 8 3",), 0, ["(L − 2) × 8", "384·L − 768"]),
    (("HxWxDx1 -> conv 4 3x3x3",), 0, ["(H − 2) × (W − 2) × (D − 2) × 4"]),
    (("hxwx3 -> conv 8 3x3",), 2, ["cnncalc summary SPEC --input HxWx3 prints formulas"]),
    (("HxWx3 -> conv 8 3x3", "--input", "9x11x3"), 0, ["input 9x11x3 · output 7x9x8", "13,608"]),
    (("HxWx3 -> conv 8 3x3", "--input", "9xWx3"), 0, ["7 × (W − 2) × 8"]),
    (("hxwx3 -> conv 8 3x3", "--input", "9x11x3"), 0, ["output 7x9x8"]),
    (("NonexNonex3 -> conv 8 3x3", "--input", "9x11x3"), 0, ["output 7x9x8"]),
    (("32xx3 -> conv 8 3x3", "--input", "9x11x3"), 2, ['"32xx3" is not a shape']),
    (("8x8x3 -> conv 8 3x3", "--input", "hxwx3"), 2, ["cnncalc summary SPEC --input HxWx3 prints formulas"]),
    (("-", "--input", "NxNx1"), 1, ["9·(N − 2)²", "the model: macs 324 exceeds the budget of 300 at N = 8"]),
    (("-", "--input", "NxNx1", "--set", "top=324"), 0, ["9·(N − 2)²"]),
    (("-",), 1, ["macs 324 exceeds the budget of 300"]),
]

LIMITED = 'input: 8x8x1\nvariables: {top: 300}\nlayers: [conv 1 3x3]\nbudget: {macs: "${top}"}\n'
"""6·6·9 = 324 MACs."""


@for_each(("arguments", "code", "parts"), LETTERS_IN_A_SPEC)
def test_letters_in_the_spec_and_budgets(arguments, code, parts):
    """An inline text may begin with letters; a budget that is exceeded at the spec's own sizes is listed."""
    done = CliRunner().invoke(group, ["summary", *arguments], input=LIMITED, prog_name="cnncalc")
    assert (done.exit_code, [part for part in parts if part not in done.output]) == (code, []), done.output


def test_a_spec_without_an_input_is_tried_at_usual_sizes(tmp_path):
    """224 is the first of them; other mistakes of the spec are reported as they are."""
    path = tmp_path / "open.yaml"
    path.write_text("layers: [conv 4 3x3]\n")
    assert cnncalc.formulas(path, "HxWx1").sizes == {"H": 224, "W": 224}
    path.write_text("layers: [conv 4 3x3 foo=1]\n")
    with pytest.raises(cnncalc.SpecError, match='conv has no field "foo"'):
        cnncalc.formulas(path, "HxWx1")


def test_other_references(tmp_path):
    """A spec from standard input, which is read once, and source code, which is read with numbers."""
    asked = ["summary", "-", "--input", "HxWx3"]
    done = CliRunner().invoke(group, asked, input="input: 8x8x3\nlayers: [conv 4 3x3]\n", prog_name="cnncalc")
    assert "(H − 2) × (W − 2) × 4" in done.output
    code = """
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
            def forward(self, x):{comment}
                return self.conv(x).flatten(1)
    """
    for comment, size in (("  # cnncalc: input 3x8x8", 8), ("", 224)):
        (tmp_path / "net.py").write_text(dedent(code).format(comment=comment))
        found = cnncalc.formulas(tmp_path / "net.py", "3xHxW")
        assert [text(size) for size in found.layers[-1].output] == ["4·(H − 2)·(W − 2)"]
        assert found.sizes == {"H": size, "W": size}


def test_the_document():
    """Its screens are what the commands print, and its Python runs."""
    for command, screen in re.findall(r"^```console\n\$ ([^\n]*)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL):
        assert CliRunner().invoke(group, shlex.split(command)[1:], prog_name="cnncalc").output == screen
    for code in re.findall(r"^```python\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL):
        exec(compile(code, "docs/formulas.md", "exec"), {})
