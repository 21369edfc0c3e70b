"""Inputs that were probably written in the other layout, or with the batch: a warning, never another reading."""

from __future__ import annotations

import pytest

from cnncalc import SpecError, analyze, load
from cnncalc.graph.doubts import CODE, _slides
from cnncalc.linting.api import lint
from cnncalc.reading.bundled import bundled_names
from tests.together import for_each

PYTORCH = {"convention": "pytorch"}

DOUBTED = [
    ("3x224x224 -> conv 64 7x7 s2 p3", {}, "224x224x3"),
    ("3x480x640 -> conv 8 3x3 same", {}, "480x640x3"),
    ("1x28x28 -> conv 8 3x3 same", {}, "28x28x1"),
    ("1x28x28 -> conv 8 3x3 same", {"convention": "keras"}, "28x28x1"),
    ("4x64x64 -> conv 8 3x3 same", {}, "64x64x4"),
    ("3x32x32 -> batch_norm", {}, "32x32x3"),
    ("3x32x32 -> relu -> dropout 0.5 -> max_pool 2 same", {}, "32x32x3"),
    ("224x224x3 -> conv 64 7x7 s2 p3", PYTORCH, "3x224x224"),
    ("28x28x1 -> conv 8 3x3 p1", {"convention": "onnx"}, "1x28x28"),
    ("7x7x3 -> conv 2 3x3 p1", {"convention": "caffe"}, "3x7x7"),
    ("3x16x112x112 -> conv 8 3 p1", {}, "16x112x112x3"),
    ("16x112x112x3 -> conv 8 3 p1", PYTORCH, "3x16x112x112"),
    ("1x16000 -> conv 8 80 p40", {}, "16000x1"),
    ("16000x1 -> conv 8 80 p40", PYTORCH, "1x16000"),
    ("1x3x224x224 -> conv 8 3 p1", {}, "224x224x3"),
    ("1x224x224x3 -> conv 8 3 p1", {}, "224x224x3"),
    ("1x3x224x224 -> conv 8 3 p1", PYTORCH, "3x224x224"),
    ("64x3x32x32 -> conv 8 3 p1", {}, "32x32x3"),
    ("64x3x224x224 -> conv 8 3 p1", PYTORCH, "3x224x224"),
    ("a: 3x64x64, b: 10 -> conv 8 3 p1 from=a", {}, "64x64x3"),
]

PLAIN = [
    ("32x32x3 -> conv 20 8x8 s2 p1", {}),
    ("3x3x256 -> conv 8 3x3 p1", {}),
    ("1x1x512 -> conv 8 1x1", {}),
    ("1x26x512 -> conv 8 1x3", {}),
    ("28x28 -> conv 8 3", {}),
    ("28x28 -> lstm 8", {}),
    ("1x512 -> lstm 8", {}),
    ("1x512 -> conv 8 1", {}),
    ("3x3x3 -> conv 2 3x3", {}),
    ("3x11x13 -> conv 2 3x3", {}),
    ("3x224x224 -> conv 64 7x7 s2 p3", PYTORCH),
    ("64x28x28 -> conv 8 3x3", PYTORCH),
    ("64x7x3 -> conv 8 3x3", PYTORCH),
    ("16x224x224x3 -> conv 8 3 p1", {}),
    ("64x3x56x56 -> conv 8 3 p1", PYTORCH),
    ("16x16x16x3 -> conv 8 3 p1", {}),
    ("1x32x32x32 -> conv 8 3 p1", PYTORCH),
    ("3x224x224 -> permute [2,3,1] -> conv 64 7x7 s2 p3", {}),
    ("3x224x224 -> flatten -> dense 10", {}),
    ("3x224x224 -> reshape 224x224x3 -> conv 8 3x3", {}),
    ("3x224x224 -> conv 64 7x7 s2 p3", {"layout": "HWC"}),
    ("3x224x224 -> conv 64 7x7 s2 p3", {"layout": "CHW"}),
    ("3x224x224 -> conv 64 7x7 s2 p3", {"layout": "channels_first"}),
    ("layout: HWC\ninput: 3x224x224\nlayers: [conv 64 7x7 s2 p3]\n", {}),
]


