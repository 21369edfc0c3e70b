"""Results at a prompt and in notebooks: one line as `repr`, the table as `str`, HTML, Markdown, SVG."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import cnncalc

QUIZ = "32x32x3 -> conv 20 8x8 s2 p1"
RESULTS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "report": (lambda: cnncalc.analyze(QUIZ), "<Report model: 1 layer, 3,860 parameters, output 14x14x20>", "752,640"),
    "explanations": (lambda: cnncalc.explain(QUIZ), "<Explanations of 1 layer: conv_1>", "193"),
    "explanation": (
        lambda: cnncalc.explain(QUIZ)[0],
        "<Explanation conv_1: conv, 32x32x3 -> 14x14x20>",
        "193",
    ),
    "comparison": (
        lambda: cnncalc.compare(QUIZ),
        "<RuleComparison of 1 layer: the rules disagree on conv_1>",
        "TensorFlow SAME",
    ),
    "verification": (
        lambda: cnncalc.verify(QUIZ),
        "<Verification model: The forward pass agrees: 1 layer, 3,860 parameters>",
        "14x14x20",
    ),
    "difference": (
        lambda: cnncalc.diff(QUIZ, "32x32x3 -> conv 10 8x8 s2 p1"),
        "<Difference old → new: 1 layer changed; parameters −50.0%, MACs −50.0%, output 14x14x20 → 14x14x10>",
        "1,930",
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_show_themselves(name: str) -> None:
    """The numbers of the README's first example: 193·20 = 3,860 parameters and 14·14·20·192 = 752,640 MACs."""
    make, line, number = RESULTS[name]
    value = make()
    assert repr(value) == line
    for shown in (str(value), value._repr_markdown_(), value._repr_html_()):
        assert number in shown
    ElementTree.fromstring(f"<p>{value._repr_html_()}</p>")


def test_hostile_names_stay_text() -> None:
    """A name from a model file does not become an element of the notebook."""
    spec = {"name": "<script>", "input": "8x8x1", "layers": ["conv 2 3x3"]}
    (explanation,) = cnncalc.explain(QUIZ)
    results = (cnncalc.analyze(spec), explanation._replace(name="<script>"), cnncalc.diff(spec, QUIZ))
    assert all("<script>" not in result._repr_html_() for result in results)


def test_a_long_report_is_folded() -> None:
    """ResNet-152 has 414 layers; a notebook shows its blocks, `str` all layers."""
    report = cnncalc.analyze("resnet152")
    assert report._repr_html_().count("<tr>") < 130
    assert len(str(report).splitlines()) > 414
    assert len(report.table(depth=1).splitlines()) < 40
    assert "Kernel" in report.table("kernel")


def test_rows_have_the_metrics_of_each_layer() -> None:
    """A mapping for each layer, as `pandas.DataFrame` takes it."""
    (row,) = cnncalc.analyze(QUIZ).rows()
    assert (row["name"], row["params"], row["output_shape"], row["share"]) == ("conv_1", 3860, (14, 14, 20), 1.0)


def test_pandas_takes_the_rows() -> None:
    """A column for each metric; parameters of LeNet-5: 156 + 2,416 + 48,120 + 10,164 + 850 = 61,706."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(cnncalc.analyze("lenet5").rows()).set_index("name")
    assert frame["params"].sum() == 61_706
    assert frame.loc["c3", "output_shape"] == (10, 10, 16)
    assert frame["share"].sum() == pytest.approx(1.0)
    assert not frame[["type", "params", "macs", "activation_bytes"]].isna().any(axis=None)


CELLS = (
    "import cnncalc",
    *(f"cnncalc.{call}" for call in ("analyze('lenet5')", "explain('lenet5', 'c1')", "compare('lenet5', 's2')")),
    "cnncalc.diff('lenet5', 'alexnet')",
    "cnncalc.verify('lenet5')",
    "cnncalc.draw('lenet5', style='volumes')",
)


@pytest.mark.sweep
@pytest.mark.skipif(
    not (find_spec("nbclient") and find_spec("ipykernel")), reason="nbclient and ipykernel are not installed"
)
def test_a_notebook_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell of an executed notebook has the richest form of its value; no cell fails."""
    import nbclient
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    done = nbclient.NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=300).execute()
    (_, *shown, drawing) = [cell["outputs"] for cell in done.cells]
    for outputs in shown:
        assert {"text/plain", "text/html", "text/markdown"} <= set(outputs[0]["data"])
        assert len(outputs[0]["data"]["text/plain"]) < 200
    assert drawing[0]["data"]["image/svg+xml"].startswith("<svg ")
