"""The peaks of training steps, recorded from PyTorch by `tests/oracles/training_peaks.py`: equal to the byte."""

from __future__ import annotations

import json
from pathlib import Path

from cnncalc.analysis.cost.training_cost import cost
from tests.together import for_each

FILE = Path(__file__).parents[1] / "data" / "training_peaks.json"
PEAKS = {row["spec"]: row["peak"] for row in json.loads(FILE.read_text(encoding="utf-8"))}


@for_each(("spec", "peak"), [*PEAKS.items()])
def test_the_peak_of_a_step(spec: str, peak: int) -> None:
    """Joined, split, shared, broadcast and summed gradients, for 4 samples of 3x16x16."""
    assert cost(f"3x16x16 -> {spec}", batch=4, convention="pytorch").totals.peak_bytes == peak
