"""The text table: aligned columns, what a narrow terminal does to them, and the same lines in colour."""

from __future__ import annotations

import re

import pytest

from cnncalc.analysis.report import Report
from cnncalc.render.summary import table as summary_table
from cnncalc.render.summary.columns import chosen_columns
from cnncalc.render.text import width, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw
from tests.together import for_each

ANSI = re.compile(r"\x1b\[[\d;]*m")


def drawn(columns: list[TableColumn], rows: list[list[str]], limit: int | None = None) -> list[str]:
    return draw(TextTable(columns, [TableRow(row) for row in rows]), limit)


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    """Cells are aligned by what a terminal shows: a wide character takes two cells; lines have no blanks at the end."""
    columns = [TableColumn("name"), TableColumn("params", "right"), TableColumn("")]
    assert drawn(columns, [["卷积", "3,860", "≠"], ["conv_1", "0", ""]]) == [
        "name    params",
        "卷积     3,860  ≠",
        "conv_1       0",
    ]


def test_titles_totals_and_rules() -> None:
    """A line below the titles and one above the totals, each as long as the table."""
    columns = [TableColumn("name"), TableColumn("n", "right")]
    table = TextTable(columns, [TableRow(["a", "1"]), TableRow(["b", "12"])], ["all", "13"], ruled=True, indent=2)
    assert draw(table) == ["  name   n", "  ────────", "  a      1", "  b     12", "  ────────", "  all   13"]


def test_a_table_without_rows_shows_its_titles() -> None:
    assert drawn([TableColumn("name"), TableColumn("n")], []) == ["name  n"]


def test_ranked_columns_are_hidden_first() -> None:
    """Rank 1 goes first, rank 2 only if that is not enough."""
    columns = [TableColumn("name"), TableColumn("year", rank=2), TableColumn("source", rank=1)]
    rows = [["lenet5", "1998", "LeCun"]]
    assert [drawn(columns, rows, limit)[1] for limit in (20, 19, 12, 11)] == [
        "lenet5  1998  LeCun", "lenet5  1998", "lenet5  1998", "lenet5",
    ]  # fmt: skip


def test_a_column_that_wraps_takes_the_room_that_is_left() -> None:
    columns = [TableColumn(), TableColumn(narrow="wrap", least=8)]
    assert drawn(columns, [["relu", "negative values become zero"]], 17) == [
        "relu  negative",
        "      values",
        "      become zero",
    ]


def test_a_last_column_without_room_moves_below() -> None:
    """Below its row, indented, where less than its least width is left."""
    columns = [TableColumn(), TableColumn(narrow="wrap", least=30)]
    assert drawn(columns, [["relu", "negative values become zero"]], 25) == [
        "relu",
        "    negative values",
        "    become zero",
    ]


def test_single_cells_move_below() -> None:
    """Under the rule `below` a cell that fits stays beside its row."""
    columns = [TableColumn(), TableColumn(narrow="below")]
    assert drawn(columns, [["MACs", "752,640"], ["FLOPs", "operations (2 per MAC)"]], 20) == [
        "MACs   752,640",
        "FLOPs",
        "    operations (2",
        "    per MAC)",
    ]


def test_a_column_that_is_shortened_ends_in_dots() -> None:
    columns = [TableColumn(), TableColumn(narrow="shorten", least=8)]
    assert drawn(columns, [["lenet5", "LeCun, Bottou, Bengio"]], 24) == ["lenet5  LeCun, Bottou, …"]


def test_titled_columns_without_room_move_to_panels() -> None:
    """Each panel begins with the first column."""
    columns = [TableColumn("rule"), TableColumn("output"), TableColumn("parameters")]
    assert drawn(columns, [["Keras", "14x14x20", "3,860"]], 17) == [
        "rule   output",
        "Keras  14x14x20",
        "",
        "rule   parameters",
        "Keras  3,860",
    ]


