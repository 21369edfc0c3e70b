"""The memory of training in each output format: the same numbers, worked by hand."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.cost.optimizers import OPTIMIZERS
from cnncalc.analysis.cost.training_cost import cost
from cnncalc.render.cost import csv as as_csv
from cnncalc.render.cost import json as as_json
from cnncalc.render.cost import markdown, table
from cnncalc.render.summary.fold import fold
from cnncalc.render.summary.training import apart, training_column

SPEC = "7 -> dense 5 relu -> dense 2"
"""Batch 3, momentum: x 84, h 60 bytes; (7 + 1)·5·4 = 160 and (5 + 1)·2·4 = 48 bytes of weights."""

PAIRS = {
    "input": [7], "blocks": {"pair": {"layers": ["dense 5 relu", "dense 7"]}},
    "layers": [{"pair": {"name": "one"}}, {"pair": {"name": "two"}}],
}  # fmt: skip
_OF_WEIGHTS = ([160, 168, 160, 168], [328, 328], "656 B")
"""(7 + 1)·5·4 and (5 + 1)·7·4 bytes; momentum has one number for each weight."""


def test_csv() -> None:
    """A row for each layer; a tensor that an earlier layer counts is in brackets."""
    rows = list(csv.reader(io.StringIO(as_csv.render(cost(SPEC, batch=3, train="momentum")))))
    assert rows == [
        ["layer", "type", "weight_bytes", "gradient_bytes", "optimizer_bytes", "kept_bytes", "kept"],
        ["dense_1", "dense", "160", "160", "160", "144", "input, output"],
        ["dense_2", "dense", "48", "48", "48", "0", "(input)"],
    ]


def test_json() -> None:
    """Totals, peak, and for each kept tensor the layer that counts it."""
    found = json.loads(as_json.render(cost(SPEC, batch=3, train="momentum")))
    assert (found["format"], found["batch"], found["dtype"], found["optimizer"]) == (1, 3, "float32", "momentum")
    assert found["totals"] == {
        "weight_bytes": 208, "buffer_bytes": 0, "gradient_bytes": 208, "optimizer_bytes": 208, "kept_bytes": 144,
        "recomputed_macs": 0, "peak_bytes": 208 + 208 + 208 + 84 + 24 + 60,
    }  # fmt: skip
    # at the peak, in the backward pass of dense_1: x, the model's output and one gradient; relu's pass has freed h
    assert found["layers"][1]["kept"] == [{"name": "input", "size": 60, "counted_by": "dense_1"}]
    assert "workspaces" in found["not_counted"]


def test_tables() -> None:
    """The table and Markdown have the sums, the place of the peak, and what is not counted."""
    found = cost(SPEC, batch=3, train="momentum")
    for text in (table.render(found), markdown.render(found)):
        assert "in the backward pass of dense_1" in text
        assert "144 B" in text
        assert "Not counted: workspaces" in text
    assert "| **Total** |       |" in markdown.render(found)


def test_folded_blocks() -> None:
    """A block is one row, with the sums of its layers: 3·4·(7 + 5) bytes each."""
    rows = list(csv.reader(io.StringIO(as_csv.render(cost(PAIRS, batch=3), 1))))
    assert [(row[0], row[1], row[5]) for row in rows[1:]] == [("one", "2 layers", "144"), ("two", "2 layers", "144")]
    text = table.render(cost(PAIRS, batch=3, checkpoint="two"), 1)
    assert "the forward pass of 1 checkpointed block" in text
    assert "210 MACs" in text  # 3·(7·5 + 5·7)


def test_types_that_do_not_declare_what_they_keep() -> None:
    """They are named."""
    found = cost("7 -> dense 5 -> opaque output=3")
    assert found.assumed == ("opaque",)
    assert "Assumed to keep their inputs and output: opaque." in table.render(found)


def test_the_columns_of_training_are_taken_out() -> None:
    assert apart("macs, Kept,adam", OPTIMIZERS) == ("macs", ["kept", "adam"])
    assert apart("macs", OPTIMIZERS) == ("macs", [])


@pytest.mark.parametrize(
    ("key", "single", "folded", "total"),
    [("kept", [144, 0, 144, 0], [144, 144], "288 B"), ("weights", *_OF_WEIGHTS), ("gradients", *_OF_WEIGHTS),
     ("momentum", *_OF_WEIGHTS)],
)  # fmt: skip
def test_a_column_of_a_summary(key: str, single: list[int], folded: list[int], total: str) -> None:
    """The bytes of each layer or folded block, and their sum."""
    _, report = examine(PAIRS, batch=3)
    column = training_column(key, lambda train: cost(PAIRS, batch=3, train=train or "sgd"))
    assert [column.value(layer, report) for layer in report.layers] == single
    assert [column.value(layer, report) for layer in fold(report.layers, 1)] == folded
    assert column.footer(report) == total
