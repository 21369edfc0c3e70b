"""Comparisons and totals of models that cannot be followed to their end: what is known, what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import SpecError
from cnncalc.analysis.analyze import analyze, examine
from cnncalc.analysis.difference.diff import difference_of
from cnncalc.analysis.difference.fingerprint import items
from cnncalc.analysis.difference.followed import certain, comparable, not_compared
from cnncalc.analysis.difference.limits import read_limit
from cnncalc.analysis.difference.model import UNKNOWN, FigureChange, LayerChange
from cnncalc.analysis.model_field import traced_field
from cnncalc.analysis.partial import analyze_part
from cnncalc.analysis.report import Report
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.importing.unshaped import UnshapedLayer, UnshapedRest
from tests.together import for_each

HERE = Span(Source("net.py", "text"), 0, 4)
REASON = Diagnostic("E405", "cannot follow mylib.f", HERE)
FOUR = "9x9x3 -> conv 4 3 name=a -> relu name=b -> conv 2 1 name=c -> relu name=d"


def broken_off(report: Report, *names: str, is_counted: bool = True) -> Report:
    """A report with layers of unknown shape at its end."""
    layers = tuple(UnshapedLayer(name, "conv", (), HERE, len(report.layers)) for name in names)
    return report._replace(rest=UnshapedRest(layers, REASON, is_counted))


@for_each(
    ("known", "rest", "compared"),
    [
        ("9x9x3 -> conv 4 3 name=a -> relu name=b", None, "abcd"),  # followed to its end: all are compared
        ("9x9x3 -> conv 4 3 name=a -> relu name=b", (), "ab"),
        ("9x9x3 -> relu name=b", (), "ab"),  # what comes before a known one could have been listed
        ("9x9x3 -> conv 4 3 name=a -> relu name=c", ("b",), "ac"),
        ("9x9x3 -> relu name=z", ("d",), ""),
    ],
)
def test_the_layers_that_may_have_a_counterpart(known: str, rest: tuple[str, ...] | None, compared: str) -> None:
    """Those up to the last that the other model is known to have, without those of unknown shape."""
    graph, report = examine(FOUR)
    other = analyze(known)
    found = comparable(items(graph, report.layers), other if rest is None else broken_off(other, *rest))
    assert "".join(layer.name for layer in found) == compared


def test_a_layer_that_is_certain_to_be_missing() -> None:
    """A module with parameters, if all modules of the other model are known; a function may come after its end."""
    report = analyze(FOUR)
    counted, open_end = broken_off(report), broken_off(report, is_counted=False)
    conv, relu = report.layers[:2]
    for layer, other, expected in (
        (conv, report, True), (relu, report, True), (conv, counted, True), (relu, counted, False),
        (conv, open_end, False), (relu, open_end, False),
    ):  # fmt: skip
        assert certain(LayerChange(None, layer), other, open_end) is expected
        assert certain(LayerChange(layer, None), open_end, other) is expected
        assert certain(LayerChange(layer, layer), other, other)


def test_the_names_that_are_not_compared() -> None:
    """Those of either model in the new one's order; none if both are followed to their end."""
    report = analyze(FOUR)
    end = broken_off(report, "e")
    assert not_compared(report, report, []) == ()
    assert not_compared(report, end, ["a", "c"]) == ("b", "d", "e")
    assert not_compared(end, report, ["a", "b", "d"]) == ("c", "e")


def test_the_difference_from_a_model_that_breaks_off() -> None:
    """After `b` the new model is unknown: neither its metrics nor the layers `c` and `d` differ for certain."""
    old = examine(FOUR)
    graph, report = examine("9x9x3 -> conv 5 3 name=a -> relu name=b")
    found = difference_of(old, (graph, broken_off(report, "e", is_counted=False)))
    assert [(layer.status, layer.shown.name, layer.is_moved) for layer in found.layers] == [
        ("changed", "a", False), ("affected", "b", False),
    ]  # fmt: skip
    assert (found.not_compared, found.is_empty) == (("e", "c", "d"), False)
    known = found.to_dict()
    assert known["not_compared"] == ["e", "c", "d"]
    assert known["totals"]["macs"] == {"old": old[1].totals.macs, "new": None}
    assert "not_compared" not in difference_of(old, old).to_dict()
    assert not read_limit("macs").is_broken(found.total("macs"))


def test_a_layer_that_may_come_after_the_end_is_not_removed() -> None:
    """The relu `b` may run where the new model breaks off; the convolution `e` is none of its modules."""
    old = examine("9x9x3 -> conv 4 3 name=a -> relu name=b -> conv 4 1 name=e -> conv 2 1 name=c")
    graph, report = examine("9x9x3 -> conv 4 3 name=a -> conv 2 1 name=c")
    found = difference_of(old, (graph, broken_off(report)))
    assert [(layer.status, layer.shown.name) for layer in found.layers if layer.status == "removed"] == [
        ("removed", "e")
    ]
    assert found.not_compared == ("b",)


def test_metrics_of_an_unknown_side() -> None:
    """They are null in JSON, and break no limit."""
    change = FigureChange("macs", UNKNOWN, 5)
    assert (change.is_known, change.is_changed, change.to_dict()) == (False, False, {"old": None, "new": 5})
    assert not read_limit("macs=4").is_broken(change)
    assert read_limit("macs=4").is_broken(FigureChange("macs", 3, 5))
    assert LayerChange(None, analyze(FOUR).layers[0])[2:] == ((), None, False, False)


CALLED_FIRST = """import mylib
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
    def forward(self, x):
        return self.conv(mylib.f(x))
"""


def test_code_whose_first_call_is_unknown(tmp_path: Path) -> None:
    """The sizes of its input are open, and the parameters of its modules are counted: 3·4·9 + 4."""
    path = tmp_path / "net.py"
    path.write_text(CALLED_FIRST, encoding="utf-8")
    report = analyze_part(str(path), input="3x9x7")
    assert [tensor.shape for tensor in report.inputs] == [(3, 9, 7)]
    assert (report.totals.params, report.totals.param_bytes, report.dtype) == (112, 448, "float32")
    assert traced_field(report) is None
    with pytest.raises(SpecError, match=r"mylib\.f"):
        analyze(str(path), input="3x9x7")


def test_a_field_without_inputs() -> None:
    """A report of no input and no layer has no field."""
    report = analyze(FOUR)
    assert traced_field(report._replace(inputs=(), layers=())) is None
    assert traced_field(report) == (3, 3)


def test_rows_of_a_table() -> None:
    """What the class of a layer's report has for the code alone is not in them."""
    first, *_ = analyze(FOUR).rows()
    assert {"location", "path", "settings", "after"}.isdisjoint(first)
    assert (first["name"], first["params"], first["share"]) == ("a", 3 * 3 * 3 * 4 + 4, 112 / (112 + 4 * 2 + 2))
