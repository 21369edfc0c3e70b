"""The activations that layers keep for backward, against PyTorch's record: equal to the byte, or a named deviation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cnncalc.analysis.cost.training_cost import cost
from tests.oracles.record_training_memory import BATCHES, FILE

CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))

_SHARED = "nor do the two decoder layers that read it"
DEVIATIONS = {
    ("lstm units=3 bidirectional=True", 1): "one sample needs no copy with the steps first",
    ("transformer heads=2 encoders=1 decoders=2 hidden=13 norm_first=False", 1): _SHARED,
    ("transformer heads=2 encoders=1 decoders=2 hidden=13 norm_first=True", 1): _SHARED,
}
"""Layers, with their fields, and batches whose bytes differ from PyTorch's, and the reason."""


def spec(case: dict[str, Any]) -> dict[str, Any]:
    """The layer alone. Each input comes from a bias, so that it needs a gradient; indices are inputs of the model."""
    given = {f"x{place}": shape for place, shape in enumerate(case["inputs"])}
    indices = case.get("indices", [])
    biases = [
        {"bias_add": {"name": f"b{place}", "from": name}}
        for place, name in enumerate(given) if place not in indices
    ]  # fmt: skip
    sources = [name if place in indices else f"b{place}" for place, name in enumerate(given)]
    layer = {case["layer"]: {**case["fields"], "from": sources if len(sources) > 1 else sources[0]}}
    return {"convention": "pytorch", "input": given, "layers": [*biases, layer]}


def title(case: dict[str, Any]) -> str:
    return " ".join([case["layer"], *(f"{name}={value}" for name, value in case["fields"].items())])


@pytest.mark.parametrize("batch", BATCHES)
def test_layers_keep_what_pytorch_keeps(batch: int) -> None:
    """Each recorded layer, for batches of 1 and 7 samples."""
    differ = {}
    for case in CASES:
        found = cost(spec(case), batch=batch).totals.kept_bytes
        if found != case["bytes"][str(batch)]:
            differ[title(case), batch] = (found, case["bytes"][str(batch)])
    assert differ.keys() == {named for named in DEVIATIONS if named[1] == batch}, differ
