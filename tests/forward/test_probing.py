"""What an output sees: predicted by hand, found by replacing rows, and found where a layer lies about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.analysis import receptive_field as analysis
from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.forward import receptive_field
from cnncalc.forward.perturbation import _finite, _poison, _suiting, reached
from cnncalc.forward.predicted import fed_by, predict
from cnncalc.forward.receptive_field import Probe, probe_receptive_field
from cnncalc.layers.activation.relu import Relu
from cnncalc.layers.convolution.conv import Conv
from tests.together import for_each

# A spec, an output position of its last layer, and the rows that it sees along each axis, the first and past the last.
PREDICTED = [
    ("7x1 -> conv 1 3", (2,), ((2, 5),)),
    ("9x1 -> conv 1 3 p1", (0,), ((0, 2),)),  # row −1 is padding
    ("9x1 -> conv 1 3 d2", (1,), ((1, 6),)),  # rows 1, 3 and 5
    ("9x1 -> max_pool 2 -> conv 1 3", (1,), ((2, 8),)),  # cells 1 to 3
    ("9x1 -> conv 1 3 relu -> conv 1 3 s2", (2,), ((4, 9),)),  # 2·2 = 4, and 3 + 2 rows
    ("5x7x2 -> flatten", (), ((0, 5), (0, 7))),
    ("5x7x2 -> global_avg_pool", (0, 0), ((0, 5), (0, 7))),
    ("5x5x2 -> add(conv 2 3x3 p1 | identity)", (0, 4), ((0, 2), (3, 5))),
    ("5x5x2 -> add(identity | conv 2 3x3 p1)", (2, 2), ((1, 4), (1, 4))),
    ("3x1 -> bed_of_nails 2 -> conv 1 1", (1,), ((0, 0),)),  # a hole
    ("3x1 -> bed_of_nails 2 -> conv 1 1", (2,), ((1, 2),)),
    ("5x7x2 -> conv 2 1x3 p0", (3, 1), ((3, 4), (1, 4))),
    ('9x5x1 -> conv 1 3x1 activation="softmax axis=height"', (2, 2), ((0, 9), (2, 3))),  # 7 rows, of which each sees 3
    ("9x5x1 -> conv 1 3x1 softmax", (2, 2), ((2, 5), (2, 3))),
]


@for_each(("spec", "position", "axes"), PREDICTED)
def test_what_an_output_should_see(spec: str, position: Shape, axes: tuple[tuple[int, int], ...]) -> None:
    graph = load(spec)
    assert predict(graph, len(graph.nodes) - 1, position, 0, fed_by(graph, 0)) == (axes, False)


def test_of_several_inputs_each_is_followed_by_itself() -> None:
    """The second input reaches the sum through a kernel, the first does not."""
    graph = load("a: 7x1, b: 9x1 -> conv 1 3 from=b -> add from=[a, conv_1] -> conv 1 3")
    first, second = graph.sources
    start, other = (graph.nodes.index(node) for node in (first, second))
    last = len(graph.nodes) - 1
    assert predict(graph, last, (2,), start, fed_by(graph, start)) == (((2, 5),), False)
    assert predict(graph, last, (2,), other, fed_by(graph, other)) == (((2, 7),), False)
    assert {graph.nodes[index].name for index in fed_by(graph, start)} == {"a", "add_1", "conv_2"}


# A spec with a layer, or an activation, of which the data decide what an output reads; and position 3 of its output.
DECIDED = [
    ("8x1 -> max_unpool 2 s2", ((1, 2),)),  # from cell 1, if the maximum's place was the second
    ("8x1 -> max_unpool 2 s2 -> conv 1 1", ((1, 2),)),
    ("8x3 -> conv 3 1 hardmax", ((3, 4),)),
    ("8x3 -> hardmax -> conv 2 1", ((3, 4),)),
]


@pytest.mark.parametrize(("spec", "axes"), DECIDED)
def test_data_may_take_a_part_of_what_is_predicted(spec: str, axes: tuple[tuple[int, int], ...]) -> None:
    graph = load(spec)
    assert predict(graph, len(graph.nodes) - 1, (3,), 0, fed_by(graph, 0)) == (axes, True)


@pytest.mark.parametrize("spec", ["9x1 -> conv 1 3 relu", "9x1 -> conv 1 3 -> relu"])
def test_nothing_is_predicted_through_a_layer_that_does_not_say(monkeypatch: pytest.MonkeyPatch, spec: str) -> None:
    """A relu whose reach is unknown, as an activation or as a layer, leaves the field before it unknown."""
    monkeypatch.setattr(Relu, "reach", lambda self, x: None)
    graph = load(spec)
    assert predict(graph, len(graph.nodes) - 1, (2,), 0, fed_by(graph, 0)) is None


# Functions that make not-a-number of half of all numbers, or of nearly all.
BOUNDED = ["log", "sqrt", "rsqrt", "log2", "asin", "acos", "atanh", "logit", "acosh"]


@for_each("function", BOUNDED)
def test_functions_get_numbers_that_suit_them(function: str) -> None:
    """Each output of `conv 1 3` before the function changes with its three rows, and with no others."""
    found = cnncalc.verify(f"9x1 -> conv 1 3 -> {function} -> conv 1 2", receptive_field=True)
    assert found.problems == []
    assert found.probes[1].axes[0].seen == (3, 6)


def test_a_layer_of_products_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not-a-number shows what a change reaches in one pass; a pool runs on clean numbers and four others."""
    graph = load("9x1 -> conv 1 3 -> max_pool 2")
    runs = {"conv": 0, "max_pool": 0}
    for index in (1, 2):
        kind = type(graph.nodes[index].layer)
        monkeypatch.setattr(kind, "forward", counted(runs, kind.forward))
    masks = dict(reached(graph, 0, (0, slice(0, 4)), seed=1, last=2))
    assert runs == {"conv": 1, "max_pool": 5}
    assert [masks[1][:, 0].tolist(), masks[2][:, 0].tolist()] == [[True] * 4 + [False] * 3, [True, True, False]]


