"""The forms of a summary: golden screens, and arithmetic on what they print."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.report import Report
from cnncalc.cli._console import stdout_width
from cnncalc.render import latex_text, markdown_text
from cnncalc.render.summary import csv as csv_form
from cnncalc.render.summary import json as json_form
from cnncalc.render.summary import latex, markdown, table, tree
from cnncalc.render.summary.columns import COLUMNS, UnknownColumnError, chosen_columns
from cnncalc.render.text import width
from tests.together import for_each

GOLDEN = Path(__file__).parent / "golden"
ANSI = re.compile(r"\x1b\[[\d;]*m")

SCREENS = {
    "table.txt": lambda report: table.render(report, chosen_columns("")),
    "table_80.txt": lambda report: table.render(report, chosen_columns("kernel,unshared,share,rf"), limit=80),
    "table_all_80.txt": lambda report: table.render(report, chosen_columns("all"), limit=80),
    "folded.txt": lambda report: table.render(report, chosen_columns(""), 1),
    "tree.txt": lambda report: tree.render(report, chosen_columns("")),
    "tree_folded.txt": lambda report: tree.render(report, chosen_columns(""), 2),
    "summary.csv": lambda report: csv_form.render(report, chosen_columns("all")),
    "summary.md": lambda report: markdown.render(report, chosen_columns("kernel,share")),
    "summary.tex": lambda report: latex.render(report, chosen_columns("kernel,share")),
    "summary.json": json_form.render,
}


@for_each("name", list(SCREENS))
def test_screen_is_the_golden_one(report: Report, name: str) -> None:
    """Every form prints exactly its golden file (delete one to have it written anew, and read it)."""
    golden = GOLDEN / name
    printed = SCREENS[name](report)
    if not golden.exists():
        golden.write_text(printed, encoding="utf-8")
        pytest.fail(f"wrote {golden}; read it")
    assert printed == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["table.txt", "table_80.txt", "table_all_80.txt", "folded.txt"])
def test_printed_columns_add_up_to_the_printed_total(name: str) -> None:
    """In every column of whole numbers with a total, the rows add up to it."""
    text = (GOLDEN / name).read_text(encoding="utf-8")
    panels = re.findall(r"^(.*)\n─+\n((?:[^\n─].*\n)*)─+\n(Total.*)$", text, re.MULTILINE)
    sums = 0
    for _, body, total in panels:
        for found in re.finditer(r"[\d,]+(?=\s|$)", total):
            end = found.end()
            cells = [re.search(r"[\d,]+$", line[:end].rstrip(" ")) for line in body.splitlines() if len(line) >= end]
            figures = [int(cell[0].replace(",", "")) for cell in cells if cell and cell.end() == end]
            assert sum(figures) == int(found[0].replace(",", "")), (total, found[0])
            sums += 1
    assert sums >= 2


def test_csv_adds_up(report: Report) -> None:
    """The CSV's raw numbers add up to the report's totals."""
    rows = list(csv.DictReader((GOLDEN / "summary.csv").read_text(encoding="utf-8").splitlines()))
    assert [sum(int(row[key]) for row in rows) for key in ("params", "unshared", "macs", "flops", "activations")] == [
        93322, 2824266, 2794240, 5639530, 37610,
    ]  # fmt: skip
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1)


def test_json_is_the_reports_object(report: Report) -> None:
    """The JSON form is `to_dict()`, nothing more and nothing less."""
    assert json.loads(json_form.render(report)) == report.to_dict()


@for_each("limit", [40, 60, 80, 100])
@for_each("columns", ["", "all"])
def test_nothing_is_wider_than_the_terminal_and_nothing_is_dropped(report: Report, columns: str, limit: int) -> None:
    """At every width each line fits, and every cell's text is there."""
    chosen = chosen_columns(columns)
    shown = table.render(report, chosen, limit=limit)
    assert max(map(width, shown.splitlines())) <= limit
    letters = re.sub(r"\s", "", shown)
    for layer in report.layers:
        assert all(
            re.sub(r"\s", "", column.cell(layer, report)) in letters for column in chosen if column.key != "layer"
        )


def test_a_pipe_gets_one_wide_table(report: Report) -> None:
    """Without a limit all columns stand side by side and names are whole."""
    chosen = chosen_columns("all")
    titles = table.render(report, chosen).splitlines()[3]
    assert re.split("  +", titles) == [column.title for column in chosen]


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("", []),
        ("kernel", ["kernel"]),
        ("Receptive-Field, flops", ["flops", "receptive_field"]),
        ("unshared_params,activation_bytes", ["unshared", "memory"]),
    ],
)
def test_columns_are_added_to_the_usual_ones(written: str, keys: list[str]) -> None:
    """`--columns` adds columns, in their own order, by key or by the JSON's name."""
    assert [column.key for column in chosen_columns(written) if not column.usual] == keys


def test_all_columns() -> None:
    """`all` means every column."""
    assert chosen_columns("all") == list(COLUMNS.values())


def test_unknown_column_is_refused_with_a_suggestion() -> None:
    """A column that does not exist is named, with the closest one."""
    with pytest.raises(UnknownColumnError, match=r'"kernle": did you mean "kernel"\?'):
        chosen_columns("kernle")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a_b", r"a\_b"), ("50%", r"50\%"), ("a&b#", r"a\&b\#"), ("\\x{", r"\textbackslash{}x\{"),
     ("$~^", r"\$\textasciitilde{}\textasciicircum{}")],
)  # fmt: skip
def test_latex_escapes(text: str, escaped: str) -> None:
    """Every character that LaTeX interprets is escaped."""
    assert latex_text.escape(text) == escaped


def test_markdown_escapes() -> None:
    """A bar in a name does not end its cell."""
    assert markdown_text.escape("a|b\nc") == r"a\|b c"


@pytest.mark.parametrize("columns", ["1", "2", "19"])
def test_a_terminal_is_never_taken_as_narrower_than_twenty(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout", TerminalText())
    assert stdout_width() == 20


class TerminalText(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_json_form_has_every_column_of_the_csv_form() -> None:
    """Under the key of the report where the column has a short one."""
    keys = {
        "layer": "name", "input_shape": "input_shapes", "trainable": "trainable_params",
        "non_trainable": "non_trainable_params", "unshared": "unshared_params", "activations": "activation_elements",
        "memory": "activation_bytes",
    }  # fmt: skip
    layer = analyze("8x8x3 -> conv 4 3x5 s2 p1 -> max_pool 2 padding=[[0,1],[1,0]]").to_dict()["layers"]
    assert {keys.get(column, column) for column in COLUMNS} <= set(layer[0])
    assert [each["input_shapes"] for each in layer] == [[[8, 8, 3]], [[4, 3, 4]]]
    assert [each["kernel"] for each in layer] == [[3, 5], [2, 2]]
    assert [each["stride"] for each in layer] == [[2, 2], None]
    assert [each["padding"] for each in layer] == [[1, 1], [[0, 1], [1, 0]]]
    assert [each["share"] for each in layer] == [1.0, 0.0]