@for_each(("spec", "options", "meant"), DOUBTED)
def test_a_doubt_says_what_to_write(spec: str, options: dict[str, str], meant: str) -> None:
    """What it offers builds, and nothing is doubted any more."""
    (doubt,) = load(spec, **options).doubts
    assert f"write {meant}" in doubt.hint
    written = spec.replace(doubt.shape_text, meant, 1)
    assert analyze(written, **options).doubts == ()


@for_each(("spec", "options", "meant"), DOUBTED)
def test_the_layout_that_a_doubt_offers_settles_it(spec: str, options: dict[str, str], meant: str) -> None:
    """`--layout` reads what was meant, and counts what the other way of writing it counts."""
    (doubt,) = load(spec, **options).doubts
    if "--layout " not in doubt.hint:
        assert "batch" in doubt.hint
        return
    offered = analyze(spec, **options, layout=doubt.hint.partition("--layout ")[2][:3])
    assert offered.doubts == ()
    assert offered.totals == analyze(spec.replace(doubt.shape_text, meant, 1), **options).totals


@for_each(("spec", "options"), PLAIN)
def test_no_false_alarm(spec: str, options: dict[str, str]) -> None:
    assert load(spec, **options).doubts == ()


@for_each("name", bundled_names()[::29])
def test_no_bundled_spec_is_doubted(name: str) -> None:
    assert load(name).doubts == ()


def test_a_doubt_changes_no_reading() -> None:
    """A strip of 3 rows: (3 − 7 + 6)/2 + 1 = 2, (224 − 7 + 6)/2 + 1 = 112; 7·7·224·64 + 64 weights."""
    report = analyze("3x224x224 -> conv 64 7x7 s2 p3")
    assert report.outputs[0].shape == (2, 112, 64)
    assert report.totals.params == 7 * 7 * 224 * 64 + 64
    assert "doubts" not in report.to_dict()


FAILING = [
    ("32x32x3 -> conv 20 8x8 s2 p1", PYTORCH, "E301", "32x32x3 is read as 32 channels, height 32, width 3 (CHW)"),
    ("4x4x1 -> max_pool 2", PYTORCH, "E301", "4x4x1 is read as 4 channels, height 4, width 1 (CHW)"),
    ("3x5x5 -> conv 2 5x5", {}, "E301", "3x5x5 is read as height 3, width 5, 5 channels (HWC)"),
    ("1x28x28 -> conv 8 3", {}, "E301", "1x28x28 is read as height 1, width 28, 28 channels (HWC)"),
    ("16000x1 -> conv 8 80", PYTORCH, "E301", "16000x1 is read as 16000 channels, length 1 (CHW)"),
    ("3x32x32 -> conv 6 3x3 p1 g3", {}, "E305", "3x32x32 is read as height 3, width 32, 32 channels (HWC)"),
    ("layout: CHW\ninput: 32x32x3\nlayers: [conv 20 8x8]\n", {}, "E301", "write 3x32x32"),
    ("16x28x28x1 -> conv2d 20 3x3", {}, "E303", "if 16 is the batch, write 28x28x1, and give --batch 16"),
    ("1x3x224x224 -> conv 20 8x8", {}, "E303", "if 1 is the batch, write 224x224x3"),
    ("28x28 -> conv 8 3x3", {}, "E303", "if it is an image of one channel, write 28x28x1"),
    ("28x28 -> conv2d 8 3", PYTORCH, "E303", "if it is an image of one channel, write 1x28x28"),
    ("8x3x16x112x112 -> conv 20 3", PYTORCH, "E303", "if 8 is the batch, write 3x16x112x112, and give --batch 8"),
]