def counted(runs: dict[str, int], forward: Any) -> Any:
    """A forward pass that counts its runs by the layer's type."""

    def run(self: Any, *args: Any, **weights: Any) -> Any:
        runs[self.type] += 1
        return forward(self, *args, **weights)

    return run


# A spec, the rows that its convolution says that output 0 reads, and what is said of the lie.
LIES = [
    ("3x1 -> conv 1 3", range(1, 3), "along length it should see 1 to 2, but sees 0 to 2"),
    ("3x1 -> conv 1 3", range(2), "along length it should see 0 to 1, but sees 0 to 2"),
    ("3x1 -> conv 1 3", range(1, 2), "along length it should see 1 to 1, but sees 0 to 2"),
    ("3x1 -> conv 1 3", range(0), "along length it should see nothing, but sees 0 to 2"),
    ("5x1 -> conv 1 1", range(2), "along length it should see 2 to 3, but sees 2 to 2"),
    ("5x1 -> conv 1 1", range(-1, 1), "along length it should see 1 to 2, but sees 2 to 2"),
    ("7x1 -> conv 1 3", range(-1, 2), "along length it should see 1 to 3, but sees 2 to 4"),
    ("7x1 -> conv 1 3", range(5, 6), "along length it should see nothing, but sees 2 to 4"),  # row 7 is beyond
]


@pytest.mark.parametrize(("spec", "rows", "problem"), LIES)
def test_a_lie_about_what_is_read(monkeypatch: pytest.MonkeyPatch, spec: str, rows: range, problem: str) -> None:
    monkeypatch.setattr(Conv, "reach", lambda self, x: (AxisTaps((rows,), 1),))
    assert f"conv_1: {problem}" in problems(spec)