def test_a_single_column_is_never_lost() -> None:
    """A table of one column has no panels; it is wrapped."""
    assert drawn([TableColumn("rule", narrow="wrap")], [["course formula"]], 8) == ["rule", "course", "formula"]


def test_a_cell_of_several_texts() -> None:
    """One below the other, each in its own style; hidden characters are escaped."""
    table = TextTable(
        [TableColumn(style="bold"), TableColumn()], [TableRow(["A101", [("a\x1b", ""), ("use 8", "dim")]], "red")]
    )
    assert draw(table) == ["A101  a\\u001b", "      use 8"]
    assert draw(table, color=True) == [
        "\x1b[1;31mA101  \x1b[0m\x1b[31ma\\u001b\x1b[0m",
        "\x1b[31m      \x1b[0m\x1b[2;31muse 8\x1b[0m",
    ]


@for_each("columns", ["", "all"])
@for_each("limit", [None, 80, 40])
def test_colour_moves_nothing(report: Report, columns: str, limit: int | None) -> None:
    """What rich draws on a terminal is, without its colours, what a pipe gets."""
    chosen = chosen_columns(columns)
    colored = summary_table.render(report, chosen, limit=limit, color=True)
    assert "\x1b[" in colored
    assert ANSI.sub("", colored) == summary_table.render(report, chosen, limit=limit)


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("conv_1", 18, ["conv_1"]),
        ("stage2.block1.downsample.conv_3", 18, ["stage2.block1.", "  downsample.", "  conv_3"]),
        ("abcdefghijklm", 6, ["abcdef", "  ghij", "  klm"]),
        ("", 6, [""]),
    ],
)
def test_names_are_wrapped(text: str, limit: int, lines: list[str]) -> None:
    """A name is broken after its dots, and inside a word only where it must be."""
    assert wrap(text, limit, hanging="  ", at="names") == lines


def test_sentences_are_wrapped() -> None:
    """Between words alone, by terminal cells; None is no limit."""
    assert wrap("see conv_1.kernel 卷积层", 17) == ["see conv_1.kernel", "卷积层"]
    assert wrap("see conv_1.kernel 卷积层", 9, hanging="> ") == ["see", "> conv_1.", "> kernel", "> 卷积层"]
    assert wrap("see conv_1.kernel", None) == ["see conv_1.kernel"]


def test_a_number_and_its_unit_are_one_word() -> None:
    """`6.30 k` and `H = 32` stay together."""
    assert wrap("pooling 6.30 k, biases", 13) == ["pooling", "6.30 k,", "biases"]
    assert wrap("245.1 KiB in 9 Bars", 8) == ["245.1", "KiB in 9", "Bars"]
    assert wrap("peak at H = 32", 11) == ["peak at", "H = 32"]


@for_each(("text", "limit", "lines"), [
    ("48·⌊(H − 12)/4⌋·⌊(W − 12)/4⌋ + 6", 20, ["48·⌊(H − 12)/4⌋·", "⌊(W − 12)/4⌋ + 6"]),
    ("(H − 4) × (W − 4) × 6", 12, ["(H − 4) ×", "(W − 4) × 6"]), ("·(H ⌊a", 3, ["·(H", "⌊a"]),
])  # fmt: skip
def test_formulas_are_wrapped(text: str, limit: int, lines: list[str]) -> None:
    """Between terms and factors, and not inside brackets."""
    assert wrap(text, limit, at="formulas") == lines


@for_each("limit", [-7, 0, 1, 2, 3, 8])
@for_each("hanging", ["", "  ", "          "])
@for_each("text", ["stage2.block1.downsample.conv_3", "a b", "   ", "卷积" * 9])
def test_wrapping_to_next_to_nothing_ends(text: str, hanging: str, limit: int) -> None:
    """A line of no width at all still makes progress, and loses nothing but blanks."""
    for lines in (wrap(text, limit, hanging=hanging, at="names"), wrap(text, limit, hanging=hanging)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert max(map(width, lines)) <= max(limit, 4)
