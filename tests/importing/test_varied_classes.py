"""The number of classes of a model file varies in `solve` and `sweep`."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError

DIGITS = str(Path(__file__).parents[1] / "data" / "digits.json")
"""The head has 14·14·16 = 3,136 weights and a bias for each class; the two convolutions have 160 + 2,320."""


def test_solve() -> None:
    found = cnncalc.solve_sizes(DIGITS, vary={"classes": [5, 8]}, want="params<=20k")
    assert [trial.figures for trial in found.trials] == [(5 * 3137 + 2480,), (8 * 3137 + 2480,)]
    assert [trial.output for trial in found.trials] == [(5,), (8,)]


def test_solve_beside_an_input() -> None:
    """Of 32x32 the pool leaves 16x16."""
    found = cnncalc.solve_sizes(DIGITS, vary={"classes": [5], "input": [28, 32]}, want="params<=20k")
    assert [trial.figures for trial in found.trials] == [(5 * 3137 + 2480,), (5 * (16 * 16 * 16 + 1) + 2480,)]


def test_sweep() -> None:
    found = cnncalc.sweep(DIGITS, {"classes": [5, 8]})
    assert [found.figures(variant)["params"] for variant in found] == [5 * 3137 + 2480, 8 * 3137 + 2480]


def test_another_name() -> None:
    with pytest.raises(SpecError, match='did you mean "classes"'):
        cnncalc.solve_sizes(DIGITS, vary={"clases": [5]})


def test_no_number_of_classes() -> None:
    found = cnncalc.solve_sizes(DIGITS, vary={"classes": [0, 1]})
    assert [trial.failure is None for trial in found.trials] == [False, True]