@for_each(("spec", "options", "code", "said"), FAILING)
def test_an_error_about_sizes_names_the_layout_first(spec: str, options: dict[str, str], code: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        load(spec, **options)
    first = error.value.diagnostics[0]
    assert (first.code, said in first.hint.partition("\n")[0]) == (code, True)


@pytest.mark.parametrize(
    "spec", ["32x32x3 -> conv 20 40x40", "3x3x256 -> conv 8 5x5", "8x8x8 -> conv 8 9x9", "28x28 -> conv 8 30"]
)
def test_an_error_that_the_other_layout_makes_too_names_none(spec: str) -> None:
    with pytest.raises(SpecError) as error:
        load(spec)
    assert "is read as" not in error.value.diagnostics[0].hint


def test_a_reading_that_makes_an_earlier_mistake_is_no_cause() -> None:
    """Without its steps the first layer would be wrong: the second lacks them since the first returns its last step."""
    with pytest.raises(SpecError) as error:
        load("10x8x8x3 -> ConvLSTM2D 4 3 same -> ConvLSTM2D 4 3", convention="keras")
    assert "is read as" not in error.value.diagnostics[0].hint
    assert "return_sequences=true" in error.value.diagnostics[0].hint


def test_only_a_mistake_about_sizes_has_a_cause() -> None:
    """8 // (224 - 224) is the author's division, although it is 8 // (3 - 224) = -1 in the other layout."""
    with pytest.raises(SpecError) as error:
        load("3x224x224 -> conv ${8 // (in.channels - 224) + 9} 1")
    (found,) = error.value.diagnostics
    assert (found.code, found.hint) == ("E208", "")


def test_the_rule_reports_a_doubt_at_the_input() -> None:
    (found,) = [each for each in lint("3x32x32 -> conv 8 3x3 same relu") if each.code == CODE]
    assert (found.line, found.column, found.severity) == (1, 1, "warning")


def test_the_layout_overrides_the_specs_own() -> None:
    """As a convention does; what the spec expects of itself is then not asked."""
    spec = "layout: HWC\ninput: 3x32x32\nlayers: [conv 8 3x3]\nexpect: {output: 1x30x8}\n"
    assert analyze(spec).outputs[0].shape == (1, 30, 8)
    changed = analyze(spec, layout="CHW")
    assert (changed.outputs[0].shape, changed.findings) == ((8, 30, 30), ())


def test_a_shape_given_to_a_spec_of_another_layout_is_doubted() -> None:
    """Who gives a shape may not know that the spec states CHW."""
    spec = "layout: CHW\ninput: 3x32x32\nlayers: [conv 8 3x3]\n"
    assert analyze(spec).doubts == ()
    (doubt,) = analyze(spec, input="32x32x3").doubts
    assert "write 3x32x32" in doubt.hint


def test_an_unknown_layout_is_an_error() -> None:
    with pytest.raises(SpecError, match=r'layout: unknown word "NWHC"'):
        analyze("8x8x3 -> relu", layout="NWHC")


def test_lint_offers_no_option_that_it_lacks() -> None:
    """The options `--layout` and `--batch` belong to other commands."""
    (found,) = [each for each in lint("3x224x224 -> conv 64 7x7 s2 p3") if each.code == CODE]
    assert "--" not in found.hint
    assert "write layout: CHW, or write 224x224x3" in found.hint


def test_advice_is_not_given_twice() -> None:
    """The channels differ because of the layout: the doubt says so, and the error's own hint would say it again."""
    with pytest.raises(SpecError) as error:
        load("3x32x32 -> conv 8 3 in_channels=3")
    assert "\notherwise" not in error.value.diagnostics[0].hint
    with pytest.raises(SpecError) as error:
        load("3x32x32 -> conv 6 3x3 p1 g3")
    assert (
        "\notherwise both the filters and the input channels must be multiples of 3" in error.value.diagnostics[0].hint
    )


@pytest.mark.parametrize(("most", "doubted"), [(2, True), (1, False)])
def test_large_graphs_are_not_doubted(monkeypatch: pytest.MonkeyPatch, most: int, doubted: bool) -> None:
    """An input and a layer are two nodes: with a limit of one they are not built a second time."""
    monkeypatch.setattr("cnncalc.graph.doubts._MOST_NODES", most)
    assert bool(analyze("3x224x224 -> conv 64 7x7 s2 p3").doubts) is doubted
    with pytest.raises(SpecError) as error:
        load("3x32x32 -> conv 6 3x3 p1 g3")
    assert error.value.diagnostics[0].hint.startswith("3x32x32 is read as") is doubted


def test_layers_that_slide_a_window() -> None:
    """A kernel of several positions along any axis; a dense layer has none."""
    for text, slides in (("9x9x3 -> conv 4 1x3", True), ("9x9x3 -> conv 4 1x1", False), ("9x3 -> dense 4", False)):
        layer = load(text).nodes[1].layer
        assert layer is not None
        assert _slides(layer) is slides