@pytest.mark.parametrize("everywhere", [receptive_field.EVERYWHERE, 0])
def test_the_output_of_a_lie_is_named(monkeypatch: pytest.MonkeyPatch, everywhere: int) -> None:
    """Every other output is said to leave out its first row: the middle one, 2, is not among them.

    Where not all are affordable, one with the smallest interval is probed, 2 rows here.
    """
    monkeypatch.setattr(receptive_field, "EVERYWHERE", everywhere)
    monkeypatch.setattr(Conv, "reach", lambda self, x: (AxisTaps((range(3), range(2, 4)), 2),))
    assert problems("7x1 -> conv 1 3") == ["conv_1: output 1: along length it should see 2 to 3, but sees 1 to 3"]


def test_a_layer_that_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conv, "forward", lambda self, np, x, **weights: np.zeros((len(x), 1, 1), np.float32))
    assert problems("3x1 -> conv 1 3") == ["conv_1: along length it should see 0 to 2, but sees nothing"]


def test_only_the_axis_that_differs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a height and a width read alike, the width is said to be one less."""
    monkeypatch.setattr(Conv, "reach", lambda self, x: (AxisTaps((range(3),), 1), AxisTaps((range(2),), 1)))
    assert problems("3x3x1 -> conv 1 3x3") == ["conv_1: along width it should see 0 to 1, but sees 0 to 2"]


@pytest.mark.parametrize("size", [2, 4])
def test_a_reported_size_that_no_output_sees(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """The report says one more or one less than the 3 rows that interior outputs see."""
    honest = analysis.views

    def lying(graph: Any) -> list[Any]:
        *before, last = honest(graph)
        return [*before, last._replace(axes=tuple(axis._replace(size=size) for axis in last.axes))]

    monkeypatch.setattr(receptive_field, "views", lying)
    assert problems("9x1 -> conv 1 3") == [
        f"conv_1: along length the report says {size}, but an interior output sees 3"
    ]


def problems(spec: str) -> list[str]:
    """What is wrong with the receptive fields of a spec."""
    return [f"{probe.name}: {probe.problem}" for probe in probes(spec) if probe.problem]


def probes(spec: str, **options: int) -> Iterator[Probe]:
    graph = load(spec)
    yield from probe_receptive_field(graph, report_on(graph), **options)


@pytest.mark.parametrize("layer", ["flatten", "global_max_pool", "squeeze_excite 1"])
def test_layers_that_see_everything(layer: str) -> None:
    """After a kernel of 3x3 on 5x7: all rows and columns, and the report says so."""
    *_, found = probes(f"5x7x2 -> conv 2 3x3 -> {layer}")
    assert (found.problem, found.remark, found.reported) == ("", "", (5, 7))
    assert [axis.seen for axis in found.axes] == [(0, 5), (0, 7)]


# Of `7x1 -> conv 1 3` a pass costs 5·3 MACs, 10 for each of 5 numbers, and 20,000: 20,065. Five positions need 10
# passes; if they are too many, output 0 alone needs 3, for which eight times the work may be taken: 7,525·8 = 60,200.
WORK = [
    (200_650, "the middle output", ""),
    (200_649, "output 0", ""),
    (7_525, "output 0", ""),
    (7_524, "the middle output", "the passes would take too long; try a smaller --input"),
]


@pytest.mark.parametrize(("most", "place", "remark"), WORK)
def test_as_much_is_probed_as_the_work_allows(most: int, place: str, remark: str) -> None:
    (probe,) = probes("7x1 -> conv 1 3", most=most)
    assert (probe.place, probe.remark, probe.problem) == (place, remark, "")
    assert [axis.seen for axis in probe.axes] == ([] if remark else [(2, 5)] if "middle" in place else [(0, 3)])


# A spec, and why its last layer is not probed.
OBSTACLES = [
    ("7 -> dense 3", "the model's input has no spatial axes"),
    ("a: 7x1, b: 7x1 -> add from=[a, b]", "its inputs see different inputs of the model"),
    ("7x2 -> add(identity | parameter 7x2 -> relu name=r)", ""),
    ("5x7x1 -> conv 2 3x3 -> reshape 30x1", "no receptive field is reported from reshape_1 on"),
]


@pytest.mark.parametrize(("spec", "remark"), OBSTACLES)
def test_why_a_layer_is_not_probed(spec: str, remark: str) -> None:
    found = list(probes(spec))[-1]
    assert found.remark.startswith(remark)
    assert bool(found.remark) == bool(remark)
    assert not found.problem


def test_a_learned_array_sees_no_input() -> None:
    named = {probe.name: probe.remark for probe in probes("7x2 -> add(identity | parameter 7x2 -> relu name=r)")}
    assert named["r"] == "it is a learned array without an input"


@pytest.mark.parametrize("layout", ["HWC", "CHW"])
def test_rows_are_replaced_along_their_own_axis(layout: str) -> None:
    """The first two columns of 5x7 reach the outputs whose column is 0 or 1, in every row and channel."""
    graph = load("5x7x2 -> conv 3 3x1" if layout == "HWC" else "2x5x7 -> conv 3 3x1", layout=layout)
    ((_, mask),) = reached(graph, 0, (1, slice(0, 2)), seed=1, last=1)
    seen = np.moveaxis(mask, 0, -1) if layout == "CHW" else mask
    assert seen.shape == (3, 7, 3)
    assert seen[:, :2].all()
    assert not seen[:, 2:].any()


def test_rows_that_would_disprove_a_prediction() -> None:
    """Of rows 2 to 4 of 7: all before, with the first; the last with all after; all after. Of none: every row."""
    assert list(receptive_field._confirming((2, 5), 7)) == [(0, 2), (0, 3), (4, 7), (5, 7)]
    assert list(receptive_field._confirming((0, 7), 7)) == [(0, 1), (6, 7)]
    assert list(receptive_field._confirming((0, 0), 7)) == [(0, 7)]


def test_all_layers_of_a_small_model_are_probed() -> None:
    """Twelve convolutions of 3 see 3, 5, … 25 positions."""
    found = cnncalc.verify("31x1 -> (conv 1 3 p1)*12", receptive_field=True).probes
    assert [probe.reported for probe in found] == [(size,) for size in range(3, 26, 2)]
    assert all(probe.axes and not probe.problem for probe in found)


def test_what_rows_are_replaced_with() -> None:
    """Not-a-numbers, large numbers of both signs, and the numbers in another order, moved by 1."""
    array, generator = np.arange(6, dtype=np.float32).reshape(2, 3), np.random.default_rng(0)
    poisons = [_poison(array, number, generator) for number in range(4)]
    assert np.isnan(poisons[0]).all()
    assert sorted((float(poisons[1].min()), float(poisons[2].max()))) == [-1000, 1000]
    assert (abs(poisons[1]) == 1000).all()
    assert sorted(poisons[3].ravel()) == [1, 2, 3, 4, 5, 6]
    assert all(poison.dtype == np.float32 and poison.shape == (2, 3) for poison in poisons)


def test_numbers_for_what_is_not_finite() -> None:
    assert _finite(np.array([np.nan, np.inf, -np.inf, 3.0])).tolist() == [0.5, 1.0, -1.0, 3.0]


@pytest.mark.parametrize(("low", "high"), [(-9, 9), (0.1, 0.9), (1.1, 1.9)])
def test_inputs_for_which_a_layer_is_finite(low: float, high: float) -> None:
    """The given ones, or the same in their order from [0.1, 0.9], or from [1.1, 1.9]."""

    def run(arrays: list[Any]) -> Any:
        (array,) = arrays
        return np.where((array > low) & (array < high), array, np.nan)

    given = np.array([-8.0, -1.0, 0.0, 1.0, 8.0])
    (chosen,), output = _suiting(run, [given])
    assert output is not None
    assert (output == chosen).all()
    assert (np.diff(chosen) > 0).all()
    assert ((low < chosen) & (chosen < high)).all()
    if low == 0.1:
        assert chosen[2] == pytest.approx(0.5)  # the middle
        assert chosen[3] - 0.1 == pytest.approx(0.8 / (1 + np.exp(-1)))
