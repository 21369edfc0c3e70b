"""What torchvision's models keep for backward: recorded from PyTorch, and equal to the byte or a named deviation."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cnncalc.analysis.cost.training_cost import cost
from cnncalc.reading.bundled import bundled_names
from tests.sweeps import sampled

TABLE = Path(__file__).parents[1] / "data" / "training_memory_models.csv"
ROWS = {row["model"]: row for row in csv.DictReader(TABLE.open(encoding="utf-8"))}

STOCHASTIC_DEPTH = "the factor of stochastic depth, 4 bytes per sample and block, is not in a trace for inference"
DEVIATIONS = {
    "efficientnet": STOCHASTIC_DEPTH, "convnext": STOCHASTIC_DEPTH, "swin_": STOCHASTIC_DEPTH,
    "maxvit": STOCHASTIC_DEPTH,
    "swin3d": "and the indices of relative positions are computed from a buffer in each pass",
    "swin_v2": "and the crop of padded windows is a copy in PyTorch, and a view of the whole in a spec",
    "mvit": "and PyTorch keeps a view that dropout changes in place, and copies and indices of relative positions",
}  # fmt: skip
"""The modules whose imported figures differ, by the beginning of their names, and the reason."""

BUNDLED_DEVIATIONS = {
    "convnext": "the spec has a stochastic depth of rate 0 in the first block, which torchvision leaves out",
    "efficientnet_v2": "the spec has a stochastic depth of rate 0 in the first block, which torchvision leaves out",
    "fcn": "the spec has the auxiliary classifier", "deeplab": "the spec has the auxiliary classifier",
    "vit": "the spec reshapes the patches without a copy in channels-last order",
    "swin": "the spec is for an input that windows of 7 divide",
}  # fmt: skip
"""The bundled specs whose figures differ from torchvision's, by the beginning of their names, and the reason."""


def test_the_imported_modules() -> None:
    """Of the recorded models, those that are not named keep what PyTorch keeps; the named ones differ."""
    differ = {name for name, row in ROWS.items() if row["pytorch"] != row["cnncalc"]}
    assert differ == {name for name in ROWS if name.startswith(tuple(DEVIATIONS))}
    assert len(ROWS) >= 90


def test_the_deviations_are_small() -> None:
    """Below three per cent in all models but the second Swin, where it is below ten."""
    for name, row in ROWS.items():
        off = abs(int(row["cnncalc"]) / int(row["pytorch"]) - 1)
        assert off < (0.1 if name.startswith("swin_v2") else 0.03), name


NAMES = set(bundled_names())
BUNDLED = [name for name in ROWS if name in NAMES and not name.startswith(tuple(BUNDLED_DEVIATIONS))]


@pytest.mark.parametrize("name", sampled(BUNDLED, also=("resnet50",)))
def test_bundled_specs_keep_what_pytorch_keeps(name: str) -> None:
    """A bundled spec of the same model, for the input and the batch of the record, to the byte."""
    row = ROWS[name]
    found = cost(name, batch=int(row["batch"]), input=row["input"])
    assert found.totals.kept_bytes == int(row["pytorch"])
