"""The peaks of training steps, recorded from PyTorch by `tests/oracles/training_peaks.py`: equal to the byte."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from cnncalc.analysis.analyze import load
from cnncalc.analysis.cost.step import Segment, TrainingStep, WeightGradients
from cnncalc.analysis.cost.storages import storages
from cnncalc.analysis.cost.training_cost import cost
from tests.together import for_each

FILE = Path(__file__).parents[1] / "data" / "training_peaks.json"
PEAKS = {row["spec"]: row["peak"] for row in json.loads(FILE.read_text(encoding="utf-8"))}


@for_each(("spec", "peak"), [*PEAKS.items()])
def test_the_peak_of_a_step(spec: str, peak: int) -> None:
    """Joined, split, shared, broadcast and summed gradients, for 4 samples of 3x16x16."""
    assert cost(f"3x16x16 -> {spec}", batch=4, convention="pytorch").totals.peak_bytes == peak


def test_the_moments_of_a_step() -> None:
    """Forward, backward and update; a checkpointed block is computed again before its last layer's backward pass."""
    graph = load("5x4 -> dense 3 -> relu -> dense 2", convention="pytorch")
    stored = storages(graph, batch=2, item_bytes=4)
    weights = WeightGradients({1: 60, 3: 32}, {2: 7})
    for segments, phases in (
        ((), "forward 1 2 3 backward 3 2 1 update 3"),
        ((Segment("b", 1, 3),), "forward 1 2 3 backward 3 recompute 1 2 backward 2 1 update 3"),
    ):
        moments = TrainingStep(graph, stored, weights, segments).moments()
        runs = groupby(moments, key=lambda moment: moment.phase)
        assert " ".join(f"{phase} {' '.join(str(each.node) for each in run)}" for phase, run in runs) == phases
    alone, again = (
        [moment.activation_gradients for moment in TrainingStep(graph, stored, each).moments()]
        for each in (weights._replace(again={}), weights)
    )
    # the second gradient of a shared weight, of 7 bytes, is live in the backward pass of its layer alone
    assert [more - less for less, more in zip(alone, again, strict=True)] == [0, 0, 0, 0, 7, 0, 0]
