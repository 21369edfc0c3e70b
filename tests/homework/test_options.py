"""The options of a spec are those of every command: what `summary` counts, `check`, `explain` and sheets count."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.explain import explain
from cnncalc.diagnostics import Source
from cnncalc.homework.check import check
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import read_sheet
from tests.together import for_each

SPEC = {"input": "32x32x3", "variables": {"filters": 20}, "layers": [{"conv": "${filters} 8x8 s2 p1"}]}

OPTIONS = [
    ({"batch": 16}, "total.macs", 12_042_240),  # 16·752,640
    ({"batch": 16}, "total.flops", 24_147_200),  # 16·1,509,200
    ({"batch": 16}, "conv_1.activation_elements", 62_720),  # 16·14·14·20
    ({"batch": 16, "dtype": "float16"}, "conv_1.activation_bytes", 125_440),
    ({"batch": 2, "dtype": "float64"}, "total.peak_activation_bytes", 111_872),  # 2·8·(32·32·3 + 14·14·20)
    ({"batch": 16}, "total.params", 3860),
    ({"dtype": "int8"}, "total.param_bytes", 3860),
    ({"input": "64x64x3"}, "total.macs", 3_456_000),  # 30·30·20·8·8·3
    ({"variables": {"filters": 40}}, "params", 7720),
    ({"convention": "pytorch", "input": "3x32x32", "layout": "CHW"}, "params", 3860),
]


@for_each(("options", "path", "number"), OPTIONS, ids=range(len(OPTIONS)))
def test_check_counts_as_summary(options: dict[str, object], path: str, number: int) -> None:
    """The right answer under an option is right, and the report has it."""
    (found,) = check(SPEC, {path: str(number)}, **options)
    assert found.status == "right"
    report = analyze(SPEC, **options)  # type: ignore[arg-type]
    owner, _, name = path.rpartition(".")
    assert getattr(report.layers[0] if owner == "conv_1" else report.totals, name) == number


@for_each(("options", "path", "number"), OPTIONS, ids=range(len(OPTIONS)))
def test_a_question_of_a_sheet_has_the_same_options(options: dict[str, object], path: str, number: int) -> None:
    """`batch`, `dtype`, `input`, `variables`, `convention` and `layout` are keys of a question."""
    question = {"spec": SPEC, **options, "ask": path, "name": "q"}
    sheet = read_sheet(Source("<sheet>", _yaml({"questions": [question]})))
    assert Marker(sheet).mark("", {"q": str(number)}).marks[0].status == "right"


def test_a_variable_that_is_to_be_found_is_sought_under_the_options() -> None:
    """Caffe's pooling rounds up: 8 positions of 2 need no padding from 15; and the convention is the question's."""
    text = "questions:\n  - {name: q, spec: '1x15x15 -> max_pool ${k} s2', convention: caffe, find: k,"
    sheet = read_sheet(Source("<sheet>", f"{text} such_that: {{output: 1x8x8}}}}\n"))
    assert Marker(sheet).mark("", {"q": "2"}).marks[0].status == "right"


def test_the_spec_s_own_type_of_numbers_counts() -> None:
    """`dtype: float16` in the spec: 3,860·2 bytes."""
    (found,) = check({**SPEC, "dtype": "float16"}, {"total.param_bytes": "7720"})
    assert found.status == "right"


@pytest.mark.parametrize(
    ("options", "path", "answer", "mistake"),
    [
        ({"batch": 16}, "total.macs", "752640", "batch_left_out"),
        ({"batch": 16}, "conv_1.activation_bytes", "15680", "batch_left_out"),
        ({"batch": 16}, "total.macs", "12105 K", "biases_as_macs"),  # 16·(193·14·14·20) = 12,104,960
        ({"dtype": "float16"}, "total.param_bytes", "15440", "elements_for_bytes"),
        ({"dtype": "float16"}, "total.param_bytes", "3860", "elements_for_bytes"),
    ],
)
def test_mistakes_under_options_are_named(options: dict[str, object], path: str, answer: str, mistake: str) -> None:
    """A mistake is worked out for the batch and the type of numbers that are asked for."""
    (found,) = check(SPEC, {path: answer}, **options)
    assert mistake in {suspect.name for suspect in found.suspects}


def test_explain_multiplies_the_work_by_the_batch() -> None:
    """16·752,640 MACs, with B in the formula and in the legend."""
    (found,) = explain("32x32x3 -> conv 20 8x8 s2 p1", batch=16)
    assert found.macs is not None
    assert (found.macs.value, found.flops.value) == (12_042_240, 24_147_200)  # type: ignore[union-attr]
    assert ("B", "samples in the batch") in [(name.symbol, name.meaning) for name in found.names]


def _yaml(value: object) -> str:
    import yaml

    return yaml.safe_dump(value, sort_keys=False)
